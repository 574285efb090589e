"""Are alternatives plans in their own right, as good as was asked for, and different? What do all of them share?"""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from model.analyses.alternatives import USED, Alternative, alternatives, ranges, use_of
from model.analyses.ask import AnalysisInput, ask
from model.optimiser.plan import Plan
from model.optimiser.problem import Problem
from model.optimiser.search import Search, find_plan
from model.optimiser.verification import TOLERANCE, violations
from tests.towns.money_town import Found, Rows, Thing, budget, found, fund, may_pay, target, village
from tests.towns.random_towns import random_case, random_problem


def crossroads(things: dict[str, Thing], money: float, relations: Rows, **goal: object) -> Found:
    """A village at a crossroads: money in the first year, and measures that may rule each other out."""
    pots: Rows = [budget("pot", money, 2027), budget("pot", 0, 2028)]
    town = village(
        2030, things, funds=[fund("pot", 1)], budgets=pots, eligibility=[may_pay("pot", "town")],
        targets=[target(0)], relations=relations,
    )  # fmt: skip
    return found(town, targets=["low"], **goal)


TWINS = {
    "left": Thing(100, capital=10),
    "right": Thing(100, capital=10),
    "free": Thing(50, yearly=-2),
    "dear": Thing(1, capital=10),
}
"""10 MSEK: either `left` or `right`, `free` in any case, and nothing for `dear`."""
RULED_OUT: Rows = [{"measure": "left", "relation": "excludes", "other": "right"}]


def used(there: Found, plan: Plan) -> set[str]:
    names = there.problem.case.measures.names
    return {names[m] for m in np.flatnonzero(use_of(there.problem, plan) > USED)}


def test_two_measures_that_are_as_good_and_rule_each_other_out_are_both_found() -> None:
    there = crossroads(TWINS, 10, RULED_OUT)
    others = list(alternatives(Search(there.problem), there.plan, 5, 0.0, 0.0))
    assert len(others) == 2
    assert sorted(map(sorted, (used(there, each.plan) for each in others))) == [["free", "left"], ["free", "right"]]
    assert others[0].plan is there.plan and others[0].distance == 0
    assert others[1].distance == pytest.approx(2 / 4)  # two of four measures changed places


def test_what_all_plans_share_is_as_by_hand() -> None:
    """Whole units relaxed, any mix of `left` and `right` is as good; `free` cannot be left, `dear` not be had."""
    there = crossroads(TWINS, 10, [])
    span = ranges(Search(there.problem), there.plan, 0.0, 0.0)
    assert [span.role(m) for m in range(4)] == ["swing", "swing", "must_have", "never"]
    assert_allclose(span.least, [0, 0, 1, 0], atol=1e-4)
    assert_allclose(span.most, [1, 1, 1, 0], atol=1e-4)


def test_a_loss_makes_room_by_hand() -> None:
    """A hundredth of the base year's 1 000 t may be lost in every year, also in the sum of them: a fifth of `free` can
    be left. 10/99 of the 10 MSEK can go to `dear`, which loses 99 t of a unit of the others.
    """
    there = crossroads(TWINS, 10, [])
    span = ranges(Search(there.problem), there.plan, 0.01, 10.0)
    assert_allclose(span.least, [0, 0, 0.8, 0], atol=1e-3)
    assert_allclose(span.most, [1, 1, 1, 10 / 99], atol=1e-3)
    assert [span.role(m) for m in range(4)] == ["swing", "swing", "must_have", "swing"]


def test_how_much_dearer_a_plan_may_be_is_a_limit_of_its_own() -> None:
    """No dearer: a unit of `free` left costs 2 MSEK a year, one of `left` not started saves 1. For x of `free`, 2x of
    `left` must go, and 50 x + 200 x are the 10 t: 0.04.
    """
    there = crossroads(TWINS, 10, [])
    assert_allclose(ranges(Search(there.problem), there.plan, 0.01, 0.0).least, [0, 0, 0.96, 0], atol=1e-3)


def test_where_the_best_plan_is_the_only_one_there_is_no_other() -> None:
    there = crossroads({"good": Thing(100, capital=10), "bad": Thing(10, capital=10)}, 10, [])
    (only,) = alternatives(Search(there.problem), there.plan, 3, 0.0, 0.0)
    assert only.plan is there.plan


def test_use_is_the_mean_share_of_the_potential() -> None:
    """One of two lumps in all four years of decision."""
    there = crossroads({"lump": Thing(100, capital=10, most=2)}, 10, [])
    assert_allclose(use_of(there.problem, there.plan), [0.5])


# --- random towns ------------------------------------------------------------------------------------


def lost(problem: Problem, best: Plan, other: Plan) -> np.ndarray:
    """By how much each stage of the objective is worse in another plan, found with its units held, in their units."""
    search = Search(problem)
    search.take_proportions(other)
    engine = search.engine
    level, first = other.level, problem.first
    for name, values in (("level", level), ("new_units", other.new_units / search.formulation.size[:, None])):
        index, columns = search.reading.named[name]
        engine.fix(columns, values[index[:, 0], first + index[:, 1]], give=1e-6)
    found_ = [engine.solve_stage(stage).objective for stage in range(len(search.formulation.stages))]
    return np.array(found_) - np.array(best.objectives)


@pytest.mark.parametrize("seed", range(4))
def test_every_alternative_is_a_plan_within_the_loss_at_every_stage(seed: int) -> None:
    problem = random_problem(seed, random_case(seed, measures=6, pools=seed > 1), 0.4, gap=1e-4)
    plan = find_plan(problem)
    loss, cost_loss = 0.02, 0.2
    others = list(alternatives(Search(problem), plan, 3, loss, cost_loss))
    assert len(others) > 1
    scales = np.array(Search(problem).scales)
    room = np.where(scales > 0, loss * scales, cost_loss * np.abs(plan.objectives))
    for each in others[1:]:
        assert each.plan.agrees
        assert max(violations(problem, each.plan).values()) <= TOLERANCE
        assert np.all(
            lost(problem, plan, each.plan) <= room + 2e-5 * np.maximum(scales, np.abs(plan.objectives)) + 1e-5
        )
    check_distances(others)


def check_distances(others: list[Alternative]) -> None:
    """Distances are those of uses, and no two plans are the same."""
    for number, each in enumerate(others[1:], 1):
        nearest = min(np.abs(each.use - before.use).mean() for before in others[:number])
        assert each.distance == pytest.approx(nearest) and nearest > USED / len(each.use)


@pytest.mark.parametrize("seed", range(3))
def test_no_plan_is_outside_the_ranges(seed: int) -> None:
    problem = random_problem(seed, random_case(seed, measures=6, pools=False), 0.4, gap=1e-4)
    plan = find_plan(problem)
    span = ranges(Search(problem), plan, 0.02, 0.2)
    for each in alternatives(Search(problem), plan, 3, 0.02, 0.2):
        assert np.all(each.use >= span.least - 1e-4) and np.all(each.use <= span.most + 1e-4)
    tight = ranges(Search(problem), plan, 0.001, 0.2)
    assert np.all(tight.least >= span.least - 1e-4) and np.all(tight.most <= span.most + 1e-4)


def test_tables_and_data_say_the_same_of_alternatives() -> None:
    there = crossroads(TWINS, 10, RULED_OUT)
    asked = AnalysisInput(there.problem, there.plan, lambda: there.problem, None, np.zeros(4, dtype=bool), ())
    analysis = ask("alternatives", asked, number=2, loss=0.0, cost_loss=0.0)
    data = analysis.data.assign_coords(measure=list(there.problem.case.measures.names))
    assert data.use.shape == (2, 4) and len(analysis.plans) == 1
    for row in analysis.tables["alternatives"]:
        there_ = data.sel(measure=row["measure"])
        assert row["role"] == str(there_.role.values)
        assert [row["plan_0"], row["plan_1"]] == pytest.approx(list(there_.use.values))
        assert (row["least"], row["most"]) == (float(there_.use_least), float(there_.use_most))
