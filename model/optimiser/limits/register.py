"""Which limits are there? All that the files of this package hold, in the order of their rows in the problem."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType

import model.optimiser.limits
from model.optimiser.formulation.user_constraints import own_limits
from model.optimiser.limits.record import Definition, Limit
from model.optimiser.problem import Problem

FIRST = (
    "operation", "relations", "demands", "staff", "balances", "targets", "payments", "grants", "pots", "borrowing",
)  # fmt: skip
"""Files whose rows come first, in this order; those of others follow. Of plans that are equally good, the solver finds
another when rows stand in another order."""


def declared(module: ModuleType) -> list[Limit | Definition]:
    """The records of a module, in the order in which they stand in it."""
    found = [each for each in vars(module).values() if isinstance(each, Limit | Definition)]
    return [each for each in found if each.module == module.__name__]


def _modules() -> list[ModuleType]:
    names = [each.name for each in pkgutil.iter_modules(model.optimiser.limits.__path__) if each.name != "register"]
    order = (*FIRST, *sorted(set(names) - set(FIRST)))
    return [importlib.import_module(f"model.optimiser.limits.{name}") for name in order]


ROWS: tuple[Limit | Definition, ...] = tuple(each for module in _modules() for each in declared(module))
"""Everything that stands in every problem."""
LIMITS: tuple[Limit, ...] = tuple(each for each in ROWS if isinstance(each, Limit))


def limits_of(problem: Problem) -> tuple[Limit, ...]:
    """The limits of a problem: those of every one, and the user's own that its goal names."""
    return (*LIMITS, *own_limits(problem))
