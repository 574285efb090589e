"""Five cases of money, each a tiny village solved by hand: every number here stands, worked out, in docs/money.md."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from model.inputs.municipality import Municipality
from model.money.pots import by_fund, keep_accounts
from model.optimiser.verification import TOLERANCE, violations
from tests.towns.money_town import Found, Rows, Thing, budget, debt, found, fund, may_pay, terms, village

SOLVER = {"rtol": 1e-6, "atol": 1e-5}


def trusted(town: Municipality, **goal: Any) -> Found:
    """The plan found, which must keep every limit."""
    result = found(town, **goal)
    broken = {name: worst for name, worst in violations(result.problem, result.plan).items() if worst > TOLERANCE}
    assert not broken
    return result


# --- 1. a capital charge that leaves too little operating money for later support ----------------------

POTS = [may_pay("investment", "town"), may_pay("operating", "town")]
SETTINGS = {"internal_rate": 0.025}


def charged(charged_to: str = "operating", **settings: float) -> Municipality:
    return village(
        2030,
        {
            "HALL": Thing(tonnes=100, capital=8, lifetime=4),
            "BIO": Thing(tonnes=20, yearly=1, most=3, lifetime=1, first_year=2029, whole=False),
        },
        SETTINGS | settings,
        funds=[
            fund("investment", 1, kind="municipal_investment", charged_to=charged_to),
            fund("operating", 2, "support", kind="municipal_operating"),
        ],
        budgets=[budget("investment", 8), budget("operating", 3)],
        eligibility=POTS,
    )


@pytest.mark.limit("support_paid")
def test_a_capital_charge_leaves_too_little_for_later_support() -> None:
    plan = trusted(charged())
    assert_allclose(plan.started("HALL"), [1, 0, 0, 0], **SOLVER)
    assert_allclose(plan.operating("BIO"), [0, 0, 0.9, 0.95], **SOLVER)
    assert_allclose(plan.paid("investment"), [8, 0, 0, 0], **SOLVER)
    assert_allclose(plan.paid("operating"), [0, 0, 0.9, 0.95], **SOLVER)
    assert_allclose(plan.emitted, [900, 900, 882, 881], **SOLVER)


def test_without_the_charge_the_later_support_is_paid() -> None:
    plan = trusted(charged(charged_to=""))
    assert_allclose(plan.started("HALL"), [1, 0, 0, 0], **SOLVER)
    assert_allclose(plan.operating("BIO"), [0, 0, 3, 3], **SOLVER)
    assert_allclose(plan.emitted, [900, 900, 840, 840], **SOLVER)


def ledger_of(plan: Found) -> Any:
    money = plan.problem.money
    assert money is not None
    return keep_accounts(money, by_fund(money, plan.plan.payment, len(plan.built.case.measures.names)))


def test_the_worked_schedule_of_a_capital_charge() -> None:
    assert_allclose(ledger_of(trusted(charged())).charge[1, 1:], [2.2, 2.15, 2.1, 2.05], **SOLVER)
    real = ledger_of(trusted(charged(inflation=0.02))).charge[1, 1:]
    assert_allclose(real, [2.2, 2.1078, 2.0185, 1.9318], atol=5e-5)
    worth = np.array([2.2, 2.15, 2.1, 2.05]) / 1.025 ** np.arange(1, 5)
    assert_allclose(worth, [2.1463, 2.0464, 1.9501, 1.8572], atol=5e-5)
    assert_allclose(worth.sum(), 8)


# --- 2. a bond that changes nothing until the ceiling is lifted -----------------------------------------

BOND = fund("bond", 2, kind="green_bond")


def bonded(with_bond: bool = True, **of_debt: float) -> Municipality:
    both = [fund("investment", 1, kind="municipal_investment"), BOND]
    return village(
        2029,
        {
            "ROAD": Thing(tonnes=20, capital=1, most=100, whole=False),
            "PANEL": Thing(tonnes=10, capital=1, most=100, whole=False, green_label="solar"),
        },
        funds=both if with_bond else both[:1],
        budgets=[budget("investment", 10), *([budget("bond", 100)] if with_bond else [])],
        eligibility=[may_pay("investment", "town"), *([may_pay("bond", "town")] if with_bond else [])],
        debts=[debt("bond", "investment", **of_debt)] if with_bond else [],
        green_categories=[{"green_label": "solar"}],
    )


def test_a_bond_changes_nothing_until_the_ceiling_is_lifted() -> None:
    without, idle = trusted(bonded(with_bond=False)), trusted(bonded())
    for plan in (without, idle):
        assert_allclose(plan.started("ROAD"), [10, 10, 10], **SOLVER)
        assert_allclose(plan.started("PANEL"), 0, **SOLVER)
        assert_allclose(plan.emitted, [800, 600, 400], **SOLVER)
    assert_allclose(idle.paid("bond"), 0, **SOLVER)


@pytest.mark.limit("ceiling")
@pytest.mark.parametrize("by_goal", [False, True], ids=["by debts.csv", "by the goal"])
def test_after_the_lift_the_bond_is_used_by_exactly_the_lift(by_goal: bool) -> None:
    plan = trusted(bonded(), lifts={"bond": "6 MSEK/year"}) if by_goal else trusted(bonded(lift=6))
    assert_allclose(plan.paid("bond", "PANEL"), [6, 6, 6], **SOLVER)
    assert_allclose(plan.paid("bond", "ROAD"), 0, **SOLVER)
    assert_allclose(plan.paid("investment", "ROAD"), [10, 10, 10], **SOLVER)
    assert_allclose(plan.emitted, [740, 480, 220], **SOLVER)
    ledger = ledger_of(plan)
    assert_allclose(ledger.debt[1, 1:], [6, 10, 12], **SOLVER)
    assert_allclose(ledger.debt_service[1, 1:], [0, 2.12, 4.2], **SOLVER)


@pytest.mark.limit("debt_ceiling")
def test_a_debt_ceiling_takes_off_what_would_be_above_it() -> None:
    plan = trusted(bonded(lift=6, debt_ceiling=11))
    assert_allclose(plan.paid("bond"), [6, 6, 5], **SOLVER)
    assert_allclose(plan.emitted, [740, 480, 230], **SOLVER)


# --- 3. a grant that flips the choice of exclusive options ----------------------------------------------


def exclusive(with_grant: bool = True, **of_grant: Any) -> Municipality:
    pot = fund("investment", 1, kind="municipal_investment")
    rules = {"only_unprofitable": "yes", "application_years": 1} | of_grant
    grant: dict[str, Rows] = {"grants": [terms("grant", **rules)]} if with_grant else {}
    return village(
        2030,
        {
            "BOILER": Thing(tonnes=60, capital=6),
            "PUMP": Thing(tonnes=100, capital=15, yearly=-0.9),
        },
        funds=[pot, *([fund("grant", 2)] if with_grant else [])],
        budgets=[budget("investment", 9), *([budget("grant", 50)] if with_grant else [])],
        eligibility=[may_pay("investment", "town"), *([may_pay("grant", "town", "PUMP", 0.5)] if with_grant else [])],
        relations=[{"measure": "BOILER", "relation": "excludes", "other": "PUMP"}],
        **grant,
    )


@pytest.mark.limit("excludes", "only_if_chosen")
def test_a_grant_flips_the_choice_of_exclusive_options() -> None:
    plan = trusted(exclusive())
    assert_allclose(plan.started("PUMP"), [0, 1, 0, 0], **SOLVER)
    assert_allclose(plan.started("BOILER"), 0, **SOLVER)
    assert_allclose(plan.paid("grant"), [0, 6, 0, 0], **SOLVER)
    assert_allclose(plan.paid("investment"), [0, 9, 0, 0], **SOLVER)
    assert_allclose(plan.emitted, [1000, 900, 900, 900], **SOLVER)


@pytest.mark.parametrize(
    "town",
    [exclusive(with_grant=False), exclusive(own_share=0.65), exclusive(least_effect=0.07)],
    ids=["no grant", "own share too large", "avoids too little"],
)
def test_without_the_grant_the_other_option_is_chosen(town: Municipality) -> None:
    plan = trusted(town)
    assert_allclose(plan.started("BOILER"), [1, 0, 0, 0], **SOLVER)
    assert_allclose(plan.started("PUMP"), 0, **SOLVER)
    assert_allclose(plan.paid("investment"), [6, 0, 0, 0], **SOLVER)
    assert_allclose(plan.emitted, 940, **SOLVER)


# --- 4. carry-over that makes a lumpy project possible --------------------------------------------------


def saving(cap: float = 10, basis: str = "real", inflation: float = 0.0) -> Municipality:
    return village(
        2030,
        {"HALL": Thing(tonnes=100, capital=14.2)},
        {"inflation": inflation},
        funds=[fund("investment", 1, kind="municipal_investment", carry_over=cap, price_basis=basis)],
        budgets=[budget("investment", 5, 2027)],
        eligibility=[may_pay("investment", "town")],
    )


def test_carry_over_makes_a_lumpy_project_possible() -> None:
    plan = trusted(saving())
    assert_allclose(plan.started("HALL"), [0, 0, 1, 0], **SOLVER)
    assert_allclose(plan.paid("investment"), [0, 0, 14.2, 0], **SOLVER)
    assert_allclose(plan.emitted, [1000, 1000, 900, 900], **SOLVER)
    ledger = ledger_of(plan)
    assert_allclose(ledger.waiting[0, 1:], [5, 10, 0.8, 5.8], **SOLVER)


@pytest.mark.limit("carry_over")
@pytest.mark.parametrize(
    "town",
    [saving(cap=0), saving(cap=9), saving(basis="nominal", inflation=0.02)],
    ids=["nothing waits", "too little waits", "what waits loses its worth"],
)
def test_without_enough_carry_over_the_project_is_not_possible(town: Municipality) -> None:
    plan = trusted(town)
    assert_allclose(plan.started("HALL"), 0, **SOLVER)
    assert_allclose(plan.emitted, 1000, **SOLVER)


def test_what_waits_in_a_nominal_pot_loses_inflation() -> None:
    ledger = ledger_of(trusted(saving(basis="nominal", inflation=0.02)))
    there = ledger.waiting[0] + ledger.lapsed[0]  # nothing is paid
    assert_allclose(there[3:], [14.135, 13.858], atol=5e-4)


def test_in_a_real_pot_what_waits_keeps_its_worth() -> None:
    assert_allclose(trusted(saving(inflation=0.02)).started("HALL"), [0, 0, 1, 0], **SOLVER)


# --- 5. ranking by kronor per tonne loses to the optimum ------------------------------------------------

THINGS = {
    "FIRST": Thing(tonnes=66, capital=6),
    "SECOND": Thing(tonnes=50, capital=5),
    "THIRD": Thing(tonnes=50, capital=5),
}


def ranked() -> Municipality:
    return village(
        2028,
        THINGS,
        funds=[fund("investment", 1, kind="municipal_investment")],
        budgets=[budget("investment", 10, 2027), budget("investment", 0, 2028)],
        eligibility=[may_pay("investment", "town")],
    )


def by_rank(money: float) -> tuple[list[str], float]:
    """What is bought, and tonnes a year, by buying the cheapest per tonne that can still be afforded."""
    bought, tonnes = list[str](), 0.0
    for name, thing in sorted(THINGS.items(), key=lambda item: item[1].capital / item[1].tonnes):
        if thing.capital <= money:
            bought, money, tonnes = [*bought, name], money - thing.capital, tonnes + thing.tonnes
    return bought, tonnes


def test_ranking_by_kronor_per_tonne_loses_to_the_optimum() -> None:
    assert by_rank(10) == (["FIRST"], 66)
    assert_allclose([100 * 6 / 66, 100 * 5 / 50], [9.09, 10], atol=5e-3)
    plan = trusted(ranked())
    assert_allclose([plan.started(name)[0] for name in THINGS], [0, 1, 1], **SOLVER)
    assert_allclose(plan.paid("investment"), [10, 0], **SOLVER)
    assert_allclose(plan.emitted, [900, 900], **SOLVER)
    only = trusted(ranked(), exclude=["SECOND", "THIRD"])
    assert_allclose(only.emitted, 1000 - by_rank(10)[1], **SOLVER)
