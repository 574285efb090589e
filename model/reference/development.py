"""What does a sector give back? The reference development of its activities, and what each unit uses and emits.

A sector's file has one function `reference(town, future) -> Development`. It reads the municipality's tables,
never the disk, and knows nothing of measures.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from model.vocabulary import FloatArray


@dataclass(frozen=True)
class Development:
    """The reference development of a sector's activities over the model years (decided policy only)."""

    level: dict[str, FloatArray] = field(default_factory=dict)
    """activity: level by year, in the activity's own unit, before reconciliation with the inventory"""
    use: dict[tuple[str, str], FloatArray] = field(default_factory=dict)
    """(activity, carrier): GWh per unit of activity by year"""
    direct: dict[tuple[str, str], FloatArray] = field(default_factory=dict)
    """(activity, gas): t of gas per unit of activity by year, not from carriers"""
    other_use: dict[tuple[str, str], FloatArray] = field(default_factory=dict)
    """(subsector, carrier): GWh by year that no activity explains"""

    def __add__(self, other: Development) -> Development:
        """Two sectors side by side."""
        return Development(
            self.level | other.level,
            self.use | other.use,
            self.direct | other.direct,
            self.other_use | other.other_use,
        )


def flat(value: float, years: int) -> FloatArray:
    """The same value every year."""
    return np.full(years, value)
