"""How does one kept problem answer what-ifs? Limits of a kind are lifted in it and put back in place.

What a limit does when its kind is lifted is said where it stands (`limits.record.Relaxation`): a column of its own
makes up for what each row misses, or its rows are asked for again where what they read is lifted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from model.optimiser.formulation.again import asked, with_potential
from model.optimiser.formulation.variables import TONNES
from model.optimiser.limits.record import Kind, Limit, Way
from model.optimiser.limits.register import LIMITS
from model.optimiser.problem import Problem
from model.optimiser.search import Search
from model.optimiser.solver.arrays import ColumnKey
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


def forget_affordable(search: Search) -> None:
    """Take off the most whole units that pots can pay for: it would not move with the pots."""
    for key in search.engine.columns:
        if key[0] == "new_units":
            search.engine.set_column_bounds(key, 0.0, np.inf)


class RelaxableProblem:
    """A problem with one target kept in the solver, whole units relaxed, whose limits can be lifted by kind."""

    def __init__(self, problem: Problem, removes: BoolArray, fast: bool = False) -> None:
        """`removes` (measure,) are removals, whose potential stays. `fast`: nothing waits, in this problem for good."""
        self.problem = without_speed_limits(problem) if fast else problem
        self.search = Search(self.problem)
        self.shares: FloatArray = self.search.reference
        engine, formulation = self.search.engine, self.search.formulation
        self.payers = self._add_slack("money")
        self.pots = self._add_slack("pots")
        self.larger = self._add_slack("potential")
        self._open(self._add_slack("speed"), fast)
        self.affordable = {
            key: float(engine.upper[col]) for key, col in engine.columns.items() if key[0] == "new_units"
        }
        potentials = _of("potential", "again")
        larger = with_potential(formulation, np.where(removes, 1.0, TIMES)[:, None] * formulation.potential)
        own, lifted = asked(formulation, potentials), asked(larger, potentials)
        self.rows = {False: own.where_other(lifted), True: lifted.where_other(own)}

    def _add_slack(self, kind: Kind) -> list[ColumnKey]:
        """Columns that make up for what rows of a kind miss, one for the rows of an index; they are closed at first.

        A row of at most so much gets more; one of at least, or just, so much gets what makes up for it.
        """
        engine = self.search.engine
        where = {limit.name: limit.relaxable.where for limit in _of(kind, "slack") if limit.relaxable}
        found: dict[ColumnKey, dict[ColumnKey, float]] = {}
        for name, index in engine.rows:
            if name in where and where[name](self.problem, index):
                sign = -1.0 if engine.row_lower[engine.rows[name, index]] == -np.inf else 1.0
                together = index if kind == "pots" else (name, index)  # what a pot is given lifts its ceiling, too
                found.setdefault((kind, together), {})[name, index] = sign
        for key, entries in found.items():
            engine.add_column(key, {}, entries, upper=0.0)
        return list(found)

    def lift_money(self, lifted: bool) -> None:
        """Let anybody pay for anything, or not."""
        self._open(self.payers, lifted)
        self._afford(lifted)

    def lift_pots(self, lifted: bool) -> None:
        """Let pots have as much as wanted while the rules on who may pay stay, or not."""
        self._open(self.pots, lifted)
        self._afford(lifted)

    def lift_potential(self, lifted: bool) -> None:
        """Multiply potentials, or put them back."""
        engine, rows = self.search.engine, self.rows[lifted]
        self._open(self.larger, lifted)
        for key, sides in rows.sides.items():
            if key in engine.rows:
                engine.set_row_sides(key, *sides)
        engine.set_coefficients(rows.coefficients)

    def least(self) -> float:
        """Least worst shortfall, in t, at the proportions its own plan leads to."""
        solved = self.search.settle_stage(0, NEARLY_SETTLED, self.shares)
        self.shares = self.search.shares
        return TONNES * solved.objective

    def money_for(self, shortfall: float, funds: int) -> FloatArray:
        """The money that pots would need for a worst shortfall in t, pots lifted, (fund,) in MSEK over all years."""
        engine = self.search.engine
        engine.hold_stage(0, shortfall / TONNES)
        columns = np.array([engine.columns[key] for key in self.pots], dtype=int)
        fund_of = np.array([fund for _, (fund, _) in self.pots], dtype=int)
        costs = np.zeros(len(engine.lower))
        costs[columns] = 1.0
        values = engine.minimise(costs).values[columns]
        engine.release()
        return np.array([values[fund_of == fund].sum() for fund in range(funds)])

    def _open(self, columns: Iterable[ColumnKey], lifted: bool) -> None:
        for key in columns:
            self.search.engine.set_column_bounds(key, 0.0, np.inf if lifted else 0.0)

    def _afford(self, lifted: bool) -> None:
        """Most whole units that pots can pay for: no limit where money is lifted."""
        for key, most in self.affordable.items():
            self.search.engine.set_column_bounds(key, 0.0, np.inf if lifted else most)


def _of(kind: Kind, by: Way) -> list[Limit]:
    """The limits of a kind that give way in the same way."""
    return [limit for limit in LIMITS if limit.relaxable and (limit.relaxable.kind, limit.relaxable.by) == (kind, by)]
