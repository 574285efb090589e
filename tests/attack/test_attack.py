"""Does any of two thousand spoilt files make the toolkit fall, or believe what is no number?"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.attack.attack import PART, PLANNED, Attack, Tally, attack
from tests.attack.mutations import FILE_WAYS, TABLE_WAYS, YAML_WAYS, mutation

COUNT = 2000


@pytest.mark.parametrize("first", range(0, COUNT, PART))
def test_every_spoilt_file_is_accepted_or_refused_with_its_place(first: int) -> None:
    tally = attack(range(first, first + PART), planned=3 * PLANNED)
    assert not tally.unexplained, "\n".join(tally.unexplained)
    assert sum(tally.count.values()) == PART
    assert min(tally.count[each] for each in ("accepted", "refused")) > PART / 10


def test_mutations_are_drawn_from_their_seed_and_come_in_all_ways(tmp_path: Path) -> None:
    files = Attack(tmp_path).files
    drawn = [mutation(seed, files) for seed in range(COUNT)]
    assert drawn[:50] == [mutation(seed, files) for seed in range(50)]
    assert {each.way for each in drawn} == {*FILE_WAYS, *TABLE_WAYS, *YAML_WAYS}
    assert {each.file for each in drawn} == {*files}


def test_the_attack_sees_what_it_looks_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A toolkit that falls, or that takes what is no number, is unexplained."""
    town, tally = Attack(tmp_path), Tally()

    def falls(*_: object) -> None:
        raise ZeroDivisionError("as if")

    monkeypatch.setattr("tests.attack.attack.study_batch", falls)
    town.one(0, tally)
    assert tally.count == {"ZeroDivisionError": 1} and "as if" in tally.unexplained[0]
