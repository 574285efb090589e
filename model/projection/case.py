"""Which arrays does the mathematics work on? One municipality in one or more futures, ready to be projected.

Every array of the reference and every coefficient has a leading batch axis of length 1 or n: futures, draws or
both stand side by side along it and are computed at once. Sums over pairs that do not exist are never formed:
carrier use is kept by flow, a (subsector, carrier) pair that occurs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from model.batch import Batched, batch_length
from model.measures.catalogue import Measures
from model.vocabulary import FloatArray, IntArray

Kept = TypeVar("Kept")


@dataclass(frozen=True)
class Case:
    """A municipality in its futures: reference development, coefficients and measures."""

    years: IntArray
    first_decision_year: int
    activities: tuple[str, ...]
    activity_units: tuple[str, ...]
    pools: tuple[str, ...]
    subsectors: tuple[str, ...]
    carriers: tuple[str, ...]
    gases: tuple[str, ...]
    subsector_of: IntArray
    """(activity,)"""
    pool_of: IntArray
    """(activity,), -1 without a pool"""
    flow_subsector: IntArray
    """(flow,)"""
    flow_carrier: IntArray
    """(flow,)"""
    level: Batched
    """B (batch, activity, year), activity units"""
    other_use: Batched
    """F0 (batch, flow, year), GWh"""
    use_activity: IntArray
    """(use,)"""
    use_flow: IntArray
    """(use,)"""
    use: Batched
    """U (batch, use, year), GWh per activity unit"""
    direct_activity: IntArray
    """(direct,)"""
    direct_gas: IntArray
    """(direct,)"""
    direct: Batched
    """(batch, direct, year), t of gas per activity unit"""
    factor: Batched
    """(batch, carrier, gas, year), t of gas per GWh"""
    official_factor: Batched
    """(batch, carrier, gas, year), the same as official statistics see it"""
    gwp: FloatArray
    """(gas,), t CO2e per t; gases carried beside have 0"""
    price: Batched
    """(batch, carrier, year), MSEK per GWh excluding VAT"""
    running_cost: Batched
    """(batch, activity), MSEK per activity unit without energy"""
    external_cost: Batched
    """(batch, activity), MSEK per activity unit"""
    social_rate: float
    measures: Measures

    @property
    def batch(self) -> int:
        """Length of the batch axis."""
        return self.kept("batch", lambda: batch_length(self))

    def kept(self, name: str, make: Callable[[], Kept]) -> Kept:
        """What was made of this case before under a name, or is made of it now; it goes with the case."""
        known: dict[str, Kept] = vars(self).setdefault("_kept", {})
        if name not in known:
            known[name] = make()
        return known[name]

    def __getstate__(self) -> dict[str, Any]:
        """What is sent to other processes: the case without what was made of it."""
        return {item.name: getattr(self, item.name) for item in fields(self)}

    def year_index(self, year: int) -> int:
        """Position of a year."""
        return int(year - self.years[0])
