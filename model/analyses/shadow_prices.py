"""What is one more unit of each limit worth? Prices of pots, ramps, potentials, targets, vetoes and a stronger mandate.

Two linear problems have prices: the one with whole units as in the plan, which says what more money would do for this
plan, and the relaxation, which says what it would do for any. Prices hold for small steps only and, where the optimum
is degenerate, for one direction; a finite difference, one more unit in earnest, stands beside them as a check.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from model.analyses.prices import ShadowPrice, least_or_none, priced_or_none, unit_of
from model.analyses.veto_prices import of_others
from model.optimiser.formulation.objectives import CUMULATIVE, KEPT, Stage
from model.optimiser.limits.pots import POT
from model.optimiser.limits.record import Limit
from model.optimiser.limits.register import LIMITS
from model.optimiser.plan import Plan
from model.optimiser.search import Search
from model.optimiser.solver.arrays import ColumnKey
from model.optimiser.solver.linear import PricedSolution
from model.optimiser.solver.persistent import stage_row
from model.vocabulary import FloatArray

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


def shadow_prices(kept: Search, plan: Plan, stronger: tuple[str, Search] | None = None) -> ShadowPrices:
    """Prices at a plan of the problem that is kept, which stays as it is.

    `stronger` is the problem under the strongest mandate and the name of its path, None where the future has it
    already.
    """
    search = kept.copy()
    search.take_proportions(plan)
    number, stage = _priced_stage(search, plan)
    unit, scale = unit_of(stage)
    dual: dict[str, FloatArray] = {}
    search.fix_units(plan)
    dual["fixed"] = -scale * _solve_after(search, number).row_dual
    search.free_units()
    search.engine.release()
    relaxed = _solve_after(search, number)
    dual["relaxed"] = -scale * relaxed.row_dual
    differences = {of: scale * worth for of, worth in _differences(search, number, relaxed.objective).items()}
    search.engine.release()
    rows = [
        replace(row, difference=differences.get((row.limit, row.of, row.year), np.nan))
        for row in _limits(search, dual, unit)
    ]
    rows += _of_targets(search, plan)
    rows += of_others(kept, plan, stronger, number)
    return ShadowPrices(
        stage.name, unit, tuple(rows), _of_pots(search, dual["fixed"]), _of_pots(search, dual["relaxed"])
    )


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


def _differences(search: Search, stage: int, base: float) -> dict[tuple[str, str, int], float]:
    """One more MSEK in each pot and year, and the stage solved again, relaxed: what is avoided."""
    keys = [key for key in search.engine.rows if key[0] == POT.name]
    if not keys:
        return {}
    uppers = np.array([search.engine.row_upper[search.engine.rows[key]] for key in keys])
    swept = search.engine.sweep(stage, keys, uppers + np.eye(len(keys)))
    found = {}
    for key, objective in zip(keys, swept.objective, strict=True):
        of, year, _ = _named(search, POT, key)
        found[POT.name, of, year] = base - float(objective)
    return found


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
