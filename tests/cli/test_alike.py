"""Is what is repeated told once, with all places it is in, and nothing else taken for the same?"""

from __future__ import annotations

from model.cli.alike import told_once
from model.inputs.doubt import Doubt
from model.inputs.faults import Fault, Place


def fault(file: str, line: int, column: str = "measure", found: str = "'X'") -> Fault:
    return Fault(Place(file, line, column), found, "one of A, B", "A")


SAID = "found 'X'; allowed: one of A, B. Did you mean 'A'?"


def test_the_same_is_told_once_with_lines_and_files() -> None:
    assert told_once([fault("a.csv", 2)]) == [f"a.csv:2 [measure]: {SAID}"]
    assert told_once([fault("a.csv", 3), fault("a.csv", 2)]) == [
        f"a.csv:2 [measure]: {SAID} The same in line 3 (2 in all)."
    ]
    (elsewhere,) = told_once([fault("b.csv", 4), fault("a.csv", 2)])
    assert elsewhere.endswith("The same in b.csv:4 (2 in all).")
    (both,) = told_once([fault("b.csv", 4), *(fault("a.csv", line) for line in range(2, 13))])
    assert both.endswith("The same in lines 3, 4, 5, 6, 7, 8, 9, 10 ... 12; b.csv:4 (12 in all).")
    assert told_once([fault("b.csv", 4), fault("a.csv", 2)], "sv")[0].endswith("Detsamma i b.csv:4 (2 i allt).")


def test_another_column_or_finding_is_another() -> None:
    others = [fault("a.csv", 2), fault("a.csv", 3, "other"), fault("a.csv", 4, found="'Y'")]
    assert len(told_once(others)) == 3


def test_warnings_are_told_once_too() -> None:
    doubts = [Doubt(Place("a.csv", line, "value"), "2", "1", "Check it") for line in (2, 3)]
    assert told_once(doubts) == ["a.csv:2 [value]: found 2; usual: 1. Check it. The same in line 3 (2 in all)."]
