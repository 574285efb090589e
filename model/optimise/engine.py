"""How is the problem solved? The Pyomo model compiled once to arrays and kept in one HiGHS object.

Budgets, targets, pool proportions, whole or relaxed units and the stage of the objective are changed in place; the
model is never built again. Stages are solved one after the other, each kept at its optimum: relaxed exactly, with whole
units within a tolerance.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
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

PRIMAL, DUAL = 4, 1
"""HiGHS's simplex: after a change of costs the last basis stays primal feasible (five times faster here than dual);
from nothing, dual."""

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
        self.solver = _quiet_solver()
        for option, value in {
            "threads": threads,
            "mip_feasibility_tolerance": 1e-7, "primal_feasibility_tolerance": TIGHT,
            "dual_feasibility_tolerance": TIGHT,
            "mip_heuristic_run_root_reduced_cost": False, "mip_heuristic_run_rins": False,
            "mip_heuristic_run_rens": False,
        }.items():  # fmt: skip
            self.solver.setOptionValue(option, value)
        self._pass()
        self.locks = [self._add_lock(stage) for stage in range(len(self.objective) - 1)]
        self.stage = 0
        self.bases: dict[bool, Any] = {}
        self.held, self.holding = np.empty(0), False
        self.priced: list[Any] = []
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

    def _add_lock(self, stage: int) -> int:
        """A row that will keep a stage at its optimum; without limit until then."""
        columns = np.flatnonzero(self.objective[stage]).astype(np.int32)
        self.solver.addRow(-np.inf, np.inf, len(columns), columns, self.objective[stage][columns])
        return int(self.solver.getNumRow()) - 1

    def set_coefficients(self, entries: Mapping[tuple[Key, Key], float]) -> None:
        """Change coefficients, {(row key, column key): value}; rows or columns that were presolved away are skipped."""
        for (row, column), value in entries.items():
            if row in self.rows and column in self.columns:
                self.solver.changeCoeff(self.rows[row], self.columns[column], value)

    def set_row_upper(self, name: str, index: Any, value: float) -> None:
        """Change the right-hand side of a less-or-equal row, such as a pot."""
        row = self.rows[name, index]
        self.row_upper[row] = value
        self.solver.changeRowBounds(row, self.row_lower[row], value)

    def set_whole(self, whole: bool) -> None:
        """Ask for whole units, or relax them."""
        self.solver.setOptionValue("solve_relaxation", not whole)
        self.relaxed = not whole
        self._tighten()

    def fix(self, columns: Iterable[int], values: FloatArray, give: float = 0.0) -> None:
        """Hold columns at values, or as little below as `give` (a share) allows."""
        for column, value in zip(columns, values, strict=True):
            lowest = float(value) - give * max(abs(float(value)), 1.0)
            self.solver.changeColBounds(int(column), max(lowest, float(self.lower[column])), float(value))
        if not np.array_equal(values, self.held):
            self.bases.pop(True, None)
        self.held, self.holding = np.array(values), True

    def free(self, columns: Iterable[int]) -> None:
        """Give columns their own bounds back."""
        for column in columns:
            self.solver.changeColBounds(int(column), float(self.lower[column]), float(self.upper[column]))
        self.holding = False

    def solve(self, start: FloatArray | None = None) -> Solution:
        """Solve all stages in order and return the last solution. Raises `Infeasible`."""
        objectives: list[float] = []
        bounds: list[float] = []
        values, status = start, ""
        try:
            for stage, costs in enumerate(self.objective):
                self.solver.changeColsCost(len(costs), np.arange(len(costs), dtype=np.int32), costs)
                self.stage = stage
                outcome = self._run() if self.relaxed else self._run_whole(stage, values)
                if outcome is None:
                    if stage == 0:
                        raise Infeasible
                    status = f"{status}, stages {stage + 1} to {len(self.objective)} not solved"
                    break
                values, value, bound, status = outcome
                objectives.append(value + self.offset[stage])
                bounds.append(bound + self.offset[stage])
                if stage < len(self.locks):
                    self._hold(stage, value)
        finally:
            self._let_go()
        assert values is not None
        return Solution(values, tuple(objectives), tuple(bounds), status)

    def _hold(self, stage: int, value: float) -> None:
        """Keep a stage at its optimum.

        Relaxed: what has a price may not move. Columns with a reduced cost stay at their bound and rows with a dual
        value stay binding, which is just what all optimal solutions have in common. A row `objective <= optimum` would
        say the same, but leaves a sliver of room in which the simplex method loses its way. With whole units there are
        no such prices, hence the row.
        """
        if not self.relaxed:
            limit = value + STAGE_TOLERANCE * max(abs(value), 1.0)
            self.solver.changeRowBounds(self.locks[stage], -np.inf, limit)
            return
        solution, lp = self.solver.getSolution(), self.solver.getLp()
        for prices, sides, change in (
            (solution.col_dual, (lp.col_lower_, lp.col_upper_), self.solver.changeColBounds),
            (solution.row_dual, (lp.row_lower_, lp.row_upper_), self.solver.changeRowBounds),
        ):
            price, (lower, upper) = np.array(prices), np.array(sides)
            bound = np.where(price > 0, lower, upper)
            for index in np.flatnonzero((np.abs(price) > TIGHT) & np.isfinite(bound) & (lower < upper)).tolist():
                change(index, bound[index], bound[index])
                self.priced.append((change, index, lower[index], upper[index]))

    def _let_go(self) -> None:
        """Give back what holding the stages took."""
        for lock in self.locks:
            self.solver.changeRowBounds(lock, -np.inf, np.inf)
        while self.priced:
            change, index, lower, upper = self.priced.pop()
            change(index, lower, upper)

    def _run_whole(self, stage: int, values: FloatArray | None) -> Outcome | None:
        """A stage with whole units: keep those of the last stage where that is good enough, else search."""
        start = values
        if values is not None:
            kept, best = self._with_units_of(values), self._without_units()
            if stage == len(self.objective) - 1 and best is not None:
                fewer = self._with_units_of(np.minimum(np.ceil(best[0] - 1e-6), np.round(values)))
                kept = min((each for each in (kept, fewer) if each is not None), key=lambda each: each[1], default=None)
            if kept is not None and best is not None:
                if kept[1] - best[1] <= self._accepted(stage, kept[1]):
                    return kept[0], kept[1], best[1], kept[3]
                start = kept[0]
        # HiGHS 1.16 carries a wrong state over from the last integer run when costs change: start clean
        self.solver.clearSolver()
        self.solver.setOptionValue("mip_abs_gap", self.gaps[stage])
        self.solver.setOptionValue("mip_rel_gap", self._relative_gap(stage))
        self.solver.setOptionValue("time_limit", self.solver.getRunTime() + self.time_limit)
        if start is not None:
            self._start_from(start)
        outcome = self._run()
        if outcome is not None and outcome[1] - outcome[2] > self._accepted(stage, outcome[1]):
            self.solver.clearSolver()
            outcome = self._run()
        return outcome

    def _accepted(self, stage: int, value: float) -> float:
        """Distance from the bound at which the search for whole units may stop, in the stage's unit."""
        return max(self.gaps[stage], self._relative_gap(stage) * abs(value)) * (1 + 1e-6)

    def _relative_gap(self, stage: int) -> float:
        return self.cost_gap if stage == len(self.objective) - 1 else 0.0

    def _with_units_of(self, values: FloatArray) -> Outcome | None:
        """The best with the whole units of a solution: a linear problem."""
        whole = np.flatnonzero(self.whole)
        self.set_whole(False)
        self.fix(whole, np.round(values[whole]))
        outcome = self._run()
        self.free(whole)
        self.set_whole(True)
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
        usual = (self._keep, self._start_anew, self._loosen)
        for prepare in usual:
            prepare()
            if self.relaxed:
                self.solver.setOptionValue("simplex_strategy", PRIMAL if self._take_up_basis() else DUAL)
                self.solver.setOptionValue("time_limit", np.inf)
            self.solver.run()
            status = self.solver.getModelStatus()
            if status in _CLEAR:
                break
        self._tighten()
        if self.relaxed and status == highspy.HighsModelStatus.kOptimal:
            self.bases[self.holding] = self.solver.getBasis()
        info = self.solver.getInfo()
        found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        if status in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kTimeLimit) and found:
            values = np.array(self.solver.getSolution().col_value)
            # HiGHS 1.16 may report a better objective than that of the solution it gives: trust the solution
            value = float(self.objective[self.stage] @ values)
            bound = value if self.relaxed else float(info.mip_dual_bound)
            return values, value, bound, self.solver.modelStatusToString(status)
        return None

    def _take_up_basis(self) -> bool:
        """Whether there is a basis to go on from: that of the last relaxed run with as much held."""
        if self.holding not in self.bases:
            self.solver.clearSolver()
            return False
        self.solver.setBasis(self.bases[self.holding])
        return True

    def _keep(self) -> None:
        """Go on from the last basis."""

    def _start_anew(self) -> None:
        self.bases.clear()
        self.solver.clearSolver()

    def _loosen(self) -> None:
        self._set_tolerance(USUAL)
        self._start_anew()

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


def _keys(model: pyo.ConcreteModel, kind: Any, parts: Iterable[Any]) -> list[Key]:
    """(component name, index) of Pyomo's variables or constraints, in their order."""
    keys: dict[int, Key] = {}
    for component in model.component_objects(kind):
        name = component.local_name
        keys |= {id(data): (name, index) for index, data in component.items()}
    return [keys[id(part)] for part in parts]
