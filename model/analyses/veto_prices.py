"""What are musts, must-nots and national policy worth? The problem solved again without one, or under another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from model.analyses.prices import ShadowPrice, least_or_none, unit_of
from model.optimiser.formulation.objectives import CUMULATIVE, KEPT, Stage
from model.optimiser.limits.demands import EXCLUDED, REQUIRED
from model.optimiser.plan import AGREEMENT, Plan, request_of
from model.optimiser.problem import Problem
from model.optimiser.search import Search
from model.projection.replay import Outcome, emissions, replay

Lifted = tuple[str, str, Search]
"""What is lifted (`exclude` or `require`), of which measure, and the problem without it."""


def of_others(kept: Search, plan: Plan, stronger: tuple[str, Search] | None, number: int) -> list[ShadowPrice]:
    """What lifting each must or must-not, and the strongest mandate, would do, solved again, relaxed.

    For the stage that is priced; and, of musts and must-nots, how much cheaper all stages before the last would be as
    good as they are now.
    """
    problem, stages = kept.problem, kept.formulation.stages
    if stronger is None and not problem.required and not problem.excluded:
        return []
    reached, cost = _again(kept.copy(), plan, number)
    unit, scale = unit_of(stages[number])
    found = []
    for kind, of, other in _without_musts(kept):
        better, cheaper = _again(other, plan, number, reached)
        found.append(ShadowPrice(kind, of, 0, np.nan, np.nan, scale * (reached[number] - better[number]), unit))
        if number < len(stages) - 1:
            found.append(ShadowPrice(kind, of, 0, np.nan, np.nan, cost - cheaper, "MSEK"))
    if stronger is not None:
        path, under = stronger
        better, _ = _again(under.copy(), plan, number)
        case, less = under.problem.case, np.nan
        if stages[number].years:
            again = replay(case, request_of(case.measures, plan.level))
            less = _value(problem, plan.outcome, number, stages) - _value(under.problem, again, number, stages)
        found.append(ShadowPrice("mandate", path, 0, less, np.nan, scale * (reached[number] - better[number]), unit))
    return found


def _without_musts(kept: Search) -> Iterator[Lifted]:
    """The problem without each must-not, for which it is formulated once more, and without each must."""
    problem, names = kept.problem, kept.problem.case.measures.names
    if problem.excluded:
        opened = Search(replace(problem, excluded=frozenset()))
        for measure in sorted(problem.excluded):
            other = opened.copy()
            others = replace(problem, excluded=problem.excluded - {measure})
            assert EXCLUDED.clash is not None and EXCLUDED.clash.columns is not None
            for _, name, index in EXCLUDED.clash.columns(other.formulation, others):
                other.engine.set_column_bounds((name, index), 0.0, 0.0)
            yield "exclude", names[measure], other
    for measure in sorted(problem.required):
        other = kept.copy()
        for name, index in other.engine.rows:
            if name == REQUIRED.name and index[0] == measure:
                other.engine.set_row_sides((name, index), -np.inf, np.inf)
        yield "require", names[measure], other


def _again(
    search: Search, plan: Plan, number: int, within: Mapping[int, float] | None = None
) -> tuple[dict[int, float], float]:
    """The best of each stage up to `number` in order, and the least of the last one with these kept, relaxed.

    `within` are values of stages to be kept instead. Proportions of pools are those that the priced stage leads to,
    from those of the plan on.
    """
    stages, last = search.formulation.stages, len(search.formulation.stages) - 1
    search.settle_stage(number if stages[number].years else 0, start=search.proportions_of(plan))
    constant = {
        at: search.reading.constant_emissions if stage.name == CUMULATIVE else 0.0 for at, stage in enumerate(stages)
    }
    reached: dict[int, float] = {}
    for at in range(number + 1):
        reached[at] = search.engine.least(at).objective
        search.engine.hold_stage(at, reached[at] + KEPT * max(abs(reached[at]), 1.0))
        reached[at] += constant[at]
    if number == last:
        return reached, reached[last]
    for at, value in (within or reached).items():
        room = max(search.problem.gap, AGREEMENT) * search.scales[at]
        search.engine.hold_stage(at, value - constant[at] + room)
    cost = least_or_none(search, last)
    return reached, np.nan if cost is None else cost


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
