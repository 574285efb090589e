"""Who pays for a typed-in portfolio? Funds pay in their order, a pot that is too small in proportion to what is asked.

The optimiser decides payments itself. What nobody pays is shown as the financing gap.
"""

from __future__ import annotations

import numpy as np

from model.money.debts import Debts
from model.money.financing import Financing
from model.money.pots import charge_of
from model.vocabulary import FloatArray, IntArray


def allocate(financing: Financing, new_units: FloatArray, level: FloatArray) -> FloatArray:
    """Payments (batch, measure, fund + 1, year) in MSEK; the last fund is the gap.

    `new_units` and `level` are (batch, measure, year); the financing has the same batch, or one entry for all.
    Capital is paid before support, because what municipal pots have
    paid for is charged to operating pots first. Loans and bonds pay at most what they lift the ceiling of their pot
    by, and what their ceilings of debt and debt service leave room for.
    """
    return _Allocation(financing, new_units, level).pay()


class _Allocation:
    """What is left to be paid while fund after fund pays; all (batch, stake, year) but the payments."""

    def __init__(self, money: Financing, new_units: FloatArray, level: FloatArray) -> None:
        self.money = money
        self.units = {True: new_units[:, money.stake_measure], False: level[:, money.stake_measure]}
        self.capital = money.capital * self.units[True]
        self.left = {True: self.capital.copy(), False: money.support * self.units[False]}
        self.deficit = money.deficit * self.units[True]
        limit = np.minimum(money.grant_limit, money.capital)
        self.most_granted, self.granted = limit * self.units[True], np.zeros_like(self.deficit)
        batch, measures, years = new_units.shape
        self.payment = np.zeros((batch, measures, len(money.funds) + 1, years))

    def pay(self) -> FloatArray:
        pays_capital = np.array(self.money.claim_capital, dtype=bool)
        for capital in (True, False):
            for fund in range(len(self.money.funds)):
                claims = np.flatnonzero((self.money.claim_fund == fund) & (pays_capital == capital))
                if len(claims):
                    self._pay_from(fund, claims, capital)
        for stake, measure in enumerate(self.money.stake_measure):
            self.payment[:, measure, -1] += self.left[True][:, stake] + self.left[False][:, stake]
        return self.payment

    def _pay_from(self, fund: int, claims: IntArray, capital: bool) -> None:
        money, stakes = self.money, self.money.claim_stake[claims]
        asked = np.minimum(money.claim_limit[:, claims] * self.units[capital][:, stakes], self.left[capital][:, stakes])
        public, grant = capital and not money.own[fund], capital and money.grant[fund]
        if public:  # what the owner contributes itself needs no grant, whoever pays first
            asked = np.minimum(asked, self.deficit[:, stakes])
        if grant:
            most = np.minimum(self.most_granted, (1.0 - money.own_share[fund]) * self.capital)[:, stakes]
            asked = np.minimum(asked, np.maximum(most - self.granted[:, stakes], 0.0))
        total = asked.sum(axis=1)
        given = total if money.own[fund] else self._given(fund, total)
        paid = asked * np.divide(given, total, out=np.zeros_like(total), where=total > 0)[:, None]
        self.left[capital][:, stakes] -= paid
        if public:
            self.deficit[:, stakes] -= paid
        if grant:
            self.granted[:, stakes] += paid
            self.most_granted[:, stakes] = np.where(paid > 0, most, self.most_granted[:, stakes])
        for row, stake in enumerate(stakes):
            self.payment[:, money.stake_measure[stake], fund] += paid[:, row]

    def _given(self, fund: int, asked: FloatArray) -> FloatArray:
        """What a pot gives of what is asked, (batch, year)."""
        money = self.money
        there = money.budget[:, fund] - charge_of(money, self.payment[:, :, :-1])[:, fund]
        for debt in np.flatnonzero(money.debts.fund == fund):
            asked = within_ceilings(np.minimum(asked, money.debts.lift[:, debt]), money.debts, int(debt))
        return within(asked, there, money.carry_over[:, fund], float(money.keep[fund]))


def within_ceilings(asked: FloatArray, debts: Debts, debt: int) -> FloatArray:
    """What can be borrowed of what is asked, (batch, year), with debt and service within their ceilings ever after."""
    given = asked.copy()
    burdens = [
        (per_krona[debt], ceiling[:, debt] - np.zeros_like(asked))
        for per_krona, ceiling in ((debts.left, debts.debt_ceiling), (debts.service, debts.service_ceiling))
        if np.any(np.isfinite(ceiling[:, debt]))
    ]
    for year in range(asked.shape[1]):  # what room there is depends on what was borrowed before
        for per_krona, room in burdens:
            later = np.flatnonzero(per_krona[year] > 0)
            most = (room[:, later] / per_krona[year, later]).min(axis=1, initial=np.inf)
            given[:, year] = np.minimum(given[:, year], np.maximum(most, 0.0))
        for per_krona, room in burdens:
            room -= given[:, year, None] * per_krona[year]
    return given


def within(asked: FloatArray, there: FloatArray, carry_over: FloatArray, keep: float) -> FloatArray:
    """What a pot can give of what is asked, (batch, year); of what is not used, `carry_over` (batch, year) may wait."""
    if not np.any(carry_over):
        return np.minimum(asked, np.maximum(there, 0.0))
    given, waiting = np.zeros_like(asked), np.zeros(len(asked))
    for year in range(asked.shape[1]):  # what waits depends on what was spent the year before
        available = np.maximum(there[:, year] + keep * waiting, 0.0)
        given[:, year] = np.minimum(asked[:, year], available)
        waiting = np.minimum(available - given[:, year], carry_over[:, year])
    return given
