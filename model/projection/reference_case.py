"""Which arrays does a municipality in a future become? Sectors, carriers and measures put together and reconciled."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from model.inputs.columns.activities import Activity
from model.inputs.columns.emissions import Gas, Subsector
from model.inputs.columns.energy import Carrier
from model.inputs.columns.measures import Effect
from model.inputs.faults import listing
from model.inputs.municipality import Municipality, gwp
from model.inputs.schema import Future
from model.measures.catalogue import Reference
from model.measures.compile import compile_measures
from model.projection.case import Case
from model.reference import carriers, sectors
from model.reference.development import Development
from model.reference.reconciliation import Reconciled, reconcile
from model.vocabulary import FloatArray, IntArray

Names = tuple[str, ...]
Flow = tuple[str, str]
"""A subsector and a carrier."""


def compile_case(town: Municipality, future: Future, factor: FloatArray) -> tuple[Case, tuple[Reconciled, ...]]:
    """The case of a municipality in a future, batch length 1, and how it was reconciled.

    `factor` (carrier, gas, year) as from `carriers.factors`. Faults are noted in `town.faults`.
    """
    development, reconciled = reconcile(town, sectors.reference(town, future), factor)
    subsectors = tuple(row.subsector for row in town.rows(Subsector))
    carrier_names = tuple(row.carrier for row in town.rows(Carrier))
    gases = tuple(dict.fromkeys(row.gas for row in town.rows(Gas)))
    activities = town.rows(Activity)
    _check_pools(town, activities)
    flows = _flows(town, development, {row.activity: row.subsector for row in activities}, subsectors, carrier_names)
    reference, other, uses = _reference(town, development, flows)
    names = reference.activities
    use_activity, use_flow, use = uses
    direct = sorted(development.direct, key=lambda key: (names.index(key[0]), gases.index(key[1])))
    years = len(town.years)
    case = Case(
        years=town.years,
        first_decision_year=town.settings.first_decision_year,
        activities=names,
        activity_units=reference.activity_units,
        pools=reference.pools,
        subsectors=subsectors,
        carriers=carrier_names,
        gases=gases,
        subsector_of=np.array([subsectors.index(row.subsector) for row in activities], dtype=int),
        pool_of=reference.pool_of,
        flow_subsector=np.array([subsectors.index(subsector) for subsector, _ in flows], dtype=int),
        flow_carrier=np.array([carrier_names.index(carrier) for _, carrier in flows], dtype=int),
        level=reference.level[None],
        other_use=other[None],
        use_activity=use_activity,
        use_flow=use_flow,
        use=use[None],
        direct_activity=np.array([names.index(activity) for activity, _ in direct], dtype=int),
        direct_gas=np.array([gases.index(gas) for _, gas in direct], dtype=int),
        direct=np.array([development.direct[key] for key in direct]).reshape(1, len(direct), years),
        factor=factor[None],
        official_factor=carriers.official_factors(town, factor)[None],
        gwp=gwp(town, gases),
        price=carriers.energy_prices(town, future, "market", factor)[None],
        running_cost=_per_unit(town, activities, "running_cost")[None],
        external_cost=_per_unit(town, activities, "external_cost")[None],
        social_rate=town.settings.social_rate,
        measures=compile_measures(town, reference),
    )
    return case, tuple(reconciled)


def _reference(
    town: Municipality, development: Development, flows: tuple[Flow, ...]
) -> tuple[Reference, FloatArray, tuple[IntArray, IntArray, FloatArray]]:
    """What measures move; use without activity (flow, year); and use: of which activity, in which flow, per unit."""
    activities, years = town.rows(Activity), len(town.years)
    names, carrier_names = tuple(row.activity for row in activities), [row.carrier for row in town.rows(Carrier)]
    pools = tuple(dict.fromkeys(row.pool for row in activities if row.pool))
    level = np.array([development.level.get(name, np.zeros(years)) for name in names]).reshape(len(names), years)
    uses = sorted(development.use, key=lambda key: (names.index(key[0]), carrier_names.index(key[1])))
    use_activity = np.array([names.index(activity) for activity, _ in uses], dtype=int)
    use_flow = np.array([flows.index((activities[names.index(a)].subsector, c)) for a, c in uses], dtype=int)
    use = np.array([development.use[key] for key in uses]).reshape(len(uses), years)
    other = np.array([development.other_use.get(flow, np.zeros(years)) for flow in flows]).reshape(len(flows), years)
    flow_level = other.copy()
    np.add.at(flow_level, use_flow, use * level[use_activity])
    reference = Reference(
        activities=names,
        activity_units=tuple(row.unit for row in activities),
        pools=pools,
        pool_of=np.array([pools.index(row.pool) if row.pool else -1 for row in activities], dtype=int),
        flows=flows,
        flows_of=tuple(tuple(use_flow[use_activity == index]) for index in range(len(names))),
        level=level,
        flow=flow_level,
    )
    return reference, other, (use_activity, use_flow, use)


def _flows(
    town: Municipality,
    development: Development,
    subsector_of: dict[str, str],
    subsectors: Names,
    carrier_names: Names,
) -> tuple[Flow, ...]:
    """(subsector, carrier) pairs that occur in the reference or that a measure adds to."""
    flows = {(subsector_of[activity], carrier) for activity, carrier in development.use}
    flows |= set(development.other_use)
    for row in town.rows(Effect):
        if row.kind != "carrier":
            continue
        for value, known, column, table in (
            (row.subsector, subsectors, "subsector", "subsectors"),
            (row.target, carrier_names, "target", "carriers"),
        ):
            if value not in known:
                place, allowed = town.place(row, column), f"one of {listing(known)}"
                town.faults.add(place, f"'{value}'", allowed, known, value, depends_on=(table,))
        if row.subsector in subsectors and row.target in carrier_names and row.value > 0:
            flows.add((row.subsector, row.target))
    return tuple(sorted(flows, key=lambda flow: (subsectors.index(flow[0]), carrier_names.index(flow[1]))))


def _check_pools(town: Municipality, activities: Sequence[Activity]) -> None:
    """The members of a pool serve the same end in the same unit."""
    first: dict[str, Activity] = {}
    for row in activities:
        if not row.pool:
            continue
        head = first.setdefault(row.pool, row)
        if row.unit != head.unit:
            allowed = f"'{head.unit}', the unit of '{head.activity}' in the same pool '{row.pool}'"
            town.faults.add(town.place(row, "unit"), f"'{row.unit}'", allowed)


def _per_unit(town: Municipality, activities: Sequence[Activity], column: str) -> FloatArray:
    """A cost of activities in MSEK per unit, (activity,)."""
    return np.array([
        town.convert(row, f"{town.money}/{row.unit}", getattr(row, column), "cost_unit") for row in activities
    ])  # fmt: skip
