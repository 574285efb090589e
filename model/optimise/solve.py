"""What comes back for a goal? The found plan, checked, labelled and as a portfolio that can be run again."""

from __future__ import annotations

from typing import Any

import numpy as np

from model.build import Built
from model.faults import Fault, InputFaults, Place
from model.financing import Financing
from model.ledger import by_fund
from model.municipality import Municipality
from model.optimise.goal import problem_of
from model.optimise.plan import Infeasible, Plan, find_plan
from model.optimise.verification import TOLERANCE, violations
from model.portfolio import Decision, as_found
from model.schema import Goal, Portfolio, Title
from model.vocabulary import FloatArray


class Untrustworthy(Exception):
    """A plan breaks a limit it should keep: a fault of the toolkit, said loudly."""


def solve(
    name: str, goal: Goal, future: str, town: Municipality, built: Built, place: Place
) -> tuple[Decision, FloatArray | None, dict[str, Any], Portfolio]:
    """The decision found, payments (measure, fund + 1, year) or None without money limits, what is known of the
    solution, and the portfolio to save.

    Raises `InputFaults`, at `place`, when what the goal requires cannot all be had.
    """
    problem = problem_of(goal, town, built)
    try:
        plan = find_plan(problem)
    except Infeasible as error:
        required = ", ".join(goal.require) or "nothing"
        found = f"a goal that cannot be reached in future '{future}': it requires {required}"
        raise InputFaults([Fault(place, found, "measures that can all be had within limits and money")]) from error
    broken = {limit: worst for limit, worst in violations(problem, plan).items() if worst > TOLERANCE}
    if broken:
        raise Untrustworthy(f"the plan for '{name}' breaks: " + ", ".join(f"{k} by {v:.2g}" for k, v in broken.items()))
    request = plan.request(built.case.measures)
    decision = Decision(request.level, plan.new_units[None], request)
    payment = None if problem.financing is None else _by_fund(problem.financing, plan)
    attributes = {
        "solver": "HiGHS",
        "status": plan.status,
        "gap": plan.gap,
        "cost_gap": plan.cost_gap,
        "objectives": list(plan.objectives),
        "bounds": list(plan.bounds),
        "rounds": plan.rounds,
        "difference": plan.difference,
        "objective": goal.objective,
    }
    funds = built.financing.funds
    found_plan = as_found(name, future, built.case, plan.new_units, plan.level, payment, funds)
    title = Title(sv=f"{goal.title.sv} (funnen plan)", en=f"{goal.title.en} (plan found)")
    budgets = {} if goal.budgets == "unlimited" else dict(goal.budgets)
    return (
        decision,
        payment,
        attributes,
        Portfolio(title=title, future=future, found=found_plan, budgets=budgets, lifts=dict(goal.lifts)),
    )


def _by_fund(money: Financing, plan: Plan) -> FloatArray:
    """Payments by measure and fund, (measure, fund + 1, year) in MSEK; the last fund is the gap, zero in a plan."""
    paid = by_fund(money, plan.payment, len(plan.new_units))
    return np.concatenate([paid, np.zeros_like(paid[:, :1])], axis=1)
