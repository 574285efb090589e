"""Which measures can hardly be meant? Those without cost, effect, potential or payer, and those that come too late."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from model.build import PreparedCase
from model.doubts.register import Known, doubt
from model.inputs.columns.measures import Area, Measure
from model.inputs.doubt import Doubt
from model.inputs.faults import listing

LONG_LIFE = 100
"""Years that next to nothing operates for."""


@doubt
def measure_without_cost(known: Known) -> Iterator[Doubt]:
    """A measure that moves something and costs nothing: no capital, no fixed cost, and no price of what it adds."""
    for name, row in known.measures.items():
        if _is_of_use(known, name) and not any(_costs(each, name) for each in known.cases):
            yield Doubt(
                known.town.place(row, "measure"),
                f"measure {known.called(row)} that costs nothing",
                "a capital or fixed cost, or something that it adds and that has a price",
                f"Add its cost in {known.town.files['costs']}",
            )


@doubt
def measure_without_effect(known: Known) -> Iterator[Doubt]:
    """A measure that moves nothing, and that no other measure needs."""
    for name, row in known.measures.items():
        if not _is_of_use(known, name):
            yield Doubt(
                known.town.place(row, "measure"),
                f"measure {known.called(row)} that moves nothing",
                "an effect that is not 0, or another measure that needs it",
                f"Add what one {row.unit} of it moves in {known.town.files['effects']}",
            )


@doubt
def measure_without_potential(known: Known) -> Iterator[Doubt]:
    """A measure of which not one unit can operate in any year, though it could be started in time."""
    for name, row in known.measures.items():
        begin = row.first_year + row.lead
        least = row.unit_size or 0.0
        most = max((_potential(each, name, begin) for each in known.cases), default=0.0)
        if begin <= known.town.settings.last_year and (most <= 0 or most < least):
            yield Doubt(
                known.town.place(row, "measure"),
                f"measure {known.called(row)} with a potential of {most:g} {row.unit} from {begin} on",
                f"at least one whole unit of {least:g}" if least else "more than 0 in some year",
                f"Mend its rows in {known.town.files['potentials']}, or leave the measure out",
            )


@doubt
def measure_without_payer(known: Known) -> Iterator[Doubt]:
    """An owner whose part of a measure no fund may pay: then nobody can carry the measure out."""
    lacking: dict[tuple[str, str], dict[str, Measure]] = defaultdict(dict)
    for prepared in known.cases:
        money, names = prepared.financing, prepared.case.measures.names
        paid = set(zip(money.claim_stake.tolist(), money.claim_capital, strict=True))
        for stake, measure in enumerate(money.stake_measure):
            row = known.measures.get(names[measure])
            for what, amount in (("capital", money.capital), ("support", money.support)):
                needed = bool(np.any(amount[:, stake] > 0)) and (what == "capital" or not money.outside[stake])
                if row and needed and (stake, what == "capital") not in paid:
                    lacking[money.stake_owner[stake], what][row.measure] = row
    for (owner, what), rows in lacking.items():
        first = next(iter(rows.values()))
        paid_for = "the capital" if what == "capital" else "what it costs to operate"
        yield Doubt(
            known.town.place(first, "measure"),
            f"no fund that may pay '{owner}' for {paid_for} of {listing(rows)}",
            "a fund for every owner of a measure",
            f"Add rows with fund, owner '{owner}' and the category or measure in {known.town.files['eligibility']}",
        )


@doubt
def measure_too_late(known: Known) -> Iterator[Doubt]:
    """A measure whose first unit would operate after the last year: a first year or a lead too late."""
    last = known.town.settings.last_year
    for name, row in known.measures.items():
        if row.first_year + row.lead > last:
            column = "first_year" if row.first_year > last else "lead"
            yield Doubt(
                known.town.place(row, column),
                f"measure '{name}' that operates from {row.first_year} + {row.lead} years of lead",
                f"a year up to {last}, the last one that is computed",
                f"Mend 'first_year' or 'lead', or 'last_year' in inputs/{known.town.name}/municipality.yaml",
            )


@doubt
def long_lifetime(known: Known) -> Iterator[Doubt]:
    """A lifetime of more than 100 years."""
    for row in known.measures.values():
        if row.lifetime > LONG_LIFE:
            yield Doubt(
                known.town.place(row, "lifetime"),
                f"a lifetime of {row.lifetime} years for {known.called(row)}",
                f"at most {LONG_LIFE} years",
                "Check that it is in years",
            )


@doubt
def unknown_area(known: Known) -> Iterator[Doubt]:
    """A measure in a development area that has no row in `areas`, where others have."""
    areas = {row.category: (row.label_en, row.label_sv) for row in known.town.rows(Area)}
    strange: dict[str, dict[str, Measure]] = defaultdict(dict)
    for name, row in known.measures.items():
        if areas and row.category not in areas:
            strange[row.category][name] = row
    for category, rows in strange.items():
        there = ", ".join(f"{area} ({label})" for area, (label, _) in areas.items())
        yield Doubt(
            known.town.place(next(iter(rows.values())), "category"),
            f"development area '{category}' of {listing(rows)}, which is called nothing",
            f"one of {there}",
            f"Mend it, or add a row with category, label_sv and label_en in {known.town.files['areas']}",
        )


def _is_of_use(known: Known, name: str) -> bool:
    """Whether a measure moves something, or another measure needs it."""
    return any(_moves(each, name) or name in _needed(each) for each in known.cases)


def _costs(prepared: PreparedCase, name: str) -> bool:
    """Whether something of a measure costs anything in any year."""
    case = prepared.case
    index = case.measures.names.index(name)
    if np.any(case.measures.capital[:, index]) or np.any(case.measures.fixed_cost[:, index]):
        return True
    modes = set(case.measures.modes_of(index).tolist())
    priced = {int(flow) for flow in range(len(case.flow_carrier)) if np.any(case.price[:, case.flow_carrier[flow]])}
    bought = {
        int(activity) for activity, flow in zip(case.use_activity, case.use_flow, strict=True) if int(flow) in priced
    }
    costly = bought | set(np.flatnonzero(np.any(case.running_cost != 0, axis=0)).tolist())
    added = [(move, costly) for move in case.measures.activity_moves] + [
        (move, priced) for move in case.measures.carrier_moves
    ]
    return any(move.mode in modes and move.target in things and np.any(move.amount > 0) for move, things in added)


def _moves(prepared: PreparedCase, name: str) -> bool:
    """Whether a unit of a measure moves anything in any year."""
    measures = prepared.case.measures
    modes = set(measures.modes_of(measures.names.index(name)).tolist())
    moves = (*measures.activity_moves, *measures.pool_draws, *measures.carrier_moves)
    return any(move.mode in modes and np.any(move.amount) for move in moves)


def _needed(prepared: PreparedCase) -> set[str]:
    """Measures that others require, or that enable others."""
    measures = prepared.case.measures
    needed = {other for _, other, _ in measures.requires}
    needed |= {enabler for each in measures.enables for enabler, _ in each.enablers}
    return {measures.names[index] for index in needed}


def _potential(prepared: PreparedCase, name: str, begin: int) -> float:
    """Most units of a measure that can operate from a year on."""
    case = prepared.case
    there = case.measures.potential[:, case.measures.names.index(name), case.years >= begin]
    return float(there.max(initial=0.0))
