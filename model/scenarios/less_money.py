"""Does one goal differ from another only in having less money? Then its plan is one of the other's, too."""

from __future__ import annotations

from collections.abc import Mapping

from model.inputs.schema import Goal
from model.scenarios.checked import CheckedScenario

ALIKE = ("objective", "targets", "require", "exclude", "constraints", "start", "window", "carbon_value")
"""Keys that both have alike."""


def more_than_money(less: CheckedScenario, more: CheckedScenario) -> str:
    """What differs beside money, or is more with less; blank if nothing does."""
    mine, its = less.content, more.content
    if not isinstance(mine, Goal) or not isinstance(its, Goal):
        return "is no goal"
    for key in ALIKE:
        if getattr(mine, key) != getattr(its, key):
            return f"has another '{key}'"
    if its.budgets == "unlimited":
        return ""
    if mine.budgets == "unlimited":
        return "has no limit on money"
    return _larger(less.budgets, more.budgets, "budget") or _larger(less.lifts, more.lifts, "lift")


def _larger(less: Mapping[str, float], more: Mapping[str, float], what: str) -> str:
    if less.keys() != more.keys():
        (name, *_) = sorted(less.keys() ^ more.keys())
        return f"does not give the same {what}s ('{name}')"
    found = next((name for name, amount in less.items() if amount > more[name]), None)
    return "" if found is None else f"has a larger {what} of '{found}'"
