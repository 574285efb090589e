"""How are numbers and tables written in plain text, wherever they are shown?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from typing import Literal

Column = tuple[str, Literal["left", "right", "text"]]
"""Heading and kind: `left` for a name, `right` for a number, `text` for words that may be wrapped."""

DIGITS = 7
"""Digits with which results are written. The solver is given coefficients rounded to about 1e-8, and the last bits of
sums differ between processors: further digits are not settled, and would only make equal results look different."""
NOTHING = 1e-6
"""What is less, in any unit, is written as 0."""


@dataclass(frozen=True)
class TextTable:
    """A table with its title; all cells are texts."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]


def thousands(value: float, digits: int = 0) -> str:
    """A number with spaces between thousands; a dash for what is not defined."""
    return "-" if isnan(value) else f"{round(value, digits) + 0.0:,.{digits}f}".replace(",", " ")


def settled(value: float) -> str:
    """A result as files show it: the digits that are settled, nothing as `0`, blank for what is not defined."""
    if isnan(value):
        return ""
    return "0" if abs(value) < NOTHING else f"{float(f'{value:.{DIGITS}g}'):.15g}"
