"""Are units that are never used not started, and all others kept?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model.optimiser.idle import without_idle
from tests.towns.random_towns import random_case


@pytest.mark.parametrize(
    ("started", "operating", "ramp", "left"),
    [
        ({2: 5, 3: 5}, [3, 4, 5, 6], np.inf, {2: 5}),  # the later one is never needed
        ({2: 5, 3: 5}, [3, 7], np.inf, {2: 5, 3: 5}),  # each is needed in a year of its own
        ({2: 10}, [3], np.inf, {2: 5}),  # one of two started together
        ({2: 5, 6: 5}, [7], np.inf, {6: 5}),
        ({2: 5, 6: 5}, [7], 2.5, {2: 5, 6: 5}),  # without the first, the second is no replacement and above the ramp
        ({2: 5}, [], np.inf, {}),
    ],
)
def test_whole_units_that_stand_idle_all_their_life_are_dropped(started, operating, ramp, left):  # type: ignore[no-untyped-def]
    """Units of 5 that operate from the year after their start, for four years."""
    measures = random_case(0).measures
    count, years = measures.potential.shape[1:]
    size = np.zeros(count)
    size[0] = 5
    measures = replace(
        measures,
        unit_size=size,
        lifetime=np.full(count, 4),
        lead=np.ones(count, dtype=int),
        ramp=np.full((1, count), ramp),
    )
    new_units, level = np.zeros((count, years)), np.zeros((count, years))
    new_units[1, 4] = 3.5  # any amount is left as it is
    for year, units in started.items():
        new_units[0, year] = units
    level[0, operating] = 5
    kept = without_idle(measures, new_units, level)
    assert {int(year): float(kept[0, year]) for year in np.flatnonzero(kept[0])} == left
    np.testing.assert_array_equal(kept[1], new_units[1])
