"""How does a stock of vehicles renew itself? Cohorts age and leave by a survival curve, entries fill up.

Pure functions on arrays. Ages are counted at the end of a year; the oldest class is the age that next to none
reaches.
"""

from __future__ import annotations

from math import gamma

import numpy as np

from model.vocabulary import FloatArray

NEXT_TO_NONE = 1e-6
"""Share of a cohort below which it is forgotten."""


def survival(mean_life: float, shape: float) -> FloatArray:
    """Share of a cohort still there by age, S(a) = exp(-(a / scale)^shape).

    Weibull (1951); scale = mean life / gamma(1 + 1/shape).
    """
    scale = mean_life / gamma(1 + 1 / shape)
    oldest = int(np.ceil(scale * (-np.log(NEXT_TO_NONE)) ** (1 / shape)))
    share: FloatArray = np.exp(-((np.arange(oldest + 1) / scale) ** shape))
    return share


def history(
    observed: FloatArray, registered: FloatArray, survive: FloatArray, used_age: int
) -> tuple[FloatArray, FloatArray, float]:
    """Cohorts (technique, age, year) and entries (technique, year) behind an observed stock.

    `observed` is (technique, year). The first year has the ages of a stock long in balance. Later, entries
    are what survivors leave open; where more survive than are observed, vehicles of all ages have left. Of
    the entries of a year as many come new as were newly `registered` (year), the others with `used_age`; the
    last year's share of new ones is given back too.
    """
    cohorts = np.zeros((len(observed), len(survive), observed.shape[1]))
    cohorts[:, :, 0] = observed[:, :1] * survive / survive.sum()
    entries = np.zeros_like(observed)
    new = 1.0
    for year in range(1, observed.shape[1]):  # a cohort is what the year before left of it
        left = _aged(cohorts[:, :, year - 1], survive)
        there = left.sum(axis=1)
        kept = np.divide(np.minimum(observed[:, year], there), there, out=np.ones_like(there), where=there > 0)
        entries[:, year] = np.maximum(observed[:, year] - there, 0.0)
        coming = entries[:, year].sum()
        new = float(min(registered[year], coming) / coming) if coming > 0 else 1.0
        cohorts[:, :, year] = _entered(left * kept[:, None], entries[:, year], new, used_age)
    return cohorts, entries, new


def outlook(
    start: FloatArray, total: FloatArray, mix: FloatArray, new: float, survive: FloatArray, used_age: int
) -> FloatArray:
    """Cohorts (technique, age, year) after `start` (technique, age) when entries fill up to `total` (year).

    `mix` (technique, year) says how entries divide, `new` is the share of them that comes new. Where more
    survive than `total`, vehicles of all ages leave.
    """
    cohorts = np.zeros((*start.shape, len(total)))
    before = start
    for year, wanted in enumerate(total):  # a cohort is what the year before left of it
        left = _aged(before, survive)
        there = left.sum()
        kept = min(wanted, there) / there if there > 0 else 1.0
        before = _entered(left * kept, max(wanted - there, 0.0) * mix[:, year], new, used_age)
        cohorts[:, :, year] = before
    return cohorts


def vintage_energy(cohorts: FloatArray, survive: FloatArray, improvement: FloatArray, base: int) -> FloatArray:
    """Energy per km of a stock (technique, year) against that of year `base`, when each vintage needs less.

    Mean of (1 - improvement)^(year - age) over the cohorts; where there are none, over a stock long in
    balance.
    """
    ages, years = np.arange(cohorts.shape[1]), np.arange(cohorts.shape[2])
    need = (1.0 - improvement[:, None, None]) ** (years[None, :] - ages[:, None])
    there = np.where(cohorts.sum(axis=1, keepdims=True) > 0, cohorts, survive[:, None])
    mean: FloatArray = (there * need).sum(axis=1) / there.sum(axis=1)
    return mean / mean[:, base : base + 1]


def _aged(cohorts: FloatArray, survive: FloatArray) -> FloatArray:
    """The cohorts (technique, age) a year later, before any entry."""
    older = np.zeros_like(cohorts)
    older[:, 1:] = cohorts[:, :-1] * (survive[1:] / survive[:-1])
    return older


def _entered(cohorts: FloatArray, entries: FloatArray, new: float, used_age: int) -> FloatArray:
    """The cohorts with entries (technique), the share `new` of them of age 0 and the others of `used_age`."""
    joined = cohorts.copy()
    joined[:, 0] += new * entries
    joined[:, used_age] += (1.0 - new) * entries
    return joined
