"""How are amounts with units in scenario files read?"""

from __future__ import annotations

import re

import numpy as np

from model.inputs import units
from model.inputs.faults import Faults, Place
from model.vocabulary import MASS, money

QUANTITY = re.compile(r"^\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(\S.*?)?\s*$")
DECIMAL_COMMA = re.compile(r"^(\s*[-+]?\d+),(\d)")
Level = tuple[float, bool]
"""A number, and whether it is a share of a potential."""


def amount(text: str, price_year: int, place: Place, faults: Faults) -> float:
    """A yearly amount of money in MSEK, such as `100 MSEK/year`; the price year may be left out."""
    allowed = "an amount with its unit, such as '100 MSEK/year'"
    value = _worth(text, f"{money(price_year)}/year", price_year)
    if value is None:
        faults.add(place, f"'{text}'", _with_point(text) or allowed)
        return 0.0
    if not 0 <= value < np.inf:
        faults.add(place, f"'{text}'", "an amount of at least 0")
    return value


def carbon_value(text: str, price_year: int, place: Place, faults: Faults) -> float:
    """What a tonne avoided is worth, in MSEK per t CO2e, such as `9.2 SEK/kg`; the price year may be left out."""
    value = _worth(text, f"{money(price_year)}/{MASS}", price_year)
    if value is None or not 0 <= value < np.inf:
        allowed = "a value of at least 0 with its unit, such as '9.2 SEK/kg'"
        faults.add(place, f"'{text}' for 'carbon_value'", _with_point(text) or allowed)
        return 0.0
    return value


def _with_point(text: str) -> str:
    """How an amount with a decimal comma is meant to be written; blank: it has none."""
    mended = DECIMAL_COMMA.sub(r"\1.\2", str(text), count=1)
    return "" if mended == str(text) else f"a point in a number: '{mended}'"


def _worth(text: str, canonical: str, price_year: int) -> float | None:
    """An amount that has money in it, in a canonical unit; None: it is no such thing."""
    match = QUANTITY.match(str(text))
    if match is None or match.group(2) is None:
        return None
    unit = re.sub(r"\b([kM]?SEK)(?!_)", rf"\1_{price_year}", match.group(2))
    try:
        return float(match.group(1)) * units.factor(unit, canonical)
    except units.UnitError:
        return None


def level(text: str, unit_of_measure: str, place: Place, faults: Faults) -> Level:
    """A typed level: (value, whether it is a share of the potential); `9000 cars`, `60 %` or a bare number."""
    match = QUANTITY.match(str(text))
    such_as = f"such as '10 {unit_of_measure}', or a share of its potential, such as '60 %'"
    allowed = f"a number of '{unit_of_measure}', {such_as}"
    if match is None or _with_point(text):
        faults.add(place, f"'{text}'", _with_point(text) or allowed)
        return 0.0, False
    value, unit = float(match.group(1)), match.group(2) or ""
    if not 0 <= value < np.inf:
        faults.add(place, f"'{text}'", "a level of at least 0")
    if unit == "%":
        return value / 100, True
    if unit and unit not in (unit_of_measure, f"{unit_of_measure}s", unit_of_measure.replace("_", " ")):
        faults.add(place, f"'{text}'", allowed)
    return value, False
