"""How far is driven on roads by which technique, and with how much energy, as the fleet renews itself?

Bottom-up: registered vehicles and national mileage. What is driven in the municipality, by whomever, is
another number; the factor of the reconciliation is the difference.
"""

from __future__ import annotations

import numpy as np

from model.inputs.columns.activities import Activity, Vehicle
from model.inputs.faults import listing
from model.inputs.municipality import Municipality
from model.inputs.schema import Future
from model.reference import drivers
from model.reference.development import Development
from model.reference.fleet import fleet_of
from model.vocabulary import FloatArray


def reference(town: Municipality, future: Future) -> Development:
    """Kilometres by technique, and energy per kilometre: the table's in the base year, then by vintage."""
    activities = drivers.of_sector(town, ("fleet",), "transport")
    distance = {activity.activity: np.zeros(len(town.years)) for activity in activities}
    energy = {activity.activity: np.zeros(len(town.years)) for activity in activities}
    _check_activities(town)
    stock = [row for row in town.rows(Vehicle) if row.status == "in_traffic" and row.activity in distance]
    for vehicle_type in dict.fromkeys(row.vehicle_type for row in stock):
        fleet = fleet_of(town, future, vehicle_type, activities)
        for index, activity in enumerate(fleet.activities):
            distance[activity] += fleet.distance[index]
            energy[activity] += fleet.distance[index] * fleet.energy[index]
    use = {
        (activity, carrier): per_unit * _ratio(energy[activity], distance[activity])
        for (activity, carrier), per_unit in drivers.use(town, activities).items()
    }
    return Development(distance, use, drivers.direct(town, activities))


def _check_activities(town: Municipality) -> None:
    """Vehicles must belong to an activity with driver `fleet`, or to none (not modelled)."""
    known = [row.activity for row in town.rows(Activity) if row.driver == "fleet"]
    for row in town.rows(Vehicle):
        if row.activity and row.activity not in known:
            allowed = f"an activity with driver 'fleet': {listing(known)}"
            place, found = town.place(row, "activity"), f"'{row.activity}'"
            town.faults.add(place, found, allowed, known, row.activity, depends_on=("activities",))


def _ratio(above: FloatArray, below: FloatArray) -> FloatArray:
    """`above / below`, 1 where there is nothing."""
    return np.divide(above, below, out=np.ones_like(above), where=below > 0)
