"""What do landfills and treatment plants emit as old waste decays?"""

from __future__ import annotations

import numpy as np

from model.inputs.municipality import Municipality
from model.inputs.schema import Future
from model.reference import drivers
from model.reference.development import Development
from model.vocabulary import FloatArray


def reference(town: Municipality, future: Future) -> Development:
    """Landfill gas decays, treatment follows its driver."""
    decaying = drivers.of_sector(town, ("decay",), "waste")
    levels = {
        activity.activity: decay(
            drivers.given_level(town, activity)[0],
            town.parameter("decay_rate", activity.activity, unit="1/year"),
            town.parameter("deposit", activity.activity, unit=f"{activity.unit}/year"),
        )
        for activity in decaying
    }
    use, direct = drivers.use(town, decaying), drivers.direct(town, decaying)
    return Development(levels, use, direct) + drivers.reference(town, future, "waste")


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
