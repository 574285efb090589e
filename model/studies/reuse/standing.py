"""Is the answer there already? Told from files alone, before any table is read or anything heavy is loaded.

The manifest of a folder of results says what was asked and what was told, and keeps two hashes: of all files that
could matter, byte by byte, and of what was made of them. The first is quick to compare; the second stays the same when
only a comment, or another town, has changed.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from model import ROOT
from model.inputs.doubt import Doubt, doubt_of
from model.inputs.faults import Fault, InputFaults, Place
from model.outputs import manifest
from model.plain_text import TextTable
from model.studies.reuse.asked import Asked

READ = ("inputs", "scenarios", "constraints")
"""Folders of which something may be read."""
PACKAGES = ("numpy", "xarray", "h5netcdf", "highspy", "pyomo", "matplotlib")
FIGURES = "figures/"
UNCHANGED = "Nothing has changed since these results were written; --fresh computes them anew."


@dataclass(frozen=True)
class Missed:
    """A target that a goal's plan misses, in the year it misses it most."""

    scenario: str
    future: str
    target: str
    by: float
    unit: str
    """in words"""
    digits: int
    """of `by` that are shown"""
    year: int


Told = Mapping[str, tuple[TextTable | str, ...]]
"""What the terminal shows, by language: tables and lines."""


@dataclass(frozen=True)
class Answer:
    """What came of what was asked, as far as it is told."""

    folder: Path
    told: Told
    """the overview, and what a question has found"""
    missed: tuple[Missed, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    """what is probably wrong in what it was made from"""
    taken: str = ""
    """what was taken from earlier runs; blank: nothing"""

    @property
    def as_written(self) -> dict[str, Any]:
        """All but where it is and what was taken, as it stands in a manifest."""
        told = {
            language: [each if isinstance(each, str) else asdict(each) for each in shown]
            for language, shown in self.told.items()
        }
        missed, doubts = ([asdict(each) for each in several] for several in (self.missed, self.doubts))
        return {"told": told, "missed": missed, "doubts": doubts}


def answer_of(folder: Path, known: Mapping[str, Any], taken: str) -> Answer:
    """What a manifest tells."""
    said = known["said"]
    told = {
        language: tuple(each if isinstance(each, str) else TextTable(**each) for each in shown)
        for language, shown in said["told"].items()
    }
    missed = tuple(Missed(**each) for each in said["missed"])
    return Answer(folder, told, missed, tuple(doubt_of(each) for each in said["doubts"]), taken)


def standing(asked: Asked) -> Answer | None:
    """The answer that is there, whole and from the same files as are there now; None if it is not."""
    known = manifest.read(asked.folder)
    if known is None or (known.get("asked"), known.get("language")) != (asked.words, asked.language):
        return None
    typed = known.get("typed", {})
    if known.get("read") != read_by(asked) or typed != typed_now(asked.root, typed):
        return None
    if manifest.changed(asked.folder, known[manifest.FILES]):
        return None
    return answer_of(asked.folder, known, UNCHANGED)


def stop_if_other(asked: Asked) -> None:
    """Raise `InputFaults` if the answer to another question stands in the folder."""
    other = (manifest.read(asked.folder) or {}).get("asked", asked.words)
    if other != asked.words:
        found = f"results of another question: {other}"
        allowed = f"those of: {asked.words}; give them a folder of their own with --name NAME, or remove this one"
        raise InputFaults([Fault(Place(f"outputs/{asked.name}"), found, allowed)])


def typed_now(root: Path, files: Iterable[str]) -> dict[str, str]:
    """Hash of each portfolio file that stands elsewhere and that a study names; blank where there is none any more."""
    return {file: manifest.hash_of(root / file) if (root / file).is_file() else "" for file in files}


def read_by(asked: Asked) -> str:
    """Hash of every file that could be read for an answer, of the code, and of what that rests on, byte by byte."""
    found = hashlib.sha256(f"{asked.words} {sys.version} {[metadata.version(each) for each in PACKAGES]}".encode())
    ours = [path for part in READ for path in _files(asked.root / part)]
    for path in (*ours, *asked.typed, *sorted((ROOT / "model").rglob("*.py"))):
        content = path.read_bytes()
        found.update(os.fsencode(f"\n{path} {len(content)}\n"))
        found.update(content)
    return found.hexdigest()


def _files(folder: Path) -> Iterable[Path]:
    """All files below a folder, but those that are hidden or that Python leaves behind."""
    paths = (path for path in sorted(folder.rglob("*")) if not path.name.startswith((".", "~")))
    return (path for path in paths if path.suffix != ".pyc" and path.is_file())
