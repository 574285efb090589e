"""Is there a better plan at other proportions of pools? Where a relaxation that holds for all of them leads.

Stage by stage, those before kept as they are: where the relaxation (`envelope`) is better than the plan, the search
starts anew from its proportions. For small problems only: it grows with members, years and segments.
"""

from __future__ import annotations

from collections.abc import Sequence

from model.optimiser.envelope import enveloped
from model.optimiser.formulation.assembly import definitions
from model.optimiser.proportions import Proportions, proportions_at
from model.optimiser.solver import branching
from model.optimiser.solver.lexicographic import LexicographicSolver
from model.optimiser.solver.linear import Infeasible
from model.optimiser.whole_units import HARDLY, SEARCHED, SETTLED, Found, WholeUnits
from model.vocabulary import FloatArray

SMALL = 1e5
"""Coefficients times years up to which a plan is sought at other proportions."""
TRIES, WORK = 3, 3e5
"""How often at most, and what all searches elsewhere may cost (`branching.Found.work`)."""


def improved(units: WholeUnits, best: Found, work: float) -> Found:
    """The plan, or a better one at other proportions, if that takes no more than some work."""
    kept = units.kept
    if not kept.formulation.touched.pools or kept.engine.work * len(kept.formulation.years) > SMALL:
        return best
    everywhere = LexicographicSolver(enveloped(kept.formulation, kept.arrays), definitions())
    stage, work = 0, min(work, WORK)
    tried: list[Proportions] = []
    while stage < len(kept.scales) and work > 0 and len(tried) < TRIES:
        value = best.plan.objectives[stage]
        values, spent = _better_anywhere(everywhere, stage, value, units.asked(stage, value), work)
        work -= spent
        if values is not None and _new(proportions_at(kept.problem, kept.reading.levels_of(values)), tried):
            other, spent = _from(units, values, best.plan.objectives[:stage], work)
            work -= spent
            if other is not None and units.better(other.plan, best.plan):
                best, stage = other, 0
                everywhere.release()
                continue
        everywhere.hold_stage(stage, value + HARDLY * kept.gaps[stage])
        stage += 1
    return best


def _better_anywhere(
    everywhere: LexicographicSolver, stage: int, value: float, asked: float, work: float
) -> tuple[FloatArray | None, float]:
    """A solution of the relaxation that is better at a stage by more than its gap, if there is one; what it cost.

    The stages before are held as they are. So near what is best there, a search may find nothing by rounding.
    """
    try:
        if everywhere.least(stage).objective >= value - asked:
            return None, 0.0
        everywhere.hold_stage(stage, value - asked)
        found = branching.search(everywhere, stage, (SEARCHED * asked, 0.0), None, work)
    except Infeasible as none:
        return None, none.work
    return found.values, found.work


def _new(own: Proportions, tried: list[Proportions]) -> bool:
    """Whether proportions were not tried before; they are noted."""
    known = any(own.distance(each) <= SETTLED for each in tried)
    tried.append(own)
    return not known


def _from(units: WholeUnits, values: FloatArray, before: Sequence[float], work: float) -> tuple[Found | None, float]:
    """A plan from the proportions of a solution: with its whole units, or with those that a search finds there."""
    kept = units.kept
    own = proportions_at(kept.problem, kept.reading.levels_of(values))
    kept.set_proportions(own)
    near = units.finished(values, (*before, *units.reached(values)[len(before) :]))
    kept.set_proportions(own)
    other, spent = units.settled(None, work, before)
    if other is None or (near is not None and units.better(near.plan, other.plan)):
        if near is None:
            return None, spent
        kept.take_proportions(near.plan)
        other, more = units.settled(near, work - spent)
        spent += more
    return other, spent
