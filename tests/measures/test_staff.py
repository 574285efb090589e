"""Is work counted, and does a plan wait for those who carry it out? Hand-made towns, random ones, and faults."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from numpy.testing import assert_allclose

from model.inputs.faults import Faults
from model.measures.staff import Staff
from model.optimiser.search import find_plan
from model.optimiser.verification import TOLERANCE, violations
from model.studies.study import prepare, run
from tests.towns.broken_root import DEPARTMENTS, WORKLOAD, add, call
from tests.towns.random_towns import random_case, random_problem

BOTH = """title: {sv: Båda, en: Both}
objective: least_emissions
budgets: unlimited
targets: [fossil_free]
exclude: [CAR, BIO, POINT]
gap: 0.000001
"""


@pytest.fixture
def root(root: Path) -> Path:
    """Toytown with two whole projects of two kilometres; a kilometre of the second takes half as much traffic."""
    add(root, "measures", "PATH,", "PATH2,", ",2027,2,,no,", ",2027,,2,no,")
    for table in ("owner_shares", "costs"):
        add(root, table, "PATH,", "PATH2,")
    add(root, "potentials", "PATH,", "PATH2,", ",10,km", ",2,km")
    text = (root / "inputs/toy/effects.csv").read_text(encoding="utf-8")
    halves = [line.replace("PATH", "PATH2") for line in text.splitlines() if line.startswith("PATH")]
    halves = [line.replace(",-1,", ",-0.5,").replace(",1,Mkm", ",0.5,Mkm") for line in halves]
    (root / "inputs/toy/effects.csv").write_text(text + "\n".join(halves) + "\n", encoding="utf-8")
    (root / "scenarios/goals/both.yaml").write_text(BOTH, encoding="utf-8")
    return root


def staffed(root: Path, persons: str, *work: str) -> None:
    folder = root / "inputs/toy"
    (folder / "departments.csv").write_text(DEPARTMENTS + persons, encoding="utf-8")
    (folder / "workload.csv").write_text(WORKLOAD + "\n".join(work) + "\n", encoding="utf-8")


def result(root: Path, scenario: str) -> xr.Dataset:
    batch = prepare("test", "toy", [scenario], ["central"], root, Faults())
    ((_, data, _),) = run(batch, 1, lambda _: None)
    return data


def started(data: xr.Dataset, measure: str) -> list[float]:
    return [float(value) for value in data.new_units.sel(measure=measure, year=slice(2027, 2029)).values.round(6)]


STREETS = "streets,Gata,Streets,2027,2,person,toy,C,\n"


@pytest.mark.limit("staff")
def test_a_department_that_can_do_one_project_a_year_delays_the_second(root: Path) -> None:
    free = result(root, "both")
    assert started(free, "PATH") == started(free, "PATH2") == [2, 0, 0]
    assert "workload" not in free and "department" not in free.coords
    staffed(root, STREETS, *(f"{name},streets,new_unit,1,person_year/km,toy,C," for name in ("PATH", "PATH2")))
    data = result(root, "both")
    assert started(data, "PATH") == [2, 0, 0]  # a kilometre of the first takes twice as much traffic
    assert started(data, "PATH2") == [0, 2, 0]
    assert_allclose(data.workload.sel(department="streets", year=[2027, 2028, 2029]), [2, 2, 0], atol=1e-6)
    assert_allclose(data.capacity.sel(department="streets"), 2)
    assert data.department_label_sv.item() == "Gata" and data.workload.attrs["units"] == "person"


def test_units_that_operate_need_their_staff_in_every_year(root: Path) -> None:
    staffed(
        root,
        STREETS,
        "PATH,streets,operating_unit,0.75,person/km,toy,C,",
        "PATH2,streets,new_unit,3,person_month/km,toy,C,",
    )
    data = result(root, "both")
    assert started(data, "PATH") == [2, 0, 0]  # 1.5 of 2 persons in every year, and half a one for the other in 2027
    assert started(data, "PATH2") == [2, 0, 0]
    assert_allclose(data.workload.sel(department="streets", year=[2026, 2027, 2032]), [0, 2, 1.5], atol=1e-6)


def test_persons_are_constant_between_and_around_the_years_given(root: Path) -> None:
    staffed(root, STREETS + "streets,Gata,Streets,2030,5,person,toy,C,\n")
    assert_allclose(
        result(root, "toy_mix").capacity.sel(year=[2024, 2029, 2030, 2032], department="streets"), [2, 2, 5, 5]
    )


def test_a_typed_in_portfolio_is_counted_and_not_cut(root: Path) -> None:
    before = result(root, "toy_mix")
    staffed(root, STREETS, "BIO,streets,new_unit,1,person_year/GWh,toy,C,")
    data = result(root, "toy_mix")
    np.testing.assert_array_equal(data.level, before.level)
    assert_allclose(data.workload.sel(department="streets"), data.new_units.sel(measure="BIO"))
    assert float((data.workload - data.capacity).max()) == pytest.approx(22)  # 24 GWh started in 2032 by 2 persons


@pytest.mark.parametrize(
    ("persons", "work", "file", "words"),
    [
        (STREETS, "PAHT,streets,new_unit,1,person_year/km,toy,C,", "workload.csv:2 [measure]", "Did you mean 'PATH'"),
        (STREETS, "PATH,street,new_unit,1,person_year/km,toy,C,", "workload.csv:2 [department]", "mean 'streets'?"),
        (STREETS, "PATH,streets,new_unit,-1,person_year/km,toy,C,", "workload.csv:2 [value]", "of at least 0"),
        (STREETS, "PATH,streets,new_unit,1,person/km,toy,C,", "workload.csv:2 [unit]", "turns into person_year/km"),
        (STREETS, "PATH,streets,operating_unit,1,person/GWh,toy,C,", "workload.csv:2 [unit]", "into person/km"),
        (STREETS.replace(",2,", ",-2,"), "", "departments.csv:2 [value]", "of at least 0"),
        (STREETS.replace("person", "hour"), "", "departments.csv:2 [unit]", "a unit that turns into person"),
    ],
)  # fmt: skip
def test_faults_in_the_tables_are_told(
    persons: str, work: str, file: str, words: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    staffed(root, persons, work)
    said = call(capsys, root, "run", "toy_mix", "--municipality", "toy")
    assert said.code == 1
    (fault,) = said.faults
    assert fault.startswith(f"inputs/toy/{file}: found ") and words in fault, fault


@pytest.mark.parametrize("seed", range(30))
def test_on_random_towns_staff_is_kept_and_more_of_it_is_never_worse(seed: int) -> None:
    case = random_case(seed)
    rng = np.random.default_rng(seed)
    count, years = len(case.measures.names), len(case.years)
    need = rng.uniform(0, 1, (2, 2, count)) * (rng.random((2, 2, count)) < 0.6)
    capacity = rng.uniform(1, 15, (2, 1)) * np.ones(years)
    few = replace(random_problem(seed, case, None), staff=Staff(("a", "b"), capacity, need[0], 0.2 * need[1]))
    many = replace(few, staff=replace(few.staff, capacity=1.5 * capacity))
    plans = [find_plan(problem) for problem in (few, many)]
    for problem, plan in zip((few, many), plans, strict=True):
        broken = {name: worst for name, worst in violations(problem, plan).items() if worst > TOLERANCE}
        assert not broken
    poor, rich = (plan.objectives[0] for plan in plans)
    assert rich <= poor + 1e-5 * max(abs(poor), 1.0)


def test_the_check_outside_the_solver_sees_too_much_work() -> None:
    case = random_case(3)
    problem = random_problem(3, case, None)
    plan = find_plan(problem)
    work = plan.new_units.sum(axis=0).max()
    assert work > 1
    everyone = np.ones((1, len(case.measures.names)))
    staff = Staff(("all",), np.full((1, len(case.years)), work / 2), everyone, np.zeros_like(everyone))
    assert violations(replace(problem, staff=staff), plan)["staff all"] == pytest.approx(1.0)
