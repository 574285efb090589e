"""What stands in the cells of a CSV file? Lines of text under the columns of a table, each with its place.

A line whose first cell begins with `#` is a comment: it is skipped wherever it stands, above the columns too.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from model.inputs.columns.base import Row
from model.inputs.faults import Faults, Place, nearest
from model.inputs.reading.decimals import SEMICOLON, separator_of, with_points
from model.inputs.reading.sheet import COMMENT, Sheet, TableLine
from model.inputs.reading.text import read_text

MOST_LINES, LONGEST = 500_000, 50_000
"""Lines of the longest table that is read, and characters of the longest line in it."""


def read_sheet(path: Path, kind: type[Row], place: Place, faults: Faults) -> Sheet | None:
    """What stands in a file with the columns of `kind`; None when nothing can be made of it, which is a fault."""
    text = read_text(path, place.file, "a CSV file", faults)
    if text is None:
        return None
    separator = separator_of(text)
    columns: list[str] | None = None
    lines: list[TableLine] = []
    head, whole = Place(place.file, 1), True
    for here, values in _records(text, separator, place.file, faults):
        whole = whole and values is not None
        if values is None:
            continue
        if columns is None:
            head = here
            columns = _header(values, kind, head, faults)
            if not columns:
                return None
        elif any(value.strip() for value in values):
            cells = {name: value.strip() for name, value in zip(columns, values, strict=False) if name}
            lines.append(TableLine(here, tuple(values), cells))
    if columns is None:
        if whole:
            _header([], kind, head, faults)
        return None
    sheet = Sheet(head, tuple(columns), tuple(lines), whole)
    return with_points(sheet, kind, faults) if separator == SEMICOLON else sheet


def _records(text: str, separator: str, file: str, faults: Faults) -> Iterator[tuple[Place, list[str] | None]]:
    """The lines that say something, each with its values; None, and that is noted, where it cannot be split into them.

    A line of text is a line of the table, so a quotation mark that is never closed cannot swallow those below it.
    """
    for number, line in enumerate(text.splitlines(), 1):
        here = Place(file, number)
        if number > MOST_LINES:
            faults.add(here, f"more than {MOST_LINES} lines", "a table of at most as many")
            yield here, None
            return
        if not line.strip() or line.lstrip('" \t').startswith(COMMENT):
            continue
        values = None if len(line) > LONGEST else _values(line, separator)
        if values is None:
            found = "a quotation mark that is not closed in its line, or not followed by the next value"
            allowed = 'quotation marks around a whole text, and "" for one inside it'
            if len(line) > LONGEST:
                found, allowed = f"a line of {len(line)} characters", f"at most {LONGEST}"
            faults.add(here, found, allowed)
        yield here, values


def _values(line: str, separator: str) -> list[str] | None:
    """The values in a line; None where its quotation marks make no sense."""
    if '"' not in line:
        return line.split(separator)
    try:
        (values,) = csv.reader([line], delimiter=separator, strict=True)
    except csv.Error:
        return None
    return values


def columns_of(kind: type[Row]) -> list[str]:
    """The columns of a table."""
    return list(kind.columns())


def missing_columns(columns: tuple[str, ...], kind: type[Row]) -> list[str]:
    """Columns that a table must have and the file has not."""
    return [name for name in columns_of(kind) if name not in columns and kind.model_fields[name].is_required()]


def _header(header: list[str], row: type[Row], place: Place, faults: Faults) -> list[str]:
    """The column each value of a row belongs to, blank for none; an empty list when nothing can be made of it.

    A misspelt column is read as what it was meant to be, so that its values are checked as well.
    """
    known = columns_of(row)
    header = [name.strip() for name in header]
    if not any(header):
        faults.add(place, "no columns", f"columns {', '.join(known)}")
        return []
    if 2 * len(set(header) & set(known)) < len(header):
        faults.add(place, "a first line that does not name the columns", f"columns {', '.join(known)}")
        return []
    missing = [name for name in known if name not in header]
    columns: list[str] = []
    for name in header:
        if name and name in columns:
            faults.add(place, f"column '{name}' twice", "each column once")
        elif name not in known:
            meant = _meant(name, header, missing, row)
            found = f"column '{name}'" if name else "a column without a name"
            faults.add(place, found, f"columns {', '.join(known)}", [meant] if meant else known, meant or name)
            missing = [each for each in missing if each != meant]
            columns.append(meant)
            continue
        columns.append("" if name in columns else name)
    return columns


def _meant(name: str, header: list[str], missing: list[str], row: type[Row]) -> str:
    """What a column that is not known was meant to be: the nearest missing one, or the only one that it can be."""
    required = [each for each in missing if row.model_fields[each].is_required()]
    only = len(required) == 1 and sum(each not in row.model_fields for each in header) == 1
    return required[0] if only else nearest(name, missing)
