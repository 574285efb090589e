"""What does a stock still give off as it decays, such as the gas of landfilled waste?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from model.inputs.columns.activities import Activity
from model.inputs.municipality import Municipality
from model.inputs.schema import Future
from model.reference import drivers
from model.reference.development import Driven
from model.vocabulary import FloatArray


def driven(town: Municipality, _: Future, activities: Sequence[Activity]) -> Driven:
    """First-order decay from the level of the base year (parameter `decay_rate`) and of what is added (`deposit`)."""
    return Driven(
        {
            row.activity: decay(
                drivers.given_level(town, row)[0],
                town.parameter("decay_rate", row.activity, unit="1/year"),
                town.parameter("deposit", row.activity, unit=f"{row.unit}/year"),
            )
            for row in activities
        }
    )


def decay(start: float, rate: FloatArray, deposit: FloatArray) -> FloatArray:
    """Gas by year of what was deposited before and of what is deposited still, first-order decay.

    L[y+1] = L[y] exp(-k[y]) + d[y] (1 - exp(-k[y])), where d is the gas that a year's deposits will give in
    all (zero after a landfill ban). IPCC (2006), volume 5, chapter 3. Written with K[y] = sum of k before y,
    so that no loop is needed: L[y] = exp(-K[y]) (L[0] + sum over v before y of d[v] (1 - exp(-k[v]))
    exp(K[v+1])).
    """
    passed = np.concatenate([[0.0], np.cumsum(rate)])
    added = deposit * (1.0 - np.exp(-rate)) * np.exp(passed[1:])
    before = np.concatenate([[0.0], np.cumsum(added)[:-1]])
    gas: FloatArray = np.exp(-passed[:-1]) * (start + before)
    return gas
