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

from model.optimise.formulation.objectives import KEPT, Stage
from model.optimise.formulation.variables import KT
from model.optimise.plan import AGREEMENT, Plan, request_of
from model.optimise.problem import Problem
from model.optimise.search import Search
from model.optimise.solver.lexicographic import ColumnKey, Infeasible, StageSolution
from model.projection.replay import Outcome, emissions, replay
from model.vocabulary import FloatArray

SMALL = 1e-4
"""t, GWh, points or MSEK per unit below which a price is none."""
LIMITS = (
    "pot", "ceiling", "debt_ceiling", "service_ceiling", "carry_over", "ramp", "within_potential", "requires",
    "enables", "staff",
)  # fmt: skip
"""Constraints whose right-hand side is a limit of the town's own; only these have a price that means something."""
UNITS = {"emissions": "t", "energy": "GWh", "share": "points"}


@dataclass(frozen=True)
class Price:
    """What one more unit of a limit is worth."""

    limit: str
    """constraint"""
    of: str
    """fund, measure, target, veto or path of mandates"""
    year: int
    """0: all years"""
    fixed: float
    """whole units as in the plan; of a mandate: the plan as it is, projected again; NaN: not asked"""
    relaxed: float
    difference: float
    """finite difference of the relaxation, of a veto or mandate: solved again without, or under it; NaN: not asked"""
    unit: str


@dataclass(frozen=True)
class Prices:
    """All prices of a plan, and those of pots as arrays."""

    stage: str
    """what is priced: the first stage of the objective that is not reached"""
    unit: str
    """what its prices are in, per unit of a limit"""
    rows: tuple[Price, ...]
    pot_fixed: FloatArray
    """(fund, year) `unit` per MSEK"""
    pot_relaxed: FloatArray


def shadow_prices(
    problem: Problem, plan: Plan, vetoes: Mapping[str, Problem], stronger: tuple[str, Problem] | None = None
) -> Prices:
    """Prices at a plan.

    `vetoes` are the problem without each of the user's musts and must-nots, by what they are; `stronger` is the problem
    under the strongest mandate and the name of its path, None where the future has it already.
    """
    search = Search(problem)
    search.take_proportions(plan)
    number, stage = _priced_stage(search, plan)
    unit, scale = _unit(stage)
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
    if vetoes or stronger is not None:
        rows += _of_others(problem, plan, vetoes, stronger, number)
    return Prices(stage.name, unit, tuple(rows), _of_pots(search, dual["fixed"]), _of_pots(search, dual["relaxed"]))


def _unit(stage: Stage) -> tuple[str, float]:
    """What a stage is priced in, and how many of that one of its own unit is."""
    if not stage.years:
        return "MSEK", 1.0
    return UNITS[stage.quantity], 1 / KT if stage.quantity == "emissions" else 1.0


def _priced_stage(search: Search, plan: Plan) -> tuple[int, Stage]:
    """The first stage that the plan does not have at zero."""
    stages = search.formulation.stages
    for number, (stage, value) in enumerate(zip(stages[:-1], plan.objectives, strict=False)):
        if value > search.tolerance(number) or stage.name == "cumulative emissions":
            return number, stage
    return len(stages) - 1, stages[-1]


def _solve_after(search: Search, number: int) -> StageSolution:
    """A stage solved where those before it are kept at their best, until `release`."""
    for before in range(number):
        best = search.engine.solve_stage(before).objective
        search.engine.hold_stage(before, best + KEPT * max(abs(best), 1.0))
    return search.engine.solve_stage(number)


def _limits(search: Search, dual: Mapping[str, FloatArray], unit: str) -> Iterator[Price]:
    for key, row in search.engine.rows.items():
        name, _ = key
        worth = {how: float(each[row]) for how, each in dual.items()}
        if name in LIMITS and max(abs(each) for each in worth.values()) > SMALL:
            of, year, per = _named(search, key)
            yield Price(name, of, year, worth["fixed"], worth["relaxed"], np.nan, f"{unit} per {per}")


def _named(search: Search, key: ColumnKey) -> tuple[str, int, str]:
    """What a row limits, in which year, and its unit."""
    name, index = key
    problem, money = search.problem, search.problem.money
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
        assert problem.staff is not None
        return problem.staff.departments[index[0]], year, "person"
    return measures.names[index[0]], year, measures.units[index[0]]


def _of_pots(search: Search, dual: FloatArray) -> FloatArray:
    problem, money = search.problem, search.problem.money
    if money is None:
        return np.zeros((0, len(problem.case.years)))
    price = np.full((len(money.funds), len(problem.case.years)), np.nan)
    for (name, index), row in search.engine.rows.items():
        if name == "pot":
            price[index[0], problem.first + index[1]] = dual[row]
    return price


def _differences(search: Search, stage: int, base: float) -> dict[tuple[str, str, int], float]:
    """One more MSEK in each pot and year, and the stage solved again, relaxed: what is avoided."""
    keys = [key for key in search.engine.rows if key[0] == "pot"]
    if not keys:
        return {}
    uppers = np.array([search.engine.row_upper[search.engine.rows[key]] for key in keys])
    swept = search.engine.sweep(stage, keys, uppers + np.eye(len(keys)))
    found = {}
    for key, objective in zip(keys, swept.objective, strict=True):
        of, year, _ = _named(search, key)
        found["pot", of, year] = base - float(objective)
    return found


def _of_targets(search: Search, plan: Plan) -> list[Price]:
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
        solved = _solved(search, last)
        locks = [search.engine.rows["lock", number] for number in numbers]
        worth[how] = np.full(len(numbers), np.nan) if solved is None else -solved.row_dual[locks]
        if how == "fixed":
            search.free_units()
    found = []
    for place, (number, rank) in enumerate(zip(numbers, ranks, strict=True)):
        unit, scale = _unit(stages[number])
        sense = -1 if reached[number] > 1 / scale else 1
        search.engine.hold_stage(number, reached[number] + sense / scale)
        other = _solved(search, last)
        search.engine.hold_stage(number, reached[number])
        more = np.nan if other is None or solved is None else sense * (solved.objective - other.objective)
        name = "+".join(limit.name for limit in search.problem.limits if limit.rank == rank)
        fixed, relaxed = (float(worth[how][place]) / scale for how in ("fixed", "relaxed"))
        found.append(Price("target", name, 0, fixed, relaxed, more, f"MSEK per {unit}"))
    search.engine.release()
    return found


def _solved(search: Search, stage: int) -> StageSolution | None:
    try:
        return search.engine.solve_stage(stage)
    except Infeasible:
        return None


def _of_others(
    problem: Problem, plan: Plan, vetoes: Mapping[str, Problem], stronger: tuple[str, Problem] | None, number: int
) -> list[Price]:
    """What lifting each must or must-not, and the strongest mandate, would do, solved again, relaxed.

    For the stage that is priced; and, of musts and must-nots, how much cheaper all stages before the last would be as
    good as they are now.
    """
    stages, reached, cost = _again(problem, number)
    unit, scale = _unit(stages[number])
    found = []
    for name, other in vetoes.items():
        kind, of = name.split(" ", 1)
        _, better, cheaper = _again(other, number, reached)
        found.append(Price(kind, of, 0, np.nan, np.nan, scale * (reached[number] - better[number]), unit))
        if number < len(stages) - 1:
            found.append(Price(kind, of, 0, np.nan, np.nan, cost - cheaper, "MSEK"))
    if stronger is not None:
        path, other = stronger
        _, better, _ = _again(other, number)
        again = replay(other.case, request_of(other.case.measures, plan.level))
        less = np.nan
        if stages[number].years:
            less = _value(problem, plan.outcome, number, stages) - _value(other, again, number, stages)
        found.append(Price("mandate", path, 0, less, np.nan, scale * (reached[number] - better[number]), unit))
    return found


def _again(
    problem: Problem, number: int, within: Mapping[int, float] | None = None
) -> tuple[list[Stage], dict[int, float], float]:
    """The stages, the best of each up to `number` in order, and the least of the last one with these kept, relaxed.

    `within` are values of stages to be kept instead. Proportions of pools are those that the priced stage leads to.
    """
    search = Search(problem)
    stages, last = search.formulation.stages, len(search.formulation.stages) - 1
    search.settle_stage(number if stages[number].years else 0)
    constant = {
        at: search.constant_emissions() if stage.name == "cumulative emissions" else 0.0
        for at, stage in enumerate(stages)
    }
    reached: dict[int, float] = {}
    for at in range(number + 1):
        reached[at] = search.engine.solve_stage(at).objective
        search.engine.hold_stage(at, reached[at] + KEPT * max(abs(reached[at]), 1.0))
        reached[at] += constant[at]
    if number == last:
        return stages, reached, reached[last]
    for at, value in (within or reached).items():
        room = max(search.problem.gap, AGREEMENT) * search.scales[at]
        search.engine.hold_stage(at, value - constant[at] + room)
    solved = _solved(search, last)
    return stages, reached, np.nan if solved is None else solved.objective


def _value(problem: Problem, outcome: Outcome, number: int, stages: list[Stage]) -> float:
    """A stage of a projected plan, in t, GWh or points."""
    case = problem.case
    tonnes = emissions(case, outcome.activity, outcome.flow)[0]
    if stages[number].name == "cumulative emissions":
        first, last = (case.year_index(year) for year in problem.window)
        return float(np.einsum("kg,kgy->", problem.counted, tonnes[:, :, first : last + 1]))
    rank = sorted({limit.rank for limit in problem.limits})[number // 2]
    beyond = [
        np.maximum(limit.excess(case, tonnes, outcome.activity[0], outcome.flow[0]), 0.0)
        for limit in problem.limits
        if limit.rank == rank
    ]
    return float(np.sum(beyond) if number % 2 else np.max(beyond))


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
