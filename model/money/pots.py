"""Where does the money of every pot come from and go to? Sources and uses by year, which must be equal to the krona.

    budget + what waited + what is overdrawn = payments + capital charge + what waits + what lapses

What waits is what is left, up to the cap. Cash that borrowing has replaced lapses where the ceiling of the pot was not
lifted: a loan is no income.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.money.financing import Financing
from model.vocabulary import FloatArray

KRONA = 1e-6
"""MSEK"""


@dataclass(frozen=True)
class PotAccounts:
    """Sources and uses of pots, (..., fund, year) in MSEK real; zero for owners' own money, which has no pot."""

    payment: FloatArray
    charge: FloatArray
    """capital charge carried"""
    waited: FloatArray
    """what waited from last year, in this year's money"""
    waiting: FloatArray
    """what waits for next year"""
    lapsed: FloatArray
    overdrawn: FloatArray
    debt: FloatArray
    """outstanding at the end of the year"""
    debt_service: FloatArray
    """repayment and interest"""

    def imbalance(self, money: Financing) -> FloatArray:
        """Sources minus uses of every pot, (..., fund, year) in MSEK."""
        pot = ~np.array(money.own, dtype=bool)[:, None]
        sources = money.budget + self.waited + self.overdrawn
        uses = self.payment + self.charge + self.waiting + self.lapsed
        return np.where(pot, sources - uses, 0.0)


def keep_accounts(money: Financing, payment: FloatArray) -> PotAccounts:
    """The ledger of payments (..., measure, fund, year) in MSEK, with the batch axis of the financing or without."""
    paid = payment.sum(axis=-3)
    charge = charge_of(money, payment)
    waiting, lapsed, overdrawn, waited = (np.zeros_like(paid) for _ in range(4))
    lift, borrowed = np.zeros_like(paid), np.zeros_like(paid)
    for debt, (fund, pot) in enumerate(zip(money.debts.fund, money.debts.pot, strict=True)):
        lift[..., pot, :] += money.debts.lift[..., debt, :]
        borrowed[..., pot, :] += paid[..., fund, :]
    for year in range(paid.shape[-1]):  # what waits depends on what was spent the year before
        if year:
            waited[..., year] = money.keep * waiting[..., year - 1]
        left = money.budget[..., year] + waited[..., year] - paid[..., year] - charge[..., year]
        room = np.minimum(left, left + lift[..., year] - borrowed[..., year])
        waiting[..., year] = np.clip(room, 0.0, money.carry_over[..., year])
        overdrawn[..., year] = np.maximum(-left, 0.0)
        lapsed[..., year] = left + overdrawn[..., year] - waiting[..., year]
    pot_only = ~np.array(money.own, dtype=bool)[:, None]
    outstanding, service = np.zeros_like(paid), np.zeros_like(paid)
    for debt, fund in enumerate(money.debts.fund):
        outstanding[..., fund, :] = paid[..., fund, :] @ money.debts.left[debt]
        service[..., fund, :] = paid[..., fund, :] @ money.debts.service[debt]
    return PotAccounts(
        payment=paid,
        charge=np.where(pot_only, charge, 0.0),
        waited=np.where(pot_only, waited, 0.0),
        waiting=np.where(pot_only, waiting, 0.0),
        lapsed=np.where(pot_only, lapsed, 0.0),
        overdrawn=np.where(pot_only, overdrawn, 0.0),
        debt=outstanding,
        debt_service=service,
    )


def charge_of(money: Financing, payment: FloatArray) -> FloatArray:
    """Capital charge that each pot carries, (..., fund, year), of payments (..., measure, fund, year) in MSEK."""
    charge = np.zeros((*payment.shape[:-3], len(money.funds), payment.shape[-1]))
    for pot in sorted({int(pot) for pot in money.charged_to if pot >= 0}):
        charged = payment[..., money.charged_to == pot, :].sum(axis=-2)
        charge[..., pot, :] = np.einsum("...mv,mvy->...y", charged, money.charge)
    return charge


def by_fund(money: Financing, payment: FloatArray, measures: int) -> FloatArray:
    """Payments by measure and fund, (measure, fund, year), of payments by claim (claim, year) in MSEK."""
    total = np.zeros((measures, len(money.funds), payment.shape[1]))
    np.add.at(total, (money.stake_measure[money.claim_stake], money.claim_fund), payment)
    return total
