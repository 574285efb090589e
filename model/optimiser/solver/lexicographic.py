"""How is the problem solved? Stages one after the other, each kept at its optimum while the next ones are solved.

Relaxed, exactly; with whole units, within a tolerance. The problem itself is kept in one HiGHS object (`persistent`).
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import highspy
import numpy as np
import pyomo.core as pyo

from model.optimiser.solver.arrays import ColumnKey, compiled
from model.optimiser.solver.highs import TIGHT
from model.optimiser.solver.linear import Infeasible, LinearSolver, Outcome, StageSolution, Sweep
from model.optimiser.solver.persistent import stage_row
from model.vocabulary import FloatArray

STAGE_TOLERANCE = 1e-6
"""By this share (and by this many kt) a later stage may worsen an earlier one in the search for whole units."""
ROOM = 1e-4
"""Share by which a stage must be better than enough for the difference to be left to later stages."""
TRIAL = 1.0
"""Seconds for a linear problem that is only tried: with whole units that do not fit, simplex can wander a minute."""


@dataclass(frozen=True)
class Solution:
    """Values of all columns, and how well they are known to be best at each stage."""

    values: FloatArray
    objectives: tuple[float, ...]
    bounds: tuple[float, ...]
    status: str


class LexicographicSolver(LinearSolver):
    """One compiled problem in one HiGHS object, and its stages."""

    def __init__(
        self, model: pyo.ConcreteModel, gaps: Sequence[float], cost_gap: float, time_limit: float, threads: int = 1
    ) -> None:
        """`gaps` by stage in its own unit and, relative, `cost_gap`: the search for whole units stops at either."""
        super().__init__(compiled(model), threads)
        self.gaps, self.cost_gap = tuple(gaps), cost_gap
        self.time_limit = time_limit
        self.stage_limits: tuple[float, ...] = ()
        for stage in range(len(self.objective) - 1):
            self._lock(stage)

    @contextmanager
    def within(self, stage_limits: tuple[float, ...]) -> Iterator[None]:
        """Meanwhile a stage may be as large as this, not only its best, within its gap: later ones keep their room."""
        self.stage_limits = stage_limits
        try:
            yield
        finally:
            self.stage_limits = ()

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
                    left_out = f", from stage {stage + 1} of {len(self.objective)} on not solved"
                    break
                if stage == 0 and self.relaxed and not self.holding:
                    self.first_basis = self.bases.get(False)
                values, value, bound, status = outcome
                objectives.append(value + self.offset[stage])
                bounds.append(bound + self.offset[stage])
                if stage < len(self.objective) - 1:
                    self._hold(stage, value)
        finally:
            self._restore_bounds()
        assert values is not None
        if self.stage_limits:  # earlier stages may have given of their room since
            objectives = []
        reached = self.objective @ values + self.offset
        objectives += map(float, reached[len(objectives) :])
        bounds += [-np.inf] * (len(self.objective) - len(bounds))
        return Solution(values, tuple(objectives), tuple(bounds), status + left_out)

    def _go_back(self, stage: int) -> None:
        """Begin a first stage of a large problem where the last first stage ended."""
        if stage == 0 and self.large and not self.holding and self.first_basis is not None:
            self.bases[False] = self.first_basis

    def _hold(self, stage: int, value: float) -> None:
        """Keep a stage at its optimum.

        Relaxed: what has a price may not move. Columns with a reduced cost stay at their bound and rows with a dual
        value stay binding, which is just what all optimal solutions have in common. A row `objective <= optimum` would
        say the same, but leaves a sliver of room in which the simplex method loses its way. With whole units there are
        no such prices, hence the row; where what is enough leaves real room, it finds its way.
        """
        enough = (
            min(self.stage_limits[stage] - self.offset[stage], value + self.gaps[stage])
            if self.stage_limits
            else -np.inf
        )
        if not self.relaxed or enough > value + ROOM * max(abs(value), 1.0):
            limit = max(enough, value + STAGE_TOLERANCE * max(abs(value), 1.0))
            row = self.rows[stage_row(stage)]
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
        if start is not None and self.large:  # smaller ones HiGHS solves sooner without (0.7 instead of 2.5 s)
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
        if self.huge:  # at other proportions an interior point is sooner there than the simplex method from its basis
            self.bases.pop(False, None)
        self.set_whole(False)
        outcome = self._run()
        self.set_whole(True)
        return outcome

    def _start_from(self, values: FloatArray) -> None:
        start = highspy.HighsSolution()
        start.col_value = list(values)
        self.solver.setSolution(start)


__all__ = ["ColumnKey", "Infeasible", "LexicographicSolver", "Solution", "StageSolution", "Sweep"]
