"""How far is a plan from the targets? They give way: what is missed is a shortfall, which the objective makes small."""

from __future__ import annotations

import numpy as np

from model.optimiser.formulation.variables import KT, Formulation, Index, Rows, Variable
from model.optimiser.limits.record import Definition, Limit, Rechecks, Seen, worst
from model.optimiser.problem import TargetLimit, base_size
from model.projection.coefficients import reference_flow
from model.projection.indicators import accumulated
from model.projection.replay import emissions
from model.vocabulary import FloatArray


def target(f: Formulation) -> Rows:
    """sense[t] * (indicator[t,y] - limit[t,y]) - shortfall[t,y] <= 0 in every year the target holds  [kt CO2e, GWh, %].

    A cumulative indicator is the sum of the years from `since` to y; those before the first decision are constant. A
    share is multiplied out: points above the limit at the whole of the reference (`problem.TargetLimit.points`).
    """
    constant, first = untouched(f), f.problem.first
    for t, limit in enumerate(f.problem.limits):
        variables, keys, rates = _measured(f, limit)
        unit = KT if limit.quantity == "emissions" else 1.0
        rest = accumulated(unit * limit.linear(f.case, *constant), limit.since, f.case) - unit * limit.edge
        rest = f.decided(rest)
        begun = None if limit.since is None else max(f.case.year_index(limit.since) - first, 0)
        for y in (y for each, y in f.shortfall if each == t):
            there = [(key, year) for year in range(y if begun is None else begun, y + 1) for key in keys]
            coefs = [float(limit.sense * rates[key][year]) for key, year in there]
            names = [variables[(*key, year)] for key, year in there]
            yield (t, y), None, [*coefs, -1.0], [*names, f.shortfall[t, y]], -limit.sense * float(rest[y])


def _measured(f: Formulation, limit: TargetLimit) -> tuple[Variable, list[Index], dict[Index, FloatArray]]:
    """The variables an indicator looks at, by key, and what one of each counts in a year of the plan."""
    years = np.ones(len(f.years))
    if limit.quantity == "emissions":
        found: dict[Index, FloatArray] = {(k, g): limit.weight[k, g] * years for k, g in f.touched.emissions}
        variables = f.emissions
    elif limit.quantity == "energy":
        found, variables = {(flow,): limit.weight[flow] * years for flow in f.touched.flows}, f.carrier_use
    else:
        points = f.decided(limit.points(f.case))
        found, variables = {(s,): points[s] for s in f.touched.activities}, f.activity
    rates = {key: rate for key, rate in found.items() if np.any(rate)}
    return variables, list(rates), rates


def _recheck_targets(seen: Seen) -> Rechecks:
    """No target is missed by more than the plan says, in the projection; relative to the base year's quantity."""
    case, outcome = seen.problem.case, seen.plan.outcome
    tonnes = emissions(case, outcome.activity, outcome.flow)[0]
    size = base_size(seen.problem)
    for limit, said in zip(seen.problem.limits, seen.plan.shortfall, strict=True):
        more = limit.excess(case, tonnes, outcome.activity[0], outcome.flow[0]) - said
        years = 1 if limit.since is None else max(int(case.years[-1]) - limit.since + 1, 1)
        yield f"target {limit.name}", worst(more, np.full(1, years * size[limit.quantity]))


TARGET = Limit(rows=target, recheck=_recheck_targets)


def worst_of(f: Formulation) -> Rows:
    """shortfall[t,y] <= worst_shortfall[priority and quantity of t]  [kt CO2e, GWh, %]."""
    for t, y in f.shortfall:
        most = f.worst_shortfall[f.problem.limits[t].rank]
        yield (t, y), None, [1.0, -1.0], [f.shortfall[t, y], most], 0.0


WORST_OF = Definition(worst_of)


def untouched(f: Formulation) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The reference where it is constant: emissions in t of gas, activities and flows (GWh), each (..., year).

    From the first decision on, what some measure can change is 0.
    """
    level, flow = f.case.level[0].copy(), reference_flow(f.case)
    tonnes, flow = emissions(f.case, f.case.level, flow)[0].copy(), flow[0].copy()
    for k, g in f.touched.emissions:
        tonnes[k, g, f.window] = 0.0
    level[f.touched.activities, f.window] = 0.0
    flow[f.touched.flows, f.window] = 0.0
    return tonnes, level, flow
