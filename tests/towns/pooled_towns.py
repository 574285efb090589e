"""Random towns small enough for a global method: usual ones, and ones made to provoke pools (those of odd seeds).

What provokes: one tight pot that conversions within pools and measures outside of them compete for, beside walking that
costs next to nothing (`pooled_case`); targets that look at pools alone; whole units.
"""

from __future__ import annotations

import hashlib
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from model.money.economics import straight_line_charge
from model.money.financing import Financing
from model.optimiser.problem import Problem, TargetLimit
from model.projection.case import Case
from model.projection.coefficients import reference_flow
from model.vocabulary import FloatArray
from tests.towns.pooled_case import BASE, CLEAN, DIRTY, FIRST, POOL_OF, PROCESS, TRAMS, pooled_case
from tests.towns.random_towns import plain_financing

GAP = 1e-4
"""What plans are asked for, as share of base-year emissions."""


def pooled_town(seed: int) -> Problem:
    """A town and what is asked of it; towns of odd seeds are made to provoke."""
    rng, provoking = np.random.default_rng((seed, 81)), seed % 2 == 1
    years = np.arange(BASE, FIRST + int(rng.integers(3, 5)))
    case = pooled_case(rng, years, provoking)
    objective = str(rng.choice(["least_emissions", "least_emissions", "least_emissions", "least_cost", "best_value"]))
    both = np.tile(case.gwp, (len(case.subsectors), 1))
    return Problem(
        case=case,
        financing=_financing(rng, case, provoking) if provoking or rng.random() < 0.85 else None,
        objective=objective,
        limits=_limits(rng, case, both, provoking),
        counted=both,
        start=FIRST,
        window=(FIRST, int(years[-1])),
        gap=GAP,
        carbon_value=float(rng.uniform(0, 3e-3)) if objective == "best_value" else 0.0,
    )


def hash_of(problem: Problem) -> str:
    """What tells whether a stored optimum is that of this town: a hash of all its numbers, to nine digits."""
    found = hashlib.sha256()

    def add(value: Any) -> None:
        if is_dataclass(value) and not isinstance(value, type):
            for item in fields(value):
                if item.name != "time_limit":
                    add(getattr(value, item.name))
        elif isinstance(value, list | tuple):
            for each in value:
                add(each)
        elif isinstance(value, float | np.floating | np.ndarray):
            found.update(" ".join(f"{each:.9g}" for each in np.ravel(value)).encode())
        else:
            found.update(str(value).encode())

    for part in (problem.case, problem.financing, problem.limits, problem.objective, problem.gap, problem.window):
        add(part)
    return found.hexdigest()[:16]


# --- who pays, and what is asked ---------------------------------------------------------------------------


def _financing(rng: np.random.Generator, case: Case, provoking: bool) -> Financing:
    """A pot for capital, one for support, which may carry the capital charge, and a grant of up to half of capital."""
    measures, count, years = case.measures, len(case.measures.names), len(case.years)
    capital, support = measures.capital[0], np.maximum(measures.fixed_cost, 0.0)
    claims = []
    for stake in range(count):
        claims += [(stake, 0, True, capital[stake]), (stake, 2, True, 0.5 * capital[stake])]
        claims.append((stake, 1, False, support[0, stake]))
    everything = float((measures.potential[0].max(axis=1) * capital[:, 0]).sum()) / (years - 1)
    run_all = float((measures.potential[0].max(axis=1) * support[0, :, 0]).sum())
    tight = rng.uniform(0.1, 0.4) if provoking else rng.uniform(0.1, 0.9)
    budget = np.array([tight * everything, rng.uniform(0.3, 1.2) * run_all, rng.uniform(0, 0.3) * tight * everything])
    charged = rng.random() < 0.2
    charge = straight_line_charge(0.02, 0.0, measures.lead, measures.lifetime, years)
    if charged:
        budget[1] += 0.3 * tight * everything
    return plain_financing(
        case,
        funds=("investment", "operating", "grant"),
        own=(False, False, False),
        grant=(False, False, True),
        budget=budget[None, :, None] * np.ones(years),
        carry_over=np.array([rng.uniform(0, 0.5) * budget[0], 0.0, 0.0])[None, :, None] * np.ones(years),
        keep=np.array([1.0 if rng.random() < 0.5 else 0.98, 1.0, 1.0]),
        charged_to=np.array([1 if charged else -1, -1, -1]),
        charge=charge,
        support=support,
        claim_stake=np.array([claim[0] for claim in claims]),
        claim_fund=np.array([claim[1] for claim in claims]),
        claim_capital=tuple(claim[2] for claim in claims),
        claim_limit=np.array([[claim[3] for claim in claims]]),
    )


def _limits(rng: np.random.Generator, case: Case, both: FloatArray, provoking: bool) -> tuple[TargetLimit, ...]:
    """One or two targets on emissions, and in usual towns sometimes one on energy, a share or a carbon budget."""
    flow = reference_flow(case)[0]
    sizes = both[case.flow_subsector, 0] * np.einsum("fgy,g->fy", case.factor[0][case.flow_carrier], case.gwp)[:, 0]
    emitted = float((sizes * flow[:, 0]).sum()) + float(case.direct[0, 0, 0] * case.level[0, PROCESS, 0])

    def bound(since: int, value: float) -> FloatArray:
        return np.where(case.years >= since, value, np.inf)

    roads = both * np.array([1.0, 1.0, 0.0])[:, None] if rng.random() < 0.3 else both
    share = rng.uniform(0, 0.3) if provoking else rng.uniform(0, 0.9)
    found = [TargetLimit("first", roads, bound(FIRST + int(rng.integers(0, 3)), share * emitted), 1)]
    other = rng.random()
    if other < 0.3:
        found.append(TargetLimit("second", both, bound(int(case.years[-1]), rng.uniform(0, 0.5) * emitted), 2))
    elif other < 0.45 and not provoking:
        weight = (case.flow_carrier == DIRTY).astype(float)
        value = float(weight @ flow[:, 0]) * rng.uniform(0.2, 0.9)
        found.append(
            TargetLimit("energy", weight, bound(int(case.years[-1]), value), int(rng.integers(1, 3)), "energy")
        )
    elif other < 0.6:
        counted = np.isin(np.arange(len(POOL_OF)), (CLEAN, TRAMS)).astype(float)
        value, every = float(rng.uniform(20, 80)), (POOL_OF >= 0).astype(float)
        found.append(TargetLimit("clean", counted, bound(int(case.years[-1]), value), 2, "share", every, sense=-1))
    elif other < 0.75:
        last = np.where(case.years == case.years[-1], 0.6 * emitted * (len(case.years) - 1), np.inf)
        found.append(TargetLimit("carbon budget", both, last, 2, since=FIRST))
    return tuple(found)
