"""What does the goal demand? Measures that are required and measures that are excluded."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from model.inputs.faults import Place
from model.optimiser.formulation.variables import Formulation, Index, Rows, level_of
from model.optimiser.limits.payments import money_of_a_unit
from model.optimiser.limits.pots import GIVING
from model.optimiser.limits.record import Limit, Membership, Rechecks, Seen, Which, worst
from model.optimiser.limits.staff import work_of_a_unit
from model.optimiser.limits.words import Told
from model.optimiser.problem import Problem

# --- require -------------------------------------------------------------------------------------------


def required(f: Formulation) -> Rows:
    """level[m,y] >= what the goal requires, from the first year it can operate on  [units]."""
    for m in sorted(f.problem.required):
        leasts = f.decided(f.problem.at_least[m])
        for y in f.years:
            least = float(leasts[y])
            if least > 0 and m in f.modes:
                coefs, names = level_of(f, m, y)
                yield (m, y), least, coefs, names, None


def _recheck_required(seen: Seen) -> Rechecks:
    for m in seen.problem.required:
        missing = seen.problem.at_least[m] - seen.level[m]
        yield f"required {seen.measures.names[m]}", worst(missing, seen.level[m])


def _place_of_must(told: Told, m: int) -> Place:
    return told.demand("require", told.measures.names[m])


def _tell_required(told: Told, m: int) -> str:
    needs = [*(money_of_a_unit(told, m) if told.tells(GIVING.kind) else ()), *work_of_a_unit(told, m)]
    return f"{told.name(m)} is required ({_place_of_must(told, m)})" + "".join(f", a unit {need}" for need in needs)


REQUIRED = Limit(
    rows=required,
    recheck=_recheck_required,
    clash=Membership("require", 10, _tell_required, place=_place_of_must),
)


# --- exclude -------------------------------------------------------------------------------------------


def _excluded_columns(f: Formulation, problem: Problem) -> Iterator[tuple[Which, str, Index]]:
    for m, y in f.new_units:
        if m in problem.excluded:
            yield (m,), "new_units", (m, y)
    for mode, y in f.level:
        m = int(f.measures.mode_measure[mode])
        if m in problem.excluded:
            yield (m,), "level", (mode, y)


def _recheck_excluded(seen: Seen) -> Rechecks:
    yield "excluded", worst(seen.plan.new_units[sorted(seen.problem.excluded)], np.ones(1))


def _place_of_veto(told: Told, m: int) -> Place:
    return told.demand("exclude", told.measures.names[m])


def _tell_excluded(told: Told, m: int) -> str:
    return f"{told.name(m)} is excluded ({_place_of_veto(told, m)})"


EXCLUDED = Limit(
    called="excluded",
    recheck=_recheck_excluded,
    clash=Membership(
        "exclude", 11, _tell_excluded, columns=_excluded_columns, kept=(0.0, 0.0), place=_place_of_veto
    ),
)  # fmt: skip
