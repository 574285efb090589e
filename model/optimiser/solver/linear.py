"""What is the least of one stage? The problem solved as a linear one, whole units relaxed or fixed as they are.

At one point with its prices, swept over many right-hand sides, or only asked whether there is a solution at all.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import highspy
import numpy as np

from model.optimiser.solver.arrays import ColumnKey
from model.optimiser.solver.highs import BEGINNING, CLEAR, DUAL, FOLLOWING, PRIMAL, USUAL
from model.optimiser.solver.persistent import LOCK, PersistentSolver
from model.vocabulary import FloatArray

Outcome = tuple[FloatArray, float, float, str]
"""values, objective, bound and status of one run"""


NO_LIMIT = highspy.kHighsIInf
"""What HiGHS takes for no limit on a count."""


@dataclass(frozen=True)
class Work:
    """How much is done at most to answer a question: counted, so that it is the same on every machine."""

    iterations: int
    """of the simplex method, without whole units"""
    nodes: int
    """of the search for whole units"""


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


class LinearSolver(PersistentSolver):
    """One compiled problem, solved as a linear one."""

    iterations = 0
    """of the simplex method in `has_solution` so far"""

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

        Rows are keys such as ("pot", (fund, year)); `stage_row` limits a stage's objective, in its unit. `columns` are
        positions whose values are wanted. Whole units stay relaxed or fixed as they are; bounds are afterwards as they
        were. Only right-hand sides change, so the last basis stays dual feasible: dual simplex.
        """
        self._needs_linear()
        index = np.array([self._lock(key[1]) if key[0] == LOCK else self.rows[key] for key in rows], dtype=np.int32)
        shift = np.array([self.offset[key[1]] if key[0] == LOCK else 0.0 for key in rows])
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
            if status not in CLEAR:
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

    def has_solution(
        self, rows: tuple[FloatArray, FloatArray], columns: tuple[FloatArray, FloatArray], work: Work
    ) -> bool | None:
        """Whether anything is within these bounds (lower, upper) of rows and columns, in whole units where asked for.

        None: not known after so much work. Bounds are afterwards as they were.
        """
        self._set_costs(np.zeros(len(self.lower)))
        self._change_bounds(rows, columns)
        self._set_options({"simplex_iteration_limit": work.iterations, "mip_max_nodes": work.nodes})
        known: bool | None = True
        for whole in (False, True) if np.any(self.whole) else (False,):
            self.set_whole(whole)
            self.solver.clearSolver()
            if not whole and False in self.bases:
                self.solver.setBasis(self.bases[False])
            self.solver.run()
            self.iterations += max(int(self.solver.getInfo().simplex_iteration_count), 0)
            status = self.solver.getModelStatus()
            if not whole and status == highspy.HighsModelStatus.kOptimal:
                self.bases[False] = self.solver.getBasis()
            if status != highspy.HighsModelStatus.kOptimal:
                known = False if status == highspy.HighsModelStatus.kInfeasible else None
                break
        self._set_options({"simplex_iteration_limit": NO_LIMIT, "mip_max_nodes": NO_LIMIT})
        self.set_whole(False)
        self._restore_bounds()
        return known

    def _run(self) -> Outcome | None:
        """Run the solver; should it lose its way numerically, once more from nothing, then at its usual tolerance."""
        usual = (self._keep, self.start_anew, self._loosen)
        for prepare in usual:
            prepare()
            self._prepare()
            self.solver.run()
            status = self.solver.getModelStatus()
            if status in CLEAR:
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

    def _loosen(self) -> None:
        self._set_tolerance(USUAL)
        self.start_anew()

    def _needs_linear(self) -> None:
        if not self.relaxed:
            raise ValueError("prices and sweeps need whole units relaxed or fixed: `set_whole(False)` first")

    def begin_nothing_after(self, moment: float) -> None:
        """Let searches take until a moment, in seconds of `time.perf_counter`."""
        self.deadline = moment

    def late(self) -> bool:
        """Whether the time for what is being done is over."""
        return time.perf_counter() > self.deadline
