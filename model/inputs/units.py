"""How many canonical units is one unit as written in the data?

Units are declared in the tables and converted once, at the door; inside, numbers are plain floats in t, GWh,
MSEK of the price year, million km and so on. Pint does the arithmetic with a registry of our own, so that a
price year is a unit of its own (SEK_2024 is not SEK_2026) and anything countable (car, package) may be a unit.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

_DEFINITIONS = (
    "k- = 1e3", "M- = 1e6", "G- = 1e9", "T- = 1e12",
    "g = [mass]", "t = 1e6 g",
    "Wh = [energy]", "J = 1 / 3600 Wh",
    "m = [length]", "Mkm = 1e6 km",
    "l = [volume]", "m3 = 1000 l", "thousand_litre = 1000 l",
    "ha = [area]", "m2 = 1e-4 ha",
    "year = [time]", "day = 1 / 365 year",
    "person = [person]", "person_year = person * year", "person_month = 1 / 12 person_year",
    "fraction = []", "percent = 0.01", "percent_point = 0.01",
    "t_CO2e = [co2e]", "kt_CO2e = 1000 t_CO2e", "kg_CO2e = 1e-3 t_CO2e",
)  # fmt: skip
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


class UnitError(ValueError):
    """The unit cannot be turned into what is needed there."""


@lru_cache(maxsize=1)
def _registry() -> Any:
    import pint

    registry: Any = pint.UnitRegistry(None, cache_folder=None)
    for definition in _DEFINITIONS:
        registry.define(definition)
    return registry


@lru_cache(maxsize=4096)
def factor(unit: str, canonical: str) -> float:
    """Canonical units per unit as written: `factor("kWh/km", "GWh/Mkm")` is 1.0.

    Raises `UnitError` when the two do not measure the same thing or a word is no unit.
    """
    if unit == canonical:
        return 1.0
    registry = _registry()
    try:
        for text in (unit, canonical):
            _define_new(registry, text)
        ratio = registry.Quantity(1.0, registry.Unit(unit)).to(registry.Unit(canonical))
    except Exception as error:
        raise UnitError(f"unit '{unit}' where '{canonical}' or the like is needed") from error
    return float(ratio.magnitude)


def _define_new(registry: Any, text: str) -> None:
    """Make any word not yet known a unit of its own: a countable thing, or money of a price year."""
    for word in _WORD.findall(text):
        if word in registry:
            continue
        money = re.fullmatch(r"[kMG]?(SEK_\d{4})", word)
        registry.define(f"{money.group(1) if money else word} = [{money.group(1) if money else word}]")
