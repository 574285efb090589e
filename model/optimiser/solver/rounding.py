"""Which whole units are near a plan that did not ask for whole units? What the search for whole units starts from.

Units of a measure are rounded so that what has been started by each year is near the relaxed plan, within ramps and
what the pots of a year can pay together. That is a proposal: whether it is possible, a linear problem with the units
fixed says.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from model.measures.catalogue import Measures
from model.optimiser.formulation.variables import Formulation
from model.projection.replay import installed
from model.vocabulary import BoolArray, FloatArray, IntArray

PORTIONS = (0.9, 0.6, 0.3, 0.0)
"""Portions of the pots that whole units may take, tried in this order; with none they are rounded down."""
CLOSE = 1e-6
"""Distance from a whole number that counts as none."""


def rounded(
    f: Formulation, named: Mapping[str, tuple[IntArray, IntArray]], whole: BoolArray, values: FloatArray, portion: float
) -> FloatArray:
    """Values (column,) with whole columns rounded; `named` are indices and columns by variable."""
    found = values.copy()
    barred = _choose(f, named, found)
    index, columns = named["new_units"]
    mine = whole[columns]
    index, columns = index[mine], columns[mine]
    left = portion * _pots(f)
    price = _price(f)
    for m in np.unique(index[:, 0]):
        here = index[:, 0] == m
        years, at = index[here, 1], columns[here]
        started = np.zeros(len(f.years))
        if m not in barred:
            started[years] = _whole_path(f, m, years, values[at], price[m], left, portion > 0)
            left -= price[m] * started * f.size[m]
        found[at] = started[years]
    _, served = named["served"]
    found[served] = np.floor(values[served] + CLOSE)
    return found


def _whole_path(
    f: Formulation, m: int, years: IntArray, values: FloatArray, price: FloatArray, left: FloatArray, nearest: bool
) -> FloatArray:
    """Units to start in each of `years`, within ramp and money left."""
    if not nearest:
        return np.floor(values + CLOSE)
    life, ramp = int(f.measures.lifetime[m]), float(f.measures.ramp[0, m]) / f.size[m]
    found, wanted, there = np.zeros(len(years)), 0.0, 0.0
    for i, y in enumerate(years):  # what may be started depends on what was started before
        wanted += values[i]
        again = found[i - life] if i >= life else 0.0
        most = min(ramp + again + CLOSE, left[y] / (price[y] * f.size[m]) + CLOSE if price[y] > 0 else np.inf)
        surely = np.floor(values[i] + CLOSE)  # the relaxed plan pays for these
        found[i] = max(
            min(np.floor(wanted - there + 0.5), np.floor(most)), min(surely, np.floor(ramp + again + CLOSE)), 0
        )
        there += found[i]
    return found


def _choose(f: Formulation, named: Mapping[str, tuple[IntArray, IntArray]], found: FloatArray) -> set[int]:
    """Round who is chosen, in place: of two that exclude each other the larger. Measures that are not chosen."""
    index, columns = named["chosen"]
    at = dict(zip(index[:, 0].tolist(), columns.tolist(), strict=True))
    value = {m: float(found[column]) for m, column in at.items()}
    lost = {m for m in at if value[m] <= CLOSE}
    for m, other in f.measures.excludes:
        if m in at and other in at and m not in lost and other not in lost:
            lost.add(min((m, other), key=lambda each: value[each]))
    for m, column in at.items():
        found[column] = float(m not in lost)
    return lost


def _pots(f: Formulation) -> FloatArray:
    """What all pots for capital have together, (year,) in MSEK; without limit if money does not matter."""
    money = f.problem.money
    if money is None:
        return np.full(len(f.years), np.inf)
    funds = {int(fund) for fund, pays in zip(money.claim_fund, money.claim_capital, strict=True) if pays}
    public = [fund for fund in funds if not money.own[fund]]
    return np.asarray(f.decided(money.budget[public]).sum(axis=0))


def _price(f: Formulation) -> FloatArray:
    """What a unit asks of the pots, (measure, year) in MSEK."""
    price, money = np.zeros((len(f.measures.names), len(f.years))), f.problem.money
    if money is not None:
        np.add.at(price, money.stake_measure, f.decided(np.minimum(money.deficit, money.capital)))
    return price


def without_idle(measures: Measures, new_units: FloatArray, level: FloatArray) -> FloatArray:
    """New units (measure, year) of a plan without whole units that stand idle all their life; `level` (measure, year).

    The search for whole units stops at a gap of cost, which leaves room for buying what is never used. The latest go
    first; a unit stays if the ramp needs it, because another replaces it.
    """
    kept = new_units.copy()
    for m in np.flatnonzero(measures.unit_size > 0):
        size, life, ramp = float(measures.unit_size[m]), int(measures.lifetime[m]), float(measures.ramp[0, m])
        for year in np.flatnonzero(kept[m] > 0.5 * size)[::-1]:
            while kept[m, year] > 0.5 * size:
                fewer = kept.copy()
                fewer[m, year] -= size
                later = year + life
                replaced = later < kept.shape[1] and fewer[m, later] - fewer[m, year] > ramp * (1 + 1e-9)
                if replaced or np.any(installed(measures, fewer[None])[0, m] < level[m] - 1e-6 * size):
                    break
                kept = fewer
    return kept
