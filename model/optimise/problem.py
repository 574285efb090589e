"""What is asked of the optimiser? A case, who may pay, limits on indicators, and what must or must not be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from model.case import Case
from model.constraints import Constraint
from model.financing import Financing
from model.staff import Staff
from model.vocabulary import FloatArray


@dataclass(frozen=True)
class Limit:
    """A target as the optimiser sees it: indicator(year) - shortfall(year) <= bound in the years it holds."""

    name: str
    weight: FloatArray
    """(subsector, gas) t CO2e per t of gas that the indicator counts"""
    bound: FloatArray
    """(year,) t CO2e; inf where it does not hold"""
    priority: int


@dataclass(frozen=True)
class Problem:
    """Everything a plan is found for; the case has batch length 1."""

    case: Case
    financing: Financing | None
    """None: no money limit"""
    objective: str
    limits: Sequence[Limit]
    counted: FloatArray
    """(subsector, gas) what the cumulative emissions of the objective count"""
    start: int
    """first decision year"""
    window: tuple[int, int]
    """years whose emissions the objective adds up"""
    required: frozenset[int] = frozenset()
    excluded: frozenset[int] = frozenset()
    gap: float = 0.005
    time_limit: float = 60.0
    at_least: Mapping[int, FloatArray] = field(default_factory=dict)
    """measure -> least units operating by year (year,)"""
    staff: Staff | None = None
    """None: no department's persons are counted"""
    constraints: tuple[Constraint, ...] = ()
    """the user's own"""

    @property
    def first(self) -> int:
        """Index of the first decision year."""
        return self.case.year_index(self.start)

    @property
    def money_matters(self) -> bool:
        """Whether payments are limited by pots."""
        return self.financing is not None
