"""What are musts, must-nots and national policy worth? The problem solved again without one, or under another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from model.analyses.prices import ShadowPrice, least_or_none, unit_of
from model.optimiser.formulation.objectives import CUMULATIVE, KEPT, Stage
from model.optimiser.limits.demands import EXCLUDED, REQUIRED
from model.optimiser.plan import AGREEMENT, Plan, request_of
from model.optimiser.problem import Problem
from model.optimiser.search import Search
from model.projection.replay import Outcome, emissions, replay
from model.workers import side_by_side

Lifted = tuple[str, str, Search]
"""What is lifted (`exclude` or `require`), of which measure, and the problem without it."""


def of_musts(kept: Search, number: int, reached: Sequence[float]) -> list[ShadowPrice]:
    """What lifting each must or must-not would do, solved again, relaxed.

    For the stage that is priced, and how much cheaper all stages before the last would be as good as what is `reached`
    with `kept`, which goes on from there and is left with stages held.
    """
    problem, stages = kept.problem, kept.formulation.stages
    if not problem.required and not problem.excluded:
        return []
    lifted = list(_without_musts(kept))
    unit, scale = unit_of(stages[number])
    cost, *others = side_by_side(
        partial(_cheapest, kept, number, reached),
        *[partial(_lifted, other, number, reached) for _, _, other in lifted],
    )
    found = []
    for (kind, of, _), (better, cheaper) in zip(lifted, others, strict=True):
        found.append(ShadowPrice(kind, of, 0, np.nan, np.nan, scale * (reached[number] - better), unit))
        if number < len(stages) - 1:
            found.append(ShadowPrice(kind, of, 0, np.nan, np.nan, cost - cheaper, "MSEK"))
    return found


def under_mandate(stronger: Search, plan: Plan, number: int) -> tuple[Problem, float]:
    """The problem under the strongest mandate, and the best there of the stage that is priced, with its constant."""
    search = stronger.copy()
    search.take_proportions(plan)
    return search.problem, best(search, number)[number] + _constant(search, number)


def of_mandate(
    path: str, kept: Search, plan: Plan, number: int, reached: float, under: tuple[Problem, float]
) -> ShadowPrice:
    """What the strongest mandate would do, for the plan as it is and relaxed; `under` is what `under_mandate` gives."""
    stages, (problem, better) = kept.formulation.stages, under
    unit, scale = unit_of(stages[number])
    less = np.nan
    if stages[number].years:
        again = replay(problem.case, request_of(problem.case.measures, plan.level))
        less = _value(kept.problem, plan.outcome, number, stages) - _value(problem, again, number, stages)
    return ShadowPrice("mandate", path, 0, less, np.nan, scale * (reached + _constant(kept, number) - better), unit)


def best(search: Search, number: int, last: float = np.inf) -> list[float]:
    """The best of each stage up to `number` in order, relaxed; each is held there.

    Proportions of pools are those that the priced stage leads to, from those that are in the engine on; where it is
    hardly better than `last`, they are left as they are.
    """
    stages = search.formulation.stages
    search.engine.release()
    search.settle_stage(number if stages[number].years else 0, last=last)
    reached = []
    for at in range(number + 1):
        reached.append(search.engine.least(at).objective)
        search.engine.hold_stage(at, reached[at] + KEPT * max(abs(reached[at]), 1.0))
    return reached


def _without_musts(kept: Search) -> Iterator[Lifted]:
    """The problem without each must-not and without each must.

    Around the proportions that it has now: a difference of proportions is none that lifting makes.
    """
    problem, names = kept.problem, kept.problem.case.measures.names
    assert EXCLUDED.clash is not None and EXCLUDED.clash.columns is not None
    for measure in sorted(problem.excluded):
        other = kept.copy()
        for (m,), name, index in EXCLUDED.clash.columns(kept.formulation, problem):
            most = kept.formulation.affordable if name == "new_units" else {}
            if m == measure:
                other.engine.set_column_bounds((name, index), 0.0, most.get(index, np.inf))
        other.set_proportions(kept.proportions)
        yield "exclude", names[measure], other
    for measure in sorted(problem.required):
        other = kept.copy()
        for name, index in other.engine.rows:
            if name == REQUIRED.name and index[0] == measure:
                other.engine.set_row_sides((name, index), -np.inf, np.inf)
        other.set_proportions(kept.proportions)
        other.engine.take_bases(kept.engine)
        yield "require", names[measure], other


def _lifted(search: Search, number: int, reached: Sequence[float]) -> tuple[float, float]:
    """The best of the priced stage, and the least of the last one with the others as they were `reached`."""
    better = best(search, number, reached[number if search.formulation.stages[number].years else 0])
    return better[number], _cheapest(search, number, reached)


def _constant(search: Search, number: int) -> float:
    """What no measure can change of a stage, and the solver does not see."""
    return search.reading.constant_emissions if search.formulation.stages[number].name == CUMULATIVE else 0.0


def _cheapest(search: Search, number: int, reached: Sequence[float]) -> float:
    """The least of the last stage with all up to `number` at most a gap worse than `reached`; NaN: there is no plan."""
    last = len(search.formulation.stages) - 1
    if number == last:
        return reached[last]
    for at, value in enumerate(reached):
        search.engine.hold_stage(at, value + max(search.problem.gap, AGREEMENT) * search.scales[at])
    search.engine.start_anew()  # from the basis of another stage it takes longer than from none
    cost = least_or_none(search, last)
    return np.nan if cost is None else cost


def _value(problem: Problem, outcome: Outcome, number: int, stages: list[Stage]) -> float:
    """A stage of a projected plan, in t, GWh or points."""
    case = problem.case
    tonnes = emissions(case, outcome.activity, outcome.flow)[0]
    if stages[number].name == CUMULATIVE:
        first, last = (case.year_index(year) for year in problem.window)
        return float(np.einsum("kg,kgy->", problem.counted, tonnes[:, :, first : last + 1]))
    rank = sorted({limit.rank for limit in problem.limits})[number // 2]
    beyond = [
        np.maximum(limit.excess(case, tonnes, outcome.activity[0], outcome.flow[0]), 0.0)
        for limit in problem.limits
        if limit.rank == rank
    ]
    return float(np.sum(beyond) if number % 2 else np.max(beyond))
