"""What can be decided? The measures as arrays and lists of moves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.batch import Batched
from model.vocabulary import FloatArray, IntArray


@dataclass(frozen=True)
class Move:
    """What one operating unit of a mode moves: an amount of a target (activity, pool or flow) by year."""

    mode: int
    target: int
    amount: Batched
    """(batch, year), target units per unit of the mode; a draw on a pool is positive"""


@dataclass(frozen=True)
class Enabling:
    """reference + level of `measure` <= free + sum over enablers of ratio x (existing + level)."""

    measure: int
    room: Batched
    """(batch, year) free + ratio x existing - reference: units that need no new enabler; may be negative"""
    enablers: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Measures:
    """All measures as arrays and lists of moves, in the order of the municipality's table."""

    names: tuple[str, ...]
    units: tuple[str, ...]
    categories: tuple[str, ...]
    mode_names: tuple[str, ...]
    mode_measure: IntArray
    activity_moves: tuple[Move, ...]
    pool_draws: tuple[Move, ...]
    carrier_moves: tuple[Move, ...]
    potential: Batched
    """(batch, measure, year) most units that can operate"""
    ramp: Batched
    """(batch, measure) most new units a year beyond replacement; inf: no limit"""
    first_year: IntArray
    lead: IntArray
    lifetime: IntArray
    unit_size: FloatArray
    """(measure,) size of a whole unit; 0: any amount"""
    requires: tuple[tuple[int, int, float], ...]
    """(measure, other, ratio): share of potential at most ratio x that of other"""
    excludes: tuple[tuple[int, int], ...]
    enables: tuple[Enabling, ...]
    order: tuple[int, ...]
    """replay order: all that adds to a thing before all that takes from it"""
    capital: Batched
    """(batch, measure, year) MSEK per new unit"""
    fixed_cost: Batched
    """(batch, measure, year) MSEK per operating unit and year"""
    fixed_benefit: Batched
    """(batch, measure, year) MSEK per operating unit and year"""

    def modes_of(self, measure: int) -> IntArray:
        """The modes of a measure."""
        return np.flatnonzero(self.mode_measure == measure)

    def of_modes(self, level: FloatArray) -> FloatArray:
        """Levels by mode (..., mode, year) summed by measure, (..., measure, year)."""
        total = np.zeros((*level.shape[:-2], len(self.names), level.shape[-1]))
        for mode, measure in enumerate(self.mode_measure):
            total[..., measure, :] += level[..., mode, :]
        return total


@dataclass(frozen=True)
class Reference:
    """What measures are measured against: names and levels of the reference development of one future."""

    activities: tuple[str, ...]
    activity_units: tuple[str, ...]
    pools: tuple[str, ...]
    pool_of: IntArray
    flows: tuple[tuple[str, str], ...]
    """(subsector, carrier) by flow"""
    flows_of: tuple[tuple[int, ...], ...]
    """flows each activity uses"""
    level: FloatArray
    """(activity, year)"""
    flow: FloatArray
    """(flow, year)"""
