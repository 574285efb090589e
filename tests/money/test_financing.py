"""Who pays what: contributions, deficits, eligibility, pots and the gap, by hand; nothing paid twice, nothing lost."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from model.inputs.faults import Faults, Place
from model.inputs.municipality import Municipality
from model.inputs.schema import Portfolio, Title
from model.money.allocation import allocate
from model.money.economics import annuity_factor
from model.money.financing import Financing
from model.money.savings import yearly_cost
from model.scenarios.amounts import amount
from model.scenarios.checked import with_money
from model.scenarios.checks import checked
from tests.towns.measured_town import YEARS, Rows, built, convert, cost, effect, measure, measured_town, share, switch
from tests.towns.money_town import budget, fund, may_pay
from tests.towns.shipped import with_rows
from tests.towns.small_town import faults_of

AT = 2030 - 2024
"""Index of the year looked at."""


OWN = fund("own", 1, kind="own")
POT = fund("pot", 2)


def cars(**tables: Rows) -> Municipality:
    """CAR costs 16 MSEK and turns a Mkm by petrol car into one by electric car; ten years."""
    usual: dict[str, Rows] = {
        "costs": [cost("CAR", "capital", 16)],
        "funds": [OWN, POT],
        "budgets": [budget("pot", 100)],
        "eligibility": [may_pay("own", "household"), may_pay("own", "firm"), may_pay("pot", "household")],
        "owner_shares": [share("CAR", "household")],
    }
    return measured_town([measure("CAR")], convert("CAR"), **(usual | tables))


def financed(town: Municipality) -> Financing:
    found = built(town).financing
    assert faults_of(town) == []
    return found


def paid(town: Municipality, **units: float) -> dict[str, dict[str, float]]:
    """Payments of 2030 by measure and fund, when so many units are started and operate in 2030 only."""
    case, money = built(town).case, financed(town)
    new_units = np.zeros((1, len(case.measures.names), len(YEARS)))
    for name, number in units.items():
        new_units[0, case.measures.names.index(name), AT] = number
    payment = allocate(money, new_units, new_units)[0, :, :, AT]
    return {
        name: dict(zip((*money.funds, "gap"), map(float, row), strict=True))
        for name, row in zip(case.measures.names, payment, strict=True)
    }


HOUSEHOLD = 1.8 * (1 - 1.05**-7) / 0.05
"""A Mkm by petrol costs a household 0.5 + 0.5 x 4 = 2.5, by electric car 0.3 + 0.2 x 2 = 0.7; 7 years at 5 %."""
FIRM = 1.0 * (1 - 1.1**-4) / 0.1
"""Excluding VAT 0.5 + 0.5 x 2 = 1.5 and 0.3 + 0.2 x 1 = 0.5; 4 years at 10 %."""


# --- what owners contribute ------------------------------------------------------------------------


def test_owners_contribute_what_they_save_within_their_payback_time() -> None:
    assert_allclose([HOUSEHOLD, FIRM], [10.4155, 3.1699], atol=5e-5)
    money = financed(cars())
    assert_allclose(money.deficit[0, 0], 16 - HOUSEHOLD)
    firm = financed(cars(owner_shares=[share("CAR", "firm")]))
    assert_allclose(firm.deficit[0, 0], 16 - FIRM)


def test_no_one_counts_savings_beyond_the_life_of_the_thing() -> None:
    town = cars()
    town = with_rows(town, "measures", tuple(row.model_copy(update={"lifetime": 3}) for row in town.tables["measures"]))
    assert_allclose(financed(town).deficit[0], 16 - 1.8 * annuity_factor(0.05, 3))


def test_owners_who_save_more_than_it_costs_need_nothing() -> None:
    money = financed(cars(costs=[cost("CAR", "capital", 8)]))
    assert_allclose(money.deficit, 0)
    assert paid(cars(costs=[cost("CAR", "capital", 8)]), CAR=3)["CAR"] == {"own": 24, "pot": 0, "gap": 0}


def test_owners_of_a_measure_each_carry_their_share() -> None:
    both = cars(owner_shares=[share("CAR", "household", 0.75), share("CAR", "firm", 0.25)])
    money = financed(both)
    assert_allclose(money.capital[0, :, 0], [12, 4])
    assert_allclose(money.deficit[0, :, 0], [0.75 * (16 - HOUSEHOLD), 0.25 * (16 - FIRM)])
    row = paid(both, CAR=2)["CAR"]
    assert_allclose(row["own"], 2 * (0.75 * HOUSEHOLD + 0.25 * FIRM))
    assert_allclose(row["pot"], 2 * 0.75 * (16 - HOUSEHOLD))  # the pot may pay households, not firms
    assert_allclose(row["gap"], 2 * 0.25 * (16 - FIRM))


def test_the_municipality_is_not_asked_for_its_savings_first() -> None:
    """Its pots pay the whole capital; what it saves comes back to it as lower cost."""
    town = cars(owner_shares=[share("CAR", "municipality")], eligibility=[may_pay("pot", "municipality")])
    money = financed(town)
    assert_allclose(money.deficit, money.capital)
    assert paid(town, CAR=2)["CAR"] == {"own": 0, "pot": 32, "gap": 0}


# --- yearly cost and support -----------------------------------------------------------------------


def test_yearly_cost_is_fixed_cost_and_what_the_moves_make_at_the_reference_mix() -> None:
    effects = [
        *convert("CAR", mode="petrol"),
        *convert("CAR", "diesel_km", mode="diesel"),
        effect("WALK", "pool", "car_km", -2),
        *switch("HVO", "sheds"),
    ]
    town = measured_town(
        [measure("CAR"), measure("WALK"), measure("HVO")], effects, costs=[cost("WALK", "fixed_cost", 4)]
    )
    # petrol 1.5, diesel 1.3, electric 0.5; the mean of the modes saves 0.9. The mix costs 1.26. HVO: 3 - 2
    assert_allclose(yearly_cost(built(town).case)[0, :, AT], [-0.9, 4 - 2 * 1.26, 1])


def hvo(**tables: Rows) -> Municipality:
    """HVO in the sheds, which costs 1 MSEK a year more than diesel, at a capital of 2."""
    usual: dict[str, Rows] = {
        "costs": [cost("HVO", "capital", 2)],
        "funds": [POT, fund("running", 3, "support")],
        "budgets": [budget("pot", 100), budget("running", 5)],
        "eligibility": [may_pay("pot", "municipality"), may_pay("running", "municipality")],
    }
    return measured_town([measure("HVO")], switch("HVO", "sheds"), **(usual | tables))


def test_a_yearly_loss_is_support_paid_by_funds_for_support() -> None:
    assert paid(hvo(), HVO=4)["HVO"] == {"pot": 8, "running": 4, "gap": 0}
    assert paid(hvo(), HVO=7)["HVO"] == {"pot": 14, "running": 5, "gap": 2}


def test_support_follows_what_operates_and_capital_what_is_started() -> None:
    town = hvo()
    money = financed(town)
    new_units, level = np.zeros((1, 1, len(YEARS))), np.zeros((1, 1, len(YEARS)))
    new_units[0, 0, AT], level[0, 0, AT - 1] = 3, 2
    payment = allocate(money, new_units, level)[0, 0]
    assert_allclose(payment[:, AT], [6, 0, 0])
    assert_allclose(payment[:, AT - 1], [0, 2, 0])


def test_a_yearly_saving_is_no_negative_support() -> None:
    assert not np.any(financed(cars()).support)


# --- eligibility -----------------------------------------------------------------------------------


def test_a_grant_pays_at_most_its_share_of_the_cost_and_at_most_the_deficit() -> None:
    fifth = [may_pay("own", "household"), may_pay("pot", "household", largest_share=0.2)]
    row = paid(cars(eligibility=fifth), CAR=1)["CAR"]
    assert_allclose([row["own"], row["pot"], row["gap"]], [HOUSEHOLD, 3.2, 16 - HOUSEHOLD - 3.2])
    half = [may_pay("own", "household"), may_pay("pot", "household", largest_share=0.5)]
    row = paid(cars(eligibility=half), CAR=1)["CAR"]
    assert_allclose([row["own"], row["pot"], row["gap"]], [HOUSEHOLD, 16 - HOUSEHOLD, 0], atol=1e-12)


def test_a_grant_is_at_most_the_deficit_whatever_the_order_of_funds() -> None:
    town = cars(funds=[fund("pot", 1), fund("own", 2, kind="own")])
    row = paid(town, CAR=1)["CAR"]
    assert_allclose([row["own"], row["pot"], row["gap"]], [HOUSEHOLD, 16 - HOUSEHOLD, 0], atol=1e-12)


BY_MEASURE = may_pay("pot", "household", "CAR", 0.1)
BY_CATEGORY = may_pay("pot", "household", "travel", 0.2)
BY_OWNER = may_pay("pot", "household", "any", 0.3)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([BY_OWNER, BY_CATEGORY, BY_MEASURE], 0.1),
        ([BY_OWNER, BY_CATEGORY], 0.2),
        ([BY_OWNER], 0.3),
        ([BY_OWNER, BY_MEASURE | {"largest_share": 0.0}], 0.0),
        ([BY_CATEGORY | {"category": "heating"}], 0.0),
        ([BY_OWNER | {"owner": "firm"}], 0.0),
        ([], 0.0),
    ],
    ids=["measure", "category", "any", "measure says no", "other category", "other owner", "nothing"],
)
def test_the_row_nearest_to_the_measure_says_what_a_fund_may_pay(rows: Rows, expected: float) -> None:
    row = paid(cars(eligibility=rows), CAR=1)["CAR"]
    assert_allclose([row["pot"], row["gap"]], [expected * 16, (1 - expected) * 16])


# --- pots ------------------------------------------------------------------------------------------


def test_a_pot_has_the_last_amount_given_and_nothing_before_the_first() -> None:
    money = financed(cars(budgets=[budget("pot", 7, 2026), budget("pot", 9, 2029)]))
    assert_allclose(money.budget[0, 1], [0, 0, 7, 7, 7, 9, 9, 9, 9])


def test_a_nominal_pot_buys_less_every_year() -> None:
    nominal = cars(funds=[OWN, fund("pot", 2, price_basis="nominal")], budgets=[budget("pot", 10, 2026)])
    nominal = replace(nominal, settings=nominal.settings.model_copy(update={"inflation": 0.02}))
    money = financed(nominal)
    assert_allclose(money.budget[0, 1, 2:5], [10, 10 / 1.02, 10 / 1.02**2])
    real = cars(budgets=[budget("pot", 10, 2026)])
    assert_allclose(financed(replace(real, settings=nominal.settings)).budget[0, 1, 2:], 10)


def test_a_scenarios_own_budgets_are_real_or_nominal_as_the_fund_says() -> None:
    town = cars(funds=[OWN, fund("pot", 2, price_basis="nominal")], budgets=[budget("pot", 10, 2026)])
    town = replace(town, settings=town.settings.model_copy(update={"inflation": 0.02}))
    portfolio = Portfolio(title=Title(sv="prov", en="test"), budgets={"pot": "20 MSEK/year"})
    given_ = with_money(checked(portfolio, town), built(town))
    begun = YEARS >= 2025  # the first decision year: nothing is saved up before it
    assert_allclose(given_.budget[0, 1], 20 * 1.02 ** (2026.0 - YEARS) * begun)
    faults = Faults()
    assert_allclose(amount("500 kSEK/year", 2026, Place("x.yaml"), faults), 0.5)
    assert not faults.found
    amount("500 kSEK", 2026, Place("x.yaml"), faults)
    amount("lots", 2026, Place("x.yaml"), faults)
    assert len(faults.found) == 2


def test_a_pot_too_small_is_shared_in_proportion_to_what_is_asked() -> None:
    town = measured_town(
        [measure("A"), measure("B")],
        [effect("A", "activity", "cycling_km", 1), effect("B", "activity", "cycling_km", 1)],
        costs=[cost("A", "capital", 4), cost("B", "capital", 1)],
        funds=[POT, fund("next", 3)],
        budgets=[budget("pot", 6), budget("next", 1)],
        eligibility=[may_pay("pot", "municipality"), may_pay("next", "municipality")],
    )
    # 4 of A and 2 of B ask 16 and 2 of 6: a third; then 10.67 and 1.33 ask 1: a twelfth
    rows = paid(town, A=4, B=2)
    assert_allclose(list(rows["A"].values()), [16 / 3, 32 / 3 / 12, 32 / 3 * 11 / 12])
    assert_allclose(list(rows["B"].values()), [2 / 3, 4 / 3 / 12, 4 / 3 * 11 / 12])


@pytest.mark.parametrize(("cap", "second", "third"), [(0, 10, 10), (5, 15, 10), (1000, 16, 10)])
def test_unspent_money_waits_up_to_the_cap(cap: float, second: float, third: float) -> None:
    """10 a year; 4 are asked for in 2025, 20 in 2026 and in 2027."""
    town = cars(
        owner_shares=[share("CAR", "municipality")],
        costs=[cost("CAR", "capital", 1)],
        funds=[fund("pot", 2, carry_over=cap)],
        budgets=[budget("pot", 10, 2025)],
        eligibility=[may_pay("pot", "municipality")],
    )
    new_units = np.zeros((1, 1, len(YEARS)))
    new_units[0, 0, 1:4] = 4, 20, 20
    payment = allocate(financed(town), new_units, new_units * 0)[0, 0]
    assert_allclose(payment[0, 1:4], [4, second, third])
    assert_allclose(payment[1, 1:4], [0, 20 - second, 20 - third])


def test_nobody_pays_for_nothing() -> None:
    town = built(cars())
    nothing = np.zeros((1, 1, len(YEARS)))
    assert not np.any(allocate(town.financing, nothing, nothing))
