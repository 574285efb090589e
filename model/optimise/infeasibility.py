"""Which musts clash? The smallest set of what a goal demands and of the limits it meets that no plan can keep together.

Targets never clash: they give way. What can clash is each measure required or excluded, each constraint of the user's
own, each relation, pot and department, and each measure's ramp, timing and potential, and what there is to be moved.

The problem is compiled once; a member is let go by taking the bounds of its rows or columns away. Every set of members
with which there is a plan says that any clash has a member outside it. The smallest set that has a member outside each
of those found so far is tried next, until there is one without a plan: no smaller clash exists (Ignatiev et al. 2015,
"Smallest MUS extraction with minimal hitting set dualization"). First of all, members are taken out while those left
clash (deletion filter), which gives a set of which every member is needed: the one told if time runs out.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import highspy
import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from model.optimise.formulation.assembly import formulate
from model.optimise.plan import proportions
from model.optimise.problem import Problem
from model.optimise.solver.lexicographic import LexicographicSolver

MORE = 100.0
"""So many times its potential may operate of a measure whose potential is let go and that others exclude or enable."""
PATIENCE = 0.1
"""Share of a goal's time limit after which it is not known whether some members can be kept."""
PROOF = 20.0
"""Seconds spent at most on finding a smaller clash than the first one, or that there is none."""
MUSTS = ("require", "exclude", "constraint")
KINDS = (*MUSTS, "requires", "excludes", "enables", "pot", "staff", "ramp", "timing", "potential",
         "activity", "carrier", "payers")  # fmt: skip
"""Kinds of members; of two clashes of the same size, the one with kinds that stand earlier is told."""


@dataclass(frozen=True, order=True)
class Member:
    """One thing that can be part of a clash: its kind, and which one of it, by number or (a constraint) by name."""

    kind: str
    which: tuple[Any, ...]


Judge = Callable[[Iterable[Member]], bool | None]
"""Whether there is a plan that keeps these members; None when that is not known."""


@dataclass(frozen=True)
class Clash:
    """Members that no plan can keep together; the others of them can be, whichever one is let go."""

    members: tuple[Member, ...]
    smallest: bool
    """whether it is known that there is no clash of fewer members; if not, time ran out"""


def smallest_clash(problem: Problem) -> Clash | None:
    """The smallest clash in a problem without a plan; None when there is a plan, or none is known either way."""
    relaxed = Relaxed(problem)
    if relaxed.has_plan(()) is not True or relaxed.has_plan(relaxed.members) is not False:
        return None
    seconds = min(problem.time_limit, PROOF)
    clash = clash_among(relaxed.members, relaxed.has_plan, seconds)
    if problem.money is not None and all(member.kind != "pot" for member in clash.members):
        asked = Relaxed(problem, payers=True)  # is it that nobody may pay, whatever there is in the pots?
        if asked.has_plan(clash.members):
            return clash_among(asked.members, asked.has_plan, seconds)
    return clash


def clash_among(members: Sequence[Member], has_plan: Judge, seconds: float) -> Clash:
    """The smallest clash among members that clash together; one that needs all its members if time runs out."""
    end = time.monotonic() + seconds
    needed = _shrunk(members, has_plan)
    outside: list[set[Member]] = []
    while time.monotonic() < end:
        tried = _smallest_meeting(members, outside)
        if len(tried) >= len(needed):
            return Clash(_ordered(needed), True)
        answer = has_plan(tried)
        if answer is False:
            return Clash(_ordered(tried), True)
        if answer is None:
            break
        outside.append(set(members) - _grown(tried, members, has_plan))
    return Clash(_ordered(needed), False)


def _shrunk(members: Sequence[Member], has_plan: Judge) -> list[Member]:
    """Members that clash and of which each is needed: whole lots are taken out, those of least interest first."""
    needed = list(members)

    def drop(less: list[Member]) -> None:
        nonlocal needed
        rest = [member for member in needed if member not in less]
        if has_plan(rest) is False:
            needed = rest
        elif len(less) > 1:
            drop(less[: len(less) // 2])
            drop(less[len(less) // 2 :])

    drop(sorted(members, key=_rank, reverse=True))
    return needed


def _smallest_meeting(members: Sequence[Member], outside: Sequence[set[Member]]) -> set[Member]:
    """The fewest members of which at least one is in each set, those of most interest where there is a choice."""
    if not outside:
        return set()
    rows = np.array([[member in each for member in members] for each in outside], dtype=float)
    last = len(KINDS) * (len(members) + 1)
    cost = np.array([1.0 + _rank(member)[0] / last for member in members])
    found = milp(cost, constraints=LinearConstraint(rows, 1.0, np.inf), integrality=1, bounds=Bounds(0, 1))
    return {member for member, chosen in zip(members, np.round(found.x), strict=True) if chosen}


def _grown(start: set[Member], members: Sequence[Member], has_plan: Judge) -> set[Member]:
    """`start` and as many more members as go with it, whole lots of limits first, then musts."""
    kept = set(start)

    def add(more: list[Member]) -> None:
        if has_plan(kept | set(more)):
            kept.update(more)
        elif len(more) > 1:
            add(more[: len(more) // 2])
            add(more[len(more) // 2 :])

    for musts in (False, True):
        more = [member for member in members if member not in kept and (member.kind in MUSTS) == musts]
        if more:
            add(more)
    return kept


def _rank(member: Member) -> tuple[int, str]:
    return KINDS.index(member.kind), str(member.which)


def _ordered(members: Iterable[Member]) -> tuple[Member, ...]:
    return tuple(sorted(members, key=_rank))


class Relaxed:
    """A problem compiled once, of which any members can be kept and the others let go."""

    def __init__(self, problem: Problem, payers: bool = False) -> None:
        """With `payers`, that each measure is paid for is a member as well, not taken for granted."""
        self.f = formulate(replace(problem, excluded=frozenset()), proportions(problem, problem.case.level[0]))
        self.problem, self.payers = problem, payers
        self.engine = LexicographicSolver(self.f.model, [1.0] * len(self.f.stages), 1.0, problem.time_limit)
        count = len(self.engine.lower)
        self.engine.solver.changeColsCost(count, np.arange(count, dtype=np.int32), np.zeros(count))
        self.rows: dict[Member, list[int]] = {}
        self.columns: dict[Member, list[int]] = {}
        self._group()
        self._make_room()
        self.members = _ordered(self.rows.keys() | self.columns.keys())
        self.known: dict[frozenset[Member], bool | None] = {}
        self.sides = self.engine.row_lower, self.engine.row_upper
        self.basis: Any = None

    def has_plan(self, kept: Iterable[Member]) -> bool | None:
        """Whether there is a plan that keeps these members; None when the solver cannot tell in time."""
        key = frozenset(kept)
        if key not in self.known:
            self.known[key] = self._has_plan(key)
        return self.known[key]

    def _group(self) -> None:
        """The rows and columns that each member stands for."""
        for (name, index), row in self.engine.rows.items():
            member = self._member(name, index if isinstance(index, tuple) else (index,))
            if member is not None:
                self.rows.setdefault(member, []).append(row)
        flows = self.f.case.flow_subsector, self.f.case.flow_carrier
        for (name, index), column in self.engine.columns.items():
            if name == "activity":
                self.columns.setdefault(Member("activity", (index[0],)), []).append(column)
            elif name == "carrier_use":
                flow = tuple(int(each[index[0]]) for each in flows)
                self.columns.setdefault(Member("carrier", flow), []).append(column)
            elif name in ("new_units", "level"):
                m = index[0] if name == "new_units" else int(self.f.measures.mode_measure[index[0]])
                if m in self.problem.excluded:
                    self.columns.setdefault(Member("exclude", (m,)), []).append(column)

    def _member(self, name: str, index: tuple[Any, ...]) -> Member | None:
        """The member that a row belongs to; None for what is always kept, the balances for instance."""
        if name in {each.name for each in self.problem.constraints}:
            return Member("constraint", (name,))
        if name in ("requires", "excludes"):
            return Member(name, index[:2])
        if name in ("enables", "only_if_served"):
            return Member("enables", index[:1])
        if name == "operating":  # before the first units can stand, the row says nothing but that
            early = index[1] < self.f.first_start(index[0]) + int(self.f.measures.lead[index[0]])
            return Member("timing", index[:1]) if early else None
        if name in ("capital_paid", "support_paid"):
            money = self.problem.money
            paid = self.payers and money is not None
            return Member("payers", (int(money.stake_measure[index[0]]),)) if paid and money is not None else None
        kind = {"required": "require", "ramp": "ramp", "within_potential": "potential", "pot": "pot", "staff": "staff"}
        return Member(kind[name], index[:1]) if name in kind else None

    def _make_room(self) -> None:
        """Loosen what only repeats a member: most units by money, and potentials beside a yes or no."""
        entries = {}
        for (name, _), column in self.engine.columns.items():
            if name == "new_units":
                self.engine.upper[column] = np.inf
        for name, index in self.engine.rows:
            if name == "only_if_chosen":
                m = index[0]
                most = MORE * max(float(self.f.potential[m].max()), self.f.size[m])
                entries[(name, index), ("chosen", m)] = -(most if index[2] == 0 else np.ceil(most / self.f.size[m]))
            elif name == "only_if_served":
                m = self.f.measures.enables[index[0]].measure
                entries[(name, index), ("served", index)] = -MORE * max(float(self.f.potential[m].max()), 1.0)
        self.engine.set_coefficients(entries)

    def _has_plan(self, kept: frozenset[Member]) -> bool | None:
        engine = self.engine
        row_lower, row_upper = engine.row_lower.copy(), engine.row_upper.copy()
        lower, upper = engine.lower.copy(), engine.upper.copy()
        for member in self.members:
            if member.kind == "exclude" and member in kept:
                upper[self.columns[member]] = 0.0
            elif member not in kept:
                row_lower[self.rows.get(member, [])], row_upper[self.rows.get(member, [])] = -np.inf, np.inf
                if member.kind != "exclude":
                    lower[self.columns.get(member, [])] = -np.inf
        solver = engine.solver
        solver.changeColsBounds(len(lower), np.arange(len(lower), dtype=np.int32), lower, upper)
        for row in np.flatnonzero((row_lower != self.sides[0]) | (row_upper != self.sides[1])).tolist():
            solver.changeRowBounds(row, row_lower[row], row_upper[row])
        self.sides = row_lower, row_upper
        for whole in (False, True) if np.any(engine.whole) else (False,):
            engine.set_whole(whole)
            solver.clearSolver()
            if self.basis is not None and not whole:
                solver.setBasis(self.basis)
            solver.setOptionValue("time_limit", solver.getRunTime() + PATIENCE * self.problem.time_limit)
            solver.run()
            status = solver.getModelStatus()
            if not whole and status == highspy.HighsModelStatus.kOptimal:
                self.basis = solver.getBasis()
            if status == highspy.HighsModelStatus.kInfeasible:
                return False
            if status != highspy.HighsModelStatus.kOptimal:
                return None
        return True
