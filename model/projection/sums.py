"""Which instructions sum up what a portfolio leaves? Emissions, indicators, costs and benefits of the state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from model.projection.case import Case
from model.projection.coefficients import reference_flow
from model.projection.indicators import Indicator
from model.projection.program import Assembler, Op, Program
from model.vocabulary import FloatArray


@dataclass(frozen=True)
class Total:
    """One series over the years that is wanted of a projection."""

    of: Indicator | Literal["cost", "benefit"]
    """cost: running and fixed cost of all measures; benefit: external and fixed benefit of all measures; MSEK"""
    official: bool = False
    """whether emissions are those that official statistics would see"""
    since: int | None = None
    """first year of those that are added up to each year; None: each year by itself"""


@dataclass(frozen=True)
class ResultRows:
    """Where the state has the things that are summed up."""

    activity: int
    """first row of activities"""
    flow: int
    """first row of flows"""
    level: Sequence[int] = ()
    """row of each measure's units operating"""
    made: Mapping[str, Sequence[int]] = field(default_factory=dict)
    """rows of what moves make: running `cost` and `benefit`"""
    moved_activities: frozenset[int] = frozenset()
    moved_flows: frozenset[int] = frozenset()
    """what any measure can change; the rest stays as it is in the reference"""


def emission_program(case: Case, official: bool) -> Program:
    """The program that finds emissions of activities, read as levels, and flows, read as levels by mode."""
    read = len(case.activities), len(case.flow_carrier)
    assembler = Assembler(case.batch, len(case.years), read, {"emissions": len(case.subsectors) * len(case.gases)})
    first = {}
    for name, op, count in zip(("activity", "flow"), (Op.READ_LEVEL, Op.READ_MODE), read, strict=True):
        first[name] = assembler.group(name, count)
        for index in range(count):
            assembler.emit(op, first[name] + index, a=index, e=index)  # the one reads a, the other e
    emission_sums(assembler, case, assembler.group("emissions"), ResultRows(first["activity"], first["flow"]), official)
    return assembler.program()


def emission_sums(assembler: Assembler, case: Case, first: int, rows: ResultRows, official: bool) -> None:
    """Emissions by (subsector, gas) in t of gas, in the rows from `first` on."""
    gases = len(case.gases)
    assembler.emit(Op.CLEAR, first, len(case.subsectors) * gases)
    for index, (source, gas) in enumerate(zip(case.direct_activity, case.direct_gas, strict=True)):
        row = first + int(case.subsector_of[source]) * gases + int(gas)
        assembler.scale(row, rows.activity + int(source), case.direct[:, index])
    factor = case.official_factor if official else case.factor
    emits = np.any(factor != 0, axis=(0, 3))
    for index, (subsector, carrier) in enumerate(zip(case.flow_subsector, case.flow_carrier, strict=True)):
        for gas in np.flatnonzero(emits[carrier]):
            assembler.scale(first + int(subsector) * gases + int(gas), rows.flow + index, factor[:, carrier, gas])


def total_sums(assembler: Assembler, case: Case, totals: Sequence[Total], rows: ResultRows) -> None:
    """The wanted series, in the rows of the group `totals`."""
    first, base_flow = assembler.group("totals"), reference_flow(case)
    for number, total in enumerate(totals):
        row = first + number if total.since is None else assembler.group("series")
        if isinstance(total.of, str):
            _add_money(assembler, case, total.of, row, rows)
        else:
            _add_indicator(assembler, case, total, row, rows, base_flow)
        if total.since is not None:
            counted = np.where(case.years >= total.since, 1.0, 0.0)
            assembler.emit(Op.ACCUMULATE, first + number, row, c=assembler.coefficient(counted[None]))


def _add_money(assembler: Assembler, case: Case, what: str, row: int, rows: ResultRows) -> None:
    assembler.emit(Op.CLEAR, row, 1)
    for made in rows.made[what]:
        assembler.emit(Op.ADD, row, made)
    fixed = case.measures.fixed_cost if what == "cost" else case.measures.fixed_benefit
    for measure, level in enumerate(rows.level):
        assembler.scale(row, level, fixed[:, measure])


def _add_indicator(
    assembler: Assembler, case: Case, total: Total, row: int, rows: ResultRows, base_flow: FloatArray
) -> None:
    indicator = total.of
    assert isinstance(indicator, Indicator)
    if indicator.denominator is not None:
        counted, whole = assembler.group("counted"), assembler.group("whole")
        for part, weight in ((counted, indicator.weight), (whole, indicator.denominator)):
            _add_linear(assembler, case, part, rows, base_flow, _by_index(weight), {})
        assembler.emit(Op.RATIO, row, counted, whole, assembler.constant(100.0))
    elif indicator.quantity == "energy":
        _add_linear(assembler, case, row, rows, base_flow, {}, _by_index(indicator.weight))
    else:
        weights = _emission_weights(case, indicator.weight, total.official)
        _add_linear(assembler, case, row, rows, base_flow, *weights)


def _by_index(weight: FloatArray) -> dict[int, FloatArray]:
    return {int(index): weight[index].reshape(1, 1) for index in np.flatnonzero(weight)}


def _emission_weights(
    case: Case, weight: FloatArray, official: bool
) -> tuple[dict[int, FloatArray], dict[int, FloatArray]]:
    """What a unit of an activity itself, and a GWh of a flow, count in a sum of emissions, each (1 or batch, year)."""
    factor = case.official_factor if official else case.factor
    of_activity: dict[int, FloatArray] = {}
    for index, (source, gas) in enumerate(zip(case.direct_activity, case.direct_gas, strict=True)):
        counts = weight[case.subsector_of[source], gas]
        if counts:
            of_activity[int(source)] = of_activity.get(int(source), 0.0) + counts * case.direct[:, index]
    of_flow: dict[int, FloatArray] = {}
    for index, (subsector, carrier) in enumerate(zip(case.flow_subsector, case.flow_carrier, strict=True)):
        for gas in np.flatnonzero(weight[subsector]):
            of_flow[index] = of_flow.get(index, 0.0) + weight[subsector, gas] * factor[:, carrier, gas]
    return of_activity, of_flow


def _add_linear(
    assembler: Assembler, case: Case, row: int, rows: ResultRows, base_flow: FloatArray,
    of_activity: Mapping[int, FloatArray], of_flow: Mapping[int, FloatArray],
) -> None:  # fmt: skip
    """A weighted sum of activities and flows: what no measure changes is one number a year, known beforehand."""
    constant = np.zeros((1, len(case.years)))
    parts = (
        (of_activity, case.level, rows.moved_activities, rows.activity),
        (of_flow, base_flow, rows.moved_flows, rows.flow),
    )
    for weights, reference, moved, _ in parts:
        for index, weight in weights.items():
            if index not in moved:
                constant = constant + weight * reference[:, index]
    assembler.emit(Op.LOAD, row, c=assembler.coefficient(constant))
    for weights, _, moved, first in parts:
        for index, weight in weights.items():
            if index in moved:
                assembler.scale(row, first + index, np.broadcast_to(weight, (len(weight), len(case.years))))
