"""What stands in the cells of a CSV file? Lines of text under the columns of a table, each with its place.

A line whose first cell begins with `#` is a comment: it is skipped wherever it stands, above the columns too.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from model.inputs.columns.base import Row
from model.inputs.faults import Faults, Place, nearest

COMMENT = "#"


@dataclass(frozen=True)
class TableLine:
    """A line of a table: where it stands, its values as text, and what is in each column that has a name."""

    place: Place
    values: tuple[str, ...]
    cells: dict[str, str]


@dataclass(frozen=True)
class Sheet:
    """A CSV file: its columns (blank for one without a name), where they stand, and its lines."""

    place: Place
    columns: tuple[str, ...]
    lines: tuple[TableLine, ...]


def read_sheet(path: Path, kind: type[Row], place: Place, faults: Faults) -> Sheet | None:
    """What stands in a file with the columns of `kind`; None when nothing can be made of it, which is a fault."""
    text = _text(path, place, faults)
    if text is None:
        return None
    reader = csv.reader(io.StringIO(text, newline=""))
    columns: list[str] | None = None
    lines: list[TableLine] = []
    last, head = 0, Place(place.file, 1)
    for values in reader:
        line, last = last + 1, reader.line_num
        if values and values[0].lstrip().startswith(COMMENT):
            continue
        if columns is None:
            head = Place(place.file, line)
            columns = _header(values, kind, head, faults)
            if not columns:
                return None
        elif any(value.strip() for value in values):
            cells = {name: value.strip() for name, value in zip(columns, values, strict=False) if name}
            lines.append(TableLine(Place(place.file, line), tuple(values), cells))
    if columns is None:
        _header([], kind, head, faults)
        return None
    return Sheet(head, tuple(columns), tuple(lines))


def columns_of(kind: type[Row]) -> list[str]:
    """The columns of a table."""
    return list(kind.columns())


def missing_columns(columns: tuple[str, ...], kind: type[Row]) -> list[str]:
    """Columns that a table must have and the file has not."""
    return [name for name in columns_of(kind) if name not in columns and kind.model_fields[name].is_required()]


def _text(path: Path, place: Place, faults: Faults) -> str | None:
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        found = f"bytes that are not UTF-8, the first of them {content[error.start : error.start + 1].hex()}"
        faults.add(Place(place.file, line), found, "a CSV file saved as UTF-8")
        return None


def _header(header: list[str], row: type[Row], place: Place, faults: Faults) -> list[str]:
    """The column each value of a row belongs to, blank for none; an empty list when nothing can be made of it.

    A misspelt column is read as what it was meant to be, so that its values are checked as well.
    """
    known = columns_of(row)
    header = [name.strip() for name in header]
    if not any(header):
        faults.add(place, "no columns", f"columns {', '.join(known)}")
        return []
    if len(header) == 1 and ";" in header[0]:
        faults.add(place, "semicolons between columns", "commas between columns, and a point as decimal sign")
        return []
    if 2 * len(set(header) & set(known)) < len(header):
        faults.add(place, "a first line that does not name the columns", f"columns {', '.join(known)}")
        return []
    missing = [name for name in known if name not in header]
    columns: list[str] = []
    for name in header:
        if name in columns:
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
