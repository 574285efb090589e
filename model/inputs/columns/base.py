"""What a table may contain: one class a table, one typed line a column.

The docstrings and comments here are the manual of the tables; `docs/tables.md` is made from them.
A column annotated `Ref("measures.measure")` must hold a value that stands in that column of that table.
Every table of numbers has `source` (a key in `sources.csv`) and `confidence` (A official or primary,
B credible or derived, C our assumption); a row without them does not load.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

Id = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
Text = Annotated[str, Field(min_length=1)]
Number = Annotated[float, Field(allow_inf_nan=False)]
NonNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Year = Annotated[int, Field(ge=1900, le=2200)]
YesNo = Literal["yes", "no"]
Level = Literal["low", "central", "high"]


@dataclass(frozen=True)
class Ref:
    """The value must stand in this column of this table (`table.column`)."""

    target: str


class Row(BaseModel):
    """A row of a table: unknown columns are refused, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    key: ClassVar[tuple[str, ...]] = ()
    line: int = 0  # line in the file, set by the reader


class Sourced(Row):
    """A row that says where it comes from and how sure it is."""

    source: Annotated[str, Ref("sources.source")]
    confidence: Literal["A", "B", "C"]
    note: str = ""


class Measured(Sourced):
    """A number with its unit and, where it is uncertain, its range."""

    value: Number
    low: Number | None = None
    high: Number | None = None
    unit: Text


class Source(Row):
    """One source, listed once; every other table refers to its key."""

    key = ("source",)
    source: Id
    kind: Literal["official", "published", "derived", "assumption"]
    title: Text
    publisher: str = ""
    year: str = ""
    note: str = ""
