"""What is the whole problem? Variables, the rows of every limit and the stages of the objective in one Pyomo model."""

from __future__ import annotations

from collections.abc import Callable

import pyomo.core as pyo
from pyomo.common.gc_manager import PauseGC

from model.optimiser.formulation import objectives
from model.optimiser.formulation.user_constraints import own_limits
from model.optimiser.formulation.variables import Formulation, Rows
from model.optimiser.limits.record import Definition, Limit
from model.optimiser.limits.register import ROWS
from model.optimiser.problem import Problem
from model.optimiser.proportions import Proportions


def all_rows(problem: Problem) -> list[Callable[[Formulation], Rows]]:
    """All functions of rows: of what every plan keeps, of the objective, and the user's own."""
    every, own = ([each.rows for each in part if each.rows] for part in (ROWS, own_limits(problem)))
    return [*every, objectives.near_the_best, *own]


def formulate(problem: Problem, proportions: Proportions) -> Formulation:
    """The problem as a Pyomo model, pools drawn on in the given proportions."""
    with PauseGC():  # many small objects that all stay: collecting garbage among them takes most of the time
        formulation = Formulation(problem, proportions)
        for rows in all_rows(problem):
            formulation.add(rows)
        formulation.stages = objectives.objective_stages(formulation)
        for number, stage in enumerate(formulation.stages):
            formulation.model.add_component(f"stage_{number}", pyo.Objective(expr=stage.expression))
    return formulation


def exact_rows() -> set[str]:
    """Rows whose coefficients are rounded already."""
    return {each.name for each in ROWS if isinstance(each, Limit) and each.exact}


def definitions() -> dict[str, str]:
    """Variable -> the rows that give it in terms of others."""
    return {each.of: each.name for each in ROWS if isinstance(each, Definition) and each.of}
