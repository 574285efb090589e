"""Who pays? Capital and support are paid in full by eligible funds."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from model.inputs.columns.measures import Cost
from model.money.financing import Financing
from model.optimiser.digits import EXACT, settled
from model.optimiser.formulation.variables import Formulation, Index, Rows, units_of
from model.optimiser.limits.record import Limit, Membership, Rechecks, Relaxation, Seen, Which, worst
from model.optimiser.limits.words import Told
from model.vocabulary import FloatArray


def stakes(f: Formulation, money: Financing, capital: bool) -> Iterator[tuple[int, int, list[int]]]:
    """Stakes in usable measures, with the measure and the claims on capital or on support that may pay."""
    claims: dict[int, list[int]] = {}
    for claim, stake in enumerate(money.claim_stake):
        if money.claim_capital[claim] == capital:
            claims.setdefault(int(stake), []).append(claim)
    for stake, measure in enumerate(money.stake_measure):
        if int(measure) in f.modes:
            yield stake, int(measure), claims.get(stake, [])


# --- paid in full --------------------------------------------------------------------------------------


def capital_paid(f: Formulation) -> Rows:
    """sum over funds of payment[stake,f,y] = capital[stake,y] * new_units[m,y]  [MSEK]."""
    if f.problem.money is not None:
        yield from _paid(f, f.problem.money, True, f.problem.money.capital)


def support_paid(f: Formulation) -> Rows:
    """sum over funds of payment[stake,f,y] = support[stake,y] * level[m,y]  [MSEK]."""
    if f.problem.money is not None:
        yield from _paid(f, f.problem.money, False, f.problem.money.support)


def _paid(f: Formulation, money: Financing, capital: bool, cost: FloatArray) -> Rows:
    cost = f.decided(cost)
    for stake, m, claims in stakes(f, money, capital):
        for y in f.years:
            need = float(cost[stake, y])
            coefs, units = units_of(f, m, y, capital)
            names = [f.payment[claim, y] for claim in claims]
            if names or (need > 0 and units):
                yield (
                    (stake, y),
                    0.0,
                    [*[1.0] * len(names), *_no_more([-need * c for c in coefs])],
                    [*names, *units],
                    0.0,
                )


def _no_more(coefs: list[float]) -> list[float]:
    """Costs rounded down: shares that may just pay them are rounded up, and together they must still be enough.

    Missing the last digit, units that can be paid exactly could be had only as far as tolerances go. They have more
    digits than other rows (`Limit.exact`), or a krona would be missing.
    """
    return settled(coefs, 1.0, EXACT).tolist() if coefs else coefs


def _recheck_capital(seen: Seen) -> Rechecks:
    if seen.problem.money is not None:
        need = (seen.money.capital * seen.started)[:, seen.window]
        paid = seen.paid(seen.capital_claims)[:, seen.window]
        yield "capital_paid", worst(np.abs(paid - need), need)


def _recheck_support(seen: Seen) -> Rechecks:
    if seen.problem.money is not None:
        need = (seen.money.support * seen.level[seen.money.stake_measure])[:, seen.window]
        paid = seen.paid(~seen.capital_claims)[:, seen.window]
        yield "support_paid", worst(np.abs(paid - need), need)


def _measure(f: Formulation, index: Index) -> Which:
    assert f.problem.money is not None
    return (int(f.problem.money.stake_measure[index[0]]),)


def _tell_payers(told: Told, m: int) -> str:
    costs, where = " and ".join(money_of_a_unit(told, m)), told.town.files["eligibility"]
    return f"no fund may pay in full for {told.name(m)}, of which a unit {costs} ({where})"


def money_of_a_unit(told: Told, m: int) -> list[str]:
    """What a unit costs, in words."""
    money = told.problem.money
    if money is None:
        return []
    mine = money.stake_measure == m
    first = max(int(told.measures.first_year[m]) - int(told.problem.case.years[0]), told.problem.first)
    size = float(told.measures.unit_size[m]) or 1.0
    capital, support = (float(each[mine, first].sum()) * size for each in (money.capital, money.support))
    where = told.place([row for row in told.town.rows(Cost) if row.measure == told.measures.names[m]])
    words = [f"costs {capital:.4g} MSEK to start ({where})"] if capital > 0 else []
    return words + ([f"needs {support:.4g} MSEK of support a year"] if support > 0 else [])


PAYERS = Membership("payers", 60, _tell_payers, _measure, granted=True)
CAPITAL_PAID = Limit(
    exact=True, rows=capital_paid, recheck=_recheck_capital, relaxable=Relaxation("money"), clash=PAYERS
)
SUPPORT_PAID = Limit(
    exact=True, rows=support_paid, recheck=_recheck_support, relaxable=Relaxation("money"), clash=PAYERS
)
