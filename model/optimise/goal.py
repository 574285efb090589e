"""What does a strategist's goal mean for the optimiser? A checked goal becomes a problem."""

from __future__ import annotations

import numpy as np

from model.build import PreparedCase
from model.inputs.columns.emissions import Target
from model.inputs.constraint_files import Constraint, find
from model.inputs.faults import Faults, Place
from model.inputs.municipality import Municipality
from model.inputs.schema import Goal
from model.optimise.problem import Problem, TargetLimit
from model.projection.indicators import compiled, sense, since, target_limit, weights
from model.scenarios.amounts import carbon_value, with_money
from model.vocabulary import FloatArray

COUNTED = "ghg_net"
"""Indicator whose sum over the window `least_emissions` looks at after the targets: what is stored counts, too."""


def problem_of(goal: Goal, town: Municipality, built: PreparedCase) -> Problem:
    """The problem a checked goal states for a municipality in a future."""
    case, measures = built.case, built.case.measures
    start = goal.start or town.settings.first_decision_year
    targets = {row.target: row for row in town.rows(Target)}
    limits = []
    for name in goal.targets:
        row = targets[name]
        bound = np.where(case.years >= start, target_limit(town, row, case), np.inf)
        what = compiled(town, case, row.indicator)
        more = (what.quantity, what.denominator, sense(row), since(town, row))
        limits.append(TargetLimit(name, what.weight, bound, row.priority, *more))
    required = frozenset(measures.names.index(name) for name in goal.require)
    return Problem(
        case=case,
        financing=None if goal.budgets == "unlimited" else with_money(goal, town, built.financing),
        objective=goal.objective,
        limits=tuple(limits),
        counted=weights(town, case, COUNTED),
        carbon_value=carbon_value(goal, town, Place(""), Faults()) if goal.objective == "best_value" else 0.0,
        start=start,
        window=goal.window or (start, int(case.years[-1])),
        required=required,
        excluded=frozenset(measures.names.index(name) for name in goal.exclude),
        gap=goal.gap,
        time_limit=goal.time_limit,
        at_least={measure: _at_least(built, measure, start) for measure in required},
        staff=built.staff,
        constraints=own_constraints(goal, town),
    )


def own_constraints(goal: Goal, town: Municipality) -> tuple[Constraint, ...]:
    """The constraints that a goal names. Raises `InputFaults` when one is not there."""
    faults = Faults()
    found = [find(name, town.root, Place(f"constraints/{name}.py"), faults) for name in goal.constraints]
    faults.stop_if_any()
    return tuple(each for each in found if each is not None)


def _at_least(built: PreparedCase, measure: int, start: int) -> FloatArray:
    """One unit (or the whole potential if that is less) from the first year the measure can operate on."""
    measures, years = built.case.measures, built.case.years
    first = max(start, int(measures.first_year[measure])) + int(measures.lead[measure])
    one = float(measures.unit_size[measure]) or 1.0
    return np.where(years >= first, np.minimum(one, measures.potential[0, measure]), 0.0)
