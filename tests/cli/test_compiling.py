"""Does a verb that finds nothing compiled say so, once, and go on meanwhile?"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from model.cli import verbs
from model.projection import compilation


@pytest.fixture(autouse=True)
def fresh_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(compilation, "ROOT", tmp_path)
    compilation._interpreter.cache_clear()
    yield
    compilation._interpreter.cache_clear()


def test_what_is_not_compiled_is_compiled_beside_and_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    verbs.make_kernel()
    beside = [thread for thread in threading.enumerate() if thread is not threading.main_thread()]
    assert "Compiling" in capsys.readouterr().err and beside
    for thread in beside:
        thread.join()
    verbs.make_kernel()
    assert capsys.readouterr().err == ""
