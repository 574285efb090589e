"""What would rows be if what they read were otherwise? The rows of limits, asked for once more and compared."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from model.optimiser.formulation.variables import Formulation, key_of
from model.optimiser.limits.record import Limit
from model.optimiser.solver.arrays import ColumnKey
from model.vocabulary import FloatArray


@dataclass(frozen=True)
class Asked:
    """Rows as plain numbers."""

    coefficients: Mapping[tuple[ColumnKey, ColumnKey], float]
    """(row, column): coefficient"""
    sides: Mapping[ColumnKey, tuple[float, float]]
    """row: lower and upper side"""

    def where_other(self, other: Asked) -> Asked:
        """What differs in another set of the same rows, as it is here."""
        return Asked(
            {key: value for key, value in self.coefficients.items() if value != other.coefficients.get(key, 0.0)},
            {key: sides for key, sides in self.sides.items() if sides != other.sides[key]},
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
                key = row, key_of(variable)
                coefficients[key] = coefficients.get(key, 0.0) + coef
    return Asked(coefficients, sides)


def with_potential(f: Formulation, potential: FloatArray) -> Formulation:
    """The same variables where measures have other potentials, (measure, year of the problem)."""
    other = copy.copy(f)
    other.potential = potential
    return other
