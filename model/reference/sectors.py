"""What do activities and carriers do with decided policy only, in all sectors together?

Adding a sector: write its file, with a function `reference(town, future)`, and name it in `SECTORS`.
"""

from __future__ import annotations

from model.inputs.columns.activities import Activity, CarrierUse
from model.inputs.faults import listing
from model.inputs.municipality import Municipality
from model.inputs.schema import Future
from model.reference import (
    agriculture,
    consumption,
    energy_supply,
    heating,
    industry,
    land_and_removals,
    landfill,
    other_transport,
    product_use,
    road_transport,
    work_machines,
)
from model.reference.development import Development
from model.reference.drivers import PLAIN

SECTORS = (
    road_transport,
    other_transport,
    work_machines,
    agriculture,
    landfill,
    product_use,
    energy_supply,
    heating,
    industry,
    land_and_removals,
    consumption,
)


def reference(town: Municipality, future: Future) -> Development:
    """The reference of all sectors, before reconciliation; activities that no sector moves are faults."""
    development = sum((sector.reference(town, future) for sector in SECTORS), Development())
    for activity in town.rows(Activity):
        if activity.activity not in development.level:
            found = f"driver '{activity.driver}' for '{activity.activity}'"
            allowed = f"a driver that its sector knows (in every sector: {listing(PLAIN)})"
            town.faults.add(town.place(activity, "driver"), found, allowed)
    for row in town.rows(CarrierUse):
        if (row.subsector, row.carrier) not in development.other_use:
            town.faults.add(town.place(row, "subsector"), f"'{row.subsector}'", "a subsector of a modelled sector")
    return development
