"""How does one kept problem answer what-ifs? Limits of a kind are lifted in it and put back in place.

What a limit does when its kind is lifted is said where it stands (`limits.record.Relaxation`): its rows are let go, or
asked for again where what they read is lifted.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from model.optimiser.formulation.again import Asked, asked, with_potential, without_waiting
from model.optimiser.formulation.variables import TONNES, Formulation
from model.optimiser.limits.record import Kind, Limit, Way
from model.optimiser.limits.register import LIMITS
from model.optimiser.limits.targets import TARGET
from model.optimiser.proportions import Proportions
from model.optimiser.search import Search
from model.optimiser.solver.arrays import ColumnKey
from model.vocabulary import BoolArray, FloatArray

TIMES = 10.0
"""By how much potentials are multiplied when they are lifted."""
NEARLY_SETTLED = 1e-4
"""Share of base-year emissions by which a relaxation may differ from its projection."""
PAYING: tuple[Kind, ...] = "money", "pots"
"""Kinds with which the most whole units that pots can pay for are lifted, too."""


def look_at(search: Search, target: int | None) -> int:
    """Leave all targets but one out of a problem, or all; the stage that is the worst shortfall of the one."""
    for name, index in search.engine.rows:
        if name == TARGET.name and index[0] != target:
            search.engine.set_row_upper(name, index, np.inf)
    if target is None:
        return 0
    return 2 * list(search.formulation.worst_shortfall).index(search.problem.limits[target].rank)


def forget_affordable(search: Search) -> None:
    """Take off the most whole units that pots can pay for: it would not move with the pots."""
    for key in search.engine.columns:
        if key[0] == "new_units":
            search.engine.set_column_bounds(key, 0.0, np.inf)


class RelaxableProblem:
    """A problem with one target kept in the solver, whole units relaxed, whose limits can be lifted by kind."""

    def __init__(self, search: Search, target: int, removes: BoolArray, start: Proportions | None = None) -> None:
        """Of the problem of `search`, which stays as it is, one target. `removes` (measure,) are removals, whose
        potential stays; `start`: proportions of pools with which to begin.
        """
        self.search = search.copy()
        self.stage = look_at(self.search, target)
        self.start = start
        engine, f = self.search.engine, self.search.formulation
        self.affordable = {
            key: float(engine.upper[col]) for key, col in engine.columns.items() if key[0] == "new_units"
        }
        larger = with_potential(f, np.where(removes, 1.0, TIMES)[:, None] * f.potential)
        self.rows: dict[tuple[Kind, bool], Asked] = {}
        self._note("potential", *self._asked("potential", larger))
        self._note("speed", *self._asked("speed", without_waiting(f)))
        for kind in PAYING:
            self._note(kind, *self._let_go(kind))
        self.lifted: set[Kind] = set()

    def _note(self, kind: Kind, own: Asked, lifted: Asked) -> None:
        self.rows[kind, False], self.rows[kind, True] = own.where_other(lifted), lifted.where_other(own)

    def _asked(self, kind: Kind, other: Formulation) -> tuple[Asked, Asked]:
        """The rows of a kind as they are, and as they are in another formulation."""
        limits = _of(kind, "again")
        return asked(self.search.formulation, limits), asked(other, limits)

    def _let_go(self, kind: Kind) -> tuple[Asked, Asked]:
        """The rows of a kind as they are, and let go: one of at most so much has no most, the others no least."""
        engine = self.search.engine
        own = {key: (float(engine.row_lower[row]), float(engine.row_upper[row])) for key, row in self._rows_of(kind)}
        no_limit = {key: (-np.inf, np.inf if lower == -np.inf else upper) for key, (lower, upper) in own.items()}
        return Asked(sides=own), Asked(sides=no_limit)

    def _rows_of(self, kind: Kind) -> list[tuple[ColumnKey, int]]:
        where = {limit.name: limit.relaxable.where for limit in _of(kind, "let_go") if limit.relaxable}
        return [
            ((name, index), row)
            for (name, index), row in self.search.engine.rows.items()
            if name in where and where[name](self.search.problem, index)
        ]

    def lift(self, *kinds: Kind) -> None:
        """Lift limits of these kinds, and put those of all others back."""
        for kind in sorted(self.lifted.symmetric_difference(kinds)):
            rows = self.rows[kind, kind in kinds]
            for key, sides in rows.sides.items():
                if key in self.search.engine.rows:
                    self.search.engine.set_row_sides(key, *sides)
            self.search.engine.set_coefficients(rows.coefficients)
        self.lifted = set(kinds)
        self.search.engine.start_anew()  # so much is different that the last basis is further away than none
        self._afford(bool(self.lifted.intersection(PAYING)))

    def least(self) -> float:
        """Least worst shortfall, in t, at the proportions its own plan leads to."""
        solved = self.search.settle_stage(self.stage, NEARLY_SETTLED, self.start)
        self.start = self.search.proportions
        return TONNES * solved.objective

    def money_for(self, shortfall: float, funds: int) -> FloatArray:
        """The money that pots would need for a worst shortfall in t, (fund,) in MSEK over all years.

        At the proportions that are in the solver. What a pot is given lifts its ceiling, too.
        """
        engine = self.search.engine
        self.lift()
        self._afford(True)
        entries: dict[ColumnKey, dict[ColumnKey, float]] = {}
        for key, _ in self._rows_of("pots"):
            entries.setdefault(("given", key[1]), {})[key] = -1.0
        columns = engine.add_columns(entries)
        engine.hold_stage(self.stage, shortfall / TONNES)
        engine.start_anew()
        costs = np.zeros(len(engine.lower))
        costs[columns] = 1.0
        values = engine.minimise_only(costs).values[columns]
        engine.release()
        self._afford(False)
        for key in entries:
            engine.set_column_bounds(key, 0.0, 0.0)
        fund_of = np.array([fund for _, (fund, _) in entries], dtype=int)
        return np.array([values[fund_of == fund].sum() for fund in range(funds)])

    def _afford(self, anything: bool) -> None:
        """Most whole units that pots can pay for: no limit where money is lifted."""
        for key, most in self.affordable.items():
            self.search.engine.set_column_bounds(key, 0.0, np.inf if anything else most)


def _of(kind: Kind, by: Way) -> Iterable[Limit]:
    """The limits of a kind that give way in the same way."""
    return [limit for limit in LIMITS if limit.relaxable and (limit.relaxable.kind, limit.relaxable.by) == (kind, by)]
