"""How do new files take the place of old ones in one moment? By a journal, which whoever looks next finishes.

What is whole is renamed, once, to a name that says so: from then on it is what stands in the folder. Its files are
moved there at once; where that breaks off, the next one who reads the folder does the rest. Files that are of somebody
else stay. Told from files alone: nothing heavy is loaded for it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

READY = re.compile(r"\.(?P<name>.+)\.(?P<process>\d+)\.\w+\.ready")
"""Name of a folder that is whole: `.<folder>.<process id that moves its files>.<anything>.ready`."""
JOURNAL = ".journal.json"
PATIENCE = 10.0
"""Seconds without a move after which nobody is thought to be moving, whatever processes there are."""
PAUSE = 0.05


class Unplaced(OSError):
    """A file that cannot take its place, as `filename` says."""


def place(hidden: Path, folder: Path, leaving: Collection[str], last: str) -> None:
    """Let the files of `hidden` take their places in `folder`, and files `leaving` it go; `last` is moved last.

    Raises `Unplaced` where a file cannot be moved, as where another program has it open: then whoever looks next moves
    it.
    """
    settle(folder)
    (hidden / JOURNAL).write_text(json.dumps({"leaving": sorted(leaving), "last": last}), encoding="utf-8")
    _to_disk(hidden)
    ready = _name_of(folder)
    hidden.rename(ready)
    _finish(ready, folder)
    settle(folder)


def settle(folder: Path) -> None:
    """Finish what was begun in a folder; what a process is just moving is waited for. Raises `Unplaced`."""
    while begun := _begun(folder):
        for ready, process in begun:
            if process != os.getpid() and is_running(process) and 0 <= _age(ready) < PATIENCE:
                time.sleep(PAUSE)
                continue
            ours = _name_of(folder)
            try:
                ready.rename(ours)  # of several who would finish it, one can
                os.utime(ours)
            except FileNotFoundError:
                continue
            except OSError as error:
                raise Unplaced(error.errno, error.strerror, str(folder)) from error
            _finish(ours, folder)


def settle_all(parent: Path) -> None:
    """Finish what killed processes have begun in any folder below one; where that cannot be, its reader is told."""
    with suppress(OSError):
        for entry in os.scandir(parent):
            begun = READY.fullmatch(entry.name)
            if begun and not is_running(int(begun["process"])):
                with suppress(OSError):
                    settle(parent / begun["name"])


def is_running(process: int) -> bool:
    """Whether there is such a process, or may be."""
    if os.name == "nt":  # there is no question without consequences there
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _to_disk(folder: Path) -> None:
    """Have all files written where they outlast a loss of power, as far as the system does that."""
    for path in folder.rglob("*"):
        with suppress(OSError):
            handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def _name_of(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.{os.getpid()}.{os.urandom(4).hex()}.ready")


def _begun(folder: Path) -> list[tuple[Path, int]]:
    """What is whole and has not taken all of its places, with the process that moves it; oldest first."""
    try:
        names = [entry.name for entry in os.scandir(folder.parent)]
    except OSError:
        return []
    found = ((folder.with_name(name), READY.fullmatch(name)) for name in names)
    begun = [(path, int(match["process"])) for path, match in found if match and match["name"] == folder.name]
    return sorted(begun, key=lambda each: -_age(each[0]))


def _age(path: Path) -> float:
    """Seconds since something was moved out of a folder; none where it is gone."""
    try:
        return time.time() - path.stat().st_mtime
    except OSError:
        return 0.0


def _finish(ready: Path, folder: Path) -> None:
    """Move all files that are still there, the one that vouches for them last."""
    try:
        journal = json.loads((ready / JOURNAL).read_text(encoding="utf-8"))
        left = [path.relative_to(ready).as_posix() for path in sorted(ready.rglob("*")) if not path.is_dir()]
        moved = [name for name in left if name not in (JOURNAL, journal["last"])]
        for name in [*moved, *(name for name in left if name == journal["last"])]:
            if name == journal["last"]:
                for gone in journal["leaving"]:
                    _leave(folder / gone, folder)
            _move(ready / name, folder / name)
        (ready / JOURNAL).unlink()
    except FileNotFoundError:  # all has been moved, or somebody else has taken it over
        if (ready / JOURNAL).exists():
            raise
    shutil.rmtree(ready, ignore_errors=True)


def _leave(path: Path, folder: Path) -> None:
    """Remove a file, and the folders that are empty without it."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise Unplaced(error.errno, error.strerror, str(path)) from error
    with suppress(OSError):
        for parent in path.relative_to(folder).parents[:-1]:
            (folder / parent).rmdir()


def _move(path: Path, target: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        path.replace(target)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise Unplaced(error.errno, error.strerror, str(target)) from error
