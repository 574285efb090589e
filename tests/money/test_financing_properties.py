"""Is nothing paid twice and nothing lost, in random towns?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from model.money.allocation import allocate
from model.money.financing import Financing
from tests.towns.random_towns import random_case, random_financing


def drawn(seed: int) -> tuple[Financing, np.ndarray, np.ndarray]:
    case = random_case(seed)
    rng = np.random.default_rng(seed)
    shape = (3, len(case.measures.names), len(case.years))
    return random_financing(seed, case), rng.uniform(0, 6, shape), rng.uniform(0, 40, shape)


@settings(max_examples=60)
@given(seed=st.integers(0, 1_000_000))
def test_payments_and_gap_are_what_it_costs(seed: int) -> None:
    money, new_units, level = drawn(seed)
    payment = allocate(money, new_units, level)
    need = np.zeros_like(new_units)
    for stake, m in enumerate(money.stake_measure):
        need[:, m] += money.capital[:, stake] * new_units[:, m] + money.support[:, stake] * level[:, m]
    assert_allclose(payment.sum(axis=2), need, rtol=1e-9, atol=1e-9)
    assert np.all(payment >= -1e-12)


@settings(max_examples=60)
@given(seed=st.integers(0, 1_000_000))
def test_no_pot_gives_more_than_there_is(seed: int) -> None:
    money, new_units, level = drawn(seed)
    spent = allocate(money, new_units, level).sum(axis=1)
    for fund_ in range(len(money.funds)):
        there = np.cumsum(money.budget[0, fund_])
        assert np.all(np.cumsum(spent[:, fund_], axis=1) <= there + 1e-9)
        assert np.all(spent[:, fund_] <= money.budget[0, fund_] + money.carry_over[0, fund_] + 1e-9)


@settings(max_examples=30)
@given(seed=st.integers(0, 1_000_000), more=st.floats(1, 3))
def test_more_money_never_makes_the_gap_larger(seed: int, more: float) -> None:
    money, new_units, level = drawn(seed)
    gap = allocate(money, new_units, level)[:, :, -1].sum(axis=1)
    richer = replace(money, budget=money.budget * more)
    assert np.all(allocate(richer, new_units, level)[:, :, -1].sum(axis=1) <= gap + 1e-9)


@settings(max_examples=20)
@given(seed=st.integers(0, 1_000_000))
def test_many_portfolios_are_paid_as_one_by_one(seed: int) -> None:
    money, new_units, level = drawn(seed)
    whole = allocate(money, new_units, level)
    for at in range(len(new_units)):
        one = slice(at, at + 1)
        assert np.array_equal(whole[one], allocate(money, new_units[one], level[one]))
