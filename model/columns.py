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


# --- inputs/common ---------------------------------------------------------------------------------


class Source(Row):
    """One source, listed once; every other table refers to its key."""

    key = ("source",)
    source: Id
    kind: Literal["official", "published", "derived", "assumption"]
    title: Text
    publisher: str = ""
    year: str = ""
    note: str = ""


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


class Carrier(Sourced):
    """What activities use. `energy_content` turns litres or kilograms into energy (blank: sold by energy)."""

    key = ("carrier",)
    carrier: Id
    label_sv: Text
    label_en: Text
    energy_content: Positive | None = None
    energy_content_unit: str = ""  # kWh/l or kWh/kg
    official_group: str = ""  # carriers official statistics cannot tell apart share one group
    national_share: Share | None = None  # share of the carrier in its group, nationally


class EmissionFactor(Measured):
    """Emissions where the carrier is burnt, before any national blending (see `blends`). Holds from `year` on."""

    key = ("carrier", "gas", "year")
    carrier: Annotated[Id, Ref("carriers.carrier")]
    gas: Annotated[Id, Ref("gases.gas")]
    year: Year
    value: NonNegative


class Blend(Sourced):
    """A carrier whose bio share follows the national duty: bio share = min(duty / saving, wall).

    The bio share takes away `fossil_gas` in proportion and adds it to `bio_gas`.
    """

    key = ("carrier",)
    carrier: Annotated[Id, Ref("carriers.carrier")]
    saving: Share  # greenhouse gas saving per litre of the biofuel blended in
    saving_low: Share
    saving_high: Share
    wall: Share  # largest bio share the fuel standard lets through
    fossil_gas: Annotated[Id, Ref("gases.gas")]
    bio_gas: Annotated[Id, Ref("gases.gas")]


class Mandate(Sourced):
    """The reduction duty by carrier and year; `path` is what a future chooses.

    Straight lines between years, constant after the last.
    """

    key = ("path", "carrier", "year")
    path: Id  # 'decided' is history and law, shared by all paths; other paths go on from it
    carrier: Annotated[Id, Ref("blends.carrier")]
    year: Year
    value: NonNegative
    unit: Literal["percent"]


class Price(Measured):
    """A price, real, in the price year. `path` 'all' holds in every path. Straight lines between years."""

    key = ("path", "item", "price_set", "year")
    path: Id
    item: Id  # a carrier, or 'carbon_levy' (SEK per t fossil CO2, added to carriers marked in `levied`)
    price_set: Literal["market", "household"]  # market: excluding VAT; household: including VAT
    year: Year


class Levied(Sourced):
    """Carriers on which the carbon levy of a future (emissions trading for fuels) is added."""

    key = ("carrier",)
    carrier: Annotated[Id, Ref("carriers.carrier")]
    from_year: Year


class Owner(Sourced):
    """Who can own a measure. Public owners pay from municipal pots; others weigh their own savings."""

    key = ("owner",)
    owner: Id
    label_sv: Text
    label_en: Text
    municipal: YesNo
    price_set: Literal["market", "household"]
    rate: NonNegative  # real discount rate
    payback_years: NonNegative  # savings further away than this do not count for the owner


class Valuation(Measured):
    """A value used for co-benefits or comparisons."""

    key = ("item",)
    item: Id


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


# --- inputs/<municipality> -------------------------------------------------------------------------


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


class Population(Sourced):
    """Inhabitants: history ('observed') and projections by path."""

    key = ("path", "year")
    path: Id
    year: Year
    value: Positive
    unit: Literal["person"]


class Activity(Sourced):
    """Something done each year by one technique, in its own unit.

    `driver` says how the reference development moves it; the sector's file in `model/sectors` does it.
    Running cost is without energy, which follows from `use` and prices.
    """

    key = ("activity",)
    activity: Id
    label_sv: Text
    label_en: Text
    subsector: Annotated[Id, Ref("subsectors.subsector")]
    pool: str = ""  # activities that serve the same end; measures may draw on the pool as a whole
    unit: Text
    driver: Literal["constant", "population", "fleet", "decay", "series", "none"]
    running_cost: Number = 0.0
    external_cost: Number = 0.0  # air, noise, accidents; negative: a benefit (health of cycling)
    cost_unit: Text  # e.g. SEK_2026/km


class ActivityLevel(Measured):
    """The level of an activity in the base year (any driver but fleet) or by year (driver series)."""

    key = ("activity", "year")
    activity: Annotated[Id, Ref("activities.activity")]
    year: Year


class DirectEmission(Measured):
    """Emissions per unit of activity that do not come from energy carriers. Holds from `year` on."""

    key = ("activity", "gas", "year")
    activity: Annotated[Id, Ref("activities.activity")]
    gas: Annotated[Id, Ref("gases.gas")]
    year: Year


class Use(Measured):
    """Energy per unit of activity. Straight lines between years, constant outside."""

    key = ("activity", "carrier", "year")
    activity: Annotated[Id, Ref("activities.activity")]
    carrier: Annotated[Id, Ref("carriers.carrier")]
    year: Year
    value: NonNegative


class CarrierUse(Measured):
    """Reference use of a carrier in a subsector that no activity explains (process heat, boats, aviation)."""

    key = ("subsector", "carrier", "year")
    subsector: Annotated[Id, Ref("subsectors.subsector")]
    carrier: Annotated[Id, Ref("carriers.carrier")]
    year: Year


class Parameter(Measured):
    """A number a sector's file asks for by name (mileage, survival of vehicles, decay rate ...)."""

    key = ("parameter", "of", "path", "year")
    parameter: Id
    of: str = ""  # what it belongs to: vehicle type, activity, subsector
    path: Id = "all"  # 'all', or a path that a future chooses (uptake of electric vehicles)
    year: Year | None = None


class Vehicle(Sourced):
    """Vehicles in traffic and newly registered, by type, technique and year."""

    key = ("vehicle_type", "technique", "year", "status")
    vehicle_type: Id
    technique: Id
    year: Year
    status: Literal["in_traffic", "newly_registered"]
    value: NonNegative
    unit: Literal["vehicle"]
    activity: str = ""  # the activity that its kilometres belong to


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


class Fund(Sourced):
    """A funding source. `order` is the order in which a typed-in portfolio draws on them.

    `loan` and `green_bond` are ways to finance an investment pot and have a row in `debts`. `charged_to` names the
    operating pot that carries the capital charge (depreciation and internal rate) of what this fund pays for.
    """

    key = ("fund",)
    fund: Id
    label_sv: Text
    label_en: Text
    kind: Literal["municipal_investment", "municipal_operating", "grant", "public", "own", "loan", "green_bond"]
    pays: Literal["capital", "support"]
    order: int
    carry_over: NonNegative  # most unspent money that may wait for next year
    carry_over_unit: Text
    price_basis: Literal["real", "nominal"]  # of its yearly amounts, its cap on what waits, and what waits
    charged_to: str = ""


class Budget(Sourced):
    """Yearly amount of a fund; constant between and after the years given, zero before the first."""

    key = ("fund", "year")
    fund: Annotated[Id, Ref("funds.fund")]
    year: Year
    value: NonNegative
    low: NonNegative | None = None
    high: NonNegative | None = None
    unit: Text


class Grant(Sourced):
    """Terms of a fund. One without a row here pays up to its shares in `eligibility` and asks for nothing more.

    `least_effect` is what a unit must avoid over its lifetime per krona of capital; what it enables counts, too.
    """

    key = ("fund",)
    fund: Annotated[Id, Ref("funds.fund")]
    only_unprofitable: YesNo  # at most what savings do not pay back, and nothing for what pays for itself
    least_effect: NonNegative = 0.0
    effect_unit: Text = "kg_CO2e/SEK"  # with its price year, e.g. kg_CO2e/SEK_2026
    own_share: Share = 0.0  # least share of the cost it supports that no grant pays
    application_years: Annotated[int, Field(ge=0)] = 0  # from the first decision year to its first payment


class GreenCategory(Sourced):
    """A category of the green-bond framework."""

    key = ("green_label",)
    green_label: Id
    label_sv: Text
    label_en: Text


class Debt(Sourced):
    """How a loan or a green bond finances an investment pot.

    Borrowing adds nothing to the pot but what its ceiling is lifted by. Amounts are real or nominal as the fund says.
    """

    key = ("fund",)
    fund: Annotated[Id, Ref("funds.fund")]
    pot: Annotated[Id, Ref("funds.fund")]  # the pot it finances
    lift: NonNegative = 0.0  # by how much it lifts the ceiling of the pot, a year
    rate: Share  # nominal interest
    years: Annotated[int, Field(ge=1)]
    repayment: Literal["straight", "annuity", "bullet"]
    debt_ceiling: NonNegative | None = None  # most outstanding; blank: no ceiling
    service_ceiling: NonNegative | None = None  # most repayment and interest a year that liquidity allows
    unit: Text  # of the three amounts, e.g. MSEK_2026


class Eligibility(Sourced):
    """Who may be paid by which fund, for what, up to which share of the cost. No row: not allowed."""

    key = ("fund", "owner", "category")
    fund: Annotated[Id, Ref("funds.fund")]
    owner: Annotated[Id, Ref("owners.owner")]
    category: Id  # development area, a measure, or 'any'
    largest_share: Share
    basis: str = ""  # legal basis where it is unusual


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


class CatalogueRow(Sourced):
    """What the catalogue gave for a measure before its decomposition: kept to be recomposed, never to compute."""

    key = ("measure",)
    measure: Annotated[Id, Ref("measures.measure")]
    abatement: Number  # t CO2e per unit and year
    running_cost: Number  # SEK per unit and year, fuel saving included
    co_benefit: Number  # SEK per unit and year, health included
    exception: str = ""  # why the tonnes do not agree within 15 %


@dataclass(frozen=True)
class Table:
    """A table: its row class, where it stands, and whether a municipality may do without."""

    row: type[Row]
    common: bool
    optional: bool = False


TABLES: dict[str, Table] = {
    "sources": Table(Source, common=True),
    "sectors": Table(Sector, common=True),
    "subsectors": Table(Subsector, common=True),
    "gases": Table(Gas, common=True),
    "carriers": Table(Carrier, common=True),
    "emission_factors": Table(EmissionFactor, common=True),
    "blends": Table(Blend, common=True),
    "mandates": Table(Mandate, common=True),
    "prices": Table(Price, common=True),
    "levied": Table(Levied, common=True),
    "owners": Table(Owner, common=True),
    "valuations": Table(Valuation, common=True),
    "indicators": Table(IndicatorPart, common=True),
    "inventory": Table(Inventory, common=False),
    "population": Table(Population, common=False, optional=True),
    "activities": Table(Activity, common=False),
    "activity_levels": Table(ActivityLevel, common=False),
    "direct_emissions": Table(DirectEmission, common=False, optional=True),
    "use": Table(Use, common=False, optional=True),
    "carrier_use": Table(CarrierUse, common=False, optional=True),
    "parameters": Table(Parameter, common=False, optional=True),
    "fleet": Table(Vehicle, common=False, optional=True),
    "measures": Table(Measure, common=False),
    "areas": Table(Area, common=False, optional=True),
    "owner_shares": Table(OwnerShare, common=False),
    "costs": Table(Cost, common=False),
    "potentials": Table(Potential, common=False),
    "effects": Table(Effect, common=False),
    "relations": Table(Relation, common=False, optional=True),
    "funds": Table(Fund, common=False),
    "budgets": Table(Budget, common=False),
    "eligibility": Table(Eligibility, common=False),
    "grants": Table(Grant, common=False, optional=True),
    "debts": Table(Debt, common=False, optional=True),
    "green_categories": Table(GreenCategory, common=False, optional=True),
    "shares": Table(SharePart, common=False, optional=True),
    "departments": Table(Department, common=False, optional=True),
    "workload": Table(Workload, common=False, optional=True),
    "targets": Table(Target, common=False),
    "pathways": Table(Pathway, common=False, optional=True),
    "catalogue": Table(CatalogueRow, common=False, optional=True),
}
