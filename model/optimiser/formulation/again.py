"""What would rows be if what they read were otherwise? The rows of limits, asked for once more and compared."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from model.optimiser.digits import settled
from model.optimiser.formulation.variables import Formulation
from model.optimiser.limits.record import Limit
from model.optimiser.solver.arrays import ColumnKey
from model.vocabulary import FloatArray

NO_LIMIT = -np.inf, np.inf
"""Sides of a row that is not there."""


@dataclass(frozen=True)
class Asked:
    """Rows as plain numbers, with as many digits as go to the solver."""

    coefficients: Mapping[tuple[ColumnKey, ColumnKey], float] = field(default_factory=dict)
    """(row, column): coefficient"""
    sides: Mapping[ColumnKey, tuple[float, float]] = field(default_factory=dict)
    """row: lower and upper side"""

    def __or__(self, other: Asked) -> Asked:
        """These rows and others."""
        return Asked({**self.coefficients, **other.coefficients}, {**self.sides, **other.sides})

    def where_other(self, other: Asked) -> Asked:
        """What differs in another set of rows, as it is here: what is there only has no coefficient and no limit."""
        coefficients = {key: 0.0 for key in other.coefficients if key not in self.coefficients} | dict(
            self.coefficients
        )
        sides = dict.fromkeys(other.sides, NO_LIMIT) | dict(self.sides)
        return Asked(
            {key: value for key, value in coefficients.items() if value != other.coefficients.get(key, 0.0)},
            {key: each for key, each in sides.items() if each != other.sides.get(key, NO_LIMIT)},
        )


def asked(f: Formulation, limits: Iterable[Limit]) -> Asked:
    """The rows of some limits."""
    coefficients: dict[tuple[ColumnKey, ColumnKey], float] = {}
    sides: dict[ColumnKey, tuple[float, float]] = {}
    for limit in limits:
        for index, lower, coefs, variables, upper in limit.rows(f) if limit.rows else ():
            row = limit.name, index
            sides[row] = -np.inf if lower is None else lower, np.inf if upper is None else upper
            for coef, variable in zip(coefs, variables, strict=True):
                key = row, f.keys[id(variable)]
                coefficients[key] = coefficients.get(key, 0.0) + coef
    return _settled(coefficients, sides)


def _settled(
    coefficients: Mapping[tuple[ColumnKey, ColumnKey], float], sides: Mapping[ColumnKey, tuple[float, float]]
) -> Asked:
    """Numbers as `arrays.compiled` rounds them: so that no row asks for more."""
    if not sides:
        return Asked()
    side = {row: float(lower == -np.inf) - float(upper == np.inf) for row, (lower, upper) in sides.items()}
    values = settled(list(coefficients.values()), -np.array([side[row] for row, _ in coefficients]))
    both, towards = np.array(list(sides.values())).reshape(-1, 2), np.array(list(side.values()))[:, None]
    both = np.where(np.isfinite(both), settled(both, towards), both)
    return Asked(
        dict(zip(coefficients, values.tolist(), strict=True)),
        {row: (float(lower), float(upper)) for row, (lower, upper) in zip(sides, both, strict=True)},
    )


def with_potential(f: Formulation, potential: FloatArray) -> Formulation:
    """The same variables where measures have other potentials, (measure, year of the problem)."""
    other = copy.copy(f)
    other.potential = potential
    return other


def without_waiting(f: Formulation) -> Formulation:
    """The same variables where measures have neither ramps nor lead times."""
    other, count = copy.copy(f), len(f.measures.names)
    other.measures = replace(f.measures, ramp=np.full((1, count), np.inf), lead=np.zeros(count, dtype=int))
    return other
