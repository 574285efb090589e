"""Do records stand side by side only along the axis that their fields declare?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from model.batch import Mismatch, batch_length, entry, select, stack
from model.money.allocation import allocate
from model.money.pots import keep_accounts
from model.projection.case import Case
from tests.towns.random_towns import random_case, random_financing


def dearer(case: Case, times: float) -> Case:
    return replace(case, measures=replace(case.measures, capital=times * case.measures.capital))


def test_two_capitals_are_both_kept() -> None:
    """Joined in silence, the second draw of a cost would be that of the first."""
    case = random_case(1)
    both = stack([case, dearer(case, 2.0)])
    assert both.measures.capital.shape == (2, *case.measures.capital.shape[1:])
    assert_array_equal(both.measures.capital[1], 2 * case.measures.capital[0])
    assert_array_equal(entry(both, 1).measures.capital, 2 * case.measures.capital[0])


@pytest.mark.parametrize(
    ("field", "value"),
    [("lifetime", 7), ("lead", 3), ("unit_size", 4.0), ("first_year", 2031), ("mode_measure", 0)],
)
def test_what_a_batch_has_only_one_of_must_agree(field: str, value: float) -> None:
    case = random_case(1)
    other = np.full_like(getattr(case.measures, field), value)
    with pytest.raises(Mismatch, match=f"measures.{field}"):
        stack([case, replace(case, measures=replace(case.measures, **{field: other}))])


def test_cases_of_different_towns_are_refused() -> None:
    with pytest.raises(Mismatch):
        stack([random_case(1), random_case(2)])


def test_a_discount_rate_is_one_thing() -> None:
    case = random_case(1)
    with pytest.raises(Mismatch, match="social_rate"):
        stack([case, replace(case, social_rate=case.social_rate + 0.01)])


def test_an_axis_of_length_one_holds_for_all() -> None:
    case = random_case(1)
    wide = replace(case, level=np.concatenate([case.level] * 3))
    assert batch_length(wide) == 3 and len(wide.use) == 1
    assert_array_equal(select(wide, [2, 0]).use, np.concatenate([case.use] * 2))
    joined = stack([wide, case])
    assert batch_length(joined) == len(joined.use) == 4


def test_budgets_and_costs_of_draws_are_paid_as_one_by_one() -> None:
    rng = np.random.default_rng(3)
    case = random_case(5)
    money = [random_financing(5, dearer(case, times), scale) for times, scale in ((1, 1), (3, 1), (1, 0.2))]
    new_units = rng.uniform(0, 5, (3, *case.measures.capital.shape[1:]))
    whole = stack(money)
    payment = allocate(whole, new_units, new_units)
    ledger = keep_accounts(whole, payment[:, :, :-1])
    for at, alone in enumerate(money):
        one = slice(at, at + 1)
        assert_array_equal(payment[one], allocate(alone, new_units[one], new_units[one]))
        single = keep_accounts(entry(alone), payment[at, :, :-1])
        for name in ("charge", "waiting", "lapsed", "overdrawn", "debt"):
            assert_array_equal(getattr(ledger, name)[at], getattr(single, name))
