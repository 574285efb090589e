"""What do inhabitants, the public sector and investments cause elsewhere?

A separate ledger that is never added to territorial emissions: goods in tonnes of CO2 equivalents,
electricity by the Nordic mix.
"""

from __future__ import annotations

from model.inputs.municipality import Municipality
from model.inputs.schema import Future
from model.reference import drivers
from model.reference.development import Development


def reference(town: Municipality, future: Future) -> Development:
    """Consumption follows its driver."""
    return drivers.reference(town, future, "consumption")
