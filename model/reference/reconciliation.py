"""How far is the modelled base year from the inventory, and what becomes of the reference scaled to it?

A factor far from 1 is a finding, not a secret: registered against driven kilometres, national against local
mileage.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.inputs.columns.activities import Activity
from model.inputs.columns.emissions import TOTAL, Inventory, Subsector
from model.inputs.faults import Place
from model.inputs.municipality import Municipality
from model.reference.carriers import carrier_names, gas_names, warming_potentials
from model.reference.development import Development
from model.reference.emissions import add_emissions
from model.vocabulary import EMISSIONS, TERRITORIAL, FloatArray

EMITTING = (
    "activities", "activity_levels", "direct_emissions", "use", "carrier_use", "fleet", "parameters",
    "emission_factors", "carriers", "gases",
)  # fmt: skip
"""Tables without which a subsector may seem to emit nothing."""


@dataclass(frozen=True)
class Reconciled:
    """How a subsector was scaled; emissions of the base year in t CO2e."""

    subsector: str
    sector: str
    modelled: float
    inventory: float
    """the inventory's row times `scaling`"""
    scaling: float
    """what makes the rows of the sector's subsectors sum to its official total"""
    factor: float
    """inventory / modelled, applied in all years"""
    status: str
    """of the inventory's row: official, derived or assumed"""
    confidence: str


def reconcile(
    town: Municipality, development: Development, factors: FloatArray
) -> tuple[Development, tuple[Reconciled, ...]]:
    """The development scaled so that territorial subsectors equal the inventory in the base year, and how.

    `factors` (carrier, gas, year) as from `carriers.factors`. Levels of the subsector's activities and its
    carrier use without activity are multiplied in all years. What emits without a row in the inventory, or
    has a row but emits nothing, is a fault; so is a row for a subsector that does not exist.
    """
    modelled = subsector_emissions(town, development, factors)[:, 0]
    observed = _inventory(town)
    rows = []
    for subsector, emitted in zip(town.rows(Subsector), modelled, strict=True):
        if subsector.perspective != TERRITORIAL:
            continue
        if subsector.subsector not in observed:
            if emitted:
                found = f"'{subsector.subsector}' that emits"
                allowed = f"a row for it in {town.files['inventory']} ({_wanted(town)})"
                place = town.place(subsector, "subsector")
                town.faults.add(place, found, allowed, name=subsector.sector, depends_on=("inventory",))
            continue
        row, scaling = observed[subsector.subsector]
        value = town.convert(row, EMISSIONS) * scaling
        if value and not emitted:
            allowed = f"0, or an activity or carrier use that emits in '{subsector.subsector}'"
            place = town.place(row, "value")
            town.faults.add(place, f"'{row.value:g}'", allowed, depends_on=EMITTING)
        factor = value / emitted if emitted else 1.0
        what = (subsector.subsector, subsector.sector, float(emitted), value, scaling, float(factor))
        rows.append(Reconciled(*what, row.status, row.confidence))
    return scaled(town, development, {row.subsector: row.factor for row in rows}), tuple(rows)


def scaled(town: Municipality, development: Development, factor: dict[str, float]) -> Development:
    """The development with levels and carrier use of subsectors multiplied."""
    subsector = {row.activity: row.subsector for row in town.rows(Activity)}
    return Development(
        {name: level * factor.get(subsector[name], 1.0) for name, level in development.level.items()},
        development.use,
        development.direct,
        {pair: used * factor.get(pair[0], 1.0) for pair, used in development.other_use.items()},
    )


def gas_emissions(town: Municipality, development: Development, factors: FloatArray) -> FloatArray:
    """Emissions of a development, (subsector, gas, year) in t of gas, in the order of the tables."""
    subsectors = {row.subsector: index for index, row in enumerate(town.rows(Subsector))}
    carriers = {name: index for index, name in enumerate(carrier_names(town))}
    gases = {name: index for index, name in enumerate(gas_names(town))}
    belongs = {row.activity: subsectors[row.subsector] for row in town.rows(Activity)}
    result = np.zeros((len(subsectors), len(gases), len(town.years)))
    burnt = [
        (belongs[activity], carriers[carrier], per_unit * development.level[activity])
        for (activity, carrier), per_unit in development.use.items()
    ]
    burnt += [(subsectors[place], carriers[carrier], used) for (place, carrier), used in development.other_use.items()]
    direct = [
        (belongs[activity], gases[gas], per_unit * development.level[activity])
        for (activity, gas), per_unit in development.direct.items()
        if gas in gases
    ]
    add_emissions(result, factors, burnt, direct)
    return result


def subsector_emissions(town: Municipality, development: Development, factors: FloatArray) -> FloatArray:
    """Emissions of a development, (subsector, year) in t CO2e."""
    weighted: FloatArray = np.einsum("g,kgy->ky", warming_potentials(town), gas_emissions(town, development, factors))
    return weighted


def _inventory(town: Municipality) -> dict[str, tuple[Inventory, float]]:
    """Subsector: its row in the base year, and the scaling to the official total of its sector."""
    rows = [
        row
        for row in town.rows(Inventory)
        if (row.year, row.vintage, row.gas) == (town.settings.base_year, town.settings.reconcile_vintage, TOTAL)
    ]
    if not rows:
        place = Place(town.files["inventory"])
        allowed = "rows by subsector to reconcile with"
        town.faults.add(place, f"no rows for {_wanted(town)}", allowed, depends_on=("inventory",))
        town.faults.reject("inventory", (row.sector for row in town.rows(Subsector)))
    sector_of = {row.subsector: row.sector for row in town.rows(Subsector)}
    total = {row.sector: town.convert(row, EMISSIONS) for row in rows if not row.subsector}
    parts: dict[str, float] = {}
    valid = []
    for row in rows:
        if row.subsector and sector_of.get(row.subsector) != row.sector:
            names = [name for name, sector in sector_of.items() if sector == row.sector]
            allowed = f"a subsector of '{row.sector}'"
            place, found = town.place(row, "subsector"), f"'{row.subsector}'"
            town.faults.add(place, found, allowed, names, row.subsector, depends_on=("subsectors",))
            town.faults.reject("inventory", (row.sector,))
        elif row.subsector:
            valid.append(row)
            parts[row.sector] = parts.get(row.sector, 0.0) + town.convert(row, EMISSIONS)
    for row in rows:
        if not row.subsector and row.value and row.sector not in parts:
            allowed = f"rows of {_wanted(town)} for the subsectors of '{row.sector}' as well"
            place, found = town.place(row, "subsector"), f"only a total of '{row.sector}'"
            town.faults.add(place, found, allowed, depends_on=("inventory",))
            town.faults.reject("inventory", (row.sector,))
    scaling = {sector: total.get(sector, part) / part if part else 1.0 for sector, part in parts.items()}
    return {row.subsector: (row, scaling[row.sector]) for row in valid}


def _wanted(town: Municipality) -> str:
    settings = town.settings
    return f"year {settings.base_year}, vintage '{settings.reconcile_vintage}', gas '{TOTAL}'"
