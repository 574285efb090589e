"""What may be decided? The variables of the optimisation problem, and what its constraints are made of.

The constraints stand in `operation`, `balances` and `payments`, the objective in `objectives`, each a function named
after its mathematics with formula and unit in its docstring. Rows are given as (index, lower, coefficients,
variables, upper) and built as linear expressions, which Pyomo compiles several times faster than general ones.
Emissions are in kt of gas, money in MSEK, levels in the measures' own units. Only activities, flows and emissions
that some measure can change are variables. Year 0 is the first decision year.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyomo.environ as pyo
from pyomo.core.expr import LinearExpression

from model.case import Case
from model.measures import Move
from model.optimise.problem import Problem
from model.projection import flow_of
from model.vocabulary import FloatArray

Index = tuple[int, ...]
Row = tuple[Index, float | None, list[float], list[Any], float | None]
Rows = Iterator[Row]
KT = 1e-3  # kt per t


class Formulation:
    """The model and everything its constraints are made of. Attributes hold coefficients; variables are on `model`."""

    def __init__(self, problem: Problem, proportions: FloatArray) -> None:
        case = problem.case
        self.problem, self.case, self.measures = problem, case, case.measures
        self.years = range(len(case.years) - problem.first)
        self.window = slice(problem.first, None)
        self.proportions = proportions[:, self.window]
        self.size = np.where(self.measures.unit_size > 0, self.measures.unit_size, 1.0)
        self.potential = self.measures.potential[0, :, self.window]
        self.touched = touched(case)
        self.flow0 = flow_of(case, case.level)[0][:, self.window]
        self.usable = [index for index in range(len(self.measures.names)) if self._usable(index)]
        self.modes = {index: [int(mode) for mode in self.measures.modes_of(index)] for index in self.usable}
        self.model = pyo.ConcreteModel()
        self.stages: list[Any] = []
        self._variables()
    def _usable(self, measure: int) -> bool:
        return measure not in self.problem.excluded and bool(np.any(self.potential[measure] > 0))

    def first_start(self, measure: int) -> int:
        """Year index from which units of a measure can be started."""
        return max(0, int(self.measures.first_year[measure]) - self.problem.start)

    def _affordable(self, measure: int, year: int) -> float | None:
        """Most whole units that all the pots of a year together could pay for: cuts off shares of unaffordable ones."""
        money = self.problem.financing
        if money is None:
            return None
        most, at = np.inf, self.problem.first + year
        for stake in np.flatnonzero(money.stake_measure == measure):
            cost = float(min(money.deficit[stake, at], money.capital[stake, at]) * self.size[measure])
            funds = [
                int(fund)
                for claim, fund in enumerate(money.claim_fund)
                if money.claim_stake[claim] == stake and money.claim_capital[claim] and not money.own[fund]
            ]
            there = float(sum(money.budget[fund, at] + money.carry_over[fund] for fund in funds))
            if cost > 0:
                most = min(most, np.floor(there / cost + 1e-6))
        return None if np.isinf(most) else most

    def _variables(self) -> None:
        model, years, reals = self.model, self.years, pyo.NonNegativeReals
        whole = {m for m in self.usable if self.measures.unit_size[m] > 0}
        starts = [(m, y) for m in self.usable for y in years if y >= self.first_start(m)]
        model.new_units = pyo.Var(
            starts,
            domain=lambda _, m, y: pyo.NonNegativeIntegers if m in whole else reals,
            bounds=lambda _, m, y: (0, self._affordable(m, y) if m in whole else None),
        )
        model.level = pyo.Var([(a, y) for m in self.usable for a in self.modes[m] for y in years], domain=reals)
        model.activity = pyo.Var([(s, y) for s in self.touched.activities for y in years], domain=reals)
        model.pool_draw = pyo.Var([(q, y) for q in self.touched.pools for y in years], domain=reals)
        model.carrier_use = pyo.Var([(f, y) for f in self.touched.flows for y in years], domain=reals)
        model.emissions = pyo.Var([(k, g, y) for k, g in self.touched.emissions for y in years], domain=pyo.Reals)
        limits = list(enumerate(self.problem.limits))
        held = [(t, y) for t, limit in limits for y in years if np.isfinite(limit.bound[self.problem.first + y])]
        model.shortfall = pyo.Var(held, domain=reals)
        model.worst_shortfall = pyo.Var(sorted({limit.priority for _, limit in limits}), domain=reals)
        chosen = {m for pair in self.measures.excludes for m in pair if set(pair) <= set(self.usable)}
        model.chosen = pyo.Var(sorted(chosen), domain=pyo.Binary)
        model.served = pyo.Var(short_of_enablers(self), domain=pyo.Binary)
        money = self.problem.financing
        claims, waiting = [], []
        if money is not None:
            measure = money.stake_measure[money.claim_stake]
            claims = [(c, y) for c in range(len(measure)) if measure[c] in self.modes for y in years]
            waiting = [(f, y) for f in range(len(money.funds)) if money.carry_over[f] > 0 for y in years]
        model.payment = pyo.Var(claims, domain=reals)
        model.pot_balance = pyo.Var(waiting, domain=reals)

    def add(self, constraint: Callable[[Formulation], Rows]) -> None:
        rows = {index: (lower, coefs, names, upper) for index, lower, coefs, names, upper in constraint(self)}

        def rule(_: Any, *index: int) -> Any:
            lower, coefs, names, upper = rows[index]
            body = LinearExpression(constant=0, linear_coefs=coefs, linear_vars=names)
            return (body, lower) if lower == upper else (lower, body, upper)

        self.model.add_component(constraint.__name__, pyo.Constraint(list(rows), rule=rule))


@dataclass(frozen=True)
class Touched:
    """What some measure can change; the rest is constant and needs no variable."""

    activities: list[int]
    pools: list[int]
    flows: list[int]
    emissions: list[tuple[int, int]]


def touched(case: Case) -> Touched:
    """Activities, pools, flows and (subsector, gas) pairs that some measure can change."""
    measures = case.measures
    pools = {move.target for move in measures.pool_draws}
    activities = {move.target for move in measures.activity_moves}
    activities |= {s for s, pool in enumerate(case.pool_of) if pool in pools}
    flows = {move.target for move in measures.carrier_moves}
    flows |= {int(f) for s, f in zip(case.use_activity, case.use_flow, strict=True) if s in activities}
    pairs = set()
    for source, gas in zip(case.direct_activity, case.direct_gas, strict=True):
        if source in activities:
            pairs.add((int(case.subsector_of[source]), int(gas)))
    emits = np.any(case.factor[0] != 0, axis=2)
    for flow in flows:
        for gas in np.flatnonzero(emits[case.flow_carrier[flow]]):
            pairs.add((int(case.flow_subsector[flow]), int(gas)))
    return Touched(sorted(activities), sorted(pools), sorted(flows), sorted(pairs))


def level_of(f: Formulation, measure: int, year: int) -> tuple[list[float], list[Any]]:
    """The operating units of a measure in a year: the sum over its modes."""
    modes = f.modes[measure]
    return [1.0] * len(modes), [f.model.level[mode, year] for mode in modes]


def units_of(f: Formulation, measure: int, year: int, new: bool) -> tuple[list[float], list[Any]]:
    """New units (in the measure's unit) or operating units of a year; none before the first start."""
    if not new:
        return level_of(f, measure, year)
    if year < f.first_start(measure):
        return [], []
    return [f.size[measure]], [f.model.new_units[measure, year]]


def by_target(moves: Iterable[Move], f: Formulation) -> dict[int, list[Move]]:
    """Moves of usable measures by what they move."""
    grouped: dict[int, list[Move]] = {}
    for move in moves:
        if int(f.measures.mode_measure[move.mode]) in f.modes:
            grouped.setdefault(move.target, []).append(move)
    return grouped


def short_of_enablers(f: Formulation) -> list[tuple[int, int]]:
    """(limit, year) where the reference alone already needs more enablers than there are."""
    return [
        (number, y)
        for number, each in enumerate(f.measures.enables)
        if each.measure in f.modes
        for y in f.years
        if each.room[0, f.problem.first + y] < 0
    ]


def linear(coefs: list[float], names: list[Any]) -> Any:
    """A linear expression, quick to compile."""
    return LinearExpression(constant=0, linear_coefs=coefs, linear_vars=names)
