"""Which whole units beside a relaxed plan are best? A search among those up or down from it (RENS: Berthold, 2014)."""

from __future__ import annotations

import numpy as np

from model.optimiser.solver import branching
from model.optimiser.solver.diving import WHOLE
from model.optimiser.solver.lexicographic import LexicographicSolver
from model.optimiser.solver.linear import Infeasible
from model.vocabulary import FloatArray


def search_by_weight(
    engine: LexicographicSolver, costs: FloatArray, gap: float, work: float, rounded: bool
) -> list[FloatArray]:
    """What a search finds, (column,), by `costs` (column,) within a gap, after so much work at most: one or none.

    `rounded`: whole units are only up or down from what is best without them; most are whole there already.
    """
    lower, upper = engine.lower, engine.upper
    try:
        if rounded:
            engine.set_bounds(*_beside(engine, engine.minimise_only(costs).values))
        found = branching.search(engine, costs, (gap, 0.0), None, work)
    except Infeasible:
        return []
    finally:
        engine.set_bounds(lower, upper)
    return [] if found.values is None else [found.values]


def _beside(engine: LexicographicSolver, values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Bounds within which whole units are those next to `values` (column,)."""
    lower, upper, whole = engine.lower.copy(), engine.upper.copy(), engine.whole
    lower[whole] = np.maximum(lower[whole], np.floor(values[whole] + WHOLE))
    upper[whole] = np.minimum(upper[whole], np.ceil(values[whole] - WHOLE))
    return lower, np.maximum(lower, upper)
