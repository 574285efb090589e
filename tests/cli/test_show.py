"""All there is on a measure: every row with its place and source, what a unit does, what it is worth in a plan."""

from __future__ import annotations

from pathlib import Path

import pytest

from model import ROOT
from model.outputs.measure_card import facts, unit_year
from model.studies.without import with_and_without
from tests.towns.broken_root import call
from tests.towns.shipped import compiled, shipped

WIDTH = 80


def show(capsys: pytest.CaptureFixture[str], root: Path, *arguments: str) -> str:
    said = call(capsys, root, "show", "measure", *arguments)
    assert said.code == 0, said.err
    return said.out


def test_every_row_that_names_a_measure_is_on_its_card() -> None:
    town = shipped("ostersund")
    shown = {str(fact.place).split(" ")[0] for fact in facts(town, "BF03")}
    rows = {
        str(town.place(row))
        for rows in town.tables.values()
        for row in rows
        if "BF03" in (getattr(row, each, "") for each in ("measure", "other", "category"))
    }
    assert rows and shown >= rows
    assert {fact.place.file.split("/")[1] for fact in facts(town, "EV01")} == {"common", "ostersund"}


def test_a_unit_of_bio_heat_costs_what_the_pencil_says() -> None:
    """1 GWh of oil heat, 250 t (5 000 t / 20 GWh), becomes bio heat at 0.5 MSEK: 2 000 SEK a tonne."""
    unit = unit_year(compiled("toy"), "BIO", 2030)
    assert unit.avoided["territorial"] == pytest.approx(250)
    assert (unit.capital, unit.running) == (0, pytest.approx(500))
    assert unit.per_tonne == pytest.approx(2000)
    assert {what: amount for _, what, amount, _ in unit.moves} == {"oil_heat": -1, "bio_heat": 1}


def test_a_pool_and_its_benefit_are_counted_at_the_reference_mix() -> None:
    """A kilometre of path takes 1 Mkm from the mix of 2030 and adds 1 Mkm of cycling worth 5 MSEK a year."""
    case = compiled("toy").case
    unit = unit_year(compiled("toy"), "PATH", 2030)
    at = case.year_index(2030)
    petrol, electric = (case.level[0, case.activities.index(f"{each}_car_km"), at] for each in ("petrol", "electric"))
    assert unit.benefit == pytest.approx(1e3 * (5 + 0.1))
    direct = 200 * petrol / (petrol + electric)  # 16 000 t of 80 Mkm
    assert unit.avoided["territorial"] == pytest.approx(direct)


def test_an_enabler_is_worth_what_others_can_do_by_it() -> None:
    unit = unit_year(compiled("toy"), "POINT", 2030)
    assert unit.avoided["territorial"] == 0
    assert unit.enabled == pytest.approx(2 * 200)


def test_a_plan_without_a_measure_emits_what_the_measure_avoided() -> None:
    pairs = with_and_without("BIO", {"mix": "toy_mix", "nothing": "toy_reference"}, "toy", "central", ROOT)
    assert list(pairs) == ["mix"]
    data, other = pairs["mix"]
    total = [each.indicator.sel(indicator_name="ghg_total", year=2030) for each in (data, other)]
    level = float(data.level.sel(measure="BIO", year=2030))
    assert float(total[1] - total[0]) == pytest.approx(250 * level)
    assert float(other.level.sel(measure="BIO").sum()) == 0
    assert float(other.level.sel(measure="PATH", year=2030)) == float(data.level.sel(measure="PATH", year=2030))


def test_the_card_of_a_toy_measure_shows_rows_unit_and_worth(capsys: pytest.CaptureFixture[str]) -> None:
    out = show(capsys, ROOT, "BIO", "--municipality", "toy")
    for part in ("inputs/toy/effects.csv", "[1] A town made up", "one GWh in 2030", "2 000 SEK", "toy_mix"):
        assert part in out


def test_the_card_of_a_real_measure_fits_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    out = show(capsys, ROOT, "BF03")
    rows = out[: out.index("what BF03 is worth")]
    assert max(len(line) for line in rows.splitlines()) <= WIDTH
    assert "inputs/ostersund/costs.csv" in out and "climate_strategy" in out


@pytest.mark.usefixtures("undrawn")
def test_the_card_writes_nothing_and_takes_found_plans(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = set(root.rglob("*"))
    out = show(capsys, root, "CAR", "--municipality", "toy")
    assert set(root.rglob("*")) == before
    assert "run.py study toy has run" in out and "toy_cheapest" not in out
    assert call(capsys, root, "study", "toy").code == 0
    out = show(capsys, root, "CAR", "--municipality", "toy")
    assert "toy_cheapest" in out and "has run" not in out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("BIOO", "--municipality", "toy"), 1, "Did you mean 'BIO'?"),
        (("BIO", "--municipality", "toy", "--future", "cental"), 1, "Did you mean 'central'?"),
        (("BIO", "--municipality", "toy", "--study", "toyy"), 1, "Did you mean 'toy'?"),
        (("BIO", "--municipality", "toy", "--year", "1999"), 2, "1999 is not a year from 2024 to 2032"),
    ],
)
def test_what_is_not_there_is_said(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], code: int, said: str
) -> None:
    heard = call(capsys, ROOT, "show", "measure", *arguments)
    assert heard.code == code and said in heard.err
