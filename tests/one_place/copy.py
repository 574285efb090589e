"""A temporary copy of the project to add one thing to, its command line, and which files the copy changed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
PARTS = ("model", "inputs/common", "inputs/toy", "scenarios", "constraints")


def project_copy(folder: Path, *more: str) -> Path:
    """A copy of the code, the toy town, scenarios and constraints in a folder, with `more` files or folders."""
    for part in (*PARTS, *more):
        if (PROJECT / part).is_dir():
            shutil.copytree(PROJECT / part, folder / part)
        else:
            (folder / part).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(PROJECT / part, folder / part)
    return folder


def run(root: Path, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    """What a verb of the copy's own command line says; it must end with the exit code."""
    return python(root, "-m", "model.cli", *arguments, code=code)


def python(root: Path, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    """What this interpreter says when it is started in the copy; it must end with the exit code."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=root, env=environment | {"CLIMATE_NO_VENV": "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == code, f"{' '.join(arguments)}: exit code {done.returncode}\n{done.stdout}{done.stderr}"
    return done


def replace_in(file: Path, old: str, new: str) -> None:
    """Replace a text that stands exactly once in a file."""
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    file.write_text(text.replace(old, new), encoding="utf-8")


def touched(root: Path) -> set[str]:
    """Files of the copy that are new or differ from the project's, as paths from its root."""
    files = [path for path in root.rglob("*") if path.is_file() and not _made(path.relative_to(root).parts)]
    names = {path.relative_to(root).as_posix(): path for path in files}
    return {name for name, path in names.items() if not _same(path, PROJECT / name)}


def _made(parts: tuple[str, ...]) -> bool:
    """Whether the toolkit writes such a file itself."""
    return parts[0] in ("outputs", ".cache") or "__pycache__" in parts


def _same(one: Path, other: Path) -> bool:
    return other.exists() and one.read_bytes() == other.read_bytes()
