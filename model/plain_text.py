"""How are numbers and tables written in plain text, wherever they are shown?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, isnan, log10
from typing import Literal

Column = tuple[str, Literal["left", "right", "text"]]
"""Heading and kind: `left` for a name, `right` for a number, `text` for words that may be wrapped."""

DIGITS = 7
"""Digits with which results are written. The solver is given coefficients rounded to about 1e-8, and the last bits of
sums differ between processors: further digits are not settled, and would only make equal results look different."""
CERTAIN = 12
"""Digits that are the same on every processor. They are taken first: a number between two that are written goes the
same way everywhere."""
NOTHING = 1e-6
"""What is less, in any unit, is written as 0."""


@dataclass(frozen=True)
class TextTable:
    """A table with its title; all cells are texts."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]


def thousands(value: float, digits: int = 0, language: str = "en") -> str:
    """A number with spaces between thousands, in Swedish with a decimal comma; a dash for what is not defined."""
    if isnan(value):
        return "-"
    shown = f"{round(value, digits) + 0.0:,.{digits}f}".replace(",", " ")
    return shown.replace(".", ",") if language == "sv" else shown


def settled(value: float) -> str:
    """A result as files show it: the digits that are settled, nothing as `0`, blank for what is not defined."""
    if isnan(value):
        return ""
    certain = float(f"{value:.{CERTAIN}g}")
    return "0" if abs(certain) < NOTHING else f"{float(f'{certain:.{DIGITS}g}'):.15g}"


def decimals_for(value: float, least: int = 0) -> int:
    """Decimals, at least so many, with which a number is not written as 0 unless it is."""
    return least if value == 0 or isnan(value) else max(-floor(log10(abs(value))), least)


def shares(asked: float, reached: float) -> tuple[str, str]:
    """A share asked (above 0) and one reached in per cent, with decimals that tell them apart and from nothing."""
    decimals = max(1 - floor(log10(100 * asked)), 2)
    while reached > asked * (1 + 1e-6) and f"{100 * reached:.{decimals}f}" == f"{100 * asked:.{decimals}f}":
        decimals += 1
    shown, least = f"{100 * reached:.{decimals}f}", f"{10.0**-decimals:.{decimals}f}"
    below = reached > 0 and float(shown) == 0
    return f"{_trimmed(100 * asked, decimals)} %", "0 %" if reached == 0 else f"< {least} %" if below else f"{shown} %"


def _trimmed(value: float, decimals: int) -> str:
    text = f"{value:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def columns(rows: Sequence[Sequence[str]]) -> str:
    """Rows of cells under each other: the first column to the left, the others to the right."""
    wide = [max(len(row[index]) for row in rows) for index in range(len(rows[0]))]
    lines = [
        "  ".join([row[0].ljust(wide[0]), *(cell.rjust(width) for cell, width in zip(row[1:], wide[1:], strict=True))])
        for row in rows
    ]
    return "\n".join(lines)
