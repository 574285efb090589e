"""Random money on the town of `measured_town`, through tables: owners, grants, bonds, loans, charges, nominal pots.

What a unit of each kind of measure saves and avoids is known by hand, so that tests can reckon without the model:
`KINDS`. Everything else that a test needs stands in the rows drawn.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from model.build import build
from model.inputs.municipality import Municipality
from model.inputs.schema import Goal
from model.optimiser.goal import problem_of
from model.optimiser.search import find_plan
from model.scenarios.checks import checked
from tests.towns.measured_town import (
    LAST,
    OWNERS,
    Rows,
    convert,
    cost,
    effect,
    measure,
    measured_town,
    potential,
    share,
    switch,
)
from tests.towns.money_town import Found, budget, fund, may_pay, terms
from tests.towns.small_town import FUTURE, TITLE, faults_of

FIRST = 2025


@dataclass(frozen=True)
class Kind:
    """What a unit makes a year: cost excluding and including VAT (negative: saved), and tonnes avoided."""

    market: float
    household: float
    tonnes: float


KINDS = {
    "PETROL": Kind(0.5 - 1.5, 0.7 - 2.5, 125),
    "DIESEL": Kind(0.5 - 1.3, 0.7 - 2.1, 100),
    "CYCLE": Kind(-(0.6 * 1.5 + 0.2 * 1.3 + 0.2 * 0.5), -(0.6 * 2.5 + 0.2 * 2.1 + 0.2 * 0.7), 0.6 * 125 + 0.2 * 100),
    "HVO": Kind(3 - 2, 6 - 4, 250),
}
"""Petrol and diesel cars become electric, journeys become cycling (of the reference's mix), HVO replaces diesel."""

CAPITAL = ("own_household", "own_firm", "climate", "modern", "state", "investment", "bond", "loan")
SUPPORT = ("running_grant", "operating")


def random_money(seed: int) -> Municipality:
    """Six measures of several owners, ten funds and their terms."""
    rng = np.random.default_rng(seed)
    kinds = [*KINDS, *(str(kind) for kind in rng.choice(list(KINDS), 2))]
    names = [f"{kind}{number}" for number, kind in enumerate(kinds)]
    measures = [_measure(rng, name) for name in names]
    moves = {
        "PETROL": lambda name: convert(name),
        "DIESEL": lambda name: convert(name, "diesel_km"),
        "CYCLE": lambda name: [effect(name, "pool", "car_km", -1), effect(name, "activity", "cycling_km", 1)],
        "HVO": lambda name: switch(name, "sheds"),
    }
    relations = []
    if rng.random() < 0.3:
        relations = [{"measure": names[0], "relation": "excludes", "other": names[-1]}]
    town = measured_town(
        measures,
        [row for name, kind in zip(names, kinds, strict=True) for row in moves[kind](name)],
        potentials=[row for name in names for row in _potentials(rng, name)],
        owner_shares=[row for name in names for row in _shares(rng, name)],
        costs=[row for name in names for row in _costs(rng, name)],
        relations=relations,
        **_funds(rng, names),
    )
    settings = town.settings.model_copy(
        update={
            "inflation": float(rng.choice([0.0, 0.02, 0.08])),
            "internal_rate": float(rng.choice([0.0, 0.0275, 0.1])),
            "social_rate": 0.035,
        }
    )
    return replace(town, settings=settings)


def kind_of(name: str) -> Kind:
    """The kind of a measure drawn."""
    return KINDS[name.rstrip("0123456789")]


def solved(seed: int) -> tuple[Municipality, Found]:
    """A random town and its best plan for one of the three objectives, with a target in half of them."""
    town = random_money(seed)
    built = build(town, FUTURE)
    assert faults_of(town) == []
    goal: dict[str, Any] = {"title": TITLE, "gap": 1e-4, "carbon_value": "9.2 SEK/kg"}
    goal["objective"] = ("least_emissions", "least_cost", "best_value")[seed % 3]
    goal["targets"] = ["low"] if seed % 2 or goal["objective"] == "least_cost" else []
    problem = problem_of(checked(Goal.model_validate(goal), town), built)
    return town, Found(built, problem, find_plan(problem))


def _measure(rng: np.random.Generator, name: str) -> dict[str, Any]:
    more: dict[str, Any] = {"unit_size": float(rng.choice([1, 3]))} if rng.random() < 0.4 else {}
    if rng.random() < 0.5:
        more["ramp"] = float(rng.integers(2, 9))
    return measure(
        name,
        category=str(rng.choice(["travel", "heat"])),
        lifetime=int(rng.choice([1, 2, 4, 8, 15])),
        lead=int(rng.choice([0, 0, 1, 2])),
        first_year=int(rng.choice([2025, 2026, 2027])),
        green_label=str(rng.choice(["", "solar", "rail"])),
        **more,
    )


def _potentials(rng: np.random.Generator, name: str) -> Rows:
    """Some potentials shrink: then units stand idle."""
    most = float(rng.uniform(3, 40))
    later = most * float(rng.choice([1.0, 1.0, 0.3]))
    return [potential(name, most), potential(name, later, LAST)]


def _shares(rng: np.random.Generator, name: str) -> Rows:
    owners = [str(each) for each in rng.permutation(list(OWNERS))[: rng.choice([1, 1, 2, 3])]]
    if name.startswith("HVO") and rng.random() < 0.5:
        owners = ["municipality"]
    parts = rng.dirichlet(np.ones(len(owners)))
    return [share(name, owner, float(part)) for owner, part in zip(owners, parts, strict=True)]


def _costs(rng: np.random.Generator, name: str) -> Rows:
    return [
        cost(name, "capital", float(rng.uniform(0.2, 14))),
        cost(name, "fixed_cost", float(rng.uniform(-0.4, 0.8))),
    ]


def _funds(rng: np.random.Generator, names: list[str]) -> dict[str, Rows]:
    def some(rate: float, low: float, high: float) -> float:
        return float(rng.uniform(low, high)) if rng.random() < rate else 0.0

    kinds = dict.fromkeys(CAPITAL + SUPPORT, "grant") | {
        "own_household": "own", "own_firm": "own", "state": "public", "investment": "municipal_investment",
        "bond": "green_bond", "loan": "loan", "operating": "municipal_operating",
    }  # fmt: skip
    order = {name: int(place) for place, name in enumerate(rng.permutation(list(kinds)))}
    charged = {name: "operating" for name in ("investment", "bond", "loan") if rng.random() < 0.7}
    funds = [
        fund(
            name,
            order[name],
            "support" if name in SUPPORT else "capital",
            kind,
            carry_over=some(0.6, 0, 30) if name in ("investment", "operating", "climate") else 0,
            price_basis=str(rng.choice(["real", "nominal"])),
            charged_to=charged.get(name, ""),
        )
        for name, kind in kinds.items()
    ]
    budgets = [budget(name, some(0.85, 0, 40), FIRST) for name in kinds]
    budgets += [budget(name, some(0.5, 0, 40), 2029) for name in kinds if rng.random() < 0.3]
    eligibility = [may_pay("own_household", "household"), may_pay("own_firm", "firm")]
    for name in ("climate", "modern", "state", "running_grant"):
        for owner in OWNERS:
            for category in ("any", "travel", names[0]):
                if rng.random() < 0.45:
                    eligibility.append(may_pay(name, owner, category, float(rng.choice([0.0, 0.2, 0.5, 1.0]))))
    eligibility += [may_pay(name, "municipality") for name in ("investment", "bond", "loan", "operating")]
    grants = [
        terms(
            name,
            only_unprofitable=str(rng.choice(["yes", "no"])),
            least_effect=some(0.4, 0, 0.3),
            own_share=some(0.6, 0, 0.6),
            application_years=int(rng.integers(0, 3)),
        )
        for name in ("climate", "modern")
    ]
    debts = [
        {
            "fund": name, "pot": "investment", "lift": some(0.8, 0, 20), "rate": float(rng.choice([0.0, 0.03])),
            "years": int(rng.integers(1, 9)), "repayment": str(rng.choice(["straight", "annuity", "bullet"])),
            "debt_ceiling": float(rng.uniform(0, 40)) if rng.random() < 0.5 else None,
            "service_ceiling": float(rng.uniform(0, 8)) if rng.random() < 0.5 else None, "unit": "MSEK_2026",
        }
        for name in ("bond", "loan")
    ]  # fmt: skip
    target = {
        "target": "low", "indicator": "fossil_co2", "year": 2029, "limit": float(rng.uniform(2000, 11000)),
        "unit": "t_CO2e", "hold": "from", "priority": 1, "evaluable": "yes",
    }  # fmt: skip
    return {
        "funds": funds, "budgets": budgets, "eligibility": eligibility, "grants": grants, "debts": debts,
        "green_categories": [{"green_label": "solar"}, {"green_label": "rail"}], "targets": [target],
    }  # fmt: skip
