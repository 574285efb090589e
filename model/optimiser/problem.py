"""What is asked of the optimiser? A case, who may pay, limits on indicators, and what must or must not be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from model.batch import entry
from model.inputs.reading.constraint_files import Constraint
from model.measures.staff import Staff
from model.money.financing import Financing
from model.projection.case import Case
from model.projection.coefficients import reference_flow
from model.projection.indicators import Indicator, accumulated, series
from model.projection.replay import emissions
from model.vocabulary import QUANTITIES, FloatArray, Quantity


@dataclass(frozen=True)
class TargetLimit:
    """A target as the optimiser sees it: sense * (indicator(year) - bound) <= shortfall(year) in the years it holds."""

    name: str
    weight: FloatArray
    """what the indicator counts, as in `indicators.Indicator`: by (subsector, gas), flow or activity"""
    bound: FloatArray
    """(year,) t CO2e, GWh or percent; inf where it does not hold"""
    priority: int
    quantity: Quantity = "emissions"
    denominator: FloatArray | None = None
    """share: (activity,) what it is a share of"""
    sense: int = 1
    """1: at most, -1: at least"""
    since: int | None = None
    """first year added up in a cumulative target; None: each year by itself"""

    @property
    def rank(self) -> tuple[int, int]:
        """Order in which the objective looks at it: priority, then quantity. Only what has one rank is compared."""
        return self.priority, list(QUANTITIES).index(self.quantity)

    @property
    def edge(self) -> FloatArray:
        """What `linear` may be at most or at least (year,): the bound; 0 for a share, 0 where it does not hold."""
        return np.where(np.isfinite(self.bound), self.bound if self.denominator is None else 0.0, 0.0)

    def points(self, case: Case) -> FloatArray:
        """Percentage points of a share above its bound that one unit of an activity makes, (activity, year).

        counted / whole <= bound multiplied out is linear: (counted - bound * whole) / whole of the reference.
        """
        assert self.denominator is not None
        bound = np.where(np.isfinite(self.bound), self.bound, 0.0)
        rate = 100 * self.weight[:, None] - bound * self.denominator[:, None]
        return np.asarray(rate / np.maximum(self.denominator @ case.level[0], 1e-12))

    def linear(self, case: Case, tonnes: FloatArray, activity: FloatArray, flow: FloatArray) -> FloatArray:
        """The indicator as the optimiser sees it, not added up, (year,): a share as points above its bound."""
        if self.denominator is None:
            return series(Indicator(self.quantity, self.weight), tonnes, activity, flow)
        return np.asarray((self.points(case) * activity).sum(axis=0))

    def excess(self, case: Case, tonnes: FloatArray, activity: FloatArray, flow: FloatArray) -> FloatArray:
        """How far beyond its bound the indicator is, negative within it, (year,); 0 where it does not hold."""
        seen = accumulated(self.linear(case, tonnes, activity, flow), self.since, case)
        return np.where(np.isfinite(self.bound), self.sense * (seen - self.edge), 0.0)


@dataclass(frozen=True)
class NearOptimal:
    """Another plan is sought, hardly worse than one that is known, and as far in a direction as can be."""

    limits: tuple[float, ...]
    """most that each stage of the objective may be, in its unit"""
    direction: FloatArray
    """(measure,) worth of using a measure fully"""


@dataclass(frozen=True)
class Problem:
    """Everything a plan is found for; the case has batch length 1."""

    case: Case
    financing: Financing | None
    """None: no money limit"""
    objective: str
    limits: Sequence[TargetLimit]
    counted: FloatArray
    """(subsector, gas) what the cumulative emissions of the objective count"""
    start: int
    """first decision year"""
    window: tuple[int, int]
    """years whose emissions the objective adds up"""
    required: frozenset[int] = frozenset()
    excluded: frozenset[int] = frozenset()
    gap: float = 0.005
    time_limit: float | None = None
    """seconds; None: what is searched is counted, so that every machine finds the same plan"""
    carbon_value: float = 0.0
    """MSEK per t CO2e that `best_value` puts on what the objective counts"""
    at_least: Mapping[int, FloatArray] = field(default_factory=dict)
    """measure -> least units operating by year (year,)"""
    near: NearOptimal | None = None
    """None: the best plan is sought"""
    staff: Staff | None = None
    """None: no department's persons are counted"""
    constraints: tuple[Constraint, ...] = ()
    """the user's own"""

    @property
    def first(self) -> int:
        """Index of the first decision year."""
        return self.case.year_index(self.start)

    def without_demand(self, measure: int) -> Problem:
        """The problem in which the goal neither requires nor excludes a measure."""
        return replace(self, required=self.required - {measure}, excluded=self.excluded - {measure})

    @cached_property
    def money(self) -> Financing | None:
        """Who may pay, without the batch axis, and without claims of nothing: a problem is one entry of a batch."""
        return None if self.financing is None else entry(self.financing).with_claims_of_something()

    @property
    def money_matters(self) -> bool:
        """Whether payments are limited by pots."""
        return self.financing is not None


def base_size(problem: Problem) -> dict[Quantity, float]:
    """What tolerances are shares of, by quantity: emissions (t CO2e) and energy (GWh) of the base year, 100 points.

    Emissions are those that the objective counts: the municipality's own, not the ledger of its consumption.
    """
    case = problem.case
    flow = reference_flow(case)
    tonnes = emissions(case, case.level, flow)[0, :, :, 0]
    emitted = max(float(np.abs(tonnes * problem.counted).sum()), 1e-9)
    return {"emissions": emitted, "energy": max(float(flow[0, :, 0].sum()), 1e-9), "share": 100.0}
