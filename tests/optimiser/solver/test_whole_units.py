"""Are whole units that a dive or a search finds whole, possible and as good as they are said to be?"""

from __future__ import annotations

import numpy as np
import pyomo.environ as pyo
import pytest

from model.optimiser.search import Search
from model.optimiser.solver import branching
from model.optimiser.solver.arrays import compiled
from model.optimiser.solver.diving import dive
from model.optimiser.solver.lexicographic import LexicographicSolver
from model.optimiser.solver.linear import Infeasible
from tests.towns.random_towns import random_case, random_problem

BEST, RELAXED = -40.0, -41.25
ENOUGH = 1e9


def by_hand(least: float = 0.0) -> LexicographicSolver:
    """Most 8 x + 5 y with x + y <= 6 and 9 x + 5 y <= 45: (5, 0), or (3.75, 2.25) without whole units."""
    model = pyo.ConcreteModel()
    model.x, model.y = (pyo.Var(bounds=(0, 10), domain=pyo.NonNegativeIntegers) for _ in range(2))
    model.count = pyo.Constraint(expr=model.x + model.y <= 6)
    model.weight = pyo.Constraint(expr=9 * model.x + 5 * model.y <= 45)
    model.least = pyo.Constraint(expr=model.x + 2 * model.y >= least)
    model.worth = pyo.Objective(expr=-8 * model.x - 5 * model.y)
    return LexicographicSolver(compiled(model))


def knapsack(items: int = 24) -> LexicographicSolver:
    """Things that are worth about what they weigh, so that many sets of them are nearly as good."""
    rng = np.random.default_rng(0)
    weight = rng.integers(10, 100, (3, items))
    worth = weight.sum(axis=0) + rng.integers(0, 20, items)
    model = pyo.ConcreteModel()
    model.x = pyo.Var(range(items), domain=pyo.Binary)
    model.room = pyo.Constraint(
        range(3), rule=lambda m, k: sum(int(weight[k, i]) * m.x[i] for i in m.x) <= int(weight[k].sum() // 2)
    )
    model.worth = pyo.Objective(expr=-sum(int(worth[i]) * model.x[i] for i in model.x))
    engine = LexicographicSolver(compiled(model))
    engine.set_whole(False)
    return engine


def town(seed: int) -> Search:
    return Search(random_problem(seed, random_case(seed), 0.5, gap=0.005))


def test_a_dive_ends_in_whole_units_that_are_possible() -> None:
    engine = by_hand()
    engine.set_whole(False)
    values = dive(engine, engine.objective[0])
    assert values is not None
    np.testing.assert_allclose(values, np.round(values), atol=1e-9)
    x, y = values[engine.columns["x", None]], values[engine.columns["y", None]]
    assert x + y <= 6 and 9 * x + 5 * y <= 45
    assert -37 >= engine.objective[0] @ values >= BEST


def test_a_dive_where_no_whole_units_are_possible_finds_nothing() -> None:
    engine = by_hand(least=11.5)  # (0.25, 5.75) and its neighbours, but no whole one: (0, 6) is 12
    engine.set_column_bounds(("y", None), 0.0, 5.9)
    engine.set_whole(False)
    assert engine.least(0).objective < 0
    assert dive(engine, engine.objective[0]) is None
    with pytest.raises(Infeasible):
        branching.search(engine, 0, (1e-6, 0.0), None, ENOUGH)


@pytest.mark.parametrize("seed", range(6))
def test_a_dive_leaves_a_town_as_it_was_and_is_no_better_than_its_relaxation(seed: int) -> None:
    engine = town(seed).engine
    engine.set_whole(False)
    before = engine.least(0).objective
    values = dive(engine, engine.objective[0])
    assert values is not None
    np.testing.assert_allclose(values[engine.whole], np.round(values[engine.whole]), atol=1e-6)
    assert engine.objective[0] @ values + engine.offset[0] >= before - 1e-6
    assert engine.least(0).objective == pytest.approx(before, abs=1e-7)


def test_a_dive_does_not_look_for_what_is_worse_than_asked() -> None:
    engine = by_hand()
    whole = dive(engine, engine.objective[0])
    assert whole is not None
    lost = float(engine.objective[0] @ whole) - RELAXED
    assert dive(engine, engine.objective[0], worse=lost + 0.01) is not None
    assert dive(engine, engine.objective[0], worse=lost - 0.01) is None


def test_a_search_finds_the_best_and_knows_it() -> None:
    found = branching.search(by_hand(), 0, (1e-6, 0.0), None, ENOUGH)
    assert found.objective == pytest.approx(BEST) and found.bound == pytest.approx(BEST)
    assert found.work > 0


def test_a_search_keeps_what_is_held() -> None:
    engine = by_hand()
    engine.fix([engine.columns["x", None]], np.array([3.0]))
    assert branching.search(engine, 0, (1e-6, 0.0), None, ENOUGH).objective == pytest.approx(-39)
    engine.free([engine.columns["x", None]])
    engine.hold_stage(0, BEST - 1.0)
    with pytest.raises(Infeasible):
        branching.search(engine, 0, (1e-6, 0.0), None, ENOUGH)


def test_a_search_stops_by_work_that_is_counted_and_ends_alike_each_time() -> None:
    """Without a clock: after so much work, with what it began with or better, and a bound that is one."""
    relaxed = knapsack().solve_stage(0).objective
    limits = [1.0, 100.0 * knapsack().work, 100.0 * knapsack().work, ENOUGH]
    little, some, again, all_ = (branching.search(knapsack(), 0, (1e-6, 0.0), None, limit) for limit in limits)
    assert little.work < some.work == again.work < all_.work
    assert some.objective == again.objective and some.bound == again.bound
    assert little.objective >= some.objective >= all_.objective
    assert all_.bound >= some.bound >= relaxed - 1e-6 * abs(relaxed)
    assert some.bound <= all_.objective == pytest.approx(all_.bound, abs=1e-5)


def test_a_time_that_is_over_ends_no_plan_without_whole_units() -> None:
    case = random_case(3, lumpy=False, relations=False)
    plans = [Search(random_problem(3, case, 0.5, time_limit=limit)).run() for limit in (None, 1e-6)]
    np.testing.assert_array_equal(*[plan.level for plan in plans])
    assert not plans[1].stopped
