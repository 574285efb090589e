"""Is a thing found by what it is called, and is no label mistaken for another?"""

from __future__ import annotations

from pathlib import Path

import pytest

from model.inputs.columns.measures import Measure
from model.inputs.municipality import Municipality
from model.inputs.naming import called, labels_of, offered
from tests.towns.broken_root import call

LABELS = {
    "BF01": ("HVO100 in procured transport", "HVO100 i upphandlade transporter"),
    "EV01": ("Electric cars", "Elbilar"),
    "EV02": ("Electric buses", "Elbussar"),
}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("HVO100", ["BF01"]),
        ("hvo100 transporter", ["BF01"]),
        ("electric", ["EV01", "EV02"]),
        ("electric_cars", ["EV01"]),
        ("elbuss", ["EV02"]),
        ("nuclear", []),
        ("", []),
        ("_", []),
    ],
)
def test_things_are_found_by_all_words_of_a_label_in_either_language(text: str, names: list[str]) -> None:
    assert list(called(text, LABELS)) == names


def test_what_is_allowed_are_the_things_called_so_with_their_labels_or_else_all_names() -> None:
    assert offered("elbuss", LABELS) == ("a name, not a label: EV02 (Elbussar)", ("EV02",))
    assert offered("EV011", LABELS) == ("one of BF01, EV01, EV02", tuple(LABELS))
    many = {f"M{number:02}": ("the same", "samma") for number in range(20)}
    allowed, _ = offered("same", many)
    assert allowed.count("(the same)") == 12 and allowed.endswith(", ... (20 in all)")


def test_hvo100_is_four_measures(ostersund: Municipality) -> None:
    assert list(called("HVO100", labels_of(ostersund.rows(Measure), "measure"))) == ["BF01", "WM01", "WM02", "WM07"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["frontier", "toy_cheapest", "--municipality", "toy", "--fund", "driftbudget"], "operating (Driftbudget)"),
        (["show", "measure", "cykelväg", "--municipality", "toy"], "PATH (Cykelväg)"),
        (["new", "measure", "NEW", "--like", "electric cars", "--municipality", "toy"], "CAR (Electric cars)"),
        (["run", "lägsta kostnad", "--municipality", "toy"], "toy_cheapest ("),
        (["optimise", "least cost", "--municipality", "toy"], "toy_cheapest ("),
        (["optimise", "toy_cheapest", "--municipality", "toy", "--target", "låga utsläpp"], "low_from (Låga utsläpp)"),
        (["optimise", "toy_cheapest", "--municipality", "toy", "--budget", "driftbudget=1 MSEK/year"], "operating ("),
    ],
)
def test_names_on_the_command_line_are_searched_by_label(
    arguments: list[str], words: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = call(capsys, root, *arguments)
    assert said.code == 1 and f"a name, not a label: {words}" in said.err, said


def test_a_source_that_is_not_there_is_told_with_how_to_add_one(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = root / "inputs/toy/budgets.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("year,toy,C", "year,the_budget,C", 1), encoding="utf-8")
    (fault,) = call(capsys, root, "check", "toy").faults
    assert "found 'the_budget'; allowed: one of the sources in inputs/common/sources.csv or" in fault
    assert "a new one is a row there with source, kind (official, published, derived or assumption) and title" in fault


def test_a_category_that_no_measure_has_is_told_with_how_to_add_one(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = root / "inputs/toy/eligibility.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("ality,any", "ality,bikes", 1), encoding="utf-8")
    (fault,) = call(capsys, root, "check", "toy").faults
    assert "renewable_energy, sustainable_travel; a new one is what a measure has for 'category'" in fault
