"""What follows from a plan by `docs/model.md`? Written from there, not from the model: for numbers and for unknowns.

Arrays hold floats, or variables and expressions of a solver (then their elements are objects). Years are those of
decisions. `Levels` are what is decided and what remains of pools; all else is linear in them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from model.optimiser.plan import Plan
from model.optimiser.problem import Problem, TargetLimit
from model.projection.case import Case

Array = Any
"""numpy arrays of floats, or of a solver's expressions"""
ORDER = ("emissions", "energy", "share")
"""In which quantities of one priority come one after the other."""
TIDY = 1e-4
"""MSEK for starting all there is of a measure"""


@dataclass(frozen=True)
class Levels:
    """What is decided, and the activities it leads to."""

    started: Array
    """N (measure, year) in the measures' units"""
    level: Array
    """X (mode, year)"""
    activity: Array
    """Z (activity, year)"""


@dataclass(frozen=True)
class Stage:
    """A stage of the objective: name, what it is relative to (in its unit), and the shortfalls it looks at."""

    name: str
    scale: float
    """base-year quantity times the years it adds up; of cost, what all activities cost in the reference"""
    held: tuple[tuple[int, int], ...] = ()
    """(target, year) of shortfalls"""
    worst: bool = False
    money: bool = False


def before_draws(problem: Problem, level: Array) -> Array:
    """P = B + A X: activities after conversions and all else that moves them, (activity, year)."""
    case, first = problem.case, problem.first
    found = _as(level, case.level[0, :, first:])
    for move in case.measures.activity_moves:
        found[move.target] = found[move.target] + move.amount[0, first:] * level[move.mode]
    return found


def drawn(problem: Problem, level: Array) -> Array:
    """D: what is drawn from pools, (pool, year)."""
    case, first = problem.case, problem.first
    found = _as(level, np.zeros((len(case.pools), len(case.years) - first)))
    for move in case.measures.pool_draws:
        found[move.target] = found[move.target] + move.amount[0, first:] * level[move.mode]
    return found


def levels_of(problem: Problem, started: np.ndarray, level: np.ndarray) -> Levels:
    """What (measure, year) and (mode, year) of the decision years lead to: Z = P (1 - D / T) within pools."""
    activity, draws = before_draws(problem, level), drawn(problem, level)
    for pool in range(len(problem.case.pools)):
        members = problem.case.pool_of == pool
        total = activity[members].sum(axis=0)
        left = 1 - np.divide(draws[pool], total, out=np.zeros_like(total), where=total > 0)
        activity[members] = activity[members] * left
    return Levels(started, level, activity)


def carrier_use(problem: Problem, found: Levels) -> Array:
    """F = F0 + U Z + D X, (flow, year) in GWh."""
    case, first = problem.case, problem.first
    flow = _as(found.level, np.broadcast_to(case.other_use[0], (len(case.flow_carrier), len(case.years)))[:, first:])
    for index, (s, f) in enumerate(zip(case.use_activity, case.use_flow, strict=True)):
        flow[f] = flow[f] + case.use[0, index, first:] * found.activity[s]
    for move in case.measures.carrier_moves:
        flow[move.target] = flow[move.target] + move.amount[0, first:] * found.level[move.mode]
    return flow


def emissions(problem: Problem, activity: Array, flow: Array, first: int) -> Array:
    """E in kt of gas, (subsector, gas, year), from year index `first` on."""
    case = problem.case
    years = len(case.years) - first
    found = _as(activity, np.zeros((len(case.subsectors), len(case.gases), years)))
    for index, (s, g) in enumerate(zip(case.direct_activity, case.direct_gas, strict=True)):
        k = case.subsector_of[s]
        found[k, g] = found[k, g] + 1e-3 * case.direct[0, index, first:] * activity[s]
    for f, (k, c) in enumerate(zip(case.flow_subsector, case.flow_carrier, strict=True)):
        for g in np.flatnonzero(np.any(case.factor[0, c] != 0, axis=1)):
            found[k, g] = found[k, g] + 1e-3 * case.factor[0, c, g, first:] * flow[f]
    return found


def beyond(problem: Problem, limit: TargetLimit, found: Levels, flow: Array, emitted: Array) -> Array:
    """How far a target's indicator is beyond its limit, (year,) in kt, GWh or points; only where it holds."""
    case, first = problem.case, problem.first
    bound = np.where(np.isfinite(limit.bound), limit.bound, 0.0)[first:]
    if limit.quantity == "share":
        assert limit.denominator is not None
        counted, whole = _weighed(limit.weight, found.activity), _weighed(limit.denominator, found.activity)
        return limit.sense * (100 * counted - bound * whole) * (1 / (limit.denominator @ case.level[0, :, first:]))
    if limit.quantity == "energy":
        return limit.sense * (_weighed(limit.weight, flow) - bound)
    values = _weighed(limit.weight.ravel(), emitted.reshape(-1, emitted.shape[-1]))
    if limit.since is not None:
        earlier = reference_emissions(problem)[:, :, max(limit.since - int(case.years[0]), 0) : first]
        before = float((limit.weight[:, :, None] * earlier).sum())
        begun = max(limit.since - problem.start, 0)
        sums = [sum(values[begun : y + 1], 0.0) + before for y in range(len(values))]
        values = np.array(sums, dtype=values.dtype)
    return limit.sense * (values - 1e-3 * bound)


def cost(problem: Problem, found: Levels) -> Any:
    """Discounted cost against the reference in MSEK; for `best_value` less benefits, plus the value of carbon."""
    case, measures, first = problem.case, problem.case.measures, problem.first
    discount = (1 + case.social_rate) ** -np.arange(len(case.years) - first, dtype=float)
    of_activity, reference = _reference_cost(problem)
    of_mode = measures.fixed_cost[0, measures.mode_measure, first:].copy()
    if problem.objective == "best_value":
        of_mode -= measures.fixed_benefit[0, measures.mode_measure, first:]
    for move in measures.carrier_moves:
        of_mode[move.mode] += move.amount[0, first:] * case.price[0, case.flow_carrier[move.target], first:]
    total = _total(of_activity, found.activity - reference)
    return total + _total(discount * of_mode, found.level) + _total(_capital(problem, discount), found.started)


def _reference_cost(problem: Problem) -> tuple[np.ndarray, np.ndarray]:
    """What a unit of an activity costs in a year, discounted, and the units there are in the reference."""
    case, first = problem.case, problem.first
    years = len(case.years) - first
    of_activity = np.repeat(case.running_cost[0][:, None], years, axis=1)
    for index, (s, f) in enumerate(zip(case.use_activity, case.use_flow, strict=True)):
        of_activity[s] += case.use[0, index, first:] * case.price[0, case.flow_carrier[f], first:]
    if problem.objective == "best_value":
        of_activity += case.external_cost[0][:, None]
    return (1 + case.social_rate) ** -np.arange(years, dtype=float) * of_activity, case.level[0, :, first:]


def _capital(problem: Problem, discount: np.ndarray) -> np.ndarray:
    """Present value of the annuities, within the years there are, of a unit started, (measure, year); and tidiness."""
    case, measures, first = problem.case, problem.case.measures, problem.first
    rate, years = case.social_rate, len(discount)
    weight = np.zeros((len(measures.names), years))
    for m in range(len(weight)):
        life, lead = int(measures.lifetime[m]), int(measures.lead[m])
        yearly = rate / (1 - (1 + rate) ** -life) if rate else 1 / life
        for v in range(years):
            weight[m, v] = measures.capital[0, m, first + v] * yearly * discount[v + lead : v + lead + life].sum()
        weight[m] += TIDY / max(float(measures.potential[0, m, first:].max()), float(measures.unit_size[m]) or 1.0)
    return weight


def stages_of(problem: Problem) -> list[Stage]:
    """The objective, stage by stage, but for its values."""
    sizes = _sizes(problem)
    found = []
    for priority, place in sorted({(each.priority, ORDER.index(each.quantity)) for each in problem.limits}):
        mine = [
            t for t, each in enumerate(problem.limits) if (each.priority, each.quantity) == (priority, ORDER[place])
        ]
        held = tuple(
            (t, int(y)) for t in mine for y in np.flatnonzero(np.isfinite(problem.limits[t].bound[problem.first :]))
        )
        words = f"shortfall, priority {priority}, {ORDER[place]}"
        found.append(Stage(f"worst {words}", sizes[ORDER[place]], held, worst=True))
        found.append(Stage(f"summed {words}", sizes[ORDER[place]] * len(held), held))
    if problem.objective == "least_emissions":
        found.append(Stage("cumulative emissions", sizes["emissions"] * (problem.window[1] - problem.window[0] + 1)))
    return [*found, Stage("cost", float(_total(*_reference_cost(problem))), money=True)]


def cumulative(problem: Problem, emitted: Array) -> Any:
    """Emissions that the objective counts, summed over its window, in kt CO2e."""
    first, last = (year - problem.start for year in problem.window)
    return _total(np.repeat(problem.counted[:, :, None], last - first + 1, axis=2), emitted[:, :, first : last + 1])


def value_of_carbon(problem: Problem, emitted: Array) -> Any:
    """What `best_value` counts for what is emitted, discounted, in MSEK."""
    discount = (1 + problem.case.social_rate) ** -np.arange(emitted.shape[-1], dtype=float)
    return _total(1e3 * problem.carbon_value * problem.counted[:, :, None] * discount, emitted)


def values_of(problem: Problem, plan: Plan) -> list[float]:
    """What a plan reaches at each stage, reckoned here."""
    return values_at(problem, plan.new_units[:, problem.first :], plan.level[:, problem.first :])


def values_at(problem: Problem, started: np.ndarray, level: np.ndarray) -> list[float]:
    """What is reached at each stage by what is started and operates in the decision years."""
    found = levels_of(problem, started, level)
    flow = carrier_use(problem, found)
    emitted = emissions(problem, found.activity, flow, problem.first)
    missed = [np.maximum(beyond(problem, limit, found, flow, emitted), 0) for limit in problem.limits]
    values = []
    for stage in stages_of(problem):
        if stage.held:
            each = [float(missed[t][y]) for t, y in stage.held]
            values.append(max(each) if stage.worst else sum(each))
        elif stage.money:
            values.append(float(cost(problem, found) + value_of_carbon(problem, emitted)))
        else:
            values.append(float(cumulative(problem, emitted)))
    return values


def reference_emissions(problem: Problem) -> np.ndarray:
    """Emissions of the reference in all years, (subsector, gas, year) in kt."""
    case = problem.case
    return np.asarray(emissions(problem, case.level[0], _reference_flow(case), 0))


def _sizes(problem: Problem) -> dict[str, float]:
    emitted = float(np.abs(problem.counted * reference_emissions(problem)[:, :, 0]).sum())
    return {"emissions": emitted, "energy": float(_reference_flow(problem.case)[:, 0].sum()), "share": 100.0}


def _reference_flow(case: Case) -> np.ndarray:
    flow = np.array(np.broadcast_to(case.other_use[0], (len(case.flow_carrier), len(case.years))))
    for index, (s, f) in enumerate(zip(case.use_activity, case.use_flow, strict=True)):
        flow[f] += case.use[0, index] * case.level[0, s]
    return flow


def _as(like: Array, values: np.ndarray) -> Array:
    """A copy of numbers that can hold what `like` holds."""
    return np.array(values, dtype=like.dtype)


def _weighed(weight: np.ndarray, values: Array) -> Array:
    """Sum over the first axis of weight times values, (year,)."""
    found = _as(values, np.zeros(values.shape[1]))
    for index in np.flatnonzero(weight):
        found = found + float(weight[index]) * values[index]
    return found


def _total(weight: np.ndarray, values: Array) -> Any:
    """Sum of weight times values over all axes."""
    return sum((float(w) * v for w, v in zip(weight.ravel(), values.ravel(), strict=True) if w), 0.0)
