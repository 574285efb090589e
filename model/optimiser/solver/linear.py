"""What is the least of one stage? The problem solved as a linear one, whole units relaxed or fixed as they are.

At one point with its prices, swept over many right-hand sides, or only asked whether there is a solution at all.
"""

from __future__ import annotations

import time
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from model.optimiser.solver.arrays import ColumnKey
from model.optimiser.solver.highs import BEGINNING, CLEAR, DUAL, FOLLOWING, PRIMAL, TIGHT, USUAL, run
from model.optimiser.solver.persistent import LOCK, PersistentSolver
from model.optimiser.solver.solutions import PricedSolution, StageSolution, Sweep
from model.vocabulary import FloatArray

OPTIMAL = highspy.HighsModelStatus.kOptimal
HOT = 1.0
"""Steps of the simplex method for a row that are taken from a basis at most: from nothing about half as many do."""
OFTEN = 2
"""Times after which the usual tolerance is tried at once."""
ENDLESS = highspy.kHighsIInf
"""As many steps as it takes."""


@dataclass(frozen=True)
class Work:
    """How much is done at most to answer a question: counted, so that it is the same on every machine."""

    iterations: int
    """of the simplex method, without whole units"""
    nodes: int
    """of the search for whole units"""


class Infeasible(Exception):
    """There is no plan that does what is required."""

    def __init__(self, *words: str, work: float = 0.0) -> None:
        super().__init__(*words)
        self.work = work
        """what a search cost that shows it (`branching.Found.work`)"""


class Lost(Infeasible):
    """HiGHS lost its way numerically: a search goes on elsewhere, but this is no word on the problem."""

    def __init__(self, largest: float) -> None:
        super().__init__()
        self.largest = largest


class OutOfTime(Exception):
    """The time that the user gave is over."""


class LinearSolver(PersistentSolver):
    """One compiled problem, solved as a linear one."""

    steps = ENDLESS
    """of the simplex method that a run may take"""
    most = np.inf  # of the objective
    lost = 0
    """how often it lost its way at the tight tolerance"""
    iterations = 0
    """of the simplex method in `has_solution` so far"""
    deadline = np.inf
    """moment, of `time.perf_counter`, after which nothing more is begun: only where the user gave a time"""

    def solve_stage(self, stage: int) -> PricedSolution:
        """One stage alone, whole units relaxed or fixed, with its prices. Raises `Infeasible`."""
        return self._priced(self.least(stage))

    def minimise(self, costs: FloatArray) -> PricedSolution:
        """The least of any linear function, `costs` (column,), whole units relaxed or fixed. Raises `Infeasible`."""
        return self._priced(self.minimise_only(costs))

    def minimise_only(self, costs: FloatArray, steps: int = ENDLESS, most: float = np.inf) -> StageSolution:
        """The same without prices; `Infeasible` also where it takes more than so many steps, or is more than `most`."""
        self.steps, self.most = steps, most
        try:
            solved = self._least(costs, 0.0, ("any", self.holding))
            if solved.objective > most:
                raise Infeasible
            return solved
        finally:
            self.steps, self.most = ENDLESS, np.inf

    def least(self, stage: int) -> StageSolution:
        """One stage alone, as `solve_stage`, without prices."""
        return self._least(self.objective[stage], float(self.offset[stage]), (stage, self.holding))

    def _least(self, costs: FloatArray, offset: float, name: Hashable) -> StageSolution:
        """The least of a linear function, begun where the same was solved last."""
        self._needs_linear()
        if self.late():
            raise OutOfTime
        constant, possible = self.set_costs(costs), self.set_up()
        if not possible or not self._run(name):
            raise Infeasible
        self.note_basis(name)
        self.made[name], self.costs[name] = self.version, costs
        self.last = self.inside = name
        values = self.ready().expanded(np.array(self.solver.getSolution().col_value))
        objective = float(self.solver.getInfo().objective_function_value) + constant + offset
        return StageSolution(values, objective)

    def _priced(self, solved: StageSolution) -> PricedSolution:
        """What has just been solved, with prices of the whole problem's limits."""
        dual = np.array(self.solver.getSolution().row_dual)
        prices = self.ready().prices(self.whole_now(), self.cost, dual, self.fixed)
        return PricedSolution(solved.values, solved.objective, *prices)

    def _run(self, name: Hashable) -> bool:
        """Run the linear solver; should it lose its way numerically, from nothing. Whether there is a solution."""
        tight = USUAL if self.loose else TIGHT
        for tolerance, anew in ((tight, False), (tight, True), (USUAL, True)):
            hot = self._begin(name, anew, tolerance)
            run(self.solver)
            status = self._status()
            self.lost += status not in CLEAR and tolerance == TIGHT
            astray = hot and status == highspy.HighsModelStatus.kIterationLimit and self.steps > self._hot_steps()
            if status in CLEAR and not astray:
                break
        if status == highspy.HighsModelStatus.kTimeLimit:
            raise OutOfTime
        if status == highspy.HighsModelStatus.kNotset:
            raise Lost(float(np.abs(self.ready().matrix.data).max(initial=0.0)))
        return bool(status == OPTIMAL)

    def _begin(self, name: Hashable, anew: bool, tolerance: float) -> bool:
        """Options of a linear run, and the basis to go on from: of the same, else of what was solved last.

        With the costs it was found for, a basis stays dual feasible while bounds change; with other costs it stays
        primal feasible. Gives whether there is one; it may lead astray, so only so many steps are taken from it.
        """
        strategy, before = DUAL, name
        if name not in self.bases or not (self.near or self.made.get(name) == self.version):
            same = self.last in self.costs and np.array_equal(self.costs[self.last], self.cost)
            strategy, before = DUAL if same else PRIMAL, self.last
            anew = anew or self.made.get(self.last) != self.version  # far from both: sooner from nothing
        hot = not anew and before in self.bases
        if not hot:
            strategy = DUAL
            self.solver.clearSolver()
        elif self.inside != before:
            self.solver.clearSolver()
            self.take_basis(before)
        self.inside = None
        self.set_options(
            {
                "solve_relaxation": True, "solver": "simplex", "simplex_strategy": strategy,
                "primal_feasibility_tolerance": tolerance, "dual_feasibility_tolerance": tolerance,
                "time_limit": self.time_left(), "mip_max_nodes": ENDLESS,
                "simplex_iteration_limit": min(self.steps, self._hot_steps() if hot else ENDLESS),
                "objective_bound": self.most - self.constant,
            }
        )  # fmt: skip
        return hot

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
        index = np.array([self.rows[key] for key in rows], dtype=int)
        self.keep_rows(index)
        constant, possible = self.set_costs(self.objective[stage]), self.set_up()
        places = self.row_places[index].astype(np.int32)
        shift = np.array([self.offset[key[1]] if key[0] == LOCK else 0.0 for key in rows])
        sides = np.asarray(uppers, dtype=float).reshape(-1, len(index)) - shift - self.ready().row_shift[places]
        lower = self.ready().row_lower[places]
        wanted = None if columns is None else np.asarray(columns, dtype=int)
        objective, statuses = np.full(len(sides), np.nan), []
        values = None if wanted is None else np.full((len(sides), len(wanted)), np.nan)
        prices = np.full((len(sides), len(self.row_upper)), np.nan) if duals else None
        self._begin((stage, self.holding), False, TIGHT)
        for point, side in enumerate(sides):
            self.solver.changeRowsBounds(len(places), places, lower, side)
            status = self._next_point(point) if possible else highspy.HighsModelStatus.kInfeasible
            statuses.append(self.solver.modelStatusToString(status))
            if status != OPTIMAL:
                continue
            objective[point] = self.solver.getObjectiveValue() + constant + self.offset[stage]
            solution = self.solver.getSolution()
            if values is not None:
                values[point] = self.ready().expanded(np.array(solution.col_value))[wanted]
            if prices is not None:
                dual = np.array(solution.row_dual)
                prices[point] = self.ready().prices(self.whole_now(), self.cost, dual, self.fixed)[0]
        self.set_options(BEGINNING)
        return Sweep(objective, values, prices, tuple(statuses))

    def _next_point(self, point: int) -> Any:
        """Solve a point of a sweep, from the one before it; its status."""
        run(self.solver)
        status = self._status()
        if status not in CLEAR:
            self.set_options(BEGINNING)
            self.solver.clearSolver()
            run(self.solver)
            status = self._status()
            self.set_options(FOLLOWING)
        if point == 0:
            self.set_options(FOLLOWING)
        return status

    def has_solution(
        self, rows: tuple[FloatArray, FloatArray], columns: tuple[FloatArray, FloatArray], work: Work
    ) -> bool | None:
        """Whether anything is within these bounds (lower, upper) of rows and columns, in whole units where asked for.

        None: not known after so much work. Bounds are afterwards as they were.
        """
        before = self.row_lower, self.row_upper, self.lower, self.upper
        (self.row_lower, self.row_upper), (self.lower, self.upper) = rows, columns
        self.condensed = None
        try:
            return self._has_solution(work)
        finally:
            self.row_lower, self.row_upper, self.lower, self.upper = before
            self.condensed = None

    def _has_solution(self, work: Work) -> bool | None:
        self.set_costs(np.zeros(len(self.lower)))
        if not self.set_up():
            return False
        for whole in (False, True) if np.any(self.whole) else (False,):
            self._begin("possible", whole, USUAL if whole else TIGHT)
            limits = {"simplex_iteration_limit": work.iterations, "mip_max_nodes": work.nodes}
            self.set_options({"solve_relaxation": not whole, **limits})
            run(self.solver)
            self.iterations += max(int(self.solver.getInfo().simplex_iteration_count), 0)
            status = self._status()
            if not whole and status == OPTIMAL:
                self.note_basis("possible")
            if status != OPTIMAL:
                return False if status == highspy.HighsModelStatus.kInfeasible else None
        return True

    def _hot_steps(self) -> int:
        return int(HOT * len(self.ready().row_lower))

    @property
    def loose(self) -> bool:
        """Whether this problem is too badly scaled for the tight tolerance."""
        return self.lost >= OFTEN

    def _status(self) -> Any:
        """What the solver says; where nothing is left to be decided, it has decided it."""
        status = self.solver.getModelStatus()
        return OPTIMAL if status == highspy.HighsModelStatus.kModelEmpty else status

    def time_left(self) -> float:
        """Seconds left on the solver's own clock, which goes on from run to run."""
        if not np.isfinite(self.deadline):
            return float(highspy.kHighsInf)
        return float(self.solver.getRunTime()) + max(self.deadline - time.perf_counter(), 0.01)

    def set_options(self, options: Mapping[str, Any]) -> None:
        """Set options of the solver."""
        for option, value in options.items():
            self.solver.setOptionValue(option, value)

    def _needs_linear(self) -> None:
        if not self.relaxed:
            raise ValueError("prices and sweeps need whole units relaxed or fixed: `set_whole(False)` first")

    def late(self) -> bool:
        """Whether the time that the user gave is over."""
        return np.isfinite(self.deadline) and time.perf_counter() > self.deadline
