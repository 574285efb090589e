"""What is emitted, by subsector and gas: what carriers emit where they are burnt, and what comes without them?"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from model.vocabulary import FloatArray

Part = tuple[int, int, FloatArray]


def add_emissions(total: FloatArray, factor: FloatArray, burnt: Iterable[Part], direct: Iterable[Part]) -> None:
    """Add to `total` (..., subsector, gas, year), in t: E[k, g] = sum over c of factor[c, g] F[k, c] + direct[k, g].

    `factor` (..., carrier, gas, year) in t/GWh; `burnt` are (subsector, carrier, GWh), `direct` (subsector, gas, t),
    each with its numbers (..., year); pairs may come more than once.
    """
    for subsector, gas, tonnes in direct:
        total[..., subsector, gas, :] += tonnes
    emits = np.any(factor != 0, axis=(*range(factor.ndim - 3), -1))
    for subsector, carrier, energy in burnt:
        for each in np.flatnonzero(emits[carrier]):
            total[..., subsector, each, :] += factor[..., carrier, each, :] * energy
