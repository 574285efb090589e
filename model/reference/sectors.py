"""What do activities and carriers do with decided policy only, in all sectors together?

A sector is rows in the tables: its activities say by their `driver` how they develop, and `carrier_use` what energy no
activity explains. Adding a driver: write its function, name it in `DRIVERS` and in the column `driver` of `activities`.
"""

from __future__ import annotations

from model.inputs.columns.activities import Activity
from model.inputs.municipality import Municipality
from model.inputs.schema import Future
from model.reference import decay, drivers, fleet
from model.reference.development import Development, Driven, Driver

DRIVERS: dict[str, Driver] = {
    "constant": drivers.constant,
    "population": drivers.population,
    "series": drivers.series,
    "none": drivers.none,
    "fleet": fleet.driven,
    "decay": decay.driven,
}
"""What moves activities, by the name it has in the tables."""


def reference(town: Municipality, future: Future) -> Development:
    """The reference of all sectors, before reconciliation; what a driver does not find is a fault."""
    activities = town.rows(Activity)
    moved = Driven()
    for name, driver in DRIVERS.items():
        moved |= driver(town, future, [row for row in activities if row.driver == name])
    use = drivers.use(town, activities)
    return Development(
        level={row.activity: moved.level[row.activity] for row in activities},
        use={(name, carrier): unit * moved.energy.get(name, 1.0) for (name, carrier), unit in use.items()},
        direct=drivers.direct(town, activities),
        other_use=drivers.other_use(town),
    )
