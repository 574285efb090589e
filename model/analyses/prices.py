"""What is a price? What one more unit of a limit is worth, in the unit of the stage that is priced."""

from __future__ import annotations

from dataclasses import dataclass

from model.optimiser.formulation.objectives import Stage
from model.optimiser.formulation.variables import TONNES
from model.optimiser.search import Search
from model.optimiser.solver.linear import Infeasible
from model.optimiser.solver.solutions import PricedSolution

UNITS = {"emissions": "t", "energy": "GWh", "share": "points"}


@dataclass(frozen=True)
class ShadowPrice:
    """What one more unit of a limit is worth."""

    limit: str
    """constraint"""
    of: str
    """fund, measure, target, veto or path of mandates"""
    year: int
    """0: all years"""
    fixed: float
    """whole units as in the plan; of a mandate: the plan as it is, projected again; NaN: not asked"""
    relaxed: float
    difference: float
    """finite difference of the relaxation, of a veto or mandate: solved again without, or under it; NaN: not asked"""
    unit: str


def unit_of(stage: Stage) -> tuple[str, float]:
    """What a stage is priced in, and how many of that one of its own unit is."""
    if not stage.years:
        return "MSEK", 1.0
    return UNITS[stage.quantity], TONNES if stage.quantity == "emissions" else 1.0


def priced_or_none(search: Search, stage: int) -> PricedSolution | None:
    """A stage solved, with its prices; None where there is no plan."""
    try:
        return search.engine.solve_stage(stage)
    except Infeasible:
        return None


def least_or_none(search: Search, stage: int) -> float | None:
    """The least of a stage; None where there is no plan."""
    try:
        return search.engine.least(stage).objective
    except Infeasible:
        return None
