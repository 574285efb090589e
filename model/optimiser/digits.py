"""Which digits count? What goes to the solver, and what is read from it, is rounded to those that are settled.

The last bits of sums differ between processors, and between kernels of a linear algebra library. Left as they are, they
choose other branches of a search, and at last other plans.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

import numpy as np

from model.vocabulary import FloatArray, IntArray

PROBLEM, EXACT, SOLVER, PLAN = 12, 11, 9, 10
"""Significant digits of what is asked, of rows that others must fit exactly, of what goes to the solver otherwise, and
of what is read from it: what is asked has more, so that the projection agrees; a plan has enough for payments to add up
to a krona."""
SMALLEST = 1e-14
"""What is smaller than any value; in an array of what is asked, so much of the largest value is left by cancellation.
"""
UNUSED = 1e-9
"""Less of a plan is nothing."""
SHORT = 1.0371e-3
"""Of the last digit: what is nearer to a whole one has no more digits."""
HALF = 0.5 + 2.718e-4
"""What is added before the rest is cut off: a little more than a half, so that decimals that end in 5 go up even where
the last bits of a sum make them less. No usual number is at the edge that this leaves."""
AS_MUCH = 1.0 - 1e-9
"""So much of a number is the number, where a row depends on it."""
POWERS = np.array([float(f"1e{power}") for power in range(-300, 301)])
"""Exact, as processors' powers of ten are not."""
Record = TypeVar("Record")


def settled(values: Any, towards: Any = 0.0, digits: int | IntArray = SOLVER, smallest: float = SMALLEST) -> FloatArray:
    """Values rounded to so many significant digits; what is not more than `smallest` is 0.

    `towards` is -1 or 1 where a value may only become smaller or larger, by up to one and a half of the last digit: so
    that what just holds still holds. What has no more digits stays as it is.
    """
    values = np.asarray(values, dtype=float)
    size = np.abs(values)
    finite = np.isfinite(values)
    some = finite & (size > smallest)
    magnitude = np.floor(np.log10(np.where(some, size, 1.0))).astype(int)
    scale = POWERS[np.clip(digits - 1 - magnitude, -300, 300) + 300]
    exact = np.where(some, values, 0.0) * scale
    rounded = np.floor(exact + HALF)
    rounded += np.where(np.abs(exact - rounded) > SHORT, towards, 0.0)
    return np.where(some, rounded / scale, np.where(finite, 0.0, values))


def settled_number(value: float, towards: float = 0.0, digits: int = SOLVER) -> float:
    """The same of one number."""
    return float(settled(value, towards, digits))


def settled_record(record: Record) -> Record:
    """A record, such as a `Problem`, with `PROBLEM` digits in all arrays of numbers in it, however deep."""
    return replace(record, **{  # type: ignore[type-var]
        item.name: _settled_part(getattr(record, item.name)) for item in fields(record) if item.init  # type: ignore[arg-type]
    })  # fmt: skip


def _settled_part(value: Any) -> Any:
    if isinstance(value, np.ndarray) and value.dtype == float:
        largest = np.abs(value[np.isfinite(value)]).max(initial=0.0)
        return settled(value, digits=PROBLEM, smallest=SMALLEST * float(largest))
    if is_dataclass(value) and not isinstance(value, type):
        return settled_record(value)
    if isinstance(value, Mapping):
        return {key: _settled_part(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(map(_settled_part, value))
    return value
