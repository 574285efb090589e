"""What is a table before it is understood? Lines of text under the names of columns, each with its place."""

from __future__ import annotations

from dataclasses import dataclass

from model.inputs.faults import Place

COMMENT = "#"
"""A line that begins with it says nothing."""


@dataclass(frozen=True)
class TableLine:
    """A line of a table: where it stands, its values as text, and what is in each column that has a name."""

    place: Place
    values: tuple[str, ...]
    cells: dict[str, str]


@dataclass(frozen=True)
class Sheet:
    """A CSV file: its columns (blank for one without a name), where they stand, its lines, and if these are all."""

    place: Place
    columns: tuple[str, ...]
    lines: tuple[TableLine, ...]
    whole: bool = True
    """whether every line could be read"""
