"""Are all questions asked of one problem, formulated once, which each leaves as it was?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from itertools import permutations

import numpy as np
import pytest
import xarray as xr

from model.analyses.ask import AnalysisInput, ask
from model.optimiser import search
from model.optimiser.plan import Plan
from model.optimiser.problem import Problem
from model.optimiser.search import Search
from tests.towns.money_town import Thing, budget, found, fund, may_pay, target, village
from tests.towns.random_towns import random_case, random_problem

QUESTIONS = {
    "prices": {},
    "explain": {},
    "frontier": {"points": 5, "whole_points": 0},
    "alternatives": {"number": 1},
}


@pytest.fixture
def formulated(monkeypatch: pytest.MonkeyPatch) -> list[Problem]:
    """The problems that are formulated, in their order."""
    problems = []
    formulate = search.formulate

    def noted(problem: Problem, *more: object) -> object:
        problems.append(problem)
        return formulate(problem, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(search, "formulate", noted)
    return problems


@cache
def planned(seed: int) -> tuple[Problem, Plan, Search]:
    """A random town with pools and little money, its plan and what found it."""
    problem = random_problem(seed, random_case(seed), 0.4, gap=0.05)
    kept = Search(problem)
    return problem, kept.run(), kept


def given(seed: int, found_by: bool = False) -> AnalysisInput:
    """The town and its plan, and the town where national policy is stronger."""
    (problem, plan, kept), strong = planned(seed), random_problem(seed, random_case(seed), 0.4, gap=0.05)
    strong.case.factor[0, 0] *= 0.8
    pots = problem.financing.funds if problem.financing else ()
    none = np.zeros(7, dtype=bool)
    return AnalysisInput(problem, plan, lambda: strong, "strict", none, pots, kept if found_by else None)


def answers(asked: AnalysisInput, order: Sequence[str]) -> dict[str, xr.Dataset]:
    return {name: ask(name, asked, **QUESTIONS[name]).data for name in order}


@pytest.mark.parametrize("seed", [0, 3])
def test_no_answer_depends_on_what_was_asked_before(seed: int) -> None:
    """To the last bit, and whether its problem has found the plan or is formulated anew."""
    names = ("prices", "explain", "frontier")
    expected = {name: answers(given(seed), [name])[name] for name in names}
    for order in permutations(names):
        for name, data in answers(given(seed, found_by=order[0] == "explain"), order).items():
            xr.testing.assert_identical(data, expected[name])


def state(kept: Search) -> list[np.ndarray]:
    engine = kept.engine
    return [
        engine.row_lower, engine.row_upper, engine.lower, engine.upper, engine.fixed, engine.matrix.toarray(),
        kept.proportions.share, kept.proportions.left,
    ]  # fmt: skip


def demands(problems: list[Problem]) -> list[tuple[object, ...]]:
    """What tells problems apart whose numbers are rounded."""
    return [
        (each.required, each.excluded, {m: tuple(least) for m, least in each.at_least.items()}, len(each.limits))
        for each in problems
    ]


def test_the_problem_that_found_the_plan_is_left_as_it_was() -> None:
    asked = given(1, found_by=True)
    before = [each.copy() for each in state(asked.search)]
    answers(asked, list(QUESTIONS))
    for was, now in zip(before, state(asked.search), strict=True):
        np.testing.assert_array_equal(was, now)


def test_a_problem_is_formulated_once_for_its_plan_and_all_that_is_asked(formulated: list[Problem]) -> None:
    """And once as it is under the strongest policy."""
    planned.cache_clear()
    asked = given(1, found_by=True)
    answers(asked, ["prices", "explain", "frontier"])
    assert demands(formulated) == demands([asked.problem, asked.stronger.problem])


def test_what_is_not_allowed_is_priced_without_being_formulated_once_more(formulated: list[Problem]) -> None:
    town = village(
        2030, {name: Thing(10, capital=1, whole=False) for name in ("a", "b", "c")}, funds=[fund("pot", 1)],
        budgets=[budget("pot", 5, 2027)], eligibility=[may_pay("pot", "town")], targets=[target(0)],
    )  # fmt: skip
    there = found(town, targets=["low"], exclude=["a", "b"], require=["c"])
    formulated.clear()
    same: Callable[[], Problem] = lambda: there.problem  # noqa: E731
    asked = AnalysisInput(there.problem, there.plan, same, None, np.zeros(3, dtype=bool), ("pot",))
    rows = ask("prices", asked).tables["prices"]
    assert {row["of"] for row in rows if row["limit"] in ("exclude", "require")} == {"a", "b", "c"}
    answers(asked, ["explain", "frontier"])
    assert demands(formulated[:1]) == demands([there.problem]) and len(formulated) == 1
