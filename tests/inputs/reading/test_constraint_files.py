"""Is a user's own code run only when a goal names it, is that said, and can nothing outside its folder be named?"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.towns.broken_root import TOY_GOAL, call

RUNS = '''"""It leaves a trace."""
from pathlib import Path

Path({trace!r}).write_text("was here")


def trace(f):
    """Demands nothing. (formula: none; unit: none)"""
    return ()
'''


@pytest.fixture
def trace(root: Path) -> Path:
    """What is there as soon as the user's own file has been executed."""
    left = root / "trace.txt"
    (root / "constraints").mkdir()
    (root / "constraints/trace.py").write_text(RUNS.format(trace=str(left)), encoding="utf-8")
    return left


def name(root: Path, constraint: str) -> None:
    goal = root / TOY_GOAL
    goal.write_text(goal.read_text(encoding="utf-8") + f"constraints: ['{constraint}']\n", encoding="utf-8")


@pytest.mark.parametrize(
    "verb", [("list", "--municipality", "toy"), ("check", "toy"), ("run", "toy_mix", "--municipality", "toy")]
)
def test_code_that_no_goal_names_is_never_run(
    verb: tuple[str, ...], root: Path, trace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = call(capsys, root, *verb)
    assert said.code == 0 and not trace.exists()


def test_code_that_a_goal_names_is_run_and_that_is_said(
    root: Path, trace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name(root, "trace")
    said = call(capsys, root, "optimise", Path(TOY_GOAL).stem, "--municipality", "toy")
    assert trace.exists()
    assert "constraints/trace.py is code of yours that was run: goal 'toy_fossil_free' names it." in said.err


@pytest.mark.parametrize("named", ["../trace", "/trace", "trace.py", "sub/trace", "__init__"])
def test_a_path_is_no_constraint(named: str, root: Path, trace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "trace.py").write_text(RUNS.format(trace=str(trace)), encoding="utf-8")
    name(root, named)
    said = call(capsys, root, "check", "toy")
    assert said.code == 1 and not trace.exists() and f"constraint '{named}'" in said.err


def test_a_link_to_code_that_stands_elsewhere_is_refused(
    root: Path, trace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "elsewhere.py").write_text(
        RUNS.format(trace=str(trace)).replace("def trace", "def linked"), encoding="utf-8"
    )
    (root / "constraints/linked.py").symlink_to(root / "elsewhere.py")
    name(root, "linked")
    said = call(capsys, root, "check", "toy")
    assert said.code == 1 and not trace.exists() and "stands elsewhere" in said.err
