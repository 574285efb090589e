"""What are the headline numbers? The tidy overview of a study, one number a row."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from model.results import write_whole
from model.vocabulary import EMISSIONS, ENERGY, TERRITORIAL, FloatArray

COLUMNS = ("scenario", "future", "indicator", "year", "value", "unit", "perspective", "price_basis", "status")
Row = tuple[str, str, str, int, float, str, str, str, str]


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

    indicator = {
        str(name): data.indicator.sel(indicator_name=name).values for name in data.indicator_name.values
    }
    for name, values in indicator.items():
        ledger = str(data.indicator_perspective.sel(indicator_name=name).values)
        yield from series(name, values, EMISSIONS, ledger)
    territorial = data.perspective == TERRITORIAL
    by_sector = data.emissions_co2e.where(territorial, drop=True).groupby("sector").sum()
    for sector in by_sector.sector.values:
        yield from series(f"ghg:{sector}", by_sector.sel(sector=sector).values, EMISSIONS, TERRITORIAL)
    yield from series("cumulative", np.cumsum(indicator["ghg_total"]), EMISSIONS, TERRITORIAL)
    use = data.carrier_use.where(territorial, drop=True).sum("subsector")
    for carrier in data.carrier.values:
        yield from series(f"energy:{carrier}", use.sel(carrier=carrier).values, ENERGY, TERRITORIAL)
    money = data.capital.attrs["units"]
    yield from series("investment", data.capital.sum("measure").values, money, "", True, True)
    payment = data.payment.sum("measure")
    for fund in data.fund.values:
        yield from series(f"payment:{fund}", payment.sel(fund=fund).values, money, "", True, True)
    cost, net_benefit = yearly_net_cost(data), data.benefit.sum("measure").values
    yield from series("net_cost", cost, money, "", True)
    yield from series("net_benefit", net_benefit - cost, money, "", True)
    for target in data.target.values:
        yield from series(f"shortfall:{target}", data.shortfall.sel(target=target).values, EMISSIONS, "")
    idle = data.installed - data.level
    for name, values in (("cut", data.cut), ("idle", idle)):
        for measure in data.measure.values:
            number = values.sel(measure=measure)
            if float(np.abs(number).max()) > 1e-6:
                unit = str(data.measure_unit.sel(measure=measure).values)
                yield from series(f"{name}:{measure}", number.values, unit, "", decided=True)


def yearly_net_cost(data: xr.Dataset) -> FloatArray:
    """Capital charges, fixed and running cost by year against the reference (year,), savings counted once."""
    total = data.capital_charge + data.fixed_cost + data.running_cost
    return np.asarray(total.sum("measure").values, dtype=float)


def write(datasets: Iterable[xr.Dataset], path: Path) -> None:
    """Write `summary.csv`, whole or not at all."""

    def to_file(temporary: Path) -> None:
        with temporary.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            for data in datasets:
                writer.writerows(_shown(row) for row in rows(data))

    write_whole(path, to_file)


def _shown(row: Row) -> tuple[Any, ...]:
    return tuple(f"{value:.10g}" if isinstance(value, float) else value for value in row)
