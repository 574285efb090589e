"""What does a GWh of a carrier emit and cost, by year and future?

Arrays are ordered as the tables: carriers as in `carriers.csv`, gases as in `gases.csv`, years from the base
year on.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from model.inputs import units
from model.inputs.columns.emissions import Gas
from model.inputs.columns.energy import CARBON_LEVY, Blend, Carrier, EmissionFactor, Levied, Mandate, Price
from model.inputs.faults import Place, listing
from model.inputs.municipality import Municipality
from model.inputs.schema import Future
from model.vocabulary import DECIDED, ENERGY, MASS, FloatArray

FOSSIL_CO2 = "co2"
"""The gas that a carbon levy counts."""


def carrier_names(town: Municipality) -> tuple[str, ...]:
    """Carriers in the order of the table."""
    return tuple(row.carrier for row in town.rows(Carrier))


def gas_names(town: Municipality) -> tuple[str, ...]:
    """Gases of the municipality's set of warming potentials, in the order of the table."""
    return tuple(row.gas for row in town.rows(Gas) if row.gwp_set == town.settings.gwp_set)


def warming_potentials(town: Municipality) -> FloatArray:
    """Warming in t CO2e per t of gas, (gas,); a set that the table does not have is a fault."""
    values = [row.value for row in town.rows(Gas) if row.gwp_set == town.settings.gwp_set]
    if not values:
        wanted, sets = town.settings.gwp_set, {row.gwp_set for row in town.rows(Gas)}
        found = f"no set '{wanted}' of warming potentials"
        place, allowed = Place(town.files["gases"]), f"gwp_set {listing(sets)}"
        town.faults.add(place, found, allowed, sets, wanted, depends_on=("gases",))
    return np.array(values)


def strongest_mandate(town: Municipality, future: Future) -> str:
    """The path of `mandates` with the largest duties summed over carriers and years; the future's own on a tie."""
    rows = town.rows(Mandate)
    paths = [future.mandate, *sorted({row.path for row in rows} - {DECIDED, future.mandate})]

    def duty(path: str) -> float:
        by_carrier = {row.carrier: town.on_path([r for r in rows if r.carrier == row.carrier], path) for row in rows}
        return float(sum(town.series(each, "fraction", path).sum() for each in by_carrier.values() if each))

    return max(paths, key=duty)


def bio_shares(town: Municipality, future: Future) -> dict[str, FloatArray]:
    """Share of biofuel in the energy of each blended carrier by year: min(duty / saving, wall)."""
    shares = {}
    for blend in town.rows(Blend):
        rows = [row for row in town.rows(Mandate) if row.carrier == blend.carrier]
        paths = {row.path for row in rows}
        if future.mandate not in paths:
            found, allowed = f"no path '{future.mandate}' for '{blend.carrier}'", listing(paths - {DECIDED})
            place = Place(town.files["mandates"])
            town.faults.add(place, found, allowed, paths, future.mandate, depends_on=("mandates",))
        on_path = town.on_path(rows, future.mandate)
        if on_path and blend.saving:
            duty = town.series(on_path, "fraction", f"duty of {blend.carrier}")
            shares[blend.carrier] = np.minimum(duty / blend.saving, blend.wall)
        elif on_path:
            town.faults.add(town.place(blend, "saving"), "'0'", "a saving above 0, or no bio share meets a duty")
    return shares


def factors(town: Municipality, future: Future) -> FloatArray:
    """Emission factors, (carrier, gas, year) in t of gas per GWh, with national blending.

    A share b of biofuel takes b of the carrier's `fossil_gas` away and adds as much to its `bio_gas`. A
    factor that the table does not have is zero.
    """
    carriers, gases = _positions(carrier_names(town)), _positions(gas_names(town))
    result = np.zeros((len(carriers), len(gases), len(town.years)))
    by_pair: dict[tuple[str, str], list[EmissionFactor]] = {}
    for row in town.rows(EmissionFactor):
        by_pair.setdefault((row.carrier, row.gas), []).append(row)
    for (carrier, gas), rows in by_pair.items():
        if gas in gases:
            series = town.series(rows, f"{MASS}/{ENERGY}", f"{carrier}, {gas}", step=True)
            result[carriers[carrier], gases[gas]] = series
    shares = bio_shares(town, future)
    for blend in town.rows(Blend):
        if blend.carrier in shares and blend.fossil_gas in gases and blend.bio_gas in gases:
            of_carrier = result[carriers[blend.carrier]]
            replaced = shares[blend.carrier] * of_carrier[gases[blend.fossil_gas]]
            of_carrier[gases[blend.fossil_gas]] -= replaced
            of_carrier[gases[blend.bio_gas]] += replaced
    return result


def official_factors(town: Municipality, factor: FloatArray) -> FloatArray:
    """`factors` as official statistics show them: carriers of one `official_group` have its national average.

    The average is weighted with `national_share`, whose sum over a group must be 1.
    """
    result = factor.copy()
    rows = town.rows(Carrier)
    for group in dict.fromkeys(row.official_group for row in rows if row.official_group):
        members = [index for index, row in enumerate(rows) if row.official_group == group]
        share = np.array([rows[index].national_share or 0.0 for index in members])
        if not np.isclose(share.sum(), 1.0):
            place = town.place(rows[members[0]], "national_share")
            found = f"a sum of {share.sum():g} over group '{group}'"
            town.faults.add(place, found, "shares that sum to 1", depends_on=("carriers",))
        result[members] = np.tensordot(share, result[members], axes=1)
    return result


def energy_prices(town: Municipality, future: Future, price_set: str, factor: FloatArray) -> FloatArray:
    """Prices with carbon levy, (carrier, year) in MSEK of the price year per GWh.

    `factor` as from `factors`: what is levied. `price_set` is `market` (excluding VAT) or `household` (including VAT).
    A carrier without a price is a fault.
    """
    rows = [row for row in town.rows(Price) if row.price_set == price_set]
    result = np.zeros((len(carrier_names(town)), len(town.years)))
    for index, carrier in enumerate(town.rows(Carrier)):
        of_carrier = town.on_path([row for row in rows if row.item == carrier.carrier], future.prices)
        if of_carrier:
            values = [_per_energy(town, row, carrier) for row in of_carrier]
            result[index] = _by_year(town, of_carrier, values)
        else:
            _missing(town, carrier.carrier, future, price_set)
    return result + _levy(town, future, price_set, rows, factor)


def _levy(town: Municipality, future: Future, price_set: str, rows: Iterable[Price], factor: FloatArray) -> FloatArray:
    """What the carbon levy adds from its year on, (carrier, year) in MSEK per GWh: levy x fossil CO2."""
    carriers, gases = _positions(carrier_names(town)), _positions(gas_names(town))
    added = np.zeros((len(carriers), len(town.years)))
    of_levy = town.on_path([row for row in rows if row.item == CARBON_LEVY], future.prices)
    levied = town.rows(Levied)
    if levied and not of_levy:
        _missing(town, CARBON_LEVY, future, price_set)
    if levied and of_levy and FOSSIL_CO2 in gases:
        values = [town.convert(row, f"{town.money}/{MASS}") for row in of_levy]
        fossil = factor[:, gases[FOSSIL_CO2]]
        per_tonne = _by_year(town, of_levy, values)
        for row in levied:
            index = carriers[row.carrier]
            added[index] = np.where(town.years >= row.from_year, per_tonne * fossil[index], 0.0)
    return added


def _per_energy(town: Municipality, row: Price, carrier: Carrier) -> float:
    """A price as written, per energy, litre or kilogram, in MSEK per GWh."""
    canonical = f"{town.money}/{ENERGY}"
    if carrier.energy_content is not None:
        try:
            per_content = units.factor(f"({row.unit})/({carrier.energy_content_unit})", canonical)
            return row.value * per_content / carrier.energy_content
        except units.UnitError:  # then it is a price per energy, or a fault
            pass
    return town.convert(row, canonical)


def _by_year(town: Municipality, rows: list[Price], values: list[float]) -> FloatArray:
    """Straight lines between the years of the rows, constant outside."""
    pairs = sorted(zip((row.year for row in rows), values, strict=True))
    return np.interp(town.years, [year for year, _ in pairs], [value for _, value in pairs])


def _missing(town: Municipality, item: str, future: Future, price_set: str) -> None:
    found = f"no price '{item}' in price_set '{price_set}' on path '{future.prices}'"
    allowed = f"a row with path '{future.prices}' or 'all'"
    town.faults.add(Place(town.files["prices"]), found, allowed, depends_on=("prices",))


def _positions(names: Iterable[str]) -> dict[str, int]:
    return {name: index for index, name in enumerate(names)}
