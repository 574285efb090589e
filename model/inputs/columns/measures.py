"""What may the tables of measures, their effects, costs and relations contain?"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from model.inputs.columns.base import (
    Count,
    Id,
    Labelled,
    Measured,
    NonNegative,
    Number,
    Positive,
    Ref,
    Share,
    Sourced,
    Text,
    Year,
    YesNo,
)


class Measure(Labelled, Sourced):
    """A thing one can decide, counted in its own unit."""

    key = ("measure",)
    measure: Id
    """What other tables, portfolios and goals call it."""
    category: Id
    """Development area."""
    hierarchy: Literal["avoid", "shift", "electrify", "switch", "capture"]
    """What it does; of measures that wait for nothing of each other, those named first here are taken first."""
    unit: Text
    """What it is counted in."""
    lifetime: Annotated[Count, Field(ge=1)]
    """Years a unit operates."""
    lead: Count
    """Years from start to operation."""
    first_year: Year
    """First year in which a unit may be started."""
    ramp: NonNegative | None = None
    """Most new units a year beyond replacement; blank: no limit."""
    unit_size: Positive | None = None
    """Whole units of this size; blank: any amount."""
    in_reference: YesNo
    """yes: already decided, part of the reference, not to be chosen."""
    existing_units: NonNegative = 0.0
    """Units there already, for `enables`."""
    reference_activity: str = ""
    """Activity by which the reference itself does the same."""
    green_label: str = ""
    """Category of the green-bond framework it belongs to; blank: no green bond may pay for it."""


class Area(Labelled, Sourced):
    """A development area: what `category` of a measure is called in figures and reports."""

    key = ("category",)
    category: Id
    """What measures call it."""


class OwnerShare(Sourced):
    """Who owns a measure, and how much of its cost is theirs; shares of a measure add up to 1."""

    key = ("measure", "owner")
    measure: Annotated[Id, Ref("measures.measure")]
    """What is owned."""
    owner: Annotated[Id, Ref("owners.owner")]
    """Who owns it."""
    share: Share
    """How much of it."""


class Cost(Measured[Number]):
    """Capital per new unit at start; fixed cost and fixed benefit per operating unit and year."""

    key = ("measure", "item", "year")
    measure: Annotated[Id, Ref("measures.measure")]
    """What it is a cost of."""
    item: Literal["capital", "fixed_cost", "fixed_benefit"]
    """capital: once, when a unit is started. fixed_cost, fixed_benefit: each year a unit operates, without energy."""
    year: Year
    """Straight lines between years, constant outside."""
    unit: Text
    """Money of the price year, e.g. SEK_2026; of one unit of the measure."""


class Potential(Measured[NonNegative]):
    """Most units that can operate in a year. Straight lines between years, constant outside."""

    key = ("measure", "year")
    measure: Annotated[Id, Ref("measures.measure")]
    """Of what."""
    year: Year
    """In which."""
    basis: Literal["additional", "total"]
    """additional: beyond the reference. total: including what the reference does by itself."""


class Effect(Measured[Number]):
    """What one operating unit moves: plus adds, minus takes away.

    `activity`: level of an activity. `pool`: taken from the members in the plan's own proportions (minus only).
    `carrier`: use of a carrier in a subsector. With basis `share` the value is a share of the reference level
    that year of `share_of` (same kind and subsector; blank: of the target itself). Rows of different modes are
    interchangeable ways of doing the same; limits and costs are on their sum.
    """

    key = ("measure", "mode", "kind", "target", "subsector", "year")
    measure: Annotated[Id, Ref("measures.measure")]
    """What moves it."""
    mode: str = ""
    """The way of doing it that the row belongs to; blank: there is one way only."""
    kind: Literal["activity", "pool", "carrier"]
    """What is moved."""
    target: Id
    """The activity, pool or carrier that is moved."""
    subsector: str = ""
    """Of a carrier: where it is used; blank for the others."""
    basis: Literal["amount", "share"]
    """amount: in `unit` per unit of the measure. share: of the reference level that year."""
    share_of: str = ""
    """Of basis share: what it is a share of; blank: of the target."""
    year: Year
    """Straight lines between years, constant outside."""


class Relation(Sourced):
    """How measures depend on each other.

    requires: `measure` operates at most at the share of its potential at which `other` does (times ratio).
    excludes: not both. enables: reference + units of `other` are at most `free` + ratio x (existing + units) of
    all measures that enable it.
    """

    key = ("measure", "relation", "other")
    measure: Annotated[Id, Ref("measures.measure")]
    """What requires, excludes or enables."""
    relation: Literal["requires", "excludes", "enables"]
    """How."""
    other: Annotated[Id, Ref("measures.measure")]
    """What is required, excluded or enabled."""
    ratio: Positive = 1.0
    """requires: share of its potential per share of the other's. enables: units of the other a unit makes room for."""
    free: NonNegative = 0.0
    """enables: units of the other that need none."""


class Department(Labelled, Measured[NonNegative]):
    """How many persons, full time, a department has for measures.

    Constant between and after the years given; the first number holds before its year as well.
    """

    key = ("department", "year")
    department: Id
    """What other tables call it."""
    year: Year
    """First year in which the number holds."""
    unit: Text
    """What persons are counted in: person."""


class Workload(Measured[NonNegative]):
    """What a measure is of work for a department. No row: none.

    Work per new unit falls in the year in which the unit is started, however long its lead; work per operating unit
    in every year in which it operates.
    """

    key = ("measure", "department", "per")
    measure: Annotated[Id, Ref("measures.measure")]
    """What the work is for."""
    department: Annotated[Id, Ref("departments.department")]
    """Whose work it is."""
    per: Literal["new_unit", "operating_unit"]
    """When the work falls."""
    unit: Text
    """Per new unit e.g. person_year/km, per operating unit e.g. person/km."""


class CatalogueRow(Sourced):
    """What the catalogue gave for a measure before its decomposition: kept to be recomposed, never to compute."""

    key = ("measure",)
    measure: Annotated[Id, Ref("measures.measure")]
    """What the row was given for."""
    abatement: Number
    """t CO2e per unit and year."""
    running_cost: Number
    """SEK per unit and year, fuel saving included."""
    co_benefit: Number
    """SEK per unit and year, health included."""
    exception: str = ""
    """Why the tonnes do not agree within 15 %."""
