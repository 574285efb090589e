"""How much methane, nitrous oxide and carbon dioxide come from animals, manure and soils?

Process gases are activities in tonnes of the gas; measures on feed, manure and nitrogen move them.
"""

from __future__ import annotations

from model.inputs.municipality import Municipality
from model.inputs.schema import Future
from model.reference import drivers
from model.reference.development import Development


def reference(town: Municipality, future: Future) -> Development:
    """Process gases follow their driver, usually a series along the trend of the herd."""
    return drivers.reference(town, future, "agriculture")
