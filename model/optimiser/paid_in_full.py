"""Do payments add up to what they pay for, to the krona? Coefficients that are rounded do not: they are put right."""

from __future__ import annotations

import numpy as np

from model.money.financing import Financing
from model.vocabulary import FloatArray

CLOSE = 1e-7
"""Share (at least of 1 MSEK) up to which a difference is one of rounding."""


def in_full(money: Financing, payment: FloatArray, new_units: FloatArray, level: FloatArray) -> FloatArray:
    """Payments (claim, year) in MSEK that pay just what `new_units` and `level` (measure, year) cost.

    Those for one stake keep their proportions. More than differences of rounding stays for the re-check to find.
    """
    paid_for = (
        (True, money.capital * new_units[money.stake_measure]),
        (False, money.support * level[money.stake_measure]),
    )
    right = payment.copy()
    for capital, need in paid_for:
        claims = np.flatnonzero(np.asarray(money.claim_capital, dtype=bool) == capital)
        stakes = money.claim_stake[claims]
        paid = np.zeros_like(need)
        np.add.at(paid, stakes, payment[claims])
        close = (paid > 0) & (np.abs(paid - need) <= CLOSE * np.maximum(need, 1.0))
        share = np.where(close, need / np.where(close, paid, 1.0), 1.0)
        right[claims] = payment[claims] * share[stakes]
    return right
