"""How well does the reference meet what is known from elsewhere? Numbers for tests and reports."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.inputs.columns.activities import Activity, Parameter, Population
from model.inputs.columns.emissions import TOTAL, Inventory, Sector, Subsector
from model.inputs.columns.energy import Blend, Carrier
from model.inputs.municipality import Municipality
from model.inputs.schema import Future
from model.reference.carriers import bio_shares, carrier_names, factors, gas_names, warming_potentials
from model.reference.development import Development
from model.reference.reconciliation import gas_emissions, reconcile, subsector_emissions
from model.reference.sectors import reference
from model.vocabulary import EMISSIONS, TERRITORIAL, FloatArray


@dataclass(frozen=True)
class Comparison:
    """A number of the model beside a reported one in t CO2e; `low`, `high` where inputs are uncertain."""

    model: float
    reported: float
    low: float
    high: float

    @property
    def deviation(self) -> float:
        """Of the model from what is reported, as a share of it."""
        return self.model / self.reported - 1.0


@dataclass(frozen=True)
class DecayFit:
    """A decay rate fitted on a window of years, and what it predicts for the base year, in t CO2e."""

    rate: float
    first_year: int
    last_year: int
    base_year: Comparison


def reference_by_sector(town: Municipality, future: Future) -> dict[str, FloatArray]:
    """Territorial reference emissions of each sector by year, reconciled, in t CO2e."""
    by_carrier = factors(town, future)
    development, _ = reconcile(town, reference(town, future), by_carrier)
    return _by_sector(town, subsector_emissions(town, development, by_carrier))


def before_reconciliation(town: Municipality, future: Future) -> dict[str, Comparison]:
    """Each sector in the base year as modelled bottom-up, beside its official total."""
    modelled = _by_sector(town, subsector_emissions(town, reference(town, future), factors(town, future)))
    base = town.settings.base_year
    found = {}
    for sector, values in modelled.items():
        reported = _reported(town, sector)
        if base in reported:
            value = float(values[0])
            found[sector] = Comparison(value, reported[base], value, value)
    return found


def blending_step(town: Municipality, future: Future, sector: str, before: int, after: int) -> Comparison:
    """What `sector` emits in year `after` when since `before` only the national bio shares changed.

    Each subsector reported for `before` is split to fuels as modelled in the base year (energy), and moved by
    (fossil x (1 - b) + other gases) of its fuels; b is the reported or estimated share of all energy of the
    fuel's official group (parameter `bio_share`), pure fuels included. `low` and `high` follow from the range
    of b in `after`.
    """
    development, by_carrier = reference(town, future), factors(town, future)
    fossil, constant = _fuel_emissions(town, future, development, by_carrier)
    blends = [blend.carrier for blend in town.rows(Blend)]
    start = np.array([_bio_share(town, carrier, before)[1] for carrier in blends])
    ends = np.array([_bio_share(town, carrier, after) for carrier in blends])  # (carrier, low-central-high)
    was = fossil @ (1.0 - start) + constant
    will = fossil @ (1.0 - ends) + constant[:, None]
    rows = {row.subsector: index for index, row in enumerate(town.rows(Subsector)) if row.sector == sector}
    parts = {row.subsector: town.convert(row, EMISSIONS) for row in _inventory(town, sector, before) if row.subsector}
    there = [rows[name] for name in parts]
    weight = np.array(list(parts.values())) / sum(parts.values()) * _reported(town, sector)[before]
    moved = weight @ (will[there] / was[there][:, None])
    return Comparison(float(moved[1]), _reported(town, sector)[after], float(moved.min()), float(moved.max()))


def decay_fit(town: Municipality, activity: str) -> DecayFit:
    """Decay of landfill gas, fitted on the years stated in the parameters, predicting the base year.

    The sector's official totals less its other subsectors (those of the base year, per inhabitant) fall as
    exp(-k t); k is the slope of a straight line through their logarithms.
    """
    base = town.settings.base_year
    subsector = next(row.subsector for row in town.rows(Activity) if row.activity == activity)
    sector = next(row.sector for row in town.rows(Subsector) if row.subsector == subsector)
    first = int(town.parameter("fit_first_year", activity, unit="year")[0])
    last = int(town.parameter("fit_last_year", activity, unit="year")[0])
    rest = sum(
        town.convert(row, EMISSIONS)
        for row in _inventory(town, sector, base)
        if row.subsector and row.subsector != subsector
    )
    reported = _reported(town, sector)
    years = np.array([year for year in sorted(reported) if first <= year <= last])
    others = rest * _inhabitants(town, years) / _inhabitants(town, np.array([base]))
    gas = np.array([reported[year] for year in years]) - others
    slope, start = np.polyfit(years - base, np.log(gas), 1)
    predicted = float(np.exp(start)) + rest
    return DecayFit(float(-slope), first, last, Comparison(predicted, reported[base], predicted, predicted))


def _fuel_emissions(
    town: Municipality, future: Future, development: Development, by_carrier: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Base year, t CO2e: carbon by (subsector, fuel) with nothing blended, and all else by subsector.

    A blended fuel stands for its whole official group: pure biofuels are part of the bio share.
    """
    carriers = {name: index for index, name in enumerate(carrier_names(town))}
    gases = {name: index for index, name in enumerate(gas_names(town))}
    group = {row.carrier: row.official_group or row.carrier for row in town.rows(Carrier)}
    potential, shares = warming_potentials(town), bio_shares(town, future)
    blends = town.rows(Blend)
    without = by_carrier.copy()
    fossil = np.zeros((len(town.rows(Subsector)), len(blends)))
    burnt = Development(development.level, development.use, {}, development.other_use)
    for index, blend in enumerate(blends):
        gas = gases[blend.fossil_gas]
        pure = by_carrier[carriers[blend.carrier], gas] / (1.0 - shares[blend.carrier])
        members = [carriers[name] for name in carriers if group[name] == group[blend.carrier]]
        only = np.zeros_like(by_carrier)
        only[members, gas] = pure
        without[members, gas] = 0.0
        carbon = gas_emissions(town, burnt, only)
        fossil[:, index] = carbon[:, gas, 0] * potential[gas]
    return fossil, subsector_emissions(town, development, without)[:, 0]


def _bio_share(town: Municipality, carrier: str, year: int) -> tuple[float, float, float]:
    """Low, central and high bio share of a fuel's official group in a year, as fractions."""
    of_carrier = [row for row in town.rows(Parameter) if (row.parameter, row.of) == ("bio_share", carrier)]
    row = next(row for row in of_carrier if row.year == year)
    values = (row.value if value is None else value for value in (row.low, row.value, row.high))
    low, central, high = (town.convert(row, "fraction", value) for value in values)
    return low, central, high


def _by_sector(town: Municipality, by_subsector: FloatArray) -> dict[str, FloatArray]:
    """Territorial emissions (subsector, year) summed to the sectors that have territorial subsectors."""
    rows = town.rows(Subsector)
    found = {}
    for sector in town.rows(Sector):
        within = [row.sector == sector.sector and row.perspective == TERRITORIAL for row in rows]
        if any(within):
            found[sector.sector] = by_subsector[np.array(within)].sum(axis=0)
    return found


def _inventory(town: Municipality, sector: str, year: int) -> list[Inventory]:
    vintage = town.settings.reconcile_vintage
    wanted = (sector, year, vintage, TOTAL)
    return [row for row in town.rows(Inventory) if (row.sector, row.year, row.vintage, row.gas) == wanted]


def _reported(town: Municipality, sector: str) -> dict[int, float]:
    """Official totals of a sector by year, in t CO2e."""
    years = {row.year for row in town.rows(Inventory) if row.sector == sector}
    rows = [row for year in years for row in _inventory(town, sector, year) if not row.subsector]
    return {row.year: town.convert(row, EMISSIONS) for row in rows}


def _inhabitants(town: Municipality, years: FloatArray) -> FloatArray:
    """Observed inhabitants in any years, straight lines between."""
    rows = sorted((row for row in town.rows(Population) if row.path == "observed"), key=lambda row: row.year)
    return np.interp(years, [row.year for row in rows], [row.value for row in rows])
