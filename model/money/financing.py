"""Who may pay what? Owners' own contributions, support they need, and what funds may pay within yearly pots.

An owner outside the municipality contributes at most what the measure saves it within its payback horizon at its
rate. What is left of the capital is a deficit that eligible public funds may cover, each up to its share and by its
terms; a yearly loss is support. What no fund pays is the financing gap. What municipal pots have paid for is charged to
an operating pot as long as it is used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from model.batch import Batched
from model.inputs.columns.emissions import Subsector
from model.inputs.columns.measures import Measure, OwnerShare
from model.inputs.columns.money import Budget, Eligibility, Fund, Grant
from model.inputs.faults import Place, listing
from model.inputs.municipality import Municipality
from model.money.debts import BORROWED, Debts, debts_of, deflator
from model.money.economics import straight_line_charge
from model.money.savings import over_life, yearly_abatement
from model.money.stakes import Stakes, stakes_of
from model.projection.case import Case
from model.vocabulary import EMISSIONS, REMOVALS, TERRITORIAL, BoolArray, FloatArray, IntArray


@dataclass(frozen=True)
class Financing:
    """Stakes (an owner's share of a measure), claims (a fund that may pay a stake) and pots. All money is real."""

    funds: tuple[str, ...]
    own: tuple[bool, ...]
    """whether a fund is an owner's own money, limited by what the measure saves, not by a pot"""
    grant: tuple[bool, ...]
    """whether a fund is a grant"""
    budget: Batched
    """(batch, fund, year) MSEK"""
    carry_over: Batched
    """(batch, fund, year) MSEK that may wait for next year"""
    keep: FloatArray
    """(fund,) what a krona that waits is worth the next year"""
    charged_to: IntArray
    """(fund,) pot that carries the capital charge of what the fund pays; -1: none"""
    charge: FloatArray
    """(measure, year paid, year) MSEK charged per MSEK paid"""
    debts: Debts
    own_share: FloatArray
    """(fund,) least share of the cost supported by the fund that no grant pays"""
    stake_measure: IntArray
    """(stake,)"""
    stake_owner: tuple[str, ...]
    outside: BoolArray
    """(stake,) whether the owner is outside the municipality"""
    owner_rate: FloatArray
    """(stake,) the owner's real rate"""
    capital: Batched
    """(batch, stake, year) MSEK per new unit"""
    support: Batched
    """(batch, stake, year) MSEK per operating unit and year that somebody must pay"""
    saving: Batched
    """(batch, stake, year) MSEK per operating unit and year that the owner saves"""
    saved_after: Batched
    """(batch, stake, year) MSEK per new unit saved within the payback time but after the last year, as worth then"""
    deficit: Batched
    """(batch, stake, year) MSEK per new unit that the owner does not contribute itself"""
    grant_limit: Batched
    """(batch, stake, year) MSEK per new unit that all grants together may pay; inf: no such limit"""
    claim_stake: IntArray
    """(claim,)"""
    claim_fund: IntArray
    """(claim,)"""
    claim_capital: tuple[bool, ...]
    """whether the claim pays capital (per new unit) or support (per operating unit)"""
    claim_limit: Batched
    """(batch, claim, year) MSEK, most per unit"""

    def with_budgets(self, budgets: Mapping[str, FloatArray]) -> Financing:
        """The same with other yearly amounts, (year,) in MSEK real, for some funds."""
        budget = self.budget.copy()
        for fund, amount in budgets.items():
            budget[:, self.funds.index(fund)] = amount
        return replace(self, budget=budget)

    def with_claims_of_something(self) -> Financing:
        """One entry of a batch, without its axis, and without the claims that are of nothing in every year of it."""
        kept = np.any(self.claim_limit > 0, axis=-1)
        return replace(
            self,
            claim_stake=self.claim_stake[kept],
            claim_fund=self.claim_fund[kept],
            claim_capital=tuple(pays for pays, there in zip(self.claim_capital, kept, strict=True) if there),
            claim_limit=self.claim_limit[kept],
        )

    def with_lifts(self, lifts: Mapping[str, FloatArray]) -> Financing:
        """The same with other lifts of a ceiling, (year,) in MSEK real, for some loans or bonds."""
        by_position = {self.funds.index(fund): amount for fund, amount in lifts.items()}
        return replace(self, debts=self.debts.with_lifts(by_position))


def finance(town: Municipality, case: Case, household_price: FloatArray) -> Financing:
    """Who may pay what for each measure, in every entry of a batch.

    `household_price` (batch, carrier, year) in MSEK per GWh is what households pay, VAT included.
    """
    funds = sorted(town.rows(Fund), key=lambda row: (row.order, row.fund))
    _check(town, funds)
    position = {name: index for index, name in enumerate(case.measures.names)}
    shares = [row for row in town.rows(OwnerShare) if row.measure in position and row.share > 0]
    stakes = stakes_of(town, case, shares, household_price)
    measures, years = case.measures, len(case.years)
    terms = {row.fund: row for row in town.rows(Grant)}
    claims = _claims(town, case, funds, shares, stakes)
    capped = [stake for stake, fund, _, _ in claims if _only_unprofitable(terms, funds[fund])]
    grant_limit = np.full_like(stakes.capital, np.inf)
    grant_limit[:, capped] = stakes.unprofitable[:, capped]
    amounts = np.array([_budget(town, row) for row in funds]).reshape(1, len(funds), years)
    waiting = [town.convert(row, town.money, row.carry_over, "carry_over_unit") * deflator(town, row) for row in funds]
    limits = [limit for _, _, _, limit in claims]
    return Financing(
        funds=tuple(row.fund for row in funds),
        own=tuple(row.kind == "own" for row in funds),
        grant=tuple(row.kind == "grant" for row in funds),
        budget=amounts,
        carry_over=np.array(waiting).reshape(1, len(funds), years),
        keep=np.array([1.0 if row.price_basis == "real" else 1.0 / (1.0 + town.settings.inflation) for row in funds]),
        charged_to=_charged_to(town, funds),
        charge=straight_line_charge(
            town.settings.internal_rate or 0.0, town.settings.inflation, measures.lead, measures.lifetime, years
        ),
        debts=debts_of(town, funds),
        own_share=np.array([terms[row.fund].own_share if row.fund in terms else 0.0 for row in funds]),
        stake_measure=stakes.measure,
        stake_owner=tuple(row.owner for row in shares),
        outside=stakes.outside,
        owner_rate=stakes.rate,
        capital=stakes.capital,
        support=stakes.support,
        saving=stakes.saving,
        saved_after=stakes.saved_after,
        deficit=stakes.deficit,
        grant_limit=grant_limit,
        claim_stake=np.array([stake for stake, _, _, _ in claims], dtype=int),
        claim_fund=np.array([fund for _, fund, _, _ in claims], dtype=int),
        claim_capital=tuple(is_capital for _, _, is_capital, _ in claims),
        claim_limit=np.stack(limits, axis=1) if limits else np.zeros((case.batch, 0, years)),
    )


def _claims(
    town: Municipality, case: Case, funds: Sequence[Fund], shares: Sequence[OwnerShare], stakes: Stakes
) -> list[tuple[int, int, bool, FloatArray]]:
    """(stake, fund, pays capital, most per unit) for every fund that may pay a stake.

    A claim of nothing stays: in another entry of the batch it may be one of something.
    """
    category = dict(zip(case.measures.names, case.measures.categories, strict=True))
    green = {row.measure for row in town.rows(Measure) if row.green_label}
    allowed = {(row.fund, row.owner, row.category): row.largest_share for row in town.rows(Eligibility)}
    terms = {row.fund: row for row in town.rows(Grant)}
    effect = _effect(town, case) if any(row.least_effect for row in terms.values()) else None
    claims = []
    for number, stake in enumerate(shares):
        for index, fund in enumerate(funds):
            keys = [(fund.fund, stake.owner, each) for each in (stake.measure, category[stake.measure], "any")]
            share = next((allowed[key] for key in keys if key in allowed), None)
            if not share or (fund.kind == "green_bond" and stake.measure not in green):
                continue
            if fund.kind == "own":
                limit = (stakes.capital - stakes.deficit)[:, number]
            else:
                limit = share * (stakes.capital if fund.pays == "capital" else stakes.support)[:, number]
            term = terms.get(fund.fund)
            if term is not None:
                measure = case.measures.names.index(stake.measure)
                limit = np.where(_payable(town, case, term, effect, measure), limit, 0.0)
                if _only_unprofitable(terms, fund):
                    limit = np.minimum(limit, stakes.unprofitable[:, number])
            claims.append((number, index, fund.pays == "capital", limit))
    return claims


def _only_unprofitable(terms: Mapping[str, Grant], fund: Fund) -> bool:
    return fund.fund in terms and terms[fund.fund].only_unprofitable == "yes" and fund.pays == "capital"


def _payable(town: Municipality, case: Case, term: Grant, effect: FloatArray | None, measure: int) -> BoolArray:
    """Years in which a grant can be paid: after the application, and where enough is avoided, (batch or none, year)."""
    decided = case.years >= case.first_decision_year + term.application_years
    if effect is None or not term.least_effect:
        return np.asarray(decided)
    least = town.convert(term, f"{EMISSIONS}/{town.money}", term.least_effect, "effect_unit")
    return np.asarray(decided & (effect[:, measure] >= least))


def _effect(town: Municipality, case: Case) -> FloatArray:
    """Emissions avoided over the lifetime per capital, by year of start, (batch, measure, year) in t CO2e per MSEK."""
    counted = np.array([row.perspective in (TERRITORIAL, REMOVALS) for row in town.rows(Subsector)])
    measures = case.measures
    yearly = yearly_abatement(case, counted)
    total, _ = over_life(yearly, measures.lead, measures.lifetime, np.zeros(len(measures.names)))
    return np.divide(total, measures.capital, out=np.full_like(total, np.inf), where=measures.capital > 0)


def _charged_to(town: Municipality, funds: Sequence[Fund]) -> IntArray:
    """Position of the pot that carries a fund's capital charge, (fund,); -1 for none."""
    names = [row.fund for row in funds]
    pots = [row.fund for row in funds if row.pays == "support" and row.kind != "own"]
    charged = np.full(len(funds), -1)
    for index, row in enumerate(funds):
        if not row.charged_to:
            continue
        place, found = town.place(row, "charged_to"), f"'{row.charged_to}'"
        if row.pays != "capital" or row.kind == "own":
            what = "support" if row.pays != "capital" else "an owner's own money"
            allowed = "nothing: only capital that public funds pay is charged"
            town.faults.add(place, f"{found} for a fund that pays {what}", allowed)
        elif row.charged_to not in pots:
            allowed = f"a fund that pays support: {listing(pots)}"
            town.faults.add(place, found, allowed, pots, row.charged_to, depends_on=("funds",))
        else:
            charged[index] = names.index(row.charged_to)
    if town.settings.internal_rate is None and np.any(charged >= 0):
        of = listing(name for name, pot in zip(names, charged, strict=True) if pot >= 0)
        settings, found = Place(f"inputs/{town.name}/municipality.yaml"), f"no 'internal_rate' for the charge of {of}"
        town.faults.add(settings, found, "internal_rate: a share, such as 0.0275")
    return charged


def _check(town: Municipality, funds: Sequence[Fund]) -> None:
    """Funds pay what funds of their kind can pay, and terms are those of a grant and all of use."""
    kinds = {row.fund: row for row in funds}
    for row in funds:
        if row.kind in ("own", *BORROWED) and row.pays != "capital":
            found, allowed = f"'{row.pays}' for kind '{row.kind}'", "'capital': it cannot pay what costs every year"
            town.faults.add(town.place(row, "pays"), found, allowed)
    grants = [row.fund for row in funds if row.kind == "grant"]
    for term in town.rows(Grant):
        if term.least_effect:
            town.convert(term, f"{EMISSIONS}/{town.money}", term.least_effect, "effect_unit")
        fund = kinds.get(term.fund)
        if fund is None:
            continue
        if fund.kind != "grant":
            found, allowed = f"'{term.fund}' of kind '{fund.kind}'", f"a fund of kind 'grant': {listing(grants)}"
            town.faults.add(town.place(term, "fund"), found, allowed, grants, term.fund)
        elif fund.pays != "capital":
            for column, given in (
                ("only_unprofitable", term.only_unprofitable == "yes"),
                ("own_share", term.own_share),
            ):
                if given:
                    found = f"'{getattr(term, column)}' for a grant that pays support"
                    allowed = "'no'" if column == "only_unprofitable" else "0"
                    town.faults.add(town.place(term, column), found, f"{allowed}: it is asked of capital only")


def _budget(town: Municipality, fund: Fund) -> FloatArray:
    """Yearly amount in real money: the last one given by then, zero before the first."""
    rows = sorted((row for row in town.rows(Budget) if row.fund == fund.fund), key=lambda row: row.year)
    amount = np.zeros(len(town.years))
    for row in rows:
        amount[town.years >= row.year] = town.convert(row, f"{town.money}/year")
    return amount * deflator(town, fund)
