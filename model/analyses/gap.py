"""What would close what is left? The gap between a plan and a target, explained by what stands in its way.

Four kinds of limits are lifted: money (pots, and who may pay), speed (ramps and lead times), potential (ten times as
large, but for removals, whose cap stays) and national policy (the strongest duty in the tables). The least value that
can be reached with each of the sixteen combinations says what each is worth: in that order, on top of those before, and
on average over all orders (Shapley 1953). What is left with all four lifted, nothing here closes. All sixteen are
relaxations: whole units may be shared; what the plan leaves for their sake, and for other aims, is a part of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import factorial

import numpy as np

from model.analyses.relaxed_limits import RelaxableProblem
from model.optimiser.limits.record import Kind
from model.optimiser.plan import Plan
from model.optimiser.problem import Problem, base_size
from model.optimiser.search import Search
from model.projection.replay import emissions
from model.vocabulary import BoolArray, FloatArray

KINDS = ("money", "speed", "potential", "policy")
"""What is lifted, in this order."""
MISSED = 1.0
"""Tonnes by which a target must be missed to be one that needs explaining."""
NEARLY = 0.01
"""Share of what more money can do that may be missing when the money it takes is stated: the last of it is dear."""
Lifted = tuple[str, ...]
IN_TURN: tuple[tuple[Kind, ...], ...] = (
    (), ("money",), ("money", "potential"), ("potential",),
    ("speed", "potential"), ("money", "speed", "potential"), ("money", "speed"), ("speed",),
)  # fmt: skip
"""All combinations of kinds but policy, each one kind away from the one before."""


@dataclass(frozen=True)
class Gap:
    """The gap of one target in tonnes of its indicator."""

    target: str
    year: int
    """the plan's worst year"""
    plan: float
    """value of the plan in that year"""
    limit: float
    least: Mapping[Lifted, float]
    """least worst value reachable with these lifted"""
    tolerance: float
    """what the search for whole units may have left: differences below it mean nothing"""
    without_money_rules: float
    """least value with pots lifted while the rules on who may pay stay"""
    extra: FloatArray
    """(fund,) MSEK over all years that the pots would need for that, all other limits as they are"""

    @property
    def lifted(self) -> dict[str, float]:
        """What each kind is worth on top of those before it."""
        before = [KINDS[:place] for place in range(len(KINDS))]
        return {kind: self.least[lower] - self.least[*lower, kind] for kind, lower in zip(KINDS, before, strict=True)}

    @property
    def shapley(self) -> dict[str, float]:
        """What each kind is worth on average over all orders in which they could be lifted."""
        return shapley(KINDS, self.least)

    @property
    def rest(self) -> float:
        """What is left above the limit when all are lifted."""
        return self.least[KINDS] - self.limit

    @property
    def left_by_plan(self) -> float:
        """What the plan leaves for whole units and other aims."""
        return self.plan - self.least[()]


def shapley(players: Sequence[str], value: Mapping[Lifted, float]) -> dict[str, float]:
    """How much each player lowers the value, averaged over all orders (Shapley 1953); `value` by players in order."""
    found = {}
    for player in players:
        others = [each for each in players if each != player]
        total = 0.0
        for size in range(len(players)):
            weight = factorial(size) * factorial(len(players) - size - 1) / factorial(len(players))
            for before in combinations(others, size):
                joined = tuple(each for each in players if each in before or each == player)
                total += weight * (value[before] - value[joined])
        found[player] = total
    return found


def explain(search: Search, plan: Plan, strongest: Search, removes: BoolArray) -> Gap | None:
    """The gap of the first target that the plan misses, else of the first; None without targets on yearly emissions.

    `search` is the plan's problem, kept ready, and stays as it is; `strongest` the same problem in the future with the
    strongest policy, `removes` says which measures are removals (measure,).
    """
    problem = search.problem
    chosen = worst_target(problem, plan)
    if chosen is None:
        return None
    number, year, value = chosen
    limit = problem.limits[number]
    bound = float(limit.bound[problem.case.year_index(year)])
    kept = RelaxableProblem(search, number, removes, search.proportions_of(plan))
    below = _least(kept)
    pots, extra = _pots_lifted(kept, below[()])
    if strongest is not search:
        kept = RelaxableProblem(strongest, number, removes, strongest.proportions_of(plan))
        below |= {(*lifted, "policy"): each for lifted, each in _least(kept).items()}
    else:
        below |= {(*lifted, "policy"): each for lifted, each in below.items()}
    return Gap(
        target=limit.name, year=year, plan=value, limit=bound,
        least={lifted: bound + each for lifted, each in below.items()},
        tolerance=problem.gap * base_size(problem)["emissions"], without_money_rules=bound + pots, extra=extra,
    )  # fmt: skip


def _least(kept: RelaxableProblem) -> dict[Lifted, float]:
    """Least worst shortfall in t with every combination of kinds lifted but policy; one kind changes at a time."""
    found: dict[Lifted, float] = {}
    for lifted in IN_TURN:
        kept.lift(*lifted)
        found[lifted] = kept.least()
    return found


def worst_target(problem: Problem, plan: Plan) -> tuple[int, int, float] | None:
    """(limit, year, value) of the target to explain in the plan's worst year: the first that is missed, else the first.

    Only limits on yearly emissions from above: these are what waterfalls and curves can show in tonnes.
    """
    case, outcome = problem.case, plan.outcome
    tonnes = emissions(case, outcome.activity, outcome.flow)[0]
    found = []
    for number, limit in enumerate(problem.limits):
        held = np.isfinite(limit.bound)
        if limit.quantity != "emissions" or limit.since is not None or limit.sense < 0 or not held.any():
            continue
        excess = np.where(held, limit.excess(case, tonnes, outcome.activity[0], outcome.flow[0]), -np.inf)
        year = int(np.argmax(excess))
        value = float(excess[year] + limit.bound[year])
        found.append((excess[year] <= MISSED, limit.priority, number, int(case.years[year]), value))
    return min(found)[2:] if found else None


def _pots_lifted(kept: RelaxableProblem, before: float) -> tuple[float, FloatArray]:
    """Least worst shortfall in t when pots are lifted and the rules stay, and the money nearly all of it takes, (fund,)
    in MSEK over all years; `before` is what can be reached without.
    """
    money = kept.search.problem.money
    if money is None:
        return before, np.zeros(0)
    kept.lift("pots")
    least = kept.least()
    return least, kept.money_for(least + NEARLY * max(before - least, 0.0) + 1e-3, len(money.funds))
