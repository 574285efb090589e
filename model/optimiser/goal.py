"""What does a strategist's goal mean for the optimiser? A checked goal becomes a problem."""

from __future__ import annotations

import numpy as np

from model.build import PreparedCase
from model.inputs.schema import Goal
from model.optimiser.problem import Problem, TargetLimit
from model.projection.case import Case
from model.projection.indicators import CompiledTarget
from model.scenarios.checked import CheckedScenario, with_money
from model.vocabulary import FloatArray

COUNTED = "ghg_net"
"""Indicator whose sum over the window `least_emissions` looks at after the targets: what is stored counts, too."""


def problem_of(scenario: CheckedScenario, prepared: PreparedCase) -> Problem:
    """The problem a goal states for a municipality in a future."""
    goal, case = scenario.content, prepared.case
    assert isinstance(goal, Goal)
    measures, start = case.measures, goal.start or case.first_decision_year
    limits = [_limit(prepared.targets[name], start, case) for name in goal.targets]
    required = frozenset(measures.names.index(name) for name in goal.require)
    worth = prepared.carbon_value if scenario.carbon_value is None else scenario.carbon_value
    return Problem(
        case=case,
        financing=None if goal.budgets == "unlimited" else with_money(scenario, prepared),
        objective=goal.objective,
        limits=tuple(limits),
        counted=_counted(prepared),
        carbon_value=(worth or 0.0) if goal.objective == "best_value" else 0.0,
        start=start,
        window=goal.window or (start, int(case.years[-1])),
        required=required,
        excluded=frozenset(measures.names.index(name) for name in goal.exclude),
        gap=goal.gap,
        time_limit=goal.time_limit,
        at_least={measure: _at_least(case, measure, start) for measure in required},
        staff=prepared.staff,
        constraints=scenario.constraints,
    )


def _limit(target: CompiledTarget, start: int, case: Case) -> TargetLimit:
    """A target as the optimiser sees it, from the first year of decisions on."""
    counts = target.indicator.counts
    bound = np.where(case.years >= start, target.limit, np.inf)
    more = (counts.quantity, counts.denominator, target.sign, target.since)
    return TargetLimit(target.name, counts.weight, bound, target.priority, *more)


def _counted(prepared: PreparedCase) -> FloatArray:
    """What the cumulative emissions of the objective count, (subsector, gas); nothing without such an indicator."""
    declared = prepared.indicators.get(COUNTED)
    if declared is None or declared.counts.quantity != "emissions":
        return np.zeros((len(prepared.case.subsectors), len(prepared.case.gases)))
    return declared.counts.weight


def _at_least(case: Case, measure: int, start: int) -> FloatArray:
    """One unit (or the whole potential if that is less) from the first year the measure can operate on."""
    measures, years = case.measures, case.years
    first = max(start, int(measures.first_year[measure])) + int(measures.lead[measure])
    one = float(measures.unit_size[measure]) or 1.0
    return np.where(years >= first, np.minimum(one, measures.potential[0, measure]), 0.0)
