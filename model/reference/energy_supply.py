"""How much district heat is delivered, and what is burnt for it?

Power from the same boilers is part of the fuel use per heat delivered; what leaves the municipality as power
earns nothing here.
"""

from __future__ import annotations

from model.inputs.municipality import Municipality
from model.inputs.schema import Future
from model.reference import drivers
from model.reference.development import Development


def reference(town: Municipality, future: Future) -> Development:
    """Heat follows its driver."""
    return drivers.reference(town, future, "electricity_district_heat")
