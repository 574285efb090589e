"""What is left of a problem when what only says what something is has been put in? The same problem, half as large.

Variables that a row gives in terms of others (activities, carrier use, emissions, ...) are replaced by what gives them;
a row of one variable becomes its bound; what the bounds keep anyway is left out. The solver sees the rest,
and is several times faster; values and prices of the whole follow from its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp

from model.vocabulary import BoolArray, FloatArray, IntArray

NOTHING = 1e-12
"""Coefficients below this are what is left of differences."""
ROOM = 1e-8
"""Share of what a defined variable is without any decision by which it may be beyond its bounds: coefficients that are
rounded (`digits.SOLVER`) do not add up better."""
KEPT_ANYWAY = 1e-9
"""Share (at least of 1) by which a row may be missed at most for it to be left out."""


Binding = tuple[IntArray, FloatArray]
"""(kept,) row and its only entry."""


@dataclass(frozen=True)
class Whole:
    """The whole problem as it is now: least cost @ x with row_lower <= matrix @ x <= row_upper, lower <= x <= upper."""

    matrix: Any
    """(row, column), sparse by row; rows of `definition` give their column the coefficient 1"""
    row_lower: FloatArray
    row_upper: FloatArray
    lower: FloatArray
    upper: FloatArray
    objective: FloatArray
    """(stage, column)"""
    definition: IntArray
    """(column,) row that gives it in terms of others; -1: none"""
    needed: BoolArray
    """(row,) whether it stays a row whatever it says now, because its side will change"""


@dataclass(frozen=True)
class Condensed:
    """What is left. Columns and rows are numbered anew; `columns` and `rows` are their numbers in the whole."""

    columns: IntArray
    rows: IntArray
    """a number beyond the rows of the whole, less their count: the column whose bounds this row keeps"""
    matrix: Any
    """(row, column), sparse by column; the last rows are the stages of the objective"""
    row_lower: FloatArray
    row_upper: FloatArray
    lower: FloatArray
    upper: FloatArray
    row_shift: FloatArray
    """(row,) sides in the whole less those here"""
    kept: IntArray
    """columns of the whole that nothing defines"""
    fixed: FloatArray
    """(kept,) value where it is fixed, else 0"""
    defined: IntArray
    """columns of the whole that others give"""
    given: Any
    """(defined, kept) what kept columns make of them"""
    constant: FloatArray
    """(defined,)"""
    reduced: Any
    """(defined, defined) what they make of each other in one step"""
    binding: tuple[Binding, Binding]
    """of lower and of upper bounds of kept columns: the row whose only entry gives it, numbered as in `rows`, and that
    entry; -1: it is the column's own bound"""
    contradictory: bool
    """whether rows of no or one entry cannot all be kept: there is no solution"""

    def costs(self, costs: FloatArray) -> tuple[FloatArray, float]:
        """What a linear function of the whole's columns is here: by column, and its constant."""
        by_kept = costs[self.kept] + self.given.T @ costs[self.defined]
        constant = float(costs[self.defined] @ self.constant + by_kept @ self.fixed)
        everything = np.zeros(len(costs))
        everything[self.kept] = by_kept
        return everything[self.columns], constant

    def expanded(self, values: FloatArray) -> FloatArray:
        """Values of all columns of the whole."""
        everything = np.zeros(len(self.kept) + len(self.defined))
        everything[self.kept] = self.fixed
        everything[self.columns] = values
        everything[self.defined] = self.given @ everything[self.kept] + self.constant
        return everything

    def prices(
        self, whole: Whole, costs: FloatArray, dual: FloatArray, held: BoolArray
    ) -> tuple[FloatArray, FloatArray]:
        """Prices of all rows (with those of stages) and reduced costs of all columns, from prices of rows here.

        Rows that give bounds have the reduced costs of their columns, but for those that are `held` (column of the
        whole,) at values.
        """
        count, stages = whole.matrix.shape[0], len(whole.objective)
        price, bound = np.zeros(count), np.zeros(len(costs))
        of_bounds = self.rows >= count
        own, locks = dual[: len(self.rows)], dual[len(self.rows) :]
        price[self.rows[~of_bounds]] = own[~of_bounds]
        bound[self.rows[of_bounds] - count] = own[of_bounds]
        left = costs - whole.matrix.T @ price - whole.objective.T @ locks - bound
        by_kept = left[self.kept] + self.given.T @ left[self.defined]
        for (rows, entries), sign in zip(self.binding, (1.0, -1.0), strict=True):
            at = np.flatnonzero((rows >= 0) & (sign * by_kept > 0) & ~held[self.kept])
            for prices, mine, first in ((price, at[rows[at] < count], 0), (bound, at[rows[at] >= count], count)):
                prices[rows[mine] - first] = by_kept[mine] / entries[mine]
        left = costs - whole.matrix.T @ price - whole.objective.T @ locks - bound
        defining, step = left[self.defined], left[self.defined]
        while np.any(np.abs(step) > NOTHING):
            step = self.reduced.T @ step
            defining = defining + step
        price[whole.definition[self.defined]] = defining
        left = costs - whole.matrix.T @ price - whole.objective.T @ locks
        return np.concatenate([price, locks[:stages]]), left


def condense(whole: Whole) -> Condensed:
    """The problem without what defines, bounds or repeats."""
    said = whole.definition >= 0
    said[said] = (whole.row_lower == whole.row_upper)[whole.definition[said]]  # a row that was let go says nothing
    defined, kept = np.flatnonzero(said), np.flatnonzero(~said)
    matrix, defining = whole.matrix, whole.definition[defined]
    given, constant, reduced = _put_in(matrix[defining], whole.row_lower[defining], defined, kept)
    ordinary = np.ones(matrix.shape[0], dtype=bool)
    ordinary[defining] = False
    others = np.flatnonzero(ordinary)
    own = matrix[others]
    limited = np.isfinite(whole.lower[defined]) | np.isfinite(whole.upper[defined])
    rows = sp.vstack([own[:, kept] + own[:, defined] @ given, given[limited]], format="csr")
    rows.data[np.abs(rows.data) < NOTHING] = 0.0
    rows.eliminate_zeros()
    shift = np.concatenate([own[:, defined] @ constant, constant[limited]])
    room = ROOM * np.abs(constant[limited])
    row_lower = np.concatenate([whole.row_lower[others], whole.lower[defined[limited]] - room]) - shift
    row_upper = np.concatenate([whole.row_upper[others], whole.upper[defined[limited]] + room]) - shift
    number = np.concatenate([others, matrix.shape[0] + defined[limited]])
    needed = np.concatenate([whole.needed[others], np.zeros(int(limited.sum()), dtype=bool)])
    entries = np.where(needed, 2, np.diff(rows.indptr))
    lower, upper, binding = _bounds(rows, row_lower, row_upper, number, whole, kept, np.flatnonzero(entries == 1))
    contradictory = bool(np.any(lower > upper + KEPT_ANYWAY * np.maximum(np.abs(lower), 1.0)))
    empty = np.maximum(row_lower, -row_upper)[entries == 0]
    contradictory |= bool(np.any(empty > KEPT_ANYWAY))
    upper = np.maximum(upper, lower)
    anyway = _kept_anyway(rows, row_lower, row_upper, lower, upper)
    keep = np.flatnonzero(needed | (entries > 1) & ~anyway)
    free = lower < upper
    fixed = np.where(free, 0.0, lower)
    rows = rows[keep]
    more = rows @ fixed
    stages = sp.csr_matrix(whole.objective[:, kept] + whole.objective[:, defined] @ given)
    of_stages = sp.csr_matrix(whole.objective[:, defined]) @ constant + stages @ fixed
    endless = np.full(len(whole.objective), np.inf)
    shifts = np.concatenate([shift[keep] + more, of_stages])
    return Condensed(
        columns=kept[free], rows=number[keep], matrix=sp.vstack([rows[:, free], stages[:, free]], format="csc"),
        row_lower=np.concatenate([row_lower[keep] - more, -endless]),
        row_upper=np.concatenate([row_upper[keep] - more, endless]),
        lower=lower[free], upper=upper[free], row_shift=shifts, kept=kept, fixed=fixed, defined=defined, given=given,
        constant=constant, reduced=reduced, binding=binding, contradictory=contradictory,
    )  # fmt: skip


def _put_in(rows: Any, sides: FloatArray, defined: IntArray, kept: IntArray) -> tuple[Any, FloatArray, Any]:
    """What kept columns and constants make of defined ones, definitions put into each other until none is left."""
    reduced = (sp.identity(len(defined), format="csr") - rows[:, defined]).tocsr()
    reduced.eliminate_zeros()
    given, constant, step, of_step = (-rows[:, kept]).tocsr(), sides.copy(), -rows[:, kept], sides
    for _ in range(len(defined)):
        step, of_step = reduced @ step, reduced @ of_step
        if step.nnz == 0 and not np.any(of_step):
            break
        given, constant = given + step, constant + of_step
    return given, constant, reduced


def _bounds(
    rows: Any, row_lower: FloatArray, row_upper: FloatArray, number: IntArray, whole: Whole, kept: IntArray,
    single: IntArray,
) -> tuple[FloatArray, FloatArray, tuple[Binding, Binding]]:  # fmt: skip
    """Bounds of kept columns with those that `single`, rows of one entry, give, and what gives them."""
    lower, upper = whole.lower[kept].copy(), whole.upper[kept].copy()
    column, entry = rows.indices[rows.indptr[single]], rows.data[rows.indptr[single]]
    sides = row_lower[single] / entry, row_upper[single] / entry
    least, most = np.where(entry > 0, sides, sides[::-1])
    binding = [(np.full(len(kept), -1), np.ones(len(kept))) for _ in range(2)]
    for (row, its_entry), bound, side, sign in zip(binding, (lower, upper), (least, most), (-1.0, 1.0), strict=True):
        order = np.argsort(-sign * side, kind="stable")  # the tightest comes last and stays
        order = order[sign * side[order] < sign * bound[column[order]]]
        at = column[order]
        bound[at], row[at], its_entry[at] = side[order], number[single[order]], entry[order]
    return lower, upper, (binding[0], binding[1])


def _kept_anyway(
    rows: Any, row_lower: FloatArray, row_upper: FloatArray, lower: FloatArray, upper: FloatArray
) -> BoolArray:
    """Rows that bounds of columns keep, whatever else is decided."""
    up, down = rows.maximum(0.0), rows.minimum(0.0)
    highest, lowest = up @ upper + down @ lower, up @ lower + down @ upper
    room = KEPT_ANYWAY * np.maximum(np.abs(np.where(np.isfinite(row_upper), row_upper, 0.0)), 1.0)
    under = highest <= row_upper + room
    room = KEPT_ANYWAY * np.maximum(np.abs(np.where(np.isfinite(row_lower), row_lower, 0.0)), 1.0)
    return np.asarray(under & (lowest >= row_lower - room))
