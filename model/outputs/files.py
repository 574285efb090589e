"""How are files written, whole or not at all?"""

from __future__ import annotations

import os
import signal
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def write_whole(path: Path, write: Any) -> None:
    """Let `write(temporary path)` write a file beside `path` and rename it, so that `path` is never half-written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=path.suffix, dir=path.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        write(temporary)
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_together(contents: Mapping[Path, bytes]) -> None:
    """Write several files, all or none: what stood there before is put back when one of them cannot be written.

    All of it is written beside before anything takes its place; an interrupt waits until all is as it was.
    """
    folders = [path.parent for path in contents if not path.parent.exists()]
    hidden: dict[Path, Path] = {}
    try:
        for path, content in contents.items():
            hidden[path] = _beside(path, content)
        with _uninterrupted() as heard:
            _take_places(hidden, heard)
    finally:
        for temporary in hidden.values():
            temporary.unlink(missing_ok=True)
        for folder in dict.fromkeys(folders):
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()


def _beside(path: Path, content: bytes) -> Path:
    """A hidden file beside `path`, with what is to stand there and what may be done with it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=path.suffix, dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        temporary.chmod(mode)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _take_places(hidden: Mapping[Path, Path], heard: Sequence[int]) -> None:
    """Rename hidden files to what they are for; those renamed give way when one cannot, or a signal is heard."""
    before = {path: path.read_bytes() if path.exists() else None for path in hidden}
    done: list[Path] = []
    try:
        for path, temporary in hidden.items():
            temporary.replace(path)
            done.append(path)
            if heard:
                raise KeyboardInterrupt
    except BaseException:
        for path in done:
            old = before[path]
            path.unlink() if old is None else path.write_bytes(old)
        raise


@contextmanager
def _uninterrupted() -> Iterator[list[int]]:
    """What asks to end meanwhile is noted, and heard afterwards; only the main thread hears it at all."""
    heard: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield heard
        return
    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.signal(number, lambda number, _: heard.append(number)) for number in numbers}
    try:
        yield heard
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for number in heard[:1]:
            signal.raise_signal(number)
