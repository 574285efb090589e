"""Which arrays is the model? The Pyomo model in standard form, with rows and columns known by their names."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyomo.core as pyo
from pyomo.common.gc_manager import PauseGC
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler

from model.optimiser.digits import PROBLEM, SOLVER, settled
from model.vocabulary import BoolArray, FloatArray, IntArray

ColumnKey = tuple[str, Any]
"""name of a variable or constraint, and its index"""


@dataclass(frozen=True)
class Arrays:
    """least objective[stage] @ x with row_lower <= matrix @ x <= row_upper, lower <= x <= upper, some of x whole."""

    columns: dict[ColumnKey, int]
    rows: dict[ColumnKey, int]
    objective: FloatArray
    """(stage, column)"""
    offset: FloatArray
    """(stage,)"""
    whole: BoolArray
    """(column,)"""
    lower: FloatArray
    upper: FloatArray
    row_lower: FloatArray
    row_upper: FloatArray
    matrix: Any
    """(row, column), sparse by row"""


def compiled(model: pyo.ConcreteModel, exact: Collection[str] = ()) -> Arrays:
    """The arrays of a model; every objective is a stage. Coefficients of `exact` rows are rounded already."""
    with PauseGC():  # as in `assembly.formulate`
        form = LinearStandardFormCompiler().write(model, mixed_form=True)
        columns = {key: col for col, key in enumerate(_keys(model, pyo.Var, form.columns))}
        rows = _keys(model, pyo.Constraint, [entry.constraint for entry in form.rows])
        whole = [var.is_integer() or var.is_binary() for var in form.columns]
        bounds = np.array([var.bounds for var in form.columns], dtype=float)  # None becomes NaN: no bound
        side = np.array([entry.bound_type for entry in form.rows])
    digits = np.array([PROBLEM if name in exact else SOLVER for name, _ in rows], dtype=int)
    rhs, matrix = settled(form.rhs, side), _settled_rows(form.A.tocsr(), -side.astype(float), digits)
    return Arrays(
        columns=columns,
        rows={key: row for row, key in enumerate(rows)},
        objective=settled(form.c.todense()),
        offset=settled(form.c_offset),
        whole=np.array(whole, dtype=bool),
        lower=settled(np.where(np.isnan(bounds[:, 0]), -np.inf, bounds[:, 0]), -1.0),
        upper=settled(np.where(np.isnan(bounds[:, 1]), np.inf, bounds[:, 1]), 1.0),
        row_lower=np.where(side == 1, -np.inf, rhs),
        row_upper=np.where(side == -1, np.inf, rhs),
        matrix=matrix,
    )


def _settled_rows(matrix: Any, side: FloatArray, digits: IntArray) -> Any:
    """The matrix with so many `digits` (row,), rounded so that no row asks for more.

    `side` (row,) is -1 where one is a most, 1 where it is a least.
    """
    count = np.diff(matrix.indptr)
    matrix.data = settled(matrix.data, np.repeat(side, count), np.repeat(digits, count))
    matrix.eliminate_zeros()
    return matrix


def _keys(model: pyo.ConcreteModel, kind: Any, parts: Iterable[Any]) -> list[ColumnKey]:
    """(component name, index) of Pyomo's variables or constraints, in their order."""
    keys: dict[int, ColumnKey] = {}
    for component in model.component_objects(kind):
        name = component.local_name
        keys |= {id(data): (name, index) for index, data in component.items()}
    return [keys[id(part)] for part in parts]
