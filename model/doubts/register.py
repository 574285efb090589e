"""What is doubted, and of what? Functions that declare themselves with `@doubt`, each with what it doubts as docstring.

A doubt is one function in a file of `model/doubts/`: it looks at what is known and yields what it finds. Nothing else
names it; the terminal, Python and the docs take it from here.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import model.doubts
from model.build import PreparedCase
from model.inputs.columns.base import Sourced
from model.inputs.columns.measures import Measure
from model.inputs.doubt import CHECKED, Doubt
from model.inputs.faults import Place
from model.inputs.municipality import Municipality
from model.inputs.skeletons import MARK
from model.scenarios.checked import CheckedScenario


@dataclass(frozen=True)
class Known:
    """What is looked at: tables and scenarios without faults, and the town in each of its futures."""

    town: Municipality
    built: Mapping[str, PreparedCase]
    scenarios: Mapping[str, CheckedScenario]

    @cached_property
    def cases(self) -> tuple[PreparedCase, ...]:
        """The town in each of its futures."""
        return tuple(self.built.values())

    @cached_property
    def measures(self) -> dict[str, Measure]:
        """The measures that can be chosen and have been filled in, in the order of arrays."""
        rows = (row for table in self.town.tables.values() for row in table)
        open_rows = {getattr(row, "measure", "") for row in rows if getattr(row, "note", "").startswith(MARK)}
        chosen = (row for row in self.town.rows(Measure) if row.in_reference == "no")
        return {row.measure: row for row in chosen if row.measure not in open_rows}

    @cached_property
    def notes(self) -> dict[tuple[str, int], str]:
        """What is noted of rows that have been looked at, by file and line."""
        rows = ((table, row) for table, rows in self.town.tables.items() for row in rows if isinstance(row, Sourced))
        noted = ((row.place(self.town.files[table]), row.note) for table, row in rows if row.note.startswith(CHECKED))
        return {(place.file, place.line): note for place, note in noted}

    def called(self, row: Measure) -> str:
        """A measure by its name and its labels."""
        return f"'{row.measure}' ({row.label_en}; {row.label_sv})"

    def setting(self, key: str) -> Place:
        """Where a setting of the municipality stands."""
        return self.town.places.get((key,), Place(f"inputs/{self.town.name}/municipality.yaml"))


Look = Callable[[Known], Iterable[Doubt]]
_declared: dict[str, Look] = {}


def doubt(look: Look) -> Look:
    """Declare a function that finds what is doubted; its docstring says what. Raises ValueError for a name twice."""
    known = _declared.setdefault(look.__name__, look)
    if known.__module__ != look.__module__:
        raise ValueError(f"doubt '{look.__name__}': in {known.__module__} and {look.__module__}")
    return look


def declared() -> dict[str, Look]:
    """All that is doubted, by the name of the function, in the order of files."""
    for module in pkgutil.iter_modules(model.doubts.__path__):
        importlib.import_module(f"model.doubts.{module.name}")
    return dict(sorted(_declared.items(), key=lambda item: item[1].__module__))


def doubts(known: Known) -> tuple[Doubt, ...]:
    """Everything that is probably wrong, in the order of files and lines; what a note has `checked:` says so."""
    found = {each for look in declared().values() for each in look(known)}
    noted = (replace(each, checked=known.notes.get((each.place.file, each.place.line), "")) for each in found)
    return tuple(sorted(noted))
