"""Is what is kept given back whole or not at all, and does it stay within its room?"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from model.studies.reuse import plan_store
from model.studies.reuse.digest import digest
from model.studies.reuse.plan_store import PlanStore


def test_what_was_used_longest_ago_goes_when_there_is_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = PlanStore(tmp_path / "plans")
    monkeypatch.setattr(plan_store, "MOST", 2500)
    for number in range(4):
        store.put(str(number), os.urandom(500))
        os.utime(tmp_path / f"plans/{number}.plan", (number, number))
    assert store.get("0") is not None, "used, and so kept"
    store.put("4", os.urandom(500))
    assert [store.get(str(number)) is not None for number in range(5)] == [True, False, False, True, True]


def test_a_folder_that_cannot_be_written_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "plans").write_text("a file", encoding="utf-8")
    store = PlanStore(tmp_path / "plans")
    store.put("key", 1)
    assert store.get("key") is None


@pytest.mark.parametrize("cut", [0, 10, -1])
def test_half_a_file_is_none(tmp_path: Path, cut: int) -> None:
    store = PlanStore(tmp_path)
    store.put("key", {"a": 1})
    assert store.get("key") == {"a": 1} and store.get("other") is None
    (path,) = tmp_path.iterdir()
    path.write_bytes(path.read_bytes()[:cut])
    assert store.get("key") is None


DIFFERENT = [
    1, 1.0, True, "1", None, [1], [[1]], [1, 1], {"a": 1, "b": 2}, {"b": 2, "a": 1}, {"a": {"b": 2}}, frozenset({1, 2}),
    np.zeros(2), np.zeros(2, dtype=int), np.zeros((2, 1)), np.zeros((1, 2)), np.array([0.0, -0.0]),
    np.array([0.0, 5e-324]), ["a", "bc"], ["ab", "c"],
]  # fmt: skip


def test_different_contents_have_different_hashes() -> None:
    assert len({digest(each) for each in DIFFERENT}) == len(DIFFERENT)


def test_the_order_of_a_set_and_of_memory_does_not_matter() -> None:
    assert digest({"b", "a", "c"}) == digest({"c", "a", "b"})
    values = np.arange(6.0).reshape(2, 3)
    assert digest(np.asfortranarray(values)) == digest(values) == digest(values.copy())


def test_what_has_no_content_is_refused() -> None:
    with pytest.raises(TypeError, match="no content"):
        digest(lambda: None)
