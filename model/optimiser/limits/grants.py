"""On which terms do funds pay? Within their share of the cost; no owner loses by it, and no more than is needed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from model.money.economics import discount_factors
from model.money.financing import Financing
from model.optimiser.digits import AS_MUCH
from model.optimiser.formulation.variables import Formulation, Rows, level_of, units_of
from model.optimiser.limits.payments import stakes
from model.optimiser.limits.record import TOLERANCE, Definition, Limit, Rechecks, Seen, worst
from model.vocabulary import FloatArray

# --- no more than is needed ----------------------------------------------------------------------------


def deficit_only(f: Formulation) -> Rows:
    """sum over public funds of payment[stake,f,y] <= deficit[stake,y] * new_units[m,y]: no more than needed  [MSEK]."""
    money = f.problem.money
    if money is not None:
        yield from _at_most(f, money, money.deficit, lambda claim: not money.own[money.claim_fund[claim]])


def grants_for_need(f: Formulation) -> Rows:
    """sum over grants of payment[stake,f,y] <= what savings do not pay back * new_units[m,y]  [MSEK]."""
    money = f.problem.money
    if money is not None:
        yield from _at_most(f, money, money.grant_limit, lambda claim: money.grant[money.claim_fund[claim]])


def _at_most(f: Formulation, money: Financing, limit: FloatArray, counted: Callable[[int], bool]) -> Rows:
    """Payments of counted claims of a stake are at most a limit (stake, year) per new unit, where it is below cost."""
    mosts = f.decided(np.minimum(limit, money.capital))
    for stake, m, claims in stakes(f, money, True):
        mine = [claim for claim in claims if counted(claim)]
        if not mine or np.all(limit[stake] >= AS_MUCH * money.capital[stake]):
            continue
        for y in range(f.first_start(m), len(f.years)):
            names = [f.payment[claim, y] for claim in mine]
            coefs = [*[1.0] * len(names), -float(mosts[stake, y]) * f.size[m]]
            yield (stake, y), None, coefs, [*names, f.new_units[m, y]], 0.0


def _recheck_deficit(seen: Seen) -> Rechecks:
    if seen.problem.money is not None:
        public = seen.paid(seen.payers(np.logical_not(seen.money.own)))
        yield "deficit_only", worst(public - seen.money.deficit * seen.started, seen.money.capital * seen.started)


def _recheck_need(seen: Seen) -> Rechecks:
    if seen.problem.money is not None:
        needed = np.minimum(seen.money.grant_limit, seen.money.capital) * seen.started
        grants = seen.paid(seen.payers(seen.money.grant))
        yield "grants_for_need", worst(grants - needed, seen.money.capital * seen.started)


DEFICIT_ONLY = Limit(rows=deficit_only, recheck=_recheck_deficit)
GRANTS_FOR_NEED = Limit(rows=grants_for_need, recheck=_recheck_need)


# --- within what a fund may pay ------------------------------------------------------------------------


def claim_limit(f: Formulation) -> Rows:
    """payment[claim,y] <= largest share of cost * new units or level  [MSEK]."""
    money = f.problem.money
    if money is None:
        return
    capital, support, most = (f.decided(each) for each in (money.capital, money.support, money.claim_limit))
    for claim, y in f.payment:
        stake = int(money.claim_stake[claim])
        cost, limit = capital if money.claim_capital[claim] else support, float(most[claim, y])
        if limit >= AS_MUCH * float(cost[stake, y]):
            continue
        coefs, names = units_of(f, int(money.stake_measure[stake]), y, money.claim_capital[claim])
        yield (claim, y), None, [1.0, *[-limit * c for c in coefs]], [f.payment[claim, y], *names], 0.0


def _recheck_claims(seen: Seen) -> Rechecks:
    if seen.problem.money is not None:
        money = seen.money
        operating = seen.level[money.stake_measure]
        units = np.where(
            seen.capital_claims[:, None], seen.started[money.claim_stake], operating[money.claim_stake]
        )  # fmt: skip
        yield "claim_limit", worst(seen.plan.payment - money.claim_limit * units, seen.plan.payment)
        yield "payments", worst(-seen.plan.payment, np.ones(1))  # nothing is paid back


CLAIM_LIMIT = Limit(rows=claim_limit, recheck=_recheck_claims)


# --- grants that ask for an own share ------------------------------------------------------------------


def supported_cost(f: Formulation) -> Rows:
    """payment[claim,y] <= largest share of cost * supported[claim,y], of a grant that asks for an own share  [MSEK]."""
    money = f.problem.money
    if money is not None:
        most = f.decided(money.claim_limit)
        for (claim, y), units in f.supported.items():
            m = int(money.stake_measure[money.claim_stake[claim]])
            yield (claim, y), None, [1.0, -(float(most[claim, y]) * f.size[m])], [f.payment[claim, y], units], 0.0


def supported_units(f: Formulation) -> Rows:
    """supported[claim,y] <= new_units[m,y]  [units]."""
    money = f.problem.money
    if money is not None:
        for (claim, y), units in f.supported.items():
            m = int(money.stake_measure[money.claim_stake[claim]])
            yield (claim, y), None, [1.0, -1.0], [units, f.new_units[m, y]], 0.0


def own_share(f: Formulation) -> Rows:
    """sum over funds that are no grant of payment[stake,f,y] >= own share * capital * supported[claim,y]  [MSEK]."""
    money = f.problem.money
    if money is None:
        return
    of_stake = {stake: claims for stake, _, claims in stakes(f, money, True)}
    capital = f.decided(money.capital)
    for (claim, y), units in f.supported.items():
        stake = int(money.claim_stake[claim])
        m = int(money.stake_measure[stake])
        own = [f.payment[c, y] for c in of_stake[stake] if not money.grant[money.claim_fund[c]]]
        least = float(money.own_share[money.claim_fund[claim]] * capital[stake, y]) * f.size[m]
        yield (claim, y), 0.0, [*[1.0] * len(own), -least], [*own, units], None


def _recheck_own_share(seen: Seen) -> Rechecks:
    """What no grant pays is at least the own share of the cost that a grant supports: of whole units where lumpy."""
    if seen.problem.money is None:
        return
    money, nothing = seen.money, np.zeros(len(seen.problem.case.years))
    not_granted = money.capital * seen.started - seen.paid(seen.payers(money.grant))
    excess, size = [nothing], [nothing]
    for claim in np.flatnonzero((money.own_share[money.claim_fund] > 0) & seen.capital_claims):
        stake, limit = money.claim_stake[claim], money.claim_limit[claim]
        supported = np.divide(seen.plan.payment[claim], limit, out=np.zeros_like(limit), where=limit > 0)
        unit = seen.measures.unit_size[money.stake_measure[stake]]
        if unit > 0:
            supported = np.ceil(supported / unit - TOLERANCE) * unit
        least = money.own_share[money.claim_fund[claim]] * money.capital[stake] * supported
        excess.append(least - not_granted[stake])
        size.append(least)
    yield "own_share", worst(np.array(excess), np.array(size))


SUPPORTED_COST = Limit(rows=supported_cost, recheck=_recheck_own_share)
SUPPORTED_UNITS = Definition(supported_units)  # with `supported_cost` it follows from what is paid in full
OWN_SHARE = Limit(rows=own_share, recheck=_recheck_own_share)


# --- owners outside the municipality -------------------------------------------------------------------


def owner_not_worse(f: Formulation) -> Rows:
    """present value of own payments <= present value of what operating units save, at the owner's rate  [MSEK].

    For owners outside the municipality: sum over y of d[y] own payment[stake,y] <= sum over y of
    d[y+1] saving level[m,y] + d[y] saved after the last year * new_units[m,y]. Units that stand idle save nothing.
    """
    money = f.problem.money
    if money is None:
        return
    saving, later = f.decided(money.saving), f.decided(money.saved_after)
    for stake, m, claims in stakes(f, money, True):
        own = [claim for claim in claims if money.own[money.claim_fund[claim]]]
        if not money.outside[stake] or not own:
            continue
        discount = discount_factors(float(money.owner_rate[stake]), len(f.years) + 1)
        coefs, names = list[float](), []
        for y in f.years:
            coefs += [float(discount[y])] * len(own)
            names += [f.payment[claim, y] for claim in own]
            saved = float(discount[y + 1] * saving[stake, y])
            more, levels = level_of(f, m, y)
            coefs, names = coefs + [-saved * one for one in more], names + levels
            after = float(discount[y] * later[stake, y])
            if y >= f.first_start(m) and after:
                coefs, names = [*coefs, -after * f.size[m]], [*names, f.new_units[m, y]]
        yield (stake,), None, coefs, names, 0.0


def _recheck_owners(seen: Seen) -> Rechecks:
    """Net present value after support of owners outside the municipality is not below zero.

    Savings come at the end of the year; those after the last model year count within the payback time only.
    """
    if seen.problem.money is None:
        return
    money, window = seen.money, seen.window
    own = seen.paid(seen.payers(money.own))[:, window]
    years = own.shape[1]
    discount = np.array([discount_factors(float(rate), years + 1) for rate in money.owner_rate])
    discount = discount.reshape(len(money.owner_rate), years + 1)
    saved = (money.saving * seen.level[money.stake_measure])[:, window] * discount[:, 1:]
    after = (money.saved_after * seen.started)[:, window] * discount[:, :-1]
    paid = (own * discount[:, :-1]).sum(axis=1) * money.outside
    net = np.where(money.outside, saved.sum(axis=1) + after.sum(axis=1) - paid, 0.0)
    yield "owner_not_worse", worst(-net, paid)


OWNER_NOT_WORSE = Limit(rows=owner_not_worse, recheck=_recheck_owners)
