"""What can operate? Units started before, ramps, potentials, staff, and how measures depend on each other."""

from __future__ import annotations

from typing import Any

import numpy as np

from model.optimise.formulation.variables import Formulation, Rows, level_of, units_of


def operating(f: Formulation) -> Rows:
    """sum over modes of level[m,a,y] <= sum of new_units[m,v] with v + lead <= y < v + lead + lifetime  [units]."""
    for m in f.usable:
        lead, life, first = int(f.measures.lead[m]), int(f.measures.lifetime[m]), f.first_start(m)
        for y in f.years:
            standing = range(max(first, y - lead - life + 1), y - lead + 1)
            coefs, names = level_of(f, m, y)
            coefs = coefs + [-f.size[m]] * len(standing)
            yield (m, y), None, coefs, names + [f.new_units[m, v] for v in standing], 0.0


def ramp(f: Formulation) -> Rows:
    """new_units[m,y] - new_units[m, y - lifetime] <= ramp: replacement of what retires is free  [units/year]."""
    for m in f.usable:
        if not np.isfinite(f.measures.ramp[0, m]):
            continue
        life, first = int(f.measures.lifetime[m]), f.first_start(m)
        for y in range(first, len(f.years)):
            coefs, names = [f.size[m]], [f.new_units[m, y]]
            if y - life >= first:
                coefs, names = [*coefs, -f.size[m]], [*names, f.new_units[m, y - life]]
            yield (m, y), None, coefs, names, float(f.measures.ramp[0, m])


def within_potential(f: Formulation) -> Rows:
    """sum over modes of level[m,a,y] <= potential[m,y]  [units]."""
    for m in f.usable:
        for y in f.years:
            coefs, names = level_of(f, m, y)
            yield (m, y), None, coefs, names, float(f.potential[m, y])


def requires(f: Formulation) -> Rows:
    """level[m,y] / potential[m,y] <= ratio * level[o,y] / potential[o,y]: in step with what it needs  [share]."""
    for m, other, ratio in f.measures.requires:
        if m not in f.modes:
            continue
        for y in f.years:
            coefs, names = level_of(f, m, y)
            if other in f.modes and f.potential[other, y] > 0:
                more, levels = level_of(f, other, y)
                share = -ratio * float(f.potential[m, y] / f.potential[other, y])
                coefs, names = coefs + [share * each for each in more], names + levels
            yield (m, other, y), None, coefs, names, 0.0


def excludes(f: Formulation) -> Rows:
    """chosen[m] + chosen[o] <= 1: not both  [-]."""
    for m, other in f.measures.excludes:
        if m in f.modes and other in f.modes:
            yield (m, other), None, [1.0, 1.0], [f.chosen[m], f.chosen[other]], 1.0


def only_if_chosen(f: Formulation) -> Rows:
    """level[m,y] <= potential[m,y] * chosen[m], and as many units started in a year at most  [units]."""
    for m in f.chosen:
        most = float(np.ceil(f.potential[m].max() / f.size[m]))
        for y in f.years:
            coefs, names = level_of(f, m, y)
            yield (m, y, 0), None, [*coefs, -float(f.potential[m, y])], [*names, f.chosen[m]], 0.0
            if (m, y) in f.new_units:
                yield (m, y, 1), None, [1.0, -most], [f.new_units[m, y], f.chosen[m]], 0.0


def enables(f: Formulation) -> Rows:
    """reference + level[m,y] <= free + sum of ratio * (existing + level[o,y]) over enablers o  [units].

    Where the reference alone already needs more than there is, `served` says whether the shortage has been made good
    first; without it nothing of the measure operates.
    """
    for number, each in enumerate(f.measures.enables):
        if each.measure not in f.modes:
            continue
        for y in f.years:
            coefs, names = level_of(f, each.measure, y)
            for other, ratio in each.enablers:
                if other in f.modes:
                    more, levels = level_of(f, other, y)
                    coefs, names = coefs + [-ratio * one for one in more], names + levels
            room = float(each.room[0, f.problem.first + y])
            if room < 0:
                coefs, names = [*coefs, -room], [*names, f.served[number, y]]
                yield (number, y), None, coefs, names, 0.0
            else:
                yield (number, y), None, coefs, names, room


def only_if_served(f: Formulation) -> Rows:
    """level[m,y] <= potential[m,y] * served[m,y]  [units]."""
    for number, y in f.served:
        m = f.measures.enables[number].measure
        coefs, names = level_of(f, m, y)
        yield (number, y), None, [*coefs, -float(f.potential[m, y])], [*names, f.served[number, y]], 0.0


def required(f: Formulation) -> Rows:
    """level[m,y] >= what the goal requires, from the first year it can operate on  [units]."""
    for m in sorted(f.problem.required):
        for y in f.years:
            least = float(f.problem.at_least[m][f.problem.first + y])
            if least > 0 and m in f.modes:
                coefs, names = level_of(f, m, y)
                yield (m, y), least, coefs, names, None


def staff(f: Formulation) -> Rows:
    """sum of work per new unit * new_units[m,y] + work per operating unit * level[m,y] <= capacity[d,y]  [persons]."""
    staff = f.problem.staff
    if staff is None:
        return
    for d in range(len(staff.departments)):
        for y in f.years:
            row: tuple[list[float], list[Any]] = [], []
            for need, new in ((staff.per_new_unit[d], True), (staff.per_operating_unit[d], False)):
                for m in f.usable:
                    coefs, names = units_of(f, m, y, new) if need[m] > 0 else ([], [])
                    row[0].extend(float(need[m]) * each for each in coefs)
                    row[1].extend(names)
            if row[1]:
                yield (d, y), None, *row, float(staff.capacity[d, f.problem.first + y])
