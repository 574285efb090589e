"""Which whole units are best? Dives from the relaxed plan, and where they do not reach the gaps asked, a search.

The relaxed plan leaves every stage a part of its gap as room, for whole units and for later stages. Dives round it by
weight, each stage counting as a share of its gap; linear problems then finish the best of them, and the relaxation
around its own proportions says how good it is known to be. What stops a search is work that was done, never the clock,
unless the user gave a time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from model.optimiser.digits import settled
from model.optimiser.idle import without_idle
from model.optimiser.plan import Plan
from model.optimiser.proportions import Proportions, proportions_at
from model.optimiser.rounding import COST_COUNTS, GIVEN, LITTLE_WORK, rounded
from model.optimiser.solver import branching
from model.optimiser.solver.lexicographic import Solution
from model.optimiser.solver.linear import Infeasible, OutOfTime
from model.optimiser.stages import COST_GAP, LEAST_COST
from model.optimiser.starts import no_worse
from model.vocabulary import FloatArray

if TYPE_CHECKING:
    from model.optimiser.search import Search

HARDLY = 1e-3
"""Share of a gap that makes no difference."""
OTHERS_COUNT = 0.25
"""What the other stages count beside one that alone is bounded."""
STILL, SETTLED = 0.05, 1e-5
"""Share of a gap by which all stages together may still change, and largest change of a share, for proportions to be
settled before units are whole, and for a bound to hold at a plan's own."""
ROUNDS, AGAIN = 8, 3
"""At most so many rounds around new proportions before they count as they are, or conversions are held to make them
exact; and searches around what the one before found."""
SEARCHED = 0.9
"""Share of a stage's gap at which a search stops: the rest is for what finishing a plan costs."""
WORK = 6e7
"""What all searches of a plan may cost (`branching.Found.work`): less than a minute on an idle machine of 2025."""
LATER = 0.25
"""Share of what the first stage to be searched cost that the others may cost together, where that is much."""
HUGE = 200_000
"""Coefficients from which on one stage only is bounded."""


@dataclass(frozen=True)
class Found:
    """A plan with whole units, and the solution it was read from."""

    plan: Plan
    values: FloatArray
    """(column,)"""


class WholeUnits:
    """How the whole units of a problem that is kept ready are chosen."""

    def __init__(self, kept: Search) -> None:
        self.kept, self.engine = kept, kept.engine
        self.scales, self.gaps = kept.scales, kept.gaps
        self.weights = np.array(
            [1.0 / gap if scale else HARDLY for gap, scale in zip(self.gaps, self.scales, strict=True)]
        )
        self.bounded = 1 if self.engine.work > HUGE else len(self.scales)

    def run(self, improved: Callable[[WholeUnits, Found, float], Found], starts: Sequence[Plan] = ()) -> Plan:
        """The best plan, no worse than `starts`; `improved` looks elsewhere, within some work. Raises `Infeasible`."""
        best: Found | None = None
        stopped = False
        try:
            best, spent = self.settled(self._dived(self._relaxed()), WORK)
            if best is not None and spent < WORK:
                best = improved(self, best, WORK - spent)
        except OutOfTime:
            stopped, self.engine.deadline = True, np.inf
            self.engine.release()
            if best is None:
                best = self._dived(self._relaxed()) or self._searched(None, LITTLE_WORK, ())[0]
        self.engine.deadline = np.inf
        for start in starts:
            best = no_worse(self, best, start)
        if best is None:
            raise Infeasible
        return replace(best.plan, stopped=stopped)

    def settled(self, best: Found | None, work: float, before: Sequence[float] = ()) -> tuple[Found | None, float]:
        """The plan that searches find, each around the proportions of the one before, until all gaps are as asked.

        The first stages may be kept as they were `before`. Also what it cost.
        """
        spent = 0.0
        for _ in range(AGAIN):
            if spent >= work or (best is not None and all(stage.met for stage in best.plan.stages[: self.bounded])):
                break
            around = self.kept.proportions
            try:
                found, more = self._searched(best, work - spent, before)
            except Infeasible:
                if best is None and not before:
                    raise
                break
            spent += more
            if found is None or (best is not None and self.better(best.plan, found.plan)):
                before = () if best is None or before else self._before_last(best.plan)
                if best is None or not before:
                    break
                self.kept.take_proportions(best.plan)
                continue
            best, before = found, ()
            if self.kept.proportions.distance(around) <= SETTLED:
                break
        return best, spent

    def _before_last(self, plan: Plan) -> tuple[float, ...]:
        """What a plan reaches before the last stage that is not as asked, if another before it is not either.

        Where the search cannot mend an early stage, a late one can still be mended with what is before it kept.
        """
        unmet = [number for number, stage in enumerate(plan.stages[: self.bounded]) if not stage.met]
        return plan.objectives[: unmet[-1]] if len(unmet) > 1 else ()

    def _relaxed(self) -> tuple[float, ...]:
        """Settle the relaxed plan, which leaves every stage room; what each stage may be at most for that."""
        self.kept.free_units()
        least = np.inf
        for _ in range(ROUNDS):
            self.kept.rounds += 1
            solved = self.engine.minimise_only(self.weighted())
            self._weigh(solved.values)
            if not self.kept.formulation.touched.pools or abs(solved.objective - least) <= STILL:
                break
            self.kept.set_proportions(self._proportions_at(solved.values))
            least = solved.objective
        if self.bounded < len(self.scales):  # where the best of a stage takes long, by weight it is near enough
            return self.reached(solved.values)[: self.bounded]
        count = max(len(self.scales) - 1, 1)  # the last stage gives no other one room
        room = [GIVEN * gap for gap in self.gaps[:count]]
        best = self.engine.cascade(room, stages=count).bounds
        return tuple(least + more for least, more in zip(best, room, strict=False))

    def _weigh(self, values: FloatArray) -> None:
        """What a unit of each stage counts where all are one: one for the gap that was asked for."""
        for stage, value in enumerate(self.reached(values)):
            self.weights[stage] = (1.0 if stage < self.bounded else OTHERS_COUNT) / self.asked(stage, value)

    def weighted(self, cost_counts: float = 1.0) -> FloatArray:
        """All stages in one, (column,), each as a share of its gap; cost counts so much beside them."""
        weights = self.weights.copy()
        weights[-1] *= cost_counts if self.scales[-1] == 0 else 1.0
        return settled(weights @ self.engine.objective)

    def _dived(self, limits: Sequence[float]) -> Found | None:
        """A plan with whole units near the relaxed one, if a dive finds one."""
        values = rounded(self, limits)
        return None if values is None else self.finished(values, self.reached(values))

    def _searched(self, best: Found | None, work: float, before: Sequence[float]) -> tuple[Found | None, float]:
        """The plan that a search finds stage by stage, around the proportions that are in the engine, and its work."""
        values = None if best is None else best.values
        limits = [value + HARDLY * gap for value, gap in zip(before, self.gaps, strict=False)]
        bounds = [-np.inf] * len(before)
        spent, enough = 0.0, work
        for stage, limit in enumerate(limits):
            self.engine.hold_stage(stage, limit)
        try:
            for stage in range(len(before), self.bounded):
                planned = best is not None and values is best.values
                values, bound, more = self._searched_stage(stage, values, enough - spent, planned)
                spent += more
                if stage == len(before):
                    enough = min(work, spent + max(LATER * spent, LITTLE_WORK))
                if values is None:
                    return None, spent
                value = self.reached(values)[stage]
                bounds.append(min(bound, value))
                limits.append(max(value, bound + GIVEN * self.gaps[stage]))
                self.engine.hold_stage(stage, limits[-1])
        finally:
            self.engine.release()
        assert values is not None
        return self.finished(values, limits, bounds), spent

    def _searched_stage(
        self, stage: int, values: FloatArray | None, work: float, planned: bool
    ) -> tuple[FloatArray | None, float, float]:
        """A solution within the gap at a stage if there is one, a bound, and the work; `planned`: values of a plan."""
        bound = self.engine.least(stage).objective
        if values is not None and not planned and self.reached(values)[stage] - bound > self.asked(stage, bound):
            values = self._with_units_of(values, stage)
        value = np.inf if values is None else self.reached(values)[stage]
        if value - bound <= self.asked(stage, value) or work <= 0:
            return values, bound, 0.0
        relative = 0.0 if self.scales[stage] else SEARCHED * COST_GAP * self.kept.problem.gap
        gaps = SEARCHED * self.gaps[stage], relative
        try:
            found = branching.search(self.engine, stage, gaps, values, work)
        except Infeasible as none:
            if values is None:
                raise
            return values, bound, none.work  # so near what is best before, a search may find nothing by rounding
        bound = max(bound, found.bound)
        if planned and value - bound <= self.asked(stage, value):
            return values, bound, found.work  # a better one has other proportions, at which nothing would be known
        better = found.values is not None and found.objective < value
        return found.values if better else values, bound, found.work

    def _with_units_of(self, values: FloatArray, stage: int) -> FloatArray:
        """What is best at a stage with the whole units of a solution: a search of an earlier one did not look at it."""
        whole = np.flatnonzero(self.engine.whole)
        self.engine.fix(whole, np.round(values[whole]))
        try:
            return self.engine.least(stage).values
        except Infeasible:
            return values
        finally:
            self.engine.free(whole)

    def finished(
        self, values: FloatArray, limits: Sequence[float], bounds: Sequence[float] = (),
        around: Proportions | None = None,
    ) -> Found | None:  # fmt: skip
        """The best plan with the whole units of a solution, how good it is known to be, and nothing in it idle.

        No stage is worse than its limit, if that can be. `bounds` are what a search knows around the proportions that
        are in the engine. It begins `around` proportions, else those of the solution. None: these units cannot be had.
        """
        whole, before = np.flatnonzero(self.engine.whole), self.kept.proportions
        self.engine.fix(whole, np.round(values[whole]))
        solve = lambda: self._finish(limits)  # noqa: E731
        try:
            plan = self.kept.settle(solve, around or self._proportions_at(values))
            measures = self.kept.case.measures
            needed = without_idle(measures, plan.new_units, plan.request(measures).level[0])
            if np.any(needed < plan.new_units):
                self.kept.fix_units(replace(plan, new_units=needed))
                with suppress(Infeasible):
                    plan = self.kept.settle(solve, self.kept.proportions_of(plan))
        except Infeasible:
            return None
        finally:
            self.kept.free_units()
        return self.known(plan, self.kept.solution.values, bounds, before)

    def known(
        self, plan: Plan, values: FloatArray, bounds: Sequence[float] = (), before: Proportions | None = None
    ) -> Found:
        """A plan with what is known of how good it is; `bounds` hold around the proportions `before`."""
        self.kept.take_proportions(plan)
        if self.bounded < len(self.scales):
            self.engine.minimise_only(self.weighted())  # from there the least of a stage is not so far
        least = self.engine.cascade(at_most=plan.objectives, stages=self.bounded).bounds
        if bounds and before is not None and self.kept.proportions.distance(before) <= SETTLED:
            least = tuple(map(max, least, (*bounds, *[-np.inf] * (len(least) - len(bounds)))))
        stages = self.kept.reading.stage_results(plan.objectives, least)
        return Found(replace(plan, stages=stages), values)

    def _finish(self, limits: Sequence[float]) -> Solution:
        """The stages with whole units held; of a huge problem all in one, by weight."""
        if self.bounded == len(self.scales):
            return self.engine.cascade(at_most=limits)
        try:
            values = self._held(limits[0])
        except Infeasible:  # around these proportions
            values = self._held(self.engine.least(0).objective)
        return Solution(values, self.reached(values), (-np.inf,) * len(self.scales))

    def _held(self, limit: float) -> FloatArray:
        """What is best by weight, (column,), where the first stage is hardly worse than a limit."""
        self.engine.hold_stage(0, limit + HARDLY * self.gaps[0])
        try:
            return self.engine.minimise_only(self.weighted(COST_COUNTS[0])).values
        finally:
            self.engine.release()

    def reached(self, values: FloatArray) -> tuple[float, ...]:
        """What each stage is in a solution."""
        count = self.engine.objective.shape[1]
        return tuple(settled(self.engine.objective @ values[:count] + self.engine.offset).tolist())

    def asked(self, stage: int, value: float) -> float:
        """The gap asked of a stage, in its unit."""
        cost = COST_GAP * self.kept.problem.gap * max(abs(value), LEAST_COST)
        return self.gaps[stage] if self.scales[stage] or not np.isfinite(value) else cost

    def better(self, plan: Plan, other: Plan) -> bool:
        """Whether a plan is better at the first stage at which two differ by more than its gap."""
        for stage, (mine, its) in enumerate(zip(plan.objectives, other.objectives, strict=True)):
            if abs(mine - its) > self.asked(stage, its):
                return mine < its
        return False

    def _proportions_at(self, values: FloatArray) -> Proportions:
        return proportions_at(self.kept.problem, self.kept.reading.levels_of(values))
