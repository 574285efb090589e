"""How much energy does industry use, and what do its processes emit?

Small industries need no activity: the table of carrier use that no activity explains is enough.
"""

from __future__ import annotations

from model.inputs.municipality import Municipality
from model.inputs.schema import Future
from model.reference import drivers
from model.reference.development import Development


def reference(town: Municipality, future: Future) -> Development:
    """Processes follow their driver, energy stands in the table."""
    return drivers.reference(town, future, "industry")
