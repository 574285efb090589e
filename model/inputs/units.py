"""How many canonical units is one unit as written in the data?

Units are declared in the tables and converted once, at the door; inside, numbers are plain floats in t, GWh,
MSEK of the price year, million km and so on. Pint does the arithmetic with a registry of our own, so that a
price year is a unit of its own (SEK_2024 is not SEK_2026) and anything countable (car, package) may be a unit.

What stands in a table is data: a unit is read by a grammar of words, `*`, `/`, brackets and small powers, and nothing
else of it reaches pint, which would evaluate it.
"""

from __future__ import annotations

import re
from collections import Counter
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
_TOKEN = re.compile(r"\s*(?:([A-Za-z][A-Za-z0-9_]{0,39})(?:(?:\^|\*\*)(-?[1-3]))?|([*/()])|(1)(?![\w.]))\s*")
LONGEST, HIGHEST = 100, 6
"""Characters of a unit, and the highest power of a word in it."""

_added: set[str] = set()
"""Words that the data have made units."""


class UnitError(ValueError):
    """The unit cannot be turned into what is needed there."""


@lru_cache(maxsize=4096)
def powers(text: str) -> dict[str, int]:
    """The words of a unit with their powers: `kWh/km` is {kWh: 1, km: -1}.

    Raises `UnitError` for what is no unit: words may be multiplied, divided, bracketed and raised to -3 to 3.
    """
    tokens, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at) if len(text) <= LONGEST else None
        if match is None:
            raise UnitError(f"'{text[:LONGEST]}' is no unit")
        tokens.append(match.groups())
        at = match.end()
    found, rest = _product(tokens, text)
    if rest:
        raise UnitError(f"'{text}' is no unit")
    held = {word: power for word, power in found.items() if power}
    if any(abs(power) > HIGHEST for power in held.values()):
        raise UnitError(f"'{text}' has a power above {HIGHEST}")
    return held


def _product(tokens: list[Any], text: str) -> tuple[Counter[str], list[Any]]:
    """A product of words and brackets, and the tokens that are left after it."""
    found: Counter[str] = Counter()
    sign: int | None = 1
    while tokens:
        (word, power, mark, _), *tokens = tokens
        if mark == ")":
            tokens = [(word, power, mark, _), *tokens]
            break
        if sign is None:
            if mark not in ("*", "/"):
                raise UnitError(f"'{text}' is no unit")
            sign = 1 if mark == "*" else -1
            continue
        if mark == "(":
            inside, tokens = _product(tokens, text)
            if not tokens or tokens[0][2] != ")":
                raise UnitError(f"'{text}' has a bracket that is not closed")
            tokens = tokens[1:]
        elif mark:
            raise UnitError(f"'{text}' is no unit")
        else:
            inside = Counter({word: int(power or 1)}) if word else Counter()
        for each, number in inside.items():
            found[each] += sign * number
        sign = None
    if sign is not None:
        raise UnitError(f"'{text}' is no unit")
    return found, tokens


@lru_cache(maxsize=2)
def _registry(growing: bool) -> Any:
    """The units that are known from the start, in a registry that others are added to or one that stays as it is."""
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
    if powers(unit) == powers(canonical):
        return 1.0
    registry = _registry(growing=True)
    try:
        ratio = registry.Quantity(1.0, _unit(registry, unit)).to(_unit(registry, canonical))
    except Exception as error:
        raise UnitError(f"unit '{unit}' where '{canonical}' or the like is needed") from error
    return float(ratio.magnitude)


def _unit(registry: Any, text: str) -> Any:
    """A unit in pint's terms; a word not known is a unit of its own: a countable thing, or money of a price year."""
    whole = registry.Unit("")
    for word, power in powers(text).items():
        if word not in _registry(growing=False):  # whatever has been added: order must not decide what `Mcar` means
            money = re.fullmatch(r"[kMG]?(SEK_\d{4})", word)
            name = money.group(1) if money else word
            if name not in _added:
                registry.define(f"{name} = [{name}]")
                _added.add(name)
        whole = whole * registry.Unit(word) ** power
    return whole
