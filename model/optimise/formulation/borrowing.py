"""How is an investment pot financed? Loans and bonds add to it only what its ceiling is lifted by, within their limits.

Their debt service is no cost of the plan: the operating pot carries the capital charge of what they paid for, whatever
finances it.
"""

from __future__ import annotations

import numpy as np

from model.optimise.formulation.payments import balance_of, claims_of_funds
from model.optimise.formulation.variables import Formulation, Rows
from model.vocabulary import FloatArray


def borrowed_is_spent(f: Formulation) -> Rows:
    """borrowed[d,y] = sum of payment[.,d,y]  [MSEK]."""
    money = f.problem.money
    if money is not None:
        claims = claims_of_funds(f, money)
        for debt, y in f.borrowed:
            names = [f.payment[claim, y] for claim in claims.get(int(money.debts.fund[debt]), ())]
            yield (debt, y), 0.0, [1.0, *[-1.0] * len(names)], [f.borrowed[debt, y], *names], 0.0


def ceiling(f: Formulation) -> Rows:
    """payments by the pot and its debts + pot_balance[f,y] - keep * pot_balance[f,y-1] <= budget + lift  [MSEK].

    With the pot's own limit on cash: borrowing replaces cash where the ceiling is not lifted, and cannot be saved up.
    """
    money = f.problem.money
    if money is None:
        return
    claims = claims_of_funds(f, money)
    for fund in sorted(set(money.debts.pot.tolist())):
        mine = [debt for debt, pot in enumerate(money.debts.pot) if pot == fund]
        for y in f.years:
            names = [f.payment[claim, y] for claim in claims.get(fund, ())] + [f.borrowed[debt, y] for debt in mine]
            more, waiting = balance_of(f, money, fund, y)
            year = f.problem.first + y
            there = float(money.budget[fund, year] + money.debts.lift[mine, year].sum())
            yield (fund, y), None, [1.0] * len(names) + more, names + waiting, there


def debt_ceiling(f: Formulation) -> Rows:
    """sum over v of left[d,v,y] * borrowed[d,v] <= most outstanding  [MSEK]."""
    money = f.problem.money
    if money is not None:
        yield from _over_years(f, money.debts.left, money.debts.debt_ceiling)


def service_ceiling(f: Formulation) -> Rows:
    """sum over v of service[d,v,y] * borrowed[d,v] <= most repayment and interest a year  [MSEK]."""
    money = f.problem.money
    if money is not None:
        yield from _over_years(f, money.debts.service, money.debts.service_ceiling)


def _over_years(f: Formulation, per_krona: FloatArray, most: FloatArray) -> Rows:
    for debt in range(len(most)):
        for y in f.years:
            limit = float(most[debt, f.problem.first + y])
            since = per_krona[debt, f.window, f.problem.first + y]
            before = [v for v in f.years if since[v] > 0]
            if np.isfinite(limit) and before:
                names = [f.borrowed[debt, v] for v in before]
                yield (debt, y), None, [float(since[v]) for v in before], names, limit
