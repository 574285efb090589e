"""Who may pay what? Owners' own contributions, support they need, and what funds may pay within yearly pots.

An owner outside the municipality contributes at most what the measure saves it within its payback horizon at its
rate. What is left of the capital is a deficit that eligible public funds may cover, each up to its share; a yearly
loss is support. What no fund pays is the financing gap.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from model.case import Case
from model.columns import Budget, Eligibility, Fund, Owner, OwnerShare
from model.economics import annuity_factor
from model.municipality import Municipality
from model.projection import unit_cost
from model.vocabulary import FloatArray, IntArray


@dataclass(frozen=True)
class Financing:
    """Stakes (an owner's share of a measure), claims (a fund that may pay a stake) and pots."""

    funds: tuple[str, ...]
    own: tuple[bool, ...]
    """whether a fund is an owner's own money, limited by what the measure saves, not by a pot"""
    budget: FloatArray
    """(fund, year) MSEK, real"""
    carry_over: FloatArray
    """(fund,) MSEK that may wait for next year"""
    stake_measure: IntArray
    """(stake,)"""
    stake_owner: tuple[str, ...]
    capital: FloatArray
    """(stake, year) MSEK per new unit"""
    support: FloatArray
    """(stake, year) MSEK per operating unit and year that somebody must pay"""
    deficit: FloatArray
    """(stake, year) MSEK per new unit that the owner does not contribute itself"""
    claim_stake: IntArray
    """(claim,)"""
    claim_fund: IntArray
    """(claim,)"""
    claim_capital: tuple[bool, ...]
    """whether the claim pays capital (per new unit) or support (per operating unit)"""
    claim_limit: FloatArray
    """(claim, year) MSEK, most per unit"""

    def with_budgets(self, budgets: Mapping[str, FloatArray]) -> Financing:
        """The same with other yearly amounts, (year,) in MSEK real, for some funds."""
        budget = self.budget.copy()
        for fund, amount in budgets.items():
            budget[self.funds.index(fund)] = amount
        return replace(self, budget=budget)


def finance(town: Municipality, case: Case, household_price: FloatArray) -> Financing:
    """Who may pay what for each measure of a case with batch length 1.

    `household_price` (carrier, year) in MSEK per GWh is what households pay, VAT included.
    """
    funds = sorted(town.rows(Fund), key=lambda row: (row.order, row.fund))
    owners = {row.owner: row for row in town.rows(Owner)}
    position = {name: index for index, name in enumerate(case.measures.names)}
    stakes = [row for row in town.rows(OwnerShare) if row.measure in position and row.share > 0]
    measure = np.array([position[row.measure] for row in stakes], dtype=int)
    share = np.array([row.share for row in stakes])[:, None]
    yearly = {
        "market": yearly_cost(case),
        "household": yearly_cost(replace(case, price=household_price[None])),
    }
    running = np.array([yearly[owners[row.owner].price_set][position[row.measure]] for row in stakes])
    running = running.reshape(len(stakes), len(case.years)) * share
    capital = case.measures.capital[measure] * share
    municipal = np.array([owners[row.owner].municipal == "yes" for row in stakes])[:, None]
    horizon = np.array([
        min(owners[row.owner].payback_years, case.measures.lifetime[position[row.measure]]) for row in stakes
    ])  # fmt: skip
    rate = np.array([owners[row.owner].rate for row in stakes])
    worth = np.maximum(-running, 0.0) * annuity_factor(rate, horizon)[:, None]
    deficit = np.where(municipal, capital, np.maximum(capital - worth, 0.0))
    claims = _claims(town, case, funds, stakes, capital, capital - deficit, np.maximum(running, 0.0))
    return Financing(
        funds=tuple(row.fund for row in funds),
        own=tuple(row.kind == "own" for row in funds),
        budget=np.array([_budget(town, row) for row in funds]).reshape(len(funds), len(case.years)),
        carry_over=np.array([town.convert(row, town.money, row.carry_over, "carry_over_unit") for row in funds]),
        stake_measure=measure,
        stake_owner=tuple(row.owner for row in stakes),
        capital=capital,
        support=np.maximum(running, 0.0),
        deficit=deficit,
        claim_stake=np.array([stake for stake, _, _, _ in claims], dtype=int),
        claim_fund=np.array([fund for _, fund, _, _ in claims], dtype=int),
        claim_capital=tuple(is_capital for _, _, is_capital, _ in claims),
        claim_limit=np.array([limit for _, _, _, limit in claims]).reshape(len(claims), len(case.years)),
    )


def yearly_cost(case: Case) -> FloatArray:
    """Yearly running cost of one unit at the reference mix, (measure, year) in MSEK; negative: it saves.

    Fixed cost plus what the moves make; the mean over modes, because the owner does not know which it will be.
    """
    measures, cost = case.measures, unit_cost(case)[0]
    by_mode = np.zeros((len(measures.mode_names), len(case.years)))
    for move in measures.activity_moves:
        by_mode[move.mode] += move.amount[0] * cost[move.target]
    for move in measures.pool_draws:
        members = np.flatnonzero(case.pool_of == move.target)
        level = case.level[0, members]
        total = level.sum(axis=0)
        mix = np.divide((level * cost[members]).sum(axis=0), total, out=np.zeros_like(total), where=total > 0)
        by_mode[move.mode] -= move.amount[0] * mix
    for move in measures.carrier_moves:
        by_mode[move.mode] += move.amount[0] * case.price[0, case.flow_carrier[move.target]]
    mean = [by_mode[measures.modes_of(index)].mean(axis=0) for index in range(len(measures.names))]
    return np.array(mean).reshape(len(measures.names), len(case.years)) + measures.fixed_cost


def _claims(
    town: Municipality,
    case: Case,
    funds: list[Fund],
    stakes: list[OwnerShare],
    capital: FloatArray,
    contribution: FloatArray,
    support: FloatArray,
) -> list[tuple[int, int, bool, FloatArray]]:
    """(stake, fund, pays capital, most per unit) for every fund that may pay a stake."""
    category = dict(zip(case.measures.names, case.measures.categories, strict=True))
    allowed = {(row.fund, row.owner, row.category): row.largest_share for row in town.rows(Eligibility)}
    claims = []
    for number, stake in enumerate(stakes):
        for index, fund in enumerate(funds):
            keys = [(fund.fund, stake.owner, each) for each in (stake.measure, category[stake.measure], "any")]
            share = next((allowed[key] for key in keys if key in allowed), None)
            if not share:
                continue
            if fund.kind == "own":
                limit = contribution[number]
            else:
                limit = share * (capital if fund.pays == "capital" else support)[number]
            if np.any(limit > 0):
                claims.append((number, index, fund.pays == "capital", limit))
    return claims


def _budget(town: Municipality, fund: Fund) -> FloatArray:
    """Yearly amount in real money: the last one given by then, zero before the first."""
    rows = sorted((row for row in town.rows(Budget) if row.fund == fund.fund), key=lambda row: row.year)
    amount = np.zeros(len(town.years))
    for row in rows:
        amount[town.years >= row.year] = town.convert(row, f"{town.money}/year")
    return real(town, fund, amount)


def real(town: Municipality, fund: Fund, amount: FloatArray) -> FloatArray:
    """A fund's yearly amounts (year,) in prices of the price year."""
    if fund.price_basis == "real":
        return amount
    return amount * (1.0 + town.settings.inflation) ** (town.settings.price_year - town.years.astype(float))


def pay(financing: Financing, new_units: FloatArray, level: FloatArray) -> FloatArray:
    """Who pays for a typed-in portfolio: payments (batch, measure, fund + 1, year) in MSEK, the last is the gap.

    `new_units` and `level` are (batch, measure, year). Funds pay in their order; a pot that is too small is shared
    in proportion to what is asked of it. The optimiser decides payments itself.
    """
    batch, measures, years = new_units.shape
    stake_units, stake_level = new_units[:, financing.stake_measure], level[:, financing.stake_measure]
    left_capital = financing.capital * stake_units
    left_support = financing.support * stake_level
    left_deficit = financing.deficit * stake_units
    payment = np.zeros((batch, measures, len(financing.funds) + 1, years))
    for fund in range(len(financing.funds)):
        claims = np.flatnonzero(financing.claim_fund == fund)
        if not len(claims):
            continue
        stakes = financing.claim_stake[claims]
        is_capital = financing.claim_capital[claims[0]]
        left, units = (left_capital, stake_units) if is_capital else (left_support, stake_level)
        asked = np.minimum(financing.claim_limit[claims] * units[:, stakes], left[:, stakes])
        grant = is_capital and not financing.own[fund]
        if grant:  # what the owner contributes itself needs no grant, whoever pays first
            asked = np.minimum(asked, left_deficit[:, stakes])
        total = asked.sum(axis=1)
        granted = total if financing.own[fund] else _within(total, financing.budget[fund], financing.carry_over[fund])
        share = np.divide(granted, total, out=np.zeros_like(total), where=total > 0)[:, None]
        left[:, stakes] -= asked * share
        if grant:
            left_deficit[:, stakes] -= asked * share
        for row, stake in enumerate(stakes):
            payment[:, financing.stake_measure[stake], fund] += asked[:, row] * share[:, 0]
    for stake, measure in enumerate(financing.stake_measure):
        payment[:, measure, -1] += left_capital[:, stake] + left_support[:, stake]
    return payment


def _within(asked: FloatArray, budget: FloatArray, carry_over: float) -> FloatArray:
    """What a pot can give of what is asked, (batch, year); unspent money waits up to the cap."""
    if carry_over == 0:
        return np.minimum(asked, budget)
    given, waiting = np.zeros_like(asked), np.zeros(len(asked))
    for year in range(asked.shape[1]):  # what waits depends on what was spent the year before
        there = budget[year] + waiting
        given[:, year] = np.minimum(asked[:, year], there)
        waiting = np.minimum(there - given[:, year], carry_over)
    return given
