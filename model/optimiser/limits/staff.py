"""Who carries it out? Departments have so many persons, for what is started and for what operates."""

from __future__ import annotations

from typing import Any

from model.inputs.columns.measures import Department, Workload
from model.optimiser.formulation.variables import Formulation, Index, Rows, units_of
from model.optimiser.limits.record import Limit, Membership, Rechecks, Seen, worst
from model.optimiser.limits.words import Told
from model.optimiser.problem import Problem


def staff(f: Formulation) -> Rows:
    """sum of work per new unit * new_units[m,y] + work per operating unit * level[m,y] <= capacity[d,y]  [persons]."""
    staff = f.problem.staff
    if staff is None:
        return
    capacity = f.decided(staff.capacity)
    for d in range(len(staff.departments)):
        for y in f.years:
            row: tuple[list[float], list[Any]] = [], []
            for need, new in ((staff.per_new_unit[d], True), (staff.per_operating_unit[d], False)):
                for m in f.usable:
                    coefs, names = units_of(f, m, y, new) if need[m] > 0 else ([], [])
                    row[0].extend(float(need[m]) * each for each in coefs)
                    row[1].extend(names)
            if row[1]:
                yield (d, y), None, *row, float(capacity[d, y])


def _recheck(seen: Seen) -> Rechecks:
    staff = seen.problem.staff
    if staff is None:
        return
    need = staff.workload(seen.plan.new_units, seen.level)[:, seen.window]
    for d, name in enumerate(staff.departments):
        capacity = staff.capacity[d, seen.window]
        yield f"staff {name}", worst(need[d] - capacity, capacity)


def _department(problem: Problem, index: Index) -> tuple[str, str]:
    assert problem.staff is not None
    return problem.staff.departments[index[0]], "person"


def _tell(told: Told, d: int) -> str:
    staff = told.problem.staff
    assert staff is not None
    name = staff.departments[d]
    where = told.place([row for row in told.town.rows(Department) if row.department == name])
    return f"department '{name}' has a staff of {told.span(staff.capacity[d])} ({where})"


STAFFING = Membership("staff", 31, _tell)
STAFF = Limit(rows=staff, recheck=_recheck, priced=_department, clash=STAFFING)


def work_of_a_unit(told: Told, m: int) -> list[str]:
    """What a unit is of work, in words, when staff is part of the clash."""
    staff = told.problem.staff
    if staff is None or not told.tells(STAFFING.kind):
        return []
    size = float(told.measures.unit_size[m]) or 1.0
    once, yearly = (float(each[:, m].sum()) * size for each in (staff.per_new_unit, staff.per_operating_unit))
    where = told.place([row for row in told.town.rows(Workload) if row.measure == told.measures.names[m]])
    words = [f"needs a staff of {once:.4g} in the year it is started ({where})"] if once > 0 else []
    return words + ([f"needs a staff of {yearly:.4g} while it operates ({where})"] if yearly > 0 else [])
