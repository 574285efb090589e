"""Who carries the work out? Persons of each department, and what measures need of them.

Work that comes once with a new unit falls in the year in which it is started, also where it takes longer until the
unit operates; work of operating units falls in every year in which they operate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model.inputs.columns.measures import Department, Measure, Workload
from model.inputs.municipality import Municipality
from model.vocabulary import FloatArray, IntArray

PERSON = "person"


@dataclass(frozen=True)
class Staff:
    """Departments whose persons are counted, and the work that measures are for them."""

    departments: tuple[str, ...]
    capacity: FloatArray
    """(department, year) persons, full time"""
    per_new_unit: FloatArray
    """(department, measure) person-years per unit, all in the year of its start"""
    per_operating_unit: FloatArray
    """(department, measure) persons per unit that operates"""

    def workload(self, new_units: FloatArray, level: FloatArray) -> FloatArray:
        """Persons needed, (department, year), for units started and operating, both (measure, year)."""
        return np.asarray(self.per_new_unit @ new_units + self.per_operating_unit @ level)


def staff(town: Municipality, measures: Sequence[str], years: IntArray) -> Staff:
    """Departments and work of a municipality in canonical units; none if it has no such tables."""
    rows = town.rows(Department)
    names = tuple(dict.fromkeys(row.department for row in rows))
    capacity = [town.series([row for row in rows if row.department == name], PERSON, name, step=True) for name in names]
    units = {row.measure: row.unit for row in town.rows(Measure)}
    position = {name: index for index, name in enumerate(measures)}
    need = {per: np.zeros((len(names), len(measures))) for per in ("new_unit", "operating_unit")}
    for row in town.rows(Workload):
        once = "_year" if row.per == "new_unit" else ""
        value = town.convert(row, f"{PERSON}{once}/{units[row.measure]}")
        if row.measure in position:  # else it is decided already, and its work part of every day's
            need[row.per][names.index(row.department), position[row.measure]] = value
    shape = (len(names), len(years))
    return Staff(names, np.array(capacity).reshape(shape), need["new_unit"], need["operating_unit"])
