"""Where do results go? A folder a study, whole or not at all.

Everything is written to a hidden folder beside the final one and then moved file by file; the manifest, with the hash
of every file, is taken away first and put back last. What has no manifest, or another hash, is never trusted.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import xarray as xr

from model import results
from model.faults import Fault, InputFaults, Place

MANIFEST = "manifest.json"
Key = tuple[str, str]


@contextmanager
def staging(folder: Path) -> Iterator[Path]:
    """A hidden folder to write in; its files replace those of `folder` when all is done, else it is removed."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    hidden = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        yield hidden
        _move(hidden, folder)
    finally:
        shutil.rmtree(hidden, ignore_errors=True)


def _move(hidden: Path, folder: Path) -> None:
    manifest = folder / MANIFEST
    old = json.loads(manifest.read_text(encoding="utf-8"))["files"] if manifest.exists() else {}
    new = {str(path.relative_to(hidden)): _hash(path) for path in sorted(hidden.rglob("*")) if path.is_file()}
    manifest.unlink(missing_ok=True)
    for name in new:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        os.replace(hidden / name, folder / name)
    for name in set(old) - set(new):
        (folder / name).unlink(missing_ok=True)
    text = json.dumps({"files": new}, indent=1, sort_keys=True)
    results.write_whole(manifest, lambda temporary: temporary.write_text(text + "\n", encoding="utf-8"))


def load_study(folder: Path, root: Path) -> dict[Key, xr.Dataset]:
    """The results of a finished study, (scenario, future) -> dataset. Raises `InputFaults` if they are not whole."""
    shown = str(folder.relative_to(root)) if folder.is_relative_to(root) else str(folder)
    manifest = folder / MANIFEST
    if not manifest.exists():
        allowed = "a study that has been run to its end: run it first"
        raise InputFaults([Fault(Place(shown), "no finished results", allowed)])
    files = json.loads(manifest.read_text(encoding="utf-8"))["files"]
    loaded = {}
    for name, expected in files.items():
        path = folder / name
        if path.suffix != ".nc":
            continue
        if not path.exists() or _hash(path) != expected:
            raise InputFaults([Fault(Place(f"{shown}/{name}"), "a file that is not as it was written", "run it again")])
        data = results.load(path)
        loaded[str(data.attrs["scenario"]), str(data.attrs["future"])] = data
    return dict(sorted(loaded.items(), key=lambda item: int(item[1].attrs["position"])))


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
