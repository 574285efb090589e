"""What is kept in HiGHS, and changed there? One object with the whole problem.

Budgets, targets, pool proportions, bounds, whole or relaxed units are changed in place; the model is never built again.
What is solved with it stands in `linear` and `lexicographic`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import highspy
import numpy as np

from model.optimiser.solver.arrays import Arrays, Bounds, ColumnKey
from model.optimiser.solver.highs import OPTIONS, TIGHT, USUAL, quiet_solver
from model.vocabulary import FloatArray

LARGE = 15_000
"""Columns of a large problem: a first stage is better begun where the last first stage ended than where the last stage
did, and the search for whole units where rounding leads."""
HUGE = 50_000
"""Columns from which presolve helps more than the last basis when costs change with whole units fixed, and an interior
point finds the first optimum sooner than the simplex method (10 s instead of 15)."""


LOCK = "lock"


def stage_row(stage: int) -> ColumnKey:
    """The row that can keep a stage of the objective at most at a limit."""
    return LOCK, stage


class PersistentSolver:
    """One compiled problem in one HiGHS object."""

    def __init__(self, arrays: Arrays, threads: int = 1) -> None:
        self.columns, self.rows = arrays.columns, dict(arrays.rows)
        self.objective, self.offset, self.whole = arrays.objective, arrays.offset, arrays.whole
        self.lower, self.upper = arrays.lower.copy(), arrays.upper.copy()
        self.row_lower, self.row_upper = arrays.row_lower.copy(), arrays.row_upper.copy()
        self.solver: Any = quiet_solver()  # its type stubs are incomplete
        self._set_options({"threads": threads, **OPTIONS})
        self._pass(arrays.matrix)
        self.col_now, self.row_now = Bounds(self.lower, self.upper), Bounds(self.row_lower, self.row_upper)
        self.wanted_bounds = Bounds(self.lower, self.upper)
        self.bases: dict[bool, Any] = {}
        self.first_basis: Any = None
        self.deadline, self.patience = np.inf, np.inf
        self.fixed_values, self.holding = np.empty(0), False
        self.fixed = np.zeros(len(self.lower), dtype=bool)
        self.cost = self.objective[0]
        self.fixed_values_cost = self.cost
        self.large, self.huge = len(self.lower) > LARGE, len(self.lower) > HUGE
        self.set_whole(False)

    def _pass(self, matrix: Any) -> None:
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = matrix.shape[1], matrix.shape[0]
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = self.objective[0], self.lower, self.upper
        lp.row_lower_, lp.row_upper_ = self.row_lower, self.row_upper
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[int(whole)] for whole in self.whole]
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
        self.solver.passModel(lp)

    def _lock(self, stage: int) -> int:
        """The row that can keep a stage at most at a limit; made when first needed, without limit."""
        key = stage_row(stage)
        if key not in self.rows:
            columns = np.flatnonzero(self.objective[stage]).astype(np.int32)
            self.solver.addRow(-np.inf, np.inf, len(columns), columns, self.objective[stage][columns])
            self.rows[key] = len(self.row_upper)
            self.row_lower, self.row_upper = np.append(self.row_lower, -np.inf), np.append(self.row_upper, np.inf)
            self.row_now.extend(-np.inf, np.inf)
            self._forget()  # bases know nothing of the row
        return self.rows[key]

    def set_coefficients(self, entries: Mapping[tuple[ColumnKey, ColumnKey], float]) -> None:
        """Change coefficients, {(row key, column key): value}; rows or columns that were presolved away are skipped."""
        for (row, column), value in entries.items():
            if row in self.rows and column in self.columns:
                self.solver.changeCoeff(self.rows[row], self.columns[column], value)

    def set_row_sides(self, key: ColumnKey, lower: float, upper: float) -> None:
        """Change what a row may be at least and at most."""
        row = self.rows[key]
        self.row_lower[row], self.row_upper[row] = lower, upper
        self._bound_rows([row], lower, upper)

    def set_row_upper(self, name: str, index: Any, value: float) -> None:
        """Change the right-hand side of a less-or-equal row, such as a pot."""
        self.set_row_sides((name, index), self.row_lower[self.rows[name, index]], value)

    def set_column_bounds(self, key: ColumnKey, lower: float, upper: float) -> None:
        """Change a column's own bounds; while it is fixed, this waits until it is free."""
        column = self.columns[key]
        self.lower[column], self.upper[column] = lower, upper
        if not self.fixed[column]:
            self._bound_columns(*self.wanted_bounds.change([column], lower, upper))

    def add_column(
        self, key: ColumnKey, cost: Mapping[int, float], entries: Mapping[ColumnKey, float],
        lower: float = 0.0, upper: float = np.inf,
    ) -> int:  # fmt: skip
        """Position of a new continuous column with `cost` by stage and coefficients `entries` by row key."""
        if key in self.columns:
            raise ValueError(f"there is a column {key} already")
        at = {self.rows[row]: value for row, value in entries.items()}
        at |= {self.rows[stage_row(stage)]: value for stage, value in cost.items() if stage_row(stage) in self.rows}
        rows, values = np.array(list(at), dtype=np.int32), np.array(list(at.values()), dtype=float)
        self.solver.addCol(0.0, lower, upper, len(rows), rows, values)
        self.columns[key] = column = len(self.lower)
        self.lower, self.upper = np.append(self.lower, lower), np.append(self.upper, upper)
        self.col_now.extend(lower, upper)
        self.wanted_bounds.extend(lower, upper)
        self.whole, self.fixed = np.append(self.whole, False), np.append(self.fixed, False)
        costs = [[cost.get(stage, 0.0)] for stage in range(len(self.objective))]
        self.objective = np.hstack([self.objective, costs])
        self._forget()
        return column

    def hold_stage(self, stage: int, limit: float) -> None:
        """Keep a stage's objective at most at a limit (in its unit) whatever is solved, until `release`."""
        self._lock(stage)
        self.set_row_upper(*stage_row(stage), limit - float(self.offset[stage]))

    def release(self) -> None:
        """Take all limits on stages off."""
        for stage in range(len(self.objective)):
            if stage_row(stage) in self.rows:
                self.set_row_upper(*stage_row(stage), np.inf)

    def _bound_rows(self, index: Any, lower: Any, upper: Any) -> None:
        where, *bounds = self.row_now.change(index, lower, upper)
        self.solver.changeRowsBounds(len(where), where, *bounds)

    def _bound_columns(self, index: Any, lower: Any, upper: Any) -> None:
        where, *bounds = self.col_now.change(index, lower, upper)
        self.solver.changeColsBounds(len(where), where, *bounds)

    def _change_bounds(
        self, rows: tuple[FloatArray, FloatArray], columns: tuple[FloatArray, FloatArray]
    ) -> None:  # fmt: skip
        """Put other bounds (lower, upper) in for now."""
        for now, bounds, bind in ((self.row_now, rows, self._bound_rows), (self.col_now, columns, self._bound_columns)):
            where = now.differ(*bounds)
            bind(where, *(bound[where] for bound in bounds))

    def _restore_bounds(self) -> None:
        """Give back what was bound for a while."""
        wanted = self.wanted_bounds
        self._change_bounds((self.row_lower, self.row_upper), (wanted.lower, wanted.upper))

    def _set_costs(self, costs: FloatArray) -> None:
        self.cost = costs
        self.solver.changeColsCost(len(costs), np.arange(len(costs), dtype=np.int32), costs)

    def set_whole(self, whole: bool) -> None:
        """Ask for whole units, or relax them."""
        self.solver.setOptionValue("solve_relaxation", not whole)
        self.relaxed = not whole
        self._tighten()

    def fix(self, columns: Iterable[int], values: FloatArray, give: float = 0.0) -> None:
        """Hold columns at values, or as little below as `give` (a share) allows."""
        index, values = np.array(list(columns), dtype=int), np.array(values, dtype=float)
        lowest = np.maximum(values - give * np.maximum(np.abs(values), 1.0), self.lower[index])
        self._bound_columns(*self.wanted_bounds.change(index, lowest, values))
        if not np.array_equal(values, self.fixed_values):
            self.bases.pop(True, None)
        self.fixed[index] = True
        self.fixed_values, self.holding = values, True

    def free(self, columns: Iterable[int]) -> None:
        """Give columns their own bounds back."""
        index = np.array(list(columns), dtype=int)
        self._bound_columns(*self.wanted_bounds.change(index, self.lower[index], self.upper[index]))
        self.fixed[index] = False
        self.holding = bool(np.any(self.fixed))

    def _set_options(self, options: Mapping[str, Any]) -> None:
        for option, value in options.items():
            self.solver.setOptionValue(option, value)

    def start_anew(self) -> None:
        """Forget what was learnt from earlier runs."""
        self._forget()
        self.solver.clearSolver()

    def _forget(self) -> None:
        self.bases.clear()
        self.first_basis = None

    def _tighten(self) -> None:
        self._set_tolerance(TIGHT if self.relaxed else USUAL)

    def _set_tolerance(self, tolerance: float) -> None:
        for side in ("primal", "dual"):
            self.solver.setOptionValue(f"{side}_feasibility_tolerance", tolerance)
