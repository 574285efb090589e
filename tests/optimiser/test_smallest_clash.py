"""Is what is called the smallest set of musts that clash one, among clashes made up and in random towns?"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from itertools import chain, combinations

import numpy as np
import pytest

from model.optimiser.infeasibility import KINDS, Member, Relaxed, clash_among, smallest_clash
from model.optimiser.problem import Problem
from model.optimiser.search import find_plan
from model.optimiser.solver.linear import Infeasible, Work
from tests.towns.random_towns import random_case, random_problem


def subsets(members: Iterable[Member], most: int) -> Iterable[tuple[Member, ...]]:
    return chain.from_iterable(combinations(members, size) for size in range(most + 1))


def made_up(seed: int) -> tuple[list[Member], list[set[int]]]:
    """Twelve members of any kinds, and sets of them that clash."""
    rng = np.random.default_rng(seed)
    members = [Member(KINDS[int(rng.integers(len(KINDS)))], (n,)) for n in range(12)]
    return members, [set(rng.choice(12, int(rng.integers(2, 6)), replace=False).tolist()) for _ in range(5)]


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("known", [True, False])
def test_among_clashes_made_up_the_smallest_is_found_and_else_one_that_needs_all_its_members(
    seed: int, known: bool
) -> None:
    """Without being told that nothing at all can be kept, the search gives up and members are taken out one by one."""
    members, clashes = made_up(seed)

    def has_plan(kept: Iterable[Member]) -> bool | None:
        there = {member.which[0] for member in kept}
        return None if not there and not known else not any(clash <= there for clash in clashes)

    found = clash_among(members, has_plan, lambda: True)
    assert found.smallest == known and has_plan(found.members) is False
    assert all(has_plan(set(found.members) - {member}) for member in found.members)
    if known:
        assert len(found.members) == min(map(len, clashes))


@pytest.mark.parametrize("seed", range(10))
def test_among_clashes_as_small_the_same_is_told_whatever_the_order_of_members(seed: int) -> None:
    rng = np.random.default_rng(seed)
    members = [Member("pot", (n,)) for n in range(12)]
    clashes = [set(rng.choice(12, 3, replace=False).tolist()) for _ in range(6)]

    def has_plan(kept: Iterable[Member]) -> bool:
        return not any(clash <= {member.which[0] for member in kept} for clash in clashes)

    told = [clash_among(each, has_plan, lambda: True) for each in (members, members[::-1])]
    assert told[0] == told[1] and told[0].smallest and len(told[0].members) == 3


def test_where_it_would_be_too_much_work_a_clash_that_needs_all_its_members_is_told() -> None:
    members, clashes = made_up(3)

    def has_plan(kept: Iterable[Member]) -> bool:
        return not any(clash <= {member.which[0] for member in kept} for clash in clashes)

    found = clash_among(members, has_plan, lambda: False)
    assert not found.smallest and not has_plan(found.members)
    assert all(has_plan(set(found.members) - {member}) for member in found.members)


def test_what_can_be_kept_is_not_known_after_too_little_work_and_the_solver_is_then_as_before() -> None:
    relaxed = Relaxed(random_problem(1, random_case(1), 0.1))
    full = relaxed.work
    relaxed.work = Work(1, 1)
    assert relaxed.has_plan(relaxed.members) is None
    relaxed.work, relaxed.known = full, {}
    assert relaxed.has_plan(relaxed.members) is True and relaxed.engine.iterations > 1


def test_the_clock_does_not_decide() -> None:
    """A time limit that is over before anything begins changes neither the clash nor what is known of it."""
    problem = next(each for each in map(without_plan, range(12)) if each is not None)
    assert smallest_clash(replace(problem, time_limit=1e-9)) == smallest_clash(problem)


def test_scipy_is_imported_for_clashes_only() -> None:
    code = "import sys, model.optimiser.infeasibility; sys.exit('scipy.optimize' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def without_plan(seed: int) -> Problem | None:
    """A random town in which more is required than its money allows, if it is one."""
    case = random_case(seed)
    rng = np.random.default_rng(seed)
    problem = random_problem(seed, case, float(rng.uniform(0.3, 6.0)))
    required = frozenset(rng.choice(7, 3, replace=False).tolist())
    later, potential = case.years >= 2029, case.measures.potential[0]
    at_least = {m: np.where(later, float(rng.uniform(0.1, 0.9)) * potential[m], 0.0) for m in required}
    excluded = frozenset({int(rng.integers(7))} - required)
    problem = replace(problem, required=required, at_least=at_least, excluded=excluded)
    try:
        find_plan(problem)
    except Infeasible:
        return problem
    return None


@pytest.mark.parametrize("seed", range(12))
def test_every_member_of_a_clash_in_a_random_town_is_needed_and_none_smaller_exists(seed: int) -> None:
    problem = without_plan(seed)
    if problem is None:
        assert smallest_clash(random_problem(seed, random_case(seed), 0.1)) is None
        return
    clash = smallest_clash(problem)
    assert clash is not None and clash.smallest
    relaxed = Relaxed(problem, any(member.kind == "payers" for member in clash.members))
    assert relaxed.has_plan(clash.members) is False
    for member in clash.members:
        assert relaxed.has_plan(set(clash.members) - {member})
    assert all(relaxed.has_plan(each) for each in subsets(relaxed.members, min(len(clash.members) - 1, 1)))
    musts = [member for member in relaxed.members if member.kind in ("require", "pot")]
    assert all(relaxed.has_plan(each) for each in subsets(musts, len(clash.members) - 1))
