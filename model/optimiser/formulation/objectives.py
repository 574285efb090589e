"""Which plan is best? The stages of the objective, solved one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from model.money.economics import capital_weight, discount_factors
from model.optimiser.formulation.variables import KT, Formulation, Rows, linear
from model.projection.coefficients import unit_cost
from model.vocabulary import QUANTITIES, Quantity

TIDY = 1e-4
"""MSEK for starting all that a measure could be: so that what costs nothing to start is not started in vain."""
NEEDLESS = 1e-6
"""MSEK for borrowing a MSEK, or for a kt, GWh or point of shortfall: what changes nothing is left out."""
CUMULATIVE = "cumulative emissions"
"""Name of the stage that adds up emissions over the window."""
KEPT = 1e-6
"""Least room, as a share and in kt or MSEK, that a stage is given where it is kept near what is known."""


@dataclass(frozen=True)
class Stage:
    """One stage: what is minimised, and what a gap of it is measured against."""

    name: str
    expression: Any
    years: int
    """years of emissions (or of another quantity) added up in it; 0: money"""
    quantity: Quantity = "emissions"

    @property
    def unit(self) -> str:
        """What its value is in."""
        return (
            {"emissions": "kt CO2e", "energy": "GWh", "share": "percentage points"}[self.quantity]
            if self.years
            else "MSEK"
        )


def objective_stages(f: Formulation) -> list[Stage]:
    """What is minimised: the stages of the objective, or how far a plan near a known one goes in a direction."""
    if f.problem.near is None:
        return stages(f)
    return [Stage("distance from known plans", closeness(f), 0)]


def closeness(f: Formulation) -> Any:
    """Less, the further the use of measures goes in the direction sought: minus the sum of direction * use  [-]."""
    assert f.problem.near is not None
    coefs, names = [], []
    years = np.maximum((f.potential > 0).sum(axis=1), 1)
    for a, y in f.level:
        m = int(f.measures.mode_measure[a])
        if f.potential[m, y] > 0:
            coefs.append(-float(f.problem.near.direction[m] / (f.potential[m, y] * years[m])))
            names.append(f.level[a, y])
    for m, y in f.new_units:  # and nothing is started in vain
        coefs.append(TIDY * TIDY / max(float(f.potential[m].max()), f.size[m]) * f.size[m])
        names.append(f.new_units[m, y])
    return linear(coefs, names)


def near_the_best(f: Formulation) -> Rows:
    """stage of the objective <= what it may be, near a known plan  [kt, GWh, points or MSEK]."""
    if f.problem.near is not None:
        for number, (stage, most) in enumerate(zip(stages(f), f.problem.near.limits, strict=True)):
            coefs, names = list(stage.expression.linear_coefs), list(stage.expression.linear_vars)
            if most < float("inf"):
                yield (number,), None, coefs, names, most


def stages(f: Formulation) -> list[Stage]:
    """The objective in order: worst and summed shortfall by priority, then emissions or at once discounted cost.

    Within a priority each quantity has stages of its own, in the order of `vocabulary.QUANTITIES`: tonnes, GWh and
    percentage points are never added.
    """
    found = []
    for priority, place in f.worst_shortfall:
        rank, quantity = (priority, place), list(QUANTITIES)[place]
        mine = [(t, y) for t, y in f.shortfall if f.problem.limits[t].rank == rank]
        worst = linear([1.0], [f.worst_shortfall[rank]])
        total = linear([1.0] * len(mine), [f.shortfall[t, y] for t, y in mine])
        which = f"priority {priority}" if quantity == "emissions" else f"priority {priority}, {quantity}"
        found.append(Stage(f"worst shortfall, {which}", worst, 1, quantity))
        found.append(Stage(f"summed shortfall, {which}", total, len(mine), quantity))
    if f.problem.objective == "least_emissions":
        first, last = f.problem.window
        found.append(Stage(CUMULATIVE, cumulative_emissions(f), last - first + 1))
    if f.problem.objective == "best_value":
        found.append(Stage("social cost less benefits", social_cost(f), 0))
    else:
        found.append(Stage("discounted cost", discounted_cost(f), 0))
    return found


def cumulative_emissions(f: Formulation) -> Any:
    """Sum over the window's years of what the objective counts  [kt CO2e]."""
    first, last = (year - f.problem.start for year in f.problem.window)
    keys = [(k, g, y) for k, g in f.touched.emissions for y in f.years if first <= y <= last]
    counted = f.problem.counted
    return linear([float(counted[k, g]) for k, g, _ in keys], [f.emissions[key] for key in keys])


def discounted_cost(f: Formulation) -> Any:
    """Capital charges, fixed and running cost against the reference, discounted to the first decision year  [MSEK]."""
    case = f.case
    discount = discount_factors(case.social_rate, len(f.years))
    capital = capital_weight(f.measures, case.social_rate, f.problem.first)[0]
    cost, fixed = f.decided(unit_cost(case)[0]), f.decided(f.measures.fixed_cost[0])
    coefs, names = [], []
    for m, y in f.new_units:
        least = TIDY / max(float(f.potential[m].max()), f.size[m])
        coefs.append(float((capital[m, y] + least) * f.size[m]))
        names.append(f.new_units[m, y])
    switch = np.zeros((len(f.measures.mode_names), len(case.years)))
    for move in f.measures.carrier_moves:
        switch[move.mode] += move.amount[0] * case.price[0, case.flow_carrier[move.target]]
    switch = f.decided(switch)
    for a, y in f.level:
        coefs.append(float(discount[y] * (fixed[f.measures.mode_measure[a], y] + switch[a, y])))
        names.append(f.level[a, y])
    for s, y in f.activity:
        coefs.append(float(discount[y] * cost[s, y]))
        names.append(f.activity[s, y])
    needless = [*f.borrowed.values(), *f.shortfall.values(), *f.worst_shortfall.values()]
    coefs += [NEEDLESS] * len(needless)  # no cost, but nothing is borrowed in vain, and no shortfall said larger
    names += needless
    return linear(coefs, names)


def social_cost(f: Formulation) -> Any:
    """Discounted cost, less benefits, plus the value of carbon of what is emitted: the least is the best value  [MSEK].

    Benefits are external costs of activities avoided (air, noise, accidents, health) and fixed benefits; what is the
    same in every plan is left out. Carbon has one value in all years, discounted as money is.
    """
    case, benefit = f.case, f.decided(f.measures.fixed_benefit[0])
    discount = discount_factors(case.social_rate, len(f.years))
    cost = discounted_cost(f)
    coefs, names = list(cost.linear_coefs), list(cost.linear_vars)
    for a, y in f.level:
        coefs.append(-float(discount[y] * benefit[f.measures.mode_measure[a], y]))
        names.append(f.level[a, y])
    for s, y in f.activity:
        coefs.append(float(discount[y] * case.external_cost[0, s]))
        names.append(f.activity[s, y])
    for k, g, y in f.emissions:
        coefs.append(float(discount[y] * f.problem.counted[k, g] * f.problem.carbon_value / KT))
        names.append(f.emissions[k, g, y])
    return linear(coefs, names)
