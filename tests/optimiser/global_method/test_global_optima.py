"""Is no plan worse than the best there is by more than the gap and a thousandth, and is every bound stated a true one?

Every third of 200 random towns, half of them made to provoke pools, against the optima that
`python -m tests.optimiser.global_method`, which looks at all, stored; where pyscipopt is installed, some of them again
with each stage kept at what the plan reaches.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from numpy.testing import assert_allclose

from model.optimiser.plan import Plan, request_of
from model.optimiser.problem import Problem
from model.optimiser.search import find_plan
from model.optimiser.verification import TOLERANCE, violations
from model.projection.replay import replay
from tests.optimiser.global_method.comparison import SAME_LATER, TOWNS, Verdict, stored, verdicts
from tests.optimiser.global_method.consequences import levels_of, stages_of, values_of
from tests.towns.pooled_towns import hash_of, pooled_town

AGAIN = (3, 4, 9, 13, 22, 27)
"""Towns in which pools matter."""
MENDED = (134, 173)
"""Towns with plans that were not as good: an early and a late stage not as asked, of which only the late one can be
mended; shares that may just pay a unit, rounded apart from its cost."""


@cache
def town(seed: int) -> tuple[Problem, Plan]:
    problem = pooled_town(seed)
    return problem, find_plan(problem)


def assert_true(found: list[Verdict]) -> None:
    assert not [each for each in found if each.worse or each.false or each.beaten]


@pytest.mark.parametrize("seed", sorted({*TOWNS[::3], *AGAIN, *MENDED}))
def test_no_plan_is_worse_than_the_stored_best_and_no_bound_is_beyond_it(seed: int) -> None:
    problem, plan = town(seed)
    hash_stored, best = stored()[seed]
    assert hash_of(problem) == hash_stored, "store the optima of towns that changed"
    assert max(violations(problem, plan).values()) <= TOLERANCE
    assert_true(verdicts(problem, plan, best))


@pytest.mark.parametrize("seed", AGAIN)
def test_what_a_plan_leads_to_is_reckoned_alike(seed: int) -> None:
    problem, plan = town(seed)
    found = levels_of(problem, plan.new_units[:, problem.first :], plan.level[:, problem.first :])
    assert_allclose(found.activity, plan.outcome.activity[0, :, problem.first :], atol=1e-4)
    for stage, value, stated in zip(stages_of(problem), values_of(problem, plan), plan.objectives, strict=True):
        if stage.held:
            assert value == pytest.approx(stated, abs=SAME_LATER * stage.scale)


@pytest.mark.parametrize("seed", AGAIN)
def test_no_plan_is_worse_than_the_best_given_what_it_reaches_at_earlier_stages(seed: int) -> None:
    pytest.importorskip("pyscipopt")
    from tests.optimiser.global_method.oracle import Oracle

    problem, plan = town(seed)
    best = Oracle(problem).best(values_of(problem, plan))
    for each in best:  # what is compared with is a plan by the projection, too
        outcome = replay(problem.case, request_of(problem.case.measures, each.level))
        assert_allclose(outcome.level[0], each.level, atol=1e-3)
        assert np.all(outcome.activity >= -1e-6)
    assert_true(verdicts(problem, plan, [each.optimum for each in best], own=True))
