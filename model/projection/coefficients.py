"""What do activities use in the reference, and what does a unit of one cost a year? Sums of a case's coefficients."""

from __future__ import annotations

import numpy as np

from model.projection.case import Case
from model.vocabulary import FloatArray


def reference_flow(case: Case) -> FloatArray:
    """Carrier use of the reference F0 + U B, (batch, flow, year) in GWh."""
    flow = np.array(np.broadcast_to(case.other_use, (case.batch, *case.other_use.shape[1:])))
    for index, (source, target) in enumerate(zip(case.use_activity, case.use_flow, strict=True)):
        flow[:, target] += case.use[:, index] * case.level[:, source]
    return flow


def unit_cost(case: Case) -> FloatArray:
    """Running cost of activities with energy, (batch, activity, year) in MSEK per unit."""
    cost = np.array(np.broadcast_to(case.running_cost[:, :, None], (case.batch, *case.level.shape[1:])))
    for index, (source, target) in enumerate(zip(case.use_activity, case.use_flow, strict=True)):
        cost[:, source] += case.use[:, index] * case.price[:, case.flow_carrier[target]]
    return cost
