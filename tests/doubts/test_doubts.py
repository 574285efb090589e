"""Is everything that is probably wrong told once, with place, what is usual and what to do, and does nothing stop?

Each row of `DOUBTED` spoils one thing in a copy of the toy town, of which nothing is doubted.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

import model
from model.cli.language import translated
from model.doubts import register
from model.inputs.doubt import Doubt
from model.inputs.skeletons import MARK
from tests.inputs.broken import COMMON, TOY, Broken
from tests.towns.broken_root import call
from tests.towns.shipped import shipped

SETTINGS = f"{TOY}/municipality.yaml"
AREAS = """category,label_sv,label_en,source,confidence,note
sustainable_travel,Resor,Travel,toy,C,
renewable_energy,Värme,Heat,toy,C,
"""
PARAMETERS = """parameter,of,path,year,value,unit,source,confidence,note
mean_lief,car,all,,15,year,toy,C,
entry_share,car_electric,central,2030,0.5,fraction,toy,C,
"""
FLEET = """vehicle_type,technique,year,status,value,unit,activity,source,confidence,note
car,electric,2024,in_traffic,5,vehicle,,toy,C,
"""


@dataclass(frozen=True)
class Doubted:
    """One thing spoilt: `old` becomes `new` in a file."""

    doubt: str
    """the function that finds it"""
    file: str
    old: str
    new: str
    column: str
    words: tuple[str, ...]
    at: tuple[str, str] | None = None
    """(file, text in the line) where it is told, if not at the changed line"""
    also: tuple[tuple[str, str | None, str | None], ...] = ()

    def apply(self, root: Path) -> str:
        """Spoil it, and give the place that must be told."""
        broken = Broken("", self.file, self.old, self.new, (), self.column, at=self.at, also=self.also)
        return broken.apply(root).removesuffix(": found ")


def table(doubt: str, name: str, old: str, new: str, column: str, *words: str, **more: object) -> Doubted:
    """A line of a toy table spoilt."""
    return Doubted(doubt, f"{TOY}/{name}.csv", old, new, column, words, **more)  # type: ignore[arg-type]


DOUBTED = [
    table(
        "measure_without_cost", "costs", "PATH,capital,2026,4,", "PATH,capital,2026,0,", "measure",
        "'PATH' (Cycle path; Cykelväg)", "costs nothing", "costs.csv", at=(f"{TOY}/measures.csv", "PATH,Cykelväg"),
    ),
    table(
        "measure_without_effect", "effects", "CAR,,activity,electric_car_km,,amount,,1,",
        "CAR,,activity,electric_car_km,,amount,,0,", "measure", "'CAR' (Electric cars; Elbilar)", "moves nothing",
        at=(f"{TOY}/measures.csv", "CAR,Elbilar"),
        also=(
            (f"{TOY}/effects.csv", "petrol_car_km,,amount,,-1,", "petrol_car_km,,amount,,0,"),
            (f"{TOY}/measures.csv", "no,0,electric_car_km,", "no,0,,"),
            (f"{TOY}/potentials.csv", "hundred_cars,total", "hundred_cars,additional"),
        ),
    ),
    table(
        "measure_without_potential", "potentials", "PATH,2027,10,", "PATH,2027,0,", "measure",
        "potential of 0 km from 2027 on", "more than 0", at=(f"{TOY}/measures.csv", "PATH,Cykelväg"),
    ),
    table(
        "measure_without_potential", "measures", "shift,km,40,0,2027,2,,", "shift,km,40,0,2027,2,11,", "measure",
        "potential of 10 km", "one whole unit of 11",
    ),
    table(
        "measure_without_payer", "eligibility", "households,household,any", "households,household,POINT", "measure",
        "'household' for the capital of CAR", "eligibility.csv", at=(f"{TOY}/measures.csv", "CAR,Elbilar"),
    ),
    table(
        "measure_too_late", "measures", "shift,km,40,0,2027", "shift,km,40,0,2127", "first_year",
        "2127 + 0 years of lead", "up to 2032",
    ),
    table(
        "measure_too_late", "measures", "shift,km,40,0,2027", "shift,km,40,6,2027", "lead", "2027 + 6 years of lead",
    ),
    table("long_lifetime", "measures", "shift,km,40,", "shift,km,400,", "lifetime", "400 years", "at most 100"),
    table(
        "effect_out_of_proportion", "effects", "BIO,,activity,bio_heat,,amount,,1,GWh",
        "BIO,,activity,bio_heat,,amount,,100,GWh", "value", "gives 100 GWh where it takes 1", "20",
    ),
    table(
        "pool_drawn_in_vain", "effects", "cycling_km,,amount,,1,", "cycling_km,,amount,,0,",
        "target", "'car_km'", "nothing in its place", "'avoid'", at=(f"{TOY}/effects.csv", "PATH,,pool,car_km"),
    ),
    table(
        "potential_above_what_exists", "potentials", "BIO,2027,20,", "BIO,2027,200,", "value",
        "200 GWh of 'BIO'", "at most some 20 GWh",
    ),
    table(
        "unknown_area", "measures", "CAR,Elbilar,Electric cars,sustainable_travel", "CAR,Elbilar,Electric cars,travl",
        "category", "'travl' of CAR, which", "sustainable_travel (Travel), renewable_energy (Heat)", "add a row",
        also=((f"{TOY}/areas.csv", None, AREAS),),
    ),
    table(
        "unknown_parameter", "parameters", "car,all,,15,year", "car,all,,15,year", "parameter",
        "'mean_lief' of 'car'", "mean_life (year: age at which",
        also=((f"{TOY}/parameters.csv", None, PARAMETERS), (f"{TOY}/fleet.csv", None, FLEET)),
    ),
    table(
        "target_in_no_year", "targets", "more_cycling,Mer cykling,More cycling,cycling_share,2030",
        "more_cycling,Mer cykling,More cycling,cycling_share,2130", "year", "'more_cycling' for 2130", "2024 to 2032",
    ),
    Doubted(
        "unlikely_carbon_value", f"{COMMON}/valuations.csv", "co2,9.2,2.2,9.2,SEK_2026/kg",
        "co2,9.2,2.2,9.2,kSEK_2026/kg", "value", ("worth 9.2 MSEK", "100 SEK/kg"),
    ),
    Doubted("high_rate", SETTINGS, "social_rate: 0\n", "social_rate: 3.5\n", "", ("'social_rate'", "350 %", "0.035")),
    Doubted("high_rate", f"{COMMON}/owners.csv", "household,0.05,", "household,5,", "rate", ("'household'", "500 %")),
    table("unlikely_cost", "costs", "PATH,capital,2026,4,MSEK", "PATH,capital,2026,60000,MSEK", "unit", "60 000 MSEK"),
    table("unlikely_cost", "costs", "PATH,capital,2026,4,MSEK", "PATH,capital,2026,600,MSEK", "unit", "6 000 MSEK for"),
    table("unlikely_cost", "costs", "PATH,capital,2026,4,M", "PATH,capital,2026,0.4,", "unit", "0.4 SEK", "krona"),
    table("unlikely_budget", "budgets", "investment,2027,10,MSEK", "investment,2027,10,GSEK", "value", "10 000 MSEK"),
    table(
        "reconciliation_factor", "activity_levels", "oil_heat,2024,20,GWh", "oil_heat,2024,20,TWh", "value",
        "5 000 000", "a factor of 0.001", at=(f"{TOY}/inventory.csv", "heating,residential_heating"),
    ),
    table(
        "sector_unlike_its_parts", "inventory", "heating,,co2e,5000", "heating,,co2e,6000", "value",
        "6000 t for 'heating'", "5000 for its parts", "within 5 %",
    ),
    Doubted(
        "value_outside_its_range", f"{COMMON}/blends.csv", "petrol,0.857,0.65,1,", "petrol,0.857,0.9,1,", "saving",
        ("0.857 with a range from 0.9 to 1",),
    ),
    Doubted(
        "duty_above_everything", f"{COMMON}/mandates.csv", "petrol,2020,4.2,", "petrol,2020,150,", "value",
        ("a duty of 150 % for 'petrol' in 2020", "at most 100 %"),
    ),
    Doubted(
        "unlikely_price", f"{COMMON}/prices.csv", "all,petrol,market,2026,13.2,12,15.2,",
        "all,petrol,market,2026,1320,12,1520,", "value", ("1320 SEK_2026/l for 'petrol'", "at most 20 SEK/kWh"),
    ),
    table(
        "assumption_called_official", "budgets", "investment,2027,10,MSEK_2026/year,toy,C",
        "investment,2027,10,MSEK_2026/year,toy,A", "confidence", "'toy', which is an assumption", "Write C",
    ),
]  # fmt: skip


def open_doubts(root: Path, scenario: str | dict[str, object] | None = None) -> list[Doubt]:
    """What is told of the toy town."""
    return [each for each in model.check(model.load("toy", root), scenario) if not each.checked]


@pytest.mark.parametrize("doubted", DOUBTED, ids=lambda each: f"{each.doubt} {each.new[:20]}")
def test_one_thing_that_is_probably_wrong_is_told_once_with_its_place_and_what_to_do(
    doubted: Doubted, root: Path
) -> None:
    place = doubted.apply(root)
    (found,) = open_doubts(root)
    text = str(found)
    assert text.startswith(f"{place}: found "), (text, place)
    assert all(word in text for word in doubted.words), text
    assert found.usual and found.do
    for part in (found.found, found.usual, found.do):
        assert translated(part) != part, part


def test_every_doubt_is_tested_and_says_what_it_doubts() -> None:
    declared = register.declared()
    of_goals = {"cheapest_of_nothing"}
    assert {each.doubt for each in DOUBTED} | of_goals == set(declared)
    assert all(each.__doc__ for each in declared.values())


@pytest.mark.parametrize("name", ["toy", "ostersund"])
def test_nothing_is_doubted_of_what_is_shipped_but_what_a_note_explains(name: str) -> None:
    found = model.check(shipped(name))
    assert [str(each) for each in found if not each.checked] == []
    assert len(found) == {"toy": 0, "ostersund": 2}[name]


def test_nothing_is_doubted_of_a_new_measure_before_it_is_filled_in(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(capsys, root, "new", "measure", "NEW01", "--municipality", "toy").code == 0
    assert open_doubts(root) == []
    for path in (root / TOY).glob("*.csv"):
        path.write_text(path.read_text(encoding="utf-8").replace(MARK, "done:"), encoding="utf-8")
    assert ["moves nothing" in str(each) or "potential of 0" in str(each) for each in open_doubts(root)] == [True] * 2


def test_a_note_that_begins_with_checked_explains_a_warning(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = root / TOY / "measures.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace(
            "shift,km,40,0,2027,2,,no,0,,toy,C,", "shift,km,400,0,2027,2,,no,0,,toy,C,checked: rock"
        ),
        encoding="utf-8",
    )
    (found,) = model.check(model.load("toy", root))
    assert found.checked == "checked: rock" and str(found).endswith("Check that it is in years. Its note: rock.")
    assert call(capsys, root, "run", "toy_mix", "--municipality", "toy").err == ""
    said = call(capsys, root, "check", "toy")
    assert said.err == "" and "Explained: inputs/toy/measures.csv:2 [lifetime]: found a lifetime of 400" in said.out
    assert "No fault found, warnings: 0." in said.out


def test_a_budget_of_a_scenario_that_no_municipality_has_is_doubted(toy: model.Municipality) -> None:
    goal = {"objective": "least_emissions", "budgets": {"investment": "100000 MSEK/year"}}
    (found,) = model.check(toy, goal)
    assert "100 000 MSEK a year for 'investment'" in str(found) and found.place.file == "typed_in_goal"


def test_a_goal_that_asks_for_nothing_is_doubted(toy: model.Municipality) -> None:
    (found,) = model.check(toy, {"objective": "least_cost"})
    assert "'least_cost' without targets" in str(found)
    for part in (found.found, found.usual, found.do):
        assert translated(part) != part, part
    assert model.check(toy, {"objective": "least_cost", "targets": ["low_from"]}) == ()
    assert model.check(toy, {"objective": "least_emissions"}) == ()
    (dear,) = model.check(toy, {"objective": "best_value", "carbon_value": "9.2 MSEK/kg"})
    assert "worth 9200 MSEK" in str(dear)


def test_what_was_changed_in_memory_is_doubted_too(toy: model.Municipality) -> None:
    (found,) = model.check(toy.change("measures", to="400", column="lifetime", measure="PATH"))
    assert (found.place.file, found.place.column) == (f"{TOY}/measures.csv", "lifetime")


def test_runs_tell_ten_warnings_on_stderr_and_check_all_and_nothing_stops(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changes = {
        "budgets": (("toy,C", "toy,A"),),
        "funds": (("toy,C", "toy,A"),),
        "costs": (("MSEK_2026", "GSEK_2026"),),
        "measures": (
            (",0,2027,", ",0,2099,"),
            ("km,40,", "km,400,"),
            ("cars,15,", "cars,150,"),
            ("points,20,", "points,200,"),
        ),
    }
    for name, pairs in changes.items():
        path = root / TOY / f"{name}.csv"
        text = path.read_text(encoding="utf-8")
        for was, now in pairs:
            text = text.replace(was, now)
        path.write_text(text, encoding="utf-8")
    plain = call(capsys, root, "check", "toy")
    lines = plain.err.splitlines()
    assert plain.code == 0 and len(lines) == 11 and all(each.startswith("Warning: inputs/toy/") for each in lines)
    assert "No fault found, warnings: 11." in plain.out
    assert lines[0].endswith("The same in line 3; inputs/toy/funds.csv:2, 3, 4 (5 in all).")
    for fresh in ([], [], ["--fresh"]):  # computed, told again from what is there, computed anew
        said = call(capsys, root, "run", "toy_mix", "--municipality", "toy", *fresh)
        assert said.code == 0 and said.err.splitlines() == [*lines[:10], "and 1 more: run.py check shows all."]
        assert "toy_mix" in said.out
    path = root / TOY / "budgets.csv"
    path.write_text("# a line more\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    moved = call(capsys, root, "run", "toy_mix", "--municipality", "toy")
    assert "Nothing has changed" in moved.out and f"{TOY}/budgets.csv:3 " in moved.err  # lines as they are now
