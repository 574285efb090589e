"""What are musts, must-nots and national policy worth? The problem solved again without one, or under another."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from model.analyses.prices import ShadowPrice, solved_or_none, unit_of
from model.optimiser.formulation.objectives import CUMULATIVE, KEPT, Stage
from model.optimiser.plan import AGREEMENT, Plan, request_of
from model.optimiser.problem import Problem
from model.optimiser.search import Search
from model.projection.replay import Outcome, emissions, replay


def of_others(
    problem: Problem, plan: Plan, vetoes: Mapping[str, Problem], stronger: tuple[str, Problem] | None, number: int
) -> list[ShadowPrice]:
    """What lifting each must or must-not, and the strongest mandate, would do, solved again, relaxed.

    For the stage that is priced; and, of musts and must-nots, how much cheaper all stages before the last would be as
    good as they are now.
    """
    stages, reached, cost = _again(problem, number)
    unit, scale = unit_of(stages[number])
    found = []
    for name, other in vetoes.items():
        kind, of = name.split(" ", 1)
        _, better, cheaper = _again(other, number, reached)
        found.append(ShadowPrice(kind, of, 0, np.nan, np.nan, scale * (reached[number] - better[number]), unit))
        if number < len(stages) - 1:
            found.append(ShadowPrice(kind, of, 0, np.nan, np.nan, cost - cheaper, "MSEK"))
    if stronger is not None:
        path, other = stronger
        _, better, _ = _again(other, number)
        again = replay(other.case, request_of(other.case.measures, plan.level))
        less = np.nan
        if stages[number].years:
            less = _value(problem, plan.outcome, number, stages) - _value(other, again, number, stages)
        found.append(ShadowPrice("mandate", path, 0, less, np.nan, scale * (reached[number] - better[number]), unit))
    return found


def _again(
    problem: Problem, number: int, within: Mapping[int, float] | None = None
) -> tuple[list[Stage], dict[int, float], float]:
    """The stages, the best of each up to `number` in order, and the least of the last one with these kept, relaxed.

    `within` are values of stages to be kept instead. Proportions of pools are those that the priced stage leads to.
    """
    search = Search(problem)
    stages, last = search.formulation.stages, len(search.formulation.stages) - 1
    search.settle_stage(number if stages[number].years else 0)
    constant = {
        at: search.reading.constant_emissions if stage.name == CUMULATIVE else 0.0 for at, stage in enumerate(stages)
    }
    reached: dict[int, float] = {}
    for at in range(number + 1):
        reached[at] = search.engine.solve_stage(at).objective
        search.engine.hold_stage(at, reached[at] + KEPT * max(abs(reached[at]), 1.0))
        reached[at] += constant[at]
    if number == last:
        return stages, reached, reached[last]
    for at, value in (within or reached).items():
        room = max(search.problem.gap, AGREEMENT) * search.scales[at]
        search.engine.hold_stage(at, value - constant[at] + room)
    solved = solved_or_none(search, last)
    return stages, reached, np.nan if solved is None else solved.objective


def _value(problem: Problem, outcome: Outcome, number: int, stages: list[Stage]) -> float:
    """A stage of a projected plan, in t, GWh or points."""
    case = problem.case
    tonnes = emissions(case, outcome.activity, outcome.flow)[0]
    if stages[number].name == "cumulative emissions":
        first, last = (case.year_index(year) for year in problem.window)
        return float(np.einsum("kg,kgy->", problem.counted, tonnes[:, :, first : last + 1]))
    rank = sorted({limit.rank for limit in problem.limits})[number // 2]
    beyond = [
        np.maximum(limit.excess(case, tonnes, outcome.activity[0], outcome.flow[0]), 0.0)
        for limit in problem.limits
        if limit.rank == rank
    ]
    return float(np.sum(beyond) if number % 2 else np.max(beyond))
