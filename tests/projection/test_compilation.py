"""Is what was compiled kept, taken by the next, and made anew where it cannot be?"""

from __future__ import annotations

import errno
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from numpy.testing import assert_allclose

from model import ROOT
from model.projection import compilation
from model.projection.replay import replay
from tests.projection import reference_replay
from tests.towns.random_towns import random_case, random_request


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A project's folder of its own for the cache; what is compiled for it is forgotten afterwards."""
    monkeypatch.setattr(compilation, "ROOT", tmp_path)
    compilation._interpreter.cache_clear()
    yield tmp_path
    compilation._interpreter.cache_clear()


def _works() -> None:
    case = random_case(6)
    request = random_request(case, 6)
    found, expected = replay(case, request).level, reference_replay.replay(case, request).level
    assert_allclose(found, expected, atol=1e-9 * case.measures.potential.max())


def test_what_is_compiled_is_kept_and_taken_by_the_next(elsewhere: Path) -> None:
    assert not compilation.cached()
    _works()
    assert compilation.cached()
    written = compilation.file().stat()  # but for when it was read
    compilation._interpreter.cache_clear()
    _works()
    now = compilation.file().stat()
    assert (now.st_ino, now.st_mtime_ns, now.st_size) == (written.st_ino, written.st_mtime_ns, written.st_size)
    assert [path for path in elsewhere.rglob("*") if path.is_file()] == [compilation.file()]


TROUBLES = ["a file in its place", "no reading and writing", "cut off", "another processor's", "empty"]


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_cache_that_cannot_be_used_only_costs_time(
    elsewhere: Path, trouble: str, code: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, compiled = compilation.file(), []
    monkeypatch.setattr(compilation, "_compiled", lambda: compiled.append(1) or code)
    if trouble == "a file in its place":
        (elsewhere / ".cache").write_text("mine", encoding="utf-8")
    elif trouble == "no reading and writing":
        for name in ("mkdir", "read_bytes", "write_bytes"):
            monkeypatch.setattr(Path, name, refused(getattr(Path, name), elsewhere))
    else:
        sealed = {
            "cut off": (compilation._seal(code) + code)[:-100],
            "another processor's": bytes(32) + code,
            "empty": b"",
        }
        kept.parent.mkdir(parents=True)
        kept.write_bytes(sealed[trouble])
    _works()
    assert len(compiled) == 1
    if trouble == "a file in its place":
        assert (elsewhere / ".cache").read_text(encoding="utf-8") == "mine" and not compilation.cached()
    elif trouble == "no reading and writing":
        assert not any(elsewhere.iterdir())
    else:
        assert compilation._intact(kept.read_bytes()) == code  # written anew


@pytest.fixture(scope="module")
def code() -> bytes:
    """What numba makes of the interpreter."""
    return compilation._compiled()


def refused(function: Callable[..., Any], folder: Path) -> Callable[..., Any]:
    """A function of paths that is refused below a folder, as to a user without rights there; root has them all."""

    def call(path: Path, *arguments: Any, **named: Any) -> Any:
        if path.is_relative_to(folder):
            raise PermissionError(errno.EACCES, "refused", str(path))
        return function(path, *arguments, **named)

    return call


def test_processes_of_their_own_take_what_is_compiled_without_numba() -> None:
    compilation.interpreter()
    program = (
        "import sys; from model.projection.compilation import interpreter as i; i(); print('numba' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "False"), done.stderr


def test_nothing_is_compiled_and_numba_not_imported_before_something_is_projected() -> None:
    program = "import sys, model.projection.replay, model.studies.study; print(*{'numba', 'llvmlite'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr
