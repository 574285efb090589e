"""Does gas from what was deposited decay as by hand?"""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from model.reference.decay import decay
from model.reference.sectors import reference
from tests.towns.small_town import FUTURE, activity, faults_of, parameter, sectors, small_town, subsectors


def test_the_driver_decay_finds_its_parameters_in_any_sector() -> None:
    town = small_town(
        sectors=sectors("mining"),
        subsectors=subsectors(pit="mining"),
        activities=[activity("seam_gas", "pit", "decay", "t")],
        activity_levels=[{"activity": "seam_gas", "year": 2024, "value": 80, "unit": "t"}],
        parameters=[
            parameter("decay_rate", float(np.log(2)), "seam_gas", "1/year"),
            parameter("deposit", 0, "seam_gas", "t/year"),
        ],
    )
    assert_allclose(reference(town, FUTURE).level["seam_gas"], [80, 40, 20, 10])
    assert faults_of(town) == []


def test_gas_decays_by_half_and_deposits_add_what_they_give() -> None:
    half = np.full(4, np.log(2))
    assert_allclose(decay(80.0, half, np.zeros(4)), [80, 40, 20, 10])
    # 100 t of gas in all from a year's deposits: half of it in the first year
    assert_allclose(decay(80.0, half, np.array([100.0, 0, 0, 0])), [80, 90, 45, 22.5])


@given(st.floats(1, 1e4), st.floats(0.01, 0.5))
def test_gas_is_level_when_deposits_give_as_much_as_decays(start: float, rate: float) -> None:
    assert_allclose(decay(start, np.full(20, rate), np.full(20, start)), start, rtol=1e-9)
