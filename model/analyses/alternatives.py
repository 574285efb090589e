"""Which other plans are as good? Portfolios as different as can be within a stated loss, and what all of them share.

How much a measure is used is the mean of its level over its potential, 0 to 1. A plan that differs most from those
before it has the greatest sum of distances of its uses to theirs: for uses of 0 or 1 that is linear, u (1 - 2 mean)
(Hamming distance), after Brill, Chang and Hopkins (1982), who let a model generate alternatives. Each is a plan like
any other: whole units, projected again, every limit re-checked. What no plan within the loss can do without, or have,
is found by making each use as small and as large as it can be, whole units relaxed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from model.optimiser.formulation.objectives import KEPT
from model.optimiser.plan import AGREEMENT, Plan
from model.optimiser.problem import NearOptimal, Problem
from model.optimiser.search import Search, find_plan
from model.optimiser.solver.linear import Infeasible
from model.vocabulary import FloatArray

USED = 0.01
"""Use from which a measure counts as being in a plan."""


@dataclass(frozen=True)
class Alternative:
    """A plan and how it differs."""

    plan: Plan
    use: FloatArray
    """(measure,) 0 to 1"""
    distance: float
    """mean distance of its uses to those of the nearest plan before it, 0 to 1"""


@dataclass(frozen=True)
class Range:
    """How much each measure can be used within the loss, (measure,) 0 to 1, whole units relaxed."""

    least: FloatArray
    most: FloatArray

    def role(self, measure: int) -> str:
        """`must_have` in every plan, `never` in any, or `swing`."""
        if self.least[measure] > USED:
            return "must_have"
        return "never" if self.most[measure] < USED else "swing"


def most(kept: Search, plan: Plan, loss: float, cost_loss: float) -> tuple[float, ...]:
    """What each stage of the objective may be in a plan that is hardly worse than `plan`, in its unit.

    Emission stages may lose `loss` of base-year size in every year they count, cost `cost_loss` of itself; nothing is
    held tighter than optimiser and projection agree.
    """
    limits = []
    for scale, value in zip(kept.scales, plan.objectives, strict=True):
        room = max(loss, AGREEMENT) * scale if scale > 0 else cost_loss * abs(value)
        limits.append(float(value + max(room, KEPT * max(abs(value), 1.0))))
    return tuple(limits)


def use_of(problem: Problem, plan: Plan) -> FloatArray:
    """How much each measure is used over the years it has a potential, (measure,) 0 to 1."""
    measures, window = problem.case.measures, slice(problem.first, None)
    level, potential = measures.of_modes(plan.level)[:, window], measures.potential[0, :, window]
    share = np.divide(level, potential, out=np.zeros_like(potential), where=potential > 0)
    return np.asarray(share.sum(axis=1) / np.maximum((potential > 0).sum(axis=1), 1))


def alternatives(kept: Search, plan: Plan, number: int, loss: float, cost_loss: float) -> Iterator[Alternative]:
    """The plan itself and then up to `number` others, each as different as can be from all before it."""
    problem, limits = kept.problem, most(kept, plan, loss, cost_loss)
    uses = [use_of(problem, plan)]
    yield Alternative(plan, uses[0], 0.0)
    for _ in range(number):
        direction = 1.0 - 2.0 * np.mean(uses, axis=0)
        try:
            found = find_plan(replace(problem, near=NearOptimal(limits, direction)))
        except Infeasible:  # at proportions of the pools that other plans lead to, the loss may not be kept
            return
        use = use_of(problem, found)
        distance = min(float(np.abs(use - each).mean()) for each in uses)
        if distance < USED / len(use):
            return
        uses.append(use)
        yield Alternative(found, use, distance)


def ranges(kept: Search, plan: Plan, loss: float, cost_loss: float) -> Range:
    """How little and how much each measure can be used within the loss, at the plan's proportions of the pools."""
    problem, search = kept.problem, kept.copy()
    search.take_proportions(plan)
    for stage, limit in enumerate(most(kept, plan, loss, cost_loss)):
        search.engine.hold_stage(stage, limit)
    costs = np.zeros((len(problem.case.measures.names), len(search.engine.lower)))
    potential = problem.case.measures.potential[0]
    years = np.maximum((potential[:, problem.first :] > 0).sum(axis=1), 1)
    for (name, index), column in search.engine.columns.items():
        if name == "level":
            measure = int(problem.case.measures.mode_measure[index[0]])
            there = potential[measure, problem.first + index[1]]
            if there > 0:
                costs[measure, column] = 1.0 / (there * years[measure])
    least, greatest = np.zeros(len(costs)), np.zeros(len(costs))
    for m in np.flatnonzero(costs.any(axis=1)):
        least[m] = search.engine.minimise_only(costs[m]).objective
        greatest[m] = -search.engine.minimise_only(-costs[m]).objective
    return Range(np.clip(least, 0.0, 1.0), np.clip(greatest, 0.0, 1.0))
