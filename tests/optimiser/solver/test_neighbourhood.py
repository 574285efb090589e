"""Are the whole units that a search beside the relaxed plan finds next to it, and the problem as it was afterwards?"""

from __future__ import annotations

import numpy as np
import pytest

from model.optimiser.search import Search
from model.optimiser.solver.neighbourhood import search_by_weight
from tests.towns.random_towns import random_case, random_problem


@pytest.mark.parametrize("seed", range(6))
def test_a_rounded_search_stays_beside_the_relaxed_plan_and_is_no_better_than_a_whole_one(seed: int) -> None:
    engine = Search(random_problem(seed, random_case(seed, pools=False))).engine
    costs, whole, bounds = engine.objective[0], engine.whole, (engine.lower.copy(), engine.upper.copy())
    relaxed = engine.minimise_only(costs).values
    (best,) = search_by_weight(engine, costs, 0.0, 1e9, rounded=False)
    beside = search_by_weight(engine, costs, 0.0, 1e9, rounded=True)
    np.testing.assert_array_equal((engine.lower, engine.upper), bounds)
    assert costs @ relaxed <= costs @ best + 1e-6
    for found in beside:
        np.testing.assert_allclose(found[whole], np.round(found[whole]), atol=1e-6)
        assert np.all(np.abs(found[whole] - relaxed[whole]) < 1 + 1e-6)
        assert costs @ best <= costs @ found + 1e-6
