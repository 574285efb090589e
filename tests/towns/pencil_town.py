"""A town to reckon with a pencil, in which the best plan is missed if draws on a pool are taken at fixed proportions.

100 journeys a year are made by petrol car, a tonne each, and a kiln emits 100 t: 200 t in the base year. 50 of the
journeys can be walked for nothing. A pot gives 40 MSEK, and a MSEK makes one journey electric, or saves 0.95 t at the
kiln. Half of all journeys are walked, so half of those made electric would have been walked anyway: a MSEK saves half
a tonne in cars. All 40 in the kiln leave 50 + 100 - 38 = 112 t; all 40 in cars leave 60 * (1 - 50 / 100) + 100 = 130 t.
"""

from __future__ import annotations

from typing import Any

from model.inputs.municipality import Municipality
from tests.towns.money_town import FIRST, Found, Rows, Thing, budget, found, fund, may_pay, target, village
from tests.towns.small_town import activity

EMITTING = {"petrol": 100, "electric": 0, "kiln": 100}
"""Units a year; those of `petrol` and `kiln` emit a tonne each."""
THINGS = {
    "walk": Thing(0, most=50, whole=False),
    "convert": Thing(0, capital=1, most=100, whole=False),
    "filter": Thing(0, capital=1, most=100, whole=False),
}


def pencil_town(money: float = 40) -> Municipality:
    """The town with so much money in its one year of decisions."""
    level = {"year": 2026, "unit": "batch"}
    return village(
        FIRST, THINGS, funds=[fund("pot", 1)], budgets=[budget("pot", money, FIRST)],
        eligibility=[may_pay("pot", "town")], targets=[target(0, FIRST)],
        activities=[
            activity("petrol", "works", "constant", "batch", pool="journeys"),
            activity("electric", "works", "constant", "batch", pool="journeys"),
            activity("kiln", "works", "constant", "batch"),
        ],
        activity_levels=[level | {"activity": name, "value": units} for name, units in EMITTING.items()],
        direct_emissions=[
            {"activity": name, "gas": "co2", "year": 2026, "value": 1, "unit": "t/batch"} for name in ("petrol", "kiln")
        ],
        inventory=[
            {
                "year": 2026, "sector": "industry", "subsector": "works", "gas": "co2e",
                "value": EMITTING["petrol"] + EMITTING["kiln"], "unit": "t_CO2e", "vintage": "current",
                "status": "derived",
            }
        ],
        effects=_effects(),
    )  # fmt: skip


def _effects() -> Rows:
    moves = [
        ("walk", "pool", "journeys", -1), ("convert", "activity", "petrol", -1),
        ("convert", "activity", "electric", 1), ("filter", "activity", "kiln", -0.95),
    ]  # fmt: skip
    usual: dict[str, Any] = {"basis": "amount", "unit": "batch", "year": 2026}
    return [usual | {"measure": m, "kind": kind, "target": on, "value": value} for m, kind, on, value in moves]


def pencil_plan(money: float = 40, **goal: Any) -> Found:
    """The best plan for so much money."""
    return found(pencil_town(money), targets=["low"], **goal)
