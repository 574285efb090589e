"""Which plan is best, until optimiser and projection agree?"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import replace

import numpy as np

from model.optimiser.formulation.assembly import formulate
from model.optimiser.formulation.objectives import KEPT
from model.optimiser.formulation.variables import KT
from model.optimiser.limits.balances import ACTIVITY_BALANCE
from model.optimiser.plan import AGREEMENT, Disagreement, Plan, proportions
from model.optimiser.problem import Problem, base_size
from model.optimiser.reading import Reading
from model.optimiser.solver.lexicographic import Infeasible, LexicographicSolver, Solution, StageSolution
from model.optimiser.solver.rounding import PORTIONS, rounded, without_idle
from model.optimiser.stages import COST_GAP
from model.vocabulary import FloatArray

SETTLED = 1e-5
"""The same for curves and relaxations."""
STILL = 0.1
"""Share of the gap by which stages may still change for proportions to count as settled before units are whole."""
ROUNDS = 5
"""At most so many rounds before whole units are settled, and before conversions are held to make proportions exact."""
RELAXED, SEARCHED, FINISHED = 0.25, 0.6, 0.75
"""Portions of a problem's time by which rounds without whole units, the search for them and the last rounds stop
beginning anything new."""


def find_plan(problem: Problem, threads: int = 1) -> Plan:
    """The best plan for a problem. Raises `Infeasible` when musts clash, `Disagreement` if the model is at fault."""
    return Search(problem, threads).run()


class Search:
    """One problem kept ready: formulated and compiled once, then solved as often, and in as many ways, as wanted.

    `run` gives the plan with whole units. For curves and prices: `settle_relaxed` puts in the proportions of the best
    plan without whole units, `fix_units` holds a plan's; then `engine.sweep` and `engine.solve_stage` see a linear
    problem whose rows are named as in the formulation.
    """

    def __init__(self, problem: Problem, threads: int = 1) -> None:
        self.begun = time.perf_counter()
        self.problem, self.case = problem, problem.case
        self.reference = proportions(problem, self.case.level[0])
        self.formulation = formulate(problem, self.reference)
        units = {
            quantity: size * (KT if quantity == "emissions" else 1) for quantity, size in base_size(problem).items()
        }
        self.scales = [units[stage.quantity] * stage.years for stage in self.formulation.stages]
        gaps = [max(problem.gap * scale, 1e-6) for scale in self.scales]
        model = self.formulation.model
        self.engine = LexicographicSolver(model, gaps, COST_GAP * problem.gap, problem.time_limit, threads)
        self.reading = Reading(self.formulation, self.engine.columns, self.scales)
        self.rounds = 0
        self.shares = self.reference
        self.preparing = time.perf_counter() - self.begun

    def run(self) -> Plan:
        """The best plan, in the problem's time. Raises `Infeasible` when musts clash, `Disagreement` if it is wrong."""
        self.rounds, self.begun = 0, time.perf_counter() - self.preparing
        self.free_units()
        try:
            plan = self._whole_units() if np.any(self.engine.whole) else self.settle(self.reference)
        finally:
            self.engine.begin_nothing_after(np.inf)
        if plan.difference > AGREEMENT:
            raise Disagreement(f"optimiser and projection differ by {plan.difference:.2g} of base-year emissions")
        return plan

    def settle(self, shares: FloatArray) -> Plan:
        """The best plan with whole units relaxed or fixed as they are, at its own proportions.

        Solve, project and put the plan's proportions in until both agree; `shares` (activity, year) are the first.
        """
        best: tuple[Plan, Solution] | None = None
        for _ in range(ROUNDS):
            best = self._round(shares)
            plan = best[0]
            if plan.agrees or not self.formulation.touched.pools:
                return plan
            shares = self.proportions_of(plan)
            if self.engine.late():
                break
        assert best is not None
        return self._hold_conversions(best[1], shares)

    def settle_relaxed(
        self, rounds: int = ROUNDS, tolerance: float = AGREEMENT, shares: FloatArray | None = None
    ) -> Plan:
        """The best plan without asking for whole units, proportions settled as far as `tolerance` or `rounds` go.

        The proportions last put in stay in the engine. `Plan.difference` says how far the plan is from the projection;
        1e-4 of base-year emissions is enough for a curve. `shares` (activity, year): to start from others than the
        reference's.
        """
        self.engine.set_whole(False)
        plan = self._round(self.reference if shares is None else shares)[0]
        for _ in range(rounds - 1):
            if plan.difference <= tolerance or not self.formulation.touched.pools:
                break
            plan = self._round(self.proportions_of(plan))[0]
        return plan

    def settle_stage(self, stage: int, tolerance: float = SETTLED, shares: FloatArray | None = None) -> StageSolution:
        """One stage alone, whole units relaxed or fixed as they are, at the proportions its own plan leads to.

        The proportions stay in the engine, and in `shares`. `shares` (activity, year): to start from others than the
        reference's. Settled is what no longer changes the stage by `tolerance`: what it does not look at may still
        turn. Raises `Infeasible`.
        """
        shares, last = self.reference if shares is None else shares, np.inf
        for _ in range(2 * ROUNDS):
            self.set_proportions(shares)
            solved = self.engine.solve_stage(stage)
            plan = self.plan_of(Solution(solved.values, (), (), solved.status))
            still = abs(solved.objective - last) <= tolerance * max(self.scales[stage], KEPT)
            if plan.difference <= tolerance or still or not self.formulation.touched.pools:
                break
            shares, last = self.proportions_of(plan), solved.objective
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
        self.engine.set_whole(False)
        self.engine.fix(whole, self.reading.units_of(plan, len(self.engine.lower))[whole])

    def free_units(self) -> None:
        """Relax whole units again."""
        self.engine.set_whole(False)
        self.engine.free(np.flatnonzero(self.engine.whole))

    def proportions_of(self, plan: Plan) -> FloatArray:
        """Share of each activity in its pool in a plan, (activity, year)."""
        return proportions(self.problem, plan.outcome.activity[0])

    def set_proportions(self, shares: FloatArray) -> None:
        """Let what draws on pools take from their members in these proportions, (activity, year)."""
        self.shares, decided, entries = shares, self.formulation.decided(shares), {}
        for s in self.formulation.touched.activities:
            pool = int(self.case.pool_of[s])
            if pool in self.formulation.touched.pools:
                for y in self.formulation.years:
                    key = (ACTIVITY_BALANCE.name, (s, y)), ("pool_draw", (pool, y))
                    entries[key] = float(decided[s, y])
        self.engine.set_coefficients(entries)

    def plan_of(self, solution: Solution) -> Plan:
        """What a solution of the engine means, projected."""
        return self.reading.plan_of(solution, self.engine.whole, self.rounds)

    def _whole_units(self) -> Plan:
        """Settle whole units at the relaxed plan's proportions, then finish the rest with them fixed."""
        shares, last = self.reference, np.full(len(self.scales), np.inf)
        self._allow(RELAXED)
        for _ in range(ROUNDS):
            before = time.perf_counter()
            relaxed, solution = self._round(shares)
            shares = self.proportions_of(relaxed)
            now, reached = time.perf_counter(), np.array(solution.objectives)
            still = bool(np.all(np.abs(reached - last)[:-1] <= STILL * np.array(self.engine.gaps)[:-1]))
            last = reached
            if relaxed.agrees or still or now + (now - before) > self.engine.deadline:
                break
        self._allow(SEARCHED)
        start = self._start(solution, shares)
        self.engine.set_whole(True)
        plan, solution = self._round(shares, start)
        whole = np.flatnonzero(self.engine.whole)
        self.engine.set_whole(False)
        self.engine.fix(whole, np.round(solution.values[whole]))
        hurried = self.engine.huge and self.engine.late()
        self._allow(FINISHED if self.engine.huge else np.inf)  # else stages left out would be lost again
        shares = self.proportions_of(plan)
        with self.engine.within(plan.objectives):  # what the search gave a later stage is not taken back
            finished = self._hold_conversions(solution, shares) if hurried else self.settle(shares)
            needed = without_idle(self.case.measures, finished.new_units, finished.request(self.case.measures).level[0])
            if not hurried and np.any(needed < finished.new_units):
                self.fix_units(replace(finished, new_units=needed))
                with suppress(Infeasible):
                    finished = self.settle(self.proportions_of(finished))
        self.free_units()
        bounds = [-np.inf if stage.bound is None else stage.bound for stage in plan.stages]
        stages = self.reading.stage_results(finished.objectives, bounds)
        return replace(finished, stages=stages, stopped=plan.stopped or finished.stopped)

    def _allow(self, portion: float) -> None:
        """Let what follows take until a portion of the problem's time is over."""
        self.engine.begin_nothing_after(self.begun + portion * self.problem.time_limit)

    def _start(self, solution: Solution, shares: FloatArray) -> FloatArray | None:
        """A solution with whole units near a relaxed one, if rounding finds one: what the search starts from."""
        if not self.engine.large:
            return None  # the search finds better ones soon
        self.set_proportions(shares)
        for portion in PORTIONS:
            values = rounded(self.formulation, self.reading.named, self.engine.whole, solution.values, portion)
            started = self.engine.with_units_of(values, stage=0)
            if started is not None:
                return started[0]
        return None

    def _hold_conversions(self, solution: Solution, shares: FloatArray) -> Plan:
        """Hold what moves the pools' own members; then their proportions no longer depend on the rest."""
        pools = set(self.formulation.touched.pools)
        moving = {m.mode for m in self.case.measures.activity_moves if self.case.pool_of[m.target] in pools}
        index, columns = self.reading.named["level"]
        columns = columns[np.isin(index[:, 0], list(moving))]
        self.engine.fix(columns, solution.values[columns], give=1e-7)
        try:
            return self._round(shares)[0]
        finally:
            self.engine.free(columns)

    def _round(self, shares: FloatArray, start: FloatArray | None = None) -> tuple[Plan, Solution]:
        self.rounds += 1
        self.set_proportions(shares)
        solution = self.engine.solve(start)
        return self.plan_of(solution), solution
