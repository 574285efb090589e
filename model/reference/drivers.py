"""How do activities develop that need nothing but their driver, and what does a unit of them use and emit?

Drivers: `constant` keeps the level of the base year, `population` follows the inhabitants, `series` follows
the table, `none` is zero until a measure brings it. `fleet` and `decay` are for the sector files that know
them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from model.inputs.columns.activities import Activity, ActivityLevel, CarrierUse, DirectEmission, Use
from model.inputs.columns.emissions import Subsector
from model.inputs.municipality import Municipality
from model.inputs.schema import Future
from model.reference.development import Development, flat
from model.vocabulary import ENERGY, MASS, FloatArray

PLAIN = ("constant", "population", "series", "none")


def reference(town: Municipality, future: Future, *sectors: str) -> Development:
    """The development of all activities with a plain driver in these sectors, and all their other use."""
    activities = of_sector(town, PLAIN, *sectors)
    levels = {activity.activity: level(town, future, activity) for activity in activities}
    return Development(levels, use(town, activities), direct(town, activities), other_use(town, *sectors))


def of_sector(town: Municipality, drivers: Sequence[str], *sectors: str) -> tuple[Activity, ...]:
    """The activities of these sectors that have one of these drivers, in the order of the table."""
    within = {row.subsector for row in town.rows(Subsector) if row.sector in sectors}
    return tuple(row for row in town.rows(Activity) if row.subsector in within and row.driver in drivers)


def level(town: Municipality, future: Future, activity: Activity) -> FloatArray:
    """Level by year in the activity's own unit, as its driver says."""
    if activity.driver == "none":
        return flat(0.0, len(town.years))
    given = given_level(town, activity)
    if activity.driver == "series":
        return given
    if activity.driver == "population":
        inhabitants = town.population(future.population)
        following: FloatArray = given[0] * inhabitants / inhabitants[0]
        return following
    return flat(float(given[0]), len(town.years))


def given_level(town: Municipality, activity: Activity) -> FloatArray:
    """The table's level over the model years, the base year first; a level that is missing is a fault."""
    rows = [row for row in town.rows(ActivityLevel) if row.activity == activity.activity]
    if rows:
        return town.series(rows, activity.unit, activity.activity)
    found = f"activity '{activity.activity}' without a level"
    place, allowed = town.place(activity, "driver"), f"a row in {town.files['activity_levels']}, or driver 'none'"
    town.faults.add(place, found, allowed, depends_on=("activity_levels",))
    town.faults.reject("activities")
    return np.zeros(len(town.years))


def use(town: Municipality, activities: Iterable[Activity]) -> dict[tuple[str, str], FloatArray]:
    """(activity, carrier): GWh per unit of activity by year."""
    found = {}
    for activity in activities:
        rows = [row for row in town.rows(Use) if row.activity == activity.activity]
        for carrier in dict.fromkeys(row.carrier for row in rows):
            of_carrier = [row for row in rows if row.carrier == carrier]
            unit = f"{ENERGY}/({activity.unit})"
            found[activity.activity, carrier] = town.series(of_carrier, unit, f"{activity.activity}, {carrier}")
    return found


def direct(town: Municipality, activities: Iterable[Activity]) -> dict[tuple[str, str], FloatArray]:
    """(activity, gas): t of gas per unit of activity by year, each value held until the next."""
    found = {}
    for activity in activities:
        rows = [row for row in town.rows(DirectEmission) if row.activity == activity.activity]
        for gas in dict.fromkeys(row.gas for row in rows):
            of_gas = [row for row in rows if row.gas == gas]
            unit = f"{MASS}/({activity.unit})"
            found[activity.activity, gas] = town.series(of_gas, unit, f"{activity.activity}, {gas}", step=True)
    return found


def other_use(town: Municipality, *sectors: str) -> dict[tuple[str, str], FloatArray]:
    """(subsector, carrier): GWh by year that no activity of these sectors explains."""
    within = {row.subsector for row in town.rows(Subsector) if row.sector in sectors}
    rows = [row for row in town.rows(CarrierUse) if row.subsector in within]
    pairs = dict.fromkeys((row.subsector, row.carrier) for row in rows)
    return {
        pair: town.series([row for row in rows if (row.subsector, row.carrier) == pair], ENERGY, ", ".join(pair))
        for pair in pairs
    }
