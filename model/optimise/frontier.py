"""What does more money, or a higher cost, buy? Trade-off curves on one kept problem, and plans found anew beside them.

Along the curves only right-hand sides change; pools are drawn on in the proportions of the plan. Two curves each: whole
units relaxed, which no plan at these proportions can better, and whole units as in the plan, which is what the same
projects can do with more or less. All points are projected at once to say how far the proportions lead astray. Points
with whole units found anew are plans, solved in processes of their own and projected.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from model.financing import Financing
from model.optimise.engine import Infeasible
from model.optimise.lifting import forget_affordable
from model.optimise.plan import Plan, Search, find_plan
from model.optimise.problem import Problem
from model.projection import Request, emissions, replay
from model.vocabulary import FloatArray


@dataclass(frozen=True)
class BudgetCurve:
    """The worst value of the first target along a budget, in t."""

    share: FloatArray
    """(point,) of the swept pots' own amounts"""
    budget: FloatArray
    """(point,) MSEK a year in the first swept pot, first decision year"""
    relaxed: FloatArray
    """(point,) NaN where there is no plan"""
    fixed: FloatArray
    difference: float
    """largest distance between optimiser and projection along the curves, t"""


@dataclass(frozen=True)
class TradeCurve:
    """Net cost against cumulative emissions."""

    emissions: FloatArray
    """(point,) kt over the window, of what the objective counts"""
    relaxed: FloatArray
    """(point,) MSEK discounted, NaN where there is no plan"""
    fixed: FloatArray


@dataclass(frozen=True)
class WholePoint:
    """A plan with whole units found anew at a budget."""

    budget: float
    value: float
    """t in the worst year; NaN: no plan"""
    bound: float
    """t, no plan can be better"""
    status: str


def budget_curve(problem: Problem, plan: Plan, funds: Sequence[int], shares: FloatArray) -> BudgetCurve:
    """The least worst shortfall when the pots `funds` are `shares` (point,) of what they are."""
    money = _money(problem)
    search = Search(problem)
    forget_affordable(search)
    engine = search.engine
    keys = [key for key in engine.rows if key[0] in ("pot", "ceiling") and key[1][0] in funds]
    uppers = np.array([engine.row_upper[engine.rows[key]] for key in keys])
    lifts = np.array([_lift(money, key[1][0])[problem.first + key[1][1]] * (key[0] == "ceiling") for key in keys])
    points = (uppers - lifts) * shares[:, None] + lifts
    search.take_proportions(plan)
    columns = {key: col for key, col in engine.columns.items() if key[0] == "level"}
    curves, difference = [], 0.0
    for fixed in (False, True):
        if fixed:
            search.fix_units(plan)
        swept = engine.sweep(0, keys, points, columns=list(columns.values()))
        assert swept.values is not None
        curves.append(1e3 * swept.objective)
        solved = np.isfinite(swept.objective)
        shown = _projected_worst(problem, [key[1] for key in columns], swept.values)
        difference = max(difference, float(np.abs(shown - curves[-1])[solved].max(initial=0.0)))
    search.free_units()
    first = money.budget[funds[0], problem.first] if funds else 0.0
    return BudgetCurve(shares, shares * first, curves[0], curves[1], difference)


def trade_curve(problem: Problem, plan: Plan, points: int) -> TradeCurve:
    """Least discounted cost for each of a row of limits on cumulative emissions, from least emissions to least cost."""
    asked = replace(problem, objective="least_emissions", limits=())
    search = Search(asked)
    search.settle_stage(0)
    engine, last = search.engine, len(search.formulation.stages) - 1
    lowest = engine.solve_stage(0).objective
    cheapest = engine.solve_stage(last)
    highest = float(engine.objective[0] @ cheapest.values + engine.offset[0])
    limits = np.linspace(lowest, max(highest, lowest), points)
    limits[0] += search.tolerance(0) * 1e-3
    relaxed = engine.sweep(last, [("lock", 0)], limits[:, None]).objective
    search.take_proportions(plan)
    search.fix_units(plan)
    fixed = np.full(len(limits), np.nan)
    there = limits >= engine.solve_stage(0).objective + search.tolerance(0) * 1e-3  # below, simplex proves it slowly
    fixed[there] = engine.sweep(last, [("lock", 0)], limits[there, None]).objective
    search.free_units()
    constant = search.constant_emissions()
    return TradeCurve(limits + constant, relaxed - cheapest.objective, fixed - cheapest.objective)


def whole_point(problem: Problem, funds: Sequence[int], share: float) -> WholePoint:
    """A plan found anew at a share of the budgets, one thread."""
    money = _money(problem)
    budget = money.budget.copy()
    budget[list(funds)] *= share
    there = share * float(money.budget[funds[0], problem.first])
    try:
        plan = find_plan(replace(problem, financing=replace(money, budget=budget)))
    except Infeasible:
        return WholePoint(there, np.nan, np.nan, "no plan")
    return WholePoint(there, 1e3 * plan.objectives[0], 1e3 * plan.bounds[0], plan.status)


def _money(problem: Problem) -> Financing:
    if problem.financing is None:
        raise ValueError("there is no budget to sweep where money has no limit")
    return problem.financing


def _lift(money: Financing, pot: int) -> FloatArray:
    return np.asarray(money.debts.lift[money.debts.pot == pot].sum(axis=0) + np.zeros(money.budget.shape[1]))


def _projected_worst(problem: Problem, index: Sequence[tuple[int, int]], values: FloatArray) -> FloatArray:
    """Worst shortfall of the first target in t, (point,), of levels by (mode, year) columns, all projected at once."""
    case, measures = problem.case, problem.case.measures
    by_mode = np.zeros((len(values), len(measures.mode_names), len(case.years)))
    where = np.array(index)
    by_mode[:, where[:, 0], problem.first + where[:, 1]] = np.maximum(np.nan_to_num(values), 0.0)
    level = np.zeros((len(values), len(measures.names), len(case.years)))
    for mode, measure in enumerate(measures.mode_measure):
        level[:, measure] += by_mode[:, mode]
    outcome = replay(case, Request(level, by_mode))
    tonnes, limit = emissions(case, outcome.activity, outcome.flow), problem.limits[0]
    above = np.einsum("kg,bkgy->by", limit.weight, tonnes) - limit.bound
    return np.asarray(np.maximum(np.where(np.isfinite(limit.bound), above, -np.inf).max(axis=1), 0.0))
