"""Is every stage of the objective solved, and kept while the next ones are? Also where money is short."""

from __future__ import annotations

import numpy as np
import pyomo.environ as pyo
import pytest
from pyomo.contrib.appsi.solvers.highs import Highs as AppsiHighs
from random_towns import random_case, random_problem

from benchmarks.cases import problem as main_problem
from benchmarks.naive import naive
from model.optimise.assembly import formulate
from model.optimise.engine import Engine, Solution
from model.optimise.plan import proportions
from model.optimise.problem import Problem


def relaxed(problem: Problem) -> Engine:
    formulation = formulate(problem, proportions(problem, problem.case.level[0]))
    return Engine(formulation.model, [problem.gap] * len(formulation.stages), problem.gap, problem.time_limit)


def scale_pots(engine: Engine, problem: Problem, share: float) -> None:
    money = problem.financing
    assert money is not None
    for name, index in list(engine.rows):
        if name == "pot":
            fund, y = index
            engine.set_row_upper("pot", index, share * float(money.budget[fund, problem.first + y]))


def assert_stages_kept(engine: Engine, solution: Solution) -> None:
    """The last solution, put into every stage's costs, gives what that stage had found."""
    assert len(solution.objectives) == len(engine.objective), solution.status
    values = engine.objective @ solution.values + engine.offset
    found = np.array(solution.objectives)
    np.testing.assert_allclose(values, found, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("share", [0.9, 0.7, 0.5])
def test_no_stage_is_lost_when_money_gets_shorter(share: float) -> None:
    """With a row that kept each stage within a sliver, simplex lost its way at these budgets."""
    problem = main_problem("neutral_2030", "central")
    engine = relaxed(problem)
    scale_pots(engine, problem, share)
    assert_stages_kept(engine, engine.solve())


def test_what_holds_a_stage_is_given_back() -> None:
    """A problem solved again after others have been solved has the same optimum at every stage."""
    problem = main_problem("neutral_2030", "central")
    engine = relaxed(problem)
    first = engine.solve()
    scale_pots(engine, problem, 0.6)
    poorer = engine.solve()
    scale_pots(engine, problem, 1.0)
    again = engine.solve()
    np.testing.assert_allclose(again.objectives, first.objectives, rtol=1e-6, atol=1e-6)
    assert poorer.objectives[0] > first.objectives[0] + 0.1


@pytest.mark.parametrize("seed", range(20))
def test_later_stages_do_not_worsen_earlier_ones_on_random_towns(seed: int) -> None:
    engine = relaxed(random_problem(seed, random_case(seed), 0.5))
    assert_stages_kept(engine, engine.solve())


@pytest.mark.parametrize("seed", range(5))
def test_plain_pyomo_finds_the_same_first_stage(seed: int) -> None:
    """The rows written out as sums and solved by Pyomo's own interface: another way through the same mathematics."""
    problem = random_problem(seed, random_case(seed))
    model = naive(problem, proportions(problem, problem.case.level[0]))
    pyo.TransformationFactory("core.relax_integer_vars").apply_to(model)
    AppsiHighs().solve(model)
    ours = relaxed(problem).solve().objectives[0]
    np.testing.assert_allclose(pyo.value(model.first_stage), ours, rtol=1e-6, atol=1e-6)
