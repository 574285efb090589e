"""Does a plan really keep every limit? Re-checked in numpy from the plan itself, outside the solver and Pyomo.

Each limit brings its own re-check (`limits`), arithmetic that shares nothing with its rows.
"""

from __future__ import annotations

import numpy as np

from model.money.pots import KRONA
from model.optimiser.limits.record import TOLERANCE, Check, Rechecks, Seen, worst
from model.optimiser.limits.register import limits_of
from model.optimiser.plan import Plan
from model.optimiser.problem import Problem

__all__ = ["TOLERANCE", "Check", "checks", "violations"]


def violations(problem: Problem, plan: Plan) -> dict[str, float]:
    """Largest relative violation of each limit; all are at most `TOLERANCE` for a plan that can be trusted."""
    return {name: check.violation for name, check in checks(problem, plan).items()}


def checks(problem: Problem, plan: Plan) -> dict[str, Check]:
    """Every limit re-checked, once where limits share a re-check; and that nothing is cut or lost on the way."""
    seen = Seen(problem, plan)
    rechecks = (*dict.fromkeys(limit.recheck for limit in limits_of(problem)), _not_cut, _to_the_krona)
    return {name: check for recheck in rechecks for name, check in recheck(seen)}


def _not_cut(seen: Seen) -> Rechecks:
    """The projection carries out all of the plan."""
    yield "not_cut", worst(seen.plan.level - seen.plan.outcome.level[0], seen.plan.level)


def _to_the_krona(seen: Seen) -> Rechecks:
    """Sources are uses, in every pot and for every stake."""
    if seen.problem.money is None:
        return
    capital = seen.money.capital * seen.started
    support = seen.money.support * seen.level[seen.money.stake_measure]
    uneven = seen.paid(np.ones_like(seen.capital_claims)) - capital - support
    lost = seen.accounts.imbalance(seen.money)
    most = max(float(np.abs(each).max(initial=0.0)) for each in (uneven, lost))
    yield "to the krona", Check(most / KRONA * TOLERANCE, KRONA - most)
