"""What does it cost, and what is that worth today? Present values, annuities and yearly costs.

Rates and money are real. Formulas are those of any textbook on investment appraisal (Brealey, Myers and Allen 2020).
"""

from __future__ import annotations

import numpy as np

from model.measures.catalogue import Measures
from model.projection.replay import installed
from model.vocabulary import FloatArray, IntArray


def discount_factors(rate: float, years: int) -> FloatArray:
    """Value in year 0 of one krona in years 0, 1, ... (years,)."""
    return (1.0 + rate) ** -np.arange(years, dtype=float)


def present_value(rate: float, flow: FloatArray) -> FloatArray:
    """Value in the first year of a yearly flow along the last axis."""
    return np.asarray(flow @ discount_factors(rate, flow.shape[-1]))


def annuity_factor(rate: FloatArray | float, years: FloatArray | IntArray | int) -> FloatArray:
    """Present value of one krona at the end of each of `years` years."""
    rates, periods = np.asarray(rate, dtype=float), np.asarray(years, dtype=float)
    safe = np.where(rates == 0, 1.0, rates)
    # (1 - (1 + rate) ** -years) / rate, written so that small rates lose no digits
    return np.where(rates == 0, periods, -np.expm1(-periods * np.log1p(safe)) / safe)


def annuity(rate: FloatArray | float, years: FloatArray | IntArray | int) -> FloatArray:
    """Equal yearly payment, at the end of each of `years` years, that repays one krona."""
    return 1.0 / annuity_factor(rate, years)


def capital_charge(measures: Measures, new_units: FloatArray, rate: float) -> FloatArray:
    """Capital as equal yearly amounts while units can operate, (batch, measure, year) in MSEK.

    What falls after the last year is not counted, which is the same as a residual value.
    """
    yearly = annuity(rate, measures.lifetime)[:, None] * measures.capital
    return installed(measures, new_units * yearly)


def capital_weight(measures: Measures, rate: float, first: int) -> FloatArray:
    """Present value of the capital charges of one unit started in a year, (batch, measure, year from `first`) in MSEK.

    `first` is the index of the year to which charges are discounted.
    """
    years = measures.capital.shape[-1]
    weight = np.zeros_like(measures.capital)
    for start in range(first, years):  # one impulse a year through `installed`: the matrix of its windows
        impulse = np.zeros_like(measures.capital)
        impulse[:, :, start] = 1.0
        charge = capital_charge(measures, impulse, rate)
        weight[:, :, start] = present_value(rate, charge[:, :, first:])
    return weight[:, :, first:]


def straight_line_charge(rate: float, inflation: float, lead: IntArray, lifetime: IntArray, years: int) -> FloatArray:
    """Capital charge of one krona of capital, (asset, year paid, year charged) in kronor of constant prices.

    From commissioning, `lead` years after it was paid, an asset is written off in equal parts over its `lifetime`, and
    the internal rate is charged on its book value at the start of the year: the charge in its k-th year of use
    (from 0) is 1 / lifetime + rate (1 - k / lifetime). Books keep the kronor that were paid: `rate` is nominal, and
    what is charged y years after payment is worth (1 + inflation)^-y of them. Discounted at the rate to commissioning,
    at ends of years, the nominal charges are worth the krona. Source: RKR R4 Materiella anläggningstillgångar (2019),
    with the internal rate that SKR recommends.
    """
    since = np.arange(years)[None, :] - np.arange(years)[:, None]  # (year paid, year charged)
    used = since - np.asarray(lead)[:, None, None]
    life = np.asarray(lifetime, dtype=float)[:, None, None]
    charge = np.where((used >= 0) & (used < life), 1.0 / life + rate * (1.0 - used / life), 0.0)
    return np.asarray(charge * (1.0 + inflation) ** -since)


def debt_left(rate: float, periods: int, repayment: str, years: int) -> FloatArray:
    """What is left of one krona borrowed at the end of years 0, 1, ... after borrowing, (years,), nominal.

    `straight`: equal repayments; `annuity`: equal sums of repayment and interest; `bullet`: all repaid at the end.
    """
    age = np.arange(years, dtype=float)
    left = {
        "straight": 1.0 - age / periods,
        "annuity": 1.0 - future_value_factor(rate, age) / future_value_factor(rate, periods),
        "bullet": np.ones(years),
    }[repayment]
    return np.where(age < periods, left, 0.0)


def future_value_factor(rate: float, years: FloatArray | float) -> FloatArray:
    """Value after `years` years of one krona paid at the end of each of them."""
    periods = np.asarray(years, dtype=float)
    return np.asarray(annuity_factor(rate, periods) * (1.0 + rate) ** periods)


def debt_service(rate: float, left: FloatArray) -> FloatArray:
    """Repayment and interest in years 0, 1, ... after borrowing one krona, (years,), nominal; none in the first."""
    before = left[:-1]
    return np.concatenate([[0.0], before - left[1:] + rate * before])
