"""How is a table read that a spreadsheet has written in Swedish? Semicolons between columns, commas in numbers.

A whole file is written one way or the other: with semicolons its numbers have a comma (and may have blanks between
thousands). A file that has both commas and points in its numbers is refused: nobody can tell which is meant.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, get_args

from model.inputs.columns.base import Row
from model.inputs.faults import Faults, Place
from model.inputs.reading.sheet import COMMENT, Sheet

COMMA, SEMICOLON = ",", ";"
SWEDISH = re.compile(r"[-+−]?(\d+|\d{1,3}([ \u00a0\u202f]\d{3})+)(,\d+)?([eE][-+]?\d+)?")
BLANKS = str.maketrans({" ": None, "\u00a0": None, "\u202f": None, ",": ".", "−": "-"})


def separator_of(text: str) -> str:
    """What stands between the columns of a table: told from the line that names them."""
    for line in text.splitlines():
        if line.strip() and not line.lstrip('" \t').startswith(COMMENT):
            return SEMICOLON if SEMICOLON in line and COMMA not in line else COMMA
    return COMMA


def with_points(sheet: Sheet, kind: type[Row], faults: Faults) -> Sheet:
    """A table with semicolons, its numbers with points; numbers of both kinds in one file are a fault."""
    numeric = [name for name in sheet.columns if name and _is_number(kind, name)]
    commas = _first(sheet, numeric, COMMA)
    points = _first(sheet, numeric, ".")
    if commas and points:
        place, found = points
        faults.add(place, f"'{found}'", f"a decimal comma as in line {commas[0].line}, or points in the whole file")
    lines = []
    for line in sheet.lines:
        cells = {name: _pointed(text) if name in numeric else text for name, text in line.cells.items()}
        lines.append(replace(line, cells=cells))
    return replace(sheet, lines=tuple(lines))


def _pointed(text: str) -> str:
    return text.translate(BLANKS) if SWEDISH.fullmatch(text) else text


def _first(sheet: Sheet, columns: list[str], sign: str) -> tuple[Place, str] | None:
    """The first number with a sign in it, and where it stands."""
    for line in sheet.lines:
        for name in columns:
            if sign in (text := line.cells.get(name, "")):
                return Place(line.place.file, line.place.line, name), text
    return None


def _is_number(kind: type[Row], column: str) -> bool:
    """Whether a column holds numbers, whatever limits they have and whether or not it may be left blank."""
    field = kind.model_fields.get(column)
    return field is not None and _holds_number(field.annotation)


def _holds_number(annotation: Any) -> bool:
    return annotation in (int, float) or any(map(_holds_number, get_args(annotation)))
