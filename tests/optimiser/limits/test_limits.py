"""Has every limit of the optimiser a case worked by hand in which it binds, and a re-check that finds it broken?

A test in which a limit binds and the optimum is known by hand is marked `@pytest.mark.limit("its_name")`.
"""

from __future__ import annotations

import ast
import dis
import inspect
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

from model.measures.catalogue import Enabling
from model.measures.staff import Staff
from model.optimiser import search
from model.optimiser.formulation import assembly
from model.optimiser.infeasibility import KINDS
from model.optimiser.limits.record import Limit, Seen
from model.optimiser.limits.register import LIMITS, ROWS
from model.optimiser.plan import Plan
from model.optimiser.problem import Problem
from model.optimiser.search import find_plan
from model.optimiser.verification import TOLERANCE, violations
from tests.towns.measured_town import built, convert, measure, measured_town, switch
from tests.towns.money_town import Found, Thing, budget, found, fund, may_pay, terms, town_with, village
from tests.towns.paying_village import everything
from tests.towns.random_money import solved
from tests.towns.random_towns import random_case, random_problem

TESTS = Path(__file__).resolve().parents[2]
EXACT = {"rtol": 1e-6, "atol": 1e-5}


# --- villages by hand ----------------------------------------------------------------------------------


@cache
def hand_worked() -> Counter[str]:
    """Limits by name, with the number of tests that are marked to have them bind."""
    names: Counter[str] = Counter()
    for file in TESTS.rglob("test_*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.limit":
                names.update(each.value for each in node.args if isinstance(each, ast.Constant))
    return names


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.name)
def test_every_limit_has_a_case_worked_by_hand_in_which_it_binds(limit: Limit) -> None:
    assert hand_worked()[limit.name], f"mark a test in which it binds with @pytest.mark.limit('{limit.name}')"


def test_no_test_is_marked_with_a_limit_that_there_is_not() -> None:
    assert set(hand_worked()) <= {limit.name for limit in LIMITS}


def in_step() -> Found:
    """Cars need as large a share of their potential in points; either costs 1 MSEK a unit, and there are 10."""
    things = {"POINT": Thing(0, capital=1, most=10, whole=False), "CAR": Thing(10, capital=1, most=10, whole=False)}
    town = village(
        2030, things, funds=[fund("pot", 1)], budgets=[budget("pot", 10, 2027), budget("pot", 0, 2028)],
        eligibility=[may_pay("pot", "town")], relations=[{"measure": "CAR", "relation": "requires", "other": "POINT"}],
    )  # fmt: skip
    return found(town)


@pytest.mark.limit("requires", "pot")
def test_half_of_the_money_goes_to_what_a_measure_requires() -> None:
    there = in_step()
    assert_allclose([there.operating(name)[-1] for name in ("POINT", "CAR")], [5, 5], **EXACT)
    assert_allclose(there.emitted[-1], 1000 - 50, **EXACT)


def short_of_points() -> Found:
    """A car in two needs a point; the reference is four places short, and of 10 MSEK a point or a car takes one."""
    things = {"POINT": Thing(0, capital=1, most=10, whole=False), "CAR": Thing(10, capital=1, most=10, whole=False)}
    base = town_with(things, 10)
    case = base.problem.case
    enabling = Enabling(1, np.full((1, len(case.years)), -4.0), ((0, 2.0),))
    measures = replace(case.measures, enables=(enabling,), order=(0, 1))
    problem = replace(base.problem, case=replace(case, measures=measures))
    return Found(base.built, problem, find_plan(problem))


@pytest.mark.limit("enables", "only_if_served")
def test_what_the_reference_lacks_is_made_good_first() -> None:
    """Points p and cars c with p + c = 10 and c <= 2 p - 4: 14/3 and 16/3."""
    there = short_of_points()
    assert_allclose([there.operating(name)[-1] for name in ("POINT", "CAR")], [14 / 3, 16 / 3], **EXACT)


def halves() -> Found:
    """A grant pays up to 8 of a lamp's 10 MSEK, if others pay half of all lamps that it supports; the town has 10."""
    town = village(
        2030,
        {"LAMP": Thing(10, capital=10, most=5, whole=False)},
        funds=[fund("pot", 1, kind="municipal_investment"), fund("grant", 2)],
        budgets=[budget("pot", 10, 2027), budget("pot", 0, 2028), budget("grant", 50)],
        eligibility=[may_pay("pot", "town"), may_pay("grant", "town", largest_share=0.8)],
        grants=[terms("grant", own_share=0.5)],
    )
    return found(town)


@pytest.mark.limit("own_share", "supported_cost")
def test_a_grant_that_asks_for_half_is_met_half_way() -> None:
    """Two lamps can be supported: the grant gives 16, the town 10, which together is 2.6 lamps."""
    there = halves()
    assert_allclose(there.started("LAMP"), [2.6, 0, 0, 0], **EXACT)
    assert_allclose([there.paid(name)[0] for name in ("pot", "grant")], [10, 16], **EXACT)


def needed(pot: float) -> Found:
    """A pump at 15 MSEK that saves 0.9 in each of ten years: 6 are needed, and grants together pay for nothing else."""
    town = village(
        2030,
        {"PUMP": Thing(100, capital=15, yearly=-0.9)},
        funds=[fund("pot", 1, kind="municipal_investment"), fund("grant", 2), fund("another", 3)],
        budgets=[budget("pot", pot, 2027), budget("grant", 50), budget("another", 50)],
        eligibility=[may_pay(name, "town") for name in ("pot", "grant", "another")],
        grants=[terms(name, only_unprofitable="yes") for name in ("grant", "another")],
    )
    return found(town)


@pytest.mark.limit("grants_for_need")
def test_a_grant_pays_what_savings_do_not_pay_back() -> None:
    enough, short = needed(9), needed(8)
    assert_allclose(enough.started("PUMP").sum(), 1, **EXACT)
    assert_allclose(enough.paid("grant").sum() + enough.paid("another").sum(), 6, **EXACT)
    assert_allclose(short.started("PUMP"), 0, **EXACT)


def too_much() -> Problem:
    """A hundred Mkm by petrol car (of 60) may turn electric, and a hundred GWh of diesel in sheds (of 10) HVO."""
    town = measured_town(
        [measure("CAR"), measure("HVO", hierarchy="switch")], [*convert("CAR"), *switch("HVO", "sheds")]
    )
    case = built(town)
    weight = np.zeros((len(case.case.subsectors), len(case.case.gases)))
    weight[:] = 1.0
    years = case.case.years
    return Problem(
        case=case.case, financing=None, objective="least_emissions", limits=(), counted=weight, start=2026,
        window=(2026, int(years[-1])), gap=1e-6,
    )  # fmt: skip


@pytest.mark.limit("activities", "carriers")
def test_no_more_is_moved_than_there_is() -> None:
    plan = find_plan(too_much())
    assert_allclose(plan.level[:, -1], [60, 10], **EXACT)


@pytest.mark.limit("first_year", "operating")
def test_what_can_start_in_2029_and_takes_a_year_operates_in_2030() -> None:
    base = town_with({"late": Thing(10, first_year=2029)}, 0)
    case = base.problem.case
    problem = replace(base.problem, case=replace(case, measures=replace(case.measures, lead=np.array([1]))))
    there = Found(base.built, problem, find_plan(problem))
    assert_allclose(there.started("late"), [0, 0, 1, 0], **EXACT)
    assert_allclose(there.emitted, [1000, 1000, 1000, 990], **EXACT)


# --- re-checks -----------------------------------------------------------------------------------------


def town(seed: int, money: float | None = None) -> Problem:
    return random_problem(seed, random_case(seed), money)


def staffed() -> Problem:
    problem = town(0, 0.6)
    everyone = np.ones((1, len(problem.case.measures.names)))
    one = np.ones((1, len(problem.case.years)))
    return replace(problem, staff=Staff(("all",), one, 0.1 * everyone, 0.1 * everyone))


def demanding() -> Problem:
    problem = town(2)
    least = 0.5 * problem.case.measures.potential[0, 4] * (problem.case.years >= 2029)
    return replace(problem, required=frozenset({4}), at_least={4: least}, objective="least_cost", limits=())


CASES: dict[str, Callable[[], Problem]] = {
    "operating": lambda: town(0),
    "ramp": lambda: town(0),
    "within_potential": lambda: town(0),
    "requires": lambda: in_step().problem,
    "excludes": lambda: town(10),
    "only_if_chosen": lambda: town(10),
    "enables": lambda: short_of_points().problem,
    "only_if_served": lambda: short_of_points().problem,
    "required": demanding,
    "staff": staffed,
    "target": lambda: town(0),
    "capital_paid": lambda: town(1, 0.5),
    "support_paid": lambda: town(1, 0.5),
    "deficit_only": lambda: solved(0)[1].problem,
    "grants_for_need": lambda: needed(8).problem,
    "claim_limit": lambda: town(3, 0.5),
    "supported_cost": lambda: halves().problem,
    "own_share": lambda: halves().problem,
    "owner_not_worse": lambda: solved(0)[1].problem,
    "pot": lambda: town(1, 0.5),
    "carry_over": lambda: town(1, 0.5),
    "ceiling": lambda: found(everything()).problem,
    "debt_ceiling": lambda: found(everything(debt_ceiling=11)).problem,
    "service_ceiling": lambda: found(everything(service_ceiling=2.2)).problem,
}
"""Limit: a problem whose best plan breaks it once its rows are missing."""


@pytest.mark.parametrize("limit", [limit for limit in LIMITS if limit.rows], ids=lambda limit: limit.name)
def test_a_plan_made_without_the_rows_of_a_limit_is_found_out(limit: Limit, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = CASES[limit.name]()
    assert max(violations(problem, find_plan(problem)).values()) <= TOLERANCE
    monkeypatch.setattr(assembly, "ROWS", tuple(each for each in ROWS if each is not limit))
    monkeypatch.setattr(search, "AGREEMENT", np.inf)  # the projection may notice as well: not what is tested here
    assert mine(limit, problem, find_plan(problem)) > TOLERANCE


@cache
def sound() -> tuple[Problem, Plan]:
    problem = replace(town(0), excluded=frozenset({1}))
    return problem, find_plan(problem)


def with_units(measure_: int, year: int, more: float) -> Plan:
    """The sound plan with more new units of a measure in a year."""
    plan = sound()[1]
    new_units = plan.new_units.copy()
    new_units[measure_, year] += more
    return replace(plan, new_units=new_units)


def with_outcome(part: str) -> Plan:
    """The sound plan, projected to less than nothing of an activity or a carrier."""
    plan = sound()[1]
    return replace(plan, outcome=replace(plan.outcome, **{part: getattr(plan.outcome, part) - 1e4}))


TAMPERED: dict[str, Callable[[], Plan]] = {
    "first_year": lambda: with_units(0, 0, 5.0),
    "whole_units": lambda: with_units(int(np.argmax(sound()[0].case.measures.unit_size)), 5, 2.0),
    "excluded": lambda: with_units(1, 5, 12.0),
    "activities": lambda: with_outcome("activity"),
    "carriers": lambda: with_outcome("flow"),
}
"""Limit that bounds of variables keep: a plan that breaks it."""


@pytest.mark.parametrize("limit", [limit for limit in LIMITS if not limit.rows], ids=lambda limit: limit.name)
def test_a_plan_that_breaks_what_bounds_keep_is_found_out(limit: Limit) -> None:
    problem, plan = sound()
    assert mine(limit, problem, plan) <= TOLERANCE < mine(limit, problem, TAMPERED[limit.name]())


def mine(limit: Limit, problem: Problem, plan: Plan) -> float:
    """The largest violation that a limit's own re-check finds."""
    return max(check.violation for _, check in limit.recheck(Seen(problem, plan)))


def reached(function: Callable[..., object], seen: set[Callable[..., object]]) -> set[Callable[..., object]]:
    """A function of the limits and all of theirs that it calls."""
    if function in seen or not function.__module__.startswith("model.optimiser"):
        return seen
    seen.add(function)
    for each in dis.get_instructions(function):
        called = function.__globals__.get(each.argval) if each.opname == "LOAD_GLOBAL" else None  # type: ignore[attr-defined]
        if inspect.isfunction(called):
            reached(called, seen)
    return seen


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.name)
def test_a_re_check_shares_nothing_with_rows(limit: Limit) -> None:
    for function in reached(limit.recheck, set()):
        hints = str(inspect.signature(function))
        assert "Formulation" not in hints and "Rows" not in hints, function.__qualname__


# --- the register --------------------------------------------------------------------------------------


def test_every_name_stands_once_and_every_kind_of_a_clash_has_a_rank_of_its_own() -> None:
    assert len({each.name for each in ROWS}) == len(ROWS)
    ranks = {limit.clash.kind: limit.clash.rank for limit in LIMITS if limit.clash}
    assert len(set(ranks.values())) == len(ranks)
    assert set(KINDS) == {*ranks, "constraint"}


def test_what_gives_way_by_data_reads_what_is_lifted() -> None:
    for limit in LIMITS:
        if limit.relaxable is not None and limit.relaxable.by == "again":
            assert limit.relaxable.kind in ("speed", "potential"), limit.name
