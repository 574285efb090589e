"""How good is a plan known to be? Each stage of the objective: its value, its bound, the gap asked and reached.

What is not known is None, never 0: a stage without a bound, and one whose bound the plan itself is better than, for
then the bound is wrong. What is said of all stages follows the worst of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from model.vocabulary import PlanStatus

ROUNDING = 1e-6
"""Share of a stage's scale by which a value may be better than its bound, as far as optimiser and projection differ,
and of a gap asked by which it may be missed."""
COST_GAP = 4.0
"""So many times the gap asked may be left at cost. It is the last stage: it only chooses among plans that are as good
at all stages before, its share is of cost alone and not of a whole base year, and it takes longest to search."""
LEAST_COST = 1.0
"""MSEK that a gap of cost is a share of at least: a plan may cost nothing."""
HoldsFor = Literal["all proportions", "proportions near the plan's", "no pools"]
"""For which proportions of pools a bound holds; `no pools`: nothing draws on one, so it holds for all plans."""


@dataclass(frozen=True)
class StageResult:
    """One stage of the objective in a found plan."""

    name: str
    unit: str
    value: float
    """in the unit, without what no measure can change"""
    constant: float
    """what no measure can change of it: cumulative emissions, kt over the window; else 0"""
    bound: float | None
    """no plan that is as good at the stages before can be better than this, as the search has it; None: not known"""
    scale: float
    """what a gap is a share of: base-year emissions (kt), energy (GWh) or 100 points, times the years that count; MSEK:
    the value itself"""
    asked: float
    """gap asked, as a share of the scale"""
    holds_for: HoldsFor
    is_cost: bool = False

    @property
    def refuted(self) -> bool:
        """Whether the plan is better than the bound, which is wrong then: it was found for other proportions."""
        return self.bound is not None and self.value < self.bound - ROUNDING * max(abs(self.bound), self.scale)

    @property
    def known_bound(self) -> float | None:
        """The bound, or None where there is none or the plan refutes it."""
        return None if self.refuted else self.bound

    @property
    def reached(self) -> float | None:
        """Distance from the bound as a share of the scale; None: not known."""
        return None if self.known_bound is None else max(self.value - self.known_bound, 0.0) / self.scale

    @property
    def met(self) -> bool | None:
        """Whether the gap reached is at most the one asked; None: not known."""
        return None if self.reached is None else self.reached <= self.asked * (1 + ROUNDING)

    @property
    def is_global(self) -> bool:
        """Whether the bound holds for every plan, whatever its proportions of pools."""
        return self.holds_for != "proportions near the plan's"


def largest_gap(stages: Sequence[StageResult]) -> float | None:
    """The largest gap reached; None where that of any stage is not known."""
    known = [stage.reached for stage in stages if stage.reached is not None]
    return max(known, default=0.0) if len(known) == len(stages) else None


def status_of(stages: Sequence[StageResult], stopped: bool) -> PlanStatus:
    """What can be said of a plan; `stopped`: the user's time limit ended the search before it was through."""
    met = [stage.met for stage in stages]
    if met and all(met):
        everywhere = all(stage.is_global for stage in stages)
        return "optimal within the gaps asked" if everywhere else "locally optimal within the gaps asked"
    if stopped:
        return "stopped by the time limit"
    return "feasible, gap larger than asked" if met and None not in met else "feasible, gap not known"
