"""Who pays? Capital and support are paid by eligible funds within their yearly pots, and owners do not lose by it.

What municipal pots have paid for is charged to operating pots while it is used: `charges`. How an investment pot is
financed by loans and bonds stands in `borrowing`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from model.money.economics import discount_factors
from model.money.financing import Financing
from model.optimise.formulation.variables import Formulation, Rows, level_of, units_of
from model.vocabulary import FloatArray


def capital_paid(f: Formulation) -> Rows:
    """sum over funds of payment[stake,f,y] = capital[stake,y] * new_units[m,y]  [MSEK]."""
    yield from _paid(f, True, lambda money: money.capital)


def support_paid(f: Formulation) -> Rows:
    """sum over funds of payment[stake,f,y] = support[stake,y] * level[m,y]  [MSEK]."""
    yield from _paid(f, False, lambda money: money.support)


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


def claim_limit(f: Formulation) -> Rows:
    """payment[claim,y] <= largest share of cost * new units or level  [MSEK]."""
    money = f.problem.money
    if money is None:
        return
    for claim, y in f.payment:
        stake = int(money.claim_stake[claim])
        m, year = int(money.stake_measure[stake]), f.problem.first + y
        cost = money.capital if money.claim_capital[claim] else money.support
        limit = float(money.claim_limit[claim, year])
        if limit >= float(cost[stake, year]):
            continue
        coefs, names = units_of(f, m, y, money.claim_capital[claim])
        yield (claim, y), None, [1.0, *[-limit * c for c in coefs]], [f.payment[claim, y], *names], 0.0


def supported_cost(f: Formulation) -> Rows:
    """payment[claim,y] <= largest share of cost * supported[claim,y], of a grant that asks for an own share  [MSEK]."""
    money = f.problem.money
    if money is not None:
        for (claim, y), units in f.supported.items():
            m = int(money.stake_measure[money.claim_stake[claim]])
            limit = float(money.claim_limit[claim, f.problem.first + y]) * f.size[m]
            yield (claim, y), None, [1.0, -limit], [f.payment[claim, y], units], 0.0


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
    of_stake = {stake: claims for stake, _, claims in _stakes(f, money, True)}
    for (claim, y), units in f.supported.items():
        stake = int(money.claim_stake[claim])
        m = int(money.stake_measure[stake])
        own = [f.payment[c, y] for c in of_stake[stake] if not money.grant[money.claim_fund[c]]]
        least = float(money.own_share[money.claim_fund[claim]] * money.capital[stake, f.problem.first + y]) * f.size[m]
        yield (claim, y), 0.0, [*[1.0] * len(own), -least], [*own, units], None


def owner_not_worse(f: Formulation) -> Rows:
    """present value of own payments <= present value of what operating units save, at the owner's rate  [MSEK].

    For owners outside the municipality: sum over y of d[y] own payment[stake,y] <= sum over y of
    d[y+1] saving level[m,y] + d[y] saved after the last year * new_units[m,y]. Units that stand idle save nothing.
    """
    money = f.problem.money
    if money is None:
        return
    for stake, m, claims in _stakes(f, money, True):
        own = [claim for claim in claims if money.own[money.claim_fund[claim]]]
        if not money.outside[stake] or not own:
            continue
        discount = discount_factors(float(money.owner_rate[stake]), len(f.years) + 1)
        coefs, names = list[float](), []
        for y in f.years:
            coefs += [float(discount[y])] * len(own)
            names += [f.payment[claim, y] for claim in own]
            saved = float(discount[y + 1] * money.saving[stake, f.problem.first + y])
            more, levels = level_of(f, m, y)
            coefs, names = coefs + [-saved * one for one in more], names + levels
            after = float(discount[y] * money.saved_after[stake, f.problem.first + y])
            if y >= f.first_start(m) and after:
                coefs, names = [*coefs, -after * f.size[m]], [*names, f.new_units[m, y]]
        yield (stake,), None, coefs, names, 0.0


def pot(f: Formulation) -> Rows:
    """payments + capital charge + pot_balance[f,y] - keep * pot_balance[f,y-1] <= budget[f,y]  [MSEK]."""
    money = f.problem.money
    if money is None:
        return
    claims = claims_of_funds(f, money)
    carried: dict[int, list[int]] = {}
    for number, book in enumerate(f.books):
        carried.setdefault(book.pot, []).append(number)
    for fund in sorted(claims.keys() | carried.keys()):
        if money.own[fund]:
            continue
        for y in f.years:
            names = [f.payment[claim, y] for claim in claims.get(fund, ())]
            coefs = [1.0] * len(names)
            for number in carried.get(fund, ()):
                charge = money.charge[f.books[number].measure, f.window, f.problem.first + y]
                before = [v for v in f.years if charge[v] > 0]
                coefs += [float(charge[v]) for v in before]
                names += [f.invested[number, v] for v in before]
            more, waiting = balance_of(f, money, fund, y)
            yield (fund, y), None, coefs + more, names + waiting, float(money.budget[fund, f.problem.first + y])


def carry_over(f: Formulation) -> Rows:
    """pot_balance[f,y] <= cap on what may wait for next year  [MSEK]."""
    money = f.problem.money
    if money is not None:
        for fund, y in f.pot_balance:
            limit = float(money.carry_over[fund, f.problem.first + y])
            yield (fund, y), None, [1.0], [f.pot_balance[fund, y]], limit


def booked(f: Formulation) -> Rows:
    """invested[book,y] = sum of payments that are charged to its pot and written off alike  [MSEK]."""
    mine: dict[int, list[int]] = {}
    for claim, number in f.book_of.items():
        mine.setdefault(number, []).append(claim)
    for number, y in f.invested:
        names = [f.payment[claim, y] for claim in mine[number]]
        yield (number, y), 0.0, [1.0, *[-1.0] * len(names)], [f.invested[number, y], *names], 0.0


def claims_of_funds(f: Formulation, money: Financing) -> dict[int, list[int]]:
    """Claims of usable measures by the fund that may pay them."""
    claims: dict[int, list[int]] = {}
    for claim, fund in enumerate(money.claim_fund):
        if (claim, 0) in f.payment:
            claims.setdefault(int(fund), []).append(claim)
    return claims


def balance_of(f: Formulation, money: Financing, fund: int, year: int) -> tuple[list[float], list[object]]:
    """What waits in a pot less what waited last year; nothing for a pot that carries nothing over."""
    if (fund, year) not in f.pot_balance:
        return [], []
    if not year:
        return [1.0], [f.pot_balance[fund, year]]
    return [1.0, -float(money.keep[fund])], [f.pot_balance[fund, year], f.pot_balance[fund, year - 1]]


def _stakes(f: Formulation, money: Financing, capital: bool) -> Iterator[tuple[int, int, list[int]]]:
    claims: dict[int, list[int]] = {}
    for claim, stake in enumerate(money.claim_stake):
        if money.claim_capital[claim] == capital and (claim, 0) in f.payment:
            claims.setdefault(int(stake), []).append(claim)
    for stake, measure in enumerate(money.stake_measure):
        if int(measure) in f.modes:
            yield stake, int(measure), claims.get(stake, [])


def _at_most(f: Formulation, money: Financing, limit: FloatArray, counted: Callable[[int], bool]) -> Rows:
    """Payments of counted claims of a stake are at most a limit (stake, year) per new unit, where it is below cost."""
    for stake, m, claims in _stakes(f, money, True):
        mine = [claim for claim in claims if counted(claim)]
        if not mine or np.all(limit[stake] >= money.capital[stake]):
            continue
        for y in range(f.first_start(m), len(f.years)):
            most = min(float(limit[stake, f.problem.first + y]), float(money.capital[stake, f.problem.first + y]))
            names = [f.payment[claim, y] for claim in mine]
            yield (stake, y), None, [*[1.0] * len(names), -most * f.size[m]], [*names, f.new_units[m, y]], 0.0


def _paid(f: Formulation, capital: bool, cost_of: Callable[[Financing], FloatArray]) -> Rows:
    money = f.problem.money
    if money is None:
        return
    cost = cost_of(money)
    for stake, m, claims in _stakes(f, money, capital):
        for y in f.years:
            need = float(cost[stake, f.problem.first + y])
            coefs, units = units_of(f, m, y, capital)
            names = [f.payment[claim, y] for claim in claims]
            if names or (need > 0 and units):
                yield (stake, y), 0.0, [*[1.0] * len(names), *[-need * c for c in coefs]], [*names, *units], 0.0
