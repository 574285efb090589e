"""What do the user's tables say? Reads CSV files and keeps file and line of every row.

Every fault is noted with its place and reading goes on, so that all faults come out in one pass. Tables that are left
when reading ends are sound one by one and refer only to rows that are left. What a municipality takes from the
catalogue is completed from the national tables (`national.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from model.inputs.columns.base import Origin, Row, references
from model.inputs.columns.registry import TABLES, Table
from model.inputs.faults import Faults, Place, listing, nearest, shown
from model.inputs.reading.cells import columns_of, missing_columns, read_sheet
from model.inputs.reading.national import CATALOGUED, NATIONAL, counting, in_order, is_taken, without_target
from model.inputs.reading.sheet import Sheet, TableLine
from model.inputs.wording import allowed_by, words

Tables = dict[str, tuple[Row, ...]]
Seen = dict[tuple[Any, ...], Place]
"""Key of a row: where it stands."""


def read_tables(root: Path, folder: Path, common: Path, faults: Faults) -> tuple[Tables, dict[str, str]]:
    """All tables of a municipality, common ones included, and the file each stands in (relative to `root`).

    `sources` and the national tables may stand in both folders; every other table stands where `TABLES` says.
    """
    files = {name: shown(_home(table, folder, common, name), root) for name, table in TABLES.items()}
    reader = _Reader(root, folder, common, faults, _stray(folder, common, root, faults))
    read = {name: reader.catalogued(name) for name in CATALOGUED}
    rows: Tables = {}
    for name in TABLES:
        if name in CATALOGUED:
            rows[name] = read[name]
        elif name in NATIONAL:
            rows[name] = reader.national(name, read)
        else:
            rows[name] = reader.single(name)
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
        elif name != "sources" and name not in NATIONAL and path != _home(TABLES[name], folder, common, name):
            home = shown(_home(TABLES[name], folder, common, name), root)
            faults.add(Place(shown(path, root)), f"table '{name}' in this folder", home)
    return meant - {""}


def _home(table: Table, folder: Path, common: Path, name: str) -> Path:
    return (common if table.common else folder) / f"{name}.csv"


@dataclass
class _Reader:
    """Reads the tables of one municipality."""

    root: Path
    folder: Path
    common: Path
    faults: Faults
    stray: set[str]
    taken: dict[str, set[str]] = field(default_factory=dict)
    """table: what its rows take from the catalogue"""

    def single(self, name: str) -> tuple[Row, ...]:
        """A table that stands in one folder; of sources there may be more in the municipality's."""
        table = TABLES[name]
        seen: Seen = {}
        path = _home(table, self.folder, self.common, name)
        rows = self._rows(name, self._sheet(name, path, table.optional), seen)
        if name == "sources":
            rows += self._rows(name, self._sheet(name, self.folder / path.name, optional=True), seen)
        return rows

    def catalogued(self, name: str) -> tuple[Row, ...]:
        """A table whose rows may leave to the catalogue what they say of a thing."""
        (key,) = TABLES[name].row.key
        own = self._sheet(name, self.folder / f"{name}.csv", TABLES[name].optional)
        leaves = [line for line in own.lines if is_taken(line)] if own else []
        national = self._sheet(name, self.common / f"{name}.csv", optional=True) if leaves else None
        known: dict[str, TableLine] = {}
        seen: Seen = {}
        for line in national.lines if national else ():
            named = line.cells.get(key, "")
            if _is_new((named,), (key,), line.place, self.faults, seen):
                known[named] = line
        self.taken[name] = {line.cells.get(key, "") for line in leaves} & set(known)
        return self._rows(name, own, {}, known)

    def national(self, name: str, read: Tables) -> tuple[Row, ...]:
        """A table on what stands in others: the municipality's rows, and those national ones that count."""
        path, optional = self.folder / f"{name}.csv", TABLES[name].optional
        theirs: tuple[Row, ...] = ()
        if any(self.taken.values()):
            theirs = self._rows(name, self._sheet(name, self.common / path.name, optional=True), {})
        own = self._rows(name, self._sheet(name, path, optional or bool(theirs)), {})
        replaced = {_key(row) for row in own}
        added = [row for row in counting(theirs, self.taken, read["measures"]) if _key(row) not in replaced]
        if name == "effects":
            added = self._possible(added, read)
        order = {each: {str(_key(row)[0]): index for index, row in enumerate(read[each])} for each in CATALOGUED}
        return in_order([*added, *own], order) if added else own

    def _possible(self, effects: Sequence[Row], read: Tables) -> list[Row]:
        """National effects that find what they move; a measure that moves what is not there is a fault."""
        lost = without_target(effects, read["activities"])
        for row in read["measures"]:
            for target in lost.get(str(_key(row)[0]), ()):
                file = shown(self.folder / "activities.csv", self.root)
                allowed = f"a measure that moves what is there; '{target}' can be named in {file}"
                found = f"'{_key(row)[0]}', which moves '{target}' (national catalogue)"
                self.faults.add(row.place("", "measure"), found, allowed, depends_on=("activities",))
                self.faults.reject("effects", (target,))
        return [row for row in effects if str(_key(row)[0]) not in lost]

    def _sheet(self, name: str, path: Path, optional: bool) -> Sheet | None:
        """The lines of a file; None when there are none to be had, which is a fault unless it may be missing."""
        place, kind = Place(shown(path, self.root)), TABLES[name].row
        if path.exists():
            sheet = read_sheet(path, kind, place, self.faults)
            if sheet is None or not sheet.whole:
                self.faults.incomplete.add(name)
            return sheet
        if name in self.stray:
            self.faults.incomplete.add(name)
        elif not optional:
            self.faults.incomplete.add(name)
            self.faults.add(place, "no such file", f"a table with columns {', '.join(columns_of(kind))}")
        return None

    def _rows(
        self, name: str, sheet: Sheet | None, seen: Seen, national: Mapping[str, TableLine] | None = None
    ) -> tuple[Row, ...]:
        """The valid rows of a file, cells left blank taken from `national`; what is wrong goes to `faults`."""
        if sheet is None:
            return ()
        kind, rows, catalogue = TABLES[name].row, [], national or {}
        own = [line for line in sheet.lines if not catalogue or not is_taken(line)]
        if (own or not sheet.lines) and (missing := missing_columns(sheet.columns, kind)):
            named = " and ".join(f"'{column}'" for column in missing)
            found = f"no column{'s' if len(missing) > 1 else ''} {named}"
            self.faults.add(sheet.place, found, f"columns {', '.join(columns_of(kind))}")
        for line in sheet.lines:
            model = catalogue.get(line.cells.get(kind.key[0], "")) if is_taken(line) else None
            row = None
            if model is None and catalogue and is_taken(line):
                self._unknown(name, line, catalogue)
            else:
                row = _row(sheet.columns, line, model, name, self.faults)
            if row is not None and _is_new(_key(row), kind.key, line.place, self.faults, seen):
                rows.append(row)
            else:
                self.faults.reject(name, (value.strip() for value in line.values))
        return tuple(rows)

    def _unknown(self, name: str, line: TableLine, catalogue: Mapping[str, TableLine]) -> None:
        """A row without labels whose name the catalogue does not have."""
        (column,) = TABLES[name].row.key
        named, file = line.cells.get(column, ""), shown(self.common / f"{name}.csv", self.root)
        allowed = f"one of the {name} in {file}: {listing(catalogue)}, or a row with labels of its own"
        place = Place(line.place.file, line.place.line, column)
        self.faults.incomplete.add(name)
        self.faults.add(place, f"'{named}' without labels" if named else "nothing", allowed, catalogue, named)


def _key(row: Row) -> tuple[Any, ...]:
    return tuple(getattr(row, column) for column in row.key)


def _row(columns: Sequence[str], line: TableLine, national: TableLine | None, table: str, faults: Faults) -> Row | None:
    """One validated row; blank cells mean 'left out' where the column has a default or the catalogue has a value."""
    kind, place = TABLES[table].row, line.place
    if len(line.values) != len(columns):
        allowed = f"{len(columns)} values, one a column (quotes around a text with a comma, a point as decimal sign)"
        faults.add(place, f"{len(line.values)} values", allowed)
        return None
    model = {column: text for column, text in national.cells.items() if text} if national else {}
    origin = Origin(place)
    if national:
        inherited = frozenset(column for column in model if not line.cells.get(column))
        origin = Origin(place, national.place, inherited)
    cells = model | {column: text for column, text in line.cells.items() if text or column not in model}
    given: dict[str, Any] = {
        name: text for name, text in cells.items() if text or kind.model_fields[name].is_required()
    }
    try:
        row = kind.model_validate(given | {"line": place.line})
    except ValidationError as error:
        for problem in error.errors():
            column = str(problem["loc"][0])
            if problem["type"] == "missing" and national is None:  # a whole column is missing, which has been said
                continue
            if kind.key == (column,):
                faults.incomplete.add(table)
            text = cells.get(column, "")
            found = f"'{text}'" if text else "nothing"
            where = origin.at(column)
            allowed = "a value" if problem["type"] == "missing" else allowed_by(problem)
            if problem["type"] == "float_parsing":
                allowed = "a number, with a point as decimal sign, or a comma where semicolons part the columns"
            faults.add(where, found, allowed, words(kind, column), text)
        return None
    row.stands_in(origin)
    return row


def _is_new(key: tuple[Any, ...], columns: Sequence[str], place: Place, faults: Faults, seen: Seen) -> bool:
    """Whether a key stands here for the first time; the second row that has it is the fault."""
    first = seen.setdefault(key, place)
    if first == place:
        return True
    named = ", ".join(f"{column} '{value}'" for column, value in zip(columns, key, strict=True) if value != "")
    faults.add(place, f"{named} again", f"each once (first in {first})")
    return False


def _check_references(rows: Tables, files: Mapping[str, str], where: Mapping[str, str], faults: Faults) -> None:
    """What a column refers to must stand in the other table (`where` says in which file); other rows are left out.

    That may leave more rows without what they refer to, so it is done until all that are left are sound.
    """
    targets = {target for table in TABLES.values() for target in references(table.row).values()}
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


def _values(rows: Tables, target: str) -> set[str]:
    table, _, column = target.partition(".")
    return {str(getattr(row, column)) for row in rows[table]}


def _dangling(
    row: Row, file: str, where: Mapping[str, str], known: Mapping[str, Collection[str]], faults: Faults
) -> list[str]:
    """Columns that refer to what is not there; that is noted, unless the row referred to has been refused."""
    dangling = []
    for column, target in references(type(row)).items():
        value = str(getattr(row, column))
        if value in known[target]:
            continue
        dangling.append(column)
        table = target.partition(".")[0]
        found = f"'{value}'" if value else "nothing"
        allowed = f"one of the {table} in {where[table]}: {listing(known[target])}"
        if adding := TABLES[table].row.adding:
            allowed += f"; a new one is a row there with {adding}"
        faults.add(row.place(file, column), found, allowed, known[target], value, depends_on=(table,))
    return dangling
