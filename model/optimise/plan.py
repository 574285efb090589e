"""Which plan is best? Solves the problem in rounds until optimiser and projection agree.

What draws on a pool takes from it in the plan's own proportions, which the optimiser can only know from the plan
before: they are fixed, the problem is solved, the plan projected, and the proportions it leads to are put in, until
both agree. Whole units are settled on the way and the rest is finished as a linear problem. If proportions keep
turning, the pools' own conversions are held; then the proportions are exact.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from model.measures import Measures
from model.optimise.assembly import formulate
from model.optimise.engine import Engine, Infeasible, Solution
from model.optimise.formulation import KT
from model.optimise.problem import Problem, base_size
from model.projection import Outcome, Request, emissions, reference_flow, replay
from model.vocabulary import FloatArray

AGREEMENT = 1e-6
"""Share of base-year emissions by which optimiser and projection may differ."""
NOT_CUT = 1e-7
"""Share of a level that the projection may cut from a plan by rounding."""
ROUNDS = 5
"""At most so many rounds before whole units are settled, and before conversions are held to make proportions exact."""


class Disagreement(Exception):
    """Optimiser and projection do not agree: a fault of the toolkit, said loudly."""


@dataclass(frozen=True)
class Plan:
    """A found plan: what is started, what operates, who pays, and how sure it is. Years are all model years."""

    new_units: FloatArray
    """(measure, year) in the measures' units"""
    level: FloatArray
    """(mode, year)"""
    payment: FloatArray
    """(claim, year) MSEK; empty without money limits"""
    outcome: Outcome
    """the projection of the plan, batch length 1"""
    objectives: tuple[float, ...]
    """value of each stage: kt or MSEK"""
    bounds: tuple[float, ...]
    """no plan can be better at a stage than this, given the stages before"""
    gap: float
    """largest distance from a bound, as share of base-year emissions in every year it counts"""
    cost_gap: float
    """relative distance of cost from its bound"""
    status: str
    rounds: int
    difference: float
    """largest difference between optimiser and projection over years, as share of base-year emissions (where targets
    look at energy or shares: also as share of base-year energy or of 100 percentage points)"""
    shortfall: FloatArray
    """(limit, year) what the optimiser took each target to be missed by: t CO2e, GWh or percentage points"""

    @property
    def agrees(self) -> bool:
        """Whether the projection gives the plan's emissions and cuts nothing of it."""
        cut = self.level - self.outcome.level[0]
        uncut = bool(np.all(cut <= NOT_CUT * np.maximum(self.level, 1.0)))
        return uncut and self.difference <= AGREEMENT

    def request(self, measures: Measures) -> Request:
        """What the plan asks of the projection."""
        return request_of(measures, self.level)


def request_of(measures: Measures, level: FloatArray) -> Request:
    """Levels by mode (mode, year) as a request."""
    total = np.zeros((1, len(measures.names), level.shape[1]))
    np.add.at(total[0], measures.mode_measure, level)
    return Request(total, level[None])


def find_plan(problem: Problem, threads: int = 1) -> Plan:
    """The best plan for a problem. Raises `Infeasible` when musts clash, `Disagreement` if the model is at fault."""
    return _Search(problem, threads).run()


class _Search:
    def __init__(self, problem: Problem, threads: int) -> None:
        self.problem, self.case = problem, problem.case
        self.reference = proportions(problem, self.case.level[0])
        self.formulation = formulate(problem, self.reference)
        self.sizes = base_size(self.case)
        self.base = self.sizes["emissions"]
        units = {quantity: size * (KT if quantity == "emissions" else 1) for quantity, size in self.sizes.items()}
        self.scales = [units[stage.quantity] * stage.years for stage in self.formulation.stages]
        gaps = [max(problem.gap * scale, 1e-6) for scale in self.scales]
        model = self.formulation.model
        self.engine = Engine(model, gaps, 4 * problem.gap, problem.time_limit, threads)
        self.rounds = 0

    def run(self) -> Plan:
        plan = self._whole_units() if np.any(self.engine.whole) else self._settle(self.reference)
        if plan.difference > AGREEMENT:
            raise Disagreement(f"optimiser and projection differ by {plan.difference:.2g} of base-year emissions")
        return plan

    def _settle(self, shares: FloatArray) -> Plan:
        """Solve, project and put the plan's own proportions in until they agree."""
        best: tuple[Plan, Solution] | None = None
        for _ in range(ROUNDS):
            best = self._round(shares)
            plan = best[0]
            if plan.agrees or not self.formulation.touched.pools:
                return plan
            shares = proportions(self.problem, plan.outcome.activity[0])
        assert best is not None
        return self._hold_conversions(best[1], shares)

    def _whole_units(self) -> Plan:
        """Settle whole units at the relaxed plan's proportions, then finish the rest with them fixed."""
        shares = self.reference
        for _ in range(ROUNDS):
            relaxed = self._round(shares)[0]
            shares = proportions(self.problem, relaxed.outcome.activity[0])
            if relaxed.agrees:
                break
        self.engine.set_whole(True)
        plan, solution = self._round(shares)
        whole = np.flatnonzero(self.engine.whole)
        self.engine.set_whole(False)
        self.engine.fix(whole, np.round(solution.values[whole]))
        finished = self._settle(proportions(self.problem, plan.outcome.activity[0]))
        self.engine.free(whole)
        return replace(finished, bounds=plan.bounds, gap=plan.gap, cost_gap=plan.cost_gap, status=plan.status)

    def _hold_conversions(self, solution: Solution, shares: FloatArray) -> Plan:
        """Hold what moves the pools' own members; then their proportions no longer depend on the rest."""
        pools = set(self.formulation.touched.pools)
        moving = {m.mode for m in self.case.measures.activity_moves if self.case.pool_of[m.target] in pools}
        columns = [col for (name, index), col in self.engine.columns.items() if name == "level" and index[0] in moving]
        self.engine.fix(columns, solution.values[columns], give=1e-7)
        try:
            return self._round(shares)[0]
        finally:
            self.engine.free(columns)

    def _round(self, shares: FloatArray) -> tuple[Plan, Solution]:
        self.rounds += 1
        self._set_proportions(shares)
        solution = self.engine.solve()
        return self._plan(solution), solution

    def _set_proportions(self, shares: FloatArray) -> None:
        entries = {}
        for s in self.formulation.touched.activities:
            pool = int(self.case.pool_of[s])
            if pool in self.formulation.touched.pools:
                for y in self.formulation.years:
                    key = ("activity_balance", (s, y)), ("pool_draw", (pool, y))
                    entries[key] = float(shares[s, self.problem.first + y])
        self.engine.set_coefficients(entries)

    def _plan(self, solution: Solution) -> Plan:
        measures, years, first = self.case.measures, len(self.case.years), self.problem.first
        new_units = np.zeros((len(measures.names), years))
        level = np.zeros((len(measures.mode_names), years))
        money = self.problem.financing
        payment = np.zeros((len(money.claim_fund) if money else 0, years))
        expected: dict[tuple[int, int, int], float] = {}
        shortfall = np.zeros((len(self.problem.limits), years))
        seen = {"activity": self.case.level[0].copy(), "carrier_use": reference_flow(self.case)[0]}
        for (name, index), column in self.engine.columns.items():
            value = solution.values[column]
            if name == "new_units":
                m, y = index
                value = round(value) if self.engine.whole[column] and abs(value - round(value)) < 1e-6 else value
                new_units[m, first + y] = max(value, 0.0) * self.formulation.size[m]
            elif name == "level":
                level[index[0], first + index[1]] = max(value, 0.0)
            elif name == "payment":
                payment[index[0], first + index[1]] = max(value, 0.0)
            elif name == "emissions":
                expected[index] = value
            elif name == "shortfall":
                emitted = self.problem.limits[index[0]].quantity == "emissions"
                shortfall[index[0], first + index[1]] = value / (KT if emitted else 1)
            elif name in seen:
                seen[name][index[0], first + index[1]] = value
        outcome = replay(self.case, request_of(measures, level))
        return Plan(
            new_units, level, payment, outcome, solution.objectives,
            solution.bounds, *self._gaps(solution), solution.status, self.rounds,
            max(self._difference(outcome, expected), self._limits_differ(outcome, **seen)), shortfall,
        )  # fmt: skip

    def _gaps(self, solution: Solution) -> tuple[float, float]:
        """Distance from the bounds of the emission stages and, relative, of cost."""
        distance = [abs(v - b) for v, b in zip(solution.objectives, solution.bounds, strict=True)]
        shares = [d / scale for d, scale in zip(distance, self.scales, strict=False) if scale > 0]
        cost = distance[-1] / max(abs(solution.objectives[-1]), 1.0) if len(distance) == len(self.scales) else 0.0
        return max(shares, default=0.0), cost

    def _difference(self, outcome: Outcome, expected: dict[tuple[int, int, int], float]) -> float:
        """Largest sum over (subsector, gas) of |optimiser - projection| in a year, as share of the base year."""
        projected = emissions(self.case, outcome.activity, outcome.flow)[0]
        differences = np.zeros(len(self.case.years))
        for (k, g, y), value in expected.items():
            year = self.problem.first + y
            differences[year] += abs(value * 1e3 - projected[k, g, year]) * abs(self.case.gwp[g])
        return float(differences.max() / self.base)

    def _limits_differ(self, outcome: Outcome, activity: FloatArray, carrier_use: FloatArray) -> float:
        """Largest difference in a year of what targets on energy and shares look at, as share of its size."""
        nothing, worst = np.zeros((0, 0, len(self.case.years))), 0.0
        for limit in self.problem.limits:
            if limit.quantity != "emissions":
                ours = limit.linear(self.case, nothing, activity, carrier_use)
                theirs = limit.linear(self.case, nothing, outcome.activity[0], outcome.flow[0])
                worst = max(worst, float(np.abs(ours - theirs).max()) / self.sizes[limit.quantity])
        return worst


def proportions(problem: Problem, activity: FloatArray) -> FloatArray:
    """Share of each activity in its pool, (activity, year); the reference's where a pool is empty."""
    case = problem.case
    share = np.zeros_like(activity)
    for pool in range(len(case.pools)):
        members = np.flatnonzero(case.pool_of == pool)
        for level in (case.level[0, members], activity[members]):
            total = level.sum(axis=0)
            some = total > 1e-9 * max(float(case.level[0, members].sum(axis=0).max()), 1e-9)
            share[members] = np.where(some, np.maximum(level, 0.0) / np.where(some, total, 1.0), share[members])
    return share


__all__ = ["AGREEMENT", "Disagreement", "Infeasible", "Plan", "find_plan", "request_of"]
