"""Which rows does a new measure or municipality need? Files with skeleton rows that load, marked to be filled in.

Placeholders are valid and harmless: confidence C, an assumption as source, and a potential of 0, so that nothing
changes before somebody has filled them in. Their note begins with `fill in:`; `run.py check` lists those rows.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from pydantic.fields import FieldInfo

from model import ROOT
from model.inputs.columns.activities import Activity, CarrierUse, Use
from model.inputs.columns.base import Row, Source, references
from model.inputs.columns.measures import Cost, Effect, Measure, OwnerShare, Potential
from model.inputs.columns.money import Eligibility, Owner
from model.inputs.columns.registry import TABLES
from model.inputs.faults import Faults, Place, shown
from model.inputs.municipality import TEMPLATE, Municipality
from model.inputs.naming import labels_of, offered
from model.inputs.reading.cells import columns_of, read_sheet
from model.inputs.reading.national import without_flow

MARK = "fill in:"
"""How the note of a row begins that is still a placeholder."""
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
Cells = dict[str, str]
Files = dict[Path, bytes]
"""What is to be written where."""


def unfinished(town: Municipality) -> list[tuple[Place, str]]:
    """Settings and rows that are still placeholders: where, and what is to be filled in."""
    settings, file = town.settings, Place(f"inputs/{town.name}/municipality.yaml")
    named = {
        ("label",): f"{MARK} what it is called" if _unnamed(town) else "",
        ("rates_source",): settings.rates_source,
    }
    marked = [(town.places.get(key, file), text) for key, text in named.items()]
    marked += [(town.place(row), str(getattr(row, "note", ""))) for rows in town.tables.values() for row in rows]
    return sorted((place, text.removeprefix(MARK).strip()) for place, text in marked if text.startswith(MARK))


def _unnamed(town: Municipality) -> bool:
    """Whether a municipality is still called in figures as its folder is, as it is when it is new."""
    return {town.settings.label.sv, town.settings.label.en} == {town.name}


def new_measure(town: Municipality, name: str, like: str, faults: Faults) -> Files:
    """The municipality's files with the rows of one more measure; what is in the way goes to `faults`.

    A measure of the national catalogue needs what is local only. One `like` another gets its rows, under its own name.
    Any other gets a placeholder in every table that a measure needs.
    """
    known = {row.measure: row for row in town.rows(Measure)}
    if name in known:
        faults.add(town.place(known[name], "measure"), f"measure '{name}' already", "a name that is not taken")
    if not NAME.fullmatch(name):
        faults.add(Place("ID"), f"'{name}'", "an identifier: letters a-z, digits and _ only, starting with a letter")
    if like and like not in known:
        allowed, meant = offered(like, labels_of(known.values(), "measure"))
        faults.add(Place("--like"), f"measure '{like}'", allowed, meant, like)
    sources = [row.source for row in town.rows(Source) if row.kind == "assumption"]
    if not sources:
        faults.add(Place(town.files["sources"]), "no source of kind 'assumption'", "one to rest placeholders on")
    if faults:
        return {}
    rest = {"source": sources[0], "confidence": "C"}
    national = _national(town, "measures").get(name)
    if like:
        rows = _copies(town, name, like)
    elif national:
        rows = _local_rows(town, national, rest)
        _check_moves(town, name, faults)
    else:
        rows = _placeholders(town, name, rest)
    folder = town.root / "inputs" / town.name
    return {
        folder / f"{table}.csv": _appended(folder / f"{table}.csv", TABLES[table].row, cells, town.root, faults)
        for table, cells in rows.items()
    }


def new_municipality(root: Path, name: str, faults: Faults) -> Files:
    """The files of the smallest municipality there is, with comments, and of its first study."""
    template = root if (root / "inputs" / TEMPLATE).is_dir() else ROOT
    patterns = (f"inputs/{TEMPLATE}/*", f"scenarios/*/{TEMPLATE}*.yaml")
    taken = {path.name for path in (root / "inputs").glob("*")} | {"common", TEMPLATE}
    if (root / "inputs" / name).is_dir() and name not in ("common", TEMPLATE):
        allowed = f"a name that is not taken; run.py check {name} says what is to be filled in"
        faults.add(Place("NAME"), f"municipality '{name}', which is there already", allowed)
        return {}
    if name in taken or not NAME.fullmatch(name):
        faults.add(Place("NAME"), f"'{name}'", "a name of its own: letters a-z, digits and _, starting with a letter")
        return {}
    files: Files = {}
    for path in sorted(path for pattern in patterns for path in template.glob(pattern)):
        goal = root / path.relative_to(template).as_posix().replace(TEMPLATE, name)
        files[goal] = path.read_bytes().replace(TEMPLATE.encode(), name.encode())
        if goal.exists():
            faults.add(Place(shown(goal, root)), "a file already", "no file of that name: nothing is overwritten")
    return files


def _national(town: Municipality, table: str) -> dict[str, Cells]:
    """The rows of a table of the catalogue by name."""
    path = town.root / "inputs" / "common" / f"{table}.csv"
    sheet = read_sheet(path, TABLES[table].row, Place(path.name), Faults()) if path.exists() else None
    return {line.cells.get(TABLES[table].row.key[0], ""): line.cells for line in sheet.lines} if sheet else {}


def _check_moves(town: Municipality, name: str, faults: Faults) -> None:
    """Every activity, pool and use that a measure of the catalogue takes from is there."""
    path = town.root / "inputs" / "common" / "effects.csv"
    sheet = read_sheet(path, Effect, Place(path.name), Faults()) if path.exists() else None
    subsectors = {row.activity: row.subsector for row in town.rows(Activity)}
    there = {each for row in town.rows(Activity) for each in (row.activity, row.pool)}
    flows = {(subsectors[row.activity], row.carrier) for row in town.rows(Use)}
    flows |= {(row.subsector, row.carrier) for row in town.rows(CarrierUse)}
    moved = [line.cells for line in (sheet.lines if sheet else ()) if line.cells.get("measure") == name]
    flows |= {(cells["subsector"], cells["target"]) for cells in moved if not cells["value"].startswith("-")}
    place = Place(town.files["activities"])
    for target in dict.fromkeys(cells["target"] for cells in moved if cells["kind"] != "carrier"):
        if target not in there:
            found = f"no '{target}', which '{name}' moves"
            faults.add(place, found, "that activity, or one of that pool, named there first")
    for flow in dict.fromkeys((cells["subsector"], cells["target"]) for cells in moved if cells["kind"] == "carrier"):
        if flow not in flows:
            faults.add(place, *without_flow(name, flow[1], flow[0], town.name))


def _local_rows(town: Municipality, national: Cells, rest: Cells) -> dict[str, list[Cells]]:
    """What a municipality must say of a measure that it takes from the catalogue."""
    name, first = national["measure"], str(town.settings.first_decision_year)
    local = {"measure": name, "first_year": first, **rest}
    local["note"] = f"{MARK} ramp (most new units a year), and existing_units if there are any; first_year if later"
    return {"measures": [local], "potentials": [_no_potential(name, first, national["unit"], rest)]}


def _placeholders(town: Municipality, name: str, rest: Cells) -> dict[str, list[Cells]]:
    """A row in every table that a measure needs."""
    settings = town.settings
    first, unit = str(settings.first_decision_year), "piece"
    categories = [row.category for row in town.rows(Measure)]
    owners = sorted(town.rows(Owner), key=lambda row: row.municipal != "yes")
    activity = next(iter(town.rows(Activity)))
    money = f"SEK_{settings.price_year}"
    measure = {
        "label_sv": name, "label_en": name, "category": categories[0] if categories else "any", "unit": unit,
        "lifetime": "10", "lead": "0", "first_year": first, "in_reference": "no",
        "note": f"{MARK} labels, category, hierarchy, unit, lifetime, lead, first_year, ramp",
    }  # fmt: skip
    effect = {
        "kind": "activity", "target": activity.activity, "basis": "amount", "value": "0", "unit": activity.unit,
        "year": str(settings.base_year),
        "note": f"{MARK} what one unit moves, a row each (activity, pool, carrier in a subsector); minus takes away",
    }  # fmt: skip
    costs = [
        {"item": item, "year": str(settings.price_year), "value": "0", "unit": money, "note": f"{MARK} {what}"}
        for item, what in (
            ("capital", "capital of one unit"),
            ("fixed_cost", "cost of one unit a year, without what its moves save"),
        )
    ]
    owner = {"owner": owners[0].owner, "share": "1", "note": f"{MARK} who owns it; shares add up to 1"}
    rows: dict[str, tuple[type[Row], list[Cells]]] = {
        "measures": (Measure, [measure]), "effects": (Effect, [effect]), "costs": (Cost, costs),
        "owner_shares": (OwnerShare, [owner]),
        "potentials": (Potential, [_no_potential(name, first, unit, rest)]),
    }  # fmt: skip
    return {
        table: [_complete(kind, {"measure": name, **rest, **cells}) for cells in given]
        for table, (kind, given) in rows.items()
    }


def _no_potential(name: str, year: str, unit: str, rest: Cells) -> Cells:
    note = f"{MARK} most units that can operate, by year; nothing can be done while it is 0"
    return {"measure": name, "year": year, "value": "0", "unit": unit, "basis": "additional", **rest, "note": note}


def _complete(kind: type[Row], cells: Cells) -> Cells:
    """Cells with a placeholder in every other column that must not be blank."""
    columns = {column: kind.model_fields[column] for column in columns_of(kind)}
    return {column: _any_value(field) for column, field in columns.items() if field.is_required()} | cells


def _any_value(field: FieldInfo) -> str:
    """A value that a column allows: its first word, else its least number, else a text."""
    words = [word for word in get_args(field.annotation) if isinstance(word, str)]
    least = [str(getattr(mark, "ge", "")) for mark in field.metadata if hasattr(mark, "ge")]
    return [*words, *least, "1" if field.annotation in (int, float) else "any"][0]


def _copies(town: Municipality, name: str, like: str) -> dict[str, list[Cells]]:
    """The rows of a measure under another name, in every table that says something of it and is computed with."""
    rows: dict[str, list[Cells]] = {}
    for table in ("measures", *_BESIDE):
        kind = TABLES[table].row
        for row in town.tables[table]:
            if getattr(row, _named_in(kind)) == like:
                copied = _as_cells(row) | {_named_in(kind): name}
                copied["note"] = f"{MARK} copied from {like}. {copied.get('note', '')}".strip()
                rows.setdefault(table, []).append(copied)
    return rows


_BESIDE = ("effects", "costs", "owner_shares", "potentials", "eligibility")
"""Tables of which a measure that is like another gets copies; relations are its own."""


def _named_in(kind: type[Row]) -> str:
    """The column of a table that names the measure."""
    if kind in (Measure, Eligibility):
        return "measure" if kind is Measure else "category"
    return next(column for column, target in references(kind).items() if target == "measures.measure")


def _as_cells(row: Row) -> Cells:
    """A row as it is written in a file."""
    values: dict[str, Any] = {column: getattr(row, column) for column in columns_of(type(row))}
    return {column: _text(value) for column, value in values.items()}


def _text(value: Any) -> str:
    return "" if value is None else f"{value:.12g}" if isinstance(value, float) else str(value)


def _appended(path: Path, kind: type[Row], rows: Sequence[Mapping[str, str]], root: Path, faults: Faults) -> bytes:
    """A file with rows after what it holds, which stays as it is byte for byte; a new one if there is none."""
    before = path.read_bytes() if path.exists() else b""
    place = Place(shown(path, root))
    sheet = read_sheet(path, kind, place, faults) if before else None
    columns = list(sheet.columns) if sheet else columns_of(kind)
    for column in dict.fromkeys(column for row in rows for column, text in row.items() if text not in ("", "0.0")):
        if column not in columns:
            faults.add(sheet.place if sheet else place, f"no column '{column}'", "that column: the new rows need it")
    ends = "\r\n" if b"\r\n" in before else "\n"
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=ends)
    if sheet is None:
        writer.writerow(columns)
    writer.writerows([row.get(column, "") for column in columns] for row in rows)
    gap = b"" if not before or before.endswith(b"\n") else ends.encode()
    return before + gap + text.getvalue().encode()
