"""Which whole units are near the relaxed plan? The best of several dives from it, by weight.

Each stage counts as a share of its gap. Where no dive finds any, a search of all stages in one looks for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from model.optimiser.digits import settled_number
from model.optimiser.solver import branching
from model.optimiser.solver.diving import dive
from model.optimiser.solver.lexicographic import LexicographicSolver
from model.optimiser.solver.linear import Infeasible
from model.vocabulary import FloatArray
from model.workers import side_by_side

if TYPE_CHECKING:
    from model.optimiser.whole_units import WholeUnits

GIVEN = 0.5
"""Share of a stage's gap that whole units and later stages may take: half, so that the other half is left for what
rounding costs."""
DIVED = 0.9
"""Share of it within which a dive rounds: the rest is for what finishing a plan costs."""
COST_COUNTS = 0.5, 1.0
"""What cost counts in dives beside the other stages, each as a share of its gap; the first says which one is better."""
LARGE = 20_000
"""Coefficients from which on a search of all stages in one is sooner through than one a stage."""
BY_WEIGHT = 0.5
"""Gaps of stages, added up, at which it stops."""
LITTLE_WORK = 3e6
"""What it may cost (`branching.Found.work`)."""


def rounded(units: WholeUnits, limits: Sequence[float]) -> FloatArray | None:
    """Values with whole units, (column,), where no stage is much worse than its limit; None: none were found."""
    engine = units.engine
    for stage, limit in enumerate(limits[: len(units.scales) - 1]):
        engine.hold_stage(stage, limit + (DIVED - GIVEN) * units.gaps[stage])
    try:
        counts = COST_COUNTS if units.bounded > 1 else COST_COUNTS[:1]  # a dive through a huge problem takes long
        engines = [engine, *[engine.twin() for _ in counts[1:]]]
        dives = [partial(_dive, units, *each) for each in zip(engines, counts, strict=True)]
        found = [each for each in side_by_side(*dives) if each is not None] or _by_weight(units)
    finally:
        engine.release()
    weight = units.weighted(COST_COUNTS[0])
    return min(found, key=lambda each: settled_number(float(weight @ each)), default=None)


def _dive(units: WholeUnits, engine: LexicographicSolver, cost_counts: float) -> FloatArray | None:
    """What a dive finds, best by weight with its whole units."""
    whole = np.flatnonzero(engine.whole)
    try:
        values = dive(engine, units.weighted(cost_counts), worse=len(units.scales))
        if values is None:
            return None
        engine.fix(whole, np.round(values[whole]))
        return engine.minimise_only(units.weighted(COST_COUNTS[0])).values
    except Infeasible:
        return None
    finally:
        engine.free(whole)


def _by_weight(units: WholeUnits) -> list[FloatArray]:
    """What a search of all stages in one finds, of a large problem."""
    if units.engine.work < LARGE:
        return []
    try:
        found = branching.search(units.engine, units.weighted(), (BY_WEIGHT, 0.0), None, LITTLE_WORK)
    except Infeasible:
        return []
    return [] if found.values is None else [found.values]
