"""What is the best there is at each stage? A formulation of its own (`docs/model.md`), solved by SCIP to the end.

Draws on pools are exact: with r what remains of a pool in a year, Z = P r for each member and sum Z = sum P - D, which
SCIP branches on (Bestuzheva et al. 2023, SCIP 8). Whole units are whole. Stages are solved one after the other, each
kept at a given value, or at its optimum, while later ones are.

What towns of tests do not have is not known here, and refused: debts, owners outside, own shares, staff.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from pyscipopt import Model, quicksum

from model.money.financing import Financing
from model.optimiser.problem import Problem
from model.vocabulary import FloatArray
from tests.optimiser.global_method.comparison import USUAL_ROOM, Optimum
from tests.optimiser.global_method.consequences import (
    Array,
    Levels,
    before_draws,
    beyond,
    carrier_use,
    cost,
    cumulative,
    drawn,
    emissions,
    stages_of,
    value_of_carbon,
    values_at,
)

ROOMS = (USUAL_ROOM, 10 * USUAL_ROOM, 100 * USUAL_ROOM)
"""Room of stages that are kept, as share of each and in its unit: the first in which SCIP does not lose its way."""
TRUE = 1e-5
"""Share by which a plan may be better than what SCIP says it reaches."""
FREE = 1e9
FEASIBLE = 5e-8
"""SCIP's tolerance of constraints, as share of their sides."""
CLOSED = 1e-6
"""Relative gap at which SCIP stops."""


@dataclass(frozen=True)
class Best:
    """The best of a stage, given what earlier ones are kept at, in kt, GWh, points or MSEK."""

    reached: float
    """of a plan that SCIP found"""
    bound: float
    """that no plan is better than, by SCIP"""
    level: FloatArray
    """(mode, year) of that plan, in all model years"""
    room: float
    """of earlier stages, as share of each"""

    @property
    def optimum(self) -> Optimum:
        """What is stored and compared."""
        return self.reached, self.bound, self.room


class Oracle:
    """One problem for SCIP."""

    def __init__(self, problem: Problem, seconds: float = 60.0) -> None:
        """`seconds` at most for a stage."""
        self.problem, self.case, self.measures = problem, problem.case, problem.case.measures
        self.first, self.years = problem.first, len(problem.case.years) - problem.first
        self.scip = Model()
        self.scip.hideOutput()
        self.scip.setParam("limits/gap", CLOSED)
        self.scip.setParam("limits/absgap", 1e-7)
        self.scip.setParam("numerics/feastol", FEASIBLE)
        self.seconds = seconds
        self.locks: list[Any] = []
        self.known: list[float] = []
        self._operation()
        self._pools()
        self._relations()
        if problem.money is not None:
            self._money(problem.money)
        self._stages()

    def best(self, kept: Sequence[float] | None = None) -> list[Best]:
        """The best of each stage, earlier ones kept at these values, or at their own optimum."""
        found: list[Best] = []
        for number, expression in enumerate(self.stages):
            self.scip.setObjective(expression, "minimize")
            values = kept if kept is not None else [each.reached for each in found]
            rooms = [room for room in ROOMS if not found or room >= found[-1].room]
            best = next((each for each in (self._solved(number, values, room) for room in rooms) if each), None)
            assert best is not None, f"SCIP found no plan at stage {number}: {self.scip.getStatus()}"
            found.append(best)
            self.locks.append(self.scip.addCons(expression <= FREE))
        return found

    def _solved(self, number: int, values: Sequence[float], room: float) -> Best | None:
        """The best of a stage with so much room at those before; None if SCIP loses its way in it.

        It does where all that is left is within its tolerances: it finds nothing, or a plan that by itself is better
        than what SCIP says it reaches.
        """
        for lock, value in zip(self.locks, values, strict=False):
            self.scip.chgRhs(lock, value + room * max(1.0, abs(value)))
        self._start()
        self.scip.setParam("limits/time", self.seconds / 3)
        self.scip.optimize()
        if self.scip.getNSols() and self.scip.getStatus() == "timelimit":  # it goes on where it was
            self.scip.setParam("limits/time", self.seconds)
            self.scip.optimize()
        found = None
        if self.scip.getNSols():
            reached, bound, level = self.scip.getPrimalbound(), self.scip.getDualbound(), self._values(self.level)
            true = values_at(self.problem, self._values(self.started), level)[number]
            if true >= reached - TRUE * max(1.0, abs(reached)):
                years = np.zeros((len(level), self.first))
                found = Best(reached, bound, np.concatenate([years, level], axis=1), room)
                self.known = [self.scip.getVal(each) for each in self.scip.getVars(transformed=False)]
        self.scip.freeTransform()
        return found

    def _start(self) -> None:
        """Begin with the plan that was best at the stage before."""
        if self.known:
            start = self.scip.createOrigSol()
            for variable, value in zip(self.scip.getVars(transformed=False), self.known, strict=True):
                self.scip.setSolVal(start, variable, value)
            self.scip.addSol(start)

    def _values(self, variables: Array) -> FloatArray:
        return np.array([max(self.scip.getVal(each), 0.0) for each in variables.ravel()]).reshape(variables.shape)

    # --- variables and constraints ---------------------------------------------------------------------

    def _variables(self, name: str, shape: tuple[int, ...], kind: str = "C", most: Any = None) -> Array:
        """Variables from 0 to `most` (of the same shape; None: no limit)."""
        found = np.empty(shape, dtype=object)
        for index in np.ndindex(*shape):
            upper = None if most is None or not np.isfinite(most[index]) else float(most[index])
            found[index] = self.scip.addVar(f"{name}{index}", kind, 0.0, upper)
        return found

    def _operation(self) -> None:
        """What is started and operates: in whole units, within ramps, potentials and lifetimes."""
        measures, years = self.measures, range(self.years)
        self.potential = measures.potential[0, :, self.first :]
        self.started = np.empty((len(measures.names), self.years), dtype=object)
        for m, size in enumerate(measures.unit_size):
            count = self._variables(f"count{m}", (self.years,), "I" if size else "C")
            self.started[m] = count * (float(size) or 1.0)
        self.level = self._variables("level", (len(measures.mode_names), self.years))
        self.operating = np.array([self.level[measures.modes_of(m)].sum(axis=0) for m in range(len(measures.names))])
        begin = np.maximum(measures.first_year - self.problem.start, 0)
        add = self.scip.addCons
        for m in range(len(measures.names)):
            lead, life, ramp = int(measures.lead[m]), int(measures.lifetime[m]), float(measures.ramp[0, m])
            for y in years:
                add(self.operating[m, y] <= float(self.potential[m, y]))
                standing = [self.started[m, v] for v in years if v + lead <= y < v + lead + life]
                add(self.operating[m, y] <= quicksum(standing))
                if y < begin[m] or m in self.problem.excluded:
                    add(self.started[m, y] <= 0)
                if np.isfinite(ramp):
                    retired = self.started[m, y - life] if y >= life else 0.0
                    add(self.started[m, y] - retired <= ramp)

    def _pools(self) -> None:
        """Activities before draws, what remains of pools, and activities and carriers that are not below zero."""
        case = self.case
        before, draws = before_draws(self.problem, self.level), drawn(self.problem, self.level)
        self.activity = before.copy()
        for pool in sorted({move.target for move in case.measures.pool_draws}):
            members = np.flatnonzero(case.pool_of == pool)
            most = self._most(members)
            here = self._variables(f"before{pool}", (len(members), self.years), most=most)
            after = self._variables(f"after{pool}", (len(members), self.years), most=most)
            remains = self._variables(f"remains{pool}", (self.years,), most=np.ones(self.years))
            for y in range(self.years):
                for number, s in enumerate(members):
                    self.scip.addCons(here[number, y] == before[s, y])
                    self.scip.addCons(after[number, y] == here[number, y] * remains[y])
                self.scip.addCons(quicksum(after[:, y]) == quicksum(here[:, y]) - draws[pool, y])
            self.activity[members] = after
        self.found = Levels(self.started, self.level, self.activity)
        self.flow = carrier_use(self.problem, self.found)
        for value in (*self.activity.ravel(), *self.flow.ravel()):
            if not isinstance(value, float):
                self.scip.addCons(value >= 0)

    def _most(self, members: np.ndarray) -> np.ndarray:
        """What members can be at most before draws, (member, year): all conversions at their potential."""
        found = self.case.level[0, members, self.first :].copy()
        for move in self.measures.activity_moves:
            there = self.potential[self.measures.mode_measure[move.mode]] * np.maximum(move.amount[0, self.first :], 0)
            found[members == move.target] += there
        return found

    def _relations(self) -> None:
        """What requires, excludes or enables another."""
        measures, potential = self.measures, self.potential
        for m, other, ratio in measures.requires:
            for y in range(self.years):
                share = ratio * float(potential[m, y] / potential[other, y])
                self.scip.addCons(self.operating[m, y] <= share * self.operating[other, y])
        for pair in measures.excludes:
            yes = self._variables("chosen{}_{}".format(*pair), (2,), "B")
            self.scip.addCons(yes[0] + yes[1] <= 1)
            for side, m in zip(yes, pair, strict=True):
                most = float(potential[m].max()) + float(measures.unit_size[m])
                for y in range(self.years):
                    self.scip.addCons(self.operating[m, y] <= most * side)
                    self.scip.addCons(self.started[m, y] <= most * side)
        for each in measures.enables:
            for y, room in enumerate(each.room[0, self.first :]):
                there = quicksum(ratio * self.operating[other, y] for other, ratio in each.enablers) + float(room)
                short = self._variables(f"short{each.measure}_{y}", (1,), "B")[0]  # or nothing of it operates
                self.scip.addCons(self.operating[each.measure, y] <= there + abs(float(room)) * short)
                self.scip.addCons(self.operating[each.measure, y] <= float(potential[each.measure, y]) * (1 - short))

    def _money(self, money: Financing) -> None:
        """Capital and support are paid in full, each claim within its share, within pots that carry over."""
        assert not len(money.debts.fund) and not money.outside.any() and not money.own_share.any()
        assert not np.isfinite(money.grant_limit).any() and self.problem.staff is None and not any(money.own)
        assert np.array_equal(money.deficit, money.capital) and not self.problem.constraints
        first, claims = self.first, range(len(money.claim_stake))
        pays = self._variables("payment", (len(claims), self.years))
        waits = self._variables("waiting", money.budget[:, first:].shape, most=money.carry_over[:, first:])
        for stake, m in enumerate(money.stake_measure):
            for capital, rate, units in ((True, money.capital, self.started), (False, money.support, self.operating)):
                mine = [c for c in claims if money.claim_stake[c] == stake and money.claim_capital[c] == capital]
                for y in range(self.years):
                    need = float(rate[stake, first + y])
                    self.scip.addCons(quicksum(pays[c, y] for c in mine) == need * units[m, y])
                    for c in mine:
                        limit = float(money.claim_limit[c, first + y])
                        self.scip.addCons(pays[c, y] <= limit * units[m, y])
        for fund in range(len(money.funds)):
            for y in range(self.years):
                used = [pays[c, y] for c in claims if money.claim_fund[c] == fund]
                used += [
                    float(money.charge[money.stake_measure[money.claim_stake[c]], first + v, first + y]) * pays[c, v]
                    for c in claims
                    if money.claim_capital[c] and money.charged_to[money.claim_fund[c]] == fund
                    for v in range(y + 1)
                ]
                waited = float(money.keep[fund]) * waits[fund, y - 1] if y else 0.0
                self.scip.addCons(quicksum(used) + waits[fund, y] - waited <= float(money.budget[fund, first + y]))

    def _stages(self) -> None:
        """The stages as variables that are at least what they count."""
        problem, emitted = self.problem, emissions(self.problem, self.activity, self.flow, self.first)
        missed = {}
        for t, limit in enumerate(problem.limits):
            over = beyond(problem, limit, self.found, self.flow, emitted)
            for y in np.flatnonzero(np.isfinite(limit.bound[self.first :])):
                missed[t, int(y)] = self._at_least(f"missed{t}_{y}", over[y], 0.0)
        self.stages = []
        for number, stage in enumerate(stages_of(problem)):
            if stage.worst:
                worst = self.scip.addVar(f"worst{number}", lb=0.0)
                for key in stage.held:
                    self.scip.addCons(worst >= missed[key])
                self.stages.append(worst)
            elif stage.held:
                self.stages.append(self._at_least(f"sum{number}", quicksum(missed[key] for key in stage.held), 0.0))
            elif stage.money:
                spent = cost(problem, self.found) + value_of_carbon(problem, emitted)
                self.stages.append(self._at_least("cost", spent))
            else:
                self.stages.append(self._at_least("cumulative", cumulative(problem, emitted)))

    def _at_least(self, name: str, expression: Any, least: float | None = None) -> Any:
        """A variable that is at least an expression."""
        found = self.scip.addVar(name, lb=least)
        self.scip.addCons(found >= expression)
        return found
