"""A second set of books for the towns of `random_money`: what the tables say, in plain loops without the model.

Only the plan (units, levels, payments by claim) and the names of claims and funds are taken from the model.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
import numpy_financial as npf

from model.inputs.columns.measures import Cost, Measure, OwnerShare
from model.inputs.columns.money import Budget, Debt, Eligibility, Fund, Grant
from model.inputs.municipality import Municipality
from model.money.financing import Financing
from model.vocabulary import FloatArray
from tests.towns.measured_town import LAST, OWNERS
from tests.towns.random_money import FIRST, kind_of

BASE = 2024
YEARS = range(BASE, LAST + 1)


class Books:
    """Everything by name; series are (year,) over all model years."""

    def __init__(self, town: Municipality, money: Financing, names: tuple[str, ...]) -> None:
        self.town, self.names = town, names
        self.funds = {row.fund: row for row in town.rows(Fund)}
        self.debts = {row.fund: row for row in town.rows(Debt)}
        self.terms = {row.fund: row for row in town.rows(Grant)}
        self.measures = {row.measure: row for row in town.rows(Measure)}
        self.costs = {(row.measure, row.item): row.value for row in town.rows(Cost)}
        self.shares = {(row.measure, row.owner): row.share for row in town.rows(OwnerShare)}
        self.claims = [
            (
                names[money.stake_measure[stake]],
                money.stake_owner[stake],
                money.funds[index],
                "capital" if capital else "support",
            )
            for stake, index, capital in zip(money.claim_stake, money.claim_fund, money.claim_capital, strict=True)
        ]

    # --- what measures cost and save

    def capital(self, name: str, owner: str) -> float:
        """MSEK per new unit."""
        return self.costs[name, "capital"] * self.shares[name, owner]

    def yearly(self, name: str, owner: str) -> float:
        """MSEK per operating unit and year; negative: saved."""
        kind = kind_of(name)
        made = kind.household if OWNERS[owner][1] == "household" else kind.market
        return (made + self.costs[name, "fixed_cost"]) * self.shares[name, owner]

    def pays_back(self, name: str, owner: str) -> float:
        """What a unit saves its owner within the payback time, as worth when started, MSEK."""
        _, _, rate, payback = OWNERS[owner]
        years = min(payback, self.measures[name].lifetime)
        saved = max(-self.yearly(name, owner), 0.0)
        return float(-npf.pv(rate, years, saved)) * (1 + rate) ** -self.measures[name].lead

    def need(self, name: str, owner: str) -> float:
        """MSEK per new unit that savings do not pay back."""
        return max(self.capital(name, owner) - self.pays_back(name, owner), 0.0)

    def effect(self, name: str) -> float:
        """kg CO2e avoided over the lifetime per krona of capital."""
        return kind_of(name).tonnes * self.measures[name].lifetime / self.costs[name, "capital"] / 1000

    # --- what funds may pay

    def largest_share(self, fund: str, name: str, owner: str) -> float:
        """The row nearest to the measure says it."""
        rows = {
            row.category: row.largest_share
            for row in self.town.rows(Eligibility)
            if (row.fund, row.owner) == (fund, owner)
        }
        for category in (name, self.measures[name].category, "any"):
            if category in rows:
                return rows[category]
        return 0.0

    def price(self, fund: str, year: int) -> float:
        """Kronor of the price year that a krona of the fund is worth."""
        inflation = self.town.settings.inflation
        return 1.0 if self.funds[fund].price_basis == "real" else (1 + inflation) ** (2026 - year)

    def budget(self, fund: str) -> FloatArray:
        """MSEK real a year."""
        rows = sorted((row.year, row.value) for row in self.town.rows(Budget) if row.fund == fund)
        amounts = [next((value for since, value in reversed(rows) if since <= year), 0.0) for year in YEARS]
        return np.array([amount * self.price(fund, year) for amount, year in zip(amounts, YEARS, strict=True)])

    # --- what a plan pays

    def by(self, payment: FloatArray, *parts: int) -> dict[Any, FloatArray]:
        """Payments by claim (claim, year), added up by parts of (measure, owner, fund, capital or support)."""
        total: dict[Any, FloatArray] = defaultdict(lambda: np.zeros(len(YEARS)))
        for claim, paid in zip(self.claims, payment, strict=True):
            total[tuple(claim[part] for part in parts)] += paid
        return total

    def charge(self, pot: str, by_measure_and_fund: dict[Any, FloatArray]) -> FloatArray:
        """Depreciation and interest on book values, of all vintages of what is charged to a pot, MSEK real."""
        rate, inflation = self.town.settings.internal_rate or 0.0, self.town.settings.inflation
        total = np.zeros(len(YEARS))
        for (name, fund), paid in by_measure_and_fund.items():
            if self.funds[fund].charged_to != pot or self.funds[fund].pays != "capital":
                continue
            life, lead = self.measures[name].lifetime, self.measures[name].lead
            for start, amount in enumerate(paid):
                book = amount
                for use in range(life):
                    year = start + lead + use
                    if year < len(YEARS):
                        total[year] += (amount / life + rate * book) / (1 + inflation) ** (year - start)
                    book -= amount / life
        return total

    def schedule(self, fund: str, borrowed: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Outstanding at the end of each year, and repayment and interest, of all tranches, MSEK real."""
        row, inflation = self.debts[fund], self.town.settings.inflation
        outstanding, service = np.zeros(len(YEARS)), np.zeros(len(YEARS))
        for start, amount in enumerate(borrowed):
            left = amount
            for age in range(len(YEARS) - start):
                worth = (1 + inflation) ** -age
                if age and left > 0:
                    if row.repayment == "straight":
                        repaid = amount / row.years
                    elif row.repayment == "annuity":
                        repaid = float(-npf.pmt(row.rate, row.years, amount)) - row.rate * left
                    else:
                        repaid = amount if age == row.years else 0.0
                    service[start + age] += (repaid + row.rate * left) * worth
                    left = left - repaid if age < row.years else 0.0
                outstanding[start + age] += left * worth
        return outstanding, service

    def owner_value(self, name: str, owner: str, new_units: FloatArray, level: FloatArray, own: FloatArray) -> float:
        """Net present value in the first decision year: savings at the end of years, less what the owner pays."""
        _, _, rate, payback = OWNERS[owner]
        saved = max(-self.yearly(name, owner), 0.0)
        life, lead = min(payback, self.measures[name].lifetime), self.measures[name].lead
        first, value = FIRST - BASE, 0.0
        for year in range(first, len(YEARS)):
            value += saved * level[year] / (1 + rate) ** (year + 1 - first) - own[year] / (1 + rate) ** (year - first)
            for use in range(life):  # of what is started this year, beyond the last model year
                when = year + lead + use
                if when >= len(YEARS):
                    value += saved * new_units[year] / (1 + rate) ** (when + 1 - first)
        return value
