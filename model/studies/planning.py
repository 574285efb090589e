"""How is nothing planned twice? Plans, and answers about them, are taken where they are kept, else computed at once.

What something is kept under is a hash of all it depends on: the problem as arrays, not the tables it was made of or
what things are called there; the code that computes, and the packages it rests on. So a changed title computes
nothing, and a changed budget one plan.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from itertools import zip_longest

from model.analyses.question import Answer, Questions, questions
from model.inputs.faults import InputFaults
from model.inputs.options import Options
from model.optimiser.goal import problem_of
from model.optimiser.plan import Plan
from model.optimiser.problem import Problem
from model.studies.found import (
    Found,
    GoalJob,
    RunKey,
    Solved,
    analysis_input,
    as_solved,
    municipal_pots,
    removals,
)  # fmt: skip
from model.studies.reuse.digest import code, digest, versions
from model.studies.reuse.plan_store import PlanStore
from model.workers import Job, Pool

PLANS = (
    "optimiser", "projection", "money", "measures", "constraints.py", "batch.py", "vocabulary.py",
    "inputs/reading/constraint_files.py", "studies/goal_run.py",
)  # fmt: skip
"""Code that makes a plan of a problem."""
ANSWERS = (*PLANS, "analyses", "studies/found.py")
"""Code that answers what is asked of a plan."""
SOLVING = ("numpy", "highspy", "pyomo", "scipy")
"""Packages that it rests on."""
Step = tuple[RunKey, str]
"""A goal in a future, and the question that is answered; blank: its plan is found, and what is asked of every plan."""
Result = tuple[Found, dict[str, Answer]]


def plans(
    jobs: Mapping[RunKey, GoalJob], pool: Pool, store: PlanStore | None = None, fresh: bool = False
) -> Iterator[tuple[RunKey, Solved, bool]]:
    """Each goal's plan with all that is asked of it, and whether the plan was taken from `store`, as they are done.

    Without a store nothing is taken or kept, with `fresh` nothing taken. A question is a job of its own, but for those
    that are asked of every plan. Raises what `goal_run.search` does.
    """
    goals = {key: _Goal(job, store) for key, job in jobs.items()}
    steps: dict[Step, Job] = {}
    if not fresh:
        for goal in goals.values():
            goal.take()
    for key, goal in goals.items():
        if not goal.waits(goals):
            steps |= goal.steps(key, goals, fresh)

    def further(step: Step, result: Result) -> dict[Step, Job]:
        key, question = step
        waited = [other for other, goal in goals.items() if goal.waits(goals)]
        goals[key].note(*result)
        ready = [] if question else [key]
        ready += [other for other in waited if not goals[other].waits(goals)]
        return {step: job for each in ready for step, job in goals[each].steps(each, goals, fresh).items()}

    for key, goal in goals.items():
        if goal.done:
            yield key, goal.solved(), True
    with closing(pool.each(steps, further)) as in_turn:
        for (key, _), _ in in_turn:
            if goals[key].done:
                yield key, goals[key].solved(), goals[key].taken
    if waiting := [key for key, goal in goals.items() if not goal.done]:
        raise RuntimeError(f"no plan for {waiting}: what they start from was never found")


class _Goal:
    """How far a goal in a future is."""

    def __init__(self, job: GoalJob, store: PlanStore | None) -> None:
        self.job, self.store, self.problem = job, store, problem_of(job.scenario, job.built)
        self.found: Found | None = None
        self.taken = False
        self.answers: dict[str, Answer] = {}

    def take(self) -> None:
        """Take the plan and its answers, as far as they are kept."""
        if self.store is None:
            return
        self.found = self.store.get(plan_key(self.job, self.problem))
        self.taken = self.found is not None
        for name, options in self.job.wanted.items():
            answer = self.store.get(answer_key(self.job, self.problem, name, options))
            if answer is not None:
                self.answers[name] = answer

    def note(self, found: Found, answers: Mapping[str, Answer]) -> None:
        """A process has been here."""
        self.found = found
        self.answers |= answers

    def steps(self, key: RunKey, goals: Mapping[RunKey, _Goal], fresh: bool) -> dict[Step, Job]:
        """What can be done next, each by itself; what it starts from may be among `goals`."""
        lacking = {name: options for name, options in self.job.wanted.items() if name not in self.answers}
        usual = {name: options for name, options in lacking.items() if questions()[name].usual}
        if self.found is None or usual:
            known = [each and each.found for each in self._starts(goals)]
            return {(key, ""): (carry_out, self.job, self.found, usual, self.store, known, fresh)}
        return {(key, name): (carry_out, self.job, self.found, {name: lacking[name]}, self.store) for name in lacking}

    def waits(self, goals: Mapping[RunKey, _Goal]) -> bool:
        """Whether a goal that it starts from is planned by itself, and is not there yet."""
        return self.found is None and any(each is not None and each.found is None for each in self._starts(goals))

    def _starts(self, goals: Mapping[RunKey, _Goal]) -> list[_Goal | None]:
        """Those among `goals` that it starts from; None for one that is not there, or there with options."""
        there = [(each, goals.get((each.scenario.name, each.future_name))) for each in self.job.starts]
        return [goal if goal and goal.job.scenario.content == each.scenario.content else None for each, goal in there]

    @property
    def done(self) -> bool:
        """Whether there is a plan, and an answer to everything."""
        return self.found is not None and self.job.wanted.keys() <= self.answers.keys()

    def solved(self) -> Solved:
        """What has been found, in today's words."""
        assert self.found is not None
        return as_solved(self.job, self.problem, self.found, self.answers)


def carry_out(
    job: GoalJob, found: Found | None, asked: Questions, store: PlanStore | None, known: Sequence[Found | None] = (),
    fresh: bool = False,
) -> Result:  # fmt: skip
    """The plan for a goal, found if it is not there, and answers to questions; each is kept as soon as it is there.

    `known` are what is known of the goals that it starts from; with `fresh` nothing is taken for them.

    Only who does it needs the solver, which takes long to load.
    """
    from model.studies import goal_run

    problem, kept = problem_of(job.scenario, job.built), None
    if found is None:
        found, kept = goal_run.search(job, problem, _starts(job, store, known, fresh))
        if store is not None:
            store.put(plan_key(job, problem), found)
    given, answers = analysis_input(job, problem, found.plan, kept), {}
    for name, options in asked.items():
        answers[name] = goal_run.answer(job, name, options, given)
        if store is not None:
            store.put(answer_key(job, problem, name, options), answers[name])
    return found, answers


def _starts(job: GoalJob, store: PlanStore | None, known: Sequence[Found | None], fresh: bool) -> list[Plan]:
    """Plans of the goals that one starts from, found where they are not there; none where there is no plan."""
    found = []
    for start, there in zip_longest(job.starts, known):
        if there is None and store is not None and not fresh:
            there = store.get(plan_key(start, problem_of(start.scenario, start.built)))
        with suppress(InputFaults):
            found.append((there or carry_out(start, None, {}, store, (), fresh)[0]).plan)
    return found


def plan_key(job: GoalJob, problem: Problem) -> str:
    """What a plan is kept under: all that `goal_run.search` looks at."""
    starts = [plan_key(each, problem_of(each.scenario, each.built)) for each in job.starts]
    asked = job.scenario.name, job.future_name, _content(problem), starts
    return digest("plan", *asked, code(*PLANS), versions(*SOLVING))


def answer_key(job: GoalJob, problem: Problem, name: str, options: Options) -> str:
    """What an answer is kept under: the plan, and all that a question can look at beside it."""
    stronger = None if job.stronger is None else _content(problem_of(job.scenario, job.stronger[1]))
    others = (stronger, job.stronger and job.stronger[0], removals(job.built), municipal_pots(job.built, problem))
    musts = (job.goal.exclude, job.goal.require)
    return digest(name, options, plan_key(job, problem), others, musts, code(*ANSWERS))


def _content(problem: Problem) -> tuple[Problem, list[tuple[str, str]]]:
    """A problem by content: of the user's own constraints what stands in them, not where."""
    return replace(problem, constraints=()), [(each.name, each.text) for each in problem.constraints]
