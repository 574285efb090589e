"""Present values and annuities beside numpy-financial and textbooks; capital charges by hand."""

from __future__ import annotations

import numpy as np
import numpy_financial as npf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from model.measures.catalogue import Measures
from model.money.economics import (
    annuity,
    annuity_factor,
    capital_charge,
    capital_weight,
    debt_left,
    debt_service,
    discount_factors,
    future_value_factor,
    present_value,
    straight_line_charge,
)
from model.projection.replay import installed
from tests.towns.measured_town import YEARS, built, cost, effect, measure, measured_town
from tests.towns.random_towns import FIRST, random_case

RATES = st.floats(0.001, 0.5)
FLOWS = st.lists(st.floats(-1000, 1000), min_size=1, max_size=30)


@settings(max_examples=50)
@given(rate=st.floats(0, 0.5), flow=FLOWS)
def test_present_value_is_that_of_numpy_financial(rate: float, flow: list[float]) -> None:
    assert_allclose(present_value(rate, np.array(flow)), npf.npv(rate, flow), rtol=1e-9, atol=1e-8)


def test_present_value_works_along_the_last_axis() -> None:
    flows = np.arange(24.0).reshape(2, 3, 4)
    found = present_value(0.1, flows)
    assert found.shape == (2, 3)
    assert_allclose(found[1, 2], 20 + 21 / 1.1 + 22 / 1.21 + 23 / 1.331)
    assert_allclose(discount_factors(0.1, 4), [1, 1 / 1.1, 1 / 1.21, 1 / 1.331])


@settings(max_examples=50)
@given(rate=RATES, years=st.integers(1, 60))
def test_annuities_are_those_of_numpy_financial(rate: float, years: int) -> None:
    assert_allclose(annuity(rate, years), npf.pmt(rate, years, -1.0), rtol=1e-9)
    assert_allclose(annuity_factor(rate, years), npf.pv(rate, years, -1.0), rtol=1e-9)


def test_annuities_of_a_textbook_table() -> None:
    # present value of one a year: 8 % for 20 years, 10 % for 5, 5 % for 7 (tables of Brealey, Myers and Allen)
    assert_allclose(
        annuity_factor(np.array([0.08, 0.10, 0.05]), np.array([20, 5, 7])), [9.818, 3.791, 5.786], atol=5e-4
    )


def test_without_interest_an_annuity_is_a_share_of_the_years() -> None:
    assert_allclose(annuity_factor(0.0, np.array([4, 10])), [4, 10])
    assert_allclose(annuity(np.array([0.0, 0.1]), 1), [1, 1.1])
    assert_allclose(annuity(1e-12, 10), 0.1, rtol=1e-11)  # as good as none, and no digits are lost


def test_present_value_and_annuity_worked_by_hand() -> None:
    # 100 now for 60 in one and 60 in two years, at 10 %: 54.545 + 49.587 - 100
    assert_allclose(present_value(0.1, np.array([-100.0, 60, 60])), 4.132, atol=5e-4)
    # 1 000 repaid in three years at 6 %: 1 000 x 0.06 / (1 - 1.06^-3) = 374.11
    assert_allclose(1000 * annuity(0.06, 3), 374.11, atol=5e-3)
    assert_allclose(future_value_factor(0.06, 3), 1.06**2 + 1.06 + 1)


# --- what municipal pots have paid for: depreciation and interest on book value -------------------------


def test_straight_line_charges_by_hand() -> None:
    # 1 krona, 4 years, 10 %: a quarter, and 10 % of 1, 0.75, 0.5, 0.25
    charge = straight_line_charge(0.1, 0.0, np.array([0]), np.array([4]), 6)[0]
    assert_allclose(charge[0], [0.35, 0.325, 0.3, 0.275, 0, 0])
    assert_allclose(charge[3], [0, 0, 0, 0.35, 0.325, 0.3])
    assert_allclose(charge[:, 3], [0.275, 0.3, 0.325, 0.35, 0, 0])
    # two years until it is used, 2 % inflation: the krona of year 0 is charged as it stands in the books
    later = straight_line_charge(0.1, 0.02, np.array([2]), np.array([2]), 6)[0]
    assert_allclose(later[0], [0, 0, 0.6 / 1.02**2, 0.55 / 1.02**3, 0, 0])
    assert_allclose(later[1], [0, 0, 0, 0.6 / 1.02**2, 0.55 / 1.02**3, 0])


@settings(max_examples=50)
@given(
    rate=st.floats(0, 0.15),
    inflation=st.floats(0, 0.1),
    lead=st.integers(0, 3),
    lifetime=st.integers(1, 20),
    paid=st.integers(0, 5),
)
def test_charges_are_worth_the_krona_at_the_internal_rate(
    rate: float, inflation: float, lead: int, lifetime: int, paid: int
) -> None:
    """Nominal charges at the ends of years, discounted at the nominal rate to commissioning, whatever inflation."""
    charge = straight_line_charge(rate, inflation, np.array([lead]), np.array([lifetime]), 30)[0, paid]
    nominal = charge * (1 + inflation) ** (np.arange(30.0) - paid)
    assert_allclose(npf.npv(rate, [0, *nominal[paid + lead :]]), 1.0, rtol=1e-9)
    assert_allclose(charge[: paid + lead], 0)
    # the same in constant prices: the real rate is (1 + rate) / (1 + inflation) - 1, the krona that of the year paid
    real = (1 + rate) / (1 + inflation) - 1
    assert_allclose(npf.npv(real, [0, *charge[paid + lead :]]) * (1 + inflation) ** (lead - 1), 1.0, rtol=1e-9)


# --- loans and bonds -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("repayment", "left", "service"),
    [
        ("straight", [1, 2 / 3, 1 / 3, 0, 0], [0, 1 / 3 + 0.06, 1 / 3 + 0.04, 1 / 3 + 0.02, 0]),
        ("annuity", [1, 0.68589, 0.352934, 0, 0], [0, 0.37411, 0.37411, 0.37411, 0]),
        ("bullet", [1, 1, 1, 0, 0], [0, 0.06, 0.06, 1.06, 0]),
    ],
)
def test_debt_by_hand(repayment: str, left: list[float], service: list[float]) -> None:
    """One krona for three years at 6 %; annuity 0.3741098: 1.06 less it is 0.6858902, x 1.06 less it 0.3529338."""
    found = debt_left(0.06, 3, repayment, 5)
    assert_allclose(found, left, atol=5e-7)
    assert_allclose(debt_service(0.06, found), service, atol=5e-7)


@settings(max_examples=50)
@given(rate=RATES, periods=st.integers(1, 25))
def test_annuity_loans_are_those_of_numpy_financial(rate: float, periods: int) -> None:
    left = debt_left(rate, periods, "annuity", periods + 3)
    repaid, age = left[:-1] - left[1:], np.arange(1, periods + 1)
    assert_allclose(repaid[:periods], -npf.ppmt(rate, age, periods, 1.0), rtol=1e-8, atol=1e-12)
    assert_allclose(rate * left[:periods], -npf.ipmt(rate, age, periods, 1.0), rtol=1e-8, atol=1e-12)
    assert_allclose(debt_service(rate, left)[1 : periods + 1], -npf.pmt(rate, periods, 1.0), rtol=1e-8)
    assert_allclose(left[periods:], 0)


@settings(max_examples=50)
@given(rate=st.floats(0, 0.3), periods=st.integers(1, 25), repayment=st.sampled_from(["straight", "annuity", "bullet"]))
def test_debt_service_is_worth_the_loan_at_its_rate(rate: float, periods: int, repayment: str) -> None:
    left = debt_left(rate, periods, repayment, periods + 2)
    service = debt_service(rate, left)
    assert_allclose(npf.npv(rate, service), 1.0, rtol=1e-9)
    assert left[0] == 1 and np.all(np.diff(left) <= 1e-12) and np.all(service >= 0)


# --- capital charges -------------------------------------------------------------------------------


def one_measure(**row: object) -> Measures:
    """M costs 12 MSEK in 2026 and 6 in 2032 (the line between: one less a year)."""
    costs = [cost("M", "capital", 12, 2026), cost("M", "capital", 6, 2032)]
    town = measured_town([measure("M", **row)], [effect("M", "activity", "cycling_km", 1)], costs=costs)
    return built(town).case.measures


def started(**by_year: float) -> np.ndarray:
    new_units = np.zeros((1, 1, len(YEARS)))
    for year, units in by_year.items():
        new_units[0, 0, int(year[1:]) - YEARS[0]] = units
    return new_units


def test_capital_charges_by_hand() -> None:
    measures = one_measure(lead=1, lifetime=3)
    yearly = 0.05 / (1 - 1.05**-3)  # what repays one krona in three years at 5 %: 0.3672
    assert_allclose(yearly, 0.3672, atol=5e-5)
    # 2 units at 11 started in 2027 operate 2028-2030; 1 at 9 started in 2029, 2030-2032; 1 at 7 of 2031, 2032-2034
    charge = capital_charge(measures, started(y2027=2, y2029=1, y2031=1), 0.05)[0, 0]
    expected = np.array([0, 0, 0, 0, 22, 22, 22 + 9, 9, 9 + 7]) * yearly
    assert_allclose(charge, expected)


def test_charges_inside_the_horizon_are_worth_what_was_paid() -> None:
    """At the end of each year of operation, all of its life inside the horizon: the present value is the price."""
    measures = one_measure(lifetime=4)
    charge = capital_charge(measures, started(y2027=1), 0.07)[0, 0]
    assert_allclose(present_value(0.07, charge[3:]) / 1.07, 11)
    assert_allclose(charge[3:7], npf.pmt(0.07, 4, -11.0))
    assert_allclose(charge[[2, 7]], 0)


def test_what_falls_after_the_last_year_is_a_residual_value() -> None:
    """A unit of 2030 that lives six years: three charges inside, the other three are what it is still worth."""
    measures = one_measure(lifetime=6)
    charge = capital_charge(measures, started(y2030=1), 0.0)[0, 0]
    assert_allclose(charge[6:], 8 / 6)
    assert_allclose(charge.sum(), 8 / 2)


@settings(max_examples=25)
@given(seed=st.integers(0, 1_000_000), rate=st.just(0.0) | st.floats(0.001, 0.2))
def test_charges_are_installed_units_times_the_annuity_of_their_own_year(seed: int, rate: float) -> None:
    """Units of every vintage pay npf's annuity on the price of their year, as long as they operate."""
    measures = random_case(seed).measures
    rng = np.random.default_rng(seed)
    new_units = rng.uniform(0, 5, (2, *measures.capital.shape[1:]))
    expected = np.zeros_like(new_units)
    for start in range(new_units.shape[2]):
        vintage = np.zeros_like(new_units)
        vintage[:, :, start] = new_units[:, :, start]
        for m, life in enumerate(measures.lifetime):
            yearly = npf.pmt(rate, int(life), -measures.capital[0, m, start])
            expected[:, m] += installed(measures, vintage)[:, m] * yearly
    assert_allclose(capital_charge(measures, new_units, rate), expected, rtol=1e-9, atol=1e-9)


@settings(max_examples=25)
@given(seed=st.integers(0, 1_000_000), rate=st.floats(0, 0.2))
def test_weights_of_the_objective_are_the_present_value_of_charges(seed: int, rate: float) -> None:
    case = random_case(seed)
    first = case.year_index(FIRST)
    new_units = np.random.default_rng(seed).uniform(0, 5, case.measures.capital.shape)
    new_units[:, :, :first] = 0
    charge = capital_charge(case.measures, new_units, rate)[0, :, first:]
    weight = capital_weight(case.measures, rate, first)[0]
    assert weight.shape == (len(case.measures.names), len(case.years) - first)
    assert_allclose((weight * new_units[0, :, first:]).sum(), present_value(rate, charge).sum(), rtol=1e-9)
