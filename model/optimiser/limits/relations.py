"""How do measures depend on each other? One requires, excludes or enables another."""

from __future__ import annotations

import numpy as np

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
from model.optimiser.problem import Problem

# --- requires ------------------------------------------------------------------------------------------


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


def _recheck_requires(seen: Seen) -> Rechecks:
    level, potential = seen.level, seen.measures.potential[0]
    for m, other, ratio in seen.measures.requires:
        nothing = np.zeros(level.shape[1])
        share = np.divide(level[other], potential[other], out=nothing, where=potential[other] > 0)
        yield f"requires {seen.measures.names[m]}", worst(level[m] - ratio * share * potential[m], potential[m])


def _pair(_: Formulation, index: Index) -> Which:
    return index[:2]


def _tell_requires(told: Told, m: int, other: int) -> str:
    share = next(ratio for a, b, ratio in told.measures.requires if (a, b) == (m, other))
    none = "" if np.any(told.measures.potential[0, other] > 0) else ", which has no potential"
    step = "" if share == 1 else f" {share:g} times as far"
    return f"{told.name(m)} requires {told.name(other)}{step}{none} ({told.relation('requires', m, other)})"


REQUIRES = Limit(
    rows=requires,
    recheck=_recheck_requires,
    priced=of_measure,
    clash=Membership("requires", 20, _tell_requires, _pair),
)


# --- excludes ------------------------------------------------------------------------------------------


def excludes(f: Formulation) -> Rows:
    """chosen[m] + chosen[o] <= 1: not both  [-]."""
    for m, other in f.measures.excludes:
        if m in f.modes and other in f.modes:
            yield (m, other), None, [1.0, 1.0], [f.chosen[m], f.chosen[other]], 1.0


def _recheck_excludes(seen: Seen) -> Rechecks:
    for m, other in seen.measures.excludes:
        both = [np.maximum(seen.level[each].max(), seen.plan.new_units[each].max()) for each in (m, other)]
        yield f"excludes {seen.measures.names[m]}", worst(np.array([min(both)]), np.ones(1))


def _tell_excludes(told: Told, m: int, other: int) -> str:
    where = told.relation("excludes", m, other)
    return f"{told.name(m)} and {told.name(other)} exclude each other ({where})"


EXCLUDES = Limit(rows=excludes, recheck=_recheck_excludes, clash=Membership("excludes", 21, _tell_excludes, _pair))


def only_if_chosen(f: Formulation) -> Rows:
    """level[m,y] <= potential[m,y] * chosen[m], and as many units started in a year at most  [units]."""
    for m in f.chosen:
        most = float(np.ceil(f.potential[m].max() / f.size[m]))
        for y in f.years:
            coefs, names = level_of(f, m, y)
            yield (m, y, 0), None, [*coefs, -float(f.potential[m, y])], [*names, f.chosen[m]], 0.0
            if (m, y) in f.new_units:
                yield (m, y, 1), None, [1.0, -most], [f.new_units[m, y], f.chosen[m]], 0.0


ONLY_IF_CHOSEN = Limit(
    rows=only_if_chosen, recheck=_recheck_excludes, relaxable=Relaxation("potential", by="again")
)  # fmt: skip


# --- enables -------------------------------------------------------------------------------------------


def enables(f: Formulation) -> Rows:
    """reference + level[m,y] <= free + sum of ratio * (existing + level[o,y]) over enablers o  [units].

    Where the reference alone already needs more than there is, `served` says whether the shortage has been made good
    first; without it nothing of the measure operates.
    """
    for number, each in enumerate(f.measures.enables):
        if each.measure not in f.modes:
            continue
        rooms = f.decided(each.room[0])
        for y in f.years:
            coefs, names = level_of(f, each.measure, y)
            for other, ratio in each.enablers:
                if other in f.modes:
                    more, levels = level_of(f, other, y)
                    coefs, names = coefs + [-ratio * one for one in more], names + levels
            room = float(rooms[y])
            if room < 0:
                coefs, names = [*coefs, -room], [*names, f.served[number, y]]
                yield (number, y), None, coefs, names, 0.0
            else:
                yield (number, y), None, coefs, names, room


def _recheck_enables(seen: Seen) -> Rechecks:
    for each in seen.measures.enables:
        room = each.room[0] + sum(ratio * seen.level[o] for o, ratio in each.enablers)
        used = seen.level[each.measure] - np.maximum(room, 0.0)
        yield f"enables {seen.measures.names[each.measure]}", worst(used, seen.measures.potential[0, each.measure])


def _enabled(problem: Problem, index: Index) -> tuple[str, str]:
    return of_measure(problem, (problem.case.measures.enables[index[0]].measure,))


def _tell_enables(told: Told, number: int) -> str:
    each = told.measures.enables[number]
    wheres = ", ".join(told.relation("enables", other, each.measure) for other, _ in each.enablers)
    names = " and ".join(told.name(other) for other, _ in each.enablers)
    return f"{told.name(each.measure)} operates only as far as {names} enable it ({wheres})"


ENABLING = Membership("enables", 22, _tell_enables)
ENABLES = Limit(rows=enables, recheck=_recheck_enables, priced=_enabled, clash=ENABLING)


def only_if_served(f: Formulation) -> Rows:
    """level[m,y] <= potential[m,y] * served[m,y]  [units]."""
    for number, y in f.served:
        m = f.measures.enables[number].measure
        coefs, names = level_of(f, m, y)
        yield (number, y), None, [*coefs, -float(f.potential[m, y])], [*names, f.served[number, y]], 0.0


ONLY_IF_SERVED = Limit(
    rows=only_if_served,
    recheck=_recheck_enables,
    relaxable=Relaxation("potential", by="again"),
    clash=ENABLING,
)
