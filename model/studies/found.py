"""What is a found plan to the rest of the toolkit? Decided, paid for, certified, and a portfolio that runs again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from model.analyses.ask import Analysis, AnalysisInput, together
from model.analyses.question import Answer, Questions
from model.build import PreparedCase
from model.inputs.municipality import Municipality
from model.inputs.schema import Goal, Portfolio, Title
from model.money.financing import Financing
from model.money.pots import by_fund
from model.optimiser.goal import problem_of
from model.optimiser.plan import Plan
from model.optimiser.problem import Problem
from model.scenarios.checked import CheckedScenario
from model.scenarios.portfolio import Decision, as_found
from model.vocabulary import REMOVALS, BoolArray, FloatArray

if TYPE_CHECKING:
    from model.optimiser.search import Search

RunKey = tuple[str, str]
"""A scenario and a future."""
Stronger = tuple[str, PreparedCase]
"""The path of the strongest national policy, and the municipality in it."""
Answers = Mapping[str, Answer]
"""Answers by the name of the question."""


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
    starts: tuple[GoalJob, ...] = ()
    """the same with less money, whose plans are found first"""

    @property
    def goal(self) -> Goal:
        """What a plan is found for."""
        assert isinstance(self.scenario.content, Goal)
        return self.scenario.content


@dataclass(frozen=True)
class Found:
    """What a search gives, as it is kept: nothing in it hangs on what things are called or where they stand."""

    plan: Plan
    attributes: dict[str, Any]
    certificate: dict[str, Any]
    """without the inputs"""


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


def as_solved(job: GoalJob, problem: Problem, found: Found, answers: Answers) -> Solved:
    """What was found for a goal and answered of it, in today's words."""
    plan, analysis = found.plan, together(job.wanted, answers)
    request = plan.request(job.built.case.measures)
    return Solved(
        decision=Decision(request.level, plan.new_units[None], request),
        payment=None if problem.money is None else _by_fund(problem.money, plan),
        attributes=found.attributes,
        portfolio=_portfolio(job, problem, plan, ("funnen plan", "plan found")),
        certificate=found.certificate | {"inputs": dict(sorted(job.hashes.items()))},
        analysis=analysis,
        others=tuple(
            _portfolio(job, problem, each.plan, (f"alternativ {number}", f"alternative {number}"))
            for number, each in enumerate(analysis.plans, 1)
        ),
    )


def analysis_input(job: GoalJob, problem: Problem, plan: Plan, kept: Search | None = None) -> AnalysisInput:
    """What analyses are made of: the problem as it is (`kept` ready, if it has been solved), and as it would be."""

    @cache
    def strongest() -> Problem:
        return problem if job.stronger is None else problem_of(job.scenario, job.stronger[1])

    return AnalysisInput(
        problem=problem,
        plan=plan,
        strongest=strongest,
        mandate=job.stronger[0] if job.stronger else None,
        removes=removals(job.built),
        municipal_pots=municipal_pots(job.built, problem),
        found_by=kept,
    )


def removals(prepared: PreparedCase) -> BoolArray:
    """Measures that add to an activity in the ledger of removals, (measure,): their potential is never lifted."""
    case, ledger = prepared.case, [row.perspective == REMOVALS for row in prepared.described.subsectors]
    removes = np.zeros(len(case.measures.names), dtype=bool)
    for move in case.measures.activity_moves:
        if ledger[case.subsector_of[move.target]]:
            removes[case.measures.mode_measure[move.mode]] = True
    return removes


def municipal_pots(prepared: PreparedCase, problem: Problem) -> tuple[str, ...]:
    """Funds of the municipality, in their order."""
    kinds = {row.fund: row.kind for row in prepared.described.funds}
    funds = () if problem.financing is None else problem.financing.funds
    return tuple(name for name in funds if kinds[name].startswith("municipal_"))


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
