"""What may a file in `constraints/` import? The formulation, and names of the tables turned into its variables.

Each function gives coefficients and variables of a sum; what no measure can change stands beside as a constant.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from model.inputs.faults import nearest
from model.optimiser.formulation.variables import Formulation, Rows, level_of, units_of

__all__ = ["Formulation", "Rows", "calendar_year", "carrier_use", "measure", "new_units", "operating_units"]
Terms = tuple[list[float], list[Any]]
"""Coefficients and variables of a sum."""


def calendar_year(f: Formulation, y: int) -> int:
    """The calendar year of year `y` of the problem, which counts from the first decision year."""
    return f.problem.start + y


def measure(f: Formulation, name: str) -> int:
    """The number of a measure."""
    return _position(name, f.measures.names, "measure")


def operating_units(f: Formulation, name: str, y: int) -> Terms:
    """Units of a measure that operate, all its modes; an empty sum for a measure that cannot be chosen  [units]."""
    index = measure(f, name)
    return level_of(f, index, y) if index in f.modes else ([], [])


def new_units(f: Formulation, name: str, y: int) -> Terms:
    """Units of a measure that are started; an empty sum for a measure that cannot be chosen  [units]."""
    index = measure(f, name)
    return units_of(f, index, y, True) if index in f.modes else ([], [])


def carrier_use(f: Formulation, name: str, y: int, subsectors: Iterable[str] = ()) -> tuple[float, Terms]:
    """Use of a carrier, in these subsectors or all: a constant, and the sum of what measures can change  [GWh]."""
    carrier = _position(name, f.case.carriers, "carrier")
    chosen = {_position(each, f.case.subsectors, "subsector") for each in subsectors}
    constant, variables = 0.0, []
    for flow, (subsector, of) in enumerate(zip(f.case.flow_subsector, f.case.flow_carrier, strict=True)):
        if of != carrier or (chosen and subsector not in chosen):
            continue
        if (flow, y) in f.carrier_use:
            variables.append(f.carrier_use[flow, y])
        else:
            constant += float(f.flow0[flow, y])
    return constant, ([1.0] * len(variables), variables)


def _position(name: str, known: tuple[str, ...], kind: str) -> int:
    if name not in known:
        near = nearest(name, known)
        raise LookupError(f"no {kind} '{name}'" + (f", did you mean '{near}'?" if near else ""))
    return known.index(name)
