"""What does the reference development consist of? Levels of activities, what each unit uses and emits, other use.

A driver is a function `driver(town, future, activities) -> Driven`. It reads the municipality's tables, never the disk,
and knows nothing of sectors or measures.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from model.inputs.columns.activities import Activity
from model.inputs.municipality import Municipality
from model.inputs.schema import Future
from model.vocabulary import FloatArray


@dataclass(frozen=True)
class Development:
    """The reference development over the model years (decided policy only)."""

    level: dict[str, FloatArray] = field(default_factory=dict)
    """activity: level by year, in the activity's own unit, before reconciliation with the inventory"""
    use: dict[tuple[str, str], FloatArray] = field(default_factory=dict)
    """(activity, carrier): GWh per unit of activity by year"""
    direct: dict[tuple[str, str], FloatArray] = field(default_factory=dict)
    """(activity, gas): t of gas per unit of activity by year, not from carriers"""
    other_use: dict[tuple[str, str], FloatArray] = field(default_factory=dict)
    """(subsector, carrier): GWh by year that no activity explains"""


@dataclass(frozen=True)
class Driven:
    """How a driver moves the activities that name it."""

    level: dict[str, FloatArray] = field(default_factory=dict)
    """activity: level by year, in the activity's own unit"""
    energy: dict[str, FloatArray] = field(default_factory=dict)
    """activity: energy per unit by year against what the table of use says; 1 where it is left out"""

    def __or__(self, other: Driven) -> Driven:
        """What two drivers move."""
        return Driven(self.level | other.level, self.energy | other.energy)


Driver = Callable[[Municipality, Future, Sequence[Activity]], Driven]
