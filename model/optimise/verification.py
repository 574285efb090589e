"""Does a plan really keep every limit? Re-checked in numpy from the plan itself, outside the solver and Pyomo."""

from __future__ import annotations

import numpy as np

from model.optimise.plan import Plan
from model.optimise.problem import Problem, base_size
from model.projection import emissions, installed, reference_flow
from model.vocabulary import FloatArray

TOLERANCE = 1e-6
"""Largest violation accepted, relative to the size of what is compared (at least 1 unit, or 1 MSEK)."""


def violations(problem: Problem, plan: Plan) -> dict[str, float]:
    """Largest relative violation of each limit; all are at most `TOLERANCE` for a plan that can be trusted."""
    case, measures = problem.case, problem.case.measures
    level = np.zeros_like(plan.new_units)
    np.add.at(level, measures.mode_measure, plan.level)
    standing = installed(measures, plan.new_units[None])[0]
    potential = measures.potential[0]
    years = np.arange(len(case.years))
    found = {
        "operating": _worst(level - standing, standing),
        "within_potential": _worst(level - potential, potential),
        "ramp": _worst(_net_new(plan.new_units, measures.lifetime) - measures.ramp[:, None], plan.new_units),
        "first_year": _worst(np.where(_too_early(problem, years), plan.new_units, 0.0), plan.new_units),
        "whole_units": _worst(_broken_units(plan.new_units, measures.unit_size), plan.new_units),
        "excluded": max((float(plan.new_units[m].max()) for m in problem.excluded), default=0.0),
        "activities": _worst(-plan.outcome.activity[0], np.abs(case.level[0])),
        "carriers": _worst(-plan.outcome.flow[0], reference_flow(case)[0]),
        "not_cut": _worst(plan.level - plan.outcome.level[0], plan.level),
    }
    for m, other, ratio in measures.requires:
        share = np.divide(level[other], potential[other], out=np.zeros(len(years)), where=potential[other] > 0)
        found[f"requires {measures.names[m]}"] = _worst(level[m] - ratio * share * potential[m], potential[m])
    for m, other in measures.excludes:
        both = (np.maximum(level[each].max(), plan.new_units[each].max()) for each in (m, other))
        found[f"excludes {measures.names[m]}"] = float(min(both))
    for each in measures.enables:
        room = each.room[0] + sum(ratio * level[o] for o, ratio in each.enablers)
        used = level[each.measure] - np.maximum(room, 0.0)
        found[f"enables {measures.names[each.measure]}"] = _worst(used, potential[each.measure])
    for m in problem.required:
        found[f"required {measures.names[m]}"] = _worst(problem.at_least[m] - level[m], level[m])
    found |= _targets(problem, plan)
    return found | (_money(problem, plan, level) if problem.money_matters else {})


def _targets(problem: Problem, plan: Plan) -> dict[str, float]:
    """No target is missed by more than the plan says, in the projection; relative to the base year's quantity."""
    case, outcome = problem.case, plan.outcome
    tonnes = emissions(case, outcome.activity, outcome.flow)[0]
    found, size = {}, base_size(case)
    for limit, said in zip(problem.limits, plan.shortfall, strict=True):
        more = limit.excess(case, tonnes, outcome.activity[0], outcome.flow[0]) - said
        years = 1 if limit.since is None else max(int(case.years[-1]) - limit.since + 1, 1)
        found[f"target {limit.name}"] = max(float(more.max()), 0.0) / max(years * size[limit.quantity], 1.0)
    return found


def _money(problem: Problem, plan: Plan, level: FloatArray) -> dict[str, float]:
    """Uses are paid in full, claims within their limits, pots within their yearly amounts."""
    money = problem.financing
    assert money is not None
    first = problem.first
    capital = money.capital * plan.new_units[money.stake_measure]
    support = money.support * level[money.stake_measure]
    is_capital = np.array(money.claim_capital, dtype=bool)
    units = np.where(is_capital[:, None], plan.new_units[money.stake_measure][money.claim_stake],
                     level[money.stake_measure][money.claim_stake])  # fmt: skip
    found = {"claim_limit": _worst(plan.payment - money.claim_limit * units, plan.payment)}
    for name, need, mask in (("capital_paid", capital, is_capital), ("support_paid", support, ~is_capital)):
        paid = np.zeros_like(need)
        np.add.at(paid, money.claim_stake[mask], plan.payment[mask])
        found[name] = _worst(np.abs(paid - need)[:, first:], need[:, first:])
    for fund, name in enumerate(money.funds):
        if money.own[fund]:
            continue
        spent = plan.payment[money.claim_fund == fund].sum(axis=0)[first:]
        waiting, worst = 0.0, 0.0
        for budget, used in zip(money.budget[fund, first:], spent, strict=True):  # what waits depends on last year
            worst = max(worst, used - budget - waiting)
            waiting = min(max(budget + waiting - used, 0.0), float(money.carry_over[fund]))
        found[f"pot {name}"] = worst / max(float(money.budget[fund].max()), 1.0)
    return found


def _worst(excess: FloatArray, size: FloatArray) -> float:
    finite = np.where(np.isfinite(excess), excess, 0.0)
    return float(np.max(finite / np.maximum(np.abs(size), 1.0), initial=0.0))


def _net_new(new_units: FloatArray, lifetime: np.ndarray) -> FloatArray:
    """New units beyond replacement of what retires."""
    year = np.arange(new_units.shape[1])
    before = year - lifetime[:, None]
    retired = np.take_along_axis(new_units, np.clip(before, 0, None), axis=1)
    return np.asarray(new_units - np.where(before >= 0, retired, 0.0))


def _too_early(problem: Problem, years: np.ndarray) -> np.ndarray:
    start = np.maximum(problem.case.measures.first_year, problem.start) - problem.case.years[0]
    return np.asarray(years < start[:, None])


def _broken_units(new_units: FloatArray, size: FloatArray) -> FloatArray:
    count = np.divide(new_units, size[:, None], out=np.zeros_like(new_units), where=size[:, None] > 0)
    return np.abs(count - np.round(count))
