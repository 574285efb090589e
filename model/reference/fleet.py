"""How far do vehicles go by which technique, and with how much energy, as their fleet renews itself?

Vehicles in traffic follow the observations as long as there are any; then the fleet follows the inhabitants,
vehicles leave by age, and what enters divides among techniques as the future says. Bottom-up: registered vehicles and
national mileage. What is driven in the municipality, by whomever, is another number; the factor of the reconciliation
is the difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model.inputs.columns.activities import Activity, Parameter, Vehicle
from model.inputs.faults import listing
from model.inputs.municipality import Municipality
from model.inputs.schema import Future
from model.reference import turnover
from model.reference.development import Driven
from model.vocabulary import FloatArray, IntArray


@dataclass(frozen=True)
class Fleet:
    """The vehicles of a type over the model years; arrays are (technique, year)."""

    techniques: tuple[str, ...]
    activities: tuple[str, ...]
    vehicles: FloatArray
    distance: FloatArray
    """in the unit of the technique's activity; the mean distance of a vehicle stays that of the base year"""
    energy: FloatArray
    """energy per km against the base year"""
    entries: FloatArray
    """(technique, observed year): vehicles that came; the last column is the last observed year"""


def driven(town: Municipality, future: Future, activities: Sequence[Activity]) -> Driven:
    """Kilometres of the activities of all vehicle types, and their energy per kilometre against the base year."""
    distance = {row.activity: np.zeros(len(town.years)) for row in activities}
    energy = {row.activity: np.zeros(len(town.years)) for row in activities}
    _check_activities(town, tuple(distance))
    stock = [row for row in town.rows(Vehicle) if row.status == "in_traffic" and row.activity in distance]
    for vehicle_type in dict.fromkeys(row.vehicle_type for row in stock):
        fleet = fleet_of(town, future, vehicle_type, activities)
        for index, activity in enumerate(fleet.activities):
            distance[activity] += fleet.distance[index]
            energy[activity] += fleet.distance[index] * fleet.energy[index]
    return Driven(distance, {activity: _ratio(energy[activity], distance[activity]) for activity in distance})


def fleet_of(town: Municipality, future: Future, vehicle_type: str, activities: Sequence[Activity]) -> Fleet:
    """The vehicles of a type whose kilometres belong to these activities: observed, then renewed."""
    units = {activity.activity: activity.unit for activity in activities}
    rows = [row for row in town.rows(Vehicle) if row.vehicle_type == vehicle_type]
    stock = [row for row in rows if row.status == "in_traffic" and row.activity in units]
    belongs = {row.technique: row.activity for row in stock}
    techniques = tuple(belongs)
    base = town.settings.base_year
    years = np.arange(min(base, *(row.year for row in stock)), max(base, *(row.year for row in stock)) + 1)
    observed = np.array([_by_year([row for row in stock if row.technique == each], years) for each in techniques])
    new_rows = [row for row in rows if row.status == "newly_registered"]
    registered = _by_year(new_rows, years) if new_rows else np.full(len(years), np.inf)

    mean_life = _positive(town, "mean_life", vehicle_type, "year")
    survive = turnover.survival(mean_life, _positive(town, "survival_shape", vehicle_type))
    used_age = round(_constant(town, "used_entry_age", vehicle_type, "year")) if new_rows else 0
    used_age = min(used_age, len(survive) - 1)
    past, entries, new = turnover.history(observed, registered, survive, used_age)

    first = base - int(years[0])  # position of the base year among the observed years
    last = int(years[-1]) - base  # position of the last observed year among the model years
    total = observed[:, -1].sum() * _growth(town, future, vehicle_type, last)
    mix = entry_mix(town, future, vehicle_type, techniques)
    coming = turnover.outlook(past[:, :, -1], total[last + 1 :], mix[:, last + 1 :], new, survive, used_age)
    cohorts = np.concatenate([past, coming], axis=2)
    vehicles = cohorts.sum(axis=1)[:, first:]

    improvement = _by_technique(town, "vintage_improvement", vehicle_type, techniques, ["fraction"] * len(techniques))
    energy = turnover.vintage_energy(cohorts, survive, improvement[:, 0], first)[:, first:]
    per_vehicle = [f"{units[belongs[each]]}/vehicle/year" for each in techniques]
    distance = vehicles * _by_technique(town, "mileage", vehicle_type, techniques, per_vehicle)
    count = vehicles.sum(axis=0)
    mean = np.divide(distance.sum(axis=0), count, out=np.zeros_like(count), where=count > 0)
    kept = np.divide(mean[0], mean, out=np.ones_like(mean), where=mean > 0)
    return Fleet(techniques, tuple(belongs.values()), vehicles, distance * kept, energy, entries)


def entry_mix(town: Municipality, future: Future, vehicle_type: str, techniques: Sequence[str]) -> FloatArray:
    """How entries divide, (technique, year): `entry_share` where given, the rest by `entry_weight`."""
    given = {row.of for row in town.rows(Parameter) if row.parameter == "entry_share"}
    names = [f"{vehicle_type}_{technique}" for technique in techniques]
    leads = np.array([name in given for name in names])
    kind = np.where(leads, "entry_share", "entry_weight")
    value = np.array([town.parameter(str(k), name, future.uptake) for k, name in zip(kind, names, strict=True)])
    share, weight = np.where(leads[:, None], value, 0.0), np.where(leads[:, None], 0.0, value)
    all_weight = weight.sum(axis=0)
    rest = np.where(all_weight > 0, np.maximum(1.0 - share.sum(axis=0), 0.0), 0.0)
    mix = share + weight * np.divide(rest, all_weight, out=np.zeros_like(rest), where=all_weight > 0)
    total = mix.sum(axis=0)
    divided: FloatArray = mix / np.where(total > 0, total, 1.0)
    return divided


def _growth(town: Municipality, future: Future, vehicle_type: str, last: int) -> FloatArray:
    """Vehicles against the last observed year: inhabitants to the power of an elasticity."""
    elasticity = _constant(town, "population_elasticity", vehicle_type)
    inhabitants = town.population(future.population) if elasticity else np.ones(len(town.years))
    growth: FloatArray = (inhabitants / inhabitants[last]) ** elasticity
    return growth


def _by_technique(
    town: Municipality, name: str, vehicle_type: str, techniques: Sequence[str], units: Sequence[str]
) -> FloatArray:
    """A parameter (technique, year): the technique's own, or that of the vehicle type."""
    own = {row.of for row in town.rows(Parameter) if row.parameter == name}
    of = [f"{vehicle_type}_{technique}" for technique in techniques]
    pairs = zip((each if each in own else vehicle_type for each in of), units, strict=True)
    return np.array([town.parameter(name, each, unit=unit) for each, unit in pairs])


def _constant(town: Municipality, name: str, vehicle_type: str, unit: str = "fraction") -> float:
    return float(town.parameter(name, vehicle_type, unit=unit)[0])


def _positive(town: Municipality, name: str, vehicle_type: str, unit: str = "fraction") -> float:
    """A parameter that must be above 0; 1 where it is not, or is missing, which is a fault."""
    value = _constant(town, name, vehicle_type, unit)
    for row in town.rows(Parameter):
        if (row.parameter, row.of) == (name, vehicle_type) and row.value <= 0:
            town.faults.add(town.place(row, "value"), f"'{row.value:g}'", "a number more than 0")
    return value if value > 0 else 1.0


def _by_year(rows: Sequence[Vehicle], years: IntArray) -> FloatArray:
    """Vehicles of all rows by year: straight lines between, constant outside."""
    total: dict[int, float] = {}
    for row in rows:
        total[row.year] = total.get(row.year, 0.0) + row.value
    return np.interp(years, sorted(total), [total[year] for year in sorted(total)])


def _check_activities(town: Municipality, known: Sequence[str]) -> None:
    """Vehicles must belong to an activity with driver `fleet`, or to none (not modelled)."""
    for row in town.rows(Vehicle):
        if row.activity and row.activity not in known:
            allowed = f"an activity with driver 'fleet': {listing(known)}"
            place, found = town.place(row, "activity"), f"'{row.activity}'"
            town.faults.add(place, found, allowed, known, row.activity, depends_on=("activities",))


def _ratio(above: FloatArray, below: FloatArray) -> FloatArray:
    """`above / below`, 1 where there is nothing."""
    return np.divide(above, below, out=np.ones_like(above), where=below > 0)
