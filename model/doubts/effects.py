"""Which effects can hardly be meant? Those that give far more than they take, or take more than there is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

import numpy as np

from model.build import PreparedCase
from model.doubts.register import Known, doubt
from model.inputs.columns.measures import Effect, Potential
from model.inputs.doubt import Doubt
from model.measures.catalogue import Move
from model.plain_text import thousands
from model.projection.case import Case
from model.vocabulary import ENERGY, FloatArray

MOST_GIVEN, LEAST_GIVEN = 20.0, 0.005
"""Of what is given for one that is taken, in the same unit."""
BEYOND = 1.1
"""Potential against what there is: what is typed in is rounded."""
Things = Mapping[tuple[str, int], FloatArray]
"""(kind, target): level of what measures move, (batch, year)."""


@doubt
def effect_out_of_proportion(known: Known) -> Iterator[Doubt]:
    """An effect that takes one and gives a hundred of the same unit, or the other way round."""
    if not known.cases:
        return
    case = known.cases[0].case
    for name in known.measures:
        for mode in case.measures.modes_of(case.measures.names.index(name)):
            taken, given = _by_unit(case, int(mode))
            for unit in taken.keys() & given.keys():
                for_one = given[unit] / taken[unit]
                if not LEAST_GIVEN <= for_one <= MOST_GIVEN:
                    row = _row(known, name, case.measures.mode_names[int(mode)], for_one > MOST_GIVEN)
                    yield Doubt(
                        known.town.place(row, "value"),
                        f"'{name}', which gives {given[unit]:g} {unit} where it takes {taken[unit]:g}",
                        f"between {LEAST_GIVEN:g} and {MOST_GIVEN:g} given for each that is taken",
                        "Check numbers and units of its effects",
                    )


@doubt
def pool_drawn_in_vain(known: Known) -> Iterator[Doubt]:
    """A measure that takes from a pool and puts nothing in its place, though it is none that avoids."""
    if not known.cases:
        return
    case = known.cases[0].case
    adding = {
        move.mode for move in (*case.measures.activity_moves, *case.measures.carrier_moves) if np.any(move.amount > 0)
    }
    for name, row in known.measures.items():
        for mode in case.measures.modes_of(case.measures.names.index(name)):
            drawn = any(move.mode == mode and np.any(move.amount) for move in case.measures.pool_draws)
            if drawn and int(mode) not in adding and row.hierarchy != "avoid":
                effect = _row(known, name, case.measures.mode_names[int(mode)], False)
                yield Doubt(
                    known.town.place(effect, "target"),
                    f"{known.called(row)}, which takes from pool '{effect.target}' and puts nothing in its place",
                    f"an activity that grows instead, where 'hierarchy' is '{row.hierarchy}'",
                    f"Add what comes instead in {known.town.files['effects']}, or write 'avoid' for 'hierarchy'",
                )


@doubt
def potential_above_what_exists(known: Known) -> Iterator[Doubt]:
    """A potential at which a measure would take more than there is in any year, others' additions included."""
    cases = [(each.case, _things(each)) for each in known.cases]
    for name, measure in known.measures.items():
        found = [_units(case, things, name) for case, things in cases]
        if not found or any(wanted <= BEYOND * there for wanted, there in found):
            continue
        wanted, there = max(found, key=lambda pair: pair[1])
        rows = [row for row in known.town.rows(Potential) if row.measure == name]
        yield Doubt(
            known.town.place(max(rows, key=lambda row: row.value), "value"),
            f"a potential of {thousands(wanted)} {measure.unit} of '{name}'",
            f"at most some {there:.4g} {measure.unit}: more would take more than there is of what it moves",
            f"Check it, and the amounts of '{name}' in {known.town.files['effects']}; what is not there is cut",
        )


def _by_unit(case: Case, mode: int) -> tuple[dict[str, float], dict[str, float]]:
    """What a unit of a mode takes, and what it gives, by unit: the most in any year."""
    taken: dict[str, FloatArray] = defaultdict(lambda: np.zeros(len(case.years)))
    given: dict[str, FloatArray] = defaultdict(lambda: np.zeros(len(case.years)))
    for (kind, target), amount in _amounts(case, mode):
        unit = ENERGY if kind == "flow" else case.activity_units[_member(case, kind, target)]
        taken[unit] = taken[unit] + np.maximum(-amount, 0.0).max(axis=0)
        given[unit] = given[unit] + np.maximum(amount, 0.0).max(axis=0)
    return tuple({unit: float(by.max()) for unit, by in each.items() if by.max() > 0} for each in (taken, given))  # type: ignore[return-value]


def _member(case: Case, kind: str, target: int) -> int:
    """An activity that is counted in the unit of what is moved."""
    return int(np.flatnonzero(case.pool_of == target)[0]) if kind == "pool" else target


def _amounts(case: Case, mode: int) -> Iterator[tuple[tuple[str, int], FloatArray]]:
    """What a unit of a mode moves, (batch, year): minus takes away."""
    moves: tuple[tuple[str, float, tuple[Move, ...]], ...] = (
        ("activity", 1.0, case.measures.activity_moves),
        ("pool", -1.0, case.measures.pool_draws),
        ("flow", 1.0, case.measures.carrier_moves),
    )
    for kind, sign, of_kind in moves:
        yield from (((kind, move.target), sign * move.amount) for move in of_kind if move.mode == mode)


def _things(prepared: PreparedCase) -> Things:
    """What there is to be taken, and what all measures together can add to it."""
    case = prepared.case
    level = case.level.copy()
    flow = case.other_use.copy()
    for mode, measure in enumerate(case.measures.mode_measure):
        for (kind, target), amount in _amounts(case, mode):
            if kind != "pool":
                added = np.maximum(amount, 0.0) * case.measures.potential[:, measure]
                (level if kind == "activity" else flow)[:, target] += added
    for index, (activity, of) in enumerate(zip(case.use_activity, case.use_flow, strict=True)):
        flow[:, of] += case.use[:, index] * level[:, activity]
    pools = {("pool", pool): level[:, case.pool_of == pool].sum(axis=1) for pool in range(len(case.pools))}
    activities = {("activity", index): level[:, index] for index in range(len(case.activities))}
    return activities | pools | {("flow", index): flow[:, index] for index in range(len(case.flow_carrier))}


def _units(case: Case, things: Things, name: str) -> tuple[float, float]:
    """Most units of a measure that its potential allows, and that there is something to take for."""
    measure = case.measures.names.index(name)
    there = 0.0
    for mode in case.measures.modes_of(measure):
        most = np.inf
        for thing, amount in _amounts(case, int(mode)):
            taken = np.maximum(-amount, 0.0)
            if np.any(taken):
                units = np.divide(things[thing], taken, out=np.full(taken.shape, np.inf), where=taken > 0)
                most = min(most, float(units.max()))
        there += most
    return float(case.measures.potential[:, measure].max()), there


def _row(known: Known, name: str, mode: str, gives: bool) -> Effect:
    """The row of a mode that takes most, or gives most."""
    rows = [row for row in known.town.rows(Effect) if (row.measure, row.mode) == (name, mode)]
    return max(rows, key=lambda row: row.value if gives else -row.value)
