"""How much do products emit: refrigerants, medical nitrous oxide, solvents, lubricants?

Process gases are activities in tonnes; a national phase-out is a series in the table of levels.
"""

from __future__ import annotations

from model.inputs.municipality import Municipality
from model.inputs.schema import Future
from model.reference import drivers
from model.reference.development import Development


def reference(town: Municipality, future: Future) -> Development:
    """Process gases follow their driver."""
    return drivers.reference(town, future, "product_use")
