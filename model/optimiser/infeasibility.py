"""Which musts clash? The smallest set of what a goal demands and of the limits it meets that no plan can keep together.

Targets never clash: they give way. What can clash is each measure required or excluded, each constraint of the user's
own, each relation, pot and department, and each measure's ramp, timing and potential, and what there is to be moved.

The problem is compiled once; a member is let go by taking the bounds of its rows or columns away. Every set of members
with which there is a plan says that any clash has a member outside it. The smallest set that has a member outside each
of those found so far is tried next, until there is one without a plan: no smaller clash exists (Ignatiev et al. 2015,
"Smallest MUS extraction with minimal hitting set dualization"). First of all, members are taken out while those left
clash (deletion filter), which gives a set of which every member is needed: the one told if within so much work nothing
smaller is found nor ruled out. Work is counted, so that every machine tells the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from model.optimiser.formulation.again import asked, with_potential
from model.optimiser.formulation.assembly import definitions, exact_rows, formulate
from model.optimiser.formulation.user_constraints import OWN
from model.optimiser.limits.pots import GIVING
from model.optimiser.limits.record import Membership
from model.optimiser.limits.register import LIMITS, limits_of
from model.optimiser.problem import Problem
from model.optimiser.proportions import proportions_at
from model.optimiser.solver.arrays import compiled
from model.optimiser.solver.lexicographic import LexicographicSolver
from model.optimiser.solver.linear import Work

MORE = 100.0
"""So many times its potential may operate of a measure whose potential is let go and that others exclude or enable."""
ITERATIONS = 20
"""Iterations of the simplex method for each row after which it is not known whether some members can be kept: a problem
solved from nothing needs about one."""
NODES = 500
"""Nodes of the search for whole units after which it is not known."""
PROOF, QUESTIONS = 20, 500
"""Iterations for each row in all, and questions, within which a smaller clash than the first one is sought, or a proof
that there is none."""
WEIGHT, GOLDEN = 1e6, (5**0.5 - 1) / 2
"""Weights of members are multiples of the golden ratio, of which hardly two sets add up alike."""
MEMBERSHIPS = {each.kind: each for each in (OWN, *(limit.clash for limit in LIMITS)) if each is not None}
"""How limits take part in a clash, by kind."""
KINDS = tuple(sorted(MEMBERSHIPS, key=lambda kind: MEMBERSHIPS[kind].rank))
"""Kinds of members; of two clashes of the same size, the one with kinds that stand earlier is told."""
MUSTS = frozenset(kind for kind, membership in MEMBERSHIPS.items() if membership.place is not None)
"""Demands of the goal."""


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
    """whether it is known that there is no clash of fewer members; if not, that would have been too much work"""


def smallest_clash(problem: Problem) -> Clash | None:
    """The smallest clash in a problem without a plan; None when there is a plan, or none is known either way."""
    relaxed = Relaxed(problem)
    if relaxed.has_plan(()) is not True or relaxed.has_plan(relaxed.members) is not False:
        return None
    clash = clash_among(relaxed.members, relaxed.has_plan, relaxed.may_go_on)
    if problem.money is not None and all(member.kind != GIVING.kind for member in clash.members):
        doubted = Relaxed(problem, doubted=True)  # is it that nobody may pay, whatever there is in the pots?
        if doubted.has_plan(clash.members):
            return clash_among(doubted.members, doubted.has_plan, doubted.may_go_on)
    return clash


def clash_among(members: Sequence[Member], has_plan: Judge, may_go_on: Callable[[], bool]) -> Clash:
    """The smallest clash among members that clash together; one that needs all its members if it may not go on."""
    members = _ordered(members)
    needed = _shrunk(members, has_plan)
    outside: list[set[Member]] = []
    while may_go_on():
        tried = _smallest_meeting(members, outside, len(needed))
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


def _smallest_meeting(members: Sequence[Member], outside: Sequence[set[Member]], most: int) -> set[Member]:
    """The fewest members of which at least one is in each set, those of most interest where there is a choice.

    From `most` members on they are of no use, and need not be of most interest. Of sets that are as good, the one of
    least weight: so it is the same wherever it is solved.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp  # slow to import, and clashes are rare

    if not outside:
        return set()
    rows = np.array([[member in each for member in members] for each in outside], dtype=float)
    interest = np.array([most * len(KINDS) + _rank(member)[0] for member in members], dtype=float)
    weight = np.floor(WEIGHT * (np.arange(1, len(members) + 1) * GOLDEN % 1))
    met = LinearConstraint(rows, 1.0, np.inf)
    exact = {"mip_rel_gap": 0.0}
    found = milp(interest, constraints=met, integrality=1, bounds=Bounds(0, 1), options=exact)
    least = LinearConstraint(interest, -np.inf, np.round(found.fun) + 0.5)
    found = milp(weight, constraints=(met, least), integrality=1, bounds=Bounds(0, 1), options=exact)
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

    def __init__(self, problem: Problem, doubted: bool = False) -> None:
        """With `doubted`, what is taken for granted at first is a member as well: that each measure is paid for."""
        self.f = formulate(replace(problem, excluded=frozenset()), proportions_at(problem))
        self.problem, self.doubted = problem, doubted
        self.engine = LexicographicSolver(compiled(self.f.model, exact_rows()), definitions())
        self.rows: dict[Member, list[int]] = {}
        self.columns: dict[Member, list[int]] = {}
        self._group()
        self._make_room()
        self.members = _ordered(self.rows.keys() | self.columns.keys())
        self.known: dict[frozenset[Member], bool | None] = {}
        rows = len(self.engine.row_upper)
        self.work, self.most = Work(ITERATIONS * rows, NODES), PROOF * rows

    def has_plan(self, kept: Iterable[Member]) -> bool | None:
        """Whether there is a plan that keeps these members; None when that takes too much work."""
        key = frozenset(kept)
        if key not in self.known:
            self.known[key] = self._has_plan(key)
        return self.known[key]

    def may_go_on(self) -> bool:
        """Whether less work was done so far than may be done for a proof."""
        return self.engine.iterations < self.most and len(self.known) < QUESTIONS

    def _group(self) -> None:
        """The rows and columns that each member stands for."""
        limits = {limit.name: limit.clash for limit in limits_of(self.problem) if self._takes_part(limit.clash)}
        for (name, index), row in self.engine.rows.items():
            clash = limits.get(name)
            which = None if clash is None else clash.member(self.f, index)
            if clash is not None and which is not None:
                self.rows.setdefault(Member(clash.kind, which), []).append(row)
        for clash in limits.values():
            if clash is not None and clash.columns is not None:
                for which, name, index in clash.columns(self.f, self.problem):
                    if (name, index) in self.engine.columns:
                        column = self.engine.columns[name, index]
                        self.columns.setdefault(Member(clash.kind, which), []).append(column)

    def _takes_part(self, clash: Membership | None) -> bool:
        return clash is not None and (self.doubted or not clash.granted)

    def _make_room(self) -> None:
        """Loosen what only repeats a member: most units by money, and potentials beside a yes or no."""
        for key in self.engine.columns:
            if key[0] == "new_units":
                self.engine.set_column_bounds(key, 0.0, np.inf)
        repeats = [each for each in LIMITS if each.relaxable is not None and each.relaxable.kind == "potential"]
        most = MORE * np.maximum(self.f.potential.max(axis=1), self.f.size)
        wide = with_potential(self.f, np.broadcast_to(most[:, None], self.f.potential.shape))
        self.engine.set_coefficients(asked(wide, repeats).where_other(asked(self.f, repeats)).coefficients)

    def _has_plan(self, kept: frozenset[Member]) -> bool | None:
        row_lower, row_upper = self.engine.row_lower.copy(), self.engine.row_upper.copy()
        lower, upper = self.engine.lower.copy(), self.engine.upper.copy()
        for member in self.members:
            if member not in kept:
                row_lower[self.rows.get(member, [])], row_upper[self.rows.get(member, [])] = -np.inf, np.inf
            clash = MEMBERSHIPS[member.kind]
            bounds = clash.kept if member in kept else clash.let_go
            if bounds is not None:
                columns = self.columns.get(member, [])
                lower[columns], upper[columns] = bounds
        return self.engine.has_solution((row_lower, row_upper), (lower, upper), self.work)
