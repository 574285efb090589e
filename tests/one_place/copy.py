"""A temporary copy of the project to add one thing to, its command line, and which files the copy changed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from model import ROOT
from tests.towns.broken_root import Said

PARTS = ("model", "inputs/common", "inputs/toy", "scenarios", "constraints")
ANSWERS = """
import io, json, os, sys
from contextlib import redirect_stderr, redirect_stdout
from model.cli.__main__ import entry
os.cpu_count = lambda: 1
for line in sys.stdin:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = entry(json.loads(line))
    print(json.dumps([code, out.getvalue(), err.getvalue()]), flush=True)
"""
"""Each line of the input is a call of the command line, and gets a line of what it said."""
Run = Callable[..., Said]


def project_copy(folder: Path, *more: str) -> Path:
    """A copy of the code, the toy town, scenarios and constraints in a folder, with `more` files or folders.

    What was compiled for the project is taken along.
    """
    for part in (*PARTS, *more):
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, folder / part)
        else:
            (folder / part).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / part, folder / part)
    if (ROOT / ".cache/kernel").exists():
        shutil.copytree(ROOT / ".cache/kernel", folder / ".cache/kernel")
    return folder


@contextmanager
def command_line(root: Path) -> Iterator[Run]:
    """What calls the verbs of the copy's own command line, all in one process, and wants an exit code of each."""
    process = subprocess.Popen(
        [sys.executable, "-c", ANSWERS],
        cwd=root, env=_environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdin is not None and process.stdout is not None

    def run(*arguments: str, code: int = 0) -> Said:
        process.stdin.write(json.dumps(arguments) + "\n")
        process.stdin.flush()
        said = Said(*json.loads(process.stdout.readline()))
        assert said.code == code, f"{' '.join(arguments)}: exit code {said.code}\n{said.out}{said.err}"
        return said

    with process:
        yield run
        process.stdin.close()


def python(root: Path, program: str) -> str:
    """What a program prints that this interpreter runs in the copy."""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, env=_environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def replace_in(file: Path, old: str, new: str) -> None:
    """Replace a text that stands exactly once in a file."""
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    file.write_text(text.replace(old, new), encoding="utf-8")


def touched(root: Path) -> set[str]:
    """Files of the copy that are new or differ from the project's, as paths from its root."""
    files = [path for path in root.rglob("*") if path.is_file() and not _made(path.relative_to(root).parts)]
    names = {path.relative_to(root).as_posix(): path for path in files}
    return {name for name, path in names.items() if not _same(path, ROOT / name)}


def _environment() -> dict[str, str]:
    """The environment of the tests, in which the copy is the only project that Python knows of."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {"COLUMNS": "120"}


def _made(parts: tuple[str, ...]) -> bool:
    """Whether the toolkit writes such a file itself."""
    return parts[0] in ("outputs", ".cache") or "__pycache__" in parts


def _same(one: Path, other: Path) -> bool:
    return other.exists() and one.read_bytes() == other.read_bytes()
