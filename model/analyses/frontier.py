"""What does more money, or a higher cost, buy? Trade-off curves on one kept problem, and plans found anew beside them.

Along the curves only right-hand sides change. Two curves each: whole units relaxed, and whole units as in the plan
(what the same projects can do with more or less). Of budgets, shown is what the projection makes of every point, all
points at once; a point that draws on pools in other proportions than the plan is solved again at its own. Points with
whole units found anew are solved in processes of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

import numpy as np

from model.analyses.relaxed_limits import NEARLY_SETTLED, forget_affordable, look_at
from model.money.financing import Financing
from model.optimiser.formulation.objectives import CUMULATIVE, KEPT
from model.optimiser.formulation.variables import KT, TONNES
from model.optimiser.limits.borrowing import CEILING
from model.optimiser.limits.pots import POT
from model.optimiser.plan import Plan, request_of
from model.optimiser.problem import Problem
from model.optimiser.proportions import proportions_at
from model.optimiser.search import Search, find_plan
from model.optimiser.solver.arrays import ColumnKey
from model.optimiser.solver.linear import Infeasible
from model.optimiser.solver.persistent import stage_row
from model.optimiser.stages import StageResult, status_of
from model.optimiser.whole_units import ROUNDS
from model.projection.replay import Outcome, Request, emissions, replay
from model.vocabulary import FloatArray

ADDS_UP = "least_emissions"
"""Objective that adds emissions up over the window."""


@dataclass(frozen=True)
class BudgetCurve:
    """The worst value of the first target along a budget, in t."""

    share: FloatArray
    """(point,) of the swept pots' own amounts"""
    budget: FloatArray
    """(point,) MSEK a year in the first swept pot, first decision year"""
    relaxed: FloatArray
    """(point,) projected; NaN where there is no plan"""
    fixed: FloatArray
    difference: float
    """largest distance between optimiser and projection along the curves, t: proportions of pools that do not settle"""


@dataclass(frozen=True)
class TradeCurve:
    """Net cost against cumulative emissions."""

    emissions: FloatArray
    """(point,) kt over the window, of what the objective counts"""
    relaxed: FloatArray
    """(point,) MSEK discounted, NaN where there is no plan"""
    fixed: FloatArray
    difference: float
    """by how much the projection emits more than the limit at most, kt: pools keep the plan's proportions"""


@dataclass(frozen=True)
class WholePoint:
    """A plan with whole units found anew at a budget."""

    budget: float
    stages: tuple[StageResult, ...]
    """of the plan, the worst value above the target first; empty: no plan"""
    stopped: bool
    """whether the user's time limit ended the search before it was through"""

    @property
    def value(self) -> float:
        """t above the target in the worst year; NaN: no plan."""
        return TONNES * self.stages[0].value if self.stages else np.nan

    @property
    def bound(self) -> float:
        """t, no plan can be better; NaN: not known."""
        bound = self.stages[0].known_bound if self.stages else None
        return np.nan if bound is None else TONNES * bound

    @property
    def status(self) -> str:
        """What is known of the value, or `no plan`."""
        return status_of(self.stages[:1], self.stopped) if self.stages else "no plan"

    def with_plan_of(self, other: WholePoint) -> WholePoint:
        """With the plan of another point where that is better, stage by stage; bounds are its own."""
        if not other.stages or (self.stages and self._values <= other._values):
            return self
        bounds = [each.bound for each in self.stages] or [None] * len(other.stages)
        stages = [replace(each, bound=bound) for each, bound in zip(other.stages, bounds, strict=True)]
        return replace(self, stages=tuple(stages))

    @property
    def _values(self) -> tuple[float, ...]:
        return tuple(each.value for each in self.stages)


def budget_curve(kept: Search, plan: Plan, target: int, funds: Sequence[int], shares: FloatArray) -> BudgetCurve:
    """The least worst shortfall of a target when the pots `funds` are `shares` (point,), rising, of what they are.

    Relaxed, a share counts also of a unit that no pot could pay for whole: what can be paid for moves with the pots.
    What is found with less money can be done with more, and with the plan's units by the relaxation, too. The problem
    that is kept stays as it is.
    """
    problem, search = kept.problem, kept.copy()
    money = _money(problem)
    stage = look_at(search, target)
    forget_affordable(search)
    engine = search.engine
    keys = [key for key in engine.rows if key[0] in (POT.name, CEILING.name) and key[1][0] in funds]
    uppers = np.array([engine.row_upper[engine.rows[key]] for key in keys])
    lifts = np.array([_lift(money, key[1][0])[problem.first + key[1][1]] * (key[0] == CEILING.name) for key in keys])
    points = (uppers - lifts) * shares[:, None] + lifts
    if not keys:  # they pay for nothing that could be done
        keys, points = [stage_row(len(search.formulation.stages) - 1)], np.full((len(shares), 1), np.inf)
    curves, difference = [], 0.0
    for fixed in (False, True):
        search.take_proportions(plan)
        if fixed:
            search.fix_units(plan)
        shown, off = _curve(search, target, stage, keys, points)
        if fixed:
            search.free_units()
        difference = max(difference, float(off.max(initial=0.0)))
        curves.append(np.fmin.accumulate(shown))
    first = money.budget[funds[0], problem.first] if funds else 0.0
    return BudgetCurve(shares, shares * first, np.fmin(*curves), curves[1], difference)


def _curve(
    search: Search, target: int, stage: int, keys: Sequence[ColumnKey], points: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Projected worst shortfall at each point of right-hand sides, NaN where there is no plan, and how far optimiser
    and projection are from each other, both (point,) in t.

    The sum of shortfalls is least, too: a year that is not the worst one may not be left as bad as that.
    """
    engine = search.engine
    expected = TONNES * _swept(search, stage, keys, points)[0]
    kept = np.nan_to_num(expected, nan=0.0)[:, None] / TONNES + KEPT
    _, values = _swept(search, stage + 1, [*keys, stage_row(stage)], np.hstack([points, kept]))
    projected = _projected(search, values)
    shown = np.where(np.isfinite(expected), _worst(search.problem, target, projected), np.nan)
    off = np.nan_to_num(np.abs(shown - expected))
    before = [float(engine.row_upper[engine.rows[key]]) for key in keys]
    for point in np.flatnonzero(off > NEARLY_SETTLED * TONNES * search.scales[stage]):
        for key, upper in zip(keys, points[point], strict=True):
            engine.set_row_upper(*key, float(upper))
        value, off[point] = _settled(search, target, stage)
        shown[point] = min(shown[point], value)
    for key, upper in zip(keys, before, strict=True):
        engine.set_row_upper(*key, upper)
    return shown, off


def _settled(search: Search, target: int, stage: int) -> tuple[float, float]:
    """Least worst shortfall at the proportions its own plan leads to, and how far it is from the optimiser's, in t."""
    best, off = np.inf, np.inf
    for _ in range(ROUNDS):
        try:
            least = search.engine.least(stage).objective
            search.engine.hold_stage(stage, least + KEPT)
            level = search.reading.levels_of(search.engine.least(stage + 1).values)
        except Infeasible:
            break
        finally:
            search.engine.release()
        outcome = replay(search.case, request_of(search.case.measures, level))
        value = float(_worst(search.problem, target, outcome)[0])
        now = abs(value - TONNES * least)
        best, off = min((best, off), (value, now))
        if now <= NEARLY_SETTLED * TONNES * search.scales[stage]:
            break
        search.set_proportions(proportions_at(search.problem, level))
    return best, off


def trade_curve(kept: Search, plan: Plan, points: int) -> TradeCurve:
    """Least discounted cost for each of a row of limits on cumulative emissions, from least emissions to least cost.

    At the plan's proportions of the pools, and as the optimiser sees it; `difference` says what that leaves out. The
    problem that is kept stays as it is; it is formulated once more where its objective does not add emissions up.
    """
    problem = kept.problem
    search = kept.copy() if problem.objective == ADDS_UP else Search(replace(problem, objective=ADDS_UP))
    look_at(search, None)
    search.take_proportions(plan)
    engine, last = search.engine, len(search.formulation.stages) - 1
    (added,) = [number for number, stage in enumerate(search.formulation.stages) if stage.name == CUMULATIVE]
    lowest = engine.least(added).objective
    cheapest = engine.least(last)
    highest = float(engine.objective[added] @ cheapest.values + engine.offset[added])
    limits = np.linspace(lowest, max(highest, lowest), points)
    limits[0] += search.tolerance(added) * 1e-3
    constant = search.reading.constant_emissions
    curves, difference = [], 0.0
    for fixed in (False, True):
        if fixed:
            search.fix_units(plan)
        cost, values = _swept(search, last, [stage_row(added)], limits[:, None])
        if fixed:
            search.free_units()
        found = np.isfinite(cost)
        emitted = _cumulative(problem, _projected(search, values))
        difference = max(difference, float(np.max((emitted - limits - constant)[found], initial=0.0)))
        curves.append(cost - cheapest.objective)
    return TradeCurve(limits + constant, curves[0], curves[1], difference)


def _cumulative(problem: Problem, outcome: Outcome) -> FloatArray:
    """Projected emissions over the window of what the objective counts, (batch,) in kt."""
    case = problem.case
    first, last = (case.year_index(year) for year in problem.window)
    tonnes = emissions(case, outcome.activity, outcome.flow)[..., first : last + 1]
    return np.asarray(KT * np.einsum("kg,bkgy->b", problem.counted, tonnes))


def whole_point(problem: Problem, funds: Sequence[int], share: float) -> WholePoint:
    """A plan found anew at a share of the budgets, one thread."""
    money = _money(problem)
    assert problem.financing is not None
    budget = problem.financing.budget.copy()
    budget[:, list(funds)] *= share
    there = share * float(money.budget[funds[0], problem.first])
    try:
        plan = find_plan(replace(problem, financing=replace(problem.financing, budget=budget)))
    except Infeasible:
        return WholePoint(there, (), False)
    return WholePoint(there, plan.stages, plan.stopped)


def never_worse(points: Sequence[WholePoint]) -> list[WholePoint]:
    """Points by rising budget, each with the plan of the one before where its own is worse: it can be paid for."""
    return list(accumulate(points, lambda before, point: point.with_plan_of(before)))


def _money(problem: Problem) -> Financing:
    if problem.money is None:
        raise ValueError("there is no budget to sweep where money has no limit")
    return problem.money


def _lift(money: Financing, pot: int) -> FloatArray:
    return np.asarray(money.debts.lift[money.debts.pot == pot].sum(axis=0) + np.zeros(money.budget.shape[1]))


def _swept(search: Search, stage: int, rows: Sequence[ColumnKey], points: FloatArray) -> tuple[FloatArray, FloatArray]:
    """A stage (point,) and all columns (point, column) at right-hand sides `points` (point, row), rising; NaN where
    there is no plan. The widest point comes first: it is solved soonest, and leads to the others.
    """
    every = range(len(search.engine.lower))
    swept = search.engine.sweep(stage, rows, points[::-1], columns=every)
    assert swept.values is not None
    return swept.objective[::-1], swept.values[::-1]


def _projected(search: Search, values: FloatArray) -> Outcome:
    """What the projection makes of solutions (point, column), all points at once."""
    measures = search.case.measures
    by_mode = np.array([search.reading.levels_of(each) for each in np.nan_to_num(values)])
    return replay(search.case, Request(measures.of_modes(by_mode), by_mode))


def _worst(problem: Problem, target: int, outcome: Outcome) -> FloatArray:
    """Worst shortfall of a target in t, (batch,)."""
    limit = problem.limits[target]
    tonnes = emissions(problem.case, outcome.activity, outcome.flow)
    above = np.einsum("kg,bkgy->by", limit.weight, tonnes) - limit.bound
    return np.asarray(np.maximum(np.where(np.isfinite(limit.bound), above, -np.inf).max(axis=1), 0.0))
