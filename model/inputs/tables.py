"""What do the user's tables say? Reads CSV files and keeps file and line of every row.

Every fault is noted with its place and reading goes on, so that all faults come out in one pass. Rows that are left
when reading ends are sound one by one and refer only to rows that are left.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from model.inputs.columns.base import Ref, Row
from model.inputs.columns.registry import TABLES, Table
from model.inputs.faults import Faults, Place, listing, nearest, shown
from model.inputs.wording import allowed_by, words

Rows = dict[str, tuple[Row, ...]]
Seen = dict[tuple[Any, ...], Place]
"""Key of a row: where it stands."""


def read_tables(root: Path, folder: Path, common: Path, faults: Faults) -> tuple[Rows, dict[str, str]]:
    """All tables of a municipality, common ones included, and the file each stands in (relative to `root`).

    `sources` may stand in both folders; every other table stands where `columns.TABLES` says.
    """
    rows: Rows = {}
    files: dict[str, str] = {}
    stray = _stray(folder, common, root, faults)
    for name, table in TABLES.items():
        path = (common if table.common else folder) / f"{name}.csv"
        files[name] = shown(path, root)
        seen: Seen = {}
        rows[name] = _read_table(path, name, table, root, faults, seen, name in stray)
        if name == "sources" and (folder / path.name).exists():
            rows[name] += _read_table(folder / path.name, name, table, root, faults, seen)
    either = f"{files['sources']} or {shown(folder / 'sources.csv', root)}"
    _check_references(rows, files, files | {"sources": either}, faults)
    return rows, files


def _stray(folder: Path, common: Path, root: Path, faults: Faults) -> set[str]:
    """Tables that a file with a name that is not quite right was meant for; files nobody reads are faults."""
    meant = set()
    for path in sorted(folder.glob("[!.~]*.csv")) + sorted(common.glob("[!.~]*.csv")):
        name = path.stem
        if name not in TABLES:
            missing = [each for each, table in TABLES.items() if not _home(table, folder, common, each).exists()]
            meant.add(nearest(name, missing))
            allowed = f"one of {listing(TABLES, 40)}"
            faults.add(Place(shown(path, root)), f"table '{name}'", allowed, missing or TABLES, name)
        elif name != "sources" and path != _home(TABLES[name], folder, common, name):
            home = shown(_home(TABLES[name], folder, common, name), root)
            faults.add(Place(shown(path, root)), f"table '{name}' in this folder", home)
    return meant - {""}


def _home(table: Table, folder: Path, common: Path, name: str) -> Path:
    return (common if table.common else folder) / f"{name}.csv"


def _read_table(
    path: Path, name: str, table: Table, root: Path, faults: Faults, seen: Seen, stray: bool = False
) -> tuple[Row, ...]:
    """The valid rows of one file; what is wrong with the others goes to `faults`."""
    place = Place(shown(path, root))
    if not path.exists():
        if stray:
            faults.incomplete.add(name)
        elif not table.optional:
            faults.incomplete.add(name)
            faults.add(place, "no such file", f"a table with columns {', '.join(_columns(table.row))}")
        return ()
    text = _text(path, place, faults)
    if text is None:
        faults.incomplete.add(name)
        return ()
    reader = csv.reader(io.StringIO(text, newline=""))
    columns = _header(next(reader, []), table.row, place.file, faults)
    if not columns:
        faults.incomplete.add(name)
        return ()
    rows: list[Row] = []
    last = reader.line_num
    for values in reader:
        line, last = last + 1, reader.line_num
        if not any(value.strip() for value in values):
            continue
        row = _row(columns, values, name, table.row, Place(place.file, line), faults)
        if row is not None and _is_new(row, Place(place.file, line), faults, seen):
            rows.append(row)
        else:
            faults.reject(name, (value.strip() for value in values))
    return tuple(rows)


def _text(path: Path, place: Place, faults: Faults) -> str | None:
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        found = f"bytes that are not UTF-8, the first of them {content[error.start : error.start + 1].hex()}"
        faults.add(Place(place.file, line), found, "a CSV file saved as UTF-8")
        return None


def _columns(row: type[Row]) -> list[str]:
    return list(row.columns())


def _header(header: list[str], row: type[Row], file: str, faults: Faults) -> list[str]:
    """The column each value of a row belongs to, blank for none; an empty list when nothing can be made of it.

    A misspelt column is read as what it was meant to be, so that its values are checked as well.
    """
    place, known = Place(file, 1), _columns(row)
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
    for name in missing:
        if row.model_fields[name].is_required():
            faults.add(place, f"no column '{name}'", f"columns {', '.join(known)}")
    return columns


def _meant(name: str, header: list[str], missing: list[str], row: type[Row]) -> str:
    """What a column that is not known was meant to be: the nearest missing one, or the only one that it can be."""
    required = [each for each in missing if row.model_fields[each].is_required()]
    only = len(required) == 1 and sum(each not in row.model_fields for each in header) == 1
    return required[0] if only else nearest(name, missing)


def _row(
    columns: list[str], values: list[str], table: str, kind: type[Row], place: Place, faults: Faults
) -> Row | None:
    """One validated row; blank cells mean 'left out' where the column has a default."""
    if len(values) != len(columns):
        allowed = f"{len(columns)} values, one a column (quotes around a text with a comma, a point as decimal sign)"
        faults.add(place, f"{len(values)} values", allowed)
        return None
    cells = {name: value.strip() for name, value in zip(columns, values, strict=True) if name}
    given: dict[str, Any] = {
        name: text for name, text in cells.items() if text or kind.model_fields[name].is_required()
    }
    try:
        return kind.model_validate(given | {"line": place.line})
    except ValidationError as error:
        for problem in error.errors():
            if problem["type"] == "missing":  # a whole column is missing, which has been said
                continue
            column = str(problem["loc"][0])
            if kind.key == (column,):
                faults.incomplete.add(table)
            text = cells.get(column, "")
            found = f"'{text}'" if text else "nothing"
            faults.add(Place(place.file, place.line, column), found, allowed_by(problem), words(kind, column), text)
        return None


def _is_new(row: Row, place: Place, faults: Faults, seen: Seen) -> bool:
    """Whether a key stands here for the first time; the second row that has it is the fault."""
    key = tuple(getattr(row, column) for column in row.key)
    first = seen.setdefault(key, place)
    if first == place:
        return True
    named = ", ".join(f"{column} '{value}'" for column, value in zip(row.key, key, strict=True) if value != "")
    faults.add(place, f"{named} again", f"each once (first in {first})")
    return False


def _check_references(rows: Rows, files: Mapping[str, str], where: Mapping[str, str], faults: Faults) -> None:
    """What a column refers to must stand in the other table (`where` says in which file); other rows are left out.

    That may leave more rows without what they refer to, so it is done until all that are left are sound.
    """
    targets = {target for table in TABLES.values() for target in _references(table.row).values()}
    sound = False
    while not sound:
        sound = True
        known = {target: _values(rows, target) for target in targets}
        for name, table_rows in rows.items():
            kept = []
            for row in table_rows:
                dangling = _dangling(row, files[name], where, known, faults)
                if not dangling:
                    kept.append(row)
                    continue
                faults.reject(name, (str(value) for value in row.model_dump().values()))
                if row.key == tuple(dangling):
                    faults.incomplete.add(name)
            if len(kept) < len(table_rows):
                sound, rows[name] = False, tuple(kept)


def _values(rows: Rows, target: str) -> set[str]:
    table, _, column = target.partition(".")
    return {str(getattr(row, column)) for row in rows[table]}


@cache
def _references(row: type[Row]) -> dict[str, str]:
    """Column: what it refers to (`table.column`)."""
    return {
        column: mark.target
        for column, field in row.model_fields.items()
        for mark in field.metadata
        if isinstance(mark, Ref)
    }


def _dangling(
    row: Row, file: str, where: Mapping[str, str], known: Mapping[str, Collection[str]], faults: Faults
) -> list[str]:
    """Columns that refer to what is not there; that is noted, unless the row referred to has been refused."""
    dangling = []
    for column, target in _references(type(row)).items():
        value = str(getattr(row, column))
        if value in known[target]:
            continue
        dangling.append(column)
        table = target.partition(".")[0]
        found = f"'{value}'" if value else "nothing"
        allowed = f"one of the {table} in {where[table]}: {listing(known[target])}"
        faults.add(Place(file, row.line, column), found, allowed, known[target], value, depends_on=(table,))
    return dangling
