"""Is more money never worse? A plan for less money can be carried out with more, so no plan is taken that is worse.

A search within a gap may end anywhere in it: with more money it may find a plan that is a little worse. What is known
from less money is a start: its whole units with the money there is now, or the plan itself, where the search is worse.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from model.optimiser.plan import Plan

if TYPE_CHECKING:
    from model.optimiser.whole_units import Found, WholeUnits

EQUAL = 1e-8
"""Share of a value by which two are equal: fewer digits are written."""


def no_worse(units: WholeUnits, best: Found | None, start: Plan) -> Found:
    """What was found, or what the start leads to where the first is worse.

    It is worse at a stage that it is not better before by more than the gap there: what a search leaves of a gap is
    chance, what it gains beyond it is not. Cost, which comes last, is looked at where all before is equal.
    """
    if best is not None and _accepted(units, best.plan, start):
        return best
    values = units.kept.reading.units_of(start, len(units.engine.lower))
    found = units.finished(values, start.objectives, around=units.kept.proportions_of(start))
    if found is not None and _accepted(units, found.plan, start):
        return found
    return units.known(_here(units, start), values)


def _accepted(units: WholeUnits, plan: Plan, start: Plan) -> bool:
    """Whether a plan is worse at no stage up to the first at which it is better by more than the gap."""
    for stage, (mine, its) in enumerate(zip(plan.objectives, start.objectives, strict=True)):
        if mine - its > EQUAL * max(abs(its), 1.0):
            return units.scales[stage] == 0 and any(
                before < least - EQUAL * max(abs(least), 1.0)
                for before, least in zip(plan.objectives[:stage], start.objectives[:stage], strict=True)
            )
        if its - mine > units.asked(stage, its):
            return True
    return True


def _here(units: WholeUnits, start: Plan) -> Plan:
    """A start as a plan of this problem, which may know no payments."""
    money = units.kept.problem.money
    count = 0 if money is None else len(money.claim_fund)
    return start if len(start.payment) == count else replace(start, payment=np.zeros((count, start.payment.shape[1])))
