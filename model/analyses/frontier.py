"""What does more money, or a higher cost, buy? Trade-off curves on one kept problem, and plans found anew beside them.

Along the curves only right-hand sides change. Two curves each: whole units relaxed, and whole units as in the plan
(what the same projects can do with more or less). Of budgets, shown is what the projection makes of every point, all
points at once; a point that draws on pools in other proportions than the plan is solved again at its own. Points with
whole units found anew are solved in processes of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from model.analyses.relaxed_limits import NEARLY_SETTLED, forget_affordable
from model.money.financing import Financing
from model.optimiser.formulation.objectives import KEPT
from model.optimiser.formulation.variables import KT, TONNES
from model.optimiser.limits.borrowing import CEILING
from model.optimiser.limits.pots import POT
from model.optimiser.plan import Plan
from model.optimiser.problem import Problem
from model.optimiser.search import ROUNDS, Search, find_plan
from model.optimiser.solver.lexicographic import ColumnKey, Infeasible, Solution
from model.optimiser.solver.persistent import stage_row
from model.optimiser.stages import status_of
from model.projection.replay import Outcome, Request, emissions, replay
from model.vocabulary import FloatArray


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
    value: float
    """t in the worst year; NaN: no plan"""
    bound: float
    """t, no plan can be better; NaN: not known"""
    status: str
    """what is known of the value, or `no plan`"""


def budget_curve(problem: Problem, plan: Plan, funds: Sequence[int], shares: FloatArray) -> BudgetCurve:
    """The least worst shortfall when the pots `funds` are `shares` (point,), rising, of what they are.

    Relaxed, a share counts also of a unit that no pot could pay for whole: what can be paid for moves with the pots.
    What is found with less money can be done with more, and with the plan's units by the relaxation, too.
    """
    money = _money(problem)
    search = Search(problem)
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
        shown, off = _curve(search, keys, points)
        if fixed:
            search.free_units()
        difference = max(difference, float(off.max(initial=0.0)))
        curves.append(np.fmin.accumulate(shown))
    first = money.budget[funds[0], problem.first] if funds else 0.0
    return BudgetCurve(shares, shares * first, np.fmin(*curves), curves[1], difference)


def _curve(search: Search, keys: Sequence[ColumnKey], points: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Projected worst shortfall at each point of right-hand sides, NaN where there is no plan, and how far optimiser
    and projection are from each other, both (point,) in t.

    The sum of shortfalls is least, too: a year that is not the worst one may not be left as bad as that.
    """
    engine = search.engine
    columns = _levels(search)
    expected = TONNES * engine.sweep(0, keys, points).objective
    kept = np.nan_to_num(expected, nan=0.0)[:, None] / TONNES + KEPT
    swept = engine.sweep(1, [*keys, stage_row(0)], np.hstack([points, kept]), columns=list(columns.values()))
    assert swept.values is not None
    projected = _projected(search.problem, [key[1] for key in columns], swept.values)
    shown = np.where(np.isfinite(expected), _worst(search.problem, projected), np.nan)
    off = np.nan_to_num(np.abs(shown - expected))
    before = [float(engine.row_upper[engine.rows[key]]) for key in keys]
    for point in np.flatnonzero(off > NEARLY_SETTLED * TONNES * search.scales[0]):
        for key, upper in zip(keys, points[point], strict=True):
            engine.set_row_upper(*key, float(upper))
        value, off[point] = _settled(search)
        shown[point] = min(shown[point], value)
    for key, upper in zip(keys, before, strict=True):
        engine.set_row_upper(*key, upper)
    return shown, off


def _settled(search: Search) -> tuple[float, float]:
    """Least worst shortfall at the proportions its own plan leads to, and how far it is from the optimiser's, in t."""
    best, off = np.inf, np.inf
    for _ in range(ROUNDS):
        try:
            least = search.engine.solve_stage(0).objective
            search.engine.hold_stage(0, least + KEPT)
            solved = search.engine.solve_stage(1)
        except Infeasible:
            break
        finally:
            search.engine.release()
        plan = search.plan_of(Solution(solved.values, (), (), solved.status))
        value = float(_worst(search.problem, plan.outcome)[0])
        now = abs(value - TONNES * least)
        best, off = min((best, off), (value, now))
        if now <= NEARLY_SETTLED * TONNES * search.scales[0]:
            break
        search.set_proportions(search.proportions_of(plan))
    return best, off


def trade_curve(problem: Problem, plan: Plan, points: int) -> TradeCurve:
    """Least discounted cost for each of a row of limits on cumulative emissions, from least emissions to least cost.

    At the plan's proportions of the pools, and as the optimiser sees it; `difference` says what that leaves out.
    """
    search = Search(replace(problem, objective="least_emissions", limits=()))
    search.take_proportions(plan)
    engine, last = search.engine, len(search.formulation.stages) - 1
    lowest = engine.solve_stage(0).objective
    cheapest = engine.solve_stage(last)
    highest = float(engine.objective[0] @ cheapest.values + engine.offset[0])
    limits = np.linspace(lowest, max(highest, lowest), points)
    limits[0] += search.tolerance(0) * 1e-3
    constant, columns = search.reading.constant_emissions, _levels(search)
    curves, difference = [], 0.0
    for fixed in (False, True):
        if fixed:
            search.fix_units(plan)
        swept = engine.sweep(last, [stage_row(0)], limits[:, None], columns=list(columns.values()))
        if fixed:
            search.free_units()
        assert swept.values is not None
        found = np.isfinite(swept.objective)
        emitted = _cumulative(problem, _projected(problem, [key[1] for key in columns], swept.values))
        difference = max(difference, float(np.max((emitted - limits - constant)[found], initial=0.0)))
        curves.append(swept.objective - cheapest.objective)
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
        return WholePoint(there, np.nan, np.nan, "no plan")
    first = plan.stages[0]
    bound = np.nan if first.known_bound is None else TONNES * first.known_bound
    return WholePoint(there, TONNES * first.value, bound, status_of([first], plan.stopped))


def _money(problem: Problem) -> Financing:
    if problem.money is None:
        raise ValueError("there is no budget to sweep where money has no limit")
    return problem.money


def _lift(money: Financing, pot: int) -> FloatArray:
    return np.asarray(money.debts.lift[money.debts.pot == pot].sum(axis=0) + np.zeros(money.budget.shape[1]))


def _levels(search: Search) -> dict[ColumnKey, int]:
    """Columns of operating units by key."""
    return {key: column for key, column in search.engine.columns.items() if key[0] == "level"}


def _projected(problem: Problem, index: Sequence[tuple[int, int]], values: FloatArray) -> Outcome:
    """What the projection makes of levels (point, column) by (mode, year) of the columns, all points at once."""
    case, measures = problem.case, problem.case.measures
    by_mode = np.zeros((len(values), len(measures.mode_names), len(case.years)))
    where = np.array(index)
    by_mode[:, where[:, 0], problem.first + where[:, 1]] = np.maximum(np.nan_to_num(values), 0.0)
    return replay(case, Request(measures.of_modes(by_mode), by_mode))


def _worst(problem: Problem, outcome: Outcome) -> FloatArray:
    """Worst shortfall of the first target in t, (batch,)."""
    limit = problem.limits[0]
    tonnes = emissions(problem.case, outcome.activity, outcome.flow)
    above = np.einsum("kg,bkgy->by", limit.weight, tonnes) - limit.bound
    return np.asarray(np.maximum(np.where(np.isfinite(limit.bound), above, -np.inf).max(axis=1), 0.0))
