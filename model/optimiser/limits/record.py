"""What is a limit? One record: its rows, its re-check, what it is worth, how it is let go and how a clash tells it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np

from model.inputs.faults import Place
from model.measures.catalogue import Measures
from model.money.financing import Financing
from model.money.pots import PotAccounts, by_fund, keep_accounts
from model.optimiser.formulation.variables import Formulation, Index, Rows
from model.optimiser.plan import Plan
from model.optimiser.problem import Problem
from model.projection.replay import installed
from model.vocabulary import BoolArray, FloatArray

TOLERANCE = 1e-6
"""Largest violation accepted, relative to the size of what is compared (at least 1 unit, or 1 MSEK)."""


@dataclass(frozen=True)
class Check:
    """A limit re-checked: its largest relative violation, and the least room left, in the unit of what is limited."""

    violation: float
    slack: float


def worst(excess: FloatArray, size: FloatArray) -> Check:
    """Of what is above its limit (excess, negative where there is room), compared with the size of what is limited."""
    finite = np.where(np.isfinite(excess), excess, 0.0)
    relative = float(np.max(finite / np.maximum(np.abs(size), 1.0), initial=0.0))
    known = np.asarray(excess)[np.isfinite(excess)]
    return Check(relative, float(-known.max()) if known.size else np.inf)


@dataclass(frozen=True)
class Seen:
    """A plan as a re-check sees it: plain arrays and the projection, nothing of the solver or of the rows."""

    problem: Problem
    plan: Plan

    @property
    def measures(self) -> Measures:
        """What can be decided."""
        return self.problem.case.measures

    @property
    def window(self) -> slice:
        """The years in which something can be decided."""
        return slice(self.problem.first, None)

    @cached_property
    def level(self) -> FloatArray:
        """Units that operate, (measure, year)."""
        return self.measures.of_modes(self.plan.level)

    @cached_property
    def standing(self) -> FloatArray:
        """Units that could operate, (measure, year)."""
        return np.asarray(installed(self.measures, self.plan.new_units[None])[0])

    @cached_property
    def started(self) -> FloatArray:
        """New units of what each stake pays for, (stake, year)."""
        return np.asarray(self.plan.new_units[self.money.stake_measure])

    @cached_property
    def capital_claims(self) -> BoolArray:
        """Claims on capital, (claim,); the others are on support."""
        return np.array(self.money.claim_capital, dtype=bool)

    def paid(self, claims: BoolArray) -> FloatArray:
        """Payments of some claims (claim,) by stake, (stake, year) in MSEK."""
        total = np.zeros_like(self.money.capital)
        np.add.at(total, self.money.claim_stake[claims], self.plan.payment[claims])
        return total

    def payers(self, funds: Any) -> BoolArray:
        """Claims on capital whose fund is one of these (fund,), (claim,)."""
        return np.asarray(self.capital_claims & np.array(funds, dtype=bool)[self.money.claim_fund])

    @cached_property
    def money(self) -> Financing:
        """Who may pay; what a pot could have saved before the first decision is not there."""
        money = self.problem.money
        assert money is not None
        decided = np.arange(money.budget.shape[1]) >= self.problem.first
        return replace(money, budget=np.where(decided, money.budget, 0.0))

    @cached_property
    def accounts(self) -> PotAccounts:
        """What payments make of the pots, reckoned from them alone."""
        return keep_accounts(self.money, by_fund(self.money, self.plan.payment, len(self.measures.names)))


Rechecks = Iterator[tuple[str, Check]]
"""What was re-checked, by name: of one limit one, or one for each pot, department, relation."""
Which = tuple[Any, ...]
"""Which one of a kind: a measure, a fund, a pair of measures, ..., by number (a constraint of the user's: by name)."""


def first_index(_: Formulation, index: Index) -> Which:
    """The first index of a row: its measure, fund, department, ..."""
    return index[:1]


@dataclass(frozen=True)
class Membership:
    """How a limit takes part in a clash, the smallest set of what cannot all be had."""

    kind: str
    rank: int
    """of two clashes of the same size, the one with kinds of lower rank is told"""
    words: Callable[..., str]
    """(told, *which) in words, with where it stands"""
    member: Callable[[Formulation, Index], Which | None] = first_index
    """which member a row belongs to; None: it is always kept"""
    columns: Callable[[Formulation, Problem], Iterator[tuple[Which, str, Index]]] | None = None
    """of what bounds of variables hold: members with the name and index of each variable"""
    kept: tuple[float, float] | None = None
    """bounds of these variables while the limit is kept; None: their own"""
    let_go: tuple[float, float] | None = None
    """the same once it is let go"""
    place: Callable[..., Place] | None = None
    """(told, *which): where the goal demands it; None: it is no demand of the goal"""
    granted: bool = False
    """taken for granted, unless no pot is part of the clash"""


Kind = Literal["money", "pots", "speed", "potential"]
"""What can be lifted: anybody pays for anything; pots are filled up; nothing waits; there is more of everything."""
Way = Literal["let_go", "again"]
"""How: a row has no limit any more; or the rows are asked for again, of a formulation in which what they read
(potentials, ramps and lead times) is lifted."""


@dataclass(frozen=True)
class Relaxation:
    """How a limit gives way when its kind is lifted."""

    kind: Kind
    by: Way = "let_go"
    where: Callable[[Problem, Index], bool] = lambda problem, index: True
    """the rows that give way"""


@dataclass(frozen=True)
class Definition:
    """Rows that say what a variable is. They forbid nothing: that the projection agrees is their check."""

    rows: Callable[[Formulation], Rows]
    of: str = ""
    """the variable that each row gives in terms of others, by the same index and with coefficient 1; blank: none"""

    @property
    def name(self) -> str:
        """That of the rows in the model."""
        return self.rows.__name__

    @property
    def module(self) -> str:
        """Where it is declared."""
        return self.rows.__module__


@dataclass(frozen=True, kw_only=True)
class Limit:
    """A limit of every plan; what cannot be said of it is None."""

    rows: Callable[[Formulation], Rows] | None = None
    """None: bounds of variables keep it"""
    called: str = ""
    """its name where there are no rows"""
    recheck: Callable[[Seen], Rechecks]
    """independent arithmetic on the plan; limits may share one"""
    priced: Callable[[Problem, Index], tuple[str, str]] | None = None
    """what a row limits (a fund, a measure), and its unit"""
    relaxable: Relaxation | None = None
    clash: Membership | None = None
    exact: bool = False
    """its coefficients are rounded already"""

    @property
    def name(self) -> str:
        """That of its rows in the model."""
        return self.called or self.rows.__name__  # type: ignore[union-attr]

    @property
    def module(self) -> str:
        """Where it is declared."""
        return self.recheck.__module__


def of_measure(problem: Problem, index: Index) -> tuple[str, str]:
    """The measure that a row limits, and its unit."""
    return problem.case.measures.names[index[0]], problem.case.measures.units[index[0]]
