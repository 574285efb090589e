"""Is there always a whole result after a kill, and is what was begun finished by whoever asks next?"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from model import ROOT
from model.outputs import manifest, placing
from tests.towns.broken_root import call, tree


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot be forked")
def test_of_fifty_kills_half_while_putting_in_place_each_leaves_old_or_new_results_whole() -> None:
    command = [sys.executable, "-m", "tests.outputs.kills", "50", "--quick"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("50 kills: ")
    assert " 0 old" not in done.stdout and " 0 new" not in done.stdout


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize(
    "asked",
    [
        ("study", "toy"),
        ("optimise", "toy_cheapest", "--municipality", "toy", "--name", "toy"),
        ("figures", "toy"),
        ("show", "measure", "PATH", "--municipality", "toy", "--study", "toy"),
    ],
)
def test_whatever_is_asked_next_finishes_what_was_begun(
    root: Path, capsys: pytest.CaptureFixture[str], asked: tuple[str, ...]
) -> None:
    """The old results are gone half, the new ones are whole, when the process is killed."""
    run = asked if asked[0] in ("study", "optimise") else ("study", "toy")
    assert call(capsys, root, *run).code == 0
    new = tree(root / "outputs/toy")
    (root / "outputs/toy").rename(root / "outputs/.toy.99999999.1a2b.ready")
    journal = f'{{"leaving": ["gone.csv"], "last": "{manifest.MANIFEST}"}}'
    (root / "outputs/.toy.99999999.1a2b.ready" / placing.JOURNAL).write_text(journal, encoding="utf-8")
    (root / "outputs/toy").mkdir()
    (root / "outputs/toy/gone.csv").touch()
    (root / "outputs/toy" / manifest.MANIFEST).write_text('{"asked": "study other", "files": {}}', encoding="utf-8")
    said = call(capsys, root, *asked)
    assert (said.code, said.err) == (0, "")
    assert {name: each for name, each in tree(root / "outputs").items() if "figures_" not in name} == {
        "toy": "",
        **{f"toy/{name}": each for name, each in new.items()},
    }
