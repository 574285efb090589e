"""What does a solution mean? Its columns read as a plan and projected, and a plan written as columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from model.optimiser.digits import PLAN, UNUSED, settled, settled_number
from model.optimiser.formulation.objectives import CUMULATIVE
from model.optimiser.formulation.variables import KT, TONNES, Formulation
from model.optimiser.limits.targets import untouched
from model.optimiser.paid_in_full import in_full
from model.optimiser.plan import USED, Plan, request_of
from model.optimiser.problem import base_size
from model.optimiser.solver.arrays import ColumnKey
from model.optimiser.solver.lexicographic import Solution
from model.optimiser.stages import COST_GAP, LEAST_COST, HoldsFor, StageResult
from model.projection.coefficients import reference_flow
from model.projection.replay import Outcome, emissions, replay
from model.vocabulary import BoolArray, FloatArray, IntArray

NAMED = (
    "new_units", "level", "payment", "supported", "chosen", "served", "activity", "carrier_use", "emissions",
    "shortfall",
)  # fmt: skip
"""Variables that are looked up by index."""


class Reading:
    """The columns of a formulation by what they are."""

    def __init__(self, formulation: Formulation, columns: Mapping[ColumnKey, int], scales: Sequence[float]) -> None:
        """`scales` by stage: what its gap is a share of, in its unit; 0: money."""
        self.formulation, self.scales = formulation, scales
        self.problem, self.case = formulation.problem, formulation.case
        self.named = _by_name(columns)
        self.sizes = base_size(self.problem)

    def plan_of(self, solution: Solution, whole: BoolArray, rounds: int) -> Plan:
        """What a solution means, projected; `whole` (column,) are rounded where they are nearly whole."""
        measures, years, money = self.case.measures, len(self.case.years), self.problem.money
        new_units = np.zeros((len(measures.names), years))
        level = np.zeros((len(measures.mode_names), years))
        payment = np.zeros((len(money.claim_fund) if money else 0, years))
        for name, array in (("new_units", new_units), ("level", level), ("payment", payment)):
            index, columns = self.named[name]
            value = solution.values[columns]
            close = whole[columns] & (np.abs(value - np.round(value)) < 1e-6)
            some = np.where(value > UNUSED, settled(value, digits=PLAN), 0.0)
            self._decided(array)[tuple(index.T)] = np.where(close, np.round(value), some)
        new_units *= self.formulation.size[:, None]
        if money:
            payment = in_full(money, payment, new_units, measures.of_modes(level))
        shortfall = np.zeros((len(self.problem.limits), years))
        index, columns = self.named["shortfall"]
        emitted = np.array([limit.quantity == "emissions" for limit in self.problem.limits], dtype=bool)
        scale = np.where(emitted, TONNES, 1.0)
        self._decided(shortfall)[tuple(index.T)] = settled(solution.values[columns], digits=PLAN) * scale[index[:, 0]]
        seen = {"activity": self.case.level[0].copy(), "carrier_use": reference_flow(self.case)[0]}
        for name, array in seen.items():
            index, columns = self.named[name]
            self._decided(array)[tuple(index.T)] = solution.values[columns]
        outcome = replay(self.case, request_of(measures, level))
        return Plan(
            new_units, level, payment, outcome,
            self.stage_results(solution.objectives, solution.bounds), False, rounds,
            max(self._difference(outcome, solution.values), self._limits_differ(outcome, **seen)), shortfall,
        )  # fmt: skip

    def levels_of(self, values: FloatArray) -> FloatArray:
        """What operates in a solution, (mode, year)."""
        level = np.zeros((len(self.case.measures.mode_names), len(self.case.years)))
        index, columns = self.named["level"]
        self._decided(level)[tuple(index.T)] = np.maximum(values[columns], 0.0)
        return level

    def units_of(self, plan: Plan, count: int) -> FloatArray:
        """Values of the whole ones of `count` columns that a plan means, (column,), zero elsewhere."""
        values, money, size = np.zeros(count), self.problem.money, self.formulation.size
        new_units, level = self._decided(plan.new_units), self._decided(self.case.measures.of_modes(plan.level))
        index, columns = self.named["new_units"]
        values[columns] = np.round(new_units[tuple(index.T)] / size[index[:, 0]])
        index, columns = self.named["supported"]
        for (claim, y), column in zip(index, columns, strict=True):
            assert money is not None
            m = money.stake_measure[money.claim_stake[claim]]
            limit, paid = self._decided(money.claim_limit)[claim, y], self._decided(plan.payment)[claim, y]
            units = np.ceil(paid / (limit * size[m]) - USED) if limit > 0 else 0.0
            values[column] = min(units, np.round(new_units[m, y] / size[m]))
        index, columns = self.named["chosen"]
        used = np.maximum(level, new_units).max(axis=1) > USED
        values[columns] = used[index[:, 0]]
        index, columns = self.named["served"]
        for (number, y), column in zip(index, columns, strict=True):
            each = self.case.measures.enables[number]
            there = self._decided(each.room[0])[y] + sum(ratio * level[other, y] for other, ratio in each.enablers)
            values[column] = level[each.measure, y] > USED or there >= 0
        return values

    def _decided(self, values: FloatArray) -> FloatArray:
        return self.formulation.decided(values)

    def stage_results(
        self, objectives: Sequence[float], bounds: Sequence[float], holds_for: HoldsFor | None = None
    ) -> tuple[StageResult, ...]:
        """Each stage of a plan with these values and bounds (-inf: not known), in the stages' units.

        `holds_for` says for which proportions of pools the bounds hold: those near the plan's, if nothing is said.
        """
        if holds_for is None or not self.formulation.touched.pools:
            holds_for = "proportions near the plan's" if self.formulation.touched.pools else "no pools"
        kinds = zip(self.formulation.stages, self.scales, strict=True)
        return tuple(
            StageResult(
                name=stage.name,
                unit=stage.unit,
                value=settled_number(value),
                constant=self.constant_emissions if stage.name == CUMULATIVE else 0.0,
                bound=settled_number(bound) if np.isfinite(bound) else None,
                scale=scale if stage.years else max(abs(settled_number(value)), LEAST_COST),
                asked=self.problem.gap * (1.0 if stage.years else COST_GAP),
                holds_for=holds_for,
                is_cost=not stage.years,
            )
            for (stage, scale), value, bound in zip(kinds, objectives, bounds, strict=False)
        )

    @cached_property
    def constant_emissions(self) -> float:
        """What no measure can change of the cumulative emissions that the objective counts, in kt."""
        first, last = (year - self.problem.start for year in self.problem.window)
        constant = self._decided(untouched(self.formulation)[0])[:, :, first : last + 1].sum(axis=2)
        return settled_number(KT * (self.problem.counted * constant).sum())

    def _difference(self, outcome: Outcome, values: FloatArray) -> float:
        """Largest sum over (subsector, gas) of |optimiser - projection| in a year, as share of the base year."""
        projected = emissions(self.case, outcome.activity, outcome.flow)[0][:, :, self.problem.first :]
        index, columns = self.named["emissions"]
        k, g, y = index.T
        differences = np.zeros(len(self.formulation.years))
        np.add.at(differences, y, np.abs(values[columns] * TONNES - projected[k, g, y]) * np.abs(self.case.gwp[g]))
        return float(differences.max() / self.sizes["emissions"])

    def _limits_differ(self, outcome: Outcome, activity: FloatArray, carrier_use: FloatArray) -> float:
        """Largest difference in a year of what targets on energy and shares look at, as share of its size."""
        nothing, worst = np.zeros((0, 0, len(self.case.years))), 0.0
        for limit in self.problem.limits:
            if limit.quantity != "emissions":
                ours = limit.linear(self.case, nothing, activity, carrier_use)
                theirs = limit.linear(self.case, nothing, outcome.activity[0], outcome.flow[0])
                worst = max(worst, float(np.abs(ours - theirs).max()) / self.sizes[limit.quantity])
        return worst


def _by_name(columns: Mapping[ColumnKey, int]) -> dict[str, tuple[IntArray, IntArray]]:
    """Variable -> its indices (entry, dimension) and their columns (entry,); none have no entries."""
    grouped: dict[str, tuple[list[Any], list[int]]] = {name: ([], []) for name in NAMED}
    for (name, index), column in columns.items():
        if name in grouped:
            grouped[name][0].append(index if isinstance(index, tuple) else (index,))
            grouped[name][1].append(column)
    empty = np.zeros((0, 2), dtype=int), np.zeros(0, dtype=int)
    found = {name: (np.array(index), np.array(at)) for name, (index, at) in grouped.items() if at}
    return {name: found.get(name, empty) for name in NAMED}
