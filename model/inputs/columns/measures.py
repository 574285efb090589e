"""What may the tables of measures, their effects, costs and relations contain?"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from model.inputs.columns.base import Id, NonNegative, Number, Positive, Ref, Share, Sourced, Text, Year, YesNo


class Measure(Sourced):
    """A thing one can decide, counted in its own unit."""

    key = ("measure",)
    measure: Id
    label_sv: Text
    label_en: Text
    category: Id  # development area
    hierarchy: Literal["avoid", "shift", "electrify", "switch", "capture"]
    unit: Text
    lifetime: Annotated[int, Field(ge=1)]  # years a unit operates
    lead: Annotated[int, Field(ge=0)]  # years from start to operation
    first_year: Year  # first year in which a unit may be started
    ramp: NonNegative | None = None  # most new units a year beyond replacement; blank: no limit
    unit_size: Positive | None = None  # whole units of this size; blank: any amount
    in_reference: YesNo  # already decided: part of the reference, not to be chosen
    existing_units: NonNegative = 0.0  # units there already, for `enables`
    reference_activity: str = ""  # activity by which the reference itself does the same
    green_label: str = ""  # category of the green-bond framework it belongs to; blank: no green bond may pay for it


class Area(Sourced):
    """A development area: what `category` of a measure is called in figures and reports."""

    key = ("category",)
    category: Id
    label_sv: Text
    label_en: Text


class OwnerShare(Sourced):
    """Who owns a measure, and how much of its cost is theirs; shares of a measure add up to 1."""

    key = ("measure", "owner")
    measure: Annotated[Id, Ref("measures.measure")]
    owner: Annotated[Id, Ref("owners.owner")]
    share: Share


class Cost(Sourced):
    """Capital per new unit at start; fixed cost and fixed benefit per operating unit and year."""

    key = ("measure", "item", "year")
    measure: Annotated[Id, Ref("measures.measure")]
    item: Literal["capital", "fixed_cost", "fixed_benefit"]
    year: Year
    value: Number
    low: Number | None = None
    high: Number | None = None
    unit: Text  # money of the price year, e.g. SEK_2026


class Potential(Sourced):
    """Most units that can operate in a year. Straight lines between years, constant outside.

    `additional`: beyond the reference. `total`: including what the reference does by itself.
    """

    key = ("measure", "year")
    measure: Annotated[Id, Ref("measures.measure")]
    year: Year
    value: NonNegative
    low: NonNegative | None = None
    high: NonNegative | None = None
    unit: Text
    basis: Literal["additional", "total"]


class Effect(Sourced):
    """What one operating unit moves: plus adds, minus takes away.

    `activity`: level of an activity. `pool`: taken from the members in the plan's own proportions (minus only).
    `carrier`: use of a carrier in a subsector. With basis `share` the value is a share of the reference level
    that year of `share_of` (same kind and subsector; blank: of the target itself). Rows of different modes are
    interchangeable ways of doing the same; limits and costs are on their sum.
    """

    key = ("measure", "mode", "kind", "target", "subsector", "year")
    measure: Annotated[Id, Ref("measures.measure")]
    mode: str = ""
    kind: Literal["activity", "pool", "carrier"]
    target: Id
    subsector: str = ""
    basis: Literal["amount", "share"]
    share_of: str = ""
    value: Number
    low: Number | None = None
    high: Number | None = None
    unit: Text
    year: Year


class Relation(Sourced):
    """How measures depend on each other.

    requires: `measure` operates at most at the share of its potential at which `other` does (times ratio).
    excludes: not both. enables: reference + units of `other` are at most `free` + ratio x (existing + units) of
    all measures that enable it.
    """

    key = ("measure", "relation", "other")
    measure: Annotated[Id, Ref("measures.measure")]
    relation: Literal["requires", "excludes", "enables"]
    other: Annotated[Id, Ref("measures.measure")]
    ratio: Positive = 1.0
    free: NonNegative = 0.0


class Department(Sourced):
    """How many persons, full time, a department has for measures.

    Constant between and after the years given; the first number holds before its year as well.
    """

    key = ("department", "year")
    department: Id
    label_sv: Text
    label_en: Text
    year: Year
    value: NonNegative
    low: NonNegative | None = None
    high: NonNegative | None = None
    unit: Text  # person


class Workload(Sourced):
    """What a measure is of work for a department. No row: none.

    Work per new unit falls in the year in which the unit is started, however long its lead; work per operating unit
    in every year in which it operates.
    """

    key = ("measure", "department", "per")
    measure: Annotated[Id, Ref("measures.measure")]
    department: Annotated[Id, Ref("departments.department")]
    per: Literal["new_unit", "operating_unit"]
    value: NonNegative
    low: NonNegative | None = None
    high: NonNegative | None = None
    unit: Text  # per new unit e.g. person_year/km, per operating unit e.g. person/km


class CatalogueRow(Sourced):
    """What the catalogue gave for a measure before its decomposition: kept to be recomposed, never to compute."""

    key = ("measure",)
    measure: Annotated[Id, Ref("measures.measure")]
    abatement: Number  # t CO2e per unit and year
    running_cost: Number  # SEK per unit and year, fuel saving included
    co_benefit: Number  # SEK per unit and year, health included
    exception: str = ""  # why the tonnes do not agree within 15 %
