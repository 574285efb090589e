"""Can every check of money fail? Plans that keep every limit are tampered with, and the check named must notice."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from model.optimiser.plan import Plan
from model.optimiser.verification import TOLERANCE, violations
from tests.towns.money_town import Found, Thing, budget, found, fund, may_pay, village
from tests.towns.paying_village import everything
from tests.towns.shipped import with_rows

YEARS = [2027, 2028, 2029]
KRONA = 1e-6


@cache
def plan_of(**of_debt: float) -> Found:
    result = found(everything(**of_debt))
    assert not broken_by(result, result.plan)
    return result


def broken_by(town: Found, plan: Plan) -> set[str]:
    return {name for name, worst in violations(town.problem, plan).items() if worst > TOLERANCE}


def tampered(
    town: Found,
    paid: dict[tuple[str, str], float],
    year: int = 2027,
    units: tuple[str, float] = ("", 0.0),
    operating: tuple[str, float] = ("", 0.0),
) -> set[str]:
    """Limits broken when payments by (measure, fund), units started and the level of a measure are changed by so much.

    The level is changed in all years.
    """
    money, names, at = town.problem.money, town.built.case.measures.names, town.built.case.year_index(year)
    assert money is not None
    payment, new_units, level = (each.copy() for each in (town.plan.payment, town.plan.new_units, town.plan.level))
    for (measure, fund_), more in paid.items():
        (claim,) = (
            claim
            for claim, (stake, index) in enumerate(zip(money.claim_stake, money.claim_fund, strict=True))
            if (names[money.stake_measure[stake]], money.funds[index]) == (measure, fund_)
        )
        payment[claim, at] += more
    if units[0]:
        new_units[names.index(units[0]), at] += units[1]
    if operating[0]:
        level[names.index(operating[0])] += operating[1]
    return broken_by(town, replace(town.plan, payment=payment, new_units=new_units, level=level))


@pytest.mark.limit("deficit_only", "claim_limit", "owner_not_worse", "pot", "ceiling")
def test_the_plan_is_the_one_worked_out_by_hand() -> None:
    """Four sheds at 10: farms pay 5 for each (1 saved in each of 5 years), the grant 4, the state 1."""
    town = plan_of()
    np.testing.assert_allclose(town.paid("own"), [20, 0, 0], atol=1e-6)
    np.testing.assert_allclose(town.paid("climate"), [16, 0, 0], atol=1e-6)
    np.testing.assert_allclose(town.paid("state"), [4, 0, 0], atol=1e-6)
    np.testing.assert_allclose(town.paid("bond", "PANEL"), [6, 6, 6], atol=1e-6)
    np.testing.assert_allclose(town.paid("investment", "ROAD"), [10, 10, 10], atol=1e-6)
    np.testing.assert_allclose(town.paid("operating", "BIO"), [3, 3, 3], atol=1e-6)


@pytest.mark.parametrize(
    ("limit", "paid"),
    [
        ("to the krona", {("SHED", "state"): 2 * KRONA}),
        ("to the krona", {("BIO", "operating"): -2 * KRONA}),
        ("capital_paid", {("ROAD", "investment"): -0.1}),
        ("support_paid", {("BIO", "operating"): -0.1}),
        ("pot operating", {("BIO", "operating"): 0.1}),
        ("payments", {("PANEL", "investment"): -0.1, ("PANEL", "bond"): 0.1}),
        ("pot investment", {("PANEL", "investment"): 0.1, ("PANEL", "bond"): -0.1}),
        ("ceiling investment", {("ROAD", "investment"): 0.1}),
        ("deficit_only", {("SHED", "own"): -0.1, ("SHED", "state"): 0.1}),
        ("grants_for_need", {("SHED", "own"): -16, ("SHED", "modern"): 16}),
        ("own_share", {("SHED", "own"): -16, ("SHED", "modern"): 16}),
        ("claim_limit", {("SHED", "climate"): 0.1, ("SHED", "state"): -0.1}),
        ("pot climate", {("SHED", "climate"): 0.1, ("SHED", "state"): -0.1}),
        ("pot modern", {("SHED", "modern"): 0.1, ("SHED", "state"): -0.1}),
        ("claim_limit", {("SHED", "own"): 0.1, ("SHED", "state"): -0.1}),
        ("owner_not_worse", {("SHED", "own"): 0.1, ("SHED", "state"): -0.1}),
    ],
)
def test_tampered_payments_are_noticed(limit: str, paid: dict[tuple[str, str], float]) -> None:
    assert limit in tampered(plan_of(), paid)


@pytest.mark.parametrize("year", YEARS)
def test_money_moved_between_two_that_may_pay_breaks_only_the_pot_that_is_too_small(year: int) -> None:
    assert tampered(plan_of(), {("PANEL", "investment"): 0.1, ("PANEL", "bond"): -0.1}, year) == {"pot investment"}


def test_a_shed_that_stands_idle_makes_its_owner_worse_off() -> None:
    assert tampered(plan_of(), {}, operating=("SHED", -0.5)) == {"owner_not_worse"}


def test_borrowing_beyond_the_lift_is_noticed() -> None:
    more = tampered(plan_of(), {("PANEL", "bond"): 0.1}, units=("PANEL", 0.1))
    assert more == {"ceiling investment"}


@pytest.mark.limit("service_ceiling")
@pytest.mark.parametrize(
    ("ceiling", "limit", "borrowed"),
    [({"debt_ceiling": 11}, "debt of bond", [6, 6, 5]), ({"service_ceiling": 2.2}, "service of bond", None)],
)
def test_debt_above_its_ceilings_is_noticed(
    ceiling: dict[str, float], limit: str, borrowed: list[float] | None
) -> None:
    """The last krona that can be borrowed is borrowed: by the year in which the ceiling is reached."""
    town = plan_of(**ceiling)
    if borrowed is not None:
        np.testing.assert_allclose(town.paid("bond"), borrowed, atol=1e-6)
    year = 2029 if limit.startswith("debt") else 2027
    assert limit in tampered(town, {("PANEL", "bond"): 0.1}, year, units=("PANEL", 0.1))


def test_a_plan_that_forgets_the_capital_charge_overdraws_the_operating_pot() -> None:
    town = everything()
    town = with_rows(
        town,
        "funds",
        tuple(
            row.model_copy(update={"charged_to": "operating" if row.fund in ("investment", "bond") else ""})
            for row in town.tables["funds"]
        ),
    )
    charged = found(town)
    assert not broken_by(charged, charged.plan)
    assert broken_by(charged, plan_of().plan) == {"pot operating"}


def test_money_saved_before_the_first_decision_is_not_there() -> None:
    """Decisions from 2028: what the pot could have saved in 2027 pays for nothing."""
    town = village(
        2029,
        {"ROAD": Thing(tonnes=20, capital=1, most=100, whole=False)},
        funds=[fund("investment", 1, kind="municipal_investment", carry_over=10)],
        budgets=[budget("investment", 10)],
        eligibility=[may_pay("investment", "town")],
    )
    later = found(town, start=2028)
    np.testing.assert_allclose(later.paid("investment"), [10, 10], atol=1e-6)
    assert not broken_by(later, later.plan)
    assert "pot investment" in tampered(later, {("ROAD", "investment"): 5}, 2028, units=("ROAD", 5))
