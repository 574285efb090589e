"""Which names does the whole toolkit share? Types, dimensions, units and codes, each defined here and only here."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
MASS, ENERGY, DISTANCE, EMISSIONS = "t", "GWh", "Mkm", "t_CO2e"
Quantity = Literal["emissions", "energy", "share"]
QUANTITIES: dict[Quantity, str] = {"emissions": EMISSIONS, "energy": ENERGY, "share": "percent"}
"""What an indicator may measure, in the order in which a plan looks at targets of one priority, and in which unit."""
PlanStatus = Literal[
    "optimal within the gaps asked",
    "locally optimal within the gaps asked",
    "feasible, gap larger than asked",
    "feasible, gap not known",
    "stopped by the time limit",
]
"""What is known of a plan, by the worst of its stages; locally: among plans with proportions of pools near its own."""
TERRITORIAL, REMOVALS, ORGANISATION, CONSUMPTION = "territorial", "removals", "organisation", "consumption"
HIERARCHY = ("avoid", "shift", "electrify", "switch", "capture")
CENTRAL = "central"
DECIDED = "decided"
UNFUNDED = "unfunded"
ONE_MODE = "all"  # what the only mode of a measure is called in a found portfolio


def money(price_year: int) -> str:
    """The canonical unit of money: million kronor in prices of a year."""
    return f"MSEK_{price_year}"
