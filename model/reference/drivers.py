"""How do activities develop that need nothing but a level, and what does a unit of any activity use and emit?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from model.inputs.columns.activities import Activity, ActivityLevel, CarrierUse, DirectEmission, Use
from model.inputs.municipality import Municipality
from model.inputs.schema import Future
from model.reference.development import Driven
from model.vocabulary import ENERGY, MASS, FloatArray


def constant(town: Municipality, _: Future, activities: Sequence[Activity]) -> Driven:
    """As in the base year."""
    return Driven({row.activity: np.full(len(town.years), given_level(town, row)[0]) for row in activities})


def population(town: Municipality, future: Future, activities: Sequence[Activity]) -> Driven:
    """From the level of the base year with the inhabitants."""
    if not activities:
        return Driven()
    inhabitants = town.population(future.population)
    return Driven({row.activity: given_level(town, row)[0] * inhabitants / inhabitants[0] for row in activities})


def series(town: Municipality, _: Future, activities: Sequence[Activity]) -> Driven:
    """As the table of levels says."""
    return Driven({row.activity: given_level(town, row) for row in activities})


def none(town: Municipality, _: Future, activities: Sequence[Activity]) -> Driven:
    """Zero until a measure brings it."""
    return Driven({row.activity: np.zeros(len(town.years)) for row in activities})


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


def other_use(town: Municipality) -> dict[tuple[str, str], FloatArray]:
    """(subsector, carrier): GWh by year that no activity explains."""
    rows: dict[tuple[str, str], list[CarrierUse]] = {}
    for row in town.rows(CarrierUse):
        rows.setdefault((row.subsector, row.carrier), []).append(row)
    return {pair: town.series(each, ENERGY, ", ".join(pair)) for pair, each in rows.items()}
