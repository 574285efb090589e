"""How does a basis fit a problem of which other columns and rows are left?"""

from __future__ import annotations

from typing import Any

import highspy
import numpy as np

from model.vocabulary import IntArray

STATUS = [
    highspy.HighsBasisStatus.kLower, highspy.HighsBasisStatus.kBasic, highspy.HighsBasisStatus.kUpper,
    highspy.HighsBasisStatus.kZero, highspy.HighsBasisStatus.kNonbasic,
]  # fmt: skip
AT_LOWER, BASIC = 0, 1
Numbers = tuple[IntArray, int]
"""Numbers of the columns or rows that a basis has, in its order, of how many."""


def fitted(basis: Any, columns: Numbers, rows: Numbers, columns_now: IntArray, rows_now: IntArray) -> Any:
    """A basis with other columns and rows: what is new is nonbasic or, of rows, basic, and there are enough."""
    status, of_rows = np.full(columns[1], AT_LOWER), np.full(rows[1], BASIC)
    status[columns[0]] = [int(each) for each in basis.col_status]
    of_rows[rows[0]] = [int(each) for each in basis.row_status]
    status, of_rows = status[columns_now], of_rows[rows_now]
    lacking = len(of_rows) - int((status == BASIC).sum()) - int((of_rows == BASIC).sum())
    if lacking > 0:
        of_rows[np.flatnonzero(of_rows != BASIC)[:lacking]] = BASIC
    elif lacking < 0:
        of_rows[np.flatnonzero(of_rows == BASIC)[lacking:]] = AT_LOWER
    found = highspy.HighsBasis()
    found.col_status, found.row_status = [STATUS[each] for each in status], [STATUS[each] for each in of_rows]
    found.valid = True
    return found
