"""What do words about a clash look up? Names, numbers and the places where they stand in the user's files."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

from model.inputs.columns.base import Row
from model.inputs.columns.measures import Measure, Relation
from model.inputs.faults import Place
from model.inputs.municipality import Municipality
from model.inputs.schema import Goal
from model.measures.catalogue import Measures
from model.optimiser.problem import Problem
from model.scenarios.files import Scenario
from model.vocabulary import FloatArray


@dataclass(frozen=True)
class Told:
    """A goal that has no plan, and the tables it rests on."""

    problem: Problem
    goal: Goal
    scenario: Scenario
    town: Municipality
    kinds: Collection[str]
    """of the members of the clash"""

    @property
    def measures(self) -> Measures:
        """What can be decided."""
        return self.problem.case.measures

    @cached_property
    def rows(self) -> dict[str, Measure]:
        """Rows of measures by name."""
        return {row.measure: row for row in self.town.rows(Measure)}

    def tells(self, kind: str) -> bool:
        """Whether a member of this kind is part of the clash."""
        return kind in self.kinds

    def name(self, m: int) -> str:
        """A measure's name in quotes."""
        return f"'{self.measures.names[m]}'"

    def row(self, m: int) -> Measure:
        """A measure's row."""
        return self.rows[self.measures.names[m]]

    def whole(self, m: int) -> str:
        """That a measure comes in whole units, if it does."""
        size = float(self.measures.unit_size[m])
        return f", in whole units of {size:g}" if size > 0 else ""

    def span(self, values: FloatArray) -> str:
        """Least and most of values (year,) from the first decision year on."""
        decided = values[self.problem.first :]
        least, most = f"{decided.min():.4g}", f"{decided.max():.4g}"
        return least if least == most else f"{least} to {most}"

    def place(self, rows: Iterable[Row]) -> str:
        """Where the first of some rows stands."""
        row = next(iter(rows), None)
        return "no row" if row is None else str(self.town.place(row))

    def relation(self, kind: str, m: int, other: int) -> str:
        """Where a relation of two measures stands."""
        pair = self.measures.names[m], self.measures.names[other]
        rows = self.town.rows(Relation)
        return self.place([row for row in rows if row.relation == kind and (row.measure, row.other) == pair])

    def demand(self, key: str, name: str) -> Place:
        """Where a name stands under a key of the goal."""
        return self.scenario.place(key, str(getattr(self.goal, key).index(name)))
