"""How good could a plan be at any proportions of pools? A relaxation that holds for all of them, and where it leads.

What draws leave of a member, Z = P left, is a product of two variables. In each of a few segments of `left` it lies
between four planes (McCormick 1976), and a yes or no says which segment it is. No plan is outside; the narrower the
segments, the less is inside that is none. It grows with members, years and segments, so it is for small problems: there
it says what the search around a plan's own proportions may have missed, and where to search again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import scipy.sparse as sp

from model.optimiser.digits import settled
from model.optimiser.formulation.variables import Formulation
from model.optimiser.limits.balances import ACTIVITY_BALANCE
from model.optimiser.solver.arrays import Arrays, ColumnKey
from model.vocabulary import FloatArray

ROOM = 1e-6
"""Share by which limits of what is enclosed are wider than they need be: coefficients are rounded."""
SEGMENTS = 5
"""Of each `left`, from the least it can be to 1."""
Entries = dict[ColumnKey, float]


class _Rows:
    """Rows and columns that are added to arrays."""

    def __init__(self, arrays: Arrays) -> None:
        self.arrays, self.columns, self.rows = arrays, dict(arrays.columns), dict(arrays.rows)
        self.upper: list[float] = []
        self.whole: list[bool] = []
        self.entries: list[tuple[int, int, float]] = []
        self.sides: list[tuple[float, float]] = []

    def column(self, key: ColumnKey, upper: float, whole: bool = False) -> None:
        self.columns[key] = len(self.columns)
        self.upper.append(upper)
        self.whole.append(whole)

    def row(self, key: ColumnKey, entries: Entries, lower: float, upper: float) -> None:
        self.rows[key] = row = len(self.rows)
        self.sides.append((lower, upper))
        self.entries += [(row, self.columns[column], value) for column, value in entries.items()]

    def put(self, row: ColumnKey, entries: Entries) -> None:
        """Further entries of a row that is there."""
        self.entries += [(self.rows[row], self.columns[column], value) for column, value in entries.items()]

    def done(self, emptied: Sequence[tuple[ColumnKey, ColumnKey]]) -> Arrays:
        """All together, without the entries (row, column) that are given up."""
        old, new = self.arrays, len(self.upper)
        matrix = old.matrix.tolil(copy=True)
        for row, column in emptied:
            matrix[old.rows[row], old.columns[column]] = 0.0
        shape = len(self.rows), len(self.columns)
        wide = sp.csr_matrix(matrix)
        wide.resize(shape)
        rows, columns, values = zip(*self.entries, strict=True)
        lower, upper = map(np.array, zip(*self.sides, strict=True))
        return replace(
            old, columns=self.columns, rows=self.rows,
            matrix=(wide + sp.csr_matrix((settled(values), (rows, columns)), shape)).tocsr(),
            objective=np.hstack([old.objective, np.zeros((len(old.objective), new))]),
            whole=np.append(old.whole, self.whole), lower=np.append(old.lower, np.zeros(new)),
            upper=np.append(old.upper, settled(self.upper, 1.0)),
            row_lower=np.append(old.row_lower, settled(lower, -1.0)),
            row_upper=np.append(old.row_upper, settled(upper, 1.0)),
        )  # fmt: skip


def enveloped(f: Formulation, arrays: Arrays) -> Arrays:
    """The problem with `Z = P left` enclosed by planes instead of linear around known proportions."""
    rows, emptied = _Rows(arrays), []
    most, drawn = _most_before_draws(f), _most_drawn(f)
    totals = _totals(f)
    for q in f.touched.pools:
        members = [s for s in f.touched.activities if f.case.pool_of[s] == q]
        for y in f.years:
            least, total = float(totals[0][q, y]), float(totals[1][q, y])
            start = max(1.0 - ROOM - float(drawn[q, y]) / least, 0.0) if least > 0 else 0.0
            edges = np.linspace(start, 1.0, SEGMENTS + 1) if start < 1.0 else np.array([1.0, 1.0])
            _segments(rows, q, y, edges)
            for s in members:
                row = ACTIVITY_BALANCE.name, (s, y)
                columns = ("before_draws", (s, y)), ("pool_total", (q, y)), ("pool_draw", (q, y))
                emptied += [(row, column) for column in columns if column in arrays.columns]
                _member(rows, q, s, y, edges, (1.0 + ROOM) * min(float(most[s, y]), total))
            left = {("activity", (s, y)): 1.0 for s in members}
            rows.row(("all_left", (q, y)), left | {columns[2]: 1.0, columns[1]: -1.0}, 0.0, 0.0)
    return rows.done(emptied)


def _segments(rows: _Rows, q: int, y: int, edges: FloatArray) -> None:
    """One segment holds: its part of `left` is between its edges, that of the others is 0."""
    count = len(edges) - 1
    for i in range(count):
        rows.column(("segment", (q, y, i)), 1.0, whole=True)
        rows.column(("left", (q, y, i)), 1.0)
        chosen, left = ("segment", (q, y, i)), ("left", (q, y, i))
        rows.row(("left_above", (q, y, i)), {left: 1.0, chosen: -float(edges[i])}, 0.0, np.inf)
        rows.row(("left_below", (q, y, i)), {left: 1.0, chosen: -float(edges[i + 1])}, -np.inf, 0.0)
    rows.row(("one_segment", (q, y)), {("segment", (q, y, i)): 1.0 for i in range(count)}, 1.0, 1.0)


def _member(rows: _Rows, q: int, s: int, y: int, edges: FloatArray, most: float) -> None:
    """What is left of a member is, in the segment that holds, between four planes of P and `left`."""
    count = len(edges) - 1
    for i in range(count):
        before, after = ("before_part", (s, y, i)), ("after_part", (s, y, i))
        chosen, left = ("segment", (q, y, i)), ("left", (q, y, i))
        rows.column(before, np.inf)
        rows.column(after, np.inf)
        low, high = float(edges[i]), float(edges[i + 1])
        rows.row(("most_before", (s, y, i)), {before: 1.0, chosen: -most}, -np.inf, 0.0)
        rows.row(("above_low", (s, y, i)), {after: 1.0, before: -low}, 0.0, np.inf)
        rows.row(("below_high", (s, y, i)), {after: 1.0, before: -high}, -np.inf, 0.0)
        above = {after: 1.0, before: -high, left: -most, chosen: most * high}
        rows.row(("above_corner", (s, y, i)), above, 0.0, np.inf)
        below = {after: 1.0, before: -low, left: -most, chosen: most * low}
        rows.row(("below_corner", (s, y, i)), below, -np.inf, 0.0)
    rows.put((ACTIVITY_BALANCE.name, (s, y)), {("after_part", (s, y, i)): -1.0 for i in range(count)})
    parts = {("before_part", (s, y, i)): -1.0 for i in range(count)}
    rows.row(("before_parts", (s, y)), {("before_draws", (s, y)): 1.0} | parts, 0.0, 0.0)


def _most_before_draws(f: Formulation) -> FloatArray:
    """Most that an activity can be before draws, (activity, year)."""
    most = f.decided(f.case.level[0]).copy()
    for move in f.measures.activity_moves:
        measure = int(f.measures.mode_measure[move.mode])
        if measure in f.modes:
            most[move.target] += np.maximum(f.decided(move.amount[0]), 0.0) * f.potential[measure]
    return most


def _totals(f: Formulation) -> tuple[FloatArray, FloatArray]:
    """Least and most that the members of a pool can be together before draws, each (pool, year)."""
    pools, level = f.case.pool_of, f.decided(f.case.level[0])
    net: dict[tuple[int, int], FloatArray] = {}
    for move in f.measures.activity_moves:
        if int(f.measures.mode_measure[move.mode]) in f.modes and pools[move.target] >= 0:
            key = move.mode, int(pools[move.target])
            net[key] = net.get(key, 0.0) + f.decided(move.amount[0])
    least = np.array([level[pools == q].sum(axis=0) for q in range(len(f.case.pools))])
    most = least.copy()
    for (mode, q), amount in net.items():
        moved = amount * f.potential[int(f.measures.mode_measure[mode])]
        least[q] += np.minimum(moved, 0.0)
        most[q] += np.maximum(moved, 0.0)
    return least, most


def _most_drawn(f: Formulation) -> FloatArray:
    """Most that can be drawn from a pool, (pool, year)."""
    most = np.zeros((len(f.case.pools), len(f.years)))
    for move in f.measures.pool_draws:
        measure = int(f.measures.mode_measure[move.mode])
        if measure in f.modes:
            most[move.target] += np.maximum(f.decided(move.amount[0]), 0.0) * f.potential[measure]
    return most
