"""Where do results go? A folder a study, whole or not at all.

Everything is written to a hidden folder beside the final one, which takes its place in one moment (`placing`), with a
manifest that holds the hash of every file. What has no manifest, or another hash, is never trusted.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import xarray as xr

from model.inputs.faults import Fault, InputFaults, Place
from model.outputs import manifest, netcdf, placing
from model.outputs.manifest import MANIFEST

STAGING = re.compile(r"\..+\.(?P<process>\d+)\.\w+")
"""Name of a hidden folder: `.<study>.<process id>.<anything>`."""
RESULTS = "results.nc"
A_DAY = 24 * 60 * 60.0


@contextmanager
def staging(folder: Path, about: Mapping[str, Any] | None = None) -> Iterator[Path]:
    """A hidden folder to write in; its files replace those of `folder` when all is done, else it is removed.

    `about`, as it is by then, goes into the manifest.
    """
    there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    if not there.is_dir():
        raise InputFaults([Fault(Place(str(there)), "a file", "a folder, or a name that is not taken")])
    folder.parent.mkdir(parents=True, exist_ok=True)
    _sweep(folder.parent)
    hidden = Path(tempfile.mkdtemp(prefix=f".{folder.name}.{os.getpid()}.", dir=folder.parent))
    try:
        yield hidden
        with _uninterrupted():
            _move(hidden, folder, about or {})
    finally:
        shutil.rmtree(hidden, ignore_errors=True)


def _sweep(parent: Path) -> None:
    """Finish or remove what runs that were killed have left behind; what another run is writing stays."""
    placing.settle_all(parent)
    for path in parent.iterdir():
        match = STAGING.fullmatch(path.name)
        if match and not placing.READY.fullmatch(path.name) and path.is_dir():
            with suppress(OSError):
                if path.stat().st_mtime < time.time() - A_DAY or not placing.is_running(int(match["process"])):
                    shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Ctrl-C, or a request to end, waits until this is done."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    asked: list[Any] = []
    numbers = (signal.SIGINT, signal.SIGTERM)
    handlers = [signal.signal(number, lambda asked_for, _: asked.append(asked_for)) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, handlers, strict=True):
            signal.signal(number, handler)
    if asked:
        raise KeyboardInterrupt


def _move(hidden: Path, folder: Path, about: Mapping[str, Any]) -> None:
    old = (manifest.read(folder) or {manifest.FILES: {}})[manifest.FILES]
    new = {
        path.relative_to(hidden).as_posix(): manifest.hash_of(path)
        for path in sorted(hidden.rglob("*"))
        if path.is_file()
    }
    manifest.write(hidden, {**about, manifest.FILES: new})
    placing.place(hidden, folder, {*old} - {*new}, MANIFEST)


def load_study(folder: Path, root: Path) -> dict[netcdf.ResultKey, xr.Dataset]:
    """The results of a finished study, (scenario, future) -> dataset. Raises `InputFaults` if they are not whole."""
    shown = folder.relative_to(root).as_posix() if folder.is_relative_to(root) else str(folder)
    known = manifest.read(folder)
    if known is None:
        allowed = f"a study that has been run to its end; run it first: run.py study {folder.name}"
        raise InputFaults([Fault(Place(shown), "no finished results", allowed)])
    path = folder / RESULTS  # what was made for readers may be changed by them
    if not path.exists() or manifest.hash_of(path) != known[manifest.FILES].get(RESULTS):
        found = "a file that is not as it was written" if path.exists() else "no such file"
        allowed = f"results as they were written; run it again: run.py study {folder.name}"
        raise InputFaults([Fault(Place(f"{shown}/{RESULTS}"), found, allowed)])
    return netcdf.load(path)
