"""In which year are scenarios compared?"""

from __future__ import annotations

import numpy as np
import xarray as xr

from model.outputs.summary import limits_emissions


def comparison_year(data: xr.Dataset) -> int:
    """The first year in which a target on yearly emissions holds, else any target; the last year when there is none."""
    holds = np.isfinite(data.target_limit.values)
    for held in (holds[:, limits_emissions(data)].any(axis=1), holds.any(axis=1)):
        if held.any():
            return int(data.year.values[held][0])
    return int(data.year.values[-1])
