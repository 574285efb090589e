"""What may the tables of activities, their levels and what they use contain?"""

from __future__ import annotations

from typing import Annotated, Literal

from model.inputs.columns.base import Id, Measured, NonNegative, Number, Positive, Ref, Sourced, Text, Year


class Population(Sourced):
    """Inhabitants: history ('observed') and projections by path."""

    key = ("path", "year")
    path: Id
    year: Year
    value: Positive
    unit: Literal["person"]


class Activity(Sourced):
    """Something done each year by one technique, in its own unit.

    `driver` says how the reference development moves it; the sector's file in `model/reference` does it.
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
