"""How much is travelled and carried by what is not a fleet of road vehicles of the municipality?

Motorcycles, rail, boats, aviation (domestic and the landing and take-off of international flights), walking
and cycling.
"""

from __future__ import annotations

from model.inputs.municipality import Municipality
from model.inputs.schema import Future
from model.reference import drivers
from model.reference.development import Development


def reference(town: Municipality, future: Future) -> Development:
    """Levels follow their drivers; a blend or a series in the tables changes their fuel."""
    return drivers.reference(town, future, "transport", "international_transport")
