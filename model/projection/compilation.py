"""Where does the compiled interpreter come from? From the project's cache on disk, or from numba, within seconds, once.

`python -m model.projection.compilation` fills the cache. What is in it belongs to this source and this numba; a folder
that cannot be read or written costs the time to compile, nothing else. Nothing is compiled, and numba not even
imported, before something is to be projected.
"""

from __future__ import annotations

import hashlib
import shutil
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any

from model import ROOT

SOURCES = ("interpreter.py", "program.py")
"""Files that the compiled code depends on."""
Execute = Callable[..., None]
_LOCK = threading.Lock()


def interpreter() -> Execute:
    """The compiled `interpreter.execute`; whoever asks while it is being made waits for it."""
    with _LOCK:
        return _interpreter()


def cached() -> bool:
    """Whether there is something in the cache."""
    with suppress(OSError):
        return any(folder().rglob("*.nbi"))
    return False


def begin() -> None:
    """Have the interpreter made in a thread, unless it is there, so that it is there when it is needed."""
    if not _interpreter.cache_info().currsize:
        threading.Thread(target=interpreter).start()  # no daemon: compilers do not like to be stopped at the exit


def folder() -> Path:
    """Where the compiled interpreter of this source and this numba is kept."""
    here = Path(__file__).parent
    content = b"".join((here / name).read_bytes() for name in SOURCES) + metadata.version("numba").encode()
    return ROOT / ".cache" / "kernel" / hashlib.sha256(content).hexdigest()[:16]


@lru_cache(maxsize=1)
def _interpreter() -> Execute:
    from model.projection.interpreter import SIGNATURE, execute

    cache = folder()
    for use_cache in (True, True, False):
        try:
            return _compiled(execute, SIGNATURE, cache if use_cache else None)
        except Exception:  # whatever is wrong with files in a cache
            if not use_cache:
                raise
            shutil.rmtree(cache, ignore_errors=True)
    raise AssertionError


def _compiled(function: Any, signature: Any, cache: Path | None) -> Execute:
    """A function compiled for one signature and no other, taken from a cache if it is there."""
    import numba

    config: Any = numba.config
    dispatcher: Any = numba.njit(nogil=True, error_model="numpy")(function)
    if cache is not None:
        cache.mkdir(parents=True, exist_ok=True)
        elsewhere = config.CACHE_DIR
        config.CACHE_DIR = str(cache)
        try:
            dispatcher.enable_caching()
        finally:
            config.CACHE_DIR = elsewhere
    dispatcher.compile(signature)
    dispatcher.disable_compile()
    return dispatcher  # type: ignore[no-any-return]


if __name__ == "__main__":
    interpreter()
