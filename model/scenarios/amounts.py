"""How are amounts with units in scenario files read?"""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

from model.inputs import units
from model.inputs.columns.measures import Measure
from model.inputs.columns.money import Fund, Valuation
from model.inputs.faults import Faults, Place
from model.inputs.municipality import Municipality
from model.inputs.schema import Goal, Portfolio
from model.money.debts import deflator
from model.money.financing import Financing
from model.vocabulary import MASS, FloatArray

QUANTITY = re.compile(r"^\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(\S.*?)?\s*$")
SHAPES = ("linear", "logistic", "step")


def amount(text: str, town: Municipality, place: Place, faults: Faults) -> float:
    """A yearly amount of money in MSEK, such as `100 MSEK/year`; the price year may be left out."""
    match = QUANTITY.match(str(text))
    allowed = "an amount with its unit, such as '100 MSEK/year'"
    if match is None or match.group(2) is None:
        faults.add(place, f"'{text}'", allowed)
        return 0.0
    unit = re.sub(r"\b([kM]?SEK)(?!_)", rf"\1_{town.settings.price_year}", match.group(2))
    try:
        value = float(match.group(1)) * units.factor(unit, f"{town.money}/year")
    except units.UnitError:
        faults.add(place, f"'{text}'", allowed)
        return 0.0
    if not 0 <= value < np.inf:
        faults.add(place, f"'{text}'", "an amount of at least 0")
    return value


def with_money(content: Portfolio | Goal, town: Municipality, financing: Financing) -> Financing:
    """Financing with a scenario's own yearly amounts and lifts, each real or nominal as its fund says."""
    budgets = {} if content.budgets == "unlimited" else content.budgets
    financing = financing.with_budgets(_yearly(budgets, town))
    return financing.with_lifts(_yearly(content.lifts, town)) if content.lifts else financing


def _yearly(amounts: Mapping[str, str], town: Municipality) -> dict[str, FloatArray]:
    """Yearly amounts by fund, (year,) in MSEK real."""
    rows = {row.fund: row for row in town.rows(Fund)}
    begun = town.years >= town.settings.first_decision_year  # nothing is saved up before anything can be decided
    return {
        fund: deflator(town, rows[fund]) * amount(text, town, Place(""), Faults()) * begun
        for fund, text in amounts.items()
    }


def carbon_value(goal: Goal, town: Municipality, place: Place, faults: Faults) -> float:
    """What a tonne avoided is worth, in MSEK per t CO2e: the goal's own, else `co2` among the valuations."""
    canonical = f"{town.money}/{MASS}"
    if goal.carbon_value is None:
        rows = [row for row in town.rows(Valuation) if row.item == "co2"]
        if not rows:
            faults.add(
                place, "no value of carbon for 'best_value'", f"'carbon_value', or 'co2' in {town.files['valuations']}"
            )
            return 0.0
        return town.convert(rows[0], canonical)
    match = QUANTITY.match(goal.carbon_value)
    unit = re.sub(r"\b([kM]?SEK)(?!_)", rf"\1_{town.settings.price_year}", (match.group(2) or "") if match else "")
    try:
        value = float(match.group(1)) * units.factor(unit, canonical) if match else -1.0
    except units.UnitError:
        value = -1.0
    if not 0 <= value < np.inf:
        faults.add(
            place,
            f"'{goal.carbon_value}' for 'carbon_value'",
            "a value of at least 0 with its unit, such as '9.2 SEK/kg'",
        )
        return 0.0
    return value


def level(text: str, measure: Measure, place: Place, faults: Faults) -> tuple[float, bool]:
    """A typed level: (value, whether it is a share of the potential); `9000 cars`, `60 %` or a bare number."""
    match = QUANTITY.match(str(text))
    allowed = f"a number of '{measure.unit}', such as '10 {measure.unit}', or a share of its potential, such as '60 %'"
    if match is None:
        faults.add(place, f"'{text}'", allowed)
        return 0.0, False
    value, unit = float(match.group(1)), match.group(2) or ""
    if not 0 <= value < np.inf:
        faults.add(place, f"'{text}'", "a level of at least 0")
    if unit == "%":
        return value / 100, True
    if unit and unit not in (measure.unit, f"{measure.unit}s", measure.unit.replace("_", " ")):
        faults.add(place, f"'{text}'", allowed)
    return value, False
