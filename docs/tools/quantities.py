"""What do pages tell of results? Quantities as numbers, in kt, MSEK and shares; the year is that of comparison."""

from __future__ import annotations

import numpy as np
import xarray as xr

from docs.tools.results import GOAL, of, prices
from model.outputs.comparison import comparison_year
from model.outputs.summary import yearly_net_cost
from model.vocabulary import CENTRAL, FloatArray

MUNICIPAL = ("municipal_investment", "municipal_operating", "loan", "green_bond")
"""Kinds of funds that are the municipality's own."""
BORROWED = ("loan", "green_bond")
KT = 1e-3


def emitted(data: xr.Dataset, indicator: str) -> float:
    """An indicator in the year of comparison, kt."""
    return KT * float(data.indicator.sel(indicator_name=indicator, year=comparison_year(data)))


def fossil(scenario: str, future: str = CENTRAL) -> float:
    """Fossil CO2, kt."""
    return emitted(of(scenario, future), "fossil_co2")


def all_gases(scenario: str, future: str = CENTRAL) -> float:
    """All gases, kt CO2e."""
    return emitted(of(scenario, future), "ghg_total")


def paid(data: xr.Dataset, *funds: str) -> float:
    """What funds pay in all years, MSEK; without any named, all of them."""
    return float(data.payment.sel(fund=list(funds) or data.fund.values).sum())


def paid_by_kinds(data: xr.Dataset, *kinds: str) -> float:
    """The same by all funds of some kinds."""
    return float(data.payment.isel(fund=np.isin(data.fund_kind.values, kinds)).sum())


def of_pot(scenario: str, what: str, fund: str) -> float:
    """An amount of a pot (`budget`, `charge`, `overdrawn`, ...) in all years, MSEK."""
    return float(of(scenario)[what].sel(fund=fund).sum())


def unused(scenario: str, fund: str) -> float:
    """Share of a pot that pays for nothing."""
    return 1 - paid(of(scenario), fund) / of_pot(scenario, "budget", fund)


def discounted(data: xr.Dataset, values: FloatArray) -> float:
    """A yearly amount from the first decision year on, MSEK of that year."""
    later = data.year.values - int(data.attrs["first_decision_year"])
    factor = (1 + float(data.attrs["social_rate"])) ** -later.astype(float)
    return float((values * factor)[later >= 0].sum())


def net_cost(scenario: str) -> float:
    """Discounted cost against the reference, MSEK; negative: it saves."""
    return discounted(of(scenario), yearly_net_cost(of(scenario)))


def benefit(scenario: str) -> float:
    """Discounted co-benefits, MSEK."""
    return discounted(of(scenario), of(scenario).benefit.sum("measure").values)


def may_miss() -> float:
    """What the goal's plan may be from the best in a year, kt."""
    return KT * float(of(GOAL).attrs["gap_tolerance"])


def left() -> float:
    """What the goal's plan leaves above the target, kt."""
    return KT * float(of(GOAL).attrs["gap_plan"] - of(GOAL).attrs["gap_limit"])


def lifted(kind: str) -> float:
    """What lifting a kind of limits closes, on top of those before it, kt."""
    return KT * float(of(GOAL).gap_lifted.sel(limit_kind=kind))


def larger_pots() -> float:
    """What larger pots alone close, kt."""
    return KT * float(of(GOAL).attrs["gap_least"] - of(GOAL).attrs["gap_pots"])


def price(limits: tuple[str, ...], name: str, column: str, unit: str = "") -> float:
    """The largest price of limits of these kinds over the years, in their unit."""
    found = [
        float(row[column])
        for row in prices()
        if row["limit"] in limits and row["of"] == name and row[column] and (not unit or row["unit"] == unit)
    ]
    return max(found, default=0.0)


def price_of_pot(fund: str) -> float:
    """The largest price of a pot or its ceiling, whole units relaxed or as in the plan, t per MSEK."""
    return max(price(("pot", "ceiling"), fund, column) for column in ("relaxed", "whole_units_fixed"))


def price_of_must(kind: str, name: str) -> float:
    """What the plan would save without a must or a must-not, MSEK discounted."""
    return price((kind,), name, "finite_difference", "MSEK")
