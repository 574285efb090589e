"""What may the tables of sectors, gases, indicators, the inventory and targets contain?"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from model.inputs.columns.base import (
    Count,
    Id,
    Labelled,
    Measured,
    NonNegative,
    Number,
    Positive,
    Ref,
    Sourced,
    Text,
    Year,
    YesNo,
)

Perspective = Literal["territorial", "removals", "organisation", "consumption"]


class Sector(Labelled):
    """A heading of the national emissions database, in the order it is shown."""

    key = ("sector",)
    sector: Id
    """What other tables call it."""


class Subsector(Labelled, Sourced):
    """Where emissions are reported. `perspective` keeps the ledgers apart."""

    key = ("subsector",)
    subsector: Id
    """What other tables call it."""
    sector: Annotated[Id, Ref("sectors.sector")]
    """The heading it is shown under."""
    perspective: Perspective
    """The ledger it belongs to; ledgers are never added, except removals by the rule of a net indicator."""
    gpc: str = ""
    """Global Protocol for Community-scale inventories, e.g. II.1.1."""
    crt: str = ""
    """Common Reporting Tables of the UNFCCC, e.g. 1.A.3.b.i."""


def _potential(value: float) -> float:
    """Nothing cools but what is taken away."""
    if -1 < value < 0:
        raise ValueError("a number of at least 0, or -1 for what is removed")
    return value


class Gas(Labelled, Sourced):
    """A gas and its global warming potential over 100 years in each named set (t CO2e per t)."""

    key = ("gas", "gwp_set")
    gas: Id
    """What other tables call it."""
    gwp_set: Id
    """The set of warming potentials; a municipality uses one, sets are never mixed."""
    value: Annotated[float, Field(ge=-1, le=100_000, allow_inf_nan=False), AfterValidator(_potential)]
    """Its warming potential; 0: carried beside, -1: removed."""
    unit: Literal["t_CO2e/t"]
    """What the number is in."""


class IndicatorPart(Labelled, Sourced):
    """An indicator is a sum over perspectives, of emissions or of energy; rows with the same indicator are added."""

    key = ("indicator", "perspective", "gas", "subsector", "carrier")
    indicator: Id
    """What targets call it."""
    perspective: Perspective
    """The ledger that is added up."""
    quantity: Literal["emissions", "energy"] = "emissions"
    """What is added up: t CO2e or GWh."""
    gas: str = ""
    """Of emissions: a gas, or `all` (all with a global warming potential)."""
    carrier: str = ""
    """Of energy: a carrier; blank: all."""
    subsector: str = ""
    """One of the perspective; blank: all of it."""
    accounting: Literal["activity", "official"] = "activity"
    """official: with the factors of official statistics, which cannot tell pure fuels from blended ones."""


class Inventory(Measured[NonNegative]):
    """Observed emissions. A blank subsector is the official total of the sector."""

    key = ("year", "sector", "subsector", "gas", "vintage")
    year: Year
    """In which it was emitted."""
    sector: Annotated[Id, Ref("sectors.sector")]
    """The heading it is reported under."""
    subsector: str = ""
    """One of the sector; blank: the sector's total."""
    gas: Id
    """`co2e`, or `co2` for the older series of fossil CO2."""
    vintage: Id
    """Which release of the statistics; the one that the municipality's settings name is used for reconciliation."""
    status: Literal["official", "derived", "assumed"]
    """official: as published. derived: split by us from official numbers. assumed: our split."""


class SharePart(Labelled, Sourced):
    """An indicator that is a share of activities, such as cycling's share of all travel, in percent.

    Counted rows over all rows of the indicator; each is weight x level of its activity.
    """

    key = ("indicator", "activity")
    indicator: Id
    """What targets call it."""
    activity: Annotated[Id, Ref("activities.activity")]
    """An activity of the whole."""
    weight: Positive
    """Of one unit of the activity, e.g. persons in a car."""
    unit: Text
    """Times the unit of the activity the same in all rows of an indicator, e.g. person or trip/km."""
    counted: YesNo
    """yes: part of what the share is of interest for. no: only of the whole."""


class Target(Labelled, Sourced):
    """A limit on an indicator. Lower priority numbers come first.

    It holds `from` a year on, or in that year `only`, each year by itself; or it is `cumulative`: a limit on the sum
    of the years from `since` to `year` (a carbon budget).
    """

    key = ("target",)
    target: Id
    """What goals call it."""
    indicator: str = ""
    """What it limits, of `indicators` or `shares`; blank only if it cannot be computed."""
    year: Year
    """First year in which it holds, the only one, or the last of the sum, as `hold` says."""
    limit: Number | None = None
    """What the indicator may be; blank only if it cannot be computed."""
    unit: str = ""
    """Of the limit; blank only if it cannot be computed."""
    hold: Literal["from", "only", "cumulative"]
    """from: that year and all later. only: that year. cumulative: the sum of the years."""
    since: Year | None = None
    """Of a cumulative target: first year added up; blank: the first decision year."""
    sense: Literal["at_most", "at_least"] = "at_most"
    """Which side of the limit is wanted."""
    priority: Annotated[Count, Field(ge=1)]
    """1 comes first; an unreachable target never costs one that comes before it."""
    evaluable: YesNo
    """no: wording or baseline missing; shown, never computed."""


class Pathway(Labelled, Sourced):
    """A published pathway, drawn beside ours; `boundary` says how its scope differs."""

    key = ("pathway", "year")
    pathway: Id
    """Its name."""
    year: Year
    """Of the number; figures draw straight lines between."""
    value: Number
    """Emissions."""
    unit: Text
    """What the number is in."""
    boundary: str = ""
    """What it counts that we do not, or the other way round."""


TOTAL = "co2e"
"""What the inventory calls all gases together."""
