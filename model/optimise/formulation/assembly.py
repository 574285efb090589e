"""What is the whole problem? Variables, every constraint by name and the stages of the objective in one Pyomo model."""

from __future__ import annotations

from collections.abc import Callable

import pyomo.environ as pyo
from pyomo.common.gc_manager import PauseGC

from model.optimise.formulation import balances, borrowing, objectives, operation, payments
from model.optimise.formulation.user_constraints import rows_of
from model.optimise.formulation.variables import Formulation, Rows
from model.optimise.problem import Problem
from model.vocabulary import FloatArray

CONSTRAINTS: tuple[Callable[[Formulation], Rows], ...] = (
    operation.operating,
    operation.ramp,
    operation.within_potential,
    operation.requires,
    operation.excludes,
    operation.only_if_chosen,
    operation.enables,
    operation.only_if_served,
    operation.required,
    operation.staff,
    balances.drawn_from_pool,
    balances.activity_balance,
    balances.carrier_balance,
    balances.emission_balance,
    balances.target,
    balances.worst_of,
    payments.capital_paid,
    payments.support_paid,
    payments.deficit_only,
    payments.grants_for_need,
    payments.claim_limit,
    payments.supported_cost,
    payments.supported_units,
    payments.own_share,
    payments.owner_not_worse,
    payments.pot,
    payments.carry_over,
    payments.booked,
    borrowing.borrowed_is_spent,
    borrowing.ceiling,
    borrowing.debt_ceiling,
    borrowing.service_ceiling,
    objectives.near_the_best,
)


def formulate(problem: Problem, proportions: FloatArray) -> Formulation:
    """The problem as a Pyomo model, pools drawn on in the given proportions (activity, year)."""
    with PauseGC():  # many small objects that all stay: collecting garbage among them takes most of the time
        formulation = Formulation(problem, proportions)
        for constraint in CONSTRAINTS:
            formulation.add(constraint)
        for own in problem.constraints:
            formulation.add(rows_of(own))
        formulation.stages = objectives.objective_stages(formulation)
        for number, stage in enumerate(formulation.stages):
            formulation.model.add_component(f"stage_{number}", pyo.Objective(expr=stage.expression))
    return formulation
