"""Is every stage of the objective solved, and kept while the next ones are? Also where money is short."""

from __future__ import annotations

from functools import cache

import numpy as np
import pyomo.environ as pyo
import pytest
from pyomo.contrib.appsi.solvers.highs import Highs as AppsiHighs

from benchmarks.cases import problem as main_problem
from benchmarks.naive import naive
from model.optimiser.formulation.assembly import definitions, formulate
from model.optimiser.plan import AGREEMENT
from model.optimiser.problem import Problem
from model.optimiser.proportions import proportions_at
from model.optimiser.search import Search, find_plan
from model.optimiser.solver.arrays import Arrays, ColumnKey, compiled
from model.optimiser.solver.lexicographic import LexicographicSolver, Solution
from model.optimiser.solver.linear import Infeasible
from model.optimiser.solver.persistent import stage_row
from model.optimiser.verification import TOLERANCE, violations
from tests.towns.random_towns import random_case, random_problem


def arrays_of(problem: Problem) -> Arrays:
    return compiled(formulate(problem, proportions_at(problem)).model)


def relaxed(arrays: Arrays) -> LexicographicSolver:
    return LexicographicSolver(arrays, definitions())


@cache
def main_arrays() -> tuple[Problem, Arrays]:
    problem = main_problem("neutral_2030", "central")
    return problem, arrays_of(problem)


def scale_pots(engine: LexicographicSolver, problem: Problem, share: float) -> None:
    money = problem.money
    assert money is not None
    for name, index in list(engine.rows):
        if name == "pot":
            fund, y = index
            engine.set_row_upper("pot", index, share * float(money.budget[fund, problem.first + y]))


def assert_stages_kept(engine: LexicographicSolver, solution: Solution) -> None:
    """The last solution, put into every stage's costs, gives what that stage had found."""
    assert len(solution.objectives) == len(engine.objective), solution.status
    values = engine.objective @ solution.values + engine.offset
    found = np.array(solution.objectives)
    np.testing.assert_allclose(values, found, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("share", [0.9, 0.7, 0.5])
def test_no_stage_is_lost_when_money_gets_shorter(share: float) -> None:
    """With a row that kept each stage within a sliver, simplex lost its way at these budgets."""
    problem, arrays = main_arrays()
    engine = relaxed(arrays)
    scale_pots(engine, problem, share)
    assert_stages_kept(engine, engine.cascade())


def test_what_holds_a_stage_is_given_back() -> None:
    """A problem solved again after others have been solved has the same optimum at every stage."""
    problem, arrays = main_arrays()
    engine = relaxed(arrays)
    first = engine.cascade()
    scale_pots(engine, problem, 0.6)
    poorer = engine.cascade()
    scale_pots(engine, problem, 1.0)
    again = engine.cascade()
    np.testing.assert_allclose(again.objectives, first.objectives, rtol=1e-6, atol=1e-6)
    assert poorer.objectives[0] > first.objectives[0] + 0.1


@pytest.mark.parametrize("seed", range(20))
def test_later_stages_do_not_worsen_earlier_ones_on_random_towns(seed: int) -> None:
    engine = relaxed(arrays_of(random_problem(seed, random_case(seed), 0.5)))
    assert_stages_kept(engine, engine.cascade())


@pytest.mark.parametrize("seed", range(5))
def test_plain_pyomo_finds_the_same_first_stage(seed: int) -> None:
    """The rows written out as sums and solved by Pyomo's own interface: another way through the same mathematics."""
    problem = random_problem(seed, random_case(seed))
    model = naive(problem, proportions_at(problem))
    pyo.TransformationFactory("core.relax_integer_vars").apply_to(model)
    solver = AppsiHighs()
    solver.highs_options = {"threads": 1}  # as many as ours: HiGHS keeps the number it was first given
    solver.solve(model)
    ours = relaxed(arrays_of(problem)).cascade().objectives[0]
    np.testing.assert_allclose(pyo.value(model.first_stage), ours, rtol=1e-6, atol=1e-6)


def pots(engine: LexicographicSolver) -> list[ColumnKey]:
    return [key for key in engine.rows if key[0] == "pot"]


def uppers_of(engine: LexicographicSolver, keys: list[ColumnKey]) -> np.ndarray:
    return np.array([engine.row_upper[engine.rows[key]] for key in keys])


@pytest.mark.parametrize("fixed", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_a_sweep_equals_solving_each_point_by_itself(seed: int, fixed: bool) -> None:
    problem = random_problem(seed, random_case(seed), 0.5)
    arrays = arrays_of(problem)
    engine = relaxed(arrays)
    if fixed:
        whole = np.flatnonzero(engine.whole)
        engine.fix(whole, np.floor(0.5 * engine.solve_stage(0).values[whole]))
    keys = pots(engine)
    sides = np.linspace(0.3, 1.5, 5)[:, None] * uppers_of(engine, keys)
    for stage in (0, len(engine.objective) - 2):
        swept = engine.sweep(stage, keys, sides, columns=range(len(engine.lower)), duals=True)
        for point, side in enumerate(sides):
            apart = relaxed(arrays)
            if fixed:
                apart.fix(whole, engine.fixed_upper[whole])
            for (name, index), value in zip(keys, side, strict=True):
                apart.set_row_upper(name, index, value)
            if swept.status[point] == "Infeasible":
                with pytest.raises(Infeasible):
                    apart.solve_stage(stage)
                continue
            alone = apart.solve_stage(stage)
            np.testing.assert_allclose(swept.objective[point], alone.objective, rtol=1e-7, atol=1e-7)
            found = engine.objective[stage] @ swept.values[point] + engine.offset[stage]
            np.testing.assert_allclose(found, alone.objective, rtol=1e-7, atol=1e-7)
            assert swept.row_dual[point].shape == alone.row_dual.shape


def test_a_sweep_leaves_everything_as_it_was() -> None:
    problem = random_problem(3, random_case(3), 0.5)
    engine = relaxed(arrays_of(problem))
    before = engine.cascade()
    keys = pots(engine)
    engine.hold_stage(0, before.objectives[0] + 1.0)
    alone = engine.least(1).objective
    engine.sweep(1, [*keys, stage_row(0)], np.zeros((4, len(keys) + 1)))
    assert engine.least(1).objective == pytest.approx(alone, abs=1e-7)
    engine.release()
    np.testing.assert_allclose(engine.cascade().objectives, before.objectives, rtol=1e-7, atol=1e-7)


def test_prices_are_what_a_little_more_changes() -> None:
    """Least 2 x + 3 y with x + y >= 4, x <= 1, y <= 9: one unit more of need costs 3, of room saves 1."""
    engine = by_hand()
    solved = engine.solve_stage(0)
    assert solved.objective == pytest.approx(2 * 1 + 3 * 3)
    assert solved.row_dual[engine.rows["need", None]] == pytest.approx(3)
    assert solved.row_dual[engine.rows["room", None]] == pytest.approx(-1)
    for key, *sides in ((("need", None), 4.0, np.inf), (("room", None), -np.inf, 1.0)):
        engine.set_row_sides(key, *(side + 0.01 for side in sides))
        change = (engine.solve_stage(0).objective - solved.objective) / 0.01
        assert change == pytest.approx(solved.row_dual[engine.rows[key]])
        engine.set_row_sides(key, *sides)
    engine.set_column_bounds(("y", None), 0.0, 2.0)
    engine.set_row_sides(("need", None), 3.0, np.inf)
    tight = engine.solve_stage(0)
    engine.set_column_bounds(("y", None), 2.5, 9.0)
    more = engine.solve_stage(0)
    assert tight.objective == pytest.approx(8)
    assert more.objective == pytest.approx(8.5)
    assert more.col_dual[engine.columns["y", None]] == pytest.approx(1)


def test_a_new_column_takes_part() -> None:
    """A third way to serve the need, for nothing and at most 2, replaces two of the dear ones."""
    engine = by_hand()
    engine.solve_stage(0)
    (column,) = engine.add_columns({("z", None): {("need", None): 1.0}}, upper=2.0)
    solved = engine.solve_stage(0)
    assert solved.values[column] == pytest.approx(2)
    assert solved.objective == pytest.approx(2 * 1 + 3 * 1)


def test_room_that_is_left_above_a_stage_is_there_for_the_next() -> None:
    """Least 2 x + 3 y = 12 - x is 11; with room 0.4, or where 11.4 is enough anyway, x goes down to 0.6."""
    for solution in (by_hand().cascade(room=[0.4, 0.0]), by_hand().cascade(at_most=[11.4, np.inf])):
        np.testing.assert_allclose(solution.objectives, [11.4, 0.6], atol=1e-7)
        np.testing.assert_allclose(solution.bounds, [11.0, 0.6], atol=1e-7)
    np.testing.assert_allclose(by_hand().cascade().objectives, [11.0, 1.0], atol=1e-7)
    np.testing.assert_allclose(by_hand().cascade(at_most=[10.0, np.inf]).objectives, [11.0, 1.0], atol=1e-7)


def test_a_held_stage_stays_below_its_limit() -> None:
    """x + y >= 4 and x <= 1; the second stage, least x, while the first, 2 x + 3 y = 12 - x, is at most a limit."""
    engine = by_hand()
    assert engine.solve_stage(1).objective == pytest.approx(0)
    swept = engine.sweep(1, [stage_row(0)], np.array([[12.0], [11.5], [11.25], [11.0], [10.9]]))
    np.testing.assert_allclose(swept.objective, [0, 0.5, 0.75, 1, np.nan], atol=1e-9)
    assert swept.status[-1] == "Infeasible"
    engine.hold_stage(0, 11.5)
    assert engine.solve_stage(1).objective == pytest.approx(0.5)
    engine.release()
    assert engine.solve_stage(1).objective == pytest.approx(0)
    engine.hold_stage(1, 0.25)  # the last stage has a lock, too
    assert engine.solve_stage(0).objective == pytest.approx(11.75)


def by_hand() -> LexicographicSolver:
    model = pyo.ConcreteModel()
    model.x, model.y = pyo.Var(bounds=(0, None)), pyo.Var(bounds=(0, 9))
    model.need = pyo.Constraint(expr=model.x + model.y >= 4)
    model.room = pyo.Constraint(expr=model.x + 0.5 <= 1.5)
    model.first = pyo.Objective(expr=2 * model.x + 3 * model.y)
    model.second = pyo.Objective(expr=model.x)
    return LexicographicSolver(compiled(model))


@pytest.mark.parametrize("seed", range(4))
def test_a_plans_units_fixed_give_the_plan_again(seed: int) -> None:
    """In a search of its own, at the plan's proportions: chosen and served follow from the plan."""
    problem = random_problem(seed, random_case(seed), 0.5)
    plan = find_plan(problem)
    search = Search(problem)
    search.fix_units(plan)
    again = search.settle(search.engine.cascade, search.proportions_of(plan))
    np.testing.assert_allclose(again.objectives[0], plan.objectives[0], rtol=1e-5, atol=1e-5)
    whole = problem.case.measures.unit_size > 0
    np.testing.assert_allclose(again.new_units[whole], plan.new_units[whole], atol=1e-6)
    search.free_units()
    assert search.settle_relaxed().objectives[0] <= plan.objectives[0] + 1e-3 * max(plan.objectives[0], 1.0)


def test_relaxed_rounds_stop_at_the_tolerance_asked_for() -> None:
    problem = random_problem(1, random_case(1), 0.5)
    search = Search(problem)
    rough = search.settle_relaxed(tolerance=1.0)
    assert search.rounds == 1
    fine = search.settle_relaxed(rounds=20, tolerance=1e-7)
    assert fine.difference <= 1e-7 < rough.difference


def test_a_plan_out_of_time_is_possible_and_says_how_good_it_is() -> None:
    problem = random_problem(3, random_case(3), 0.5, time_limit=1e-3)
    plan = find_plan(problem)
    assert plan.status == "stopped by the time limit"
    assert len(plan.stages) == 6
    assert not all(stage.met for stage in plan.stages)
    assert plan.difference <= AGREEMENT
    assert max(violations(problem, plan).values()) <= TOLERANCE
