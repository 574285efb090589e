"""What do we know of this municipality? Its tables, checked and with units converted at the door."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar, cast

import numpy as np

from model import ROOT
from model.inputs import units
from model.inputs.changes import WAYS, Change, changed
from model.inputs.columns.activities import Parameter, Population
from model.inputs.columns.base import Row
from model.inputs.columns.emissions import Gas
from model.inputs.columns.parameters import PARAMETERS
from model.inputs.columns.registry import TABLES
from model.inputs.faults import Fault, Faults, InputFaults, Place, listing
from model.inputs.reading.documents import Lines, read_document
from model.inputs.reading.tables import read_tables
from model.inputs.schema import MunicipalitySettings
from model.vocabulary import DECIDED, FloatArray, IntArray, money

TEMPLATE = "template"
"""The folder that a new municipality is copied from, which is none."""
RowType = TypeVar("RowType", bound=Row)


@dataclass(frozen=True, eq=False)
class Municipality:
    """A municipality's settings and tables. What is asked of it and found wrong is noted in `faults`.

    It never changes: `change` gives another one, which remembers what was changed.
    """

    name: str
    settings: MunicipalitySettings
    tables: Mapping[str, tuple[Row, ...]]
    files: dict[str, str]
    faults: Faults = field(default_factory=Faults)
    places: Lines = field(default_factory=dict)
    """where the settings stand"""
    root: Path = ROOT
    """folder that holds inputs, scenarios and constraints"""
    changes: tuple[Change, ...] = ()
    """what was changed in memory after the tables were read"""

    def change(
        self, table: str, *, times: float | None = None, to: float | str | None = None, plus: float | None = None,
        column: str = "value", **where: Any,
    ) -> Municipality:  # fmt: skip
        """A municipality with another value in a column of the rows whose other columns are as in `where`.

        One of `times`, `to` and `plus` says how. The range (`low`, `high`) of an uncertain number moves with its
        `value`. Raises `InputFaults` when there is no such table, column or row, or the column cannot hold the value.
        """
        ways = [(way, by) for way, by in (("times", times), ("to", to), ("plus", plus)) if by is not None]
        place = Place(f"change of '{table}'")
        if len(ways) != 1:
            found = f"{listing(way for way, _ in ways) or 'nothing'} for the new value"
            raise InputFaults([Fault(place, found, f"one of {', '.join(WAYS)}")])
        if isinstance(ways[0][1], bool):
            raise InputFaults([Fault(place, f"{ways[0][1]} for the new value", "a number, or a text such as 'yes'")])
        wanted = Change(str(table), str(column), *ways[0], tuple((name, str(value)) for name, value in where.items()))
        tables = {**self.tables, wanted.table: changed(self.tables, self.files, wanted)}
        return replace(self, tables=tables, faults=Faults(), changes=(*self.changes, wanted))

    def __post_init__(self) -> None:
        """Tables cannot be replaced in place: what was changed would not be known."""
        object.__setattr__(self, "tables", MappingProxyType(dict(self.tables)))

    def __getstate__(self) -> dict[str, Any]:
        """What crosses to another process, where the tables are made unchangeable again."""
        return self.__dict__ | {"tables": dict(self.tables)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state | {"tables": MappingProxyType(state["tables"])})

    @property
    def years(self) -> IntArray:
        """Model years, base year first."""
        return np.arange(self.settings.base_year, self.settings.last_year + 1)

    @property
    def money(self) -> str:
        """Canonical unit of money."""
        return money(self.settings.price_year)

    def __repr__(self) -> str:
        changes = "".join(f"; {each}" for each in self.changes)
        return f"Municipality({self.name}, {self.settings.base_year} to {self.settings.last_year}{changes})"

    def _repr_html_(self) -> str:
        """In a notebook: how much is known, and what was changed."""
        counts = "".join(f"<tr><td>{name}</td><td>{len(rows)}</td></tr>" for name, rows in self.tables.items() if rows)
        changes = "".join(f"<li>{escape(str(each))}</li>" for each in self.changes)
        span = f"{self.settings.base_year} to {self.settings.last_year}, {self.money.replace('_', ' of ')}"
        title = f"<b>{escape(self.settings.label.en)}</b> ({self.name}), {span}"
        return f"{title}<ul>{changes}</ul><table><tr><th>table</th><th>rows</th></tr>{counts}</table>"

    def rows(self, kind: type[RowType]) -> tuple[RowType, ...]:
        """The rows of the table that holds rows of this kind."""
        return cast(tuple[RowType, ...], self.tables[_table_of(kind)])

    def place(self, row: Row, column: str = "") -> Place:
        """Where a row stands in the user's files."""
        return row.place(self.files[_table_of(type(row))], column)

    def convert(self, row: Any, canonical: str, value: float | None = None, column: str = "unit") -> float:
        """The row's value (or another of its numbers) in the canonical unit; a wrong unit is a fault."""
        number = row.value if value is None else value
        try:
            return float(number) * units.factor(getattr(row, column), canonical)
        except units.UnitError:
            allowed = f"a unit that turns into {canonical}"
            self.faults.add(self.place(row, column), f"'{getattr(row, column)}'", allowed)
            self.faults.reject(_table_of(type(row)))
            return 0.0

    def series(self, rows: Sequence[Any], canonical: str, what: str, step: bool = False) -> FloatArray:
        """Values of rows with a year over the model years: straight lines between (or steps), constant outside.

        `what` names the series when there is nothing to interpolate.
        """
        if not rows:
            raise LookupError(what)
        ordered = sorted(rows, key=lambda row: row.year or 0)
        years = np.array([row.year or 0 for row in ordered], dtype=float)
        values = np.array([self.convert(row, canonical) for row in ordered])
        if step:
            return cast(FloatArray, values[np.clip(np.searchsorted(years, self.years, side="right") - 1, 0, None)])
        return cast(FloatArray, np.interp(self.years, years, values))

    def parameter(self, name: str, of: str = "", path: str = "all", unit: str = "fraction") -> FloatArray:
        """A sector's parameter over the model years, in `unit`; what is missing is a fault and gives zeros.

        A `path` that the table does not have for this parameter falls back on 'all'.
        """
        named = [row for row in self.rows(Parameter) if row.parameter == name and row.of == of]
        chosen = [row for row in named if row.path == path] or [row for row in named if row.path == "all"]
        if chosen:
            return self.series(chosen, unit, name)
        place, belongs = Place(self.files["parameters"]), f" of '{of}'" if of else ""
        strange = [row for row in self.rows(Parameter) if row.of == of and row.parameter not in PARAMETERS]
        instead = ", but " + listing(f"'{row.parameter}' in {self.place(row)}" for row in strange) if strange else ""
        asked = PARAMETERS.get(name)
        what = f" that says {asked.meaning}, in {asked.unit}" if asked else f", in {unit}"
        path_allowed = "'all'" + (f" or '{path}'" if path != "all" else "")
        found, allowed = f"no parameter '{name}'{belongs} for path '{path}'{instead}", f"a row with path {path_allowed}"
        self.faults.add(place, found, f"{allowed}{what}", depends_on=("parameters",))
        self.faults.reject("activities")  # whose levels follow from it
        return np.zeros(len(self.years))

    def population(self, path: str) -> FloatArray:
        """Inhabitants over the model years: observed, then by path."""
        rows = [row for row in self.rows(Population) if row.path in ("observed", path)]
        if not any(row.path == path for row in rows):
            paths = {row.path for row in self.rows(Population)}
            place, allowed = Place(self.files["population"]), listing(paths)
            self.faults.add(place, f"no path '{path}'", allowed, paths, path, depends_on=("population",))
        if not rows:
            return np.ones(len(self.years))
        return self.series(rows, "person", "population")

    def on_path(self, rows: Iterable[RowType], path: str) -> list[RowType]:
        """The rows of a path, what is decided (or holds in all paths) before it."""
        return [row for row in rows if getattr(row, "path", "") in (path, DECIDED, "all")]


def _table_of(kind: type[Row]) -> str:
    return next(name for name, table in TABLES.items() if table.row is kind)


def load(name: str, root: Path, faults: Faults, named_at: Place | None = None) -> Municipality | None:
    """The municipality in `inputs/<name>`, or None with all faults of its tables noted.

    `named_at` is where the name was given, if not on the command line.
    """
    folder = root / "inputs" / name
    if not folder.is_dir() or folder.parent != root / "inputs":
        known = sorted({each.parent.name for each in (root / "inputs").glob("*/municipality.yaml")} - {TEMPLATE})
        place = named_at or Place(f"inputs/{name}")
        faults.add(place, f"no folder 'inputs/{name}'", f"one of {listing(known)}", known, name)
        return None
    read = read_document(folder / "municipality.yaml", MunicipalitySettings, root, faults)
    tables, files = read_tables(root, folder, root / "inputs" / "common", faults)
    if read is None:
        return None
    settings, places = read
    if not settings.base_year < settings.first_decision_year <= settings.last_year:
        place = places.get(("first_decision_year",), Place(f"inputs/{name}/municipality.yaml"))
        allowed = "a year after the base year and not after the last year"
        faults.add(place, f"'{settings.first_decision_year}' for 'first_decision_year'", allowed)
        if settings.last_year <= settings.base_year:
            return None
    return Municipality(name, settings, tables, files, faults, places, root)


def gwp(town: Municipality, gases: Sequence[str]) -> FloatArray:
    """Warming potential of each gas in the town's set, (gas,) in t CO2e per t; a gas without one is a fault."""
    chosen = {row.gas: row.value for row in town.rows(Gas) if row.gwp_set == town.settings.gwp_set}
    others = [row for row in town.rows(Gas) if row.gas not in chosen]
    for row in others:
        allowed = f"a row of set '{town.settings.gwp_set}' for every gas; sets are never mixed"
        place, found = town.place(row, "gwp_set"), f"'{row.gwp_set}' for gas '{row.gas}'"
        town.faults.add(place, found, allowed, depends_on=("gases",))
    if others:
        town.faults.reject("gases")
    return np.array([chosen.get(gas, 0.0) for gas in gases])
