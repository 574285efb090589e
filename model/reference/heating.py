"""How much heat do buildings make themselves, and how?

Heat is counted delivered to the room; the use table holds what a boiler, stove or heat pump needs for it.
Methane and nitrous oxide of stoves depend on the stove and stand in the table of direct emissions.
"""

from __future__ import annotations

from model.inputs.municipality import Municipality
from model.inputs.schema import Future
from model.reference import drivers
from model.reference.development import Development


def reference(town: Municipality, future: Future) -> Development:
    """Heat follows its driver."""
    return drivers.reference(town, future, "heating")
