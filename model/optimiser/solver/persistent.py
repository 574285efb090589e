"""What is kept, and changed? One problem as arrays, and one HiGHS object that sees it condensed.

Budgets, targets, pool proportions, bounds, whole or relaxed units are changed in place; the model is never built again.
What changes a side or a bound is told to HiGHS; what changes a coefficient has the problem condensed anew, which takes
hundredths of a second, and the solver goes on from the basis it had. What is solved with it stands in `linear`,
`lexicographic` and `branching`.
"""

from __future__ import annotations

import copy
from collections.abc import Hashable, Iterable, Mapping
from typing import Any, Self

import numpy as np
import scipy.sparse as sp

from model.optimiser.digits import settled_number
from model.optimiser.solver.arrays import Arrays, ColumnKey
from model.optimiser.solver.bases import fitted
from model.optimiser.solver.condensing import Condensed, Whole, condense
from model.optimiser.solver.definitions import defining_rows
from model.optimiser.solver.highs import TIGHT, TooFarApart, pass_model, quiet_solver
from model.vocabulary import FloatArray, IntArray

LOCK = "lock"


def stage_row(stage: int) -> ColumnKey:
    """The row that can keep a stage of the objective at most at a limit."""
    return LOCK, stage


class PersistentSolver:
    """One compiled problem in one HiGHS object."""

    def __init__(self, arrays: Arrays, definitions: Mapping[str, str] | None = None) -> None:
        """`definitions`: variable -> the rows that give it in terms of others, by the same index."""
        self.arrays, self.definitions = arrays, definitions
        self.columns, self.rows = dict(arrays.columns), dict(arrays.rows)
        self.objective, self.offset, self.whole = arrays.objective, arrays.offset, arrays.whole
        self.lower, self.upper = arrays.lower.copy(), arrays.upper.copy()
        self.matrix = arrays.matrix.copy()
        stages = len(self.objective)
        self.rows |= {stage_row(stage): arrays.matrix.shape[0] + stage for stage in range(stages)}
        endless = np.full(stages, np.inf)
        self.row_lower = np.concatenate([arrays.row_lower, -endless])
        self.row_upper = np.concatenate([arrays.row_upper, endless])
        self.definition = defining_rows(arrays, definitions or {})
        self.needed = np.zeros(arrays.matrix.shape[0], dtype=bool)
        self.fixed = np.zeros(len(self.lower), dtype=bool)
        self.fixed_lower, self.fixed_upper = self.lower.copy(), self.upper.copy()
        self.cost, self.constant = self.objective[0], 0.0
        self.solver: Any = quiet_solver()  # its type stubs are incomplete
        self.condensed: Condensed | None = None
        self.places: IntArray = np.empty(0, dtype=int)
        self.row_places: IntArray = np.empty(0, dtype=int)
        self.bases: dict[Hashable, tuple[Any, IntArray, IntArray]] = {}
        self.relaxed = True
        self.version = 0
        self.made: dict[Hashable, int] = {}
        self.costs: dict[Hashable, FloatArray] = {}
        self.near = False
        self.last: Hashable = None
        self.inside: Hashable = None

    def copy(self) -> Self:
        """The problem as it was compiled, in a solver of its own: what has been changed here is not changed there."""
        return type(self)(self.arrays, self.definitions)

    def twin(self) -> Self:
        """The problem as it is now, with its bases, in a solver of its own."""
        other = copy.copy(self)
        for name, value in vars(self).items():
            if isinstance(value, np.ndarray | dict):
                setattr(other, name, value.copy())
        other.matrix, other.solver, other.condensed, other.inside = self.matrix.copy(), quiet_solver(), None, None
        return other

    @property
    def work(self) -> int:
        """What one step of the simplex method costs at most: the coefficients it may look at."""
        return int(self.ready().matrix.nnz)

    def whole_now(self) -> Whole:
        """The whole problem as it is now."""
        count = self.matrix.shape[0]
        return Whole(
            self.matrix, self.row_lower[:count], self.row_upper[:count], self.lower, self.upper, self.objective,
            self.definition, self.needed,
        )  # fmt: skip

    def ready(self) -> Condensed:
        """The condensed problem as it is now, in the solver."""
        if self.condensed is None:
            self.condensed = condense(self.whole_now())
            self._number()
            locks = slice(len(self.condensed.rows), None)  # limits on stages that are held are no part of the problem
            self.condensed.row_upper[locks] = self.row_upper[self.matrix.shape[0] :] - self.condensed.row_shift[locks]
            try:
                pass_model(self.solver, self.condensed, self.whole[self.condensed.columns])
            except TooFarApart as error:
                at = int(self.condensed.columns[error.column])
                named = next(key for key, column in self.columns.items() if column == at)
                raise TooFarApart(error.largest, at, named) from None
            self.inside = None
        return self.condensed

    def _number(self) -> None:
        """Places of the whole's columns and rows in what is left; -1: not there."""
        assert self.condensed is not None
        count, stages = self.matrix.shape[0], len(self.objective)
        self.places = np.full(len(self.lower), -1)
        self.places[self.condensed.columns] = np.arange(len(self.condensed.columns))
        self.row_places = np.full(count + stages, -1)
        own = self.condensed.rows < count
        self.row_places[self.condensed.rows[own]] = np.flatnonzero(own)
        self.row_places[count:] = len(self.condensed.rows) + np.arange(stages)

    def set_coefficients(self, entries: Mapping[tuple[ColumnKey, ColumnKey], float]) -> None:
        """Change coefficients, {(row key, column key): value}; rows or columns that are not there are skipped."""
        there = [(self.rows[row], self.columns[column], value) for (row, column), value in entries.items()
                 if row in self.rows and column in self.columns]  # fmt: skip
        if there:
            rows, columns, values = map(np.array, zip(*there, strict=True))
            self._put(rows, columns, values)

    def _put(self, rows: IntArray, columns: IntArray, values: FloatArray) -> None:
        width = self.matrix.shape[1]
        if not self.matrix.has_sorted_indices:
            self.matrix.sort_indices()
        wanted, at = rows.astype(np.int64) * width + columns, None
        for _ in range(2):
            lines = np.repeat(np.arange(self.matrix.shape[0], dtype=np.int64), np.diff(self.matrix.indptr))
            known = lines * width + self.matrix.indices
            at = np.searchsorted(known, wanted)
            missing = (at == len(known)) | (known[np.minimum(at, len(known) - 1)] != wanted)
            if not np.any(missing):
                break
            ones = np.ones(int(missing.sum()))
            new = sp.csr_matrix((ones, (rows[missing], columns[missing])), shape=self.matrix.shape)
            self.matrix = (self.matrix + new).tocsr()
            self.matrix.sort_indices()
        if not np.array_equal(self.matrix.data[at], values):
            self.matrix.data[at] = values
            self.condensed = None
            self.version += 1

    def set_row_sides(self, key: ColumnKey, lower: float, upper: float) -> None:
        """Change what a row may be at least and at most."""
        row = self.rows[key]
        if (self.row_lower[row], self.row_upper[row]) == (lower, upper):
            return
        self.row_lower[row], self.row_upper[row] = lower, upper
        if self.condensed is not None:
            place = int(self.row_places[row])
            if place < 0:
                self.condensed = None
            else:
                shift = self.condensed.row_shift[place]
                self.condensed.row_lower[place], self.condensed.row_upper[place] = lower - shift, upper - shift

    def set_row_upper(self, name: str, index: Any, value: float) -> None:
        """Change the right-hand side of a less-or-equal row, such as a pot."""
        self.set_row_sides((name, index), self.row_lower[self.rows[name, index]], value)

    def set_column_bounds(self, key: ColumnKey, lower: float, upper: float) -> None:
        """Change a column's own bounds; while it is fixed, this waits until it is free."""
        column = self.columns[key]
        if (self.lower[column], self.upper[column]) != (lower, upper):
            self.lower[column], self.upper[column] = lower, upper
            self.condensed = None

    def set_bounds(self, lower: FloatArray, upper: FloatArray) -> None:
        """Give all columns bounds of their own, (column,)."""
        if not (np.array_equal(lower, self.lower) and np.array_equal(upper, self.upper)):
            self.lower, self.upper, self.condensed = lower, upper, None

    def add_columns(self, entries: Mapping[ColumnKey, Mapping[ColumnKey, float]], upper: float = np.inf) -> IntArray:
        """Positions of new columns from 0 to `upper` that cost nothing, with coefficients by key of their rows."""
        if known := [key for key in entries if key in self.columns]:
            raise ValueError(f"there is a column {known[0]} already")
        count, more = len(self.lower), len(entries)
        places = [
            (self.rows[row], at, value) for at, each in enumerate(entries.values()) for row, value in each.items()
        ]
        rows, at, values = zip(*places, strict=True) if places else ((), (), ())
        new = sp.csr_matrix((values, (rows, at)), shape=(self.matrix.shape[0], more))
        self.matrix = sp.hstack([self.matrix, new], format="csr")
        self.columns |= {key: count + place for place, key in enumerate(entries)}
        nothing, most, no = np.zeros(more), np.full(more, upper), np.zeros(more, dtype=bool)
        self.lower, self.upper = np.append(self.lower, nothing), np.append(self.upper, most)
        self.fixed_lower, self.fixed_upper = np.append(self.fixed_lower, nothing), np.append(self.fixed_upper, most)
        self.whole, self.fixed = np.append(self.whole, no), np.append(self.fixed, no)
        self.definition = np.append(self.definition, np.full(more, -1))
        self.objective = np.hstack([self.objective, np.zeros((len(self.objective), more))])
        self.start_anew()
        self.condensed = None
        return np.arange(count, count + more)

    def hold_stage(self, stage: int, limit: float) -> None:
        """Keep a stage's objective at most at a limit (in its unit) whatever is solved, until `release`."""
        self.set_row_upper(*stage_row(stage), settled_number(limit - float(self.offset[stage]), 1.0))

    def release(self) -> None:
        """Take all limits on stages off."""
        for stage in range(len(self.objective)):
            self.set_row_upper(*stage_row(stage), np.inf)

    def set_whole(self, whole: bool) -> None:
        """Ask for whole units, or relax them."""
        self.relaxed = not whole

    def fix(self, columns: Iterable[int], values: FloatArray, give: float = 0.0) -> None:
        """Hold columns at values, or as little below as `give` (a share) allows."""
        index, values = np.array(list(columns), dtype=int), np.array(values, dtype=float)
        lowest = np.maximum(values - give * np.maximum(np.abs(values), 1.0), self.lower[index])
        self.fixed_lower[index], self.fixed_upper[index] = lowest, values
        self.fixed[index] = True

    def free(self, columns: Iterable[int]) -> None:
        """Give columns their own bounds back."""
        self.fixed[np.array(list(columns), dtype=int)] = False

    @property
    def holding(self) -> bool:
        """Whether columns are held at values."""
        return bool(np.any(self.fixed))

    def set_up(self) -> bool:
        """Tell the solver all bounds; whether what is held is within what its columns may be."""
        condensed = self.ready()
        held, columns = self.fixed, condensed.columns
        lower, upper = condensed.lower.copy(), condensed.upper.copy()
        mine = held[columns]
        lower[mine], upper[mine] = self.fixed_lower[columns[mine]], self.fixed_upper[columns[mine]]
        room = TIGHT * np.maximum(np.abs(lower), 1.0) * 10
        possible = not condensed.contradictory and not np.any(
            (lower > condensed.upper + room) | (upper < condensed.lower - room)
        )
        gone = held[condensed.kept] & (self.places[condensed.kept] < 0)
        there, at = condensed.fixed[gone], condensed.kept[gone]
        room = TIGHT * np.maximum(np.abs(there), 1.0) * 10
        possible &= not np.any((self.fixed_lower[at] > there + room) | (self.fixed_upper[at] < there - room))
        every, rows = (np.arange(count, dtype=np.int32) for count in (len(columns), len(condensed.row_lower)))
        self.solver.changeColsBounds(len(every), every, lower, np.maximum(lower, upper))
        self.solver.changeRowsBounds(len(rows), rows, condensed.row_lower, condensed.row_upper)
        return bool(possible)

    def keep_rows(self, rows: IntArray) -> None:
        """Let these rows be rows for the solver whatever they say: their sides will change."""
        own = rows[rows < len(self.needed)]
        if not np.all(self.needed[own]):
            self.needed[own] = True
            self.condensed = None

    def set_costs(self, costs: FloatArray) -> float:
        """Minimise a linear function of the columns; gives what is constant of it."""
        self.cost = costs
        own, self.constant = self.ready().costs(costs)
        self.solver.changeColsCost(len(own), np.arange(len(own), dtype=np.int32), own)
        return self.constant

    def note_basis(self, name: Hashable) -> None:
        """Keep the basis of what has just been solved under a name."""
        condensed = self.ready()
        self.bases[name] = self.solver.getBasis(), condensed.columns, self._row_numbers()

    def take_basis(self, name: Hashable) -> None:
        """Go on from a basis that was kept, as far as it fits what is left of the problem now."""
        basis, columns, rows = self.bases[name]
        now = self.ready().columns, self._row_numbers()
        if not (np.array_equal(columns, now[0]) and np.array_equal(rows, now[1])):
            count = self.matrix.shape[0] + len(self.lower) + len(self.objective)
            basis = fitted(basis, (columns, len(self.lower)), (rows, count), *now)
        self.solver.setBasis(basis)

    def take_bases(self, other: PersistentSolver) -> None:
        """Go on from all bases of another solver of the same problem, as if they had been found here."""
        self.bases, self.last, self.inside = dict(other.bases), other.last, None
        self.made = dict.fromkeys(self.bases, self.version)

    def _row_numbers(self) -> IntArray:
        """Numbers of the rows in what is left, in their order, stages last."""
        rows, stages = self.ready().rows, len(self.objective)
        return np.concatenate([rows, self.matrix.shape[0] + len(self.lower) + np.arange(stages)])

    def start_anew(self) -> None:
        """Forget what was learnt from earlier runs."""
        self.bases.clear()
        self.inside = None
        self.solver.clearSolver()
