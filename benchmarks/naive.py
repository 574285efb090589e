"""How would the same problem be written in Pyomo without further thought?

The same variables, constraints and objective; but variables are looked up in Pyomo's own containers, every row is
`sum(coefficient * variable)` in a rule, and garbage is collected while it is built. The coefficients come from the
same functions, so the difference is only in how Pyomo is used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pyomo.environ as pyo

from model.optimiser.formulation.assembly import all_rows
from model.optimiser.formulation.objectives import stages
from model.optimiser.formulation.variables import Formulation, Rows
from model.optimiser.problem import Problem
from model.optimiser.proportions import Proportions


class Naive(Formulation):
    """The formulation with variables and constraints as a first model would have them."""

    def _variable(self, name: str, index: Sequence[Any], domain: Any, most: Mapping[Any, float] | None = None) -> Any:
        limits = most or {}
        variable = pyo.Var(list(index), domain=domain, bounds=lambda _, *key: (None, limits.get(key)))
        self.model.add_component(name, variable)
        return variable

    def add(self, constraint: Callable[[Formulation], Rows]) -> None:
        """One rule for the constraint."""
        rows = {index: rest for index, *rest in constraint(self)}

        def rule(_: Any, *index: int) -> Any:
            lower, coefficients, variables, upper = rows[index]
            body = sum(c * v for c, v in zip(coefficients, variables, strict=True))
            if lower is None:
                return body <= upper
            return body == lower if lower == upper else body >= lower

        self.model.add_component(constraint.__name__, pyo.Constraint(list(rows), rule=rule))


def naive(problem: Problem, proportions: Proportions) -> pyo.ConcreteModel:
    """The problem with its first stage as objective, ready for any of Pyomo's solver interfaces."""
    formulation = Naive(problem, proportions)
    for rows in all_rows(problem):
        formulation.add(rows)
    first = stages(formulation)[0].expression
    body = sum(c * v for c, v in zip(first.linear_coefs, first.linear_vars, strict=True))
    formulation.model.first_stage = pyo.Objective(expr=body)
    return formulation.model
