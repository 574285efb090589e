"""What a portfolio makes of the reference: hand-worked cases, the two balances, and futures computed at once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from model.build import PreparedCase
from model.projection.replay import Outcome, co2_equivalents, emissions, installed, replay
from tests.towns.measured_town import (
    YEARS,
    built,
    convert,
    effect,
    flow,
    measure,
    measured_town,
    of,
    potential,
    relation,
    request,
    switch,
)
from tests.towns.random_towns import random_case

SEEDS = st.integers(min_value=0, max_value=1_000_000)
NEAR = {"rtol": 1e-6, "atol": 1e-5}
"""What a cut may leave: 1e-7 of the base level."""

WALK = [effect("WALK", "pool", "car_km", -1), effect("WALK", "activity", "cycling_km", 1)]


# --- by hand ---------------------------------------------------------------------------------------


def test_what_draws_on_a_pool_takes_from_its_members_in_proportion() -> None:
    town = built(measured_town([measure("WALK")], WALK))
    outcome = replay(town.case, request(town, WALK=10))
    assert_allclose(list(of(town, outcome.activity).values()), [54, 18, 18, 20])
    assert_allclose(flow(town, outcome.flow, "cars", "petrol"), 27)
    # a Mkm of the mix costs 0.6 x (0.5 + 1.0) + 0.2 x (0.5 + 0.8) + 0.2 x (0.3 + 0.2) = 1.26
    assert_allclose(outcome.running_cost[0, 0], -12.6)
    assert_allclose(outcome.benefit[0, 0], 10 * 0.2 + 10 * 5)
    assert_allclose(_tonnes(town, outcome, "cars"), 0.9 * 9500)


def test_conversions_inside_the_pool_come_before_what_draws_on_it() -> None:
    """Although WALK, to be avoided first, is higher in the hierarchy than an electric car."""
    measures = [measure("WALK", hierarchy="avoid"), measure("ZCAR", hierarchy="electrify")]
    town = built(measured_town(measures, WALK + convert("ZCAR")))
    outcome = replay(town.case, request(town, WALK=10, ZCAR=30))
    # 60 - 30 = 30 petrol and 20 + 30 = 50 electric of 100; a tenth of each goes
    assert_allclose(list(of(town, outcome.activity).values()), [27, 18, 45, 20])
    # ZCAR saves 1.5 - 0.5 a Mkm; WALK saves 0.3 x 1.5 + 0.2 x 1.3 + 0.5 x 0.5 = 0.96 a Mkm
    assert_allclose(outcome.running_cost[0, :, 0], [-9.6, -30])


def test_carriers_are_switched_on_what_activity_moves_leave() -> None:
    measures = [measure("AHVO", hierarchy="avoid"), measure("WALK"), measure("ZCAR", hierarchy="capture")]
    effects = switch("AHVO") + WALK + convert("ZCAR", "diesel_km")
    town = built(measured_town(measures, effects))
    outcome = replay(town.case, request(town, AHVO=8, WALK=10, ZCAR=10))
    # diesel cars: 20 - 10, less a tenth: 9 Mkm x 0.4 = 3.6 GWh; of the 8 GWh asked for only that can be replaced
    assert_allclose(outcome.level[0, 0], 3.6, **NEAR)
    assert_allclose(flow(town, outcome.flow, "cars", "diesel"), 0, **NEAR)
    assert_allclose(flow(town, outcome.flow, "cars", "hvo"), 3.6, **NEAR)
    assert_allclose(flow(town, outcome.flow, "sheds", "diesel"), 10)
    assert_allclose(outcome.running_cost[0, 0], 3.6 * (3 - 2), **NEAR)
    assert_allclose(_tonnes(town, outcome, "cars"), 54 * 0.5 * 250, **NEAR)


def test_nothing_beyond_the_potential_operates() -> None:
    town = built(measured_town([measure("ZCAR")], convert("ZCAR"), potentials=[potential("ZCAR", 25)]))
    outcome = replay(town.case, request(town, ZCAR=40))
    assert_allclose(outcome.level[0, 0], 25, **NEAR)


def test_nothing_is_taken_that_is_not_there() -> None:
    measures = [measure("FIRST", hierarchy="shift"), measure("SECOND", hierarchy="electrify")]
    effects = [effect("FIRST", "activity", "petrol_km", -1), effect("SECOND", "activity", "petrol_km", -2)]
    town = built(measured_town(measures, effects))
    outcome = replay(town.case, request(town, FIRST=50, SECOND=8))
    assert_allclose(outcome.level[0, :, 0], [50, 5], **NEAR)  # 10 Mkm are left for two a unit
    assert_allclose(of(town, outcome.activity)["petrol_km"], 0, **NEAR)


def test_what_comes_in_may_be_taken_by_those_after() -> None:
    """TAKE, first in name and hierarchy, needs 90 Mkm by electric car: GIVE brings 70 of them."""
    measures = [measure("GIVE", hierarchy="capture"), measure("TAKE", hierarchy="avoid")]
    effects = [effect("GIVE", "activity", "electric_km", 1), effect("TAKE", "activity", "electric_km", -1)]
    town = built(measured_town(measures, effects))
    assert_allclose(replay(town.case, request(town, GIVE=70, TAKE=90)).level[0, :, 0], [70, 90], **NEAR)
    assert_allclose(replay(town.case, request(town, GIVE=70, TAKE=95)).level[0, :, 0], [70, 90], **NEAR)


def test_a_measure_operates_in_step_with_what_it_requires() -> None:
    measures = [measure("BASE"), measure("NEEDS")]
    effects = [effect("BASE", "activity", "cycling_km", 1), effect("NEEDS", "activity", "cycling_km", 1)]
    potentials = [potential("BASE", 10), potential("NEEDS", 50)]
    relations = [relation("NEEDS", "requires", "BASE", ratio=1.5)]
    town = built(measured_town(measures, effects, potentials=potentials, relations=relations))
    # BASE at 4 of 10: NEEDS at most at 1.5 x 40 % of 50
    assert_allclose(replay(town.case, request(town, BASE=4, NEEDS=45)).level[0, :, 0], [4, 30], **NEAR)
    assert_allclose(replay(town.case, request(town, NEEDS=45)).level[0, 1], 0, **NEAR)


@pytest.mark.parametrize(("points", "cars"), [(0, 5), (2, 11), (40, 30)])
def test_enablers_serve_the_reference_first(points: float, cars: float) -> None:
    """Free places 25 and 3 a point, 20 of them taken by the cars of the reference."""
    measures = [measure("ZCAR", reference_activity="electric_km"), measure("POINT", existing_units=0)]
    relations = [relation("POINT", "enables", "ZCAR", ratio=3, free=25)]
    town = built(measured_town(measures, convert("ZCAR"), relations=relations))
    assert_allclose(replay(town.case, request(town, ZCAR=30, POINT=points)).level[0, 0], cars, **NEAR)


@pytest.mark.parametrize(("points", "cars"), [(0, 0), (1, 0), (3, 4)])
def test_a_reference_short_of_enablers_leaves_nothing(points: float, cars: float) -> None:
    """The reference needs 20 and finds 15: the first 5 places more are for it."""
    measures = [measure("ZCAR", reference_activity="electric_km"), measure("POINT")]
    relations = [relation("POINT", "enables", "ZCAR", ratio=3, free=15)]
    town = built(measured_town(measures, convert("ZCAR"), relations=relations))
    assert_allclose(replay(town.case, request(town, ZCAR=30, POINT=points)).level[0, 0], cars, **NEAR)


# --- modes -----------------------------------------------------------------------------------------


def two_modes() -> PreparedCase:
    """Electric cars that may replace petrol (60 Mkm) or diesel (20 Mkm), after a measure that takes diesel."""
    modes = convert("ZCAR", mode="petrol") + convert("ZCAR", "diesel_km", mode="diesel")
    less = [effect("LESS", "activity", "diesel_km", -1)]
    return built(
        measured_town([measure("LESS", hierarchy="avoid"), measure("ZCAR", hierarchy="electrify")], less + modes)
    )


def test_modes_share_out_in_proportion_to_what_is_left() -> None:
    town = two_modes()
    assert town.case.measures.mode_names == ("", "petrol", "diesel")
    assert_allclose(replay(town.case, request(town, ZCAR=40)).level[0, 1:, 0], [30, 10], **NEAR)
    assert_allclose(replay(town.case, request(town, LESS=10, ZCAR=35)).level[0, 1:, 0], [30, 5], **NEAR)
    assert_allclose(replay(town.case, request(town, ZCAR=90)).level[0, 1:, 0], [60, 20], **NEAR)


def test_modes_that_are_said_are_kept_within_what_is_there() -> None:
    town = two_modes()
    wanted = request(town, ZCAR=30)
    said = replace(wanted, by_mode=np.array([[[np.nan], [8.0], [22.0]]]) * np.ones(len(YEARS)))
    assert_allclose(replay(town.case, said).level[0, 1:, 0], [8, 20], **NEAR)
    less = replace(said, level=wanted.level / 2)  # the sum, 30, is twice what is asked for in all
    assert_allclose(replay(town.case, less).level[0, 1:, 0].sum(), 15, **NEAR)


def test_modes_that_take_from_the_same_thing_do_not_take_it_twice() -> None:
    modes = convert("ZCAR", mode="own") + convert("ZCAR", mode="shared")
    town = built(measured_town([measure("ZCAR")], modes))
    outcome = replay(town.case, request(town, ZCAR=100))
    assert_allclose(of(town, outcome.activity)["petrol_km"], 0, **NEAR)
    assert_allclose(outcome.level[0].sum(axis=0), 60, **NEAR)


# --- installed units -------------------------------------------------------------------------------


def test_units_operate_from_lead_to_end_of_life_by_hand() -> None:
    town = built(measured_town([measure("M", lead=1, lifetime=3)], [effect("M", "activity", "cycling_km", 1)]))
    new_units = np.zeros((1, 1, len(YEARS)))
    new_units[0, 0, [1, 2, 6]] = 5, 2, 1  # 2025, 2026, 2030
    assert_allclose(installed(town.case.measures, new_units)[0, 0], [0, 0, 5, 7, 7, 2, 0, 1, 1])


@settings(max_examples=30)
@given(seed=SEEDS)
def test_units_operate_exactly_as_long_as_their_lead_and_lifetime_say(seed: int) -> None:
    measures = random_case(seed).measures
    new_units = np.random.default_rng(seed).uniform(0, 5, (2, *measures.potential.shape[1:]))
    expected = np.zeros_like(new_units)
    for m, (lead, life) in enumerate(zip(measures.lead, measures.lifetime, strict=True)):
        for start in range(new_units.shape[2]):
            expected[:, m, start + lead : start + lead + life] += new_units[:, m, start, None]
    assert_allclose(installed(measures, new_units), expected, atol=1e-9)


# --- helpers ---------------------------------------------------------------------------------------


def _tonnes(town: PreparedCase, outcome: Outcome, subsector: str, year: int = 2030) -> float:
    tonnes = co2_equivalents(town.case, emissions(town.case, outcome.activity, outcome.flow))
    return float(tonnes[0, town.case.subsectors.index(subsector), int(year - YEARS[0])])
