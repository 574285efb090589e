"""Is what the terminal says in English said in Swedish too, whatever is filled in, and is what was typed left alone?"""

from __future__ import annotations

import csv
from string import Formatter

import pytest

from model.cli.language import CATALOGUE, said, sentence, translated
from model.inputs.doubt import Doubt
from model.inputs.faults import Fault, Place


def filled(text: str) -> set[str]:
    """Names of what is filled in."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_the_catalogue_says_each_message_once_and_fills_in_nothing_that_the_english_has_not() -> None:
    with CATALOGUE.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    assert head == ["en", "sv"] and all(len(row) == 2 and all(row) for row in rows)
    english = [row[0] for row in rows]
    assert sorted(english) == sorted(set(english))
    assert [row for row in rows if not filled(row[1]) <= filled(row[0])] == []


@pytest.mark.parametrize(
    ("english", "swedish"),
    [
        ("a whole number", "ett heltal"),
        ("a number of at least 0.5", "ett tal på minst 0,5"),
        ("'0.5' for a grant that pays support", "'0.5' för ett bidrag som betalar drift"),
        ("no key 'title'", "ingen nyckel 'title'"),
        ("key 'targets'", "nyckeln 'targets'"),
        ("one of capital", "någon av capital"),
        ("no columns 'unit' and 'low'", "inga kolumner 'unit' och 'low'"),
        ("one of a, b: this key is required", "någon av a, b: nyckeln måste finnas"),
        ("something nobody has said before", "something nobody has said before"),
    ],
)
def test_a_message_is_turned_with_what_is_filled_in_but_not_what_was_typed(english: str, swedish: str) -> None:
    assert translated(english) == swedish


def test_faults_and_warnings_are_whole_sentences_in_both_languages() -> None:
    place = Place("a.csv", 2, "value")
    fault = Fault(place, "measure 'EV011'", "one of EV01, EV12", "EV01")
    assert sentence(fault, "en") == str(fault)
    assert sentence(fault, "sv") == (
        "a.csv:2 [value]: här står åtgärden 'EV011'; tillåtet: någon av EV01, EV12. Menas 'EV01'?"
    )
    doubt = Doubt(
        place, "a lifetime of 400 years for 'A' (Wall; Mur)", "at most 100 years", "Check it", "checked: rock"
    )
    assert sentence(doubt, "en") == str(doubt)
    assert sentence(doubt, "sv") == (
        "a.csv:2 [value]: här står en livslängd på 400 år för 'A' (Wall; Mur); vanligt: högst 100 år."
        " Kontrollera den. Anmärkningen: rock."
    )
    assert said("{count} faults in the input. Nothing was computed, nothing was changed.", "sv", count=3).startswith(
        "3 fel"
    )
