"""What does the reference store in land, biochar and underground?

Nothing is stored until a measure does it: these activities have driver 'none'. The perspective is its own
ledger; only a net indicator nets it, by its own rule.
"""

from __future__ import annotations

from model.inputs.municipality import Municipality
from model.inputs.schema import Future
from model.reference import drivers
from model.reference.development import Development


def reference(town: Municipality, future: Future) -> Development:
    """Zero levels, and what a tonne stored counts for."""
    return drivers.reference(town, future, "land_and_removals")
