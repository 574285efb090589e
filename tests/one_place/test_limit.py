"""Is one file enough for a limit of the optimiser? A plan keeps it; it is re-checked, priced, lifted and told."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.one_place.copy import command_line, project_copy, replace_in, touched

FILE = "model/optimiser/limits/leaders.py"
LIMIT = '''"""How much can be started at once? There are few who can lead it."""

from __future__ import annotations

import numpy as np

from model.optimiser.formulation.variables import Formulation, Index, Rows, units_of
from model.optimiser.limits.record import Limit, Membership, Rechecks, Relaxation, Seen, worst
from model.optimiser.limits.words import Told
from model.optimiser.problem import Problem

MOST = 5.0


def leaders(f: Formulation) -> Rows:
    """sum over measures of new_units[m,y] <= 5  [units/year]."""
    for y in f.years:
        coefs, names = [], []
        for m in f.usable:
            more, units = units_of(f, m, y, True)
            coefs, names = coefs + more, names + units
        yield (y,), None, coefs, names, MOST


def _recheck(seen: Seen) -> Rechecks:
    started = seen.plan.new_units.sum(axis=0)
    yield "leaders", worst(started - MOST, np.full_like(started, MOST))


def _priced(problem: Problem, index: Index) -> tuple[str, str]:
    return "all measures", "unit"


def _tell(told: Told, y: int) -> str:
    return f"at most {MOST:g} units can be started in {told.problem.start + y}"


LEADERS = Limit(
    rows=leaders,
    recheck=_recheck,
    priced=_priced,
    relaxable=Relaxation("speed"),
    clash=Membership("leaders", 43, _tell),
)
'''
GOAL = "toy_fossil_free"
TOWN = ("--municipality", "toy")
SHARED = f"explain_{GOAL}/plans/{GOAL}.central"
CLASH = """title: {sv: Prov, en: Test}
objective: least_cost
require: [PATH, POINT]
budgets: unlimited
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project where a plan was asked for without the limit, and then with it."""
    root = project_copy(tmp_path_factory.mktemp("project"))
    with command_line(root) as run:
        run("explain", GOAL, *TOWN)
    (root / "outputs").rename(root / "without")
    (root / FILE).write_text(LIMIT, encoding="utf-8")
    with command_line(root) as run:
        run("explain", GOAL, *TOWN)
    return root


def started(folder: Path) -> dict[int, float]:
    """Year: new units of all measures together in the plan that was found."""
    plan = YAML(typ="safe").load(folder / f"explain_{GOAL}/portfolios/{GOAL}.central.yaml")
    total: dict[int, float] = {}
    for units in plan["found"]["new_units"].values():
        for year, number in units.items():
            total[year] = total.get(year, 0.0) + number
    return total


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / SHARED / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def part(folder: Path, name: str) -> float:
    """Tonnes of a part of the gap."""
    (row,) = [row for row in table(folder, "gap.csv") if row["part"] == name]
    return float(row["tonnes"])


def test_one_file_is_all_that_is_added(root: Path) -> None:
    assert {name for name in touched(root) if not name.startswith("without/")} == {FILE}


def test_the_plan_keeps_it_where_it_would_not_without(root: Path) -> None:
    most = 5 * (1 + 1e-6)
    assert max(started(root / "without").values()) > most >= max(started(root / "outputs").values())


def test_the_certificate_has_it_re_checked(root: Path) -> None:
    certificate = json.loads((root / "outputs" / SHARED / "certificate.json").read_text(encoding="utf-8"))
    assert certificate["limits"]["leaders"]["violation"] <= certificate["allowed_violation"]
    assert certificate["limits"]["leaders"]["slack"] == pytest.approx(0, abs=1e-4)


def test_it_has_a_price_in_its_unit(root: Path) -> None:
    prices = [row for row in table(root / "outputs", "prices.csv") if row["limit"] == "leaders"]
    assert {row["year"] for row in prices} == {"2027", "2028", "2029", "2030"}
    assert all((row["of"], row["unit"]) == ("all measures", "t per unit") for row in prices)
    assert all(float(row["relaxed"]) > 100 for row in prices)


def test_it_is_lifted_with_what_takes_time(root: Path) -> None:
    """More is missed with it, and without it and the ramps nothing is missed, as before."""
    without, there = root / "without", root / "outputs"
    assert part(there, "plan") > part(without, "plan") + 1000
    assert part(there, "money") < 1  # there is money for more than five units
    assert part(there, "speed") == pytest.approx(part(there, "plan"), abs=1)
    assert part(there, "nothing here closes") == pytest.approx(part(without, "nothing here closes"), abs=1)


def test_a_clash_tells_it_in_its_words(root: Path) -> None:
    replace_in(root / FILE, "MOST = 5.0", "MOST = 1.5")
    (root / "scenarios/goals/clash.yaml").write_text(CLASH, encoding="utf-8")
    with command_line(root) as run:
        said = " ".join(run("optimise", "clash", *TOWN, code=1).err.split())  # folded at 120
    assert "at most 1.5 units can be started in 2027" in said
    assert "'PATH' is required" in said and "'POINT' is required" in said and "ramp" not in said
