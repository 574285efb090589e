"""Present values, annuities and internal rates beside numpy-financial and textbooks; capital charges by hand."""

from __future__ import annotations

import numpy as np
import numpy_financial as npf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measured_town import YEARS, built, cost, effect, measure, measured_town
from numpy.testing import assert_allclose
from random_towns import FIRST, random_case

from model.economics import (
    annuity,
    annuity_factor,
    capital_charge,
    capital_weight,
    discount_factors,
    internal_rate,
    present_value,
)
from model.measures import Measures
from model.projection import installed

RATES = st.floats(0.001, 0.5)
FLOWS = st.lists(st.floats(-1000, 1000), min_size=1, max_size=30)


@settings(max_examples=50, deadline=None)
@given(rate=st.floats(0, 0.5), flow=FLOWS)
def test_present_value_is_that_of_numpy_financial(rate: float, flow: list[float]) -> None:
    assert_allclose(present_value(rate, np.array(flow)), npf.npv(rate, flow), rtol=1e-9, atol=1e-8)


def test_present_value_works_along_the_last_axis() -> None:
    flows = np.arange(24.0).reshape(2, 3, 4)
    found = present_value(0.1, flows)
    assert found.shape == (2, 3)
    assert_allclose(found[1, 2], 20 + 21 / 1.1 + 22 / 1.21 + 23 / 1.331)
    assert_allclose(discount_factors(0.1, 4), [1, 1 / 1.1, 1 / 1.21, 1 / 1.331])


@settings(max_examples=50, deadline=None)
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


def test_internal_rates_of_a_textbook() -> None:
    # Brealey, Myers and Allen: -4 000, 2 000, 4 000 returns 28.08 %
    assert_allclose(internal_rate(np.array([-4000.0, 2000, 4000])), 0.2808, atol=5e-5)
    # and a mine that costs 30, gives 10 for nine years and takes 65 to clean up: 3.50 % and 19.54 %
    mine = np.array([-30.0, *[10] * 9, -65])
    assert_allclose(internal_rate(mine), 0.0350, atol=5e-5)
    assert_allclose(present_value(0.1954, mine), 0, atol=5e-3)
    assert_allclose(internal_rate(np.array([-100.0, 110])), 0.10)
    assert_allclose(internal_rate(np.array([-100.0, 0, 0, 100])), 0, atol=1e-12)
    assert_allclose(internal_rate(np.array([-100.0, 50])), -0.5)


@pytest.mark.parametrize("flow", [[1.0, 2, 3], [-1.0, -2], [0.0, 0], [0.0], [5.0]])
def test_what_never_changes_sign_has_no_internal_rate(flow: list[float]) -> None:
    assert np.isnan(internal_rate(np.array(flow)))


@settings(max_examples=50, deadline=None)
@given(first=st.floats(1, 1000), later=st.lists(st.floats(0.1, 500), min_size=1, max_size=20))
def test_internal_rate_is_that_of_numpy_financial_when_there_is_one(first: float, later: list[float]) -> None:
    """Pay once, receive afterwards: exactly one rate above -1."""
    flow = np.array([-first, *later])
    rate = internal_rate(flow)
    assert_allclose(rate, npf.irr(flow), rtol=1e-6, atol=1e-6)
    assert_allclose(present_value(rate, flow), 0, atol=1e-6 * np.abs(flow * discount_factors(rate, len(flow))).sum())


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


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 1_000_000), rate=st.just(0.0) | st.floats(0.001, 0.2))
def test_charges_are_installed_units_times_the_annuity_of_their_own_year(seed: int, rate: float) -> None:
    """Units of every vintage pay npf's annuity on the price of their year, as long as they operate."""
    measures = random_case(seed).measures
    rng = np.random.default_rng(seed)
    new_units = rng.uniform(0, 5, (2, *measures.capital.shape))
    expected = np.zeros_like(new_units)
    for start in range(new_units.shape[2]):
        vintage = np.zeros_like(new_units)
        vintage[:, :, start] = new_units[:, :, start]
        for m, life in enumerate(measures.lifetime):
            yearly = npf.pmt(rate, int(life), -measures.capital[m, start])
            expected[:, m] += installed(measures, vintage)[:, m] * yearly
    assert_allclose(capital_charge(measures, new_units, rate), expected, rtol=1e-9, atol=1e-9)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 1_000_000), rate=st.floats(0, 0.2))
def test_weights_of_the_objective_are_the_present_value_of_charges(seed: int, rate: float) -> None:
    case = random_case(seed)
    first = case.year_index(FIRST)
    new_units = np.random.default_rng(seed).uniform(0, 5, (1, *case.measures.capital.shape))
    new_units[:, :, :first] = 0
    charge = capital_charge(case.measures, new_units, rate)[0, :, first:]
    weight = capital_weight(case.measures, rate, first)
    assert weight.shape == (len(case.measures.names), len(case.years) - first)
    assert_allclose((weight * new_units[0, :, first:]).sum(), present_value(rate, charge).sum(), rtol=1e-9)
