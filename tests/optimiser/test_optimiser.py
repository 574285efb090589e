"""Is what the optimiser finds possible, best, and what the projection says? Random towns and enumeration."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.optimiser.plan import AGREEMENT, Plan
from model.optimiser.problem import Problem
from model.optimiser.search import find_plan
from model.optimiser.verification import TOLERANCE, violations
from model.projection.case import Case
from model.projection.replay import Request, emissions, installed, replay
from tests.towns.random_towns import FIRST, random_case, random_financing, random_problem

SEEDS = st.integers(min_value=0, max_value=1_000_000)


@pytest.mark.parametrize("block", range(8))
def test_agrees_with_projection_and_keeps_every_limit_on_random_towns(block: int) -> None:
    """80 towns with pools, modes, enablers, exclusions and whole units; 200 others are in `global_method`."""
    for seed in range(10 * block, 10 * (block + 1)):
        problem = random_problem(seed, random_case(seed), gap=0.005)
        plan = find_plan(problem)
        assert plan.difference <= AGREEMENT, seed
        broken = {name: worst for name, worst in violations(problem, plan).items() if worst > TOLERANCE}
        assert not broken, (seed, broken)


@settings(max_examples=8)
@given(seed=SEEDS, less=st.floats(0.0, 1.0), more=st.floats(0.0, 3.0))
def test_more_money_never_worsens_the_first_stage(seed: int, less: float, more: float) -> None:
    case = random_case(seed)
    poor, rich, unlimited = (find_plan(random_problem(seed, case, scale)) for scale in (less, less + more, None))
    assert rich.objectives[0] <= poor.objectives[0] + 1e-5 * max(abs(poor.objectives[0]), 1.0)
    assert unlimited.objectives[0] <= rich.objectives[0] + 1e-5 * max(abs(rich.objectives[0]), 1.0)


def permuted(case: Case, order: np.ndarray) -> Case:
    """The same town with its measures in another order."""
    old = case.measures
    position = {int(m): i for i, m in enumerate(order)}
    modes = np.argsort([position[int(m)] for m in old.mode_measure], kind="stable")
    mode_at = {int(m): i for i, m in enumerate(modes)}

    def moved(moves):  # type: ignore[no-untyped-def]
        return tuple(replace(move, mode=mode_at[move.mode]) for move in moves)

    rows = {name: getattr(old, name)[order] for name in ("first_year", "lead", "lifetime", "unit_size")}
    rows |= {name: getattr(old, name)[:, order] for name in ("ramp", "capital", "fixed_cost", "fixed_benefit")}
    measures = replace(
        old,
        names=tuple(old.names[m] for m in order),
        units=tuple(old.units[m] for m in order),
        categories=tuple(old.categories[m] for m in order),
        mode_names=tuple(old.mode_names[m] for m in modes),
        mode_measure=np.array([position[int(old.mode_measure[m])] for m in modes]),
        activity_moves=moved(old.activity_moves),
        pool_draws=moved(old.pool_draws),
        carrier_moves=moved(old.carrier_moves),
        potential=old.potential[:, order],
        requires=tuple((position[a], position[b], r) for a, b, r in old.requires),
        excludes=tuple((position[a], position[b]) for a, b in old.excludes),
        enables=tuple(
            replace(e, measure=position[e.measure], enablers=tuple((position[o], r) for o, r in e.enablers))
            for e in old.enables
        ),
        order=tuple(position[m] for m in old.order),
        **rows,
    )
    return replace(case, measures=measures)


@settings(max_examples=60)
@given(seed=SEEDS, shuffle=SEEDS, factor=st.floats(0.2, 4.0))
def test_permuting_measures_changes_nothing_even_when_requests_are_cut(seed: int, shuffle: int, factor: float) -> None:
    case = random_case(seed)
    order = np.random.default_rng(shuffle).permutation(len(case.measures.names))
    rng = np.random.default_rng(seed)
    level = factor * case.measures.potential * rng.uniform(0.3, 1.5, case.measures.potential.shape)
    unsaid = np.full((1, len(case.measures.mode_names), len(case.years)), np.nan)
    first = replay(case, Request(level, unsaid))
    second = replay(permuted(case, order), Request(level[:, order], unsaid))
    np.testing.assert_allclose(first.activity, second.activity, rtol=1e-12, atol=1e-9)
    np.testing.assert_allclose(first.flow, second.flow, rtol=1e-12, atol=1e-9)


@settings(max_examples=8)
@given(seed=SEEDS, shuffle=SEEDS)
def test_permuting_measures_does_not_change_the_optimum(seed: int, shuffle: int) -> None:
    case = random_case(seed)
    order = np.random.default_rng(shuffle).permutation(len(case.measures.names))
    one = random_problem(seed, case, None)
    other = replace(one, case=permuted(case, order))
    first, second = find_plan(one), find_plan(other)
    np.testing.assert_allclose(first.objectives[0], second.objectives[0], rtol=1e-4, atol=1e-4)


def lumpy_case(seed: int) -> Case:
    """A town in which every measure is one whole project that can be started in one of three years."""
    case = random_case(seed, measures=4, pools=False, relations=False)
    count, years = len(case.measures.names), len(case.years)
    rng = np.random.default_rng(seed)
    size = rng.uniform(5, 30, count)
    measures = replace(
        case.measures,
        unit_size=size,
        potential=np.broadcast_to(size[None, :, None], (1, count, years)).copy(),
        ramp=np.full((1, count), np.inf),
        first_year=np.full(count, FIRST + 4),
        lead=rng.integers(0, 2, count),
        lifetime=np.full(count, 40),
        capital=(rng.uniform(0.1, 1.0, (count, 1)) * np.ones(years) / size[:, None])[None],
        fixed_cost=np.zeros((1, count, years)),
    )
    return replace(case, measures=measures, price=np.zeros_like(case.price), running_cost=0 * case.running_cost)


def enumerated(problem: Problem) -> tuple[float, ...]:
    """The best lexicographic objective over every way of starting or leaving out each project."""
    case, measures = problem.case, problem.case.measures
    money = problem.money
    assert money is not None
    count, years = len(measures.names), len(case.years)
    starts = [y for y in range(years) if case.years[y] >= measures.first_year[0]]
    best: tuple[float, ...] | None = None
    for choice in itertools.product([None, *starts], repeat=count):
        new_units = np.zeros((1, count, years))
        for m, year in enumerate(choice):
            if year is not None:
                new_units[0, m, year] = measures.unit_size[m]
        spent = (measures.capital[0] * new_units[0]).sum(axis=0)
        if np.any(spent > money.budget[0] + 1e-9):
            continue
        standing = installed(measures, new_units)
        unsaid = np.full((1, len(measures.mode_names), years), np.nan)
        outcome = replay(case, Request(standing, unsaid))
        tonnes = emissions(case, outcome.activity, outcome.flow)[0]
        values: list[float] = []
        for limit in problem.limits:
            held = np.isfinite(limit.bound)
            short = np.maximum(np.einsum("kg,kgy->y", limit.weight, tonnes)[held] - limit.bound[held], 0) / 1e3
            values += [float(short.max()), float(short.sum())]
        window = case.years >= problem.start
        values.append(float(np.einsum("kg,kgy->", problem.counted, tonnes[:, :, window]) / 1e3))
        key = tuple(np.round(values, 5))
        best = key if best is None or key < best else best
    assert best is not None
    return best


@pytest.mark.parametrize("seed", range(12))
def test_equals_enumeration_on_towns_of_whole_projects(seed: int) -> None:
    case = lumpy_case(seed)
    problem = random_problem(seed, case)
    money = random_financing(seed, case)
    only_one = money.claim_fund == 0
    dearest = float(np.max(case.measures.capital[0, :, 0] * case.measures.unit_size))
    tight = 0.45 * dearest * np.array([[[2.0], [1], [1]]])
    money = replace(
        money,
        budget=tight * np.ones(len(case.years)),
        carry_over=np.zeros((1, 3, len(case.years))),
        claim_stake=money.claim_stake[only_one],
        claim_fund=money.claim_fund[only_one],
        claim_capital=tuple(np.array(money.claim_capital)[only_one]),
        claim_limit=money.claim_limit[:, only_one],
    )
    problem = replace(problem, financing=money, gap=1e-7)
    plan = find_plan(problem)
    expected = enumerated(problem)
    constant = _constant(problem, plan)
    found = [*plan.objectives[:-2], plan.objectives[-2] + constant]
    np.testing.assert_allclose(found, expected, rtol=2e-5, atol=2e-4)


def _constant(problem: Problem, plan: Plan) -> float:
    """Cumulative emissions that no measure can change, which the objective leaves out (kt)."""
    tonnes = emissions(problem.case, plan.outcome.activity, plan.outcome.flow)[0]
    window = problem.case.years >= problem.start
    total = float(np.einsum("kg,kgy->", problem.counted, tonnes[:, :, window]) / 1e3)
    return total - plan.objectives[-2]
