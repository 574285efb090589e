"""What follows from what operates? The two balances and emissions; nothing is taken that is not there."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from model.inputs.columns.activities import Activity
from model.optimiser.formulation.variables import KT, Formulation, Index, Rows, Variable, by_target
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


def level_before_draws(f: Formulation) -> Rows:
    """before_draws[s,y] = B[s,y] + sum of A[s,a,y] level[a,y], in pools drawn on  [activity units]."""
    for s in f.touched.activities:
        if f.drawn(s):
            yield from _moved(f, s, f.before_draws)


def pool_level(f: Formulation) -> Rows:
    """pool_total[q,y] = sum of before_draws[s,y] over its members  [activity units]."""
    for q in f.touched.pools:
        members = [s for s in f.touched.activities if f.case.pool_of[s] == q]
        for y in f.years:
            names = [f.pool_total[q, y], *(f.before_draws[s, y] for s in members)]
            yield (q, y), 0.0, [1.0, *[-1.0] * len(members)], names, 0.0


def activity_balance(f: Formulation) -> Rows:
    """activity[s,y] = B[s,y] + sum of A[s,a,y] level[a,y], less what is drawn from its pool  [activity units].

    Of members P[s] with the sum T, a draw D leaves P[s] (1 - D/T). To first order around a plan that is known, with
    left = 1 - D/T and share[s] = P[s] / T of that plan, this is

        left P[s] + share[s] (1 - left) T - share[s] D,

    exact at that plan, and right at its margin: what is converted inside a pool counts only as far as it is not drawn.
    """
    for s in f.touched.activities:
        if not f.drawn(s):
            yield from _moved(f, s, f.activity)
            continue
        pool = int(f.case.pool_of[s])
        for y in f.years:
            coefs = [1.0, *f.proportions.coefficients(s, pool, f.problem.first + y)]
            names = [f.activity[s, y], f.before_draws[s, y], f.pool_total[pool, y], f.pool_draw[pool, y]]
            yield (s, y), 0.0, coefs, names, 0.0


def _moved(f: Formulation, s: int, variable: Variable) -> Rows:
    """A variable is what an activity is in the reference, and what measures move to or from it."""
    moves, levels = by_target(f.measures.activity_moves, f), f.decided(f.case.level[0])
    amounts = [(move.mode, f.decided(move.amount[0])) for move in moves.get(s, [])]
    for y in f.years:
        level = float(levels[s, y])
        coefs = [-float(amount[y]) for _, amount in amounts]
        names = [f.level[mode, y] for mode, _ in amounts]
        yield (s, y), level, [1.0, *coefs], [variable[s, y], *names], level


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


DRAWN_FROM_POOL = Definition(drawn_from_pool, of="pool_draw")
BEFORE_DRAWS, POOL_LEVEL = Definition(level_before_draws, of="before_draws"), Definition(pool_level, of="pool_total")
ACTIVITY_BALANCE = Definition(activity_balance, of="activity")
CARRIER_BALANCE = Definition(carrier_balance, of="carrier_use")
EMISSION_BALANCE = Definition(emission_balance, of="emissions")


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
