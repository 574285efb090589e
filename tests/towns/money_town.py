"""A village with one source of emissions and money enough to be counted by hand: rows of funds, and plans found for it.

Every year 1 000 units of `smoke` emit a tonne of fossil CO2 each. A measure takes units of it away; what it saves or
costs a year is its fixed cost. Decisions start in 2027. There is no inflation and no interest but what a test sets.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from model.build import PreparedCase, build
from model.inputs.municipality import Municipality
from model.inputs.schema import Goal
from model.money.pots import by_fund
from model.optimiser.goal import problem_of
from model.optimiser.plan import Plan
from model.optimiser.problem import Problem
from model.optimiser.search import find_plan
from model.projection.replay import emissions
from model.scenarios.checks import checked
from model.vocabulary import FloatArray
from tests.towns.small_town import FUTURE, TITLE, activity, faults_of, gases, sectors, small_town, subsectors

Rows = list[dict[str, Any]]
OWNERS = [
    {"owner": "town", "municipal": "yes", "price_set": "market", "rate": 0.0, "payback_years": 30},
    {"owner": "farm", "municipal": "no", "price_set": "market", "rate": 0.0, "payback_years": 5},
]


def fund(name: str, order: int, pays: str = "capital", kind: str = "grant", **more: Any) -> dict[str, Any]:
    """A row of `funds`: real, nothing waits."""
    row = {"fund": name, "kind": kind, "pays": pays, "order": order, "carry_over": 0, "carry_over_unit": "MSEK_2026"}
    return row | {"price_basis": "real"} | more


def budget(name: str, value: float, year: int = 2025) -> dict[str, Any]:
    """A row of `budgets`, from a year on."""
    return {"fund": name, "year": year, "value": value, "unit": "MSEK_2026/year"}


def may_pay(name: str, owner: str, category: str = "any", largest_share: float = 1.0) -> dict[str, Any]:
    """A row of `eligibility`."""
    return {"fund": name, "owner": owner, "category": category, "largest_share": largest_share}


def terms(name: str, **more: Any) -> dict[str, Any]:
    """A row of `grants`."""
    return {"fund": name, "only_unprofitable": "no", "effect_unit": "kg_CO2e/SEK_2026"} | more


def debt(name: str, pot: str, **more: Any) -> dict[str, Any]:
    """A row of `debts`: repaid in three years in equal parts, at 2 %."""
    row = {"fund": name, "pot": pot, "rate": 0.02, "years": 3, "repayment": "straight", "unit": "MSEK_2026"}
    return row | more


@dataclass(frozen=True)
class Thing:
    """A measure of the village: what a unit costs when started and a year, and the tonnes it avoids a year."""

    tonnes: float
    capital: float = 0.0
    yearly: float = 0.0
    most: float = 1.0
    owner: str = "town"
    lifetime: int = 10
    first_year: int = 2027
    whole: bool = True
    green_label: str = ""


def village(
    last: int, things: dict[str, Thing], settings: dict[str, Any] | None = None, **tables: Rows
) -> Municipality:
    """The village from 2026 to `last` with these measures; `settings` are other settings of the municipality."""
    usual = {"category": "any_kind", "hierarchy": "switch", "unit": "unit", "lead": 0, "in_reference": "no"}
    mine = {
        "measures": [
            {
                "measure": name, "lifetime": each.lifetime, "first_year": each.first_year,
                "unit_size": 1 if each.whole else None, "green_label": each.green_label,
            } | usual
            for name, each in things.items()
        ],
        "owner_shares": [{"measure": name, "owner": each.owner, "share": 1} for name, each in things.items()],
        "costs": [
            {"measure": name, "item": item, "year": 2026, "value": value, "unit": "MSEK_2026"}
            for name, each in things.items()
            for item, value in (("capital", each.capital), ("fixed_cost", each.yearly))
        ],
        "potentials": [
            {"measure": name, "year": 2026, "value": each.most, "unit": "unit", "basis": "additional"}
            for name, each in things.items()
        ],
        "effects": [
            {
                "measure": name, "kind": "activity", "target": "smoke", "basis": "amount", "value": -each.tonnes,
                "unit": "batch", "year": 2026,
            }
            for name, each in things.items()
        ],
    }  # fmt: skip
    base: dict[str, Rows] = {
        "sectors": sectors("industry"),
        "subsectors": subsectors(works="industry"),
        "gases": gases(co2=1),
        "activities": [activity("smoke", "works", "constant", "batch")],
        "activity_levels": [{"activity": "smoke", "year": 2026, "value": 1000, "unit": "batch"}],
        "direct_emissions": [{"activity": "smoke", "gas": "co2", "year": 2026, "value": 1, "unit": "t/batch"}],
        "inventory": [
            {
                "year": 2026, "sector": "industry", "subsector": "works", "gas": "co2e", "value": 1000,
                "unit": "t_CO2e", "vintage": "current", "status": "derived",
            }
        ],
        "owners": OWNERS,
        "indicators": [{"indicator": "ghg_net", "perspective": "territorial", "gas": "all"}],
    }  # fmt: skip
    town = small_town(2026, last, **(base | mine | tables))
    return replace(town, settings=town.settings.model_copy(update=settings or {}))


@dataclass(frozen=True)
class Found:
    """A plan and what it was found for."""

    built: PreparedCase
    problem: Problem
    plan: Plan

    @property
    def emitted(self) -> FloatArray:
        """Tonnes CO2e of the decision years."""
        outcome = self.plan.outcome
        gas = emissions(self.built.case, outcome.activity, outcome.flow)[0]
        return np.einsum("kgy,g->y", gas, self.built.case.gwp)[self.problem.first :]

    def started(self, measure: str) -> FloatArray:
        """Units started in the decision years."""
        return self.plan.new_units[self.built.case.measures.names.index(measure), self.problem.first :]

    def operating(self, measure: str) -> FloatArray:
        """Units operating in the decision years."""
        modes = self.built.case.measures.modes_of(self.built.case.measures.names.index(measure))
        return self.plan.level[modes, self.problem.first :].sum(axis=0)

    def paid(self, fund_: str, measure: str = "") -> FloatArray:
        """What a fund pays in the decision years, MSEK, for a measure or for all."""
        money, names = self.problem.money, self.built.case.measures.names
        assert money is not None
        payment = by_fund(money, self.plan.payment, len(names))[:, money.funds.index(fund_), self.problem.first :]
        return payment[names.index(measure)] if measure else payment.sum(axis=0)


def found(town: Municipality, **goal: Any) -> Found:
    """The best plan: least emissions, with the money there is, if the goal says nothing else."""
    built = build(town, FUTURE)
    assert faults_of(town) == []
    usual = {"title": TITLE, "objective": "least_emissions", "gap": 1e-6}
    problem = problem_of(checked(Goal.model_validate(usual | goal), town), built)
    return Found(built, problem, find_plan(problem))


def target(limit: float, year: int = 2030, **more: object) -> dict[str, object]:
    """A row of `targets`: at most `limit` t from a year on."""
    row = {"target": "low", "indicator": "ghg_net", "year": year, "limit": limit, "unit": "t_CO2e", "hold": "from"}
    return row | {"priority": 1, "evaluable": "yes"} | more


FIRST = 2027


def town_with(things: dict[str, Thing], money: float, limit: float = 0, year: int = 2030, **goal: object) -> Found:
    """A village with one pot that has money in the first year only, and a target."""
    pots: Rows = [budget("pot", money, FIRST), budget("pot", 0, FIRST + 1)]
    town = village(
        2030, things, funds=[fund("pot", 1)], budgets=pots, eligibility=[may_pay("pot", "town")],
        targets=[target(limit, year)],
    )  # fmt: skip
    return found(town, targets=["low"], **goal)


LUMPY = {"lump": Thing(100, capital=10, most=2), "grain": Thing(1, capital=1, most=100, whole=False)}
