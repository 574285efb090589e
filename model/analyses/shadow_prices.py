"""What is one more unit of each limit worth? Prices of pots, ramps, potentials, targets, vetoes and a stronger mandate.

Two linear problems have prices: the one with whole units as in the plan, which says what more money would do for this
plan, and the relaxation, which says what it would do for any. Prices hold for small steps only and, where the optimum
is degenerate, for one direction; a finite difference, one more unit in earnest, stands beside them as a check.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from model.analyses.prices import ShadowPrice, least_or_none, priced_or_none, unit_of
from model.analyses.veto_prices import best, of_mandate, of_musts, under_mandate
from model.optimiser.formulation.objectives import CUMULATIVE, KEPT, Stage
from model.optimiser.limits.pots import POT
from model.optimiser.limits.record import Limit
from model.optimiser.limits.register import LIMITS
from model.optimiser.plan import Plan
from model.optimiser.search import Search
from model.optimiser.solver.arrays import ColumnKey
from model.optimiser.solver.persistent import stage_row
from model.optimiser.solver.solutions import PricedSolution
from model.vocabulary import FloatArray
from model.workers import side_by_side

Stronger = tuple[str, Callable[[], Search]]
"""The path of the strongest mandate, and what gives the problem under it."""
STEP = 1e-3
"""MSEK that are added to a pot for the price of its money."""
SMALL = 1e-4
"""t, GWh, points or MSEK per unit below which a price is none."""
PRICED = {limit.name: limit for limit in LIMITS if limit.priced is not None}
"""Limits of the town's own; only these have a price that means something."""


@dataclass(frozen=True)
class ShadowPrices:
    """All prices of a plan, and those of pots as arrays."""

    stage: str
    """what is priced: the first stage of the objective that is not reached"""
    unit: str
    """what its prices are in, per unit of a limit"""
    rows: tuple[ShadowPrice, ...]
    pot_fixed: FloatArray
    """(fund, year) `unit` per MSEK"""
    pot_relaxed: FloatArray


def shadow_prices(kept: Search, plan: Plan, stronger: Stronger | None = None) -> ShadowPrices:
    """Prices at a plan of the problem that is kept, which stays as it is.

    `stronger` is None where the future has the strongest mandate already.
    """
    number, stage = _priced_stage(kept, plan)
    unit, scale = unit_of(stage)
    under, fixed, relaxed, of_targets = side_by_side(
        lambda: None if stronger is None else under_mandate(stronger[1](), plan, number),
        lambda: _fixed(_around(kept, plan, fixed=True), number),
        lambda: _relaxed(_around(kept, plan), number),
        lambda: _of_targets(_around(kept, plan), plan),
    )
    search, prices, differences = relaxed
    dual = {"fixed": -scale * fixed, "relaxed": -scale * prices}
    rows = [
        replace(row, difference=scale * differences.get((row.limit, row.of, row.year), np.nan))
        for row in _limits(search, dual, unit)
    ]
    rows += of_targets
    reached = best(search, number)
    rows += of_musts(search, number, reached)
    if stronger is not None:
        rows.append(of_mandate(stronger[0], kept, plan, number, reached[number], under))
    return ShadowPrices(
        stage.name, unit, tuple(rows), _of_pots(search, dual["fixed"]), _of_pots(search, dual["relaxed"])
    )


def _around(kept: Search, plan: Plan, fixed: bool = False) -> Search:
    """The problem around the proportions of a plan, with its whole units or relaxed."""
    search = kept.copy()
    search.take_proportions(plan)
    if fixed:
        search.fix_units(plan)
    return search


def _relaxed(search: Search, number: int) -> tuple[Search, FloatArray, dict[tuple[str, str, int], float]]:
    """What solved a stage relaxed, its prices (row,), and what one more MSEK in each pot and year does."""
    relaxed = _solve_after(search, number)
    more = _of_more(search, number, relaxed, 1.0)
    differences = {(POT.name, *_named(search, POT, key)[:2]): each for key, each in more.items()}
    return search, _upwards(search, number, relaxed), differences


def _fixed(search: Search, number: int) -> FloatArray:
    """Prices (row,) of a stage with whole units held."""
    return _upwards(search, number, _solve_after(search, number))


def _priced_stage(search: Search, plan: Plan) -> tuple[int, Stage]:
    """The first stage that the plan does not have at zero."""
    stages = search.formulation.stages
    for number, (stage, value) in enumerate(zip(stages[:-1], plan.objectives, strict=False)):
        if value > search.tolerance(number) or stage.name == CUMULATIVE:
            return number, stage
    return len(stages) - 1, stages[-1]


def _solve_after(search: Search, number: int) -> PricedSolution:
    """A stage solved where those before it are kept at their best, until `release`."""
    for before in range(number):
        best = search.engine.least(before).objective
        search.engine.hold_stage(before, best + KEPT * max(abs(best), 1.0))
    return search.engine.solve_stage(number)


def _limits(search: Search, dual: Mapping[str, FloatArray], unit: str) -> Iterator[ShadowPrice]:
    for key, row in search.engine.rows.items():
        limit = PRICED.get(key[0])
        worth = {how: float(each[row]) for how, each in dual.items()}
        if limit is not None and max(abs(each) for each in worth.values()) > SMALL:
            of, year, per = _named(search, limit, key)
            yield ShadowPrice(limit.name, of, year, worth["fixed"], worth["relaxed"], np.nan, f"{unit} per {per}")


def _named(search: Search, limit: Limit, key: ColumnKey) -> tuple[str, int, str]:
    """What a row limits, in which year, and its unit."""
    assert limit.priced is not None
    of, unit = limit.priced(search.problem, key[1])
    return of, int(search.problem.case.years[search.problem.first + key[1][-1]]), unit


def _of_pots(search: Search, dual: FloatArray) -> FloatArray:
    problem, money = search.problem, search.problem.money
    if money is None:
        return np.zeros((0, len(problem.case.years)))
    price = np.full((len(money.funds), len(problem.case.years)), np.nan)
    for (name, index), row in search.engine.rows.items():
        if name == POT.name:
            price[index[0], problem.first + index[1]] = dual[row]
    return price


def _of_more(search: Search, stage: int, base: PricedSolution, step: float) -> dict[ColumnKey, float]:
    """What so many MSEK more in each pot and year avoid of a stage, solved again, each MSEK.

    It is worth no more than its price: where that is nothing, it need not be tried.
    """
    rows = search.engine.rows
    pots = [key for key in rows if key[0] == POT.name]
    keys = [key for key in pots if base.row_dual[rows[key]] < 0]
    worth = dict.fromkeys(pots, 0.0)
    if keys:
        uppers = np.array([search.engine.row_upper[rows[key]] for key in keys])
        swept = search.engine.sweep(stage, keys, uppers + step * np.eye(len(keys)))
        worth |= dict(zip(keys, ((base.objective - swept.objective) / step).tolist(), strict=True))
    return worth


def _upwards(search: Search, stage: int, base: PricedSolution) -> FloatArray:
    """Prices (row,), those of pots for money that is added: in an empty pot any higher one is a price as well."""
    dual = base.row_dual.copy()
    for key, worth in _of_more(search, stage, base, STEP).items():
        row = search.engine.rows[key]
        if np.isfinite(worth):  # else the solver lost its way there
            dual[row] = np.clip(-worth, dual[row], 0.0)
    return dual


def _of_targets(search: Search, plan: Plan) -> list[ShadowPrice]:
    """What one unit less of each worst shortfall costs at least, in MSEK of the last stage.

    Worst shortfalls may be as large as in the plan and the gap that was asked for; the finite difference is one unit
    less or, where less is missing, one unit more.
    """
    stages, last = search.formulation.stages, len(search.formulation.stages) - 1
    ranks = list(search.formulation.worst_shortfall)
    numbers = [2 * place for place in range(len(ranks))]
    if not numbers or last < 1 or len(plan.objectives) <= numbers[-1]:
        return []
    reached = {number: plan.objectives[number] + search.tolerance(number) for number in numbers}
    worth: dict[str, FloatArray] = {}
    for how in ("fixed", "relaxed"):
        if how == "fixed":
            search.fix_units(plan)
        for number, most in reached.items():
            search.engine.hold_stage(number, most)
        search.engine.start_anew()  # from the basis of another stage it takes longer than from none
        solved = priced_or_none(search, last)
        locks = [search.engine.rows[stage_row(number)] for number in numbers]
        worth[how] = np.full(len(numbers), np.nan) if solved is None else -solved.row_dual[locks]
        if how == "fixed":
            search.free_units()
    found = []
    for place, (number, rank) in enumerate(zip(numbers, ranks, strict=True)):
        unit, scale = unit_of(stages[number])
        sense = -1 if reached[number] > 1 / scale else 1
        search.engine.hold_stage(number, reached[number] + sense / scale)
        other = least_or_none(search, last)
        search.engine.hold_stage(number, reached[number])
        more = np.nan if other is None or solved is None else sense * (solved.objective - other)
        name = "+".join(limit.name for limit in search.problem.limits if limit.rank == rank)
        fixed, relaxed = (float(worth[how][place]) / scale for how in ("fixed", "relaxed"))
        found.append(ShadowPrice("target", name, 0, fixed, relaxed, more, f"MSEK per {unit}"))
    search.engine.release()
    return found


def as_table(prices: ShadowPrices) -> list[dict[str, Any]]:
    """Prices as rows of a table, largest first."""
    rows = sorted(prices.rows, key=lambda row: (row.limit, -abs(np.nan_to_num(row.relaxed)), row.of, row.year))
    return [
        {
            "limit": row.limit, "of": row.of, "year": row.year or "", "whole_units_fixed": row.fixed,
            "relaxed": row.relaxed, "finite_difference": row.difference, "unit": row.unit,
        }
        for row in rows
    ]  # fmt: skip
