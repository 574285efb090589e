"""Are results whole or not there at all, whatever happens while they are written?"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from model.inputs.faults import InputFaults
from model.outputs import netcdf, staging
from tests.towns.broken_root import tree

NAMES = ("reference", "mix", "plan")


def write(folder: Path, value: float, names: tuple[str, ...] = NAMES) -> None:
    """Results of so many scenarios, all of one value, and a summary."""
    data = xr.Dataset({"emissions": ("year", np.full(3, value), {"units": "t"})}, {"year": [2024, 2025, 2026]})
    attributes = ({"scenario": name, "future": "central", "position": at} for at, name in enumerate(names))
    netcdf.save([data.assign_attrs(each) for each in attributes], folder / staging.RESULTS)
    (folder / "summary.csv").write_text(f"{value}\n", encoding="utf-8")


def values(folder: Path) -> dict[str, float]:
    """Scenario: the value in its results, as a later run reads them."""
    loaded = staging.load_study(folder, folder.parent)
    return {scenario: float(data.emissions[0]) for (scenario, _), data in loaded.items()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Results of a finished run, of value 1."""
    folder = tmp_path / "outputs" / "toy"
    with staging.staging(folder) as hidden:
        write(hidden, 1.0)
    return folder


def only(folder: Path) -> bool:
    """Whether there is nothing but the study in the folder of outputs."""
    return [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_results_come_back_in_order(folder: Path) -> None:
    assert list(values(folder).items()) == [(name, 1.0) for name in NAMES]
    assert only(folder)


def test_new_results_replace_old_ones_and_leave_what_is_not_theirs(folder: Path) -> None:
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    with staging.staging(folder / "figures_central_sv") as hidden:
        (hidden / "pathways.svg").write_text("drawn", encoding="utf-8")
    with staging.staging(folder) as hidden:
        write(hidden, 2.0, NAMES[:2])
    assert values(folder) == {"reference": 2.0, "mix": 2.0}
    assert (folder / "notes.txt").exists() and (folder / "figures_central_sv" / "pathways.svg").exists()


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_what_fails_before_the_end_changes_nothing(folder: Path, error: type[BaseException]) -> None:
    before = tree(folder.parent)
    with pytest.raises(error), staging.staging(folder) as hidden:
        write(hidden, 2.0)
        raise error
    assert tree(folder.parent) == before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_during_the_move_waits_for_its_end(
    folder: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    replace, pressed = Path.replace, []

    def interrupted(path: Path, target: Path) -> Path:
        if staging.STAGING.fullmatch(path.parent.name):
            pressed.append(path)
            signal.raise_signal(number)
        return replace(path, target)

    handler = signal.getsignal(number)
    with pytest.raises(KeyboardInterrupt), staging.staging(folder) as hidden:
        write(hidden, 2.0)
        monkeypatch.setattr(Path, "replace", interrupted)
    assert {path.name for path in pressed} == {staging.RESULTS, "summary.csv", staging.MANIFEST}
    assert values(folder) == dict.fromkeys(NAMES, 2.0)
    assert only(folder) and signal.getsignal(number) == handler


@pytest.mark.parametrize("dies_at", range(4))
def test_a_move_that_dies_leaves_nothing_that_is_trusted(
    folder: Path, monkeypatch: pytest.MonkeyPatch, dies_at: int
) -> None:
    """Results, the summary and the manifest are moved: whichever is the last, the rest is not believed."""
    replace, moved = Path.replace, 0

    def dying(path: Path, target: Path) -> Path:
        nonlocal moved
        if moved == dies_at:
            raise OSError("the machine is switched off")
        moved += 1
        return replace(path, target)

    try:
        with staging.staging(folder) as hidden:
            write(hidden, 2.0)
            monkeypatch.setattr(Path, "replace", dying)
    except OSError:
        assert dies_at < 3
        with pytest.raises(InputFaults, match="no finished results; allowed: a study that has been run to its end"):
            values(folder)
    else:
        assert dies_at == 3
        assert values(folder) == dict.fromkeys(NAMES, 2.0)


def damage_bytes(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(("damage", "found"), [(damage_bytes, "not as it was written"), (Path.unlink, "no such file")])
def test_results_that_were_changed_are_refused(folder: Path, damage: Any, found: str) -> None:
    damage(folder / staging.RESULTS)
    with pytest.raises(InputFaults) as error:
        staging.load_study(folder, folder.parent.parent)
    (fault,) = map(str, error.value.faults)
    assert fault.startswith("outputs/toy/results.nc: found ")
    assert found in fault and "run it again: run.py study toy" in fault


def test_a_summary_may_be_changed_by_its_reader(folder: Path) -> None:
    (folder / "summary.csv").write_text("mine now", encoding="utf-8")
    assert values(folder) == dict.fromkeys(NAMES, 1.0)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"files": 3}', "null"])
def test_a_manifest_that_cannot_be_read_is_none(folder: Path, text: str) -> None:
    (folder / staging.MANIFEST).write_text(text, encoding="utf-8")
    with pytest.raises(InputFaults, match="no finished results"):
        values(folder)


def test_manifest_holds_the_hash_of_every_file(folder: Path) -> None:
    files = json.loads((folder / staging.MANIFEST).read_text(encoding="utf-8"))["files"]
    found = {name: digest for name, digest in tree(folder).items() if digest and name != staging.MANIFEST}
    assert files == found and set(files) == {staging.RESULTS, "summary.csv"}


def leftover(folder: Path, process: int, hours: float = 0.0) -> Path:
    """A hidden folder of an earlier run."""
    path = folder.parent / f".{folder.name}.{process}.abc123"
    path.mkdir(parents=True)
    then = time.time() - hours * 3600
    os.utime(path, (then, then))
    return path


@pytest.mark.skipif(os.name == "nt", reason="only age is looked at there")
def test_what_killed_runs_left_is_removed_by_the_next_and_what_is_being_written_stays(folder: Path) -> None:
    gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    dead, running = leftover(folder, int(gone.stdout)), leftover(folder, os.getppid())
    old = leftover(folder.parent / "other", os.getppid(), hours=25)
    foreign = [folder.parent / ".git", folder.parent / ".notes.1.txt"]
    foreign[0].mkdir()
    foreign[1].touch()
    with staging.staging(folder) as hidden:
        assert not dead.exists() and not old.exists()
        assert running.exists() and all(path.exists() for path in foreign)
        assert f".{os.getpid()}." in hidden.name
