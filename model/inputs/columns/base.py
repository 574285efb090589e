"""What is a column of a table, and what do many tables have in common?

One class a table, one field a column. A field's type, the docstring beneath it and what it is if left out are all that
is known of a column: the words of faults, the manual (`docs/tables.md`) and the reading of files follow from them.
A column annotated `Ref("measures.measure")` must hold a value that stands in that column of that table.
Every table of numbers has `source` (a key in `sources.csv`) and `confidence` (A official or primary,
B credible or derived, C our assumption); a row without them does not load.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, ClassVar, Generic, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PrivateAttr, ValidationInfo, field_validator

from model.inputs.faults import Place

Id = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=60)]
Text = Annotated[str, Field(min_length=1, max_length=1000)]
LARGEST, SMALLEST = 1e15, 1e-15
"""Amounts beyond which nothing is that a municipality counts, in any unit: they are slips of the keyboard, and what is
computed of them would be no number."""


def _sized(value: float) -> float:
    """A number that can be counted with."""
    if abs(value) > LARGEST:
        raise ValueError(f"a number between {-LARGEST:g} and {LARGEST:g}")
    return 0.0 if abs(value) < SMALLEST else value


def _above_nothing(value: float) -> float:
    if not value:
        raise ValueError(f"a number above {SMALLEST:g}")
    return value


Sized = AfterValidator(_sized)
Number = Annotated[float, Field(allow_inf_nan=False), Sized]
NonNegative = Annotated[float, Field(ge=0, allow_inf_nan=False), Sized]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False), Sized, AfterValidator(_above_nothing)]
Count = Annotated[int, Field(ge=0, le=1000)]
"""A number of years, or a place in an order."""
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
EARLIEST = 1900
Year = Annotated[int, Field(ge=EARLIEST, le=2200)]
YesNo = Literal["yes", "no"]
Value = TypeVar("Value", bound=float)


@dataclass(frozen=True)
class Ref:
    """The value must stand in this column of this table (`table.column`)."""

    target: str


@dataclass(frozen=True)
class Origin:
    """Where a row stands: its own line, and that of the national row from which it has some of its cells."""

    own: Place
    national: Place | None = None
    inherited: frozenset[str] = frozenset()
    """columns that are the national row's"""

    def at(self, column: str) -> Place:
        """Where what a column holds stands."""
        where = self.national if self.national and column in self.inherited else self.own
        return Place(where.file, where.line, column)


class Row(BaseModel):
    """A row of a table: unknown columns are refused, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, use_attribute_docstrings=True)
    key: ClassVar[tuple[str, ...]] = ()
    adding: ClassVar[str] = ""
    """What a new row must say, where another table names one that is not there."""
    line: int = 0
    """Line in the file, set by the reader; no column."""
    _origin: Origin | None = PrivateAttr(default=None)

    @classmethod
    @cache
    def columns(cls) -> tuple[str, ...]:
        """The columns of the table as a reader wants them: the key first, where it comes from last."""
        last = Sourced.model_fields if issubclass(cls, Sourced) else {}
        others = (name for name in cls.model_fields if name not in (*cls.key, *last, "line"))
        return (*cls.key, *others, *(name for name in last if name not in (*cls.key, "line")))

    def stands_in(self, origin: Origin) -> None:
        """Remember where the row was read."""
        self._origin = origin

    def place(self, file: str, column: str = "") -> Place:
        """Where the row, or what it has in a column, stands; in `file` if it was not read from one."""
        return (self._origin or Origin(Place(file, self.line))).at(column)

    def by_file(self, file: str) -> dict[str, list[tuple[str, Any]]]:
        """What the row says, column by column, by the file in which it stands; `file` if it was not read from one."""
        origin = self._origin or Origin(Place(file))
        cells = [(column, value) for column, value in self.__dict__.items() if column != "line"]
        if origin.national is None:
            return {origin.own.file: cells}
        theirs = [cell for cell in cells if cell[0] in origin.inherited]
        own = [cell for cell in cells if cell[0] not in origin.inherited]
        return {origin.own.file: own, origin.national.file: theirs}


class Labelled(Row):
    """What figures and reports call it."""

    label_sv: Text
    """What it is called in Swedish."""
    label_en: Text
    """What it is called in English."""


class Sourced(Row):
    """A row that says where it comes from and how sure it is."""

    source: Annotated[str, Ref("sources.source")]
    """Where it comes from."""
    confidence: Literal["A", "B", "C"]
    """A official or primary, B credible or derived, C our assumption."""
    note: str = ""
    """What somebody will ask."""


class Measured(Sourced, Generic[Value]):
    """A number with its unit and, where it is uncertain, its range: `low` <= `value` <= `high`.

    `Measured[NonNegative]` says what all three may be.
    """

    value: Value
    """The number, the central one if it is uncertain, in `unit`."""
    low: Value | None = None
    """Least it may be; blank: certain downwards."""
    high: Value | None = None
    """Most it may be; blank: certain upwards."""
    unit: Text
    """What the numbers are in."""

    @field_validator("low", "high")
    @classmethod
    def _on_its_side(cls, bound: float | None, others: ValidationInfo) -> float | None:
        """`low` is not above the value, `high` not below it."""
        value = others.data.get("value")
        if bound is None or value is None:
            return bound
        if others.field_name == "low" and bound > value:
            raise ValueError(f"a number of at most the value, {value:g}")
        if others.field_name == "high" and bound < value:
            raise ValueError(f"a number of at least the value, {value:g}")
        return bound


class Source(Row):
    """One source, listed once; every other table refers to its key."""

    key = ("source",)
    adding = "source, kind (official, published, derived or assumption) and title"
    source: Id
    """What other tables call it."""
    kind: Literal["official", "published", "derived", "assumption"]
    """official: statistics or law. published: by somebody else. derived: computed by us. assumption: ours."""
    title: Text
    """What it is called where it was published, or what was assumed."""
    publisher: str = ""
    """Who answers for it."""
    year: str = ""
    """When it was published, or of which year it is."""
    note: str = ""
    """Where to find it, and what to know before it is used."""


@cache
def references(row: type[Row]) -> dict[str, str]:
    """Column of a table: what it refers to (`table.column`)."""
    return {
        column: mark.target
        for column, field in row.model_fields.items()
        for mark in field.metadata
        if isinstance(mark, Ref)
    }
