"""How is a clash told? Its members in the words of their limits, at the place of the first of them."""

from __future__ import annotations

from model.inputs.faults import Fault, Place
from model.inputs.municipality import Municipality
from model.inputs.schema import Goal
from model.optimiser.formulation.user_constraints import UnsatisfiableConstraint
from model.optimiser.infeasibility import MEMBERSHIPS, smallest_clash
from model.optimiser.limits.words import Told
from model.optimiser.problem import Problem
from model.scenarios.files import Scenario

MOST = 12
"""Members of a clash told at most, musts first."""


def describe(problem: Problem, goal: Goal, scenario: Scenario, town: Municipality, future: str) -> Fault:
    """The fault that says why a goal has no plan in a future."""
    try:
        clash = smallest_clash(problem)
    except UnsatisfiableConstraint as error:  # by no means: not even with every limit let go
        return error.fault
    if clash is None:
        required = ", ".join((*goal.require, *goal.constraints)) or "nothing"
        found = f"a goal for which no plan was found in future '{future}': it requires {required}"
        return Fault(scenario.place("require"), found, "musts that can all be had within limits and money")
    told = Told(problem, goal, scenario, town, {member.kind for member in clash.members})
    members = [MEMBERSHIPS[member.kind].words(told, *member.which) for member in clash.members[:MOST]]
    more = len(clash.members) - MOST
    members += [f"and {more} more limits"] if more > 0 else []
    members += [] if clash.smallest else ["each of them is needed, but fewer might clash"]
    allowed = "not all of these at once: change one of them" if len(clash.members) > 1 else "something that can be kept"
    first, scene = clash.members[0], MEMBERSHIPS[clash.members[0].kind].place
    return Fault(
        scene(told, *first.which) if scene else Place(scenario.file),
        f"what cannot all be had in future '{future}': {'; '.join(members)}",
        allowed,
    )
