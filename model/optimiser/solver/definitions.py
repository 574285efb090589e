"""Which columns does a row give in terms of others? Those that are defined, and payments of a payer who is alone."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from model.optimiser.solver.arrays import Arrays
from model.vocabulary import IntArray


def defining_rows(arrays: Arrays, definitions: Mapping[str, str]) -> IntArray:
    """(column,) row that gives it, in which it has the coefficient 1; -1: none.

    `definitions`: variable -> the rows that give it, by the same index.
    """
    row_of = np.full(len(arrays.lower), -1)
    for (name, index), column in arrays.columns.items():
        if name in definitions:
            row_of[column] = arrays.rows.get((definitions[name], index), -1)
    return _with_pairs(arrays, row_of)


def _with_pairs(arrays: Arrays, row_of: IntArray) -> IntArray:
    """The same with rows by which one column is just a multiple of another."""
    matrix, needed = arrays.matrix, np.zeros(len(row_of), dtype=bool)
    pairs = np.flatnonzero((arrays.row_lower == arrays.row_upper) & (np.diff(matrix.indptr) == 2))
    for row in np.setdiff1d(pairs, row_of).tolist():
        at = matrix.indptr[row]
        for mine, other in ((at, at + 1), (at + 1, at)):
            column, beside = matrix.indices[mine], matrix.indices[other]
            free = row_of[column] < 0 and row_of[beside] < 0 and not (needed[column] or arrays.whole[column])
            if free and matrix.data[mine] == 1.0:
                row_of[column], needed[beside] = row, True
                break
    return row_of
