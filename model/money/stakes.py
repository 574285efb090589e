"""What does an owner's part of a measure cost and give, as the owner reckons it?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from model.inputs.columns.measures import OwnerShare
from model.inputs.columns.money import Owner
from model.inputs.municipality import Municipality
from model.money.savings import over_life, yearly_cost
from model.projection.case import Case
from model.vocabulary import BoolArray, FloatArray, IntArray


@dataclass(frozen=True)
class Stakes:
    """What owners' shares of measures cost and give; money as in `Financing`."""

    measure: IntArray
    outside: BoolArray
    rate: FloatArray
    capital: FloatArray
    support: FloatArray
    saving: FloatArray
    saved_after: FloatArray
    unprofitable: FloatArray
    """(batch, stake, year) MSEK per new unit that savings do not pay back"""
    deficit: FloatArray


def stakes_of(town: Municipality, case: Case, shares: Sequence[OwnerShare], household_price: FloatArray) -> Stakes:
    """Each owner's part of a measure, as the owner reckons it: at its own prices, rate and payback time."""
    owners, measures = {row.owner: row for row in town.rows(Owner)}, case.measures
    of_stake = [owners[row.owner] for row in shares]
    measure = np.array([measures.names.index(row.measure) for row in shares], dtype=int)
    share = np.array([row.share for row in shares])[:, None]
    market, household = yearly_cost(case), yearly_cost(replace(case, price=household_price))
    private = np.array([each.price_set == "household" for each in of_stake], dtype=bool)[:, None]
    running = np.where(private, household[:, measure], market[:, measure]) * share
    capital, saving = measures.capital[:, measure] * share, np.maximum(-running, 0.0)
    outside = np.array([each.municipal == "no" for each in of_stake], dtype=bool)
    rate = np.array([each.rate for each in of_stake])
    horizon = np.minimum([each.payback_years for each in of_stake], measures.lifetime[measure]).astype(int)
    worth, after = over_life(saving, measures.lead[measure], horizon, rate)
    unprofitable = np.maximum(capital - worth, 0.0)
    return Stakes(
        measure=measure,
        outside=outside,
        rate=rate,
        capital=capital,
        support=np.maximum(running, 0.0),
        saving=saving,
        saved_after=after,
        unprofitable=unprofitable,
        deficit=np.where(outside[:, None], unprofitable, capital),
    )
