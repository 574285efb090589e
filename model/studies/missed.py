"""Which targets of goals are out of reach?"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import xarray as xr

from model.inputs.schema import Goal
from model.outputs.overview import UNITS
from model.studies.found import RunKey
from model.studies.reuse.standing import Missed
from model.studies.study import Batch
from model.vocabulary import EMISSIONS, ENERGY

LEAST = {EMISSIONS: 1.0, ENERGY: 0.01, "percent": 0.01}
"""Tonnes, GWh and percentage points by which a target must be missed to count as out of reach."""


def missed(data: Mapping[RunKey, xr.Dataset], batch: Batch) -> list[Missed]:
    """Every target of a goal that is missed in a year it holds."""
    found = []
    for (name, future), each in data.items():
        content = batch.scenarios[name].content
        for target in content.targets if isinstance(content, Goal) else ():
            missing = each.shortfall.sel(target=target)
            by, unit = float(missing.max()), str(missing.target_unit.values)
            if by > LEAST[unit]:
                worst = int(missing.year[int(np.argmax(missing.values))])
                digits = 0 if unit == EMISSIONS else 2
                found.append(Missed(name, future, target, by, UNITS[unit], digits, worst))
    return found
