"""How does one kept problem answer what-ifs? Money and potentials are lifted and put back in place."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from model.measures.catalogue import Measures
from model.optimise.problem import Problem
from model.optimise.search import Search
from model.optimise.solver.lexicographic import ColumnKey
from model.vocabulary import BoolArray, FloatArray

TIMES = 10.0
"""By how much potentials are multiplied when they are lifted."""
NEARLY_SETTLED = 1e-4
"""Share of base-year emissions by which a relaxation may differ from its projection."""


def without_speed_limits(problem: Problem) -> Problem:
    """The problem without ramps and lead times."""
    measures = problem.case.measures
    count = len(measures.names)
    measures = replace(measures, ramp=np.full((1, count), np.inf), lead=np.zeros(count, dtype=int))
    return replace(problem, case=replace(problem.case, measures=measures))


def enlarged(measures: Measures, removes: BoolArray) -> FloatArray:
    """Potentials (batch, measure, year), those of removals as they are."""
    return measures.potential * np.where(removes, 1.0, TIMES)[None, :, None]


def forget_affordable(search: Search) -> None:
    """Take off the most whole units that pots can pay for: it would not move with the pots."""
    for key in search.engine.columns:
        if key[0] == "new_units":
            search.engine.set_column_bounds(key, 0.0, np.inf)


class RelaxableProblem:
    """A problem with one target kept in the solver, whole units relaxed, whose money and potentials can be lifted."""

    def __init__(self, problem: Problem, removes: BoolArray) -> None:
        self.problem, self.search = problem, Search(problem)
        self.times = np.where(removes, 1.0, TIMES)
        self.shares: FloatArray = self.search.reference
        engine = self.search.engine
        self.payers = [
            engine.add_column(("anyone", key), {}, {key: 1.0}, upper=0.0)
            for key in [key for key in engine.rows if key[0] in ("capital_paid", "support_paid")]
        ]
        self.pots: dict[int, list[int]] = {}
        self._add_pots()
        self.affordable = {
            key: float(engine.upper[col]) for key, col in engine.columns.items() if key[0] == "new_units"
        }

    def _add_pots(self) -> None:
        """Columns that fill up pots, and lift the ceilings over them; none are filled up yet."""
        engine, money = self.search.engine, self.problem.money
        for key in [key for key in engine.rows if key[0] == "pot"]:
            fund, y = key[1]
            if money is None or fund in money.debts.fund:
                continue
            rows: dict[ColumnKey, float] = {key: -1.0}
            if ("ceiling", (fund, y)) in engine.rows:
                rows["ceiling", (fund, y)] = -1.0
            self.pots.setdefault(fund, []).append(engine.add_column(("extra", (fund, y)), {}, rows, upper=0.0))

    def lift_money(self, lifted: bool) -> None:
        """Let anybody pay for anything, or not."""
        self._allow(self.payers, lifted)
        self._afford(lifted)

    def lift_pots(self, lifted: bool) -> None:
        """Let pots have as much as wanted while the rules on who may pay stay, or not."""
        self._allow([column for columns in self.pots.values() for column in columns], lifted)
        self._afford(lifted)

    def lift_potential(self, lifted: bool) -> None:
        """Multiply potentials, or put them back."""
        f, engine = self.search.formulation, self.search.engine
        entries: dict[tuple[ColumnKey, ColumnKey], float] = {}
        for m in f.usable:
            times = self.times[m] if lifted else 1.0
            for y in f.years:
                potential = times * float(f.potential[m, y])
                if ("within_potential", (m, y)) in engine.rows:
                    engine.set_row_upper("within_potential", (m, y), potential)
                if m in f.chosen:
                    entries[("only_if_chosen", (m, y, 0)), ("chosen", m)] = -potential
                    most = float(np.ceil(times * f.potential[m].max() / f.size[m]))
                    entries[("only_if_chosen", (m, y, 1)), ("chosen", m)] = -most
        for number, y in f.served:
            m = f.measures.enables[number].measure
            times = self.times[m] if lifted else 1.0
            entries[("only_if_served", (number, y)), ("served", (number, y))] = -times * float(f.potential[m, y])
        engine.set_coefficients(entries)

    def least(self) -> float:
        """Least worst shortfall, in t, at the proportions its own plan leads to."""
        solved = self.search.settle_stage(0, NEARLY_SETTLED, self.shares)
        self.shares = self.search.shares
        return 1e3 * solved.objective

    def money_for(self, shortfall: float, funds: int) -> FloatArray:
        """The money that pots would need for a worst shortfall in t, pots lifted, (fund,) in MSEK over all years."""
        engine = self.search.engine
        engine.hold_stage(0, shortfall / 1e3)
        costs = np.zeros(len(engine.lower))
        for columns in self.pots.values():
            costs[columns] = 1.0
        values = engine.minimise(costs).values
        engine.release()
        amount = np.zeros(funds)
        for fund, columns in self.pots.items():
            amount[fund] = values[columns].sum()
        return amount

    def _allow(self, columns: list[int], lifted: bool) -> None:
        engine = self.search.engine
        known = {column: key for key, column in engine.columns.items()}
        for column in columns:
            engine.set_column_bounds(known[column], 0.0, np.inf if lifted else 0.0)

    def _afford(self, lifted: bool) -> None:
        """Most whole units that pots can pay for: no limit where money is lifted."""
        for key, most in self.affordable.items():
            self.search.engine.set_column_bounds(key, 0.0, np.inf if lifted else most)
