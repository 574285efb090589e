"""How are numbers and tables written in plain text, wherever they are shown?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from typing import Literal

Column = tuple[str, Literal["left", "right", "text"]]
"""Heading and kind: `left` for a name, `right` for a number, `text` for words that may be wrapped."""


@dataclass(frozen=True)
class TextTable:
    """A table with its title; all cells are texts."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]


def thousands(value: float, digits: int = 0) -> str:
    """A number with spaces between thousands; a dash for what is not defined."""
    return "-" if isnan(value) else f"{round(value, digits) + 0.0:,.{digits}f}".replace(",", " ")
