"""What is one more unit of each limit worth? Prices of pots, ramps, potentials, targets and vetoes at the plan.

Two linear problems have prices: the one with whole units as in the plan, which says what more money would do for this
plan, and the relaxation, which says what it would do for any. Prices hold for small steps only and, where the optimum
is degenerate, for one direction; a finite difference, one more MSEK in earnest, stands beside them as a check.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from model.optimise.engine import Key
from model.optimise.plan import Plan, Search
from model.optimise.problem import Problem
from model.vocabulary import FloatArray

SMALL = 1e-7
"""kt per unit below which a price is none."""
LIMITS = (
    "pot", "ceiling", "debt_ceiling", "service_ceiling", "carry_over", "ramp", "within_potential", "requires",
    "enables", "staff",
)  # fmt: skip
"""Constraints whose right-hand side is a limit of the town's own; only these have a price that means something."""


@dataclass(frozen=True)
class Price:
    """What one more unit of a limit is worth."""

    limit: str
    """constraint"""
    of: str
    """fund, measure, target or veto"""
    year: int
    """0: all years"""
    fixed: float
    """whole units as in the plan; NaN: not asked"""
    relaxed: float
    difference: float
    """finite difference of the relaxation; NaN: not asked"""
    unit: str


@dataclass(frozen=True)
class Prices:
    """All prices of a plan, and those of pots as arrays."""

    stage: str
    """what is priced: the first stage of the objective that is not reached"""
    rows: tuple[Price, ...]
    pot_fixed: FloatArray
    """(fund, year) t per MSEK"""
    pot_relaxed: FloatArray


def find_prices(problem: Problem, plan: Plan, vetoes: Mapping[str, Problem], stronger: float = np.nan) -> Prices:
    """Prices at a plan. `vetoes` are the problem without each of the user's musts and must-nots, by what they are."""
    search = Search(problem)
    search.settle_stage(0)
    search.take_proportions(plan)
    stage, name = _priced_stage(search)
    solved = {}
    for how in ("fixed", "relaxed"):
        if how == "fixed":
            search.fix_units(plan)
        solved[how] = search.engine.solve_stage(stage)
        if how == "fixed":
            search.free_units()
    dual = {how: -1e3 * each.row_dual for how, each in solved.items()}
    rows = list(_limits(search, dual))
    differences = _differences(search, stage, solved["relaxed"].objective)
    rows = [replace(row, difference=differences.get((row.limit, row.of, row.year), np.nan)) for row in rows]
    rows += _of_targets(search, plan)
    rows += _of_vetoes(search, vetoes)
    return Prices(name, tuple(rows), _of_pots(search, dual["fixed"]), _of_pots(search, dual["relaxed"]))


def _priced_stage(search: Search) -> tuple[int, str]:
    """The first stage that is not at zero; those before it are kept."""
    stages = search.formulation.stages
    for number, stage in enumerate(stages[:-1]):
        best = search.engine.solve_stage(number)
        if best.objective > search.tolerance(number) or stage.name == "cumulative emissions":
            return number, stage.name
        search.engine.hold_stage(number, best.objective + 1e-6)
    return 0, stages[0].name


def _limits(search: Search, dual: Mapping[str, FloatArray]) -> Iterator[Price]:
    for key, row in search.engine.rows.items():
        name, _ = key
        worth = {how: float(each[row]) for how, each in dual.items()}
        if name in LIMITS and max(abs(each) for each in worth.values()) > SMALL * 1e3:
            of, year, unit = _named(search, key)
            yield Price(name, of, year, worth["fixed"], worth["relaxed"], np.nan, f"t per {unit}")


def _named(search: Search, key: Key) -> tuple[str, int, str]:
    """What a row limits, in which year, and its unit."""
    name, index = key
    problem, money = search.problem, search.problem.financing
    year = int(problem.case.years[problem.first + index[-1]])
    if name in ("pot", "ceiling", "carry_over"):
        assert money is not None
        return money.funds[index[0]], year, "MSEK"
    if name in ("debt_ceiling", "service_ceiling"):
        assert money is not None
        return money.funds[money.debts.fund[index[0]]], year, "MSEK"
    measures = problem.case.measures
    if name == "enables":
        measure = measures.enables[index[0]].measure
        return measures.names[measure], year, measures.units[measure]
    if name == "staff":
        return str(index[0]), year, "person"
    return measures.names[index[0]], year, measures.units[index[0]]


def _of_pots(search: Search, dual: FloatArray) -> FloatArray:
    problem, money = search.problem, search.problem.financing
    if money is None:
        return np.zeros((0, len(problem.case.years)))
    price = np.full((len(money.funds), len(problem.case.years)), np.nan)
    for (name, index), row in search.engine.rows.items():
        if name == "pot":
            price[index[0], problem.first + index[1]] = dual[row]
    return price


def _differences(search: Search, stage: int, base: float) -> dict[tuple[str, str, int], float]:
    """One more MSEK in each pot and year that has a price, and solved again, relaxed: t avoided."""
    keys = [key for key in search.engine.rows if key[0] == "pot"]
    if not keys:
        return {}
    uppers = np.array([search.engine.row_upper[search.engine.rows[key]] for key in keys])
    points = uppers + np.eye(len(keys))
    swept = search.engine.sweep(stage, keys, points)
    found = {}
    for key, objective in zip(keys, swept.objective, strict=True):
        of, year, _ = _named(search, key)
        found["pot", of, year] = 1e3 * (base - float(objective))
    return found


def _of_targets(search: Search, plan: Plan) -> list[Price]:
    """What a tonne less of the worst shortfall costs at least, in MSEK of discounted cost."""
    last = len(search.formulation.stages) - 1
    if not search.problem.limits or last < 1:
        return []
    best = search.engine.solve_stage(0).objective
    reached = max(plan.objectives[0], best) + search.tolerance(0)
    worth = {}
    for how in ("fixed", "relaxed"):
        if how == "fixed":
            search.fix_units(plan)
        search.engine.hold_stage(0, reached)
        solved = search.engine.solve_stage(last)
        lock = search.engine.rows["lock", 0]
        worth[how] = -float(solved.row_dual[lock]) / 1e3
        search.engine.release()
        if how == "fixed":
            search.free_units()
    name = search.problem.limits[0].name
    return [Price("target", name, 0, worth["fixed"], worth["relaxed"], np.nan, "MSEK per t")]


def _of_vetoes(search: Search, vetoes: Mapping[str, Problem]) -> list[Price]:
    """What lifting each must or must-not would do for the worst shortfall, solved again, relaxed."""
    if not search.problem.limits or not vetoes:
        return []
    before = Search(search.problem).settle_stage(0).objective
    found = []
    for name, problem in vetoes.items():
        after = Search(problem).settle_stage(0).objective
        kind, of = name.split(" ", 1)
        found.append(Price(kind, of, 0, np.nan, np.nan, 1e3 * (before - after), "t"))
    return found


def as_table(prices: Prices) -> list[dict[str, Any]]:
    """Prices as rows of a table, largest first."""
    rows = sorted(prices.rows, key=lambda row: (row.limit, -abs(np.nan_to_num(row.relaxed)), row.of, row.year))
    return [
        {
            "limit": row.limit, "of": row.of, "year": row.year or "", "whole_units_fixed": row.fixed,
            "relaxed": row.relaxed, "finite_difference": row.difference, "unit": row.unit,
        }
        for row in rows
    ]  # fmt: skip
