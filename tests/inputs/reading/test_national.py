"""National rows beside a municipality's own: what is taken counts, what is the municipality's own wins."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from model import ROOT
from model.inputs.columns.activities import Activity, Parameter, Use
from model.inputs.columns.base import Row
from model.inputs.columns.measures import Area, Cost, Effect, Measure, OwnerShare
from model.inputs.columns.money import Eligibility, Fund
from model.inputs.faults import Faults
from model.inputs.municipality import Municipality, load
from model.inputs.reading.national import CATALOGUED
from model.studies.fingerprint import input_hashes

TOWN = "inputs/template"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for part in ("inputs/common", TOWN, "inputs/toy"):
        shutil.copytree(ROOT / part, tmp_path / part)
    return tmp_path


def read(root: Path, name: str = "template") -> tuple[Municipality, list[str]]:
    faults = Faults()
    town = load(name, root, faults)
    assert town is not None
    return town, [str(fault) for fault in faults.found]


def change(root: Path, file: str, old: str, new: str) -> None:
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, (file, old)
    path.write_text(text.replace(old, new), encoding="utf-8")


def the(town: Municipality, kind: type[Row], holds: Callable[[Row], bool]) -> Row:
    (row,) = (each for each in town.rows(kind) if holds(each))
    return row


def test_cells_left_blank_are_the_catalogues_and_others_the_municipalitys(root: Path) -> None:
    town, faults = read(root)
    assert faults == []
    car = the(town, Measure, lambda row: row.measure == "EV01")
    assert (car.label_sv, car.lifetime, car.ramp) == ("Personbilar till eldrift", 15, 500)
    petrol = the(town, Activity, lambda row: row.activity == "petrol_car_km")
    assert (petrol.driver, petrol.pool) == ("constant", "car_km")


def test_a_cell_says_in_which_file_it_stands(root: Path) -> None:
    town, _ = read(root)
    car = the(town, Measure, lambda row: row.measure == "EV01")
    assert str(town.place(car, "ramp")) == f"{TOWN}/measures.csv:4 [ramp]"
    assert str(town.place(car, "lifetime")) == "inputs/common/measures.csv:2 [lifetime]"
    assert str(town.place(car)) == f"{TOWN}/measures.csv:4"


def test_what_is_taken_brings_its_national_rows_and_nothing_else(root: Path) -> None:
    town, _ = read(root)
    for kind in (Effect, Cost, OwnerShare):
        assert {row.measure for row in town.rows(kind)} == {"EV01", "HE01", "EV09"}
    assert {row.activity for row in town.rows(Use)} <= {row.activity for row in town.rows(Activity)}
    assert {row.fund for row in town.rows(Eligibility)} <= {row.fund for row in town.rows(Fund)}
    assert {row.category for row in town.rows(Area)} == {"sustainable_travel", "renewable_energy"}
    assert any(row.parameter == "mileage" for row in town.rows(Parameter))


def test_rows_come_in_the_order_of_the_municipality(root: Path) -> None:
    path = root / TOWN / "measures.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines[:-3], *reversed(lines[-3:])]) + "\n", encoding="utf-8")
    town, _ = read(root)
    assert [row.measure for row in town.rows(Measure)] == ["EV09", "HE01", "EV01"]
    assert list(dict.fromkeys(row.measure for row in town.rows(Cost))) == ["EV09", "HE01", "EV01"]


def test_a_town_that_takes_nothing_sees_nothing_national() -> None:
    town, faults = read(ROOT, "toy")
    assert faults == []
    assert {town.place(row).file for rows in town.tables.values() for row in rows if type(row) in (Use, Effect)} == {
        "inputs/toy/effects.csv"
    }
    assert town.rows(Parameter) == () and town.rows(Area) == ()


def test_a_row_with_labels_is_the_municipalitys_own_whatever_its_name(root: Path) -> None:
    own = "EV01,Egen,Own,sustainable_travel,shift,km,5,0,2027,,,no,0,,,assumed_here,C,\n"
    path = root / TOWN / "measures.csv"
    kept = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("EV01")]
    path.write_text("\n".join([*kept, own]), encoding="utf-8")
    town, _ = read(root)
    assert {row.measure for row in town.rows(Effect)} == {"HE01", "EV09"}


def test_a_row_of_the_municipality_replaces_the_national_one_with_the_same_key(root: Path) -> None:
    row = "measure,item,year,value,unit,source,confidence,note\nEV01,capital,2026,99000,SEK_2026,assumed_here,C,\n"
    (root / TOWN / "costs.csv").write_text(row, encoding="utf-8")
    town, faults = read(root)
    assert faults == []
    capital = {row.year: row.value for row in town.rows(Cost) if (row.measure, row.item) == ("EV01", "capital")}
    assert capital == {2026: 99000, 2030: 15000}
    replaced = the(town, Cost, lambda row: row.value == 99000)
    assert str(town.place(replaced)) == f"{TOWN}/costs.csv:2"


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (f"{TOWN}/measures.csv", "EV01,", "EV0I,",
         f"{TOWN}/measures.csv:4 [measure]: found 'EV0I' without labels; allowed: one of the measures in"),
        (f"{TOWN}/measures.csv", "2027,500,", "2027,many,",
         f"{TOWN}/measures.csv:4 [ramp]: found 'many'; allowed: a number"),
        (f"{TOWN}/measures.csv", "2027,500,", ",500,",
         f"{TOWN}/measures.csv:4 [first_year]: found nothing; allowed: a whole number"),
        ("inputs/common/measures.csv", "electrify,car,15,", "electrify,car,ten,",
         "inputs/common/measures.csv:2 [lifetime]: found 'ten'; allowed: a whole number"),
        ("inputs/common/effects.csv", "EV01,petrol,activity,petrol_car_km,,am", "EV01,petrol,activity,petrol_car_km,,m",
         "inputs/common/effects.csv:2 [basis]: found 'mount'"),
        (f"{TOWN}/activities.csv", "home_heat_pump,,,,,,,,,,,,\n", "",
         f"{TOWN}/measures.csv:5 [measure]: found 'HE01', which moves 'home_heat_pump' (national catalogue)"),
    ],
)  # fmt: skip
def test_a_fault_names_the_file_and_line_it_stands_in(root: Path, file: str, old: str, new: str, said: str) -> None:
    change(root, file, old, new)
    _, faults = read(root)
    assert any(fault.startswith(said) for fault in faults), faults
    assert len(faults) == 1


def test_comment_lines_are_skipped_and_counted(root: Path) -> None:
    change(root, f"{TOWN}/potentials.csv", "EV01,2035,", '# later, "much" more\nEV01,2O35,')
    _, faults = read(root)
    assert len(faults) == 1 and faults[0].startswith(f"{TOWN}/potentials.csv:5 [year]: found '2O35'")


def test_results_depend_on_national_tables(root: Path) -> None:
    before = input_hashes(read(root)[0], {}, {})
    change(root, "inputs/common/costs.csv", "EV01,capital,2026,50000,", "EV01,capital,2026,50001,")
    after = input_hashes(read(root)[0], {}, {})
    assert {name for name in before if before[name] != after[name]} == {"inputs/common/costs.csv"}


def test_every_row_of_the_catalogue_is_used_and_so_checked_by_a_municipality() -> None:
    """So no national row can be faulty without a test that fails."""
    town, faults = read(ROOT, "ostersund")
    assert faults == []
    for table in CATALOGUED:
        path = ROOT / "inputs/common" / f"{table}.csv"
        national = {line.split(",")[0] for line in path.read_text(encoding="utf-8").splitlines()[1:]}
        taken = {
            str(getattr(row, row.key[0])) for row in town.tables[table] if "common" in town.place(row, "label_sv").file
        }
        assert national == taken
