"""A copy of the toy town to break, and the command line run on it."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from model import ROOT
from model.cli import __main__


def toy_root(folder: Path, *towns: str) -> Path:
    """A folder with the common tables, the toy town (and other `towns`) and all scenarios."""
    for part in ("inputs/common", "inputs/toy", "scenarios", *(f"inputs/{town}" for town in towns)):
        shutil.copytree(ROOT / part, folder / part)
    return folder


@dataclass(frozen=True)
class Said:
    """What a call of the command line said."""

    code: int
    out: str
    err: str

    @property
    def faults(self) -> list[str]:
        """The faults, one a line, without the line that counts them."""
        return self.err.splitlines()[:-1]


def call(capsys: pytest.CaptureFixture[str], root: Path, *arguments: str) -> Said:
    """Call the command line in this process on another root."""
    capsys.readouterr()
    code = __main__.entry(["--root", str(root), *arguments])
    captured = capsys.readouterr()
    return Said(code, captured.out, captured.err)


def tree(folder: Path) -> dict[str, str]:
    """Every file below a folder with its hash."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        for path in sorted(folder.rglob("*"))
    }


TOY_GOAL = "scenarios/goals/toy_fossil_free.yaml"


DEPARTMENTS = "department,label_sv,label_en,year,value,unit,source,confidence,note\n"


WORKLOAD = "measure,department,per,value,unit,source,confidence,note\n"


def add(root: Path, table: str, old: str, new: str, was: str = "", now: str = "") -> None:
    """The line of a toy table that starts with `old` once more with `new`, in both `was` turned into `now`."""
    path = root / f"inputs/toy/{table}.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    (line,) = (each for each in lines if each.startswith(old))
    turned = line.replace(was, now) if was else line
    rest = [each for each in lines if each != line]
    path.write_text("\n".join([*rest, turned, new + turned[len(old) :]]) + "\n", encoding="utf-8")
