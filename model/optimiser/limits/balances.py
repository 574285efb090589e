"""What follows from what operates? The two balances and emissions; nothing is taken that is not there."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from model.inputs.columns.activities import Activity
from model.optimiser.formulation.variables import KT, Formulation, Index, Rows, by_target
from model.optimiser.limits.record import Definition, Limit, Membership, Rechecks, Seen, Which, worst
from model.optimiser.limits.words import Told
from model.optimiser.problem import Problem
from model.projection.case import Case
from model.projection.coefficients import reference_flow

# --- what variables are --------------------------------------------------------------------------------


def drawn_from_pool(f: Formulation) -> Rows:
    """pool_draw[q,y] = sum of amount[a,q,y] * level[a,y]  [activity units]."""
    draws = by_target(f.measures.pool_draws, f)
    for q in f.touched.pools:
        amounts = [f.decided(move.amount[0]) for move in draws.get(q, [])]
        for y in f.years:
            coefs = [-float(amount[y]) for amount in amounts]
            names = [f.level[move.mode, y] for move in draws.get(q, [])]
            yield (q, y), 0.0, [1.0, *coefs], [f.pool_draw[q, y], *names], 0.0


def activity_balance(f: Formulation) -> Rows:
    """activity[s,y] = B[s,y] + sum of A[s,a,y] level[a,y] - proportion[s,y] * pool_draw[q(s),y]  [activity units]."""
    moves, levels = by_target(f.measures.activity_moves, f), f.decided(f.case.level[0])
    for s in f.touched.activities:
        pool = int(f.case.pool_of[s])
        amounts = [f.decided(move.amount[0]) for move in moves.get(s, [])]
        for y in f.years:
            coefs = [-float(amount[y]) for amount in amounts]
            names = [f.level[move.mode, y] for move in moves.get(s, [])]
            if pool in f.touched.pools:
                coefs.append(float(f.proportions[s, y]))
                names.append(f.pool_draw[pool, y])
            level = float(levels[s, y])
            yield (s, y), level, [1.0, *coefs], [f.activity[s, y], *names], level


def carrier_balance(f: Formulation) -> Rows:
    """carrier_use[k,c,y] = F0[k,c,y] + sum of U[s,c,y] activity[s,y] + sum of D[k,c,a,y] level[a,y]  [GWh]."""
    moves, uses = by_target(f.measures.carrier_moves, f), _uses_by_flow(f.case)
    changing = set(f.touched.activities)
    level, use_of = f.decided(f.case.level[0]), f.decided(f.case.use[0])
    for flow in f.touched.flows:
        amounts = [(move.mode, f.decided(move.amount[0])) for move in moves.get(flow, [])]
        for y in f.years:
            constant = float(f.flow0[flow, y])
            coefs, names = [], []
            for source, index in uses.get(flow, []):
                if source in changing:
                    use = float(use_of[index, y])
                    constant -= use * float(level[source, y])
                    coefs.append(-use)
                    names.append(f.activity[source, y])
            for mode, amount in amounts:
                coefs.append(-float(amount[y]))
                names.append(f.level[mode, y])
            yield (flow, y), constant, [1.0, *coefs], [f.carrier_use[flow, y], *names], constant


def emission_balance(f: Formulation) -> Rows:
    """emissions[k,g,y] = sum of direct[s,g,y] activity[s,y] + sum of factor[c,g,y] carrier_use[k,c,y]  [kt of gas]."""
    case, changing, flows = f.case, set(f.touched.activities), set(f.touched.flows)
    level, direct, factor = (f.decided(each[0]) for each in (case.level, case.direct, case.factor))
    for k, g in f.touched.emissions:
        sources = [
            (i, int(s))
            for i, s in enumerate(case.direct_activity)
            if case.subsector_of[s] == k and case.direct_gas[i] == g
        ]
        used = [int(i) for i in np.flatnonzero(case.flow_subsector == k)]
        for y in f.years:
            constant = 0.0
            coefs, names = [], []
            for index, source in sources:
                rate = KT * float(direct[index, y])
                if source in changing:
                    coefs.append(-rate)
                    names.append(f.activity[source, y])
                else:
                    constant += rate * float(level[source, y])
            for flow in used:
                rate = KT * float(factor[case.flow_carrier[flow], g, y])
                if flow in flows and rate:
                    coefs.append(-rate)
                    names.append(f.carrier_use[flow, y])
                else:
                    constant += rate * float(f.flow0[flow, y])
            yield (k, g, y), constant, [1.0, *coefs], [f.emissions[k, g, y], *names], constant


DRAWN_FROM_POOL, ACTIVITY_BALANCE = Definition(drawn_from_pool), Definition(activity_balance)
CARRIER_BALANCE, EMISSION_BALANCE = Definition(carrier_balance), Definition(emission_balance)


def _uses_by_flow(case: Case) -> dict[int, list[tuple[int, int]]]:
    """Flow -> (activity, use) pairs."""
    uses: dict[int, list[tuple[int, int]]] = {}
    for index, (source, target) in enumerate(zip(case.use_activity, case.use_flow, strict=True)):
        uses.setdefault(int(target), []).append((int(source), index))
    return uses


# --- no activity below zero: Z >= 0, as the bound of its variable ---------------------------------------


def _activities(f: Formulation, _: Problem) -> Iterator[tuple[Which, str, Index]]:
    for s, y in f.activity:
        yield (s,), "activity", (s, y)


def _recheck_activities(seen: Seen) -> Rechecks:
    yield "activities", worst(-seen.plan.outcome.activity[0], np.abs(seen.problem.case.level[0]))


def _tell_activity(told: Told, s: int) -> str:
    case = told.problem.case
    where = told.place([row for row in told.town.rows(Activity) if row.activity == case.activities[s]])
    most, unit = told.span(case.level[0, s]), case.activity_units[s]
    return f"there is {most} {unit} of '{case.activities[s]}' to take from ({where})"


ACTIVITIES = Limit(
    called="activities",
    recheck=_recheck_activities,
    clash=Membership("activity", 50, _tell_activity, columns=_activities, let_go=(-np.inf, np.inf)),
)


# --- no use of a carrier below zero: F >= 0 -------------------------------------------------------------


def _carriers(f: Formulation, _: Problem) -> Iterator[tuple[Which, str, Index]]:
    for flow, y in f.carrier_use:
        yield (int(f.case.flow_subsector[flow]), int(f.case.flow_carrier[flow])), "carrier_use", (flow, y)


def _recheck_carriers(seen: Seen) -> Rechecks:
    yield "carriers", worst(-seen.plan.outcome.flow[0], reference_flow(seen.problem.case)[0])


def _tell_carrier(told: Told, subsector: int, carrier: int) -> str:
    case = told.problem.case
    return f"there is only so much of '{case.carriers[carrier]}' in '{case.subsectors[subsector]}' to take from"


CARRIERS = Limit(
    called="carriers",
    recheck=_recheck_carriers,
    clash=Membership("carrier", 51, _tell_carrier, columns=_carriers, let_go=(-np.inf, np.inf)),
)
