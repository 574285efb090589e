"""How are stages solved? One after the other, each kept near its best while the next ones are solved.

Without whole units, or with them fixed: a row of linear problems. With whole units: a dive from the relaxed solution
(`diving`), or a search (`branching`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from model.optimiser.digits import settled
from model.optimiser.solver.arrays import Arrays
from model.optimiser.solver.highs import TIGHT
from model.optimiser.solver.linear import LinearSolver
from model.vocabulary import BoolArray, FloatArray

ROOM = 1e-4
"""Share (at least of 1 kt or MSEK) from which room above a stage's best is real: a thinner sliver is none to a simplex
method, which loses its way in it."""


@dataclass(frozen=True)
class Solution:
    """Values of all columns, and how well they are known to be best at each stage."""

    values: FloatArray
    objectives: tuple[float, ...]
    """what each stage is in the end"""
    bounds: tuple[float, ...]
    """the least it could be, the stages before it kept as they were"""


class LexicographicSolver(LinearSolver):
    """One compiled problem in one HiGHS object, and its stages."""

    def __init__(self, arrays: Arrays, definitions: Mapping[str, str] | None = None) -> None:
        """`definitions`: variable -> the rows that give it in terms of others."""
        super().__init__(arrays, definitions)
        self.tied: tuple[BoolArray, ...] = (np.zeros(0, dtype=bool), np.zeros(0, dtype=bool))
        self.tied_at: tuple[FloatArray, ...] = (np.zeros(0), np.zeros(0))

    def cascade(self, room: Sequence[float] = (), at_most: Sequence[float] = (), stages: int | None = None) -> Solution:
        """All stages in their order, whole units relaxed or fixed. Raises `Infeasible`.

        `room` by stage is by how much later ones may worsen it; `at_most` is what it may be anyway. Without either,
        later stages choose among what is best for those before. Only so many `stages` are solved.
        """
        least = []
        count = len(self.objective) if stages is None else stages
        try:
            for stage in range(count):
                solved = self.least(stage)
                least.append(solved.objective)
                if stage < count - 1:
                    more = room[stage] if room else 0.0
                    enough = at_most[stage] if at_most else -np.inf
                    self._keep(stage, solved.objective, max(solved.objective + more, enough))
        finally:
            self._let_loose()
            self.release()
        reached = settled(self.objective @ solved.values + self.offset)
        return Solution(
            solved.values, tuple(reached.tolist()), (*map(float, least), *[-np.inf] * (len(self.objective) - count))
        )

    def _keep(self, stage: int, value: float, limit: float) -> None:
        """Keep a stage that was just solved at most at a limit.

        At its optimum what has a price may not move: columns with a reduced cost stay at their bound and rows with a
        dual value stay binding, which is just what all optimal solutions have in common. A row `objective <= optimum`
        would say the same, but leaves a sliver in which the simplex method loses its way.
        """
        if limit > value + ROOM * max(abs(value), 1.0):
            self.hold_stage(stage, limit)
            return
        solution, condensed = self.solver.getSolution(), self.ready()
        lower, upper = condensed.lower.copy(), condensed.upper.copy()
        held = self.fixed[condensed.columns]
        lower[held], upper[held] = self.fixed_lower[condensed.columns[held]], self.fixed_upper[condensed.columns[held]]
        sides = ((solution.col_dual, lower, upper), (solution.row_dual, condensed.row_lower, condensed.row_upper))
        for which, (prices, least, most) in enumerate(sides):
            price = np.array(prices)
            bound = np.where(price > 0, least, most)
            priced = (np.abs(price) > TIGHT) & np.isfinite(bound) & (least < most) & ~self.tied[which]
            np.logical_or(self.tied[which], priced, out=self.tied[which])
            self.tied_at[which][priced] = bound[priced]

    def _let_loose(self) -> None:
        condensed = self.ready()
        sizes = len(condensed.columns), len(condensed.row_lower)
        self.tied = tuple(np.zeros(size, dtype=bool) for size in sizes)
        self.tied_at = tuple(np.zeros(size) for size in sizes)

    def twin(self) -> Self:
        """As `PersistentSolver.twin`, with nothing tied."""
        other = super().twin()
        other._let_loose()
        return other

    def set_up(self) -> bool:
        """Tell the solver all bounds, of what is tied as well."""
        possible = super().set_up()
        if len(self.tied[0]) != len(self.ready().columns) or len(self.tied[1]) != len(self.ready().row_lower):
            self._let_loose()
        for tied, at, bind in zip(
            self.tied, self.tied_at, (self.solver.changeColsBounds, self.solver.changeRowsBounds), strict=True
        ):
            index = np.flatnonzero(tied).astype(np.int32)
            bind(len(index), index, at[index], at[index])
        return possible
