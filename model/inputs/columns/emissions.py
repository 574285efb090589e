"""What may the tables of sectors, gases, indicators, the inventory and targets contain?"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from model.inputs.columns.base import Id, NonNegative, Number, Positive, Ref, Row, Sourced, Text, Year, YesNo


class Sector(Row):
    """A heading of the national emissions database, in the order it is shown."""

    key = ("sector",)
    sector: Id
    label_sv: Text
    label_en: Text


class Subsector(Sourced):
    """Where emissions are reported. `perspective` keeps the ledgers apart."""

    key = ("subsector",)
    subsector: Id
    sector: Annotated[Id, Ref("sectors.sector")]
    perspective: Literal["territorial", "removals", "organisation", "consumption"]
    gpc: str = ""  # Global Protocol for Community-scale inventories, e.g. II.1.1
    crt: str = ""  # Common Reporting Tables of the UNFCCC, e.g. 1.A.3.b.i
    label_sv: Text
    label_en: Text


class Gas(Sourced):
    """A gas and its global warming potential over 100 years in each named set (t CO2e per t)."""

    key = ("gas", "gwp_set")
    gas: Id
    gwp_set: Id
    value: Number
    unit: Literal["t_CO2e/t"]
    label_sv: Text
    label_en: Text


class IndicatorPart(Sourced):
    """An indicator is a sum over perspectives, of emissions or of energy; rows with the same indicator are added."""

    key = ("indicator", "perspective", "gas", "subsector", "carrier")
    indicator: Id
    label_sv: Text
    label_en: Text
    perspective: Literal["territorial", "removals", "organisation", "consumption"]
    quantity: Literal["emissions", "energy"] = "emissions"
    gas: str = ""  # of emissions: a gas, or 'all' (all with a global warming potential)
    carrier: str = ""  # of energy: a carrier; blank: all
    subsector: str = ""  # blank: all of the perspective
    accounting: Literal["activity", "official"] = "activity"


class Inventory(Sourced):
    """Observed emissions. A blank subsector is the official total of the sector."""

    key = ("year", "sector", "subsector", "gas", "vintage")
    year: Year
    sector: Annotated[Id, Ref("sectors.sector")]
    subsector: str = ""
    gas: Id  # 'co2e', or 'co2' for the older series of fossil CO2
    value: NonNegative
    unit: Text
    vintage: Id  # which release of the statistics; 'current' is used for reconciliation
    status: Literal["official", "derived", "assumed"]
    low: NonNegative | None = None
    high: NonNegative | None = None


class SharePart(Sourced):
    """An indicator that is a share of activities, such as cycling's share of all travel, in percent.

    Counted rows over all rows of the indicator; each is weight x level of its activity.
    """

    key = ("indicator", "activity")
    indicator: Id
    label_sv: Text
    label_en: Text
    activity: Annotated[Id, Ref("activities.activity")]
    weight: Positive  # of one unit of the activity, e.g. persons in a car
    unit: Text  # times the unit of the activity the same in all rows of an indicator, e.g. person or trip/km
    counted: YesNo


class Target(Sourced):
    """A limit on an indicator. Lower priority numbers come first.

    It holds `from` a year on, or in that year `only`, each year by itself; or it is `cumulative`: a limit on the sum
    of the years from `since` to `year` (a carbon budget).
    """

    key = ("target",)
    target: Id
    label_sv: Text
    label_en: Text
    indicator: str = ""
    year: Year
    limit: Number | None = None
    unit: str = ""
    hold: Literal["from", "only", "cumulative"]
    since: Year | None = None  # cumulative: first year added up; blank: the first decision year
    sense: Literal["at_most", "at_least"] = "at_most"
    priority: Annotated[int, Field(ge=1)]
    evaluable: YesNo  # 'no': wording or baseline missing; shown, never computed


class Pathway(Sourced):
    """A published pathway, drawn beside ours; `boundary` says how its scope differs."""

    key = ("pathway", "year")
    pathway: Id
    label_sv: Text
    label_en: Text
    year: Year
    value: Number
    unit: Text
    boundary: str = ""


TOTAL = "co2e"
"""What the inventory calls all gases together."""
