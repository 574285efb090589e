"""What may the tables of activities, their levels and what they use contain?"""

from __future__ import annotations

from typing import Annotated, Literal

from model.inputs.columns.base import Id, Labelled, Measured, NonNegative, Number, Positive, Ref, Sourced, Text, Year


class Population(Sourced):
    """Inhabitants: history ('observed') and projections by path."""

    key = ("path", "year")
    path: Id
    """`observed`, or a path that a future chooses."""
    year: Year
    """At its end."""
    value: Positive
    """Inhabitants."""
    unit: Literal["person"]
    """What the number is in."""


class Activity(Labelled, Sourced):
    """Something done each year by one technique, in its own unit.

    `driver` says how the reference development moves it, whatever its sector. Running cost is without energy, which
    follows from `use` and prices.
    """

    key = ("activity",)
    activity: Id
    """What other tables call it."""
    subsector: Annotated[Id, Ref("subsectors.subsector")]
    """Where its emissions are reported."""
    pool: str = ""
    """Activities that serve the same end; measures may draw on the pool as a whole."""
    unit: Text
    """What it is counted in, the same in a whole pool."""
    driver: Literal["constant", "population", "fleet", "decay", "series", "none"]
    """constant: as in the base year. population: follows the inhabitants. series: as the table of levels says.
    fleet: follows the vehicles. decay: first-order decay of what was deposited. none: zero until a measure brings
    it."""
    running_cost: Number = 0.0
    """What a unit costs to run, without energy, in `cost_unit`."""
    external_cost: Number = 0.0
    """Air, noise, accidents, in `cost_unit`; negative: a benefit (health of cycling)."""
    cost_unit: Text
    """Of both costs, e.g. SEK_2026/km."""


class ActivityLevel(Measured[NonNegative]):
    """The level of an activity in the base year (any driver but fleet) or by year (driver series)."""

    key = ("activity", "year")
    activity: Annotated[Id, Ref("activities.activity")]
    """Whose level it is."""
    year: Year
    """Straight lines between years, for driver series."""


class DirectEmission(Measured[NonNegative]):
    """Emissions per unit of activity that do not come from energy carriers. Holds from `year` on."""

    key = ("activity", "gas", "year")
    activity: Annotated[Id, Ref("activities.activity")]
    """What emits."""
    gas: Annotated[Id, Ref("gases.gas")]
    """What it emits; `co2_removed` and the like are removals."""
    year: Year
    """First year in which it holds."""


class Use(Measured[NonNegative]):
    """Energy per unit of activity. Straight lines between years, constant outside."""

    key = ("activity", "carrier", "year")
    activity: Annotated[Id, Ref("activities.activity")]
    """What uses it."""
    carrier: Annotated[Id, Ref("carriers.carrier")]
    """What is used."""
    year: Year
    """Of the number; with driver fleet, later vehicles need less than those of the base year."""


class CarrierUse(Measured[NonNegative]):
    """Reference use of a carrier in a subsector that no activity explains (process heat, boats, aviation)."""

    key = ("subsector", "carrier", "year")
    subsector: Annotated[Id, Ref("subsectors.subsector")]
    """Where its emissions are reported."""
    carrier: Annotated[Id, Ref("carriers.carrier")]
    """What is used."""
    year: Year
    """Straight lines between years, constant outside."""


class Parameter(Measured[Number]):
    """A number that a driver or a check asks for by name (mileage, survival of vehicles, decay rate ...)."""

    key = ("parameter", "of", "path", "year")
    parameter: Id
    """Its name."""
    of: str = ""
    """What it belongs to: vehicle type, vehicle type and technique, activity, subsector."""
    path: Id = "all"
    """`all`, or a path that a future chooses (uptake of electric vehicles)."""
    year: Year | None = None
    """Straight lines between years; blank: all years."""


class Vehicle(Sourced):
    """Vehicles in traffic and newly registered, by type, technique and year."""

    key = ("vehicle_type", "technique", "year", "status")
    vehicle_type: Id
    """Vehicles that renew themselves together, such as cars."""
    technique: Id
    """What they are driven by."""
    year: Year
    """In traffic: at its end; newly registered: during it."""
    status: Literal["in_traffic", "newly_registered"]
    """in_traffic: there. newly_registered: come new; without such rows all that come are taken to be new."""
    value: NonNegative
    """Vehicles."""
    unit: Literal["vehicle"]
    """What the number is in."""
    activity: str = ""
    """The activity that its kilometres belong to, one with driver fleet; blank: not modelled."""
