"""Does every fault in the user's files give one clear message, all of them in one pass, and is nothing touched?

Each row of `BROKEN` breaks one thing in a copy of the toy town and says where the message must point and what it must
name. Lines are not counted here: a fault is expected in the line that was changed, or in one that holds a given text.
"""

from __future__ import annotations

import csv
import io
import random
import re
from pathlib import Path

import pytest

from model.cli.language import translated
from model.inputs.faults import Fault, Faults, InputFaults, Place, nearest
from tests.inputs.broken import COMMON, GOAL, TERMS, TITLE, TOY, Broken, fund_row, funds
from tests.inputs.broken_choices import CHOICES
from tests.inputs.broken_tables import TABLES
from tests.towns.broken_root import Said, call, toy_root, tree

BROKEN = [*TABLES, *CHOICES]


@pytest.fixture
def root(root: Path) -> Path:
    """The toy town with results of an earlier run."""
    results = root / "outputs" / "toy"
    results.mkdir(parents=True)
    (results / "results.nc").write_bytes(b"from before")
    (results / "manifest.json").write_text("{}", encoding="utf-8")
    return root


def checked(said: Said, count: int) -> list[str]:
    """The faults of a call that must have found so many, and nothing else."""
    assert said.code == 1, said
    assert said.out == "" and "Traceback" not in said.err
    counted = f"{count} fault{'s' if count > 1 else ''} in the input. Nothing was computed, nothing was changed."
    assert said.err.splitlines()[-1] == counted, said.err
    return said.faults


def matches(fault: str, place: str, broken: Broken) -> bool:
    return fault.startswith(place) and "; allowed: " in fault and all(word in fault for word in broken.words)


def test_names_are_unique() -> None:
    assert len({broken.name for broken in BROKEN}) == len(BROKEN) >= 25


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.name)
def test_one_fault_gives_one_message_and_touches_nothing(
    broken: Broken, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = broken.apply(root)
    before = tree(root)
    (fault,) = checked(call(capsys, root, "study", "toy"), 1)
    assert matches(fault, place, broken), (fault, place)
    assert tree(root) == before
    for part in parts(fault):
        assert PLAIN.fullmatch(part) or translated(part) != part, f"no Swedish for: {part}"


PLAIN = re.compile(r"'[^']*'|inputs/.*")
"""What is the same in every language: something typed, or a file."""


def parts(fault: str) -> list[str]:
    """What was found, and what is allowed, as they stand in a message."""
    said = re.sub(r" (Did you mean|The same in) .*$", "", fault).removesuffix(".")
    return said.partition("found ")[2].split("; allowed: ", 1)


def rounds() -> list[list[Broken]]:
    """All faults that do not hide others, in few groups; those of a group are in different files."""
    groups: list[list[Broken]] = []
    for broken in BROKEN:
        if broken.alone:
            continue
        for group in groups:
            if not any(broken.files & other.files for other in group):
                group.append(broken)
                break
        else:
            groups.append([broken])
    return groups


@pytest.mark.parametrize("group", rounds(), ids=lambda group: f"{len(group)} faults")
def test_all_faults_come_in_one_pass(group: list[Broken], root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    places = [broken.apply(root) for broken in group]
    faults = checked(call(capsys, root, "study", "toy"), len(group))
    for place, broken in zip(places, group, strict=True):
        assert sum(matches(fault, place, broken) for fault in faults) == 1, (place, broken.name, faults)


def test_faults_in_the_terms_of_several_grants_come_in_one_pass(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    more = fund_row("grant") + fund_row("grant", name="other")
    (root / TOY / "funds.csv").write_text(funds(more=more), encoding="utf-8")
    rows = "extra,no,0.5,kg/SEK_2026,0,0,toy,C,\nother,no,0.5,kg_CO2e/SEK_2020,0,0,toy,C,\noperating,no,0,,0,0,toy,C,\n"
    (root / TOY / "grants.csv").write_text(TERMS + rows, encoding="utf-8")
    faults = checked(call(capsys, root, "study", "toy"), 3)
    for line, words in ((2, "'kg/SEK_2026'"), (3, "'kg_CO2e/SEK_2020'"), (4, "'operating' of kind")):
        assert sum(fault.startswith(f"{TOY}/grants.csv:{line} ") and words in fault for fault in faults) == 1, faults


def test_musts_that_cannot_all_be_had_are_found_by_the_solver_and_touch_nothing(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Bio heat costs more than oil heat each year, so somebody must pay for operating it; nobody may."""
    text = "objective: least_emissions\nbudgets: {operating: 0 MSEK/year}\nrequire: [BIO]\n"
    (root / GOAL).write_text(TITLE + text, encoding="utf-8")
    before = tree(root / "outputs")
    (fault,) = checked(call(capsys, root, "optimise", "toy_fossil_free", "--municipality", "toy"), 1)
    assert fault.startswith(f"{GOAL}:4: found ") and f"'BIO' is required ({GOAL}:4)" in fault
    assert f"a unit needs 0.5 MSEK of support a year; fund 'operating' gives 0 MSEK a year ({GOAL}:3)" in fault
    assert tree(root / "outputs") == before


def test_faults_of_a_real_municipality(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Tables that the toy town does without."""
    root = toy_root(tmp_path, "ostersund")
    town = "inputs/ostersund"
    changes = {
        f"{town}/fleet.csv": ("electric_car_km", "electric_cars_km", "[activity]: found 'electric_cars_km'"),
        f"{COMMON}/use.csv": (",kWh/km,", ",kWh,", "[unit]: found 'kWh'"),
        f"{town}/carrier_use.csv": ("industry_energy,", "industry_enrgy,", "Did you mean 'industry_energy'?"),
        f"{town}/parameters.csv": ("decay_rate,", "decay_rates,", "no parameter 'decay_rate' of 'landfill_methane'"),
        f"{town}/pathways.csv": ("t_CO2e", "GWh", "[unit]: found 'GWh'"),
        f"{town}/catalogue.csv": ("\nBF03,", "\nBF93,", "[measure]: found 'BF93'"),
        f"{COMMON}/blends.csv": ("petrol,", "pertol,", "Did you mean 'petrol'?"),
        "scenarios/portfolios/mobility.yaml": ("levels:\n", "levels:\n  XX99: {2030: 1 km}\n", "measure 'XX99'"),
    }
    for file, (old, new, _) in changes.items():
        text = (root / file).read_text(encoding="utf-8")
        assert old in text, file
        (root / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    said = call(capsys, root, "check")
    assert said.code == 1 and len(said.faults) == len(changes), said.err
    for file, (_, _, words) in changes.items():
        assert sum(fault.startswith(file) and words in fault for fault in said.faults) == 1, (file, said.faults)


def test_a_parameter_of_vehicles_that_is_missing_is_told_once_with_its_meaning_and_unit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not told is what follows: that buses do not emit what the inventory says."""
    root = toy_root(tmp_path, "ostersund")
    path = root / COMMON / "parameters.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("mileage,bus,", "milage,bus,"), encoding="utf-8")
    (fault,) = call(capsys, root, "check").faults
    line = text[: text.index("mileage,bus,")].count("\n") + 1
    instead = f"but 'milage' in {COMMON}/parameters.csv:{line}; allowed: "
    assert f"found no parameter 'mileage' of 'bus' for path 'all', {instead}" in fault
    assert "a row with path 'all' that says kilometres of a vehicle a year, in km/vehicle/year." in fault


JUNK = ("", "nan", "-1", "x", "1e400", "0", "€", "2024;3", '"', "1,5", "toy", "PATH", "car_km", "2024", "co2", "GWh")


def damaged(seed: int, root: Path) -> None:
    """One cell of a table overwritten, or one row doubled or lost."""
    rng = random.Random(seed)
    path = rng.choice(sorted((root / "inputs").rglob("*.csv")))
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    line = rng.randrange(len(rows))
    what = rng.choice(("cell", "cell", "cell", "doubled", "lost"))
    if what == "cell":
        rows[line][rng.randrange(len(rows[line]))] = rng.choice(JUNK)
    elif what == "doubled":
        rows.insert(line, rows[line])
    else:
        rows.pop(line)
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")


def test_whatever_is_damaged_nothing_worse_than_a_fault_comes_of_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two damages at a time in towns of their own: found, or harmless, never a fault of the toolkit."""
    for seed in range(40):
        root = toy_root(tmp_path / str(seed))
        damaged(2 * seed, root)
        damaged(2 * seed + 1, root)
        said = call(capsys, root, "check", "toy")
        assert said.code in (0, 1), (seed, said.err)
        assert "Traceback" not in said.err and bool(said.faults) == bool(said.code), (seed, said.err)


def test_a_fault_repeated_down_a_column_is_shown_once(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = root / TOY / "potentials.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",toy,C,", ",toy,D,"), encoding="utf-8")
    said = call(capsys, root, "check", "toy")
    (line,) = said.faults
    assert line.startswith(f"{TOY}/potentials.csv:2 [confidence]: found 'D'")
    assert line.endswith("The same in lines 3, 4, 5 (4 in all).")
    assert said.err.splitlines()[-1].startswith("4 faults")


# --- the collector ---------------------------------------------------------------------------------


def test_what_follows_from_a_refused_row_is_not_said_again() -> None:
    faults, place = Faults(), Place("file.csv", 2)
    faults.reject("owners", ["household", "1"])
    faults.add(place, "'household'", "an owner", ["farm"], "household", depends_on=("owners",))
    faults.add(place, "shares that add up to 0.5", "1", depends_on=("owners",))
    assert not faults
    faults.add(place, "'houshold'", "an owner", ["farm"], "houshold", depends_on=("owners",))
    faults.add(place, "'household'", "an owner", ["farm"], "household", depends_on=("measures",))
    faults.add(place, "shares that add up to 0.5", "1")
    assert [(fault.found, fault.nearest) for fault in faults.found] == [
        ("'houshold'", "household"),
        ("'household'", ""),
        ("shares that add up to 0.5", ""),
    ]
    faults.incomplete.add("measures")
    faults.add(place, "'nobody'", "a measure", ["somebody"], "nobody", depends_on=("measures",))
    assert len(faults.found) == 3


def test_faults_are_sorted_and_the_same_is_said_once() -> None:
    later, sooner = Fault(Place("b.csv", 3), "x", "y"), Fault(Place("b.csv", 2, "unit"), "x", "y", "z")
    other = Fault(Place("a.csv"), "x", "y")
    error = InputFaults([later, sooner, later, other])
    assert [str(fault) for fault in error.faults] == [
        "a.csv: found x; allowed: y.",
        "b.csv:2 [unit]: found x; allowed: y. Did you mean 'z'?",
        "b.csv:3: found x; allowed: y.",
    ]


@pytest.mark.parametrize(("name", "expected"), [("EV011", "EV01"), ("ev01", "EV01"), ("zzz", ""), ("", "")])
def test_nearest_name(name: str, expected: str) -> None:
    assert nearest(name, ["EV01", "EV12", "HVO"]) == expected
