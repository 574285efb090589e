"""Which numbers do the figures show? Sums and series taken from results datasets, in units a reader knows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import xarray as xr

from model.figures.drawing.texts import number, text
from model.outputs.summary import limits_emissions
from model.vocabulary import TERRITORIAL, UNFUNDED, BoolArray, FloatArray, IntArray

GHG, OFFICIAL, NET, REMOVED = "ghg_total", "ghg_official", "ghg_net", "removals"
OWN_MONEY = "own"
"""Kind of the funds that are owners' own money."""
LEAST = 0.05
"""MSEK below which an amount is taken for nothing."""
MISSING = 0.02
"""Largest share of base-year emissions that may be missing in an observed total."""


class Scale(NamedTuple):
    """Emissions are divided by `divisor` t CO2e and written with `decimals`, in `unit`."""

    divisor: float
    unit: str
    decimals: int

    def write(self, tonnes: float, language: str) -> str:
        """Emissions in t CO2e as text, without the unit."""
        return number(tonnes / self.divisor, language, self.decimals)


class ShownTarget(NamedTuple):
    """The target that holds in a year: its position, label, indicator, limit (t CO2e) and first year."""

    position: int
    label: str
    indicator: str
    limit: float
    year: int


def target_in(data: xr.Dataset, year: int, language: str) -> ShownTarget | None:
    """The first target on yearly emissions that holds in a year, if any; others are not in tonnes a year."""
    finite = _held(data)
    holding = np.flatnonzero(finite[list(data.year.values).index(year)])
    if not len(holding):
        return None
    index = int(holding[0])
    label = str(data[f"target_label_{language}"].values[index])
    limit = float(data.target_limit.sel(year=year).values[index])
    first = int(data.year.values[finite[:, index]][0])
    return ShownTarget(index, label, str(data.target_indicator.values[index]), limit, first)


def _held(data: xr.Dataset) -> BoolArray:
    """Where targets on yearly emissions hold (year, target)."""
    return np.asarray(np.isfinite(data.target_limit.values) & limits_emissions(data))


def indicator(data: xr.Dataset, name: str) -> FloatArray:
    """An indicator over the years (year,) in t CO2e."""
    return np.asarray(data.indicator.sel(indicator_name=name).values, dtype=float)


def indicator_label(data: xr.Dataset, name: str, language: str) -> str:
    """What an indicator is called."""
    return str(data[f"indicator_label_{language}"].sel(indicator_name=name).values)


def at(data: xr.Dataset, name: str, year: int) -> float:
    """An indicator in a year in t CO2e."""
    return float(data.indicator.sel(indicator_name=name, year=year))


def by_sector(data: xr.Dataset) -> FloatArray:
    """Territorial emissions (year, sector) in t CO2e, in the order of `sector_name`."""
    territorial = (data.perspective == TERRITORIAL).values
    belongs = data.sector.values[:, None] == data.sector_name.values[None, :]
    return np.asarray(data.emissions_co2e.values @ (belongs & territorial[:, None]).astype(float))


def observed_by_sector(data: xr.Dataset) -> tuple[FloatArray, FloatArray]:
    """Observed years (year,) and territorial emissions (year, sector) in t CO2e; years with too little are left out."""
    territorial = np.isin(data.sector_name.values, data.sector.values[data.perspective.values == TERRITORIAL])
    observed = np.where(territorial, data.history.values, np.nan)
    weight = np.where(territorial, by_sector(data)[0], 0.0)
    missing = np.where(np.isnan(observed), weight, 0.0).sum(axis=1)
    enough = (missing <= MISSING * weight.sum()) & np.isfinite(observed).any(axis=1)
    return data.history_year.values[enough].astype(float), np.nan_to_num(observed[enough])


def observed_total(data: xr.Dataset) -> tuple[FloatArray, FloatArray]:
    """Observed years and territorial totals (year,) in t CO2e."""
    years, observed = observed_by_sector(data)
    return years, observed.sum(axis=1)


def observed_indicator(data: xr.Dataset, name: str) -> tuple[FloatArray, FloatArray]:
    """Years in which an indicator has been observed by itself, and what it was (year,) in t CO2e; often none."""
    if "indicator_history" not in data:
        return np.empty(0), np.empty(0)
    values = data.indicator_history.sel(indicator_name=name).values
    there = np.isfinite(values)
    return data.indicator_history_year.values[there].astype(float), values[there]


def recent(data: xr.Dataset) -> int:
    """First year of history worth showing beside the projection: half as long back as it goes ahead."""
    base, last = int(data.attrs["base_year"]), int(data.year.values[-1])
    return base - (last - base) // 2


def scale(data: Sequence[xr.Dataset], language: str) -> Scale:
    """Thousands of tonnes, or tonnes for a town that emits less than a few thousand."""
    peak = max(float(indicator(each, GHG).max()) for each in data)
    if peak < 5_000:
        return Scale(1.0, text("tonnes", language), 0)
    return Scale(1_000.0, text("thousand_tonnes", language), 1)


def money_unit(data: xr.Dataset) -> str:
    """The unit of money without its price year, which stands under the figure."""
    return str(data.capital.attrs["units"]).split("_")[0]


def title(data: xr.Dataset, language: str) -> str:
    """What the scenario is called."""
    return str(data.attrs[f"scenario_{language}"])


def future_title(data: xr.Dataset, language: str) -> str:
    """What the future is called."""
    return str(data.attrs[f"future_{language}"])


def is_pot(data: xr.Dataset) -> BoolArray:
    """Which funds are pots: neither owners' own money nor the gap (fund,)."""
    return np.asarray((data.fund_kind.values != OWN_MONEY) & (data.fund_kind.values != UNFUNDED))


def areas(data: xr.Dataset, language: str) -> tuple[list[str], IntArray]:
    """What the development areas are called, in the order of the measures, and which one each measure is in."""
    names = [str(name) for name in data.category.values]
    order = list(dict.fromkeys(names))
    coordinate = f"category_label_{language}"
    known = [str(label) for label in data[coordinate].values] if coordinate in data.coords else [""] * len(names)
    called = dict(zip(names, known, strict=True))
    labels = [called[name] or name.replace("_", " ").capitalize() for name in order]
    return labels, np.array([order.index(name) for name in names], dtype=int)


def footer(data: xr.Dataset, language: str, *notes: str, future: str = "") -> list[str]:
    """What stands under a figure: boundary and source, then municipality, future, price basis and run."""
    prices = text("prices", language, year=int(data.attrs["price_year"]))
    run = str(data.attrs["fingerprint"])[:8]
    municipality = data.attrs[f"municipality_{language}"]
    shown = future or future_title(data, language)
    line = text("footer", language, municipality=municipality, future=shown, prices=prices, run=run)
    return [*([" ".join(notes)] if notes else []), line]


def history_notes(data: xr.Dataset, language: str) -> list[str]:
    """Where observed emissions come from, and what the municipality says of them."""
    said = str(data.attrs.get(f"history_note_{language}", ""))
    return [text("source_history", language), *([said] if said else [])]


def boundary(data: xr.Dataset, shown: Scale, language: str) -> str:
    """Which emissions are counted, and what the unit of the scale means."""
    counted = text("boundary_emissions", language, gwp=str(data.attrs["gwp_set"]).upper())
    return counted if shown.divisor == 1 else f"{counted} {text('thousands', language)}"
