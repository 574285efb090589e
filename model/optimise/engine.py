"""How is the problem solved? The Pyomo model compiled once to arrays and kept in one HiGHS object.

Budgets, targets, pool proportions, whole or relaxed units and the stage of the objective are changed in place; the
model is never built again. Stages are solved one after the other, each kept at its optimum: relaxed exactly, with whole
units within a tolerance.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import highspy
import numpy as np
import pyomo.environ as pyo
from pyomo.common.gc_manager import PauseGC
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler

from model.vocabulary import BoolArray, FloatArray

TIGHT, USUAL = 1e-9, 1e-7
"""Feasibility tolerances: tight where the projection is compared with the solution, HiGHS's own for whole units."""
STAGE_TOLERANCE = 1e-6
"""By this share (and by this many kt) a later stage may worsen an earlier one in the search for whole units."""

TRIAL = 2.0
"""Seconds for a linear problem that is only tried: with whole units that do not fit, simplex can wander for a minute."""
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

Key = tuple[str, Any]
Outcome = tuple[FloatArray, float, float, str]
"""values, objective, bound and status of one run"""


class Infeasible(Exception):
    """There is no plan that does what is required."""


@dataclass(frozen=True)
class Solution:
    """Values of all columns, and how well they are known to be best at each stage."""

    values: FloatArray
    objectives: tuple[float, ...]
    bounds: tuple[float, ...]
    status: str


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


class Engine:
    """One compiled problem in one HiGHS object."""

    def __init__(
        self, model: pyo.ConcreteModel, gaps: Sequence[float], cost_gap: float, time_limit: float, threads: int = 1
    ) -> None:
        """`gaps` by stage in its own unit and, relative, `cost_gap`: the search for whole units stops at either."""
        with PauseGC():  # as in `assembly.formulate`
            form = LinearStandardFormCompiler().write(model, mixed_form=True)
            self.columns = {key: col for col, key in enumerate(_keys(model, pyo.Var, form.columns))}
            rows = _keys(model, pyo.Constraint, [entry.constraint for entry in form.rows])
            self.rows = {key: row for row, key in enumerate(rows)}
            whole = [var.is_integer() or var.is_binary() for var in form.columns]
            bounds = np.array([var.bounds for var in form.columns], dtype=float)  # None becomes NaN: no bound
            side = np.array([entry.bound_type for entry in form.rows])
        self.objective = np.asarray(form.c.todense(), dtype=float)
        self.offset = np.asarray(form.c_offset, dtype=float)
        self.whole: BoolArray = np.array(whole, dtype=bool)
        self.lower = np.where(np.isnan(bounds[:, 0]), -np.inf, bounds[:, 0])
        self.upper = np.where(np.isnan(bounds[:, 1]), np.inf, bounds[:, 1])
        rhs = np.asarray(form.rhs, dtype=float)
        self.row_lower = np.where(side == 1, -np.inf, rhs)
        self.row_upper = np.where(side == -1, np.inf, rhs)
        self.matrix = form.A.tocsc()
        self.gaps, self.cost_gap = tuple(gaps), cost_gap
        self.time_limit = time_limit
        self.solver: Any = _quiet_solver()  # its type stubs are incomplete
        self._set_options({
            "threads": threads,
            "mip_feasibility_tolerance": 1e-7, "primal_feasibility_tolerance": TIGHT,
            "dual_feasibility_tolerance": TIGHT,
            "mip_heuristic_run_root_reduced_cost": False, "mip_heuristic_run_rins": False,
            "mip_heuristic_run_rens": False, "mip_allow_restart": False,
        })  # fmt: skip
        self._pass()
        self.col_now, self.row_now = _Bounds(self.lower, self.upper), _Bounds(self.row_lower, self.row_upper)
        self.asked = _Bounds(self.lower, self.upper)
        self.bases: dict[bool, Any] = {}
        self.first_basis: Any = None
        self.deadline = np.inf
        self.held, self.holding = np.empty(0), False
        self.fixed = np.zeros(len(self.lower), dtype=bool)
        self.cost = self.objective[0]
        self.patience = np.inf
        self.held_cost = self.cost
        self.large, self.huge = len(self.lower) > LARGE, len(self.lower) > HUGE
        for stage in range(len(self.objective) - 1):
            self._lock(stage)
        self.set_whole(False)

    def _pass(self) -> None:
        matrix = self.matrix
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

    def set_coefficients(self, entries: Mapping[tuple[Key, Key], float]) -> None:
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

    def set_column_bounds(self, key: Key, lower: float, upper: float) -> None:
        """Change a column's own bounds; while it is fixed, this waits until it is free."""
        column = self.columns[key]
        self.lower[column], self.upper[column] = lower, upper
        if not self.fixed[column]:
            self._bound_columns(*self.asked.change([column], lower, upper))

    def add_column(
        self, key: Key, cost: Mapping[int, float], entries: Mapping[Key, float],
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
        self.asked.extend(lower, upper)
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
        self._bound_columns(*self.asked.change(index, lowest, values))
        if not np.array_equal(values, self.held):
            self.bases.pop(True, None)
        self.fixed[index] = True
        self.held, self.holding = values, True

    def free(self, columns: Iterable[int]) -> None:
        """Give columns their own bounds back."""
        index = np.array(list(columns), dtype=int)
        self._bound_columns(*self.asked.change(index, self.lower[index], self.upper[index]))
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
        self, stage: int, rows: Sequence[Key], uppers: FloatArray,
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

    def solve(self, start: FloatArray | None = None) -> Solution:
        """Solve all stages in order and return the last solution. Raises `Infeasible`."""
        objectives: list[float] = []
        bounds: list[float] = []
        values, status, left_out = start, "", ""
        try:
            for stage, costs in enumerate(self.objective):
                late = stage > 0 and self.late()
                self._set_costs(costs)
                self._go_back(stage)
                outcome = None if late else self._run() if self.relaxed else self._run_whole(stage, values)
                if outcome is None:
                    if stage == 0:
                        raise Infeasible
                    left_out = f", stages {stage + 1} to {len(self.objective)} not solved"
                    break
                if stage == 0 and self.relaxed and not self.holding:
                    self.first_basis = self.bases.get(False)
                values, value, bound, status = outcome
                objectives.append(value + self.offset[stage])
                bounds.append(bound + self.offset[stage])
                if stage < len(self.objective) - 1:
                    self._hold(stage, value)
        finally:
            self._let_go()
        assert values is not None
        missing = range(len(objectives), len(self.objective))
        objectives += [float(self.objective[stage] @ values + self.offset[stage]) for stage in missing]
        bounds += [-np.inf for _ in missing]
        return Solution(values, tuple(objectives), tuple(bounds), status + left_out)

    def _go_back(self, stage: int) -> None:
        """Begin a first stage of a large problem where the last first stage ended."""
        if stage == 0 and self.large and not self.holding and self.first_basis is not None:
            self.bases[False] = self.first_basis

    def late(self) -> bool:
        """Whether the time for what is being done is over."""
        return time.perf_counter() > self.deadline

    def _hold(self, stage: int, value: float) -> None:
        """Keep a stage at its optimum.

        Relaxed: what has a price may not move. Columns with a reduced cost stay at their bound and rows with a dual
        value stay binding, which is just what all optimal solutions have in common. A row `objective <= optimum` would
        say the same, but leaves a sliver of room in which the simplex method loses its way. With whole units there are
        no such prices, hence the row.
        """
        if not self.relaxed:
            limit = value + STAGE_TOLERANCE * max(abs(value), 1.0)
            row = self.rows["lock", stage]
            self._bound_rows([row], -np.inf, min(limit, self.row_upper[row]))
            return
        solution = self.solver.getSolution()
        for prices, now, bind in (
            (solution.col_dual, self.col_now, self._bound_columns),
            (solution.row_dual, self.row_now, self._bound_rows),
        ):
            price = np.array(prices)
            bound = np.where(price > 0, now.lower, now.upper)
            priced = np.flatnonzero((np.abs(price) > TIGHT) & np.isfinite(bound) & (now.lower < now.upper))
            bind(priced, bound[priced], bound[priced])

    def _let_go(self) -> None:
        """Give back what holding the stages took."""
        rows = self.row_now.differ(self.row_lower, self.row_upper)
        self._bound_rows(rows, self.row_lower[rows], self.row_upper[rows])
        columns = self.col_now.differ(self.asked.lower, self.asked.upper)
        self._bound_columns(columns, self.asked.lower[columns], self.asked.upper[columns])

    def _run_whole(self, stage: int, values: FloatArray | None) -> Outcome | None:
        """A stage with whole units: keep those of the last stage where that is good enough, else search."""
        start = values
        if values is not None:
            kept = self.with_units_of(values)
            if kept is not None and stage > 0 and self.late():
                return kept[0], kept[1], -np.inf, "Time limit"
            self._go_back(stage)
            best = self._without_units()
            if stage == len(self.objective) - 1 and best is not None:
                fewer = self.with_units_of(np.minimum(np.ceil(best[0] - 1e-6), np.round(values)), patience=TRIAL)
                kept = min((each for each in (kept, fewer) if each is not None), key=lambda each: each[1], default=None)
            if kept is not None and best is not None and kept[1] - best[1] <= self._accepted(stage, kept[1]):
                return kept[0], kept[1], best[1], kept[3]
            if kept is not None:
                start = kept[0]
                if self.late():
                    return kept[0], kept[1], best[1] if best else -np.inf, "Time limit"
        # HiGHS 1.16 carries a wrong state over from the last integer run when costs change: start clean
        self.solver.clearSolver()
        self.solver.setOptionValue("mip_abs_gap", self.gaps[stage])
        self.solver.setOptionValue("mip_rel_gap", self._relative_gap(stage))
        left = max(min(self.time_limit, self.deadline - time.perf_counter()), 1.0)
        self.solver.setOptionValue("time_limit", self.solver.getRunTime() + left)
        if start is not None:
            self._start_from(start)
        outcome = self._run()
        if outcome is not None and outcome[1] - outcome[2] > self._accepted(stage, outcome[1]) and not self.late():
            self.solver.clearSolver()
            outcome = self._run()
        if values is not None and kept is not None and (outcome is None or outcome[1] > kept[1]):
            bounds = [best[1] if best else -np.inf, outcome[2] if outcome else -np.inf]
            return kept[0], kept[1], min(max(bounds), kept[1]), outcome[3] if outcome else "Feasible"
        return outcome

    def _accepted(self, stage: int, value: float) -> float:
        """Distance from the bound at which the search for whole units may stop, in the stage's unit."""
        return max(self.gaps[stage], self._relative_gap(stage) * abs(value)) * (1 + 1e-6)

    def _relative_gap(self, stage: int) -> float:
        return self.cost_gap if stage == len(self.objective) - 1 else 0.0

    def with_units_of(self, values: FloatArray, stage: int | None = None, patience: float = np.inf) -> Outcome | None:
        """The best with the whole units of a solution at a stage, else the present one: a linear problem.

        It is given up after `patience` seconds.
        """
        if stage is not None:
            self._set_costs(self.objective[stage])
        whole, whole_wanted = np.flatnonzero(self.whole), not self.relaxed
        self.set_whole(False)
        self.fix(whole, np.round(values[whole]))
        self.patience = patience
        outcome = self._run()
        self.patience = np.inf
        self.free(whole)
        self.set_whole(whole_wanted)
        return outcome

    def _without_units(self) -> Outcome | None:
        """The best without asking for whole units: nothing can be better."""
        self.set_whole(False)
        outcome = self._run()
        self.set_whole(True)
        return outcome

    def _start_from(self, values: FloatArray) -> None:
        start = highspy.HighsSolution()
        start.col_value = list(values)
        self.solver.setSolution(start)

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
                self.held_cost = self.cost
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
        other = self.holding and self.huge and not np.array_equal(self.cost, self.held_cost)
        self.solver.setOptionValue("solver", "choose")
        if self.holding not in self.bases or other:
            if self.huge and not self.holding:
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


class _Bounds:
    """Bounds as the solver has them now."""

    def __init__(self, lower: FloatArray, upper: FloatArray) -> None:
        self.lower, self.upper = lower.copy(), upper.copy()

    def change(self, index: Any, lower: Any, upper: Any) -> tuple[Any, FloatArray, FloatArray]:
        """Positions and bounds, noted here, as arrays."""
        where = np.asarray(index, dtype=np.int32)
        self.lower[where], self.upper[where] = lower, upper
        return where, self.lower[where], self.upper[where]

    def extend(self, lower: float, upper: float) -> None:
        """One more."""
        self.lower, self.upper = np.append(self.lower, lower), np.append(self.upper, upper)

    def differ(self, lower: FloatArray, upper: FloatArray) -> Any:
        """Where these are others than now."""
        return np.flatnonzero((self.lower != lower) | (self.upper != upper))


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


def _keys(model: pyo.ConcreteModel, kind: Any, parts: Iterable[Any]) -> list[Key]:
    """(component name, index) of Pyomo's variables or constraints, in their order."""
    keys: dict[int, Key] = {}
    for component in model.component_objects(kind):
        name = component.local_name
        keys |= {id(data): (name, index) for index, data in component.items()}
    return [keys[id(part)] for part in parts]
