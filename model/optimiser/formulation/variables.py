"""What may be decided? The variables of the optimisation problem, and what its constraints are made of.

The rows of limits stand in `limits/`, the objective in `objectives`, each a function named after its
mathematics with formula and unit in its docstring. Rows are given as (index, lower, coefficients,
variables, upper) and built as linear expressions, which Pyomo compiles several times faster than general ones.
Emissions are in kt of gas, money in MSEK, levels in the measures' own units. Only activities, flows and emissions
that some measure can change are variables. Year 0 is the first decision year.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyomo.core as pyo
from pyomo.core.expr import LinearExpression

from model.measures.catalogue import Move
from model.optimiser.problem import Problem
from model.optimiser.proportions import Proportions
from model.projection.case import Case
from model.projection.coefficients import reference_flow
from model.vocabulary import FloatArray

Index = tuple[int, ...]
LinearRow = tuple[Index, float | None, list[float], list[Any], float | None]
Rows = Iterator[LinearRow]
Variable = dict[Any, Any]
"""Pyomo's variables by index."""
KT = 1e-3
"""kt in a t"""
TONNES = 1e3
"""t in a kt"""


class Formulation:
    """The model and everything its constraints are made of: coefficients, and the variables by their index."""

    def __init__(self, problem: Problem, proportions: Proportions) -> None:
        case = problem.case
        self.problem, self.case, self.measures = problem, case, case.measures
        self.years = range(len(case.years) - problem.first)
        self.window = slice(problem.first, None)
        self.proportions = proportions
        self.size = np.where(self.measures.unit_size > 0, self.measures.unit_size, 1.0)
        self.potential = self.decided(self.measures.potential[0])
        self.touched = touched(case)
        self.flow0 = self.decided(reference_flow(case)[0])
        self.usable = np.flatnonzero(np.any(self.potential > 0, axis=1)).tolist()
        self.modes = {index: [int(mode) for mode in self.measures.modes_of(index)] for index in self.usable}
        self.model = pyo.ConcreteModel()
        self.stages: list[Any] = []
        self._decisions()
        self._consequences()
        self._payments()

    def _owner(self, mode: int) -> int:
        return int(self.measures.mode_measure[mode])

    def decided(self, values: FloatArray) -> FloatArray:
        """Values (..., model year) from the first decision year on, (..., year of the problem)."""
        return values[..., self.window]

    @cached_property
    def keys(self) -> dict[int, tuple[str, Any]]:
        """(name, index) of every variable, by its identity."""
        variables = ((each.local_name, each) for each in self.model.component_objects(pyo.Var))
        return {id(data): (name, index) for name, variable in variables for index, data in variable.items()}

    def drawn(self, activity: int) -> bool:
        """Whether an activity is a member of a pool that some measure draws on."""
        return int(self.case.pool_of[activity]) in self.touched.pools

    def first_start(self, measure: int) -> int:
        """Year index from which units of a measure can be started."""
        return max(0, int(self.measures.first_year[measure]) - self.problem.start)

    def _variable(
        self, name: str, index: Sequence[Any], domain: Any, most: Mapping[Any, float] | None = None
    ) -> Variable:
        """A variable of the model by its index; `most` are upper bounds."""
        variable = pyo.Var(pyo.SetOf(index), domain=domain)
        self.model.add_component(name, variable)
        for key, value in (most or {}).items():
            variable[key].setub(value)
        return dict(variable.items())  # Pyomo checks an index each time it looks one up; a dictionary does not

    def _decisions(self) -> None:
        """What is started, what operates, and the yes or no of measures that exclude or enable each other."""
        years, starts = self.years, [(m, y) for m in self.usable for y in self.years if y >= self.first_start(m)]
        whole = {m for m in self.usable if self.measures.unit_size[m] > 0}
        domains = {m: pyo.NonNegativeIntegers if m in whole else pyo.NonNegativeReals for m in self.usable}
        self.affordable = self._affordable(whole)
        """most whole units of a measure in a year that money allows, {(measure, year): units}"""
        shut = dict.fromkeys([(m, y) for m, y in starts if m in self.problem.excluded], 0.0)
        self.new_units = self._variable("new_units", starts, lambda _, m, y: domains[m], self.affordable | shut)
        operating = [(a, y) for m in self.usable for a in self.modes[m] for y in years]
        shut = dict.fromkeys([(a, y) for a, y in operating if self._owner(a) in self.problem.excluded], 0.0)
        self.level = self._variable("level", operating, pyo.NonNegativeReals, shut)
        chosen = {m for pair in self.measures.excludes for m in pair if set(pair) <= set(self.usable)}
        self.chosen = self._variable("chosen", sorted(chosen), pyo.Binary)
        self.served = self._variable("served", short_of_enablers(self), pyo.Binary)

    def _affordable(self, whole: set[int]) -> dict[Index, float]:
        """Most whole units that all the pots of a year together could pay for: cuts off shares of unaffordable ones."""
        money, most = self.problem.money, dict[Index, float]()
        if money is None:
            return most
        own, pays_capital = np.array(money.own, dtype=bool), np.array(money.claim_capital, dtype=bool)
        public = pays_capital & ~own[money.claim_fund]
        there = self.decided(money.budget + money.carry_over)
        cost = self.decided(np.minimum(money.deficit, money.capital))
        for stake, m in enumerate(money.stake_measure.tolist()):
            if m not in whole:
                continue
            pots = there[money.claim_fund[public & (money.claim_stake == stake)]].sum(axis=0)
            for y in range(self.first_start(m), len(self.years)):
                if cost[stake, y] > 0:
                    units = float(np.floor(pots[y] / (cost[stake, y] * self.size[m]) + 1e-6))
                    most[m, y] = min(most.get((m, y), units), units)
        return most

    def _consequences(self) -> None:
        """Activities, carrier use, emissions, and how far they are from the targets."""
        years, reals = self.years, pyo.NonNegativeReals
        self.activity = self._variable("activity", [(s, y) for s in self.touched.activities for y in years], reals)
        drawn = [(q, y) for q in self.touched.pools for y in years]
        self.pool_draw = self._variable("pool_draw", drawn, reals)
        self.pool_total = self._variable("pool_total", drawn, reals)
        members = [(s, y) for s in self.touched.activities if self.drawn(s) for y in years]
        self.before_draws = self._variable("before_draws", members, reals)
        self.carrier_use = self._variable("carrier_use", [(f, y) for f in self.touched.flows for y in years], reals)
        emitted = [(k, g, y) for k, g in self.touched.emissions for y in years]
        self.emissions = self._variable("emissions", emitted, pyo.Reals)
        holds = [np.isfinite(self.decided(limit.bound)) for limit in self.problem.limits]
        held = [(t, y) for t, mine in enumerate(holds) for y in years if mine[y]]
        self.shortfall = self._variable("shortfall", held, reals)
        self.worst_shortfall = self._variable(
            "worst_shortfall", sorted({limit.rank for limit in self.problem.limits}), reals
        )

    def _payments(self) -> None:
        """Who pays, what waits in a pot for next year, what has been invested and borrowed."""
        money, years = self.problem.money, self.years
        self.books, self.book_of = books(self)
        claims: list[Index] = []
        waiting: list[Index] = []
        supported: list[Index] = []
        debts = range(0 if money is None else len(money.debts.fund))
        if money is not None:
            measure = money.stake_measure[money.claim_stake]
            mine = [c for c in range(len(measure)) if measure[c] in self.modes]
            claims = [(c, y) for c in mine for y in years]
            waiting = [(f, y) for f in range(len(money.funds)) if np.any(money.carry_over[f] > 0) for y in years]
            asks = [c for c in mine if money.claim_capital[c] and money.own_share[money.claim_fund[c]] > 0]
            supported = [(c, y) for c in asks for y in years if y >= self.first_start(int(measure[c]))]
            whole = {c for c in asks if self.measures.unit_size[measure[c]] > 0}
            domains = {c: pyo.NonNegativeIntegers if c in whole else pyo.NonNegativeReals for c in asks}
        reals = pyo.NonNegativeReals
        self.payment = self._variable("payment", claims, reals)
        self.pot_balance = self._variable("pot_balance", waiting, reals)
        self.supported = self._variable("supported", supported, lambda _, c, y: domains[c])
        self.invested = self._variable("invested", [(b, y) for b in range(len(self.books)) for y in years], reals)
        self.borrowed = self._variable("borrowed", [(d, y) for d in debts for y in years], reals)

    def add(self, constraint: Callable[[Formulation], Rows]) -> None:
        """Put the rows of a constraint into the model, under its name."""
        rows = {index: (lower, coefs, names, upper) for index, lower, coefs, names, upper in constraint(self)}

        def rule(_: Any, *index: int) -> Any:
            lower, coefs, names, upper = rows[index]
            body = LinearExpression(constant=0, linear_coefs=coefs, linear_vars=names)
            return (body, lower) if lower == upper else (lower, body, upper)

        self.model.add_component(constraint.__name__, pyo.Constraint(pyo.SetOf(list(rows)), rule=rule))


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


@dataclass(frozen=True)
class Book:
    """Assets that one pot carries the capital charge of, and that are written off alike."""

    pot: int
    measure: int
    """one of the measures, whose charge all share"""


def books(f: Formulation) -> tuple[list[Book], dict[int, int]]:
    """The books of all pots, and the book of each claim that is charged: charges stay few however many measures."""
    money, found, of_claim = f.problem.money, list[Book](), dict[int, int]()
    if money is None:
        return found, of_claim
    known: dict[tuple[int, int, int], int] = {}
    for claim, (stake, fund) in enumerate(zip(money.claim_stake, money.claim_fund, strict=True)):
        pot, m = int(money.charged_to[fund]), int(money.stake_measure[stake])
        if pot < 0 or not money.claim_capital[claim] or m not in f.modes:
            continue
        key = pot, int(f.measures.lifetime[m]), int(f.measures.lead[m])
        if key not in known:
            known[key] = len(found)
            found.append(Book(pot, m))
        of_claim[claim] = known[key]
    return found, of_claim


def level_of(f: Formulation, measure: int, year: int) -> tuple[list[float], list[Any]]:
    """The operating units of a measure in a year: the sum over its modes."""
    modes = f.modes[measure]
    return [1.0] * len(modes), [f.level[mode, year] for mode in modes]


def units_of(f: Formulation, measure: int, year: int, new: bool) -> tuple[list[float], list[Any]]:
    """New units (in the measure's unit) or operating units of a year; none before the first start."""
    if not new:
        return level_of(f, measure, year)
    if year < f.first_start(measure):
        return [], []
    return [f.size[measure]], [f.new_units[measure, year]]


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
        if f.decided(each.room[0])[y] < 0
    ]


def key_of(variable: Any) -> tuple[str, Any]:
    """(name, index) of a variable; an empty name for what is none."""
    component = getattr(variable, "parent_component", None)
    return ("", None) if component is None else (component().local_name, variable.index())


def linear(coefs: list[float], names: list[Any]) -> Any:
    """A linear expression, quick to compile."""
    return LinearExpression(constant=0, linear_coefs=coefs, linear_vars=names)
