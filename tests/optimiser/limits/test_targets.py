"""Do plans meet budgets over years, energy targets and shares, from above and below? By pencil and on random towns.

The pencil town is `measured_town`: 12 000 t of fossil CO2 and 52 GWh a year, 100 Mkm by car and 10 by bicycle.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from model.build import PreparedCase
from model.inputs.municipality import Municipality
from model.inputs.schema import Goal
from model.optimiser.goal import problem_of
from model.optimiser.plan import AGREEMENT, Plan
from model.optimiser.problem import Problem
from model.optimiser.search import find_plan
from model.optimiser.verification import TOLERANCE, violations
from model.projection.indicators import missed, series
from model.projection.replay import emissions, replay
from model.scenarios.checks import checked
from model.vocabulary import FloatArray
from tests.towns.broken_root import call
from tests.towns.measured_town import YEARS, Rows, built, convert, cost, effect, measure, measured_town, potential
from tests.towns.shipped import with_rows
from tests.towns.small_town import TITLE, faults_of, subsectors

AT = {int(year): index for index, year in enumerate(YEARS)}
USUAL: dict[str, Any] = {"budgets": "unlimited", "gap": 1e-6}
EXACT: dict[str, Any] = {"rtol": 1e-6, "atol": 1e-5}


def target(name: str, indicator: str, year: int, limit: float, unit: str, hold: str = "from", **more: Any) -> Any:
    """A row of `targets`."""
    row = {"target": name, "indicator": indicator, "year": year, "limit": limit, "unit": unit, "hold": hold}
    return row | {"priority": 1, "evaluable": "yes"} | more


def solved(town: Municipality, *names: str, objective: str = "least_cost") -> tuple[PreparedCase, Problem, Plan]:
    """The best plan for targets, money unlimited; it keeps every limit."""
    case = built(town)
    assert not faults_of(town)
    goal = Goal.model_validate({"title": TITLE, "objective": objective, "targets": list(names), **USUAL})
    problem = problem_of(checked(goal, town), case)
    plan = find_plan(problem)
    assert plan.difference <= AGREEMENT
    assert not {name for name, worst in violations(problem, plan).items() if worst > TOLERANCE}
    return case, problem, plan


def level(case: PreparedCase, plan: Plan, name: str) -> dict[int, float]:
    """Units of a measure that operate, by year, where there are some."""
    mine = plan.level[case.case.measures.mode_measure == case.case.measures.names.index(name)].sum(axis=0)
    return {year: float(mine[at]) for year, at in AT.items() if mine[at] > 1e-6}


def shown(case: PreparedCase, plan: Plan, indicator: str) -> FloatArray:
    """An indicator as the projection of a plan has it, over the years."""
    outcome = plan.outcome
    tonnes = emissions(case.case, outcome.activity, outcome.flow)
    return series(case.indicators[indicator].counts, tonnes, outcome.activity, outcome.flow)[0]


# --- budgets over years ------------------------------------------------------------------------------


def fuels(*targets: Any) -> Municipality:
    """HVO for a year at a time, 250 t a GWh: in sheds from 2030 on (1 MSEK), in cars at once (2, as it costs more)."""
    once = {"lifetime": 1}
    measures = [measure("LATE", first_year=2030, unit="GWh", **once), measure("EARLY", unit="GWh", **once)]
    effects: Rows = []
    for name, subsector in (("LATE", "sheds"), ("EARLY", "cars")):
        where = {"unit": "GWh", "subsector": subsector}
        effects += [effect(name, "carrier", "diesel", -1, **where), effect(name, "carrier", "hvo", 1, **where)]
    most = [potential("LATE", 10, unit="GWh"), potential("EARLY", 8, unit="GWh")]
    costs = [cost("EARLY", "fixed_cost", 1)]
    return measured_town(measures, effects, potentials=most, costs=costs, targets=list(targets))


def test_a_late_cheap_measure_meets_a_target_in_one_year_and_does_not_meet_a_budget() -> None:
    """11 000 t in 2030 is 4 GWh then. The same six times over is 6 000 t less: 10 GWh late and 14 early, at 1 and 2."""
    town = fuels(
        target("once", "fossil_co2", 2030, 11_000, "t_CO2e", "only"),
        target("budget", "fossil_co2", 2030, 6 * 11_000, "t_CO2e", "cumulative"),
    )
    case, _, plan = solved(town, "once")
    assert level(case, plan, "LATE") == pytest.approx({2030: 4}, rel=1e-6)
    assert level(case, plan, "EARLY") == {}
    case, _, plan = solved(town, "budget")
    assert level(case, plan, "LATE") == pytest.approx({2030: 10}, rel=1e-6)
    early = level(case, plan, "EARLY")
    assert sum(early.values()) == pytest.approx(14, rel=1e-6) and min(early) < 2030
    emitted = shown(case, plan, "fossil_co2")
    assert_allclose(emitted[1 : AT[2030] + 1].sum(), 66_000, **EXACT)
    assert_allclose(emitted[AT[2031] :], 12_000, **EXACT)
    assert plan.shortfall.max() <= 1e-3


def test_a_budget_that_began_in_the_past_counts_what_was_emitted_then() -> None:
    """From 2024 on there are 84 000 t; 58 GWh at most, 14 500 t, are saved: 3 500 t over 66 000, all of it in 2030."""
    town = fuels(target("budget", "fossil_co2", 2030, 66_000, "t_CO2e", "cumulative", since=2024))
    case, problem, plan = solved(town, "budget")
    assert problem.limits[0].since == 2024
    assert level(case, plan, "EARLY") == pytest.approx(dict.fromkeys(range(2025, 2031), 8), rel=1e-6)
    assert_allclose(plan.shortfall[0], np.where(YEARS == 2030, 3_500, 0), **EXACT)
    assert_allclose(plan.objectives[:2], 3.5, **EXACT)


def test_years_before_a_later_start_are_as_in_the_reference() -> None:
    """Deciding from 2028 on, three years less: 48 000 t are spent by 2027, and 34 GWh are all that can be saved."""
    town = fuels(target("budget", "fossil_co2", 2030, 66_000, "t_CO2e", "cumulative", since=2024))
    case = built(town)
    text = {"title": TITLE, "objective": "least_cost", "targets": ["budget"], "start": 2028, **USUAL}
    problem = problem_of(checked(Goal.model_validate(text), town), case)
    plan = find_plan(problem)
    assert_allclose(plan.shortfall[0, AT[2030]], 84_000 - 34 * 250 - 66_000, **EXACT)
    assert max(violations(problem, plan).values()) <= TOLERANCE


# --- energy ------------------------------------------------------------------------------------------


def savings(*targets: Any) -> Municipality:
    """Diesel saved in sheds (0.5 MSEK a GWh net), petrol in cars (2 net), HVO, which saves none, and another ledger."""
    names = {"SHED": ("diesel", "sheds", 2.5), "CAR": ("petrol", "cars", 4.0)}
    measures = [measure(name, lifetime=1, unit="GWh") for name in (*names, "HVO")]
    effects = [effect(name, "carrier", row[0], -1, unit="GWh", subsector=row[1]) for name, row in names.items()]
    where = {"unit": "GWh", "subsector": "sheds"}
    effects += [effect("HVO", "carrier", "diesel", -1, **where), effect("HVO", "carrier", "hvo", 1, **where)]
    ledger = [{"subsector": "supply", "sector": "heating", "perspective": "consumption"}]
    other = {"carrier": "electricity", "year": 2024, "value": 100, "unit": "GWh", "subsector": "supply"}
    energy = {"perspective": "territorial", "quantity": "energy"}
    return measured_town(
        measures, effects,
        subsectors=subsectors(cars="transport", paths="transport", sheds="heating") + ledger,
        carrier_use=[other, other | {"subsector": "sheds", "carrier": "diesel", "value": 10}],
        indicators=[
            {"indicator": "ghg_net", "perspective": "territorial", "gas": "all"},
            energy | {"indicator": "energy"}, energy | {"indicator": "energy", "carrier": "petrol"},
            energy | {"indicator": "oil", "carrier": "petrol"}, energy | {"indicator": "oil", "carrier": "diesel"},
            energy | {"indicator": "shed_energy", "subsector": "sheds"},
        ],
        potentials=[potential(name, most, unit="GWh") for name, most in (("SHED", 4), ("CAR", 10), ("HVO", 9))],
        costs=[cost(name, "fixed_cost", row[2]) for name, row in names.items()],
        targets=list(targets),
    )  # fmt: skip


def test_energy_is_counted_once_and_in_its_own_ledger() -> None:
    """30 petrol + 8 and 10 diesel + 4 electricity; the 100 GWh of the other ledger and a carrier named twice do not."""
    town = savings()
    case = built(town)
    flow = replay(case.case, find_plan(problem(town, case)).request(case.case.measures)).flow
    empty = np.zeros((1, 0, 0, len(YEARS)))
    values = {
        name: float(series(case.indicators[name].counts, empty, case.case.level, flow)[0, 0])
        for name in ("energy", "oil", "shed_energy")
    }
    assert values == pytest.approx({"energy": 52, "oil": 48, "shed_energy": 10})


def problem(town: Municipality, case: PreparedCase) -> Problem:
    goal = Goal.model_validate({"title": TITLE, "objective": "least_cost", **USUAL})
    return problem_of(checked(goal, town), case)


@pytest.mark.limit("target")
def test_an_energy_target_is_reached_by_saving_measures_in_the_order_of_their_cost() -> None:
    """46 GWh from 2030 on is 6 less: 4 in sheds at 0.5, then 2 in cars at 2. HVO would save tonnes, but no energy."""
    town = savings(target("less", "energy", 2030, 46_000, "MWh"))
    case, asked, plan = solved(town, "less")
    assert asked.limits[0].quantity == "energy"
    years = (2030, 2031, 2032)
    assert level(case, plan, "SHED") == pytest.approx(dict.fromkeys(years, 4.0), rel=1e-6)
    assert level(case, plan, "CAR") == pytest.approx(dict.fromkeys(years, 2.0), rel=1e-6)
    assert level(case, plan, "HVO") == {}
    assert_allclose(shown(case, plan, "energy"), np.where(YEARS >= 2030, 46, 52), **EXACT)


def test_an_energy_target_out_of_reach_is_missed_by_what_is_left_in_gwh() -> None:
    """All 14 GWh saved leave 38: 8 above 30 in each of three years, the stages of which are in GWh."""
    case, _, plan = solved(savings(target("less", "energy", 2030, 30, "GWh")), "less")
    assert_allclose(plan.shortfall[0], np.where(YEARS >= 2030, 8, 0), **EXACT)
    assert_allclose(plan.objectives[:2], [8, 24], **EXACT)
    assert level(case, plan, "CAR")[2030] == pytest.approx(10)


def test_a_target_on_named_carriers_leaves_the_others_alone() -> None:
    """At most 45 GWh of petrol and diesel in 2030 is 3 less: all in sheds. A budget of 86 for 2025 and 2026 is 10 less:
    4 in sheds each year, then HVO, which costs 1 and is another carrier, before petrol saved at 2.
    """
    town = savings(
        target("oil", "oil", 2030, 45, "GWh", "only"),
        target("budget", "oil", 2026, 2 * 48 - 10, "GWh", "cumulative"),
    )
    case, _, plan = solved(town, "oil")
    assert level(case, plan, "SHED") == pytest.approx({2030: 3}, rel=1e-6)
    case, _, plan = solved(town, "budget")
    saved = [sum(level(case, plan, name).values()) for name in ("SHED", "HVO", "CAR")]
    assert saved == pytest.approx([8, 2, 0], rel=1e-6)


# --- shares ------------------------------------------------------------------------------------------


def travel(cycled: float, units: float, *targets: Any) -> Municipality:
    """PATH takes a Mkm from the mix of cars and adds some by bicycle, for 2 MSEK a year; 1.5 persons are in a car."""
    shares = [
        {"indicator": name, "activity": activity, "weight": weight, "unit": "person",
         "counted": "yes" if (activity == "cycling_km") == (name == "cycling") else "no"}
        for name in ("cycling", "driving")
        for activity, weight in (("petrol_km", 1.5), ("diesel_km", 1.5), ("electric_km", 1.5), ("cycling_km", 1))
    ]  # fmt: skip
    return measured_town(
        [measure("PATH", lifetime=1)],
        [effect("PATH", "pool", "car_km", -1), effect("PATH", "activity", "cycling_km", cycled)],
        potentials=[potential("PATH", units)], costs=[cost("PATH", "fixed_cost", 2)],
        indicators=[{"indicator": "ghg_net", "perspective": "territorial", "gas": "all"}],
        shares=shares, targets=list(targets),
    )  # fmt: skip


@pytest.mark.parametrize(("indicator", "limit", "sense"), [("cycling", 25.0, "at_least"), ("driving", 75.0, "at_most")])
def test_a_share_is_reached_by_moving_from_the_car_pool_to_cycling(indicator: str, limit: float, sense: str) -> None:
    """150 + 10 Mpkm; a quarter is 40, so 30 more by bicycle: 20 units of 1.5. A unit costs 2 and saves 1.26: no more.

    20 of 100 Mkm taken from the mix leave 48 of 60 by petrol.
    """
    town = travel(1.5, 100, target("split", indicator, 2030, limit, "percent", sense=sense))
    case, _, plan = solved(town, "split")
    assert level(case, plan, "PATH") == pytest.approx(dict.fromkeys((2030, 2031, 2032), 20.0), rel=1e-6)
    assert_allclose(plan.outcome.activity[0, case.case.activities.index("petrol_km"), AT[2030] :], 48, **EXACT)
    before = 100 * 10 / 160 if indicator == "cycling" else 100 * 150 / 160
    assert_allclose(shown(case, plan, indicator), np.where(YEARS >= 2030, limit, before), **EXACT)


def test_a_share_is_exact_where_the_whole_changes_too() -> None:
    """Only a Mkm by bicycle for each by car: (10 + x) / (160 - x / 2) = 1/4 at x = 30 / 1.125."""
    town = travel(1, 100, target("split", "cycling", 2030, 0.25, "fraction", "only", sense="at_least"))
    case, _, plan = solved(town, "split")
    assert level(case, plan, "PATH") == pytest.approx({2030: 30 / 1.125}, rel=1e-6)
    assert shown(case, plan, "cycling")[AT[2030]] == pytest.approx(25, rel=1e-6)


def test_a_share_out_of_reach_shows_the_ratio_and_is_planned_at_the_whole_of_the_reference() -> None:
    """10 units: 20 of 155 is 12.9 %, 12.1 points short; the plan counts 38.75 - 20 of 160, 11.7 points."""
    town = travel(1, 10, target("split", "cycling", 2030, 25, "percent", "only", sense="at_least"))
    case, _, plan = solved(town, "split")
    split = case.targets["split"]
    ratio = shown(case, plan, "cycling")
    missing = missed(ratio, split.limit, split.sign)
    assert missing[AT[2030]] == pytest.approx(25 - 100 * 20 / 155, rel=1e-6)
    assert np.all(missing[YEARS != 2030] == 0)
    assert plan.shortfall[0, AT[2030]] == pytest.approx(100 * (0.25 * 155 - 20) / 160, rel=1e-6)


# --- what a plan looks at first ----------------------------------------------------------------------


def test_of_one_priority_tonnes_come_before_gwh() -> None:
    """Of two that exclude each other, HEAVY saves 1 250 t and 3 GWh, LIGHT 4 GWh only; the order in the goal is no
    matter. With another priority it is the other way round.
    """
    targets = [
        target("gwh", "energy", 2030, 0, "GWh", "only"),
        target("tonnes", "co2", 2030, 0, "t_CO2e", "only"),
    ]
    town = measured_town(
        [measure("HEAVY"), measure("LIGHT")],
        [*convert("HEAVY"), effect("LIGHT", "carrier", "electricity", -1, unit="GWh", subsector="cars")],
        potentials=[potential("HEAVY", 10), potential("LIGHT", 4)],
        relations=[{"measure": "HEAVY", "relation": "excludes", "other": "LIGHT"}],
        indicators=[
            {"indicator": "ghg_net", "perspective": "territorial", "gas": "all"},
            {"indicator": "co2", "perspective": "territorial", "gas": "co2"},
            {"indicator": "energy", "perspective": "territorial", "quantity": "energy"},
        ],
        targets=targets,
    )
    case, _, plan = solved(town, "gwh", "tonnes")
    assert level(case, plan, "HEAVY")[2030] == pytest.approx(10) and level(case, plan, "LIGHT") == {}
    assert_allclose(plan.shortfall[:, AT[2030]], [52 - 3, 12_000 - 1_250], **EXACT)
    first, second = town.tables["targets"]
    town = with_rows(town, "targets", (first, second.model_copy(update={"priority": 2})))
    case, _, plan = solved(town, "gwh", "tonnes")
    assert level(case, plan, "LIGHT")[2030] == pytest.approx(4) and level(case, plan, "HEAVY") == {}


# --- from the tables to the terminal -----------------------------------------------------------------


def test_since_is_the_first_decision_year_if_nothing_is_said() -> None:
    town = fuels(target("budget", "fossil_co2", 2030, 1, "t_CO2e", "cumulative"),
                 target("yearly", "fossil_co2", 2030, 1, "t_CO2e"))  # fmt: skip
    assert [each.since for each in built(town).targets.values()] == [2025, None]


def test_a_missed_share_is_told_in_percentage_points(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without money for paths, cycling keeps 10 of 110 Mkm, 5.91 points below 15 %; the budget is told in tonnes."""
    text = "title: {sv: a, en: a}\nobjective: least_cost\ntargets: [more_cycling, carbon_budget]\n"
    text += "budgets: {investment: 0 MSEK/year, operating: 0 MSEK/year}\nexclude: [CAR]\n"
    (root / "scenarios/goals/no_paths.yaml").write_text(text, encoding="utf-8")
    said = call(capsys, root, "optimise", "no_paths", "--municipality", "toy", "--strict")
    assert said.code == 3
    assert "target 'more_cycling' is out of reach by 5.91 percentage points in 2030." in said.err
    assert "target 'carbon_budget' is out of reach by 50 000 t in 2032." in said.err
    rows = (root / "outputs/no_paths/summary.csv").read_text(encoding="utf-8").splitlines()
    assert any(",shortfall:more_cycling,2030,5.909091,percent_point," in row for row in rows)


def test_a_town_with_no_target_on_tonnes_is_run_and_drawn(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = root / "inputs/toy/targets.csv"
    lines = [row for row in path.read_text(encoding="utf-8").splitlines() if "t_CO2e" not in row]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    study = "title: {sv: a, en: a}\nmunicipality: toy\nfutures: [central]\nscenarios: [toy_reference, toy_mix]\n"
    (root / "scenarios/studies/shares.yaml").write_text(study, encoding="utf-8")
    said = call(capsys, root, "study", "shares")
    assert said.code == 0, said.err
    assert "(percentage points). Invested" in " ".join(said.out.split())
    assert list((root / "outputs/shares/figures").glob("*.png"))
