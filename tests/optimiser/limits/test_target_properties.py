"""Are targets of every kind missed by what the projection says, in random towns?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from model.optimiser.formulation.objectives import stages
from model.optimiser.plan import Plan
from model.optimiser.problem import Problem, TargetLimit, base_size
from model.optimiser.search import Search, find_plan
from model.optimiser.verification import TOLERANCE, violations
from model.projection.replay import emissions
from model.vocabulary import FloatArray
from tests.towns.random_towns import FIRST, random_case, random_problem


def with_every_kind(seed: int, **changes: Any) -> Problem:
    """A random town with a target of every kind, near enough to what can be reached that some are met."""
    case, rng = random_case(seed), np.random.default_rng(seed + 30_000)
    asked = random_problem(seed, case, 1.0)
    years, level = case.years, case.level[0]
    flow = np.einsum("fy->fy", case.other_use[0]).copy()
    np.add.at(flow, case.use_flow, case.use[0] * level[case.use_activity])
    energy = (rng.random(len(flow)) < 0.7).astype(float)
    of = np.array([1.0, 1.3, 1.0, 0, 0, 0.7, 0])
    counted = of * np.array([0, 0, 1, 0, 0, 1, 0])
    share_now = 100 * (counted @ level) / (of @ level)
    tonnes = emissions(case, case.level, flow[None])[0]
    emitted = np.einsum("kg,kgy->y", asked.counted, tonnes)

    def held(values: FloatArray, when: Any) -> FloatArray:
        return np.where(when, values, np.inf)

    later, last = years >= years[6], years == years[-1]
    most = rng.uniform(0.5, 0.95)
    limits = (
        *asked.limits,
        TargetLimit("budget", asked.counted, held(most * np.cumsum(emitted), last), 1, since=int(years[0])),
        TargetLimit("energy", energy, held(rng.uniform(0.5, 0.98) * (energy @ flow), later), 1, "energy"),
        TargetLimit("energy_budget", energy, held(most * np.cumsum(energy @ flow), last), 1, "energy", since=FIRST),
        TargetLimit("more", counted, held(rng.uniform(1.0, 2.0) * share_now, later), 1, "share", of, -1),
        TargetLimit("less", of - counted, held(rng.uniform(0.6, 1) * (100 - share_now), later), 2, "share", of),
    )
    return replace(asked, limits=limits, **changes)


def missed_in_projection(problem: Problem, plan: Plan) -> FloatArray:
    """Shortfalls (limit, year) from the projection alone; that of a share at the whole of the reference."""
    case, outcome = problem.case, plan.outcome
    tonnes = emissions(case, outcome.activity, outcome.flow)[0]
    activity, found = outcome.activity[0], []
    for limit in problem.limits:
        if limit.quantity == "emissions":
            value = (limit.weight[:, :, None] * tonnes).sum(axis=(0, 1))
        elif limit.quantity == "energy":
            value = limit.weight @ outcome.flow[0]
        else:
            assert limit.denominator is not None
            value = 100 * (limit.weight @ activity) / (limit.denominator @ activity)
        if limit.since is not None:
            value = np.array([value[(case.years >= limit.since) & (case.years <= year)].sum() for year in case.years])
        over = np.where(np.isfinite(limit.bound), limit.sense * (value - limit.bound), 0.0)
        if limit.denominator is not None:
            over = over * (limit.denominator @ activity) / (limit.denominator @ case.level[0])
        found.append(np.maximum(over, 0.0))
    return np.array(found)


@pytest.mark.parametrize("block", range(2))
def test_the_shortfall_of_every_kind_is_that_of_the_projection(block: int) -> None:
    seen: dict[str, set[bool]] = {}
    for seed in range(4 * block, 4 * (block + 1)):
        problem = with_every_kind(seed)
        plan = find_plan(problem)
        sizes = np.array([base_size(problem)[limit.quantity] for limit in problem.limits])
        expected = missed_in_projection(problem, plan)
        assert_allclose(plan.shortfall / sizes[:, None], expected / sizes[:, None], atol=1e-5, err_msg=str(seed))
        assert max(violations(problem, plan).values()) <= TOLERANCE, seed
        for limit, values in zip(problem.limits, expected, strict=True):
            seen.setdefault(limit.name, set()).add(bool(values.max() > 0))
    assert all(True in seen[name] for name in ("budget", "energy", "energy_budget", "more", "less"))
    assert any(False in kinds for kinds in seen.values())


@pytest.mark.parametrize("seed", range(6))
def test_pools_settle_for_energy_and_shares_where_nothing_is_emitted(seed: int) -> None:
    """Emissions of zero always agree; proportions must be right for what targets look at all the same."""
    problem = with_every_kind(seed)
    case = replace(problem.case, factor=0 * problem.case.factor, direct=0 * problem.case.direct)
    limits = tuple(limit for limit in problem.limits if limit.quantity != "emissions")
    problem = replace(problem, case=case, limits=limits, financing=None)
    plan = find_plan(problem)
    sizes = np.array([[base_size(problem)[limit.quantity]] for limit in limits])
    assert_allclose(plan.shortfall / sizes, missed_in_projection(problem, plan) / sizes, atol=1e-5)
    assert max(violations(problem, plan).values()) <= TOLERANCE


def test_a_plan_that_says_too_little_of_what_it_misses_is_found_out() -> None:
    """Each kind of target in turn: half the shortfall said is a violation of that target and of nothing else."""
    problem = with_every_kind(1)
    plan = find_plan(problem)
    for number in np.flatnonzero(plan.shortfall.max(axis=1) > 0).tolist():
        said = plan.shortfall.copy()
        said[number] *= 0.5
        broken = {name for name, worst in violations(problem, replace(plan, shortfall=said)).items() if worst > 1e-6}
        assert broken == {f"target {problem.limits[number].name}"}


def test_tonnes_gwh_and_points_have_stages_of_their_own() -> None:
    problem = with_every_kind(3)
    search = Search(problem)
    found = stages(search.formulation)
    assert [stage.name for stage in found] == [
        "worst shortfall, priority 1", "summed shortfall, priority 1",
        "worst shortfall, priority 1, energy", "summed shortfall, priority 1, energy",
        "worst shortfall, priority 1, share", "summed shortfall, priority 1, share",
        "worst shortfall, priority 2", "summed shortfall, priority 2",
        "worst shortfall, priority 2, share", "summed shortfall, priority 2, share",
        "cumulative emissions", "discounted cost",
    ]  # fmt: skip
    size = base_size(problem)
    expected = [size["emissions"] / 1e3, size["energy"], 100.0, size["emissions"] / 1e3, 100.0]
    assert_allclose(search.scales[0:10:2], expected)
