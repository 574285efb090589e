"""Are trade-off curves what solving every point by itself gives, and do they bend as curves of linear problems do?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from model.analyses.ask import AnalysisInput, ask
from model.analyses.frontier import BudgetCurve, WholePoint, budget_curve, never_worse, trade_curve, whole_point
from model.analyses.relaxed_limits import forget_affordable
from model.optimiser.plan import Plan
from model.optimiser.problem import Problem
from model.optimiser.search import Search, find_plan
from model.optimiser.stages import StageResult
from model.projection.replay import emissions
from tests.towns.money_town import LUMPY, Rows, Thing, budget, debt, found, fund, may_pay, target, town_with, village
from tests.towns.random_towns import random_case, random_problem

SHARES = np.linspace(0, 2, 9)
OPTIMAL = "optimal within the gaps asked"


def random_town(seed: int, lumpy: bool = True, pools: bool = False) -> Problem:
    """A random town with one target."""
    problem = random_problem(seed, random_case(seed, measures=6, pools=pools, lumpy=lumpy), 0.4)
    return replace(problem, limits=problem.limits[:1])


def scaled(problem: Problem, funds: tuple[int, ...], share: float) -> Problem:
    """The problem with some pots smaller or larger, built anew."""
    money = problem.financing
    assert money is not None
    budgets = money.budget.copy()
    budgets[:, list(funds)] *= share
    return replace(problem, financing=replace(money, budget=budgets))


def alone(problem: Problem, plan: Plan | None = None) -> float:
    """Least worst shortfall in t of one point, relaxed or with the units of a plan."""
    search = Search(problem)
    forget_affordable(search)
    if plan is None:
        return 1e3 * search.settle_stage(0).objective
    search.take_proportions(plan)
    search.fix_units(plan)
    return 1e3 * search.engine.solve_stage(0).objective


def swept(problem: Problem, funds: tuple[int, ...] = (0, 1)) -> tuple[Plan, BudgetCurve]:
    plan = find_plan(problem)
    return plan, budget_curve(Search(problem), plan, 0, funds, SHARES)


def convex(values: np.ndarray, slack: float) -> bool:
    return bool(np.all(np.diff(values, 2) >= -slack))


# --- budgets against emissions ------------------------------------------------------------------------


def test_a_curve_is_as_by_hand() -> None:
    """Of 10 MSEK: relaxed, 10 t a MSEK for two lumps, then a tonne a MSEK. With the plan's one lump there is no plan
    without the money for it.
    """
    there = town_with(LUMPY, 10, limit=-1000)
    curve = budget_curve(Search(there.problem), there.plan, 0, (0,), np.array([0.0, 0.5, 1.0, 1.5, 2.0, 2.5]))
    assert_allclose(curve.budget, [0, 5, 10, 15, 20, 25])
    assert_allclose(curve.relaxed, 2000 - np.array([0, 50, 100, 150, 200, 205]), atol=1e-3)
    assert_allclose(curve.fixed, 2000 - np.array([np.nan, np.nan, 100, 105, 110, 115]), atol=1e-3)
    assert curve.difference < 1e-3


@pytest.mark.parametrize("seed", range(4))
def test_a_curve_is_every_point_solved_by_itself(seed: int) -> None:
    problem = random_town(seed)
    plan, curve = swept(problem)
    for index, share in enumerate(SHARES):
        point = scaled(problem, (0, 1), share)
        assert_allclose(curve.relaxed[index], alone(point), rtol=1e-6, atol=0.1)
        if np.isfinite(curve.fixed[index]):
            assert_allclose(curve.fixed[index], alone(point, plan), rtol=1e-6, atol=0.1)
    assert np.isfinite(curve.fixed[SHARES >= 1]).all()
    money = problem.money
    assert money is not None
    assert_allclose(curve.budget, SHARES * money.budget[0, problem.first])


@pytest.mark.parametrize("seed", range(4))
def test_more_money_is_never_worse_and_buys_less_and_less(seed: int) -> None:
    _, curve = swept(random_town(seed))
    assert np.all(np.diff(curve.relaxed) <= 0.1) and convex(curve.relaxed, 0.1)
    known = np.isfinite(curve.fixed)
    assert np.all(np.diff(curve.fixed[known]) <= 0.1) and convex(curve.fixed[known], 0.1)
    assert np.all(curve.fixed[known] >= curve.relaxed[known] - 0.1)
    assert curve.relaxed[0] > curve.relaxed[-1] + 1  # money matters in these towns


@pytest.mark.parametrize("seed", range(3))
def test_without_whole_units_the_curve_goes_through_the_plan(seed: int) -> None:
    problem = random_town(seed, lumpy=False)
    plan, curve = swept(problem)
    at = int(np.flatnonzero(SHARES == 1)[0])
    size = 1e3 * Search(problem).scales[0]
    assert_allclose([curve.relaxed[at], curve.fixed[at]], 1e3 * plan.objectives[0], atol=2e-6 * size + 0.1)


@pytest.mark.parametrize("seed", [0, 2])
def test_with_pools_a_curve_says_how_far_its_points_are_from_their_projection(seed: int) -> None:
    problem = random_town(seed, pools=True)
    plan, curve = swept(problem)
    at = int(np.flatnonzero(SHARES == 1)[0])
    left = 1e3 * plan.objectives[0] - curve.fixed[at]  # a plan may leave room within the gap to later stages
    assert -curve.difference - 0.1 <= left <= 1e3 * Search(problem).tolerance(0) + curve.difference
    assert curve.relaxed[at] <= 1e3 * plan.objectives[0] + 0.1
    known = np.isfinite(curve.fixed)
    assert np.all(curve.relaxed[known] <= curve.fixed[known])
    assert np.all(np.diff(curve.relaxed) <= 0) and np.all(np.diff(curve.fixed[known]) <= 0)
    size = 1e3 * Search(problem).scales[0]
    assert curve.difference < 2e-3 * size


def bonded() -> Problem:
    """10 MSEK of cash, and a bond that may borrow 100 and lifts the ceiling by 6."""
    borrowed: Rows = [
        budget("cash", 10, 2027),
        budget("bond", 100, 2027),
        budget("cash", 0, 2028),
        budget("bond", 0, 2028),
    ]
    town = village(
        2030,
        {"sea": Thing(10, capital=1, most=90, whole=False, green_label="green")},
        funds=[fund("cash", 1, kind="municipal_investment"), fund("bond", 2, kind="green_bond")],
        budgets=borrowed,
        eligibility=[may_pay("cash", "town"), may_pay("bond", "town")],
        debts=[debt("bond", "cash", lift=6)],
        green_categories=[{"green_label": "green"}],
        targets=[target(0)],
    )
    return found(town, targets=["low"]).problem


def test_what_a_bond_lifts_the_ceiling_by_is_not_swept_with_the_pot() -> None:
    """At any share of the 10 MSEK the ceiling is 6 higher, every year; the bond has money in the first."""
    problem = bonded()
    plan, curve = swept(problem, (0,))
    assert_allclose(curve.relaxed, 1000 - np.minimum(10 * (10 * SHARES + 6), 900), atol=1e-2)
    assert_allclose(curve.relaxed, [alone(scaled(problem, (0,), share)) for share in SHARES], atol=1e-2)
    assert_allclose(1e3 * plan.objectives[0], 840, atol=1e-2)


def test_a_pot_that_pays_for_nothing_makes_a_level_curve() -> None:
    """Nobody in the village may use the second pot."""
    pots: Rows = [budget("pot", 10, 2027), budget("other", 10, 2027)]
    funds, rights = [fund("pot", 1), fund("other", 2)], [may_pay("pot", "town")]
    things = {"good": Thing(100, capital=100, whole=False)}
    there = found(
        village(2027, things, funds=funds, budgets=pots, eligibility=rights, targets=[target(0, 2027)]), targets=["low"]
    )
    curve = budget_curve(Search(there.problem), there.plan, 0, (1,), np.array([0.0, 1.0, 2.0]))
    assert_allclose([curve.relaxed, curve.fixed], 990, atol=1e-3)
    curve = budget_curve(Search(there.problem), there.plan, 0, (0,), np.array([0.0, 1.0, 2.0]))
    assert_allclose(curve.relaxed, [1000, 990, 980], atol=1e-3)


# --- whole units found anew ---------------------------------------------------------------------------


def test_points_with_whole_units_are_plans_with_status_and_bound() -> None:
    there = town_with(LUMPY, 10, limit=-1000)
    points = [whole_point(there.problem, (0,), share) for share in (0.5, 1.0, 2.0)]
    assert_allclose([point.budget for point in points], [5, 10, 20])
    assert_allclose([point.value for point in points], [1995, 1900, 1800], atol=1e-2)
    assert all(point.status == OPTIMAL and point.bound <= point.value + 1e-6 for point in points)


def test_a_point_without_a_plan_is_said_to_have_none() -> None:
    """The must cannot be paid for with half of the money."""
    there = town_with(LUMPY, 10, limit=-1000, require=["lump"])
    point = whole_point(there.problem, (0,), 0.5)
    assert point.status == "no plan" and np.isnan(point.value) and np.isnan(point.bound)
    curve = budget_curve(Search(there.problem), there.plan, 0, (0,), np.array([0.0, 1.0]))
    assert np.isnan(curve.relaxed[0]) and np.isfinite(curve.relaxed[1])


def test_no_point_is_worse_than_one_for_less_money() -> None:
    """A plan that less money pays for is a plan for more; its bound is that of the search for more, if there is one."""
    first = StageResult("worst shortfall", "kt CO2e", 2.0, 0.0, 1.9, 10.0, 0.1, "no pools")
    later = replace(first, name="cost", value=50.0, bound=None, is_cost=True)

    def point(budget: float, worst: float, cost: float) -> WholePoint:
        return WholePoint(budget, (replace(first, value=worst), replace(later, value=cost)), False)

    nothing = WholePoint(30, (), False)
    points = [point(10, 2.5, 5), point(20, 2.6, 1), nothing, point(40, 2.5, 4), point(50, 2.0, 90)]
    found_ = never_worse([WholePoint(5, (), False), *points])
    assert [each.value for each in found_] == pytest.approx([np.nan, 2500, 2500, 2500, 2500, 2000], nan_ok=True)
    assert [each.budget for each in found_] == [5, 10, 20, 30, 40, 50]
    assert found_[2].bound == 1900 and np.isnan(found_[3].bound) and found_[4] == points[3]
    assert found_[0].status == "no plan" and found_[3].status == "feasible, gap not known"


@pytest.mark.processes
def test_points_are_found_in_processes_of_their_own_and_labelled() -> None:
    there = town_with(LUMPY, 10, limit=100)
    none = np.zeros(2, dtype=bool)
    asked = AnalysisInput(there.problem, there.plan, lambda: there.problem, None, none, ("pot",))
    analysis = ask("frontier", asked, points=5, whole_points=3, most=1.5)
    data = analysis.data
    assert_allclose(data.sweep_budget, [0, 3.75, 7.5, 11.25, 15])
    assert_allclose(data.sweep_relaxed, 1000 - 10 * data.sweep_budget, atol=1e-2)
    assert_allclose(data.sweep_whole_budget, [5, 10, 15])
    assert_allclose(data.sweep_whole, [995, 900, 895], atol=1e-2)
    assert list(data.sweep_whole_status.values) == [OPTIMAL] * 3
    assert np.all(data.sweep_whole_bound <= data.sweep_whole + 1e-3)
    assert (data.attrs["sweep_target"], data.attrs["sweep_year"], data.attrs["sweep_funds"]) == ("low", 2030, "pot")
    assert data.attrs["sweep_gap"] == pytest.approx(1e-6 * 1000)
    assert [row["budget"] for row in analysis.tables["frontier"]] == pytest.approx(list(data.sweep_budget.values))


def test_there_is_no_curve_without_money_limits_targets_or_pots() -> None:
    there = town_with(LUMPY, 10)
    none = np.zeros(2, dtype=bool)
    for problem, pots in (
        (replace(there.problem, financing=None), ("pot",)),
        (replace(there.problem, limits=()), ("pot",)),
        (there.problem, ()),
    ):
        asked = AnalysisInput(problem, there.plan, lambda: there.problem, None, none, pots)
        assert not ask("frontier", asked, points=3).data


# --- emissions against cost ----------------------------------------------------------------------------


def test_a_trade_curve_is_as_by_hand() -> None:
    """Least emissions: a unit of `good` in the first year, 4 x 100 t for 4 tenths of 10 MSEK. Half of the tonnes cost
    half of it (a year's charge for a year's tonnes, whenever it is started).
    """
    there = town_with({"good": Thing(100, capital=10, whole=False)}, 0, budgets="unlimited")
    curve = trade_curve(Search(there.problem), there.plan, 3)
    assert_allclose(curve.emissions, [3.6, 3.8, 4.0], atol=1e-5)
    assert_allclose(curve.relaxed, [4, 2, 0], atol=1e-3)
    assert_allclose(curve.fixed, [4, 2, 0], atol=1e-3)


@pytest.mark.parametrize("seed", range(5))
def test_less_emissions_cost_more_and_more(seed: int) -> None:
    problem = random_town(seed, pools=seed > 2)
    plan = find_plan(problem)
    curve = trade_curve(Search(problem), plan, 8)
    assert np.all(np.diff(curve.emissions) > 0)
    slack = 1e-4 * max(float(np.nanmax(curve.relaxed)), 1.0)
    assert np.all(np.diff(curve.relaxed) <= slack) and convex(curve.relaxed, slack)
    assert_allclose(curve.relaxed[-1], 0, atol=slack)
    known = np.isfinite(curve.fixed)
    assert np.all(curve.fixed[known] >= curve.relaxed[known] - slack)
    assert (curve.difference > 1e-3) <= (seed > 2)  # without pools the projection emits what the optimiser says


@pytest.mark.parametrize("seed", range(2))
def test_a_trade_curve_begins_at_the_least_emissions_there_are(seed: int) -> None:
    problem = replace(random_town(seed, lumpy=False), limits=())
    plan = find_plan(problem)
    curve = trade_curve(Search(problem), plan, 4)
    first, last = (problem.case.year_index(year) for year in problem.window)
    tonnes = emissions(problem.case, plan.outcome.activity, plan.outcome.flow)[0][:, :, first : last + 1]
    emitted = 1e-3 * float((problem.counted[:, :, None] * tonnes).sum())
    assert_allclose(curve.emissions[0], emitted, rtol=1e-5)
