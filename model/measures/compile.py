"""What do measures move, within which limits, at which cost? The measure tables as arrays.

Effects become moves of activities, pools and flows by mode; shares of the reference become amounts; potentials that
count what the reference does by itself get only what it leaves. Relations become limits and, with the moves, the
order of replay.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from model.inputs.columns.emissions import Subsector
from model.inputs.columns.energy import Carrier
from model.inputs.columns.measures import Cost, Effect, Measure, Potential, Relation
from model.inputs.faults import Place, listing
from model.inputs.municipality import Municipality
from model.inputs.reading.national import without_flow
from model.measures.catalogue import Enabling, Measures, Move, Reference
from model.measures.ordering import CycleError, Touch, replay_order
from model.vocabulary import ENERGY, HIERARCHY, FloatArray


def compile_measures(town: Municipality, reference: Reference) -> Measures:
    """All measures that can be decided, as arrays; what is wrong in their tables is noted in `town.faults`."""
    rows = [row for row in town.rows(Measure) if row.in_reference == "no"]
    position = {row.measure: index for index, row in enumerate(rows)}
    modes = _modes(town, position)
    moves = {kind: _moves(town, kind, modes, reference) for kind in ("activity", "pool", "carrier")}
    own = _reference_units(town, rows, modes, moves["activity"], reference)
    potential = _potential(town, rows, own)
    enables = _enables(town, rows, position, own)
    pairs = {kind: _pairs(town, kind, position) for kind in ("requires", "excludes")}
    before = [(other, measure) for measure, other, _ in pairs["requires"]]
    before += [(other, each.measure) for each in enables for other, _ in each.enablers]
    touches = _touches(rows, modes, moves)
    try:
        order = replay_order(touches, reference.pool_of, reference.flows_of, before)
    except CycleError as error:
        row = next((each for each in town.rows(Effect) if each.measure in error.names), None)
        place = town.place(row, "measure") if row else Place(town.files["relations"])
        town.faults.add(place, f"measures that feed each other: {error}", _NO_CYCLE)
        order = tuple(range(len(rows)))
    return Measures(
        names=tuple(position),
        units=tuple(row.unit for row in rows),
        categories=tuple(row.category for row in rows),
        mode_names=tuple(mode for _, mode in modes),
        mode_measure=np.array([position[measure] for measure, _ in modes], dtype=int),
        activity_moves=moves["activity"],
        pool_draws=moves["pool"],
        carrier_moves=moves["carrier"],
        potential=potential[None],
        ramp=np.array([[np.inf if row.ramp is None else row.ramp for row in rows]]),
        first_year=np.array([row.first_year for row in rows], dtype=int),
        lead=np.array([row.lead for row in rows], dtype=int),
        lifetime=np.array([row.lifetime for row in rows], dtype=int),
        unit_size=np.array([row.unit_size or 0.0 for row in rows]),
        requires=tuple(pairs["requires"]),
        excludes=tuple((measure, other) for measure, other, _ in pairs["excludes"]),
        enables=tuple(enables),
        order=order,
        capital=_cost(town, rows, "capital")[None],
        fixed_cost=_cost(town, rows, "fixed_cost")[None],
        fixed_benefit=_cost(town, rows, "fixed_benefit")[None],
    )


_NO_CYCLE = "measures in an order in which all that adds to a thing comes before all that takes from it"
ModeKey = tuple[str, str]


def _modes(town: Municipality, position: dict[str, int]) -> dict[ModeKey, int]:
    """(measure, mode) -> mode index; a measure without effects has one nameless mode."""
    named: dict[str, list[str]] = defaultdict(list)
    for row in town.rows(Effect):
        if row.mode not in named[row.measure]:
            named[row.measure].append(row.mode)
    keys = [(measure, mode) for measure in position for mode in (named[measure] or [""])]
    return {key: index for index, key in enumerate(keys)}


def _moves(town: Municipality, kind: str, modes: dict[ModeKey, int], reference: Reference) -> tuple[Move, ...]:
    """The moves of one kind, effects of several years joined by straight lines."""
    grouped: dict[tuple[str, str, str, str], list[Effect]] = defaultdict(list)
    for row in town.rows(Effect):
        if row.kind == kind and (row.measure, row.mode) in modes:
            grouped[row.measure, row.mode, row.subsector, row.target].append(row)
    moves = []
    for (measure, mode, subsector, target), rows in grouped.items():
        found = _target(town, rows[0], kind, subsector, target, reference)
        if found is None:
            continue
        index, unit, _ = found
        rows = [row for row in rows if row.basis == rows[0].basis]  # the others are a fault, see consistency.py
        if rows[0].basis == "share":
            base = _target(town, rows[0], kind, subsector, rows[0].share_of or target, reference)
            amount = town.series(rows, "fraction", target) * (base[2] if base else 0.0)
        else:
            amount = town.series(rows, unit, target)
        if kind == "pool":
            if np.any(amount > 0):
                allowed = "a negative amount: a pool can only be drawn on; add to one of its activities instead"
                row = next((each for each in rows if each.value > 0), rows[0])
                town.faults.add(town.place(row, "value"), f"'{row.value:g}' of pool '{target}'", allowed)
            amount = -amount
        moves.append(Move(modes[measure, mode], index, amount[None]))
    return tuple(moves)


def _target(
    town: Municipality, row: Effect, kind: str, subsector: str, name: str, reference: Reference
) -> tuple[int, str, FloatArray] | None:
    """Index, canonical unit and reference level of what an effect moves; an unknown name is a fault."""
    if kind == "activity" and name in reference.activities:
        index = reference.activities.index(name)
        return index, reference.activity_units[index], reference.level[index]
    if kind == "pool" and name in reference.pools:
        index = reference.pools.index(name)
        members = np.flatnonzero(reference.pool_of == index)
        return index, reference.activity_units[members[0]], reference.level[members].sum(axis=0)
    if kind == "carrier" and (subsector, name) in reference.flows:
        index = reference.flows.index((subsector, name))
        return index, ENERGY, reference.flow[index]
    known = {
        "activity": reference.activities,
        "pool": reference.pools,
        "carrier": [carrier for place, carrier in reference.flows if place == subsector],
    }[kind]
    where = f" in subsector '{subsector}'" if kind == "carrier" else ""
    column = "share_of" if name == row.share_of else "target"
    if kind == "carrier" and column == "target" and not _is_known(town, subsector, name):
        return None  # as noted when flows were made
    tables = ("use", "carrier_use") if kind == "carrier" else ("activities",)
    found, allowed = f"{kind} '{name}'{where}", f"one of {listing(known)}" if known else f"nothing: there is no {kind}"
    missing = "" if kind == "carrier" else name  # a flow is there if any row makes it
    taken = next((each for each in town.rows(Measure) if each.measure == row.measure), None)
    if kind == "carrier" and taken and town.place(row).file != town.files["effects"]:  # nothing is wrong nationally
        found, allowed = without_flow(row.measure, name, subsector, town.name)
        town.faults.add(town.place(taken, "measure"), found, allowed, depends_on=tables)
        return None
    town.faults.add(town.place(row, column), found, allowed, known, missing, depends_on=tables)
    return None


def _is_known(town: Municipality, subsector: str, carrier: str) -> bool:
    subsectors, carriers = town.rows(Subsector), town.rows(Carrier)
    return any(row.subsector == subsector for row in subsectors) and any(row.carrier == carrier for row in carriers)


def _reference_units(
    town: Municipality,
    rows: Sequence[Measure],
    modes: dict[ModeKey, int],
    moves: Sequence[Move],
    reference: Reference,
) -> FloatArray:
    """Units by which the reference itself does what a measure does, (measure, year)."""
    units = np.zeros((len(rows), reference.level.shape[1]))
    for index, row in enumerate(rows):
        units[index] = row.existing_units
        if not row.reference_activity:
            continue
        if row.reference_activity not in reference.activities:
            names = reference.activities
            place = town.place(row, "reference_activity")
            found, allowed = f"'{row.reference_activity}'", f"one of {listing(names)}"
            town.faults.add(place, found, allowed, names, row.reference_activity, depends_on=("activities",))
            continue
        target = reference.activities.index(row.reference_activity)
        own = {mode for (measure, _), mode in modes.items() if measure == row.measure}
        amounts = [move.amount[0] for move in moves if move.mode in own and move.target == target]
        if not amounts or np.any(amounts[0] <= 0):
            place, allowed = town.place(row, "reference_activity"), f"an activity that '{row.measure}' adds to"
            found = f"'{row.reference_activity}'"
            town.faults.add(place, found, f"{allowed} in {town.files['effects']}", depends_on=("effects",))
            continue
        units[index] += reference.level[target] / amounts[0]
    return units


def _potential(town: Municipality, rows: Sequence[Measure], own: FloatArray) -> FloatArray:
    """Most units beyond the reference, (measure, year)."""
    given: dict[str, list[Potential]] = defaultdict(list)
    for row in town.rows(Potential):
        given[row.measure].append(row)
    potential = np.zeros_like(own)
    for index, measure in enumerate(rows):
        found = given[measure.measure]
        if not found:
            allowed = f"a row for '{measure.measure}' in {town.files['potentials']}"
            place, missing = town.place(measure, "measure"), f"no potential of '{measure.measure}'"
            town.faults.add(place, missing, allowed, depends_on=("potentials",))
            continue
        most = town.series(found, measure.unit, measure.measure)
        taken = own[index] - measure.existing_units if found[0].basis == "total" else 0.0
        potential[index] = np.maximum(most - taken, 0.0)
    return potential


def _pairs(town: Municipality, kind: str, position: dict[str, int]) -> list[tuple[int, int, float]]:
    return [
        (position[row.measure], position[row.other], row.ratio)
        for row in town.rows(Relation)
        if row.relation == kind and row.measure in position and row.other in position
    ]


def _enables(town: Municipality, rows: Sequence[Measure], position: dict[str, int], own: FloatArray) -> list[Enabling]:
    """One limit for each measure that others enable; `own` are units of the reference."""
    grouped: dict[str, list[Relation]] = defaultdict(list)
    for row in town.rows(Relation):
        if row.relation == "enables" and row.measure in position and row.other in position:
            grouped[row.other].append(row)
    limits = []
    for enabled, relations in grouped.items():
        target = position[enabled]
        room = sum(row.free for row in relations) - own[target]
        for row in relations:
            room = room + row.ratio * own[position[row.measure]]
        enablers = tuple((position[row.measure], row.ratio) for row in relations)
        limits.append(Enabling(target, np.asarray(room)[None], enablers))
    return limits


def _touches(rows: Sequence[Measure], modes: dict[ModeKey, int], moves: dict[str, tuple[Move, ...]]) -> list[Touch]:
    touches = [Touch(row.measure, HIERARCHY.index(row.hierarchy)) for row in rows]
    position = {row.measure: index for index, row in enumerate(rows)}
    of_mode = {mode: touches[position[measure]] for (measure, _), mode in modes.items()}
    for move in moves["pool"]:
        of_mode[move.mode].draws.add(move.target)
    for kind, adds, takes in (("activity", "adds", "takes"), ("carrier", "adds_flow", "takes_flow")):
        for move in moves[kind]:
            if np.any(move.amount > 0):
                getattr(of_mode[move.mode], adds).add(move.target)
            if np.any(move.amount < 0):
                getattr(of_mode[move.mode], takes).add(move.target)
    return touches


def _cost(town: Municipality, rows: Sequence[Measure], item: str) -> FloatArray:
    """MSEK per unit by year, (measure, year); what is not given is zero."""
    given: dict[str, list[Cost]] = defaultdict(list)
    for row in town.rows(Cost):
        if row.item == item:
            given[row.measure].append(row)
    cost = np.zeros((len(rows), len(town.years)))
    for index, measure in enumerate(rows):
        if given[measure.measure]:
            cost[index] = town.series(given[measure.measure], town.money, measure.measure)
    return cost
