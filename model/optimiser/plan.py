"""Which plan is best? Solves the problem in rounds until optimiser and projection agree.

What draws on a pool takes from it in the plan's own proportions, which the optimiser can only know from the plan
before: they are fixed, the problem is solved, the plan projected, and the proportions it leads to are put in, until
both agree. Whole units are settled on the way and the rest is finished as a linear problem. If proportions keep
turning, the pools' own conversions are held; then the proportions are exact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.measures.catalogue import Measures
from model.optimiser.problem import Problem
from model.optimiser.stages import StageResult, largest_gap, status_of
from model.projection.replay import Outcome, Request
from model.vocabulary import FloatArray, PlanStatus

AGREEMENT = 1e-6
"""Share of base-year emissions by which optimiser and projection may differ."""
NOT_CUT = 1e-7
"""Share of a level that the projection may cut from a plan by rounding."""
USED = 1e-9
"""Units from which on a measure counts as used."""


class Disagreement(Exception):
    """Optimiser and projection do not agree: a fault of the toolkit, said loudly."""


@dataclass(frozen=True)
class Plan:
    """A found plan: what is started, what operates, who pays, and how sure it is. Years are all model years."""

    new_units: FloatArray
    """(measure, year) in the measures' units"""
    level: FloatArray
    """(mode, year)"""
    payment: FloatArray
    """(claim, year) MSEK; empty without money limits"""
    outcome: Outcome
    """the projection of the plan, batch length 1"""
    stages: tuple[StageResult, ...]
    """how good it is known to be at each stage of the objective; empty where nothing but its outcome is looked at"""
    stopped: bool
    """whether the time limit ended the search before it was through: another machine may find another plan"""
    rounds: int
    difference: float
    """largest difference between optimiser and projection over years, as share of base-year emissions (where targets
    look at energy or shares: also as share of base-year energy or of 100 percentage points)"""
    shortfall: FloatArray
    """(limit, year) what the optimiser took each target to be missed by: t CO2e, GWh or percentage points"""

    @property
    def objectives(self) -> tuple[float, ...]:
        """Value of each stage (kt, GWh, points or MSEK), without what no measure can change."""
        return tuple(stage.value for stage in self.stages)

    @property
    def gap(self) -> float | None:
        """Largest gap reached of all stages but cost, as share of the base year in every year that counts."""
        return largest_gap([stage for stage in self.stages if not stage.is_cost])

    @property
    def cost_gap(self) -> float | None:
        """Gap reached of cost, as share of itself; None: not known."""
        return largest_gap([stage for stage in self.stages if stage.is_cost])

    @property
    def status(self) -> PlanStatus:
        """What is known of it, by the worst of its stages."""
        return status_of(self.stages, self.stopped)

    @property
    def agrees(self) -> bool:
        """Whether the projection gives the plan's emissions and cuts nothing of it."""
        cut = self.level - self.outcome.level[0]
        uncut = bool(np.all(cut <= NOT_CUT * np.maximum(self.level, 1.0)))
        return uncut and self.difference <= AGREEMENT

    def request(self, measures: Measures) -> Request:
        """What the plan asks of the projection."""
        return request_of(measures, self.level)


def request_of(measures: Measures, level: FloatArray) -> Request:
    """Levels by mode (mode, year) as a request."""
    return Request(measures.of_modes(level)[None], level[None])


def proportions(problem: Problem, activity: FloatArray) -> FloatArray:
    """Share of each activity in its pool, (activity, year); the reference's where a pool is empty."""
    case = problem.case
    share = np.zeros_like(activity)
    for pool in range(len(case.pools)):
        members = np.flatnonzero(case.pool_of == pool)
        for level in (case.level[0, members], activity[members]):
            total = level.sum(axis=0)
            some = total > 1e-9 * max(float(case.level[0, members].sum(axis=0).max()), 1e-9)
            share[members] = np.where(some, np.maximum(level, 0.0) / np.where(some, total, 1.0), share[members])
    return share
