"""Does the project set itself up with nothing but Python, and does no file name a machine?"""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}")
PIN = re.compile(r"(?P<name>[a-z0-9]+(-[a-z0-9]+)*)==(?P<version>[a-z0-9.+!]+)( ; (?P<marker>[^;]+))?")
CLI = "import os, sys\nprint(sys.argv[1:], os.getcwd(), sys.prefix, sep='\\n')\n"


def pins(lock: str) -> dict[str, list[str]]:
    """The lines with hashes of each pin; a backslash ends all lines of a pin but the last."""
    found: dict[str, list[str]] = {}
    for whole in (ROOT / lock).read_text(encoding="utf-8").replace(" \\\n", "\0").splitlines():
        pin, *hashes = whole.split("\0")
        found[pin] = hashes
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_holds_pins_with_hashes_of_their_files_and_no_address(lock: str) -> None:
    assert "://" not in (ROOT / lock).read_text(encoding="utf-8")
    assert [pin for pin in pins(lock) if not PIN.fullmatch(pin)] == []
    assert [pin for pin, hashes in pins(lock).items() if not hashes or not all(map(HASH.fullmatch, hashes))] == []


def test_dev_lock_only_adds_to_the_run_lock() -> None:
    assert pins(LOCKS[0]).keys() & pins(LOCKS[1]).keys() == set()


def test_run_imports_only_the_standard_library_and_any_python_3_can_say_it_is_too_old() -> None:
    tree = ast.parse((ROOT / "run.py").read_text(encoding="utf-8"), feature_version=(3, 7))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in imported} <= sys.stdlib_module_names


def test_help_imports_nothing_heavy() -> None:
    heavy = {"numpy", "xarray", "pyomo", "matplotlib", "pandas", "scipy", "numba"}
    program = f"import sys, model.cli.__main__; print(*sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr


def test_no_file_names_a_path_of_a_machine_or_a_package_registry() -> None:
    hosts = ("pypi" + r"\.org", "python" + "hosted", "artifact" + "ory", "dev" + r"pi\b", "index" + "-url")
    folders = "|".join(["work", "tmp", "root", "home", "Users"])
    foreign = re.compile(rf"(?<![\w.:/-])/({folders})/|{'|'.join(hosts)}".encode())
    found = {
        f"{path.relative_to(ROOT)}: {match[0].decode()}"
        for path in project_files()
        for match in foreign.finditer(path.read_bytes())
    }
    assert found == set()


def project_files() -> list[Path]:
    """Files that are, or would be, in the repository; outside a checkout all but caches and results."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    if (ROOT / ".git").exists() and shutil.which("git"):
        done = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True)
        files = [ROOT / name for name in done.stdout.split("\0") if name]
    else:
        ignored = {line.strip("/") for line in (ROOT / ".gitignore").read_text(encoding="utf-8").split()}
        files = [path for path in ROOT.rglob("*") if not ignored & set(path.relative_to(ROOT).parts)]
    return [path for path in files if path.is_file()]


# --- run.py in a folder of its own -----------------------------------------------------------------


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose only verb says how it was called; its lock is still to be written."""
    folder = tmp_path / "project"
    (folder / "model").mkdir(parents=True)
    (folder / "model" / "__init__.py").touch()
    (folder / "model" / "cli.py").write_text(CLI, encoding="utf-8")
    shutil.copy(ROOT / "run.py", folder)
    return folder


def start(project: Path, *arguments: str, python: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the project's run.py from a folder that has a `model` of its own, without terminal and network.

    The interpreter is the one that our environment was made with, so no environment is active.
    """
    elsewhere = project.parent / "elsewhere"
    (elsewhere / "model").mkdir(parents=True, exist_ok=True)
    (elsewhere / "model" / "cli.py").write_text("raise SystemExit('the wrong model')\n", encoding="utf-8")
    ours = ("CLIMATE_NO_VENV", "CONDA_PREFIX", "PYTHONPATH")
    kept = {key: value for key, value in os.environ.items() if key not in ours}
    return subprocess.run(
        [python or sys._base_executable, str(project / "run.py"), *arguments],  # type: ignore[attr-defined]
        cwd=elsewhere,
        env=kept | {"PIP_NO_INDEX": "1"} | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_missing_lock_is_said_in_one_line(project: Path) -> None:
    done = start(project)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert str(project / LOCKS[0]) in line


def test_hand_over_keeps_arguments_and_folder_and_uses_the_interpreter_it_is_told_to(project: Path) -> None:
    done = start(project, "run", "två ord", "--strict", python=sys.executable, CLIMATE_NO_VENV="1")
    expected = [str(["run", "två ord", "--strict"]), str(project.parent / "elsewhere"), sys.prefix]
    assert done.stdout.splitlines() == expected, done.stderr
    assert not (project / ".venv").exists()


def test_active_environment_that_satisfies_the_lock_is_used(project: Path) -> None:
    lines = ("pytest==0.1 ; python_version < '3'", f"pytest=={version('pytest')} ; python_version >= '3'",
             f"pluggy=={version('pluggy')}", "no-such-package==1 ; sys_platform == 'none'")  # fmt: skip
    lock = "".join(f"{line} \\\n    --hash=sha256:{64 * '0'}\n" for line in lines)
    (project / LOCKS[0]).write_text(lock, encoding="utf-8")
    done = start(project, python=sys.executable, CONDA_PREFIX=sys.prefix)
    assert done.stdout.splitlines()[-1] == sys.prefix, done.stderr
    assert not (project / ".venv").exists()


def test_active_environment_with_another_version_is_not_used(project: Path) -> None:
    (project / LOCKS[0]).write_text(f"pytest==0.1 \\\n    --hash=sha256:{64 * '0'}\n", encoding="utf-8")
    failed = start(project, python=sys.executable, CONDA_PREFIX=sys.prefix)
    assert failed.returncode == 1 and "No matching distribution found for pytest==0.1" in failed.stderr


def test_prepared_once_and_a_failed_installation_leaves_no_stamp(project: Path) -> None:
    (project / LOCKS[0]).write_text("# nothing to install\n", encoding="utf-8")
    first, second = start(project), start(project)
    assert first.stdout.splitlines()[-1] == str(project / ".venv"), first.stderr
    assert first.stderr.startswith("preparing")
    assert "compiling the projection" in first.stderr  # which this project has not: the first verb may do it
    assert (second.stdout, second.stderr) == (first.stdout, "")

    (project / LOCKS[0]).write_text("no-such-package-anywhere==1.0\n", encoding="utf-8")
    failed = start(project)
    assert (failed.returncode, failed.stdout) == (1, "")
    assert "No matching distribution found for no-such-package-anywhere" in failed.stderr  # what pip said
    assert failed.stderr.splitlines()[-1].startswith("run.py: installing requirements.lock failed")
    assert not (project / ".venv" / "installed").exists()
    assert (project / ".venv" / "installing").exists()  # so that the next start begins anew
