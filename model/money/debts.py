"""What do loans and green bonds allow, and what do they cost? Terms of debt as arrays, in money of constant prices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from model.batch import Batched
from model.inputs.columns.money import Debt, Fund
from model.inputs.faults import listing
from model.inputs.municipality import Municipality
from model.money.economics import debt_left, debt_service
from model.vocabulary import FloatArray, IntArray

INVESTMENT = "municipal_investment"
BORROWED = ("loan", "green_bond")
"""Kinds of funds that are ways to finance an investment pot."""


@dataclass(frozen=True)
class Debts:
    """Loans and bonds, each the financing of an investment pot."""

    fund: IntArray
    """(debt,) position among the funds"""
    pot: IntArray
    """(debt,) position of the pot it finances"""
    lift: Batched
    """(batch, debt, year) MSEK by which the ceiling of the pot is lifted"""
    left: FloatArray
    """(debt, year borrowed, year) outstanding at the end of the year per MSEK borrowed, real"""
    service: FloatArray
    """(debt, year borrowed, year) repayment and interest per MSEK borrowed, real"""
    debt_ceiling: Batched
    """(batch, debt, year) MSEK, most outstanding; inf: none"""
    service_ceiling: Batched
    """(batch, debt, year) MSEK, most repayment and interest; inf: none"""

    def with_lifts(self, lifts: Mapping[int, FloatArray]) -> Debts:
        """The same with other lifts of the ceiling, {position of the fund: (year,) MSEK real}."""
        lift = self.lift.copy()
        for fund, amount in lifts.items():
            lift[:, self.fund == fund] = amount
        return replace(self, lift=lift)


def debts_of(town: Municipality, funds: Sequence[Fund]) -> Debts:
    """The debts of a municipality; what is wrong with them is noted in `town.faults`."""
    position = {row.fund: index for index, row in enumerate(funds)}
    rows = [row for row in town.rows(Debt) if row.fund in position and row.pot in position]
    _check(town, funds, rows)
    years = len(town.years)
    real = {row.fund: deflator(town, funds[position[row.fund]]) for row in rows}
    since = np.arange(years)[None, :] - np.arange(years)[:, None]
    worth = (1.0 + town.settings.inflation) ** -np.clip(since, 0, None).astype(float)
    left, service = np.zeros((len(rows), years, years)), np.zeros((len(rows), years, years))
    for index, row in enumerate(rows):
        outstanding = debt_left(row.rate, row.years, row.repayment, years)
        for target, of_age in ((left, outstanding), (service, debt_service(row.rate, outstanding))):
            target[index] = np.where(since >= 0, of_age[np.clip(since, 0, None)], 0.0) * worth

    def amounts(column: str) -> FloatArray:
        values = [getattr(row, column) for row in rows]
        known = [
            np.inf if value is None else town.convert(row, town.money, value)
            for row, value in zip(rows, values, strict=True)
        ]
        return np.array([amount * real[row.fund] for amount, row in zip(known, rows, strict=True)]).reshape(
            1, -1, years
        )

    return Debts(
        fund=np.array([position[row.fund] for row in rows], dtype=int),
        pot=np.array([position[row.pot] for row in rows], dtype=int),
        lift=amounts("lift"),
        left=left,
        service=service,
        debt_ceiling=amounts("debt_ceiling"),
        service_ceiling=amounts("service_ceiling"),
    )


def deflator(town: Municipality, fund: Fund) -> FloatArray:
    """What one krona of a fund's amounts is worth in money of the price year, (year,)."""
    if fund.price_basis == "real":
        return np.ones(len(town.years))
    return np.asarray((1.0 + town.settings.inflation) ** (town.settings.price_year - town.years.astype(float)))


def _check(town: Municipality, funds: Sequence[Fund], rows: Sequence[Debt]) -> None:
    """Debts finance investment pots, and every loan or bond has its terms."""
    kinds = {row.fund: row.kind for row in funds}
    pots = [name for name, kind in kinds.items() if kind == INVESTMENT]
    for row in rows:
        if kinds[row.fund] not in BORROWED:
            found, allowed = f"'{row.fund}' of kind '{kinds[row.fund]}'", f"a fund of kind {listing(BORROWED)}"
            town.faults.add(town.place(row, "fund"), found, allowed)
        if kinds[row.pot] != INVESTMENT:
            found, allowed = (
                f"'{row.pot}' of kind '{kinds[row.pot]}'",
                f"a fund of kind '{INVESTMENT}': {listing(pots)}",
            )
            town.faults.add(town.place(row, "pot"), found, allowed, pots, row.pot)
    described = {row.fund for row in rows}
    for fund in funds:
        if fund.kind in BORROWED and fund.fund not in described:
            allowed = f"a row for '{fund.fund}' in {town.files['debts']}"
            place, found = town.place(fund, "kind"), f"'{fund.kind}' without terms"
            town.faults.add(place, found, allowed, depends_on=("debts",))
        if fund.kind in BORROWED and fund.carry_over > 0:
            place, found = town.place(fund, "carry_over"), f"'{fund.carry_over:g}'"
            town.faults.add(place, found, "0: what is not borrowed does not wait")
