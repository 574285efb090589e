"""Is the condensed problem the whole one? Values, the optimum and prices, against HiGHS on the problem as it is."""

from __future__ import annotations

from collections.abc import Callable

import highspy
import numpy as np
import pytest
import scipy.sparse as sp
from numpy.testing import assert_allclose

from model.optimiser.limits.pots import POT
from model.optimiser.proportions import Proportions
from model.optimiser.search import Search
from model.optimiser.solver.highs import quiet_solver
from model.optimiser.solver.lexicographic import LexicographicSolver
from model.optimiser.solver.linear import Infeasible
from model.optimiser.solver.solutions import PricedSolution
from model.vocabulary import FloatArray
from tests.towns.random_towns import random_case, random_problem

NEAR = 1e-6
"""Share (at least of 1) by which values may differ: coefficients are of very different sizes."""


def search(seed: int) -> Search:
    """A random town with money for half of what could be done; every other one has no pools."""
    return Search(random_problem(seed, random_case(seed, pools=seed % 2 == 0), 0.5))


def bounds_of(engine: LexicographicSolver) -> tuple[FloatArray, FloatArray]:
    """What columns may be now."""
    held = engine.fixed
    return np.where(held, engine.fixed_lower, engine.lower), np.where(held, engine.fixed_upper, engine.upper)


def least_of_the_whole(engine: LexicographicSolver, stage: int) -> float | None:
    """The least of a stage of the whole problem, as HiGHS has it from nothing; None: there is no solution."""
    matrix = sp.vstack([engine.matrix, sp.csr_matrix(engine.objective)], format="csc")
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = matrix.shape
    lp.col_cost_, lp.offset_ = engine.objective[stage], float(engine.offset[stage])
    lp.col_lower_, lp.col_upper_ = bounds_of(engine)
    lp.row_lower_, lp.row_upper_ = engine.row_lower, engine.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    solver = quiet_solver()
    solver.passModel(lp)
    solver.run()
    if solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
        return None
    assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return float(solver.getInfo().objective_function_value)


def check(engine: LexicographicSolver, stage: int) -> PricedSolution | None:
    """A stage has the optimum of the whole problem, its values keep all of it, and its prices prove it (duality)."""
    expected = least_of_the_whole(engine, stage)
    if expected is None:
        with pytest.raises(Infeasible):
            engine.solve_stage(stage)
        return None
    solved = engine.solve_stage(stage)
    assert_allclose(solved.objective, expected, rtol=NEAR, atol=NEAR)
    values, rows = solved.values, sp.vstack([engine.matrix, sp.csr_matrix(engine.objective)], format="csr")
    lower, upper = bounds_of(engine)
    assert_allclose(engine.objective[stage] @ values + engine.offset[stage], expected, rtol=NEAR, atol=NEAR)
    cost = engine.objective[stage]
    assert_allclose(cost - rows.T @ solved.row_dual, solved.col_dual, atol=1e-7 * max(np.abs(cost).max(), 1.0))
    sides = [(rows @ values, engine.row_lower, engine.row_upper, solved.row_dual),
             (values, lower, upper, solved.col_dual)]  # fmt: skip
    for of, least, most, price in sides:
        room = NEAR * np.maximum(np.abs(np.where(np.isfinite(most), most, least)), 1.0)
        room = np.where(np.isfinite(room), room, NEAR)
        assert np.all(of >= least - room) and np.all(of <= most + room)
        side = np.where(price > 0, least, most)
        priced = np.abs(price) > NEAR * max(np.abs(cost).max(), 1.0)
        assert np.isfinite(side[priced]).all()
        assert_allclose(of[priced], side[priced], rtol=1e-5, atol=1e-5)  # what has a price binds
    return solved


def check_all(found: Search) -> None:
    for stage in range(len(found.scales)):
        check(found.engine, stage)


def other_proportions(found: Search) -> None:
    """Members of pools in other proportions, a third of each drawn on."""
    share = found.proportions.share.copy()
    for pool in range(len(found.case.pools)):
        members = np.flatnonzero(found.case.pool_of == pool)
        share[members] = np.roll(share[members], 1, axis=0)
    found.set_proportions(Proportions(share, found.proportions.left * 2 / 3))


def less_money(found: Search) -> None:
    for key, row in list(found.engine.rows.items()):
        if key[0] == POT.name:
            found.engine.set_row_sides(key, -np.inf, 0.5 * found.engine.row_upper[row])


def a_plans_units(found: Search) -> None:
    found.fix_units(found.settle_relaxed())


def money_to_be_had(found: Search) -> None:
    """A column that gives a pot more, up to a MSEK."""
    pots = [key for key in found.engine.rows if key[0] == POT.name]
    found.engine.add_columns({("more", key[1]): {key: -1.0} for key in pots}, upper=1.0)


def pots_kept(found: Search) -> None:
    found.engine.keep_rows(np.array([row for key, row in found.engine.rows.items() if key[0] == POT.name]))


def a_stage_held(found: Search) -> None:
    """Also when coefficients change afterwards."""
    found.engine.hold_stage(0, found.engine.least(0).objective + 0.5)
    other_proportions(found)


CHANGES: dict[str, Callable[[Search], None]] = {
    "as it is": lambda _: None,
    "coefficients": other_proportions,
    "sides": less_money,
    "fixed": a_plans_units,
    "columns": money_to_be_had,
    "kept": pots_kept,
    "held": a_stage_held,
}


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_condensed_problem_is_the_whole_one(seed: int, change: Callable[[Search], None]) -> None:
    found = search(seed)
    change(found)
    check_all(found)


@pytest.mark.parametrize("seed", range(4))
def test_after_one_change_upon_another_it_still_is(seed: int) -> None:
    found = search(seed)
    for change in (other_proportions, money_to_be_had, less_money, pots_kept, less_money, a_plans_units):
        change(found)
        check(found.engine, 0)
        check(found.engine, len(found.scales) - 1)
    found.free_units()
    check_all(found)


@pytest.mark.parametrize("seed", range(4))
def test_a_copy_knows_nothing_of_what_was_changed(seed: int) -> None:
    found = search(seed)
    expected = [found.engine.least(stage).objective for stage in range(len(found.scales))]
    for change in (other_proportions, money_to_be_had, less_money, a_plans_units):
        change(found)
    other = found.copy()
    assert [other.engine.least(stage).objective for stage in range(len(other.scales))] == pytest.approx(expected)
    assert ("more", (0, 0)) not in other.engine.columns and not other.engine.holding
    check_all(other)


def test_a_problem_in_which_nothing_can_be_decided_is_solved() -> None:
    problem = random_problem(1, random_case(1, pools=False))
    nothing = Search(type(problem)(**{**vars(problem), "excluded": frozenset(range(7))}))
    level = [column for (name, _), column in nothing.engine.columns.items() if name == "level"]
    assert level and not np.any(nothing.engine.upper[level])
    check_all(nothing)
