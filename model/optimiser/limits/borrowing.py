"""How is an investment pot financed? Loans and bonds add to it only what its ceiling is lifted by, within their limits.

Their debt service is no cost of the plan: the operating pot carries the capital charge of what they paid for, whatever
finances it.
"""

from __future__ import annotations

import numpy as np

from model.optimiser.formulation.variables import Formulation, Index, Rows
from model.optimiser.limits.pots import balance_of, claims_of_funds, of_fund
from model.optimiser.limits.record import Check, Definition, Limit, Rechecks, Relaxation, Seen, worst
from model.optimiser.problem import Problem
from model.vocabulary import FloatArray


def borrowed_is_spent(f: Formulation) -> Rows:
    """borrowed[d,y] = sum of payment[.,d,y]  [MSEK]."""
    money = f.problem.money
    if money is not None:
        claims = claims_of_funds(f, money)
        for debt, y in f.borrowed:
            names = [f.payment[claim, y] for claim in claims.get(int(money.debts.fund[debt]), ())]
            yield (debt, y), 0.0, [1.0, *[-1.0] * len(names)], [f.borrowed[debt, y], *names], 0.0


BORROWED_IS_SPENT = Definition(borrowed_is_spent)


# --- ceiling of the pot that is financed ---------------------------------------------------------------


def ceiling(f: Formulation) -> Rows:
    """payments by the pot and its debts + pot_balance[f,y] - keep * pot_balance[f,y-1] <= budget + lift  [MSEK].

    With the pot's own limit on cash: borrowing replaces cash where the ceiling is not lifted, and cannot be saved up.
    """
    money = f.problem.money
    if money is None:
        return
    claims, budget, lift = claims_of_funds(f, money), f.decided(money.budget), f.decided(money.debts.lift)
    for fund in sorted(set(money.debts.pot.tolist())):
        mine = [debt for debt, pot in enumerate(money.debts.pot) if pot == fund]
        for y in f.years:
            names = [f.payment[claim, y] for claim in claims.get(fund, ())] + [f.borrowed[debt, y] for debt in mine]
            more, waiting = balance_of(f, money, fund, y)
            there = float(budget[fund, y] + lift[mine, y].sum())
            yield (fund, y), None, [1.0] * len(names) + more, names + waiting, there


def _recheck_ceiling(seen: Seen) -> Rechecks:
    if seen.problem.money is None:
        return
    debts, accounts = seen.money.debts, seen.accounts
    for pot in sorted(set(debts.pot.tolist())):
        mine = debts.pot == pot
        there = (seen.money.budget + accounts.waited)[pot] + debts.lift[mine].sum(axis=0)
        used = accounts.payment[pot] + accounts.payment[debts.fund[mine]].sum(axis=0)
        yield f"ceiling {seen.money.funds[pot]}", worst((used - there)[seen.window], there[seen.window])


CEILING = Limit(rows=ceiling, recheck=_recheck_ceiling, priced=of_fund, relaxable=Relaxation("pots"))


# --- ceilings of a debt --------------------------------------------------------------------------------


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
    since, limits = f.decided(per_krona[:, f.window]), f.decided(most)
    for debt in range(len(most)):
        for y in f.years:
            limit = float(limits[debt, y])
            before = [v for v in f.years if since[debt, v, y] > 0]
            if np.isfinite(limit) and before:
                names = [f.borrowed[debt, v] for v in before]
                yield (debt, y), None, [float(since[debt, v, y]) for v in before], names, limit


def _recheck_debt(seen: Seen) -> Rechecks:
    if seen.problem.money is not None:
        for debt, fund in enumerate(seen.money.debts.fund):
            most = seen.money.debts.debt_ceiling[debt]
            yield f"debt of {seen.money.funds[fund]}", _below(seen, seen.accounts.debt[fund], most)


def _recheck_service(seen: Seen) -> Rechecks:
    if seen.problem.money is not None:
        for debt, fund in enumerate(seen.money.debts.fund):
            most = seen.money.debts.service_ceiling[debt]
            yield f"service of {seen.money.funds[fund]}", _below(seen, seen.accounts.debt_service[fund], most)


def _below(seen: Seen, reached: FloatArray, most: FloatArray) -> Check:
    return worst((reached - most)[seen.window], reached[seen.window])


def _of_debt(problem: Problem, index: Index) -> tuple[str, str]:
    assert problem.money is not None
    return of_fund(problem, (int(problem.money.debts.fund[index[0]]),))


DEBT_CEILING = Limit(rows=debt_ceiling, recheck=_recheck_debt, priced=_of_debt)
SERVICE_CEILING = Limit(rows=service_ceiling, recheck=_recheck_service, priced=_of_debt)
