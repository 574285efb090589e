"""Does a plan really keep every limit? Re-checked in numpy from the plan itself, outside the solver and Pyomo."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from model.money.economics import discount_factors
from model.money.financing import Financing
from model.money.pots import KRONA, by_fund, keep_accounts
from model.optimise.formulation.user_constraints import recheck
from model.optimise.formulation.variables import Formulation
from model.optimise.plan import Plan, proportions
from model.optimise.problem import Problem, base_size
from model.projection.coefficients import reference_flow
from model.projection.replay import emissions, installed
from model.vocabulary import BoolArray, FloatArray

TOLERANCE = 1e-6
"""Largest violation accepted, relative to the size of what is compared (at least 1 unit, or 1 MSEK)."""


@dataclass(frozen=True)
class Check:
    """A limit re-checked: its largest relative violation, and the least room left, in the unit of what is limited."""

    violation: float
    slack: float


def violations(problem: Problem, plan: Plan) -> dict[str, float]:
    """Largest relative violation of each limit; all are at most `TOLERANCE` for a plan that can be trusted."""
    return {name: check.violation for name, check in checks(problem, plan).items()}


def checks(problem: Problem, plan: Plan) -> dict[str, Check]:
    """Every limit re-checked."""
    case, measures = problem.case, problem.case.measures
    level = np.zeros_like(plan.new_units)
    np.add.at(level, measures.mode_measure, plan.level)
    standing = installed(measures, plan.new_units[None])[0]
    potential = measures.potential[0]
    years = np.arange(len(case.years))
    found = {
        "operating": _worst(level - standing, standing),
        "within_potential": _worst(level - potential, potential),
        "ramp": _worst(_net_new(plan.new_units, measures.lifetime) - measures.ramp[0, :, None], plan.new_units),
        "first_year": _worst(np.where(_too_early(problem, years), plan.new_units, 0.0), plan.new_units),
        "whole_units": _worst(_broken_units(plan.new_units, measures.unit_size), plan.new_units),
        "excluded": _worst(plan.new_units[sorted(problem.excluded)], np.ones(1)),
        "activities": _worst(-plan.outcome.activity[0], np.abs(case.level[0])),
        "carriers": _worst(-plan.outcome.flow[0], reference_flow(case)[0]),
        "not_cut": _worst(plan.level - plan.outcome.level[0], plan.level),
    }
    for m, other, ratio in measures.requires:
        share = np.divide(level[other], potential[other], out=np.zeros(len(years)), where=potential[other] > 0)
        found[f"requires {measures.names[m]}"] = _worst(level[m] - ratio * share * potential[m], potential[m])
    for m, other in measures.excludes:
        both = [np.maximum(level[each].max(), plan.new_units[each].max()) for each in (m, other)]
        found[f"excludes {measures.names[m]}"] = _worst(np.array([min(both)]), np.ones(1))
    for each in measures.enables:
        room = each.room[0] + sum(ratio * level[o] for o, ratio in each.enablers)
        used = level[each.measure] - np.maximum(room, 0.0)
        found[f"enables {measures.names[each.measure]}"] = _worst(used, potential[each.measure])
    for m in problem.required:
        found[f"required {measures.names[m]}"] = _worst(problem.at_least[m] - level[m], level[m])
    found |= _targets(problem, plan)
    if problem.constraints:
        f = Formulation(problem, proportions(problem, case.level[0]))
        for own in problem.constraints:
            worst, room = recheck(own, f, plan.new_units, plan.level, plan.payment, plan.outcome)
            found[f"constraint {own.name}"] = Check(worst, room)
    if problem.staff is not None:
        need = problem.staff.workload(plan.new_units, level)
        for d, name in enumerate(problem.staff.departments):
            capacity = problem.staff.capacity[d]
            found[f"staff {name}"] = _worst((need[d] - capacity)[problem.first :], capacity[problem.first :])
    return found | (_money(problem, plan, level) if problem.money_matters else {})


def _targets(problem: Problem, plan: Plan) -> dict[str, Check]:
    """No target is missed by more than the plan says, in the projection; relative to the base year's quantity."""
    case, outcome = problem.case, plan.outcome
    tonnes = emissions(case, outcome.activity, outcome.flow)[0]
    found, size = {}, base_size(problem)
    for limit, said in zip(problem.limits, plan.shortfall, strict=True):
        more = limit.excess(case, tonnes, outcome.activity[0], outcome.flow[0]) - said
        years = 1 if limit.since is None else max(int(case.years[-1]) - limit.since + 1, 1)
        found[f"target {limit.name}"] = _worst(more, np.full(1, years * size[limit.quantity]))
    return found


def _money(problem: Problem, plan: Plan, level: FloatArray) -> dict[str, Check]:
    """Uses are paid in full, claims and grants within their limits, owners no worse off, pots within their amounts."""
    money = problem.money
    assert money is not None
    window = slice(problem.first, None)
    capital = money.capital * plan.new_units[money.stake_measure]
    support = money.support * level[money.stake_measure]
    is_capital = np.array(money.claim_capital, dtype=bool)
    units = np.where(is_capital[:, None], plan.new_units[money.stake_measure][money.claim_stake],
                     level[money.stake_measure][money.claim_stake])  # fmt: skip
    found = {
        "claim_limit": _worst(plan.payment - money.claim_limit * units, plan.payment),
        "payments": _worst(-plan.payment, np.ones(1)),
    }
    for name, need, mask in (("capital_paid", capital, is_capital), ("support_paid", support, ~is_capital)):
        found[name] = _worst(np.abs(_of_stakes(money, plan, mask) - need)[:, window], need[:, window])
    started = plan.new_units[money.stake_measure]
    own, grant = (np.array(each, dtype=bool)[money.claim_fund] for each in (money.own, money.grant))
    public, grants = _of_stakes(money, plan, is_capital & ~own), _of_stakes(money, plan, is_capital & grant)
    found["deficit_only"] = _worst(public - money.deficit * started, capital)
    needed = np.minimum(money.grant_limit, money.capital) * started
    found["grants_for_need"] = _worst(grants - needed, capital)
    found["own_share"] = _own_share(problem, plan, capital - grants)
    found |= _owners(problem, plan, level, _of_stakes(money, plan, is_capital & own))
    uneven = _of_stakes(money, plan, np.ones_like(is_capital)) - capital - support
    return found | _pots(problem, plan, float(np.abs(uneven).max(initial=0.0)))


def _of_stakes(money: Financing, plan: Plan, mask: BoolArray) -> FloatArray:
    """Payments of some claims by stake, (stake, year)."""
    paid = np.zeros_like(money.capital)
    np.add.at(paid, money.claim_stake[mask], plan.payment[mask])
    return paid


def _own_share(problem: Problem, plan: Plan, not_granted: FloatArray) -> Check:
    """What no grant pays is at least the own share of the cost that a grant supports: of whole units where lumpy."""
    money, measures = problem.money, problem.case.measures
    assert money is not None
    excess, size = [np.zeros(len(problem.case.years))], [np.zeros(len(problem.case.years))]
    for claim in np.flatnonzero((money.own_share[money.claim_fund] > 0) & np.array(money.claim_capital, dtype=bool)):
        stake, limit = money.claim_stake[claim], money.claim_limit[claim]
        supported = np.divide(plan.payment[claim], limit, out=np.zeros_like(limit), where=limit > 0)
        unit = measures.unit_size[money.stake_measure[stake]]
        if unit > 0:
            supported = np.ceil(supported / unit - TOLERANCE) * unit
        least = money.own_share[money.claim_fund[claim]] * money.capital[stake] * supported
        excess.append(least - not_granted[stake])
        size.append(least)
    return _worst(np.array(excess), np.array(size))


def _owners(problem: Problem, plan: Plan, level: FloatArray, own: FloatArray) -> dict[str, Check]:
    """Net present value after support of owners outside the municipality is not below zero."""
    net, paid = owners_value(problem, plan.new_units, level, own)
    return {"owner_not_worse": _worst(-net, paid)}


def owners_value(
    problem: Problem, new_units: FloatArray, level: FloatArray, own: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Net present value of each outside owner's stake at its own rate, and what it pays of that, both (stake,) in MSEK.

    `own` are its own payments (stake, year). Savings come at the end of the year; those after the last model year count
    within the payback time only. Zero for municipal owners.
    """
    money, first = problem.money, problem.first
    assert money is not None
    years = own.shape[1] - first
    discount = np.array([discount_factors(float(rate), years + 1) for rate in money.owner_rate])
    discount = discount.reshape(len(money.owner_rate), years + 1)
    saved = (money.saving * level[money.stake_measure])[:, first:] * discount[:, 1:]
    after = (money.saved_after * new_units[money.stake_measure])[:, first:] * discount[:, :-1]
    paid = (own[:, first:] * discount[:, :-1]).sum(axis=1) * money.outside
    return np.where(money.outside, saved.sum(axis=1) + after.sum(axis=1) - paid, 0.0), paid


def _pots(problem: Problem, plan: Plan, uneven: float) -> dict[str, Check]:
    """Pots are not overdrawn, ceilings kept, and sources are uses to the krona.

    `uneven` is by how many MSEK what funds give differs from what a stake uses. What a pot could have saved before the
    first decision is not there.
    """
    money, window = problem.money, slice(problem.first, None)
    assert money is not None
    money = replace(money, budget=np.where(np.arange(money.budget.shape[1]) < problem.first, 0.0, money.budget))
    ledger = keep_accounts(money, by_fund(money, plan.payment, len(problem.case.measures.names)))
    uneven = max(uneven, float(np.abs(ledger.imbalance(money)).max(initial=0.0)))
    found = {"to the krona": Check(uneven / KRONA * TOLERANCE, KRONA - uneven)}
    for fund, name in enumerate(money.funds):
        if not money.own[fund]:
            left = (ledger.waiting + ledger.lapsed - ledger.overdrawn)[fund, window]
            found[f"pot {name}"] = _worst(-left, money.budget[fund, window])
    debts = money.debts
    for pot in sorted(set(debts.pot.tolist())):
        mine = debts.pot == pot
        there = (money.budget + ledger.waited)[pot] + debts.lift[mine].sum(axis=0)
        used = ledger.payment[pot] + ledger.payment[debts.fund[mine]].sum(axis=0)
        found[f"ceiling {money.funds[pot]}"] = _worst((used - there)[window], there[window])
    for debt, fund in enumerate(debts.fund):
        for what, reached, most in (
            ("debt", ledger.debt[fund], debts.debt_ceiling[debt]),
            ("service", ledger.debt_service[fund], debts.service_ceiling[debt]),
        ):
            found[f"{what} of {money.funds[fund]}"] = _worst((reached - most)[window], reached[window])
    return found


def _worst(excess: FloatArray, size: FloatArray) -> Check:
    """Of what is above its limit (excess, negative where there is room), compared with the size of what is limited."""
    finite = np.where(np.isfinite(excess), excess, 0.0)
    relative = float(np.max(finite / np.maximum(np.abs(size), 1.0), initial=0.0))
    known = np.asarray(excess)[np.isfinite(excess)]
    return Check(relative, float(-known.max()) if known.size else np.inf)


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
