"""What is kept in HiGHS, and changed there? One object with the whole problem, solved as a linear one or as it is.

Budgets, targets, pool proportions, bounds, whole or relaxed units are changed in place; the model is never built again.
One stage of the objective is solved alone here, at one point or swept over many right-hand sides; `engine` takes the
stages in order.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import highspy
import numpy as np

from model.optimise.solver.arrays import Arrays, Bounds, ColumnKey
from model.vocabulary import FloatArray

TIGHT, USUAL = 1e-9, 1e-7
"""Feasibility tolerances: tight where the projection is compared with the solution, HiGHS's own for whole units."""
PRIMAL, DUAL = 4, 1
"""HiGHS's simplex: after a change of costs the last basis stays primal feasible (five times faster here than dual);
from nothing, dual."""
BEGINNING = {"simplex_dual_edge_weight_strategy": -1, "dual_simplex_cost_perturbation_multiplier": 1.0}
FOLLOWING = {
    "simplex_strategy": DUAL, "simplex_dual_edge_weight_strategy": 1, "dual_simplex_cost_perturbation_multiplier": 0.0,
}  # fmt: skip
"""HiGHS's own choices, and those of a sweep after its first point: a few steps from one optimum to the next need
neither steepest edges nor perturbed costs, which have to be cleaned up again (measured 1.7 times faster)."""
LARGE = 15_000
"""Columns of a large problem: a first stage is better begun where the last first stage ended than where the last stage
did, and the search for whole units where rounding leads."""
HUGE = 50_000
"""Columns from which presolve helps more than the last basis when costs change with whole units fixed, and an interior
point finds the first optimum sooner than the simplex method (10 s instead of 15)."""
Outcome = tuple[FloatArray, float, float, str]
"""values, objective, bound and status of one run"""


class Infeasible(Exception):
    """There is no plan that does what is required."""


@dataclass(frozen=True)
class StageSolution:
    """One stage alone, solved as a linear problem, with the prices of its limits."""

    values: FloatArray
    """(column,)"""
    objective: float
    row_dual: FloatArray
    """(row,) change of the objective per unit of the side of the row that binds; 0 where none does"""
    col_dual: FloatArray
    """(column,) the same for the bounds of a column: its reduced cost"""
    status: str


@dataclass(frozen=True)
class Sweep:
    """One stage solved at many right-hand sides."""

    objective: FloatArray
    """(point,), NaN where there is no solution"""
    values: FloatArray | None
    """(point, chosen column), or None if none were asked for"""
    row_dual: FloatArray | None
    """(point, row) as in `StageSolution`, or None"""
    status: tuple[str, ...]
    """(point,)"""


class PersistentSolver:
    """One compiled problem in one HiGHS object."""

    def __init__(self, arrays: Arrays, threads: int = 1) -> None:
        self.columns, self.rows = arrays.columns, dict(arrays.rows)
        self.objective, self.offset, self.whole = arrays.objective, arrays.offset, arrays.whole
        self.lower, self.upper = arrays.lower.copy(), arrays.upper.copy()
        self.row_lower, self.row_upper = arrays.row_lower.copy(), arrays.row_upper.copy()
        self.solver: Any = _quiet_solver()  # its type stubs are incomplete
        self._set_options({
            "threads": threads,
            "mip_feasibility_tolerance": 1e-7, "primal_feasibility_tolerance": TIGHT,
            "dual_feasibility_tolerance": TIGHT,
            "mip_heuristic_run_root_reduced_cost": False, "mip_heuristic_run_rins": False,
            "mip_heuristic_run_rens": False, "mip_allow_restart": False,
        })  # fmt: skip
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
        key = ("lock", stage)
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

    def set_row_upper(self, name: str, index: Any, value: float) -> None:
        """Change the right-hand side of a less-or-equal row, such as a pot."""
        row = self.rows[name, index]
        self.row_upper[row] = value
        self._bound_rows([row], self.row_lower[row], value)

    def set_row_lower(self, name: str, index: Any, value: float) -> None:
        """Change the right-hand side of a greater-or-equal row."""
        row = self.rows[name, index]
        self.row_lower[row] = value
        self._bound_rows([row], value, self.row_upper[row])

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
        at |= {self.rows["lock", stage]: value for stage, value in cost.items() if ("lock", stage) in self.rows}
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
        self.set_row_upper("lock", stage, limit - float(self.offset[stage]))

    def release(self) -> None:
        """Take all limits on stages off."""
        for stage in range(len(self.objective)):
            if ("lock", stage) in self.rows:
                self.set_row_upper("lock", stage, np.inf)

    def _bound_rows(self, index: Any, lower: Any, upper: Any) -> None:
        where, *bounds = self.row_now.change(index, lower, upper)
        self.solver.changeRowsBounds(len(where), where, *bounds)

    def _bound_columns(self, index: Any, lower: Any, upper: Any) -> None:
        where, *bounds = self.col_now.change(index, lower, upper)
        self.solver.changeColsBounds(len(where), where, *bounds)

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

    def solve_stage(self, stage: int) -> StageSolution:
        """One stage alone, whole units relaxed or fixed, with its prices. Raises `Infeasible`."""
        solved = self.minimise(self.objective[stage])
        return replace(solved, objective=solved.objective + float(self.offset[stage]))

    def minimise(self, costs: FloatArray) -> StageSolution:
        """The least of any linear function, `costs` (column,), whole units relaxed or fixed. Raises `Infeasible`."""
        self._needs_linear()
        self._set_costs(costs)
        outcome = self._run()
        if outcome is None:
            raise Infeasible
        prices = self.solver.getSolution()
        return StageSolution(outcome[0], outcome[1], np.array(prices.row_dual), np.array(prices.col_dual), outcome[3])

    def sweep(
        self, stage: int, rows: Sequence[ColumnKey], uppers: FloatArray,
        columns: Sequence[int] | None = None, duals: bool = False,
    ) -> Sweep:  # fmt: skip
        """One stage alone at each point of `uppers` (point, row), the right-hand sides of less-or-equal rows.

        Rows are keys such as ("pot", (fund, year)); ("lock", stage) limits a stage's objective, in its unit. `columns`
        are positions whose values are wanted. Whole units stay relaxed or fixed as they are; bounds are afterwards as
        they were. Only right-hand sides change, so the last basis stays dual feasible: dual simplex.
        """
        self._needs_linear()
        index = np.array([self._lock(key[1]) if key[0] == "lock" else self.rows[key] for key in rows], dtype=np.int32)
        shift = np.array([self.offset[key[1]] if key[0] == "lock" else 0.0 for key in rows])
        sides = np.asarray(uppers, dtype=float).reshape(-1, len(index)) - shift
        wanted = None if columns is None else np.asarray(columns, dtype=int)
        objective, statuses = np.full(len(sides), np.nan), []
        values = None if wanted is None else np.full((len(sides), len(wanted)), np.nan)
        prices = np.full((len(sides), len(self.row_upper)), np.nan) if duals else None
        self._set_costs(self.objective[stage])
        self._prepare()
        lower, before = self.row_lower[index], (self.row_now.lower[index], self.row_now.upper[index])
        for point, side in enumerate(sides):
            self.solver.changeRowsBounds(len(index), index, lower, side)
            self.solver.run()
            status = self.solver.getModelStatus()
            if status not in _CLEAR:
                self._set_options(BEGINNING)
                self._run()
                status = self.solver.getModelStatus()
                self._set_options(FOLLOWING)
            if point == 0:
                self._set_options(FOLLOWING)
            statuses.append(self.solver.modelStatusToString(status))
            if status != highspy.HighsModelStatus.kOptimal:
                continue
            objective[point] = self.solver.getObjectiveValue() + self.offset[stage]
            if values is not None:
                values[point] = np.array(self.solver.getSolution().col_value)[wanted]
            if prices is not None:
                prices[point] = self.solver.getSolution().row_dual
        self._set_options(BEGINNING)
        self.solver.changeRowsBounds(len(index), index, *before)
        return Sweep(objective, values, prices, tuple(statuses))

    def _set_options(self, options: Mapping[str, Any]) -> None:
        for option, value in options.items():
            self.solver.setOptionValue(option, value)

    def _needs_linear(self) -> None:
        if not self.relaxed:
            raise ValueError("prices and sweeps need whole units relaxed or fixed: `set_whole(False)` first")

    def late(self) -> bool:
        """Whether the time for what is being done is over."""
        return time.perf_counter() > self.deadline

    def _run(self) -> Outcome | None:
        """Run the solver; should it lose its way numerically, once more from nothing, then at its usual tolerance."""
        usual = (self._keep, self.start_anew, self._loosen)
        for prepare in usual:
            prepare()
            self._prepare()
            self.solver.run()
            status = self.solver.getModelStatus()
            if status in _CLEAR:
                break
        self._tighten()
        if self.relaxed and status == highspy.HighsModelStatus.kOptimal:
            self.bases[self.holding] = self.solver.getBasis()
            if self.holding:
                self.fixed_values_cost = self.cost
        info = self.solver.getInfo()
        found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        if status in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kTimeLimit) and found:
            values = np.array(self.solver.getSolution().col_value)
            # HiGHS 1.16 may report a better objective than that of the solution it gives: trust the solution
            value = float(self.cost @ values)
            bound = value if self.relaxed else float(info.mip_dual_bound)
            return values, value, bound, self.solver.modelStatusToString(status)
        return None

    def _prepare(self) -> None:
        """Options of a linear run, and the basis to go on from."""
        if self.relaxed:
            self.solver.setOptionValue("simplex_strategy", PRIMAL if self._take_up_basis() else DUAL)
            self.solver.setOptionValue("time_limit", self.solver.getRunTime() + self.patience)

    def _take_up_basis(self) -> bool:
        """Whether there is a basis to go on from: that of the last relaxed run with as much held."""
        other = self.holding and self.huge and not np.array_equal(self.cost, self.fixed_values_cost)
        self.solver.setOptionValue("solver", "choose")
        if self.holding not in self.bases or other:
            if self.huge:
                self.solver.setOptionValue("solver", "ipm")
            self.solver.clearSolver()
            return False
        self.solver.setBasis(self.bases[self.holding])
        return True

    def _keep(self) -> None:
        """Go on from the last basis."""

    def start_anew(self) -> None:
        """Forget what was learnt from earlier runs."""
        self._forget()
        self.solver.clearSolver()

    def _forget(self) -> None:
        self.bases.clear()
        self.first_basis = None

    def _loosen(self) -> None:
        self._set_tolerance(USUAL)
        self.start_anew()

    def _tighten(self) -> None:
        self._set_tolerance(TIGHT if self.relaxed else USUAL)

    def _set_tolerance(self, tolerance: float) -> None:
        for side in ("primal", "dual"):
            self.solver.setOptionValue(f"{side}_feasibility_tolerance", tolerance)


_CLEAR = (
    highspy.HighsModelStatus.kOptimal,
    highspy.HighsModelStatus.kInfeasible,
    highspy.HighsModelStatus.kTimeLimit,
)


def _quiet_solver() -> highspy.Highs:
    """A HiGHS object that prints nothing: its banner goes past Python straight to the terminal."""
    out = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        solver.setOptionValue("output_flag", False)
    finally:
        os.dup2(out, 1)
        os.close(out)
        os.close(nowhere)
    return solver
