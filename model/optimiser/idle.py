"""Which units of a plan are never used? They are not started: a gap of cost leaves room for them."""

from __future__ import annotations

import numpy as np

from model.measures.catalogue import Measures
from model.projection.replay import installed
from model.vocabulary import FloatArray


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
