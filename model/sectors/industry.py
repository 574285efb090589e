"""How much energy does industry use, and what do its processes emit?

Small industries need no activity: the table of carrier use that no activity explains is enough.
"""

from __future__ import annotations

from model.municipality import Municipality
from model.schema import Future
from model.sectors import drivers
from model.sectors.development import Development


def reference(town: Municipality, future: Future) -> Development:
    """Processes follow their driver, energy stands in the table."""
    return drivers.reference(town, future, "industry")
