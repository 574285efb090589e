"""In which proportions does what draws on a pool take from its members? Those of a plan, after conversions inside it.

The optimiser knows them only from the plan before; `limits.balances.activity_balance` is right at the margin around it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.optimiser.problem import Problem
from model.vocabulary import FloatArray

EMPTY = 1e-9
"""Share of its largest level in the reference below which a pool is empty: then the reference's proportions count."""
DIGITS = 9
"""Decimals of proportions: what the last bits of a processor say does not reach the solver."""


@dataclass(frozen=True)
class Proportions:
    """Of pools in a plan, before anything draws on them. Years are all model years."""

    share: FloatArray
    """(activity, year) of its pool, P / T; 0 outside pools"""
    left: FloatArray
    """(pool, year) what draws leave of it, 1 - D / T"""

    def coefficients(self, activity: int, pool: int, year: int) -> tuple[float, float, float]:
        """Minus what one unit of P[activity], of T and of D makes of the activity's level, to first order."""
        share, left = float(self.share[activity, year]), float(self.left[pool, year])
        return -left, -share * (1.0 - left), share

    def between(self, other: Proportions, portion: float) -> Proportions:
        """On the way to others, a portion of it."""
        return Proportions(
            self.share + portion * (other.share - self.share), self.left + portion * (other.left - self.left)
        )

    def distance(self, other: Proportions) -> float:
        """Largest difference of any share or portion left."""
        return max(float(each.max(initial=0.0)) for each in self._off(other))

    def mean_distance(self, other: Proportions) -> float:
        """Mean difference of the shares and portions left of which there is something in either."""
        share, left = self._off(other)
        there = (self.share > 0) | (other.share > 0)
        return float((share.sum() + left.sum()) / max(int(there.sum()) + left.size, 1))

    def _off(self, other: Proportions) -> tuple[FloatArray, FloatArray]:
        return np.abs(self.share - other.share), np.abs(self.left - other.left)


def proportions_at(problem: Problem, level: FloatArray | None = None) -> Proportions:
    """Proportions where measures operate at `level` (mode, year); of the reference, where nothing is drawn, without."""
    case = problem.case
    reference = case.level[0]
    before, drawn = reference.copy(), np.zeros((len(case.pools), len(case.years)))
    if level is not None:
        for move in case.measures.activity_moves:
            before[move.target] += move.amount[0] * level[move.mode]
        for move in case.measures.pool_draws:
            drawn[move.target] += move.amount[0] * level[move.mode]
    share, left = np.zeros_like(reference), np.ones_like(drawn)
    for pool in range(len(case.pools)):
        members = np.flatnonzero(case.pool_of == pool)
        least = EMPTY * max(float(reference[members].sum(axis=0).max(initial=0.0)), EMPTY)
        for levels in (reference[members], np.maximum(before[members], 0.0)):
            total = levels.sum(axis=0)
            share[members] = np.where(total > least, levels / np.where(total > least, total, 1.0), share[members])
        left[pool] = np.where(total > least, 1.0 - drawn[pool] / np.where(total > least, total, 1.0), 1.0)
    return Proportions(np.asarray(share).round(DIGITS), np.asarray(np.clip(left, 0.0, 1.0)).round(DIGITS))
