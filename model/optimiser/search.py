"""Which plan is best, until optimiser and projection agree?

Without whole units the stages are a row of linear problems, solved around the proportions of the plan before until
they are its own. How whole units are chosen says `whole_units`, and whether better plans are elsewhere `elsewhere`.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

import numpy as np

from model.optimiser.digits import settled_number, settled_record
from model.optimiser.elsewhere import improved
from model.optimiser.formulation.assembly import definitions, exact_rows, formulate
from model.optimiser.formulation.objectives import KEPT
from model.optimiser.formulation.variables import KT
from model.optimiser.limits.balances import ACTIVITY_BALANCE
from model.optimiser.plan import AGREEMENT, Disagreement, Plan
from model.optimiser.problem import Problem, base_size
from model.optimiser.proportions import Proportions, proportions_at
from model.optimiser.reading import Reading
from model.optimiser.solver.arrays import ColumnKey, compiled
from model.optimiser.solver.lexicographic import LexicographicSolver, Solution
from model.optimiser.solver.linear import Infeasible
from model.optimiser.solver.solutions import StageSolution
from model.optimiser.whole_units import ROUNDS, WholeUnits

SETTLED = 1e-5
"""Change of a stage, as share of what its gap is a share of, at which curves and relaxations are settled."""
GIVES = 1e-7, 1e-5
"""Shares by which conversions that are held may be less, the second where the first leaves no plan."""
NEAR = 0.05
"""Mean change of shares up to which stages are begun where they ended last, not each where the one before it ended.
"""


def find_plan(problem: Problem) -> Plan:
    """The best plan for a problem. Raises `Infeasible` when musts clash, `Disagreement` if the model is at fault."""
    return Search(problem).run()


class Search:
    """One problem kept ready: formulated and compiled once, then solved as often, and in as many ways, as wanted.

    `run` gives the plan with whole units. For curves and prices: `settle_relaxed` puts in the proportions of the best
    plan without whole units, `fix_units` holds a plan's; then `engine.sweep` and `engine.solve_stage` see a linear
    problem whose rows are named as in the formulation.
    """

    def __init__(self, problem: Problem) -> None:
        self.begun = time.perf_counter()
        problem = settled_record(problem)
        self.problem, self.case = problem, problem.case
        self.proportions = proportions_at(problem)
        self.formulation = formulate(problem, self.proportions)
        self.arrays = compiled(self.formulation.model, exact_rows())
        units = {
            quantity: size * (KT if quantity == "emissions" else 1) for quantity, size in base_size(problem).items()
        }
        self.scales = [settled_number(units[stage.quantity] * stage.years) for stage in self.formulation.stages]
        self.gaps = [settled_number(max(problem.gap * scale, 1e-6)) for scale in self.scales]
        self.engine = LexicographicSolver(self.arrays, definitions())
        self.reading = Reading(self.formulation, self.engine.columns, self.scales)
        self.rounds = 0

    def copy(self) -> Search:
        """The same problem, not formulated again, in a solver of its own, as before anything was asked or changed."""
        other = copy.copy(self)
        other.engine, other.rounds = self.engine.copy(), 0
        other.proportions = self.formulation.proportions
        return other

    def run(self, starts: Sequence[Plan] = ()) -> Plan:
        """The best plan; with whole units no worse than `starts`, which are plans of the same with less money.

        Raises `Infeasible` when musts clash, `Disagreement` if it is wrong.
        """
        self.rounds = 0
        self.free_units()
        whole = np.any(self.engine.whole)  # without, there is no search that a time could end: it is finished
        if whole and self.problem.time_limit is not None:
            self.engine.deadline = self.begun + self.problem.time_limit
        plan = WholeUnits(self).run(improved, starts) if whole else self.settle(self.engine.cascade)
        if plan.difference > AGREEMENT:
            raise Disagreement(f"optimiser and projection differ by {plan.difference:.2g} of base-year emissions")
        return plan

    def settle(self, solve: Callable[[], Solution], start: Proportions | None = None) -> Plan:
        """The best plan with whole units relaxed or fixed as they are, at its own proportions.

        `solve` gives a solution around the proportions that are in the engine; they are put in until they are its own.
        """
        proportions = self.proportions if start is None else start
        for number in range(ROUNDS):
            try:
                plan, solution = self._round(proportions, solve)
            except Infeasible:
                if number == 0:
                    raise
                break  # what is possible around one plan may not be around the next
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

    def settle_stage(
        self, stage: int, tolerance: float = SETTLED, start: Proportions | None = None, last: float = np.inf
    ) -> StageSolution:
        """One stage alone, whole units relaxed or fixed as they are, at the proportions its own plan leads to.

        The proportions stay in the engine, and in `proportions`. `start`: from others than those. Settled is what no
        longer changes the stage by `tolerance`, from `last` on: what it does not look at may still turn. Raises
        `Infeasible`.
        """
        proportions = self.proportions if start is None else start
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
        self.engine.near = proportions.mean_distance(self.proportions) < NEAR
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

    def _hold_conversions(self, solution: Solution, solve: Callable[[], Solution]) -> Plan:
        """Hold what moves the pools' own members; then their proportions no longer depend on the rest."""
        pools = set(self.formulation.touched.pools)
        moving = {m.mode for m in self.case.measures.activity_moves if self.case.pool_of[m.target] in pools}
        index, columns = self.reading.named["level"]
        columns = columns[np.isin(index[:, 0], list(moving))]
        proportions = proportions_at(self.problem, self.reading.levels_of(solution.values))
        try:
            for give in GIVES:
                self.engine.fix(columns, solution.values[columns], give)
                with suppress(Infeasible):
                    return self._round(proportions, solve)[0]
        finally:
            self.engine.free(columns)
        raise Infeasible

    def _round(self, proportions: Proportions, solve: Callable[[], Solution]) -> tuple[Plan, Solution]:
        self.rounds += 1
        self.set_proportions(proportions)
        self.solution = solve()
        return self.plan_of(self.solution), self.solution
