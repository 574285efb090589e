"""What is computed for a goal? The plan, checked and certified, and answers to what is asked of it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import numpy as np

from model.analyses.ask import AnalysisInput, answered
from model.analyses.question import Answer
from model.inputs.faults import Fault, InputFaults
from model.inputs.options import Options
from model.optimiser.certificate import certify
from model.optimiser.goal import problem_of
from model.optimiser.infeasibility_words import describe
from model.optimiser.plan import Plan
from model.optimiser.problem import Problem
from model.optimiser.search import Search
from model.optimiser.solver.highs import TooFarApart
from model.optimiser.solver.linear import Infeasible, Lost
from model.optimiser.verification import TOLERANCE, violations
from model.studies.found import Found, GoalJob, Solved, analysis_input, as_solved


class Untrustworthy(Exception):
    """A plan breaks a limit it should keep: a fault of the toolkit, said loudly."""


def find(job: GoalJob) -> tuple[Solved, AnalysisInput]:
    """The plan for a goal with all that is asked about it, and what more can be asked of. Raises what `search` does."""
    problem = problem_of(job.scenario, job.built)
    starts = []
    for each in job.starts:
        with suppress(InputFaults):  # with less money what is required may not be had
            starts.append(find(each)[1].plan)
    found, kept = search(job, problem, starts)
    given = analysis_input(job, problem, found.plan, kept)
    answers = {name: answer(job, name, options, given) for name, options in job.wanted.items()}
    return as_solved(job, problem, found, answers), given


def search(job: GoalJob, problem: Problem, starts: Sequence[Plan] = ()) -> tuple[Found, Search]:
    """The plan for a goal, and the problem kept ready; what it depends on must be in `planning.plan_key`.

    `starts` are the plans of those goals that it starts from.

    Raises `InputFaults`, at the places where they stand, when what the goal requires cannot all be had.
    """
    goal = job.goal
    try:
        kept = Search(problem)
        plan = kept.run(starts)
    except (TooFarApart, Lost) as error:
        raise InputFaults([_too_far_apart(job, problem, error)]) from error
    except Infeasible as error:
        raise InputFaults([describe(problem, goal, job.scenario, job.town, job.future_name)]) from error
    _trust(job.scenario.name, problem, plan)
    certificate = certify(job.scenario.name, job.future_name, kept.problem, plan, {})
    attributes = {
        "solver": "HiGHS",
        **known_of(plan),
        "rounds": plan.rounds,
        "difference": certificate["projection"]["largest_difference"],
        "objective": goal.objective,
    }
    return Found(plan, attributes, certificate), kept


def _too_far_apart(job: GoalJob, problem: Problem, error: TooFarApart | Lost) -> Fault:
    """Numbers with which no plan can be computed, and of what the largest is."""
    named = error.named if isinstance(error, TooFarApart) else None
    of = job.scenario.name if named is None else named[0]
    if named is not None and of == "new_units":
        of = problem.case.measures.names[named[1][0]]
    found = f"numbers too far apart to be computed with: one of {error.largest:.3g}, of '{of}'"
    allowed = "amounts of a size that there is; 'run.py check' lists what looks wrong"
    return Fault(job.scenario.place("objective"), found, allowed)


def answer(job: GoalJob, name: str, options: Options, given: AnalysisInput) -> Answer:
    """The answer to one question; what it depends on must be in `planning.answer_key`."""
    found = answered(name, options, given)
    for other in found.plans:
        _trust(job.scenario.name, given.problem, other.plan)
    return found


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
