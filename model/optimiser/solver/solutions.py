"""What is found when a stage is solved as a linear problem? Values, with prices, or at many right-hand sides."""

from __future__ import annotations

from dataclasses import dataclass

from model.vocabulary import FloatArray


@dataclass(frozen=True)
class StageSolution:
    """One stage alone, solved as a linear problem."""

    values: FloatArray
    """(column,)"""
    objective: float


@dataclass(frozen=True)
class PricedSolution(StageSolution):
    """The same with the prices of its limits."""

    row_dual: FloatArray
    """(row,) change of the objective per unit of the side of the row that binds; 0 where none does"""
    col_dual: FloatArray
    """(column,) the same for the bounds of a column: its reduced cost"""


@dataclass(frozen=True)
class Sweep:
    """One stage solved at many right-hand sides."""

    objective: FloatArray
    """(point,), NaN where there is no solution"""
    values: FloatArray | None
    """(point, chosen column), or None if none were asked for"""
    row_dual: FloatArray | None
    """(point, row) as in `PricedSolution`, or None"""
    status: tuple[str, ...]
    """(point,)"""
