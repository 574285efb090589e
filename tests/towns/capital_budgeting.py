"""Capital budgeting as a municipality: projects with profits, and constraints on what they may take, as input folders.

A project becomes a measure of one whole unit that avoids as many tonnes a year as the project has profit. A constraint
becomes an owner with a pot of its own, which alone may pay it: a measure costs the sum of its weights, and an owner's
share of it is its weight in that sum. There is one year of decisions, and its emissions are the target's: the least
emissions are the highest profit.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np

from model.optimiser.goal import problem_of
from model.optimiser.plan import Plan
from model.optimiser.problem import Problem
from model.optimiser.search import find_plan
from model.optimiser.verification import TOLERANCE, violations
from model.projection.replay import emissions
from tests.towns.input_folder import one_emitter, read_town, write_town

BASE, DECIDED = 2024, 2025

Number = int | str
"""An integer, or a decimal as text: tests reckon exactly with it."""


@dataclass(frozen=True)
class Instance:
    """Highest sum of profits of chosen projects, weights of each constraint summing to at most its capacity."""

    name: str
    profits: Sequence[Number]
    weights: Sequence[Sequence[Number]]
    """(constraint, project)"""
    capacities: Sequence[Number]

    def profit(self, chosen: Iterable[int]) -> Decimal:
        """Sum of profits of projects (numbered from 0), exact."""
        return sum((Decimal(self.profits[j]) for j in chosen), Decimal(0))

    def taken(self, chosen: Iterable[int]) -> tuple[Decimal, ...]:
        """Sum of weights of projects by constraint, exact."""
        projects = tuple(chosen)
        return tuple(sum((Decimal(row[j]) for j in projects), Decimal(0)) for row in self.weights)

    def fits(self, chosen: Iterable[int]) -> bool:
        """Whether projects can be had together, exactly."""
        return all(used <= Decimal(most) for used, most in zip(self.taken(chosen), self.capacities, strict=True))


def knapsack(seed: int, projects: int = 100, constraints: int = 5, tightness: float = 0.25) -> Instance:
    """An instance like those of OR-Library's mknapcb, drawn as they were (Chu and Beasley 1998, J. of Heuristics 4).

    Weights are uniform between 1 and 1000, capacities a share of their sum, and profits correlated with weights: the
    mean of a project's weights plus up to 500.
    """
    rng = np.random.default_rng(seed)
    weights = rng.integers(1, 1001, (constraints, projects))
    profits = np.floor(weights.mean(axis=0) + 500 * rng.random(projects)).astype(int)
    capacities = np.floor(tightness * weights.sum(axis=1)).astype(int)
    name = f"knapsack_{constraints}_{projects}_{seed}"
    return Instance(name, profits.tolist(), weights.tolist(), capacities.tolist())


def write(instance: Instance, root: Path) -> None:
    """Write an instance as a municipality of its name, with the goal and study of that name."""
    projects, constraints = range(len(instance.profits)), range(len(instance.capacities))
    total = [sum(Decimal(row[j]) for row in instance.weights) for j in projects]
    year = {"year": DECIDED}
    tables = one_emitter(float(instance.profit(projects)), BASE) | {
        "owners": [
            {"owner": f"owner{i}", "municipal": "yes", "price_set": "market", "rate": 0, "payback_years": 1}
            for i in constraints
        ],
        "funds": [
            {
                "fund": f"pot{i}", "kind": "municipal_investment", "pays": "capital", "order": i, "carry_over": 0,
                "carry_over_unit": "MSEK_2026", "price_basis": "real",
            }
            for i in constraints
        ],
        "budgets": [
            year | {"fund": f"pot{i}", "value": most, "unit": "MSEK_2026/year"}
            for i, most in enumerate(instance.capacities)
        ],
        "eligibility": [
            {"fund": f"pot{i}", "owner": f"owner{i}", "category": "any", "largest_share": 1} for i in constraints
        ],
        "measures": [
            {
                "measure": f"P{j}", "category": "project", "hierarchy": "avoid", "unit": "project", "lifetime": 1,
                "lead": 0, "first_year": DECIDED, "unit_size": 1, "in_reference": "no",
            }
            for j in projects
        ],
        "owner_shares": [
            {"measure": f"P{j}", "owner": f"owner{i}", "share": float(Decimal(row[j]) / total[j])}
            for j in projects
            if total[j]
            for i, row in enumerate(instance.weights)
        ] + [{"measure": f"P{j}", "owner": "owner0", "share": 1} for j in projects if not total[j]],
        "costs": [
            year | {"measure": f"P{j}", "item": "capital", "value": float(total[j]), "unit": "MSEK_2026"}
            for j in projects
        ],
        "potentials": [
            year | {"measure": f"P{j}", "value": 1, "unit": "project", "basis": "additional"} for j in projects
        ],
        "effects": [
            year | {
                "measure": f"P{j}", "kind": "activity", "target": "smoke", "basis": "amount",
                "value": -float(Decimal(instance.profits[j])), "unit": "batch",
            }
            for j in projects
        ],
        "targets": [
            year | {
                "target": "nothing_emitted", "indicator": "fossil_co2", "limit": 0, "unit": "t_CO2e", "hold": "from",
                "priority": 1, "evaluable": "yes",
            }
        ],
    }  # fmt: skip
    settings = {"base_year": BASE, "last_year": DECIDED, "first_decision_year": DECIDED, "social_rate": 0}
    goal = {"objective": "least_emissions", "targets": ["nothing_emitted"], "gap": 1e-6}
    write_town(root, instance.name, settings, tables, goal)


@dataclass(frozen=True)
class Answer:
    """What the optimiser chose, what that avoids and who pays, each from the plan and its projection."""

    chosen: tuple[int, ...]
    """numbers of the projects, from 0"""
    avoided: float
    """t in the target's year, by the projection"""
    paid: tuple[float, ...]
    """MSEK from each pot"""
    plan: Plan
    problem: Problem


def asked(instance: Instance, root: Path) -> Problem:
    """An instance written to a folder, read and checked."""
    write(instance, root)
    batch = read_town(root, instance.name)
    return problem_of(batch.scenarios[instance.name], batch.built["central"])


def answer(instance: Instance, root: Path) -> Answer:
    """An instance written to a folder, read, checked, solved, projected, and re-checked outside the solver."""
    problem = asked(instance, root)
    plan = find_plan(problem)
    broken = {limit: worst for limit, worst in violations(problem, plan).items() if worst > TOLERANCE}
    assert not broken
    case, money, year = problem.case, problem.financing, problem.first
    assert money is not None
    started = {name: plan.new_units[m, year] for m, name in enumerate(case.measures.names)}
    chosen = tuple(j for j in range(len(instance.profits)) if started[f"P{j}"] == 1)
    assert sum(started.values()) == len(chosen)  # whole ones only
    left = emissions(case, plan.outcome.activity, plan.outcome.flow)[0, :, :, year]
    pots = [money.funds.index(f"pot{i}") for i in range(len(instance.capacities))]
    paid = tuple(float(plan.payment[money.claim_fund == pot, year].sum()) for pot in pots)
    return Answer(chosen, float(instance.profit(range(len(instance.profits)))) - float(left.sum()), paid, plan, problem)


def enumerated(instance: Instance) -> tuple[Decimal, list[tuple[int, ...]]]:
    """The highest profit and all the ways of reaching it, by trying every choice of projects; exact."""
    projects = range(len(instance.profits))
    every = itertools.chain.from_iterable(itertools.combinations(projects, r) for r in range(len(projects) + 1))
    best, ways = Decimal(0), list[tuple[int, ...]]()
    for chosen in every:
        profit = instance.profit(chosen)
        if profit >= best and instance.fits(chosen):
            best, ways = profit, [*(ways if profit == best else []), chosen]
    return best, ways


def tabulated(instance: Instance) -> int:
    """The highest profit of an instance of integers, by dynamic programming over what is left of each capacity.

    Bellman's recursion, best[r] = max(best[r], profit + best[r - weight]) project by project, (Kellerer, Pferschy and
    Pisinger 2004, section 9.3.2); exact, for few constraints with small capacities.
    """
    best = np.zeros([int(most) + 1 for most in instance.capacities], dtype=np.int64)
    for profit, *weights in zip(instance.profits, *instance.weights, strict=True):
        taken = [int(weight) for weight in weights]
        if all(weight < size for weight, size in zip(taken, best.shape, strict=True)):
            rest = best[tuple(slice(0, size - weight) for weight, size in zip(taken, best.shape, strict=True))]
            more = best[tuple(slice(weight, None) for weight in taken)]
            np.maximum(more, rest + int(profit), out=more)
    return int(best.flat[-1])


def greedy(instance: Instance) -> tuple[int, ...]:
    """Projects taken in the order of profit per unit of all weights together, each if there is room for it still."""
    worth = [instance.profit([j]) / sum(instance.taken([j])) for j in range(len(instance.profits))]
    chosen: tuple[int, ...] = ()
    for j in sorted(range(len(worth)), key=lambda project: (-worth[project], project)):
        if instance.fits([*chosen, j]):
            chosen = (*chosen, j)
    return tuple(sorted(chosen))
