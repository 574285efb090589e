"""What are the headline numbers? The tidy overview of a study, one number a row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from model.outputs import swedish_summary
from model.outputs.csv_files import write_csv
from model.outputs.swedish_summary import Row
from model.plain_text import settled
from model.vocabulary import EMISSIONS, ENERGY, TERRITORIAL, BoolArray, FloatArray

COLUMNS = ("scenario", "future", "indicator", "year", "value", "unit", "perspective", "price_basis", "status")
SOME = 1e-6
"""Less than this, in every year, is nothing: no row is written of it."""


def rows(data: xr.Dataset) -> Iterator[Row]:
    """All headline numbers of one scenario in one future.

    `status` says what a number is: `reconciled` (the base year equals the inventory), `projected`, or `planned`
    (what is decided and paid).
    """
    years = [int(year) for year in data.year.values]
    base = int(data.attrs["base_year"])
    basis = str(data.attrs["price_basis"])

    def series(
        name: str, values: FloatArray, unit: str, perspective: str, money: bool = False, decided: bool = False
    ) -> Iterator[Row]:
        for year, number in zip(years, values, strict=True):
            status = "planned" if decided else "reconciled" if year == base else "projected"
            yield (
                data.attrs["scenario"], data.attrs["future"], name, year, float(number), unit, perspective,
                basis if money else "", status,
            )  # fmt: skip

    indicator = dict(_along(data.indicator, "indicator_name"))
    kinds = zip(data.indicator_unit.values, data.indicator_perspective.values, strict=True)
    for (name, values), (unit, ledger) in zip(indicator.items(), kinds, strict=True):
        yield from series(name, values, str(unit), str(ledger))
    territorial, sectors = data.perspective.values == TERRITORIAL, data.sector.values
    emissions = data.emissions_co2e.transpose("subsector", "year").values
    for sector in np.unique(sectors[territorial]):
        values = emissions[territorial & (sectors == sector)].sum(axis=0)
        yield from series(f"ghg:{sector}", values, EMISSIONS, TERRITORIAL)
    yield from series("cumulative", np.cumsum(indicator["ghg_total"]), EMISSIONS, TERRITORIAL)
    use = data.carrier_use.isel(subsector=territorial).sum("subsector")
    for carrier, values in _along(use, "carrier"):
        yield from series(f"energy:{carrier}", values, ENERGY, TERRITORIAL)
    money = data.capital.attrs["units"]
    yield from series("investment", data.capital.sum("measure").values, money, "", True, True)
    for fund, values in _along(data.payment.sum("measure"), "fund"):
        yield from series(f"payment:{fund}", values, money, "", True, True)
    for name in ("charge", "overdrawn", "lapsed"):
        for fund, values in _of_pots(data, name):
            yield from series(f"{name}:{fund}", values, money, "", True, True)
    cost, net_benefit = yearly_net_cost(data), data.benefit.sum("measure").values
    yield from series("net_cost", cost, money, "", True)
    yield from series("net_benefit", net_benefit - cost, money, "", True)
    for (target, values), unit in zip(_along(data.shortfall, "target"), data.target_unit.values, strict=True):
        yield from series(f"shortfall:{target}", values, "percent_point" if unit == "percent" else str(unit), "")
    for name, what in (("cut", data.cut), ("idle", data.installed - data.level)):
        for (measure, values), unit in zip(_along(what, "measure"), data.measure_unit.values, strict=True):
            if np.abs(values).max() > SOME:
                yield from series(f"{name}:{measure}", values, str(unit), "", decided=True)


def _along(array: xr.DataArray, dimension: str) -> Iterator[tuple[str, FloatArray]]:
    """Each name along a dimension with its values over the years."""
    values = array.transpose(dimension, "year").values
    return zip(map(str, array[dimension].values), values, strict=True)


def _of_pots(data: xr.Dataset, name: str) -> Iterator[tuple[str, FloatArray]]:
    """A flow of the pots that have any over the years; what may be borrowed and is not does not lapse."""
    for fund, values in _along(data[name], "fund"):
        loan = name == "lapsed" and bool(str(data.fund_pot.sel(fund=fund).values))
        if not loan and np.isfinite(values).all() and values.max() > SOME:
            yield fund, values


def yearly_net_cost(data: xr.Dataset) -> FloatArray:
    """Capital charges, fixed and running cost by year against the reference (year,), savings counted once."""
    total = data.capital_charge + data.fixed_cost + data.running_cost
    return np.asarray(total.sum("measure").values, dtype=float)


def limits_emissions(data: xr.Dataset) -> BoolArray:
    """Which targets limit the emissions of a single year from above (target,): those that can be drawn beside them."""
    yearly = (data.target_hold.values != "cumulative") & (data.target_sense.values == "at_most")
    return np.asarray(yearly & (data.target_unit.values == EMISSIONS))


def write(datasets: Iterable[xr.Dataset], path: Path) -> None:
    """Write `summary.csv` and, beside it, `summary.sv.csv`, with the digits that are settled."""
    found = [(data, list(rows(data))) for data in datasets]
    write_csv(path, [COLUMNS, *(_shown(row) for _, of_one in found for row in of_one)])
    swedish_summary.write(found, path)


def _shown(row: Row) -> tuple[Any, ...]:
    return tuple(settled(value) if isinstance(value, float) else value for value in row)
