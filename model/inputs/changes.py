"""What is changed in a table in memory? Some rows get another value, and it is kept which, where and by what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from model.inputs import units
from model.inputs.columns.base import Measured, Row, references
from model.inputs.columns.registry import TABLES
from model.inputs.faults import Faults, Place, listing
from model.inputs.wording import allowed_by, words

WAYS = ("times", "to", "plus")
RANGE = ("low", "high")


@dataclass(frozen=True)
class Change:
    """A change of a column in the rows of a table that have these values in other columns."""

    table: str
    column: str
    way: str
    """`times`, `to` or `plus`"""
    by: float | str
    where: tuple[tuple[str, str], ...] = ()
    """(column, value)"""

    def __str__(self) -> str:
        chosen = ", ".join(f"{column} {value}" for column, value in self.where)
        return f"{self.table}{f' ({chosen})' if chosen else ''}: {self.column} {self.way} {self.by}"


def changed(tables: Mapping[str, tuple[Row, ...]], files: Mapping[str, str], wanted: Change) -> tuple[Row, ...]:
    """The rows of the table of a change with the change made, each valid again.

    The range of an uncertain number moves with its `value`. Raises `InputFaults` with all that is not allowed.
    """
    faults = Faults()
    _check_names(wanted, faults)
    faults.stop_if_any()
    rows, file = tables[wanted.table], files[wanted.table]
    chosen = [row for row in rows if all(_text(row, column) == value for column, value in wanted.where)]
    if not chosen:
        _no_row(rows, file, wanted, faults)
    known = _allowed(tables, wanted)
    new = {id(row): _changed(row, file, wanted, known, faults) for row in chosen}
    faults.stop_if_any()
    return tuple(new.get(id(row), row) for row in rows)


def _check_names(wanted: Change, faults: Faults) -> None:
    """The table and its columns are there, and the column is not one that names the row."""
    if wanted.table not in TABLES:
        place = Place("change")
        faults.add(place, f"table '{wanted.table}'", f"one of {listing(TABLES, 40)}", TABLES, wanted.table)
        return
    kind, place = TABLES[wanted.table].row, Place(f"change of '{wanted.table}'")
    free = [column for column in kind.columns() if column not in kind.key]
    if wanted.column not in free:
        faults.add(place, f"column '{wanted.column}'", f"one of {listing(free)}", free, wanted.column)
    for column, _ in wanted.where:
        if column not in kind.columns():
            faults.add(place, f"column '{column}'", f"one of {listing(kind.columns())}", kind.columns(), column)


def _no_row(rows: Sequence[Row], file: str, wanted: Change, faults: Faults) -> None:
    """Say which value no row has, or that none has all of them."""
    place = Place(file)
    for column, value in wanted.where:
        known = {_text(row, column) for row in rows}
        if value not in known:
            faults.add(Place(file, 0, column), f"'{value}'", f"one of {listing(known)}", known, value)
    if not faults:
        together = ", ".join(f"{column} '{value}'" for column, value in wanted.where)
        faults.add(place, f"no row with {together}" if together else "no row", "values of one row or several")


def _allowed(tables: Mapping[str, tuple[Row, ...]], wanted: Change) -> set[str] | None:
    """What may stand in a column that refers to another table; None: it does not."""
    if (wanted.table, wanted.column) == ("measures", "category") and tables.get("areas"):
        return {_text(row, "category") for table in ("areas", "measures") for row in tables[table]}
    target = references(TABLES[wanted.table].row).get(wanted.column)
    if target is None:
        return None
    table, _, column = target.partition(".")
    return {_text(row, column) for row in tables[table]}


def _changed(row: Row, file: str, wanted: Change, known: set[str] | None, faults: Faults) -> Row:
    """A row with its new value; what is wrong with it is noted."""
    place = Place(file, row.line, wanted.column)
    new = _new_values(row, wanted)
    if not new:
        faults.add(place, f"'{_text(row, wanted.column)}' {wanted.way} '{wanted.by}'", "numbers")
        return row
    try:
        valid = type(row).model_validate(row.model_dump() | new)
    except ValidationError as error:
        for problem in error.errors():
            column = str(problem["loc"][0])
            found, names = f"'{new.get(column, getattr(row, column))}'", words(type(row), column)
            faults.add(Place(file, row.line, column), found, allowed_by(problem), names, found.strip("'"))
        return row
    value = _text(valid, wanted.column)
    old = _text(row, wanted.column)
    if value != old and _is_unit(type(row), wanted.column) and not _turns_into(value, old):
        faults.add(place, f"'{value}'", f"a unit that turns into {old}")
    if known is not None and value not in known:
        faults.add(place, f"'{value}'", f"one of {listing(known)}", known, value)
    return row.model_copy(update={name: getattr(valid, name) for name in new})


def _is_unit(kind: type[Row], column: str) -> bool:
    """Whether a column says what numbers are in; what a measure is counted in is a name of its own."""
    return column.endswith("_unit") or (column == "unit" and issubclass(kind, Measured))


def _turns_into(unit: str, other: str) -> bool:
    try:
        return bool(units.factor(unit, other))
    except units.UnitError:
        return False


def _new_values(row: Row, wanted: Change) -> dict[str, Any]:
    """The new value, and the range that moves with it: in proportion, or as far when it was 0; {} for no numbers."""
    old, number = getattr(row, wanted.column), _number(wanted.by)
    ranged = isinstance(row, Measured) and wanted.column == "value" and number is not None
    bounds = {name: getattr(row, name) for name in RANGE if getattr(row, name) is not None} if ranged else {}
    if wanted.way == "to" and number is not None and old:
        return {wanted.column: wanted.by} | {name: bound * (number / old) for name, bound in bounds.items()}
    if wanted.way == "to":
        return {wanted.column: wanted.by} | {name: bound + (number or 0.0) for name, bound in bounds.items()}
    if number is None or not isinstance(old, int | float):
        return {}
    moved = {wanted.column: old} | bounds
    return {name: each * number if wanted.way == "times" else each + number for name, each in moved.items()}


def _number(value: float | str) -> float | None:
    try:
        return float(value)
    except (OverflowError, TypeError, ValueError):
        return None


def _text(row: Row, column: str) -> str:
    return str(getattr(row, column))
