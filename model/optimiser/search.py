"""Which plan is best, until optimiser and projection agree?

Without whole units the stages are a row of linear problems, solved around the proportions of the plan before until
they are its own. The relaxed plan leaves each stage a part of its gap as room for whole units and later stages; a dive
then rounds it, and linear problems finish what it found. Where that is not within the gaps asked, a search goes on from
it. What stops it is work that was done, never the clock, unless the user gave a time.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np

from model.optimiser.envelope import enveloped
from model.optimiser.formulation.assembly import definitions, formulate
from model.optimiser.formulation.objectives import KEPT
from model.optimiser.formulation.variables import KT
from model.optimiser.idle import without_idle
from model.optimiser.limits.balances import ACTIVITY_BALANCE
from model.optimiser.plan import AGREEMENT, Disagreement, Plan
from model.optimiser.problem import Problem, base_size
from model.optimiser.proportions import Proportions, proportions_at
from model.optimiser.reading import Reading
from model.optimiser.solver import branching
from model.optimiser.solver.arrays import ColumnKey, compiled
from model.optimiser.solver.diving import dive
from model.optimiser.solver.lexicographic import LexicographicSolver, Solution
from model.optimiser.solver.linear import Infeasible, OutOfTime, StageSolution
from model.optimiser.stages import COST_GAP, LEAST_COST
from model.vocabulary import FloatArray

SETTLED = 1e-5
"""Change of a stage, as share of what its gap is a share of, at which curves and relaxations are settled."""
ROUNDS = 8
"""At most so many rounds around new proportions, before conversions are held to make them exact."""
GIVEN = 0.5
"""Share of a stage's gap that whole units and later stages may take: half, so that the other half is left for what
rounding costs."""
DIVED = 0.9
"""The same while a dive rounds."""
COST_COUNTS = 0.5, 1.0
"""What cost counts in dives beside the other stages, each as a share of its gap; the first says which one is better."""
HARDLY = 1e-3
"""Share of a gap that makes no difference."""
SEARCHED = 0.9
"""Share of a gap at which a search stops: the rest is left for what finishing its plan costs."""
AGAIN = 3
"""At most so many searches around the proportions of what the one before found."""
STILL = 0.05
"""Share of the gap by which stages may still change for proportions to be settled before units are whole."""
NEAR = 0.02
"""Largest change of a share up to which stages are begun where they ended last, not each where the one before it ended.
"""
SMALL, ELSEWHERE = 1e5, 3
"""Up to which size (coefficients times years) a plan is sought at other proportions of pools, and how often."""
LITTLE_WORK = 3e6
"""The same where the user's time is over and nothing has been found yet."""
WORK = 6e7
"""What all searches of a plan may cost (`branching.Found.work`): less than a minute on an idle machine of 2025."""


def find_plan(problem: Problem) -> Plan:
    """The best plan for a problem. Raises `Infeasible` when musts clash, `Disagreement` if the model is at fault."""
    return Search(problem).run()


@dataclass(frozen=True)
class Found:
    """A plan with whole units, and the solution it was read from."""

    plan: Plan
    values: FloatArray
    """(column,)"""


class Search:
    """One problem kept ready: formulated and compiled once, then solved as often, and in as many ways, as wanted.

    `run` gives the plan with whole units. For curves and prices: `settle_relaxed` puts in the proportions of the best
    plan without whole units, `fix_units` holds a plan's; then `engine.sweep` and `engine.solve_stage` see a linear
    problem whose rows are named as in the formulation.
    """

    def __init__(self, problem: Problem) -> None:
        self.begun = time.perf_counter()
        self.problem, self.case = problem, problem.case
        self.proportions = proportions_at(problem)
        self.formulation = formulate(problem, self.proportions)
        self.arrays = compiled(self.formulation.model)
        units = {
            quantity: size * (KT if quantity == "emissions" else 1) for quantity, size in base_size(problem).items()
        }
        self.scales = [units[stage.quantity] * stage.years for stage in self.formulation.stages]
        self.gaps = [max(problem.gap * scale, 1e-6) for scale in self.scales]
        self.engine = LexicographicSolver(self.arrays, definitions())
        self.reading = Reading(self.formulation, self.engine.columns, self.scales)
        self.rounds = 0
        self.weights = np.array(
            [1.0 / gap if scale else HARDLY for gap, scale in zip(self.gaps, self.scales, strict=True)]
        )

    def copy(self) -> Search:
        """The same problem, not formulated again, in a solver of its own, as before anything was asked or changed."""
        other = copy.copy(self)
        other.engine, other.weights, other.rounds = self.engine.copy(), self.weights.copy(), 0
        other.proportions = self.formulation.proportions
        return other

    def run(self) -> Plan:
        """The best plan. Raises `Infeasible` when musts clash, `Disagreement` if it is wrong."""
        self.rounds = 0
        if self.problem.time_limit is not None:
            self.engine.deadline = self.begun + self.problem.time_limit
        self.free_units()
        plan = self._whole_units() if np.any(self.engine.whole) else self.settle(self.engine.cascade)
        if plan.difference > AGREEMENT:
            raise Disagreement(f"optimiser and projection differ by {plan.difference:.2g} of base-year emissions")
        return plan

    def settle(self, solve: Callable[[], Solution], start: Proportions | None = None) -> Plan:
        """The best plan with whole units relaxed or fixed as they are, at its own proportions.

        `solve` gives a solution around the proportions that are in the engine; they are put in until they are its own.
        """
        proportions = self.proportions if start is None else start
        for number in range(ROUNDS):
            plan, solution = self._round(proportions, solve)
            if plan.agrees or not self.formulation.touched.pools:
                return plan
            own = self.proportions_of(plan)
            # where plans jump to and fro, go half of the way only
            proportions = own if number < ROUNDS // 2 else proportions.between(own, 0.5)
        return self._hold_conversions(solution, solve)

    def settle_relaxed(
        self, rounds: int = ROUNDS, tolerance: float = AGREEMENT, start: Proportions | None = None
    ) -> Plan:
        """The best plan without asking for whole units, proportions settled as far as `tolerance` or `rounds` go.

        The proportions last put in stay in the engine. `Plan.difference` says how far the plan is from the projection;
        1e-4 of base-year emissions is enough for a curve. `start`: from others than those that are in the engine.
        """
        self.engine.set_whole(False)
        plan = self._round(self.proportions if start is None else start, self.engine.cascade)[0]
        for _ in range(rounds - 1):
            if plan.difference <= tolerance or not self.formulation.touched.pools:
                break
            plan = self._round(self.proportions_of(plan), self.engine.cascade)[0]
        return plan

    def settle_stage(self, stage: int, tolerance: float = SETTLED, start: Proportions | None = None) -> StageSolution:
        """One stage alone, whole units relaxed or fixed as they are, at the proportions its own plan leads to.

        The proportions stay in the engine, and in `proportions`. `start`: from others than those. Settled is what no
        longer changes the stage by `tolerance`: what it does not look at may still turn. Raises `Infeasible`.
        """
        proportions, last = self.proportions if start is None else start, np.inf
        for _ in range(2 * ROUNDS):
            self.set_proportions(proportions)
            solved = self.engine.least(stage)
            own = proportions_at(self.problem, self.reading.levels_of(solved.values))
            still = abs(solved.objective - last) <= tolerance * max(self.scales[stage], KEPT)
            if still or own.distance(proportions) <= tolerance or not self.formulation.touched.pools:
                break
            proportions, last = own, solved.objective
        return solved

    def take_proportions(self, plan: Plan) -> None:
        """Let what draws on pools take in the proportions of a plan."""
        self.set_proportions(self.proportions_of(plan))

    def tolerance(self, stage: int) -> float:
        """What a stage may be away from its best, in its unit: the gap that was asked for."""
        return float(self.problem.gap * self.scales[stage])

    def fix_units(self, plan: Plan) -> None:
        """Hold the whole units of a plan (of this problem or one with other limits), and what hangs on them."""
        whole = np.flatnonzero(self.engine.whole)
        self.engine.fix(whole, self.reading.units_of(plan, len(self.engine.lower))[whole])

    def free_units(self) -> None:
        """Relax whole units again."""
        self.engine.set_whole(False)
        self.engine.free(np.flatnonzero(self.engine.whole))

    def proportions_of(self, plan: Plan) -> Proportions:
        """Proportions of pools in a plan."""
        return proportions_at(self.problem, plan.level)

    def set_proportions(self, proportions: Proportions) -> None:
        """Let what draws on pools take from their members as it does around a plan with these proportions."""
        self.engine.near = proportions.distance(self.proportions) < NEAR
        self.proportions, first = proportions, self.problem.first
        entries: dict[tuple[ColumnKey, ColumnKey], float] = {}
        for s in self.formulation.touched.activities:
            if not self.formulation.drawn(s):
                continue
            pool = int(self.case.pool_of[s])
            for y in self.formulation.years:
                row = ACTIVITY_BALANCE.name, (s, y)
                columns = ("before_draws", (s, y)), ("pool_total", (pool, y)), ("pool_draw", (pool, y))
                values = proportions.coefficients(s, pool, first + y)
                entries |= {(row, column): value for column, value in zip(columns, values, strict=True)}
        self.engine.set_coefficients(entries)

    def plan_of(self, solution: Solution) -> Plan:
        """What a solution of the engine means, projected."""
        return self.reading.plan_of(solution, self.engine.whole, self.rounds)

    # --- the plan with whole units ------------------------------------------------------------------------

    def _whole_units(self) -> Plan:
        """Dive from the relaxed plan; where what is found is not within the gaps asked, search on from there."""
        best: Found | None = None
        work, stopped = WORK, False
        try:
            limits = self._relaxed()
            best, spent = self._settled(self._dived(limits), work)
            work -= spent
            if best is not None and work > 0:
                best = self._elsewhere(best, work)
        except OutOfTime:
            stopped, self.engine.deadline = True, np.inf
            if best is None:
                best = self._dived(self._relaxed()) or self._searched(None, LITTLE_WORK, ())[0]
        if best is None:
            raise Infeasible
        return replace(best.plan, stopped=stopped)

    def _settled(self, best: Found | None, work: float, before: Sequence[float] = ()) -> tuple[Found | None, float]:
        """The plan that searches find, each around the proportions of the one before, until all gaps are as asked.

        The first stages may be kept as they were `before`. Also what it cost.
        """
        spent = 0.0
        for _ in range(AGAIN):
            if spent >= work or (best is not None and self._within_gaps(best.plan)):
                break
            try:
                found, more = self._searched(best, work - spent, before)
            except Infeasible:
                if best is None and not before:
                    raise
                break
            spent += more
            if found is None or (best is not None and self._better(best.plan, found.plan)):
                break
            best, before = found, ()
        return best, spent

    def _relaxed(self) -> tuple[float, ...]:
        """Settle the relaxed plan, which leaves every stage room; what each stage may be at most for that."""
        self.free_units()
        least = np.inf
        for _ in range(ROUNDS):
            self.rounds += 1
            solved = self.engine.minimise_only(self._weighted())
            self._weigh(solved.values)
            if not self.formulation.touched.pools or abs(solved.objective - least) <= STILL:
                break
            self.set_proportions(proportions_at(self.problem, self.reading.levels_of(solved.values)))
            least = solved.objective
        room = [GIVEN * gap for gap in self.gaps]
        return tuple(least + more for least, more in zip(self.engine.cascade(room).bounds, room, strict=True))

    def _weigh(self, values: FloatArray) -> None:
        """What a unit of each stage counts where all are one: one for the gap that was asked for, less for cost."""
        for stage, scale in enumerate(self.scales):
            self.weights[stage] = 1.0 / self.gaps[stage]
            if scale == 0:
                cost = abs(float(self.engine.objective[stage] @ values + self.engine.offset[stage]))
                self.weights[stage] = 1.0 / max(COST_GAP * self.problem.gap * cost, LEAST_COST)

    def _dived(self, limits: Sequence[float]) -> Found | None:
        """A plan with whole units near the relaxed one, if a dive finds one: the best of several."""
        for stage in range(len(self.scales) - 1):
            self.engine.hold_stage(stage, limits[stage] + (DIVED - GIVEN) * self.gaps[stage])
        try:
            found = [each for each in map(self._dive, COST_COUNTS) if each is not None]
        finally:
            self.engine.release()
        if not found:
            return None
        values = min(found, key=lambda each: float(self._weighted(COST_COUNTS[0]) @ each))
        return self._finished(values, self._reached(values))

    def _reached(self, values: FloatArray) -> tuple[float, ...]:
        """What each stage is in a solution."""
        count = self.engine.objective.shape[1]
        return tuple(map(float, self.engine.objective @ values[:count] + self.engine.offset))

    def _dive(self, cost_counts: float) -> FloatArray | None:
        """What a dive finds, best by weight with its whole units."""
        whole = np.flatnonzero(self.engine.whole)
        try:
            values = dive(self.engine, self._weighted(cost_counts))
            if values is None:
                return None
            self.engine.fix(whole, np.round(values[whole]))
            return self.engine.minimise_only(self._weighted(COST_COUNTS[0])).values
        except Infeasible:
            return None
        finally:
            self.engine.free(whole)

    def _weighted(self, cost_counts: float = 1.0) -> FloatArray:
        """All stages in one, (column,), each as a share of its gap; cost counts so much beside them."""
        weights = self.weights.copy()
        weights[-1] *= cost_counts if self.scales[-1] == 0 else 1.0
        return np.asarray(weights @ self.engine.objective)

    def _searched(self, best: Found | None, work: float, before: Sequence[float]) -> tuple[Found | None, float]:
        """The plan that a search finds stage by stage, around the proportions that are in the engine, and its work."""
        values = None if best is None else best.values
        limits = [value + HARDLY * gap for value, gap in zip(before, self.gaps, strict=False)]
        bounds = [-np.inf] * len(before)
        spent = 0.0
        for stage, limit in enumerate(limits):
            self.engine.hold_stage(stage, limit)
        try:
            for stage in range(len(before), len(self.scales)):
                least = self.engine.least(stage).objective
                value = np.inf if values is None else float(self.engine.objective[stage] @ values)
                value += float(self.engine.offset[stage])
                if value - least > self._asked(stage, value):
                    relative = 0.0 if self.scales[stage] else SEARCHED * COST_GAP * self.problem.gap
                    gaps = SEARCHED * self.gaps[stage], relative
                    found = branching.search(self.engine, stage, gaps, values, work - spent)
                    spent += found.work
                    least = max(least, found.bound)
                    if found.values is not None and found.objective < value:
                        values, value = found.values, found.objective
                if values is None:
                    return None, spent
                bounds.append(min(least, value))
                limits.append(max(value, least + GIVEN * self.gaps[stage]))
                self.engine.hold_stage(stage, limits[-1])
        finally:
            self.engine.release()
        return (None if values is None else self._finished(values, limits, bounds)), spent

    def _elsewhere(self, best: Found, work: float) -> Found:
        """A better plan at other proportions, if a relaxation that holds for all of them leads to one.

        Stage by stage, those before kept as they are: where the relaxation is better than the plan, the search starts
        anew from its proportions.
        """
        if not self.formulation.touched.pools or self.engine.work * len(self.formulation.years) > SMALL:
            return best
        everywhere = LexicographicSolver(enveloped(self.formulation, self.arrays), definitions())
        stage, tried, work = 0, 0, min(work, LITTLE_WORK)
        while stage < len(self.scales) and work > 0:
            value = best.plan.objectives[stage]
            asked = self._asked(stage, value)
            found = branching.search(everywhere, stage, (SEARCHED * asked, 0.0), None, work)
            work -= found.work
            if found.values is not None and tried < ELSEWHERE and value - found.objective > asked:
                tried += 1
                other, spent = self._from(found.values, best.plan.objectives[:stage], work)
                work -= spent
                if other is not None and self._better(other.plan, best.plan):
                    best, stage = other, 0
                    everywhere.release()
                    continue
            everywhere.hold_stage(stage, value + HARDLY * self.gaps[stage])
            stage += 1
        return best

    def _from(self, values: FloatArray, before: Sequence[float], work: float) -> tuple[Found | None, float]:
        """A plan from the proportions of a solution: with its whole units, or with those that a search finds there."""
        own = proportions_at(self.problem, self.reading.levels_of(values))
        self.set_proportions(own)
        near = self._finished(values, (*before, *self._reached(values)[len(before) :]))
        self.set_proportions(own)
        other, spent = self._settled(None, work, before)
        if other is None or (near is not None and self._better(near.plan, other.plan)):
            if near is None:
                return None, spent
            self.take_proportions(near.plan)
            other, more = self._settled(near, work - spent)
            spent += more
        return other, spent

    def _finished(self, values: FloatArray, limits: Sequence[float], bounds: Sequence[float] = ()) -> Found | None:
        """The best plan with the whole units of a solution, how good it is known to be, and nothing in it idle.

        `bounds` are what a search knows around the proportions that are in the engine.
        """
        whole, before = np.flatnonzero(self.engine.whole), self.proportions
        self.engine.fix(whole, np.round(values[whole]))
        solve = lambda: self.engine.cascade(at_most=limits)  # noqa: E731
        try:
            own = proportions_at(self.problem, self.reading.levels_of(values))
            plan = self.settle(solve, own)
            measures = self.case.measures
            needed = without_idle(measures, plan.new_units, plan.request(measures).level[0])
            if np.any(needed < plan.new_units):
                self.fix_units(replace(plan, new_units=needed))
                with suppress(Infeasible):
                    plan = self.settle(solve, self.proportions_of(plan))
        except Infeasible:
            return None
        finally:
            self.free_units()
        self.take_proportions(plan)
        least = self.engine.cascade(at_most=plan.objectives).bounds
        if bounds and self.proportions.distance(before) <= SETTLED:
            least = tuple(map(max, least, bounds))
        plan = replace(plan, stages=self.reading.stage_results(plan.objectives, least))
        return Found(plan, self.solution.values)

    def _asked(self, stage: int, value: float) -> float:
        """The gap asked of a stage, in its unit."""
        cost = COST_GAP * self.problem.gap * max(abs(value), LEAST_COST)
        return self.gaps[stage] if self.scales[stage] or not np.isfinite(value) else cost

    def _within_gaps(self, plan: Plan) -> bool:
        return all(stage.met for stage in plan.stages)

    def _better(self, plan: Plan, other: Plan) -> bool:
        """Whether a plan is better at the first stage at which two differ by more than its gap."""
        for mine, its, gap in zip(plan.objectives, other.objectives, self.gaps, strict=True):
            if abs(mine - its) > max(gap, 1e-6):
                return mine < its
        return False

    def _hold_conversions(self, solution: Solution, solve: Callable[[], Solution]) -> Plan:
        """Hold what moves the pools' own members; then their proportions no longer depend on the rest."""
        pools = set(self.formulation.touched.pools)
        moving = {m.mode for m in self.case.measures.activity_moves if self.case.pool_of[m.target] in pools}
        index, columns = self.reading.named["level"]
        columns = columns[np.isin(index[:, 0], list(moving))]
        self.engine.fix(columns, solution.values[columns], give=1e-7)
        try:
            proportions = proportions_at(self.problem, self.reading.levels_of(solution.values))
            return self._round(proportions, solve)[0]
        finally:
            self.engine.free(columns)

    def _round(self, proportions: Proportions, solve: Callable[[], Solution]) -> tuple[Plan, Solution]:
        self.rounds += 1
        self.set_proportions(proportions)
        self.solution = solve()
        return self.plan_of(self.solution), self.solution
