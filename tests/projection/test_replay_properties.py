"""Do both balances hold whatever is asked for, and does a batch give what each of its entries gives alone?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from model.batch import select, stack
from model.projection.case import Case
from model.projection.coefficients import reference_flow, unit_cost
from model.projection.replay import Outcome, Request, co2_equivalents, emissions, replay
from model.projection.translation import TOLERANCE
from model.vocabulary import FloatArray
from tests.towns.random_towns import random_case
from tests.towns.shipped import compiled

SEEDS = st.integers(min_value=0, max_value=1_000_000)


# --- properties ------------------------------------------------------------------------------------


def some_request(case: Case, seed: int, factor: float = 1.0) -> Request:
    """Levels at random, up to `factor` times one and a half of the potential."""
    rng = np.random.default_rng(seed)
    level = factor * case.measures.potential * rng.uniform(0, 1.5, case.measures.potential.shape)
    return Request(level, _unsaid(case))


def _unsaid(case: Case) -> FloatArray:
    return np.full((1, len(case.measures.mode_names), len(case.years)), np.nan)


def _nothing(case: Case) -> Request:
    return Request(np.zeros((1, len(case.measures.names), len(case.years))), _unsaid(case))


@settings(max_examples=30)
@given(seed=SEEDS)
def test_zero_measures_is_exactly_the_reference_in_random_towns(seed: int) -> None:
    case = random_case(seed)
    _is_the_reference(case)


@pytest.mark.parametrize("future", ["mandate_low", "central", "mandate_high"])
def test_zero_measures_is_exactly_the_reference_in_ostersund(future: str) -> None:
    _is_the_reference(compiled("ostersund", future).case)


def _is_the_reference(case: Case) -> None:
    outcome = replay(case, _nothing(case))
    assert np.array_equal(outcome.activity, case.level)
    assert np.array_equal(outcome.flow, reference_flow(case))
    assert not np.any(outcome.level) and not np.any(outcome.running_cost) and not np.any(outcome.benefit)


@settings(max_examples=60)
@given(seed=SEEDS, factor=st.floats(0.1, 10))
def test_nothing_ever_becomes_less_than_nothing(seed: int, factor: float) -> None:
    case = random_case(seed)
    outcome = replay(case, some_request(case, seed, factor))
    base = case.level[:, :, :1].copy()
    for pool in range(len(case.pools)):  # what draws on a pool may overdraw by the share of the whole pool
        base[:, case.pool_of == pool] += base[:, case.pool_of == pool].sum(axis=1, keepdims=True)
    assert np.all(outcome.activity >= -1.001 * TOLERANCE * base)
    use_of_less = reference_flow(replace(case, level=base * np.ones(len(case.years)))) + reference_flow(case)[:, :, :1]
    assert np.all(outcome.flow >= -1.001 * TOLERANCE * use_of_less)
    assert np.all(outcome.level >= 0)


@settings(max_examples=60)
@given(seed=SEEDS, factor=st.floats(0.1, 10))
def test_both_balances_hold_at_what_operates(seed: int, factor: float) -> None:
    """Z = B + A X and F = F0 + U Z + D X with matrices made here, in towns without pools to draw on."""
    case = random_case(seed, pools=False)
    outcome = replay(case, some_request(case, seed, factor))
    activity, flows = balances(case, outcome.level)
    assert_allclose(outcome.activity, activity, rtol=1e-9, atol=1e-9)
    assert_allclose(outcome.flow, flows, rtol=1e-9, atol=1e-9)


def balances(case: Case, level: FloatArray) -> tuple[FloatArray, FloatArray]:
    measures = case.measures
    moved = np.zeros((len(case.activities), len(measures.mode_names), len(case.years)))
    for move in measures.activity_moves:
        moved[move.target, move.mode] += move.amount[0]
    use = np.zeros((len(case.flow_carrier), len(case.activities), len(case.years)))
    for index, (source, target) in enumerate(zip(case.use_activity, case.use_flow, strict=True)):
        use[target, source] += case.use[0, index]
    switched = np.zeros((len(case.flow_carrier), len(measures.mode_names), len(case.years)))
    for move in measures.carrier_moves:
        switched[move.target, move.mode] += move.amount[0]
    activity = case.level[0] + np.einsum("say,ay->sy", moved, level[0])
    flows = case.other_use[0] + np.einsum("fsy,sy->fy", use, activity) + np.einsum("fay,ay->fy", switched, level[0])
    return activity[None], flows[None]


@settings(max_examples=40)
@given(seed=SEEDS)
def test_a_request_that_leaves_nothing_negative_is_never_cut(seed: int) -> None:
    """Feasible by the matrices, not by the replay; scaled down until it is."""
    case = random_case(seed, pools=False, relations=False)
    rng = np.random.default_rng(seed)
    mode_level = rng.uniform(0, 1, (1, len(case.measures.mode_names), len(case.years)))
    count = np.bincount(case.measures.mode_measure)
    mode_level *= (case.measures.potential[0] / count[:, None])[case.measures.mode_measure]
    while any(np.any(part < 0) for part in balances(case, mode_level)):
        mode_level *= 0.7
    total = np.zeros((1, len(case.measures.names), len(case.years)))
    np.add.at(total[0], case.measures.mode_measure, mode_level[0])
    assert np.any(mode_level > 1e-3)
    outcome = replay(case, Request(total, mode_level))
    assert_allclose(outcome.level, mode_level, rtol=1e-9, atol=1e-12)


@settings(max_examples=40)
@given(seed=SEEDS, factor=st.floats(0.1, 10))
def test_what_operates_can_be_asked_for_again(seed: int, factor: float) -> None:
    """Also with pools and relations: what a cut leaves is not cut a second time."""
    case = random_case(seed)
    first = replay(case, some_request(case, seed, factor))
    total = np.zeros((1, len(case.measures.names), len(case.years)))
    np.add.at(total[0], case.measures.mode_measure, first.level[0])
    again = replay(case, Request(total, first.level))
    assert_allclose(again.level, first.level, rtol=1e-9, atol=1e-9)
    assert_allclose(again.activity, first.activity, rtol=1e-9, atol=1e-9)


@settings(max_examples=40)
@given(seed=SEEDS, factor=st.floats(0.1, 10))
def test_money_of_measures_adds_up_to_the_change_of_the_whole(seed: int, factor: float) -> None:
    """What the moves make of running and external cost is the difference of two totals, nothing counted twice."""
    case = random_case(seed)
    outcome = replay(case, some_request(case, seed, factor))

    def total(activity: FloatArray, flows: FloatArray) -> FloatArray:
        price = case.price[:, case.flow_carrier]
        return (case.running_cost[:, :, None] * activity).sum(axis=1) + (price * flows).sum(axis=1)

    change = total(outcome.activity, outcome.flow) - total(case.level, reference_flow(case))
    assert_allclose(outcome.running_cost.sum(axis=1), change, rtol=1e-9, atol=1e-7)
    external = (case.external_cost[:, :, None] * (case.level - outcome.activity)).sum(axis=1)
    assert_allclose(outcome.benefit.sum(axis=1), external, rtol=1e-9, atol=1e-7)


@settings(max_examples=30)
@given(seed=SEEDS)
def test_emissions_are_coefficients_times_levels_and_use(seed: int) -> None:
    case = random_case(seed)
    tonnes = emissions(case, case.level, reference_flow(case))
    expected = np.zeros_like(tonnes)
    for y in range(len(case.years)):
        for i, source in enumerate(case.direct_activity):
            expected[0, case.subsector_of[source], case.direct_gas[i], y] += (
                case.direct[0, i, y] * case.level[0, source, y]
            )
        for f, (subsector, carrier) in enumerate(zip(case.flow_subsector, case.flow_carrier, strict=True)):
            use = case.other_use[0, f, y]
            for i in np.flatnonzero(case.use_flow == f):
                use += case.use[0, i, y] * case.level[0, case.use_activity[i], y]
            expected[0, subsector, :, y] += case.factor[0, carrier, :, y] * use
    assert_allclose(tonnes, expected, rtol=1e-10)
    assert_allclose(co2_equivalents(case, tonnes), expected[:, :, 0] + 28 * expected[:, :, 1], rtol=1e-10)


# --- futures and scenarios at once -----------------------------------------------------------------


def _parts(request_: Request, at: int) -> Request:
    return Request(request_.level[at : at + 1], request_.by_mode[at : at + 1])


def _same_bits(case: Case, whole: Outcome, one: Outcome, at: int) -> None:
    for name in Outcome.__dataclass_fields__:
        assert np.array_equal(getattr(whole, name)[at : at + 1], getattr(one, name)), name


def _requests(case: Case, count: int) -> Request:
    parts = [some_request(case, seed, 0.8) for seed in range(count)]
    return Request(np.concatenate([p.level for p in parts]), np.concatenate([p.by_mode for p in parts]))


def test_futures_and_portfolios_at_once_equal_one_by_one_bit_for_bit() -> None:
    cases = [compiled("ostersund", future).case for future in ("mandate_low", "central", "mandate_high")]
    asked = _requests(cases[0], 4)
    pairs = [(future, scenario) for future in range(3) for scenario in range(4)]
    chosen = select(stack(cases), [future for future, _ in pairs])
    repeated = Request(*(array[[s for _, s in pairs]] for array in (asked.level, asked.by_mode)))
    whole = replay(chosen, repeated)
    tonnes = emissions(chosen, whole.activity, whole.flow)
    official = emissions(chosen, whole.activity, whole.flow, official=True)
    equivalents, costs = co2_equivalents(chosen, tonnes), unit_cost(chosen)
    for at, (future, scenario) in enumerate(pairs):
        case = cases[future]
        one = replay(case, _parts(asked, scenario))
        _same_bits(case, whole, one, at)
        alone = emissions(case, one.activity, one.flow)
        assert np.array_equal(tonnes[at : at + 1], alone)
        assert np.array_equal(official[at : at + 1], emissions(case, one.activity, one.flow, official=True))
        assert np.array_equal(equivalents[at : at + 1], co2_equivalents(case, alone))
        assert np.array_equal(costs[at : at + 1], unit_cost(case))
        assert np.array_equal(reference_flow(chosen)[at : at + 1], reference_flow(case))


@settings(max_examples=15)
@given(seed=SEEDS)
def test_many_portfolios_of_one_random_town_equal_one_by_one_bit_for_bit(seed: int) -> None:
    case = random_case(seed)
    asked = _requests(case, 5)
    whole = replay(case, asked)
    for at in range(5):
        _same_bits(case, whole, replay(case, _parts(asked, at)), at)


def test_one_portfolio_in_many_futures_equals_one_by_one_bit_for_bit() -> None:
    cases = [compiled("ostersund", future).case for future in ("mandate_low", "central", "mandate_high")]
    asked = some_request(cases[0], 7)
    whole = replay(stack(cases), asked)
    for at, case in enumerate(cases):
        _same_bits(case, whole, replay(case, asked), at)


def test_a_batch_of_one_is_the_case_itself() -> None:
    case = random_case(3)
    assert stack([case]) is case
    twice = select(case, [0, 0])
    assert twice.batch == 2 and np.array_equal(reference_flow(twice)[1:], reference_flow(case))
