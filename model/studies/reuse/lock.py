"""Who is writing these results? One process at a time; the next one waits, and is told for whom."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PAUSE = 0.1
"""Seconds between two looks at whether it is free."""


@contextmanager
def writing(folder: Path, root: Path, say: Callable[[str], None]) -> Iterator[bool]:
    """Nobody else writes to a folder of results meanwhile; gives whether that took waiting.

    The lock is that of an open file in `.cache/locks/`, which holds the number of the process: it is gone with the
    process, however that ends. Where no such file can be written there is no lock.
    """
    path = root / ".cache" / "locks" / (re.sub(r"[^\w+.-]", "_", folder.name) + ".lock")
    try:
        handle, waited = _locked(path, folder.name, say)
    except OSError:
        yield False
        return
    try:
        os.ftruncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
        yield waited
    finally:
        with suppress(OSError):
            path.unlink()
        os.close(handle)
        for empty in path.parents[:2]:
            with suppress(OSError):
                empty.rmdir()


def _locked(path: Path, name: str, say: Callable[[str], None]) -> tuple[int, bool]:
    """The open file, locked, and whether that took waiting."""
    waited = False
    while True:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        except FileNotFoundError:  # whoever had the last lock has just removed the folder
            continue
        try:
            if _try(handle):
                if _same(handle, path):
                    return handle, waited
            else:
                if not waited:
                    who = os.read(handle, 20).decode(errors="replace")
                    say(f"outputs/{name} is being written by process {who or '?'}; waiting for it.")
                waited = True
                time.sleep(PAUSE)
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)


def _same(handle: int, path: Path) -> bool:
    """Whether a file is still what stands there: whoever had it before may have removed it."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def _try(handle: int) -> bool:
    """Lock a file if nobody has."""
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(handle, 1 << 20, os.SEEK_SET)  # beyond what is written, so that others can read it
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
            os.lseek(handle, 0, os.SEEK_SET)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True
