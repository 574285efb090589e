"""What follows from what operates? The two balances, emissions and how far they are from the targets."""

from __future__ import annotations

import numpy as np

from model.optimise.formulation.variables import KT, Formulation, Index, Rows, Variable, by_target
from model.optimise.problem import TargetLimit
from model.projection.case import Case
from model.projection.coefficients import reference_flow
from model.projection.indicators import accumulated
from model.projection.replay import emissions
from model.vocabulary import FloatArray


def drawn_from_pool(f: Formulation) -> Rows:
    """pool_draw[q,y] = sum of amount[a,q,y] * level[a,y]  [activity units]."""
    draws = by_target(f.measures.pool_draws, f)
    for q in f.touched.pools:
        for y in f.years:
            coefs = [-float(move.amount[0, f.problem.first + y]) for move in draws.get(q, [])]
            names = [f.level[move.mode, y] for move in draws.get(q, [])]
            yield (q, y), 0.0, [1.0, *coefs], [f.pool_draw[q, y], *names], 0.0


def activity_balance(f: Formulation) -> Rows:
    """activity[s,y] = B[s,y] + sum of A[s,a,y] level[a,y] - proportion[s,y] * pool_draw[q(s),y]  [activity units]."""
    moves = by_target(f.measures.activity_moves, f)
    for s in f.touched.activities:
        pool = int(f.case.pool_of[s])
        for y in f.years:
            coefs = [-float(move.amount[0, f.problem.first + y]) for move in moves.get(s, [])]
            names = [f.level[move.mode, y] for move in moves.get(s, [])]
            if pool in f.touched.pools:
                coefs.append(float(f.proportions[s, y]))
                names.append(f.pool_draw[pool, y])
            level = float(f.case.level[0, s, f.problem.first + y])
            yield (s, y), level, [1.0, *coefs], [f.activity[s, y], *names], level


def carrier_balance(f: Formulation) -> Rows:
    """carrier_use[k,c,y] = F0[k,c,y] + sum of U[s,c,y] activity[s,y] + sum of D[k,c,a,y] level[a,y]  [GWh]."""
    moves = by_target(f.measures.carrier_moves, f)
    uses = uses_by_flow(f.case)
    changing = set(f.touched.activities)
    for flow in f.touched.flows:
        for y in f.years:
            year = f.problem.first + y
            constant = float(f.flow0[flow, y])
            coefs, names = [], []
            for source, index in uses.get(flow, []):
                if source in changing:
                    use = float(f.case.use[0, index, year])
                    constant -= use * float(f.case.level[0, source, year])
                    coefs.append(-use)
                    names.append(f.activity[source, y])
            for move in moves.get(flow, []):
                coefs.append(-float(move.amount[0, year]))
                names.append(f.level[move.mode, y])
            yield (flow, y), constant, [1.0, *coefs], [f.carrier_use[flow, y], *names], constant


def emission_balance(f: Formulation) -> Rows:
    """emissions[k,g,y] = sum of direct[s,g,y] activity[s,y] + sum of factor[c,g,y] carrier_use[k,c,y]  [kt of gas]."""
    case, changing, flows = f.case, set(f.touched.activities), set(f.touched.flows)
    for k, g in f.touched.emissions:
        sources = [
            (i, int(s))
            for i, s in enumerate(case.direct_activity)
            if case.subsector_of[s] == k and case.direct_gas[i] == g
        ]
        used = [int(i) for i in np.flatnonzero(case.flow_subsector == k)]
        for y in f.years:
            year, constant = f.problem.first + y, 0.0
            coefs, names = [], []
            for index, source in sources:
                rate = KT * float(case.direct[0, index, year])
                if source in changing:
                    coefs.append(-rate)
                    names.append(f.activity[source, y])
                else:
                    constant += rate * float(case.level[0, source, year])
            for flow in used:
                rate = KT * float(case.factor[0, case.flow_carrier[flow], g, year])
                if flow in flows and rate:
                    coefs.append(-rate)
                    names.append(f.carrier_use[flow, y])
                else:
                    constant += rate * float(f.flow0[flow, y])
            yield (k, g, y), constant, [1.0, *coefs], [f.emissions[k, g, y], *names], constant


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
        begun = None if limit.since is None else max(f.case.year_index(limit.since) - first, 0)
        for y in (y for each, y in f.shortfall if each == t):
            there = [(key, year) for year in range(y if begun is None else begun, y + 1) for key in keys]
            coefs = [float(limit.sense * rates[key][year]) for key, year in there]
            names = [variables[(*key, year)] for key, year in there]
            yield (t, y), None, [*coefs, -1.0], [*names, f.shortfall[t, y]], -limit.sense * float(rest[first + y])


def _measured(f: Formulation, limit: TargetLimit) -> tuple[Variable, list[Index], dict[Index, FloatArray]]:
    """The variables an indicator looks at, by key, and what one of each counts in a year of the plan."""
    years = np.ones(len(f.years))
    if limit.quantity == "emissions":
        found: dict[Index, FloatArray] = {(k, g): limit.weight[k, g] * years for k, g in f.touched.emissions}
        variables = f.emissions
    elif limit.quantity == "energy":
        found, variables = {(flow,): limit.weight[flow] * years for flow in f.touched.flows}, f.carrier_use
    else:
        points = limit.points(f.case)[:, f.window]
        found, variables = {(s,): points[s] for s in f.touched.activities}, f.activity
    rates = {key: rate for key, rate in found.items() if np.any(rate)}
    return variables, list(rates), rates


def worst_of(f: Formulation) -> Rows:
    """shortfall[t,y] <= worst_shortfall[priority and quantity of t]  [kt CO2e, GWh, %]."""
    for t, y in f.shortfall:
        worst = f.worst_shortfall[f.problem.limits[t].rank]
        yield (t, y), None, [1.0, -1.0], [f.shortfall[t, y], worst], 0.0


def uses_by_flow(case: Case) -> dict[int, list[tuple[int, int]]]:
    """Flow -> (activity, use) pairs."""
    uses: dict[int, list[tuple[int, int]]] = {}
    for index, (source, target) in enumerate(zip(case.use_activity, case.use_flow, strict=True)):
        uses.setdefault(int(target), []).append((int(source), index))
    return uses


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
