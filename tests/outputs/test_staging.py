"""Are results whole or not there at all, whatever happens while they are written?"""

from __future__ import annotations

import errno
import json
import os
import shutil
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
from model.outputs import manifest, netcdf, placing, staging
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
        if placing.READY.fullmatch(path.parent.name):
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


@pytest.mark.parametrize("moved", range(3))
def test_a_move_that_breaks_off_is_finished_by_whoever_looks_next(
    folder: Path, monkeypatch: pytest.MonkeyPatch, moved: int
) -> None:
    """Results, the summary and the manifest are moved; what the reader of a folder has put there stays."""
    replace, left = Path.replace, moved

    def dying(path: Path, target: Path) -> Path:
        nonlocal left
        if not left:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        left -= 1
        return replace(path, target)

    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    with monkeypatch.context() as patched:
        with pytest.raises(placing.Unplaced, match="Permission denied") as error, staging.staging(folder) as hidden:
            write(hidden, 2.0)
            patched.setattr(Path, "replace", dying)
        assert error.value.filename == str(folder / [staging.RESULTS, "summary.csv", staging.MANIFEST][moved])
        with pytest.raises(placing.Unplaced, match="Permission denied"):
            values(folder)
    assert values(folder) == dict.fromkeys(NAMES, 2.0)
    assert only(folder) and (folder / "summary.csv").read_text(encoding="utf-8") == "2.0\n"
    assert (folder / "notes.txt").exists()


def begun(folder: Path, process: int, value: float = 2.0) -> Path:
    """Results that are whole and have not begun to take their places."""
    ready = folder.parent / f".{folder.name}.{process}.12345678.ready"
    ready.mkdir()
    write(ready, value)
    files = {name: manifest.hash_of(ready / name) for name in (staging.RESULTS, "summary.csv")}
    manifest.write(ready, {manifest.FILES: files})
    (ready / placing.JOURNAL).write_text(json.dumps({"leaving": [], "last": staging.MANIFEST}), encoding="utf-8")
    return ready


@pytest.mark.skipif(os.name == "nt", reason="only age is looked at there")
def test_what_another_process_is_moving_is_waited_for(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ready, waited = begun(folder, os.getppid()), []

    def wait(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 3:
            shutil.rmtree(ready)

    monkeypatch.setattr(placing.time, "sleep", wait)
    assert values(folder) == dict.fromkeys(NAMES, 1.0)
    assert len(waited) == 3


def test_what_nobody_has_moved_for_long_is_finished_whatever_processes_there_are(folder: Path) -> None:
    ready = begun(folder, os.getppid())
    then = time.time() - 2 * placing.PATIENCE
    os.utime(ready, (then, then))
    assert values(folder) == dict.fromkeys(NAMES, 2.0)
    assert only(folder)


def test_a_first_study_that_was_whole_is_finished_by_a_run_of_another(folder: Path) -> None:
    begun(folder.parent / "other", gone_process())
    with staging.staging(folder) as hidden:
        write(hidden, 1.0)
    assert values(folder.parent / "other") == dict.fromkeys(NAMES, 2.0)


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


def gone_process() -> int:
    """The number of a process that has ended."""
    done = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    return int(done.stdout)


def leftover(folder: Path, process: int, hours: float = 0.0) -> Path:
    """A hidden folder of an earlier run."""
    path = folder.parent / f".{folder.name}.{process}.abc123"
    path.mkdir(parents=True)
    then = time.time() - hours * 3600
    os.utime(path, (then, then))
    return path


@pytest.mark.skipif(os.name == "nt", reason="only age is looked at there")
def test_what_killed_runs_left_is_removed_by_the_next_and_what_is_being_written_stays(folder: Path) -> None:
    dead, running = leftover(folder, gone_process()), leftover(folder, os.getppid())
    old = leftover(folder.parent / "other", os.getppid(), hours=25)
    foreign = [folder.parent / ".git", folder.parent / ".notes.1.txt"]
    foreign[0].mkdir()
    foreign[1].touch()
    with staging.staging(folder) as hidden:
        assert not dead.exists() and not old.exists()
        assert running.exists() and all(path.exists() for path in foreign)
        assert f".{os.getpid()}." in hidden.name
