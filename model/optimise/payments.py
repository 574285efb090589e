"""Who pays? Capital and support are paid by eligible funds within their yearly pots.

Loans and bonds, which lift a pot's ceiling, are not here yet: they will be funds with terms of `pot` of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from model.financing import Financing
from model.optimise.formulation import Formulation, Rows, units_of
from model.vocabulary import FloatArray


def capital_paid(f: Formulation) -> Rows:
    """sum over funds of payment[stake,f,y] = capital[stake,y] * new_units[m,y]  [MSEK]."""
    yield from _paid(f, True, lambda money: money.capital)


def support_paid(f: Formulation) -> Rows:
    """sum over funds of payment[stake,f,y] = support[stake,y] * level[m,y]  [MSEK]."""
    yield from _paid(f, False, lambda money: money.support)


def deficit_only(f: Formulation) -> Rows:
    """sum over public funds of payment[stake,f,y] <= deficit[stake,y] * new_units[m,y]: no more than needed  [MSEK]."""
    money = f.problem.financing
    if money is None:
        return
    for stake, m, claims in _stakes(f, money, True):
        public = [claim for claim in claims if not money.own[money.claim_fund[claim]]]
        if not public or np.all(money.deficit[stake] >= money.capital[stake]):
            continue
        for y in range(f.first_start(m), len(f.years)):
            deficit = float(money.deficit[stake, f.problem.first + y])
            names = [f.payment[claim, y] for claim in public]
            units = f.new_units[m, y]
            yield (stake, y), None, [*[1.0] * len(names), -deficit * f.size[m]], [*names, units], 0.0


def claim_limit(f: Formulation) -> Rows:
    """payment[claim,y] <= largest share of cost * new units or level  [MSEK]."""
    money = f.problem.financing
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


def pot(f: Formulation) -> Rows:
    """sum of payment[.,f,y] + pot_balance[f,y] - pot_balance[f,y-1] <= budget[f,y]  [MSEK]."""
    money = f.problem.financing
    if money is None:
        return
    claims: dict[int, list[int]] = {}
    for claim in range(len(money.claim_fund)):
        if (claim, 0) in f.payment:
            claims.setdefault(int(money.claim_fund[claim]), []).append(claim)
    for fund, mine in claims.items():
        if money.own[fund]:
            continue
        for y in f.years:
            coefs, names = [1.0] * len(mine), [f.payment[claim, y] for claim in mine]
            if money.carry_over[fund] > 0:
                coefs, names = [*coefs, 1.0], [*names, f.pot_balance[fund, y]]
                if y > 0:
                    coefs, names = [*coefs, -1.0], [*names, f.pot_balance[fund, y - 1]]
            yield (fund, y), None, coefs, names, float(money.budget[fund, f.problem.first + y])


def carry_over(f: Formulation) -> Rows:
    """pot_balance[f,y] <= cap on what may wait for next year  [MSEK]."""
    money = f.problem.financing
    if money is not None:
        for fund, y in f.pot_balance:
            yield (fund, y), None, [1.0], [f.pot_balance[fund, y]], float(money.carry_over[fund])


def _stakes(f: Formulation, money: Financing, capital: bool) -> Iterator[tuple[int, int, list[int]]]:
    claims: dict[int, list[int]] = {}
    for claim, stake in enumerate(money.claim_stake):
        if money.claim_capital[claim] == capital:
            claims.setdefault(int(stake), []).append(claim)
    for stake, measure in enumerate(money.stake_measure):
        if int(measure) in f.modes:
            yield stake, int(measure), claims.get(stake, [])


def _paid(f: Formulation, capital: bool, cost_of: Callable[[Financing], FloatArray]) -> Rows:
    money = f.problem.financing
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
