"""How much work do machines do, and with which fuel?

Work is counted in energy of the fuel that the combustion technique needs, so that an electric machine does
the same work with less. The reference has no market uptake of electric machines; national blending reaches
them through the carriers.
"""

from __future__ import annotations

from model.inputs.municipality import Municipality
from model.inputs.schema import Future
from model.reference import drivers
from model.reference.development import Development


def reference(town: Municipality, future: Future) -> Development:
    """Work follows its driver."""
    return drivers.reference(town, future, "work_machines")
