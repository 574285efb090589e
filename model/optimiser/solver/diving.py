"""Which whole units are near a plan that did not ask for whole units? A dive: round some, solve, round the next.

What is whole already stays, of the rest those nearest to whole numbers are rounded, and the linear problem is solved
again; where that leaves no solution, fewer are, or the nearest one the other way, and at last what was whole already
need not stay (diving heuristics: Berthold, 2006). The
relaxation of these problems is tight: few of hundreds of units are not whole in it.
"""

from __future__ import annotations

import numpy as np

from model.optimiser.solver.highs import BEGINNING
from model.optimiser.solver.lexicographic import LexicographicSolver
from model.optimiser.solver.linear import Infeasible
from model.optimiser.solver.solutions import StageSolution
from model.vocabulary import FloatArray, IntArray

WHOLE = 1e-6
"""Distance from a whole number that counts as none."""
AT_ONCE = 0.3, 0.1
"""Shares of what is not whole that are rounded before the problem is solved again: the second if the first cannot."""
FIRST_STEPS, STEPS, LEAST_STEPS = 1.0, 0.1, 2000
"""Steps of the simplex method for a row, at first and then, and at least, that a linear problem may take in a dive:
with whole units that do not fit, it can wander a minute."""
UNPERTURBED = {"dual_simplex_cost_perturbation_multiplier": 0.0}
"""Where units leave no solution, HiGHS 1.16 can go on and on taking perturbed costs away and back."""
TURNS = 100
"""How often a dive may turn back."""


def dive(engine: LexicographicSolver, costs: FloatArray, worse: float = np.inf) -> FloatArray | None:
    """Values with whole units (column,) near those that are least by `costs` (column,) without; None where it ends.

    Stages that are held keep their limits meanwhile. What is more than `worse` above that is not looked for.
    """
    whole = np.flatnonzero(engine.whole)
    rounded = _Rounding(engine)
    fixed: dict[int, float] = {}
    turns = 0
    try:
        engine.set_options(UNPERTURBED)
        relaxed = engine.minimise_only(costs)
        values, most = relaxed.values, relaxed.objective + worse
        while True:
            apart = np.abs(values[whole] - np.round(values[whole]))
            if not np.any(apart > WHOLE):
                return values
            settled = rounded(values, whole[apart <= WHOLE])
            open_ = whole[apart > WHOLE]
            order = open_[np.argsort(apart[apart > WHOLE], kind="stable")]
            first = int(order[0])
            nearest = rounded(values, order)
            turned = float(np.floor(values[first]) if nearest[first] > values[first] else np.ceil(values[first]))
            many, fewer = (_first(nearest, max(int(share * len(order)), 1)) for share in AT_ONCE)
            one, other = {first: nearest[first]}, {first: turned}
            for more in (*(settled | each for each in (many, fewer, one, other)), many, fewer, one, other):
                solved = _with(engine, fixed | more, costs, STEPS if fixed or turns else FIRST_STEPS, most)
                if solved is not None:
                    break
                turns += 1
            if solved is None or turns > TURNS:
                return None
            fixed |= {column: value for column, value in more.items() if column in nearest}
            values = solved.values
    finally:
        engine.set_options(BEGINNING)
        engine.free(whole)


class _Rounding:
    """To the nearest whole numbers that columns can be."""

    def __init__(self, engine: LexicographicSolver) -> None:
        condensed = engine.ready()
        self.lowest, self.highest = np.full(len(engine.lower), -np.inf), np.full(len(engine.lower), np.inf)
        self.lowest[condensed.columns] = np.ceil(condensed.lower - WHOLE)
        self.highest[condensed.columns] = np.floor(condensed.upper + WHOLE)

    def __call__(self, values: FloatArray, columns: IntArray) -> dict[int, float]:
        nearest = np.clip(np.round(values[columns]), self.lowest[columns], self.highest[columns])
        return dict(zip(columns.tolist(), nearest.tolist(), strict=True))


def _first(values: dict[int, float], count: int) -> dict[int, float]:
    return dict(list(values.items())[:count])


def _with(
    engine: LexicographicSolver, fixed: dict[int, float], costs: FloatArray, steps: float, most: float
) -> StageSolution | None:
    columns: IntArray = np.array(list(fixed), dtype=int)
    engine.free(np.flatnonzero(engine.whole))
    engine.fix(columns, np.array(list(fixed.values())))
    try:
        return engine.minimise_only(costs, max(int(steps * engine.ready().matrix.shape[0]), LEAST_STEPS), most)
    except Infeasible:
        return None
