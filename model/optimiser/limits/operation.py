"""What can operate? Units started before, from their first year on, in whole units, within ramps and potentials."""

from __future__ import annotations

import numpy as np

from model.inputs.columns.measures import Potential
from model.optimiser.formulation.variables import Formulation, Index, Rows, level_of
from model.optimiser.limits.record import (
    Limit,
    Membership,
    Rechecks,
    Relaxation,
    Seen,
    Which,
    of_measure,
    worst,
)
from model.optimiser.limits.words import Told

# --- operating: no more than there is ------------------------------------------------------------------


def operating(f: Formulation) -> Rows:
    """sum over modes of level[m,a,y] <= sum of new_units[m,v] with v + lead <= y < v + lead + lifetime  [units]."""
    for m in f.usable:
        lead, life, first = int(f.measures.lead[m]), int(f.measures.lifetime[m]), f.first_start(m)
        for y in f.years:
            standing = range(max(first, y - lead - life + 1), y - lead + 1)
            coefs, names = level_of(f, m, y)
            coefs = coefs + [-f.size[m]] * len(standing)
            yield (m, y), None, coefs, names + [f.new_units[m, v] for v in standing], 0.0


def _recheck_operating(seen: Seen) -> Rechecks:
    yield "operating", worst(seen.level - seen.standing, seen.standing)


def _too_early(f: Formulation, index: Index) -> Which | None:
    """The measure of a row before its first units can stand: the row says nothing but that."""
    m, y = index
    return (m,) if y < f.first_start(m) + int(f.measures.lead[m]) else None


def _tell_timing(told: Told, m: int) -> str:
    row, start = told.row(m), told.problem.start
    first = max(row.first_year, start) + row.lead
    late = start > row.first_year and told.goal.start is not None
    where = told.scenario.place("start") if late else told.town.place(row, "first_year")
    return f"{told.name(m)} cannot operate before {first} ({where})"


OPERATING = Limit(
    rows=operating,
    recheck=_recheck_operating,
    relaxable=Relaxation("speed", by="again"),
    clash=Membership("timing", 41, _tell_timing, _too_early),
)


# --- ramp: no faster than that -------------------------------------------------------------------------


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


def _recheck_ramp(seen: Seen) -> Rechecks:
    new_units = seen.plan.new_units
    before = np.arange(new_units.shape[1]) - seen.measures.lifetime[:, None]
    retired = np.where(before >= 0, np.take_along_axis(new_units, np.clip(before, 0, None), axis=1), 0.0)
    yield "ramp", worst(new_units - retired - seen.measures.ramp[0, :, None], new_units)


def _tell_ramp(told: Told, m: int) -> str:
    where = told.town.place(told.row(m), "ramp")
    new = f"at most {told.measures.ramp[0, m]:g} {told.measures.units[m]} of {told.name(m)} can be started a year"
    return new + told.whole(m) + f" ({where})"


RAMP = Limit(
    rows=ramp,
    recheck=_recheck_ramp,
    priced=of_measure,
    relaxable=Relaxation("speed", by="again"),
    clash=Membership("ramp", 40, _tell_ramp),
)


# --- potential: no more than there could be ------------------------------------------------------------


def within_potential(f: Formulation) -> Rows:
    """sum over modes of level[m,a,y] <= potential[m,y]  [units]."""
    for m in f.usable:
        for y in f.years:
            coefs, names = level_of(f, m, y)
            yield (m, y), None, coefs, names, float(f.potential[m, y])


def _recheck_potential(seen: Seen) -> Rechecks:
    potential = seen.measures.potential[0]
    yield "within_potential", worst(seen.level - potential, potential)


def _tell_potential(told: Told, m: int) -> str:
    where = told.place([row for row in told.town.rows(Potential) if row.measure == told.measures.names[m]])
    most = told.span(told.measures.potential[0, m])
    return f"{told.name(m)} can be at most {most} {told.measures.units[m]}{told.whole(m)} ({where})"


WITHIN_POTENTIAL = Limit(
    rows=within_potential,
    recheck=_recheck_potential,
    priced=of_measure,
    relaxable=Relaxation("potential", by="again"),
    clash=Membership("potential", 42, _tell_potential),
)


# --- what variables there are and what they may be -----------------------------------------------------


def _recheck_first_year(seen: Seen) -> Rechecks:
    start = np.maximum(seen.measures.first_year, seen.problem.start) - seen.problem.case.years[0]
    early = np.arange(len(seen.problem.case.years)) < start[:, None]
    yield "first_year", worst(np.where(early, seen.plan.new_units, 0.0), seen.plan.new_units)


FIRST_YEAR = Limit(called="first_year", recheck=_recheck_first_year)


def _recheck_whole_units(seen: Seen) -> Rechecks:
    new_units, size = seen.plan.new_units, seen.measures.unit_size[:, None]
    count = np.divide(new_units, size, out=np.zeros_like(new_units), where=size > 0)
    yield "whole_units", worst(np.abs(count - np.round(count)), new_units)


WHOLE_UNITS = Limit(called="whole_units", recheck=_recheck_whole_units)
