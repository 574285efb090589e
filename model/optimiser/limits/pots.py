"""How much can a pot pay? What it is given a year, what it carries over, and the charges of what was invested."""

from __future__ import annotations

import numpy as np

from model.inputs.columns.money import Budget
from model.money.financing import Financing
from model.optimiser.formulation.variables import Formulation, Index, Rows
from model.optimiser.limits.record import Definition, Limit, Membership, Rechecks, Relaxation, Seen, worst
from model.optimiser.limits.words import Told
from model.optimiser.problem import Problem


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


def of_fund(problem: Problem, index: Index) -> tuple[str, str]:
    """The fund that a row limits."""
    assert problem.money is not None
    return problem.money.funds[index[0]], "MSEK"


# --- within what there is ------------------------------------------------------------------------------


def pot(f: Formulation) -> Rows:
    """payments + capital charge + pot_balance[f,y] - keep * pot_balance[f,y-1] <= budget[f,y]  [MSEK]."""
    money = f.problem.money
    if money is None:
        return
    claims, budget = claims_of_funds(f, money), f.decided(money.budget)
    charges = f.decided(money.charge[:, f.window])
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
                charge = charges[f.books[number].measure, :, y]
                before = [v for v in f.years if charge[v] > 0]
                coefs += [float(charge[v]) for v in before]
                names += [f.invested[number, v] for v in before]
            more, waiting = balance_of(f, money, fund, y)
            yield (fund, y), None, coefs + more, names + waiting, float(budget[fund, y])


def carry_over(f: Formulation) -> Rows:
    """pot_balance[f,y] <= cap on what may wait for next year  [MSEK]."""
    money = f.problem.money
    if money is not None:
        limit = f.decided(money.carry_over)
        for fund, y in f.pot_balance:
            yield (fund, y), None, [1.0], [f.pot_balance[fund, y]], float(limit[fund, y])


def _recheck_pots(seen: Seen) -> Rechecks:
    """Pots are not overdrawn, with no more carried over than may be."""
    if seen.problem.money is None:
        return
    accounts = seen.accounts
    for fund, name in enumerate(seen.money.funds):
        if not seen.money.own[fund]:
            left = (accounts.waiting + accounts.lapsed - accounts.overdrawn)[fund, seen.window]
            yield f"pot {name}", worst(-left, seen.money.budget[fund, seen.window])


def _no_debt(problem: Problem, index: Index) -> bool:
    return problem.money is not None and index[0] not in problem.money.debts.fund


def _tell_pot(told: Told, fund: int) -> str:
    money = told.problem.money
    assert money is not None
    name = money.funds[fund]
    if name in told.goal.budgets:
        where = str(told.scenario.place("budgets", name))
    else:
        where = told.place([row for row in told.town.rows(Budget) if row.fund == name])
    kept = money.carry_over[fund, told.problem.first :]
    waiting = f" and keeps at most {kept.max():g} for the year after" if np.any(kept > 0) else ""
    return f"fund '{name}' gives {told.span(money.budget[fund])} MSEK a year{waiting} ({where})"


GIVING = Membership("pot", 30, _tell_pot)
POT = Limit(
    rows=pot,
    recheck=_recheck_pots,
    priced=of_fund,
    relaxable=Relaxation("pots", where=_no_debt),
    clash=GIVING,
)
CARRY_OVER = Limit(rows=carry_over, recheck=_recheck_pots, priced=of_fund)


# --- what has been invested ----------------------------------------------------------------------------


def booked(f: Formulation) -> Rows:
    """invested[book,y] = sum of payments that are charged to its pot and written off alike  [MSEK]."""
    mine: dict[int, list[int]] = {}
    for claim, number in f.book_of.items():
        mine.setdefault(number, []).append(claim)
    for number, y in f.invested:
        names = [f.payment[claim, y] for claim in mine[number]]
        yield (number, y), 0.0, [1.0, *[-1.0] * len(names)], [f.invested[number, y], *names], 0.0


BOOKED = Definition(booked, of="invested")
