"""What comes back for a goal? The found plan, checked, certified, labelled and as a portfolio that can be run again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from model.analyses.ask import Analysis, AnalysisInput, analyse
from model.analyses.question import Questions
from model.build import PreparedCase
from model.inputs.faults import InputFaults
from model.inputs.municipality import Municipality
from model.inputs.schema import Goal, Portfolio, Title
from model.money.financing import Financing
from model.money.pots import by_fund
from model.optimiser.certificate import certify
from model.optimiser.goal import problem_of
from model.optimiser.infeasibility_words import describe
from model.optimiser.plan import Plan
from model.optimiser.problem import Problem
from model.optimiser.search import Search
from model.optimiser.solver.linear import Infeasible
from model.optimiser.verification import TOLERANCE, violations
from model.scenarios.checked import CheckedScenario
from model.scenarios.portfolio import Decision, as_found
from model.vocabulary import REMOVALS, BoolArray, FloatArray


class Untrustworthy(Exception):
    """A plan breaks a limit it should keep: a fault of the toolkit, said loudly."""


Stronger = tuple[str, PreparedCase]
"""The path of the strongest national policy, and the municipality in it."""


@dataclass(frozen=True)
class GoalJob:
    """A goal to be solved in a future."""

    scenario: CheckedScenario
    future_name: str
    town: Municipality
    """to say where the tables contradict each other; nothing is computed from it"""
    built: PreparedCase
    wanted: Questions
    stronger: Stronger | None = None
    """None: the future has the strongest national policy there is, or nothing is asked of it"""
    hashes: Mapping[str, str] = field(default_factory=dict)
    """of the inputs, by file"""

    @property
    def goal(self) -> Goal:
        """What a plan is found for."""
        assert isinstance(self.scenario.content, Goal)
        return self.scenario.content


@dataclass(frozen=True)
class Solved:
    """A found plan in the terms of the rest of the toolkit."""

    decision: Decision
    payment: FloatArray | None
    """(measure, fund + 1, year) MSEK; None without money limits"""
    attributes: dict[str, Any]
    portfolio: Portfolio
    certificate: dict[str, Any]
    analysis: Analysis
    others: tuple[Portfolio, ...] = ()
    """portfolios that are nearly as good"""


def solve(job: GoalJob) -> Solved:
    """The plan for a goal and all that is asked about it; what `find` raises."""
    return find(job)[0]


def find(job: GoalJob) -> tuple[Solved, AnalysisInput]:
    """The plan for a goal with all that is asked about it, and what more can be asked of.

    Raises `InputFaults`, at the places where they stand, when what the goal requires cannot all be had.
    """
    goal = job.goal
    problem = problem_of(job.scenario, job.built)
    try:
        search = Search(problem)
        plan = search.run()
    except Infeasible as error:
        raise InputFaults([describe(problem, goal, job.scenario, job.town, job.future_name)]) from error
    _trust(job.scenario.name, problem, plan)
    request = plan.request(job.built.case.measures)
    attributes = {
        "solver": "HiGHS",
        **known_of(plan),
        "rounds": plan.rounds,
        "difference": plan.difference,
        "objective": goal.objective,
    }
    certificate = certify(job.scenario.name, job.future_name, problem, plan, job.hashes)
    given = analysis_input(job, problem, plan, search)
    analysis = analyse(job.wanted, given)
    for other in analysis.plans:
        _trust(job.scenario.name, problem, other.plan)
    solved = Solved(
        decision=Decision(request.level, plan.new_units[None], request),
        payment=None if problem.money is None else _by_fund(problem.money, plan),
        attributes=attributes,
        portfolio=_portfolio(job, problem, plan, ("funnen plan", "plan found")),
        certificate=certificate,
        analysis=analysis,
        others=tuple(
            _portfolio(job, problem, each.plan, (f"alternativ {number}", f"alternative {number}"))
            for number, each in enumerate(analysis.plans, 1)
        ),
    )
    return solved, given


def known_of(plan: Plan) -> dict[str, Any]:
    """What is known of each stage, as attributes of a dataset; NaN where it is not known."""

    def number(value: float | None) -> float:
        return np.nan if value is None else value

    return {
        "status": plan.status,
        "gap": number(plan.gap),
        "cost_gap": number(plan.cost_gap),
        "stages": "; ".join(f"{stage.name} ({stage.unit})" for stage in plan.stages),
        "objectives": [stage.value for stage in plan.stages],
        "constants": [stage.constant for stage in plan.stages],
        "bounds": [number(stage.known_bound) for stage in plan.stages],
        "gaps_asked": [stage.asked for stage in plan.stages],
        "gaps_reached": [number(stage.reached) for stage in plan.stages],
        "bounds_hold_for": "; ".join(dict.fromkeys(stage.holds_for for stage in plan.stages)),
    }


def _trust(name: str, problem: Problem, plan: Plan) -> None:
    broken = {limit: worst for limit, worst in violations(problem, plan).items() if not worst <= TOLERANCE}
    if broken:
        raise Untrustworthy(f"the plan for '{name}' breaks: " + ", ".join(f"{k} by {v:.2g}" for k, v in broken.items()))


def analysis_input(job: GoalJob, problem: Problem, plan: Plan, found_by: Search | None = None) -> AnalysisInput:
    """What analyses are made of: the problem as it is, and as it would be otherwise."""

    @cache
    def strongest() -> Problem:
        return problem if job.stronger is None else problem_of(job.scenario, job.stronger[1])

    kinds = {row.fund: row.kind for row in job.built.described.funds}
    funds = () if problem.financing is None else problem.financing.funds
    return AnalysisInput(
        problem=problem,
        plan=plan,
        strongest=strongest,
        mandate=job.stronger[0] if job.stronger else None,
        removes=_removes(job.built),
        municipal_pots=tuple(name for name in funds if kinds[name].startswith("municipal_")),
        found_by=found_by,
    )


def _removes(prepared: PreparedCase) -> BoolArray:
    """Measures that add to an activity in the ledger of removals, (measure,): their potential is never lifted."""
    case, ledger = prepared.case, [row.perspective == REMOVALS for row in prepared.described.subsectors]
    removes = np.zeros(len(case.measures.names), dtype=bool)
    for move in case.measures.activity_moves:
        if ledger[case.subsector_of[move.target]]:
            removes[case.measures.mode_measure[move.mode]] = True
    return removes


def _portfolio(job: GoalJob, problem: Problem, plan: Plan, said: tuple[str, str]) -> Portfolio:
    """A plan as a portfolio that can be run again."""
    goal, funds = job.goal, job.built.financing.funds
    payment = None if problem.money is None else _by_fund(problem.money, plan)
    found = as_found(job.scenario.name, job.future_name, job.built.case, plan.new_units, plan.level, payment, funds)
    return Portfolio(
        title=Title(sv=f"{goal.title.sv} ({said[0]})", en=f"{goal.title.en} ({said[1]})"),
        future=job.future_name,
        found=found,
        budgets={} if goal.budgets == "unlimited" else dict(goal.budgets),
        lifts=dict(goal.lifts),
    )


def _by_fund(money: Financing, plan: Plan) -> FloatArray:
    """Payments by measure and fund, (measure, fund + 1, year) in MSEK; the last fund is the gap, zero in a plan."""
    paid = by_fund(money, plan.payment, len(plan.new_units))
    return np.concatenate([paid, np.zeros_like(paid[:, :1])], axis=1)
