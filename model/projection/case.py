"""Which arrays does the mathematics work on? One municipality in one or more futures, ready to be projected.

Every array of the reference and every coefficient has a leading batch axis of length 1 or n: futures, draws or
both stand side by side along it and are computed at once. Sums over pairs that do not exist are never formed:
carrier use is kept by flow, a (subsector, carrier) pair that occurs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

import numpy as np

from model.measures.catalogue import Measures
from model.vocabulary import FloatArray, IntArray


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
    level: FloatArray
    """B (batch, activity, year), activity units"""
    other_use: FloatArray
    """F0 (batch, flow, year), GWh"""
    use_activity: IntArray
    """(use,)"""
    use_flow: IntArray
    """(use,)"""
    use: FloatArray
    """U (batch, use, year), GWh per activity unit"""
    direct_activity: IntArray
    """(direct,)"""
    direct_gas: IntArray
    """(direct,)"""
    direct: FloatArray
    """(batch, direct, year), t of gas per activity unit"""
    factor: FloatArray
    """(batch, carrier, gas, year), t of gas per GWh"""
    official_factor: FloatArray
    """(batch, carrier, gas, year), the same as official statistics see it"""
    gwp: FloatArray
    """(gas,), t CO2e per t; gases carried beside have 0"""
    price: FloatArray
    """(batch, carrier, year), MSEK per GWh excluding VAT"""
    running_cost: FloatArray
    """(activity,), MSEK per activity unit without energy"""
    external_cost: FloatArray
    """(activity,), MSEK per activity unit"""
    social_rate: float
    measures: Measures

    @property
    def batch(self) -> int:
        """Length of the batch axis."""
        return int(self.level.shape[0])

    def year_index(self, year: int) -> int:
        """Position of a year."""
        return int(year - self.years[0])


def stack(cases: Sequence[Case]) -> Case:
    """Cases of one municipality side by side along the batch axis (their arrays must agree in everything else)."""
    return stacked(list(cases)) if len(cases) > 1 else cases[0]


_BATCHED = {
    "level",
    "other_use",
    "use",
    "direct",
    "factor",
    "official_factor",
    "price",
    "potential",
    "amount",
    "room",
}


def stacked(parts: list[Any]) -> Any:
    """Join dataclasses of the same structure: batched arrays are concatenated, everything else is the first's."""
    first = parts[0]
    changes: dict[str, Any] = {}
    for item in fields(first):
        values = [getattr(part, item.name) for part in parts]
        if item.name in _BATCHED:
            changes[item.name] = np.concatenate(values)
        elif is_dataclass(values[0]):
            changes[item.name] = stacked(values)
        elif isinstance(values[0], tuple) and values[0] and is_dataclass(values[0][0]):
            changes[item.name] = tuple(stacked(list(group)) for group in zip(*values, strict=True))
    return replace(first, **changes)


def select(case: Case, batch: Sequence[int] | IntArray) -> Case:
    """The case with only these entries of the batch axis, repeated as asked for."""
    return _selected(case, np.asarray(batch, dtype=int))  # type: ignore[no-any-return]


def _selected(part: Any, index: IntArray) -> Any:
    changes: dict[str, Any] = {}
    for item in fields(part):
        value = getattr(part, item.name)
        if item.name in _BATCHED:
            # one thing of the whole batch in one block of memory, as the projection works on it
            changes[item.name] = np.moveaxis(np.ascontiguousarray(np.moveaxis(value, 0, -2)[..., index, :]), -2, 0)
        elif is_dataclass(value):
            changes[item.name] = _selected(value, index)
        elif isinstance(value, tuple) and value and is_dataclass(value[0]):
            changes[item.name] = tuple(_selected(each, index) for each in value)
    return replace(part, **changes)
