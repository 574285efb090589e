"""What is told of results at a glance? Two tables: what becomes of emissions and money, and who pays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr

from model.optimiser.stages import ROUNDING
from model.outputs.comparison import comparison_year
from model.outputs.summary import limits_emissions, yearly_net_cost
from model.plain_text import Column, TextTable, shares, thousands
from model.texts import Texts
from model.vocabulary import EMISSIONS, ENERGY, UNFUNDED

UNITS = {EMISSIONS: "t", ENERGY: "GWh", "percent": "percentage points"}
"""What a shortfall is counted in."""
PAYERS = {
    "municipality": ("municipal_investment", "municipal_operating", "loan", "green_bond"),
    "others": ("public",), "grants": ("grant",), "owners": ("own",), "nobody": ("unfunded",),
}  # fmt: skip
"""Who pays, by the kinds of funds: what is borrowed is paid by the municipality."""
SOME = 0.05
"""MSEK below which nothing is paid, and units below which nothing is cut."""
MOST_NAMES = 8
"""Measures that are named of a scenario."""
Results = Mapping[tuple[str, str], xr.Dataset]
text = Texts({
    "title": (
        "{town} {year}: utsläpp i kt CO2e, pengar i {money}",
        "{town} in {year}: emissions in kt CO2e, money in {money}",
    ),
    "money": ("miljoner kronor ({year} års priser)", "million kronor (prices of {year})"),
    "scenario": ("scenario", "scenario"),
    "name": ("{title} ({future})", "{title} ({future})"),
    "emissions": ("utsläpp", "emis-\nsions"),
    "range": ("andra\nframtider", "other\nfutures"),
    "official": ("i sta-\ntistiken", "in sta-\ntistics"),
    "left": ("kvar till\nmålet", "left to\ntarget"),
    "invested": ("inves-\nterat", "inves-\nted"),
    "net": ("netto-\nkostnad", "net\ncost"),
    "pays_title": (
        "Vem betalar, {first} till {last}, {money}", "Who pays, {first} to {last}, {money}",
    ),
    "municipality": ("kommunen", "munici-\npality"),
    "others": ("andra\noffentliga", "other\npublic"),
    "grants": ("bidrag", "grants"),
    "owners": ("ägarna\nsjälva", "the\nowners"),
    "nobody": ("ofinan-\nsierat", "not\nfunded"),
    "target": (
        "Kvar till målet: {label}{unit}. Investerat: i allt till {last}. Nettokostnad: {year}, kapital, drift och "
        "energi mot beslutad politik.",
        "Left to target: {label}{unit}. Invested: in all to {last}. Net cost: {year}, capital, operation and energy "
        "against decided policy.",
    ),
    "points": (" (procentenheter)", " (percentage points)"),
    "no_target": (
        "Investerat: i allt till {last}. Nettokostnad: {year}, kapital, drift och energi mot beslutad politik.",
        "Invested: in all to {last}. Net cost: {year}, capital, operation and energy against decided policy.",
    ),
    "unsure": (
        "Bättre planer är inte uteslutna så långt som begärts: {names}.",
        "Better plans are not ruled out as far as was asked: {names}.",
    ),
    "cut": (
        "Mer begärs än det finns eller hinns med, så detta kapas: {names} (alla år: cut i summary.csv).",
        "More is asked for than there is or can be started in time, so this is cut: {names} (all years: cut in "
        "summary.csv).",
    ),
    "most_cut": ("{measure} {year}: {got} av {asked}", "{measure} in {year}: {got} of {asked}"),
    "unknown": ("okänt", "not known"),
})  # fmt: skip


def gap_reached(attributes: Mapping[str, Any]) -> str:
    """The gap of a plan's worst stage beside what was asked, `not known` if that of any is not; a dash: no plan."""
    if "gaps_asked" not in attributes:
        return "-"
    asked, reached, worst, met = _worst(attributes)
    if worst is None:
        return "not known"
    limit, found = shares(float(asked[worst]), float(reached[worst]))
    return f"{found} of {limit}" if met else f"{found}, asked {limit}"


def _worst(attributes: Mapping[str, Any]) -> tuple[Any, Any, int | None, bool]:
    """Gaps asked and reached, the place of the worst (None: one is not known), and whether it is as was asked."""
    asked, reached = (np.atleast_1d(attributes[name]) for name in ("gaps_asked", "gaps_reached"))
    if np.isnan(reached).any() or not len(reached):
        return asked, reached, None, False
    worst = int(np.argmax(reached / asked))
    return asked, reached, worst, bool(reached[worst] <= asked[worst] * (1 + ROUNDING))


def overview(data: Results, language: str, shown: str | None = None) -> list[TextTable | str]:
    """A line a scenario in the `shown` future (None: the first it was run in), and what others make of it; who pays."""
    runs = _one_each(data, shown)
    some = next(iter(runs.values()))
    year, last = comparison_year(some), int(some.year.values[-1])
    money = text("money", language, year=some.attrs["price_year"])
    target = _target(some, year)
    several = len({future for _, future in data}) > 1
    rows = [
        _line(each, [other for key, other in data.items() if key[0] == name], year, target, several, language)
        for name, each in runs.items()
    ]
    heads: list[Column] = [(text("scenario", language), "text"), (text("emissions", language), "right")]
    heads += [(text("range", language), "right")] if several else []
    heads += [(text(name, language), "right") for name in ("official", "left", "invested", "net")]
    title = text("title", language, town=some.attrs[f"municipality_{language}"], year=year, money=money)
    told: list[TextTable | str] = [TextTable(title, tuple(heads), rows)]
    told.append(_note(some, target, year, last, language))
    told += [said for said in (_unsure(data, language), _cut(runs, language)) if said]
    paid = [row for each in runs.values() if (row := _payers(each, language))]
    if paid:
        first = int(some.attrs["first_decision_year"])
        columns: list[Column] = [(text("scenario", language), "text")]
        columns += [(text(name, language), "right") for name in PAYERS]
        title = text("pays_title", language, first=first, last=last, money=money)
        told.append(TextTable(f"\n{title}", tuple(columns), paid))
    return told


def _one_each(data: Results, shown: str | None) -> dict[str, xr.Dataset]:
    """Of each scenario its run in the shown future, else the first."""
    runs: dict[str, xr.Dataset] = {}
    for (name, future), each in data.items():
        if name not in runs or future == shown:
            runs[name] = each
    return runs


def _target(data: xr.Dataset, year: int) -> int | None:
    """The first target that holds in a year, one on yearly emissions before others; None: there is none."""
    held = np.isfinite(data.target_limit.sel(year=year).values)
    return next((int(np.argmax(mask)) for mask in (held & limits_emissions(data), held) if mask.any()), None)


def _line(
    data: xr.Dataset, every: Sequence[xr.Dataset], year: int, target: int | None, several: bool, language: str
) -> list[str]:
    """A scenario's line; `every` is its run in each future."""
    at = data.sel(year=year)

    def shown(value: float, digits: int = 0) -> str:
        return thousands(value, digits, language)

    emitted = [_indicator(each.sel(year=year), "ghg_total") for each in every]
    cells = [str(data.attrs[f"scenario_{language}"]), shown(_indicator(at, "ghg_total"), 1)]
    if several:
        cells.append(f"{shown(min(emitted), 1)}-{shown(max(emitted), 1)}" if len(emitted) > 1 else "")
    missing = float("nan")
    if target is not None:
        in_tonnes = str(data.target_unit.values[target]) == EMISSIONS
        missing = float(at.shortfall.values[target]) / (1e3 if in_tonnes else 1)
    net = float(yearly_net_cost(at.expand_dims(year=[year]))[0])
    return [
        *cells, shown(_indicator(at, "ghg_official"), 1), shown(missing, 1), shown(float(data.capital.sum())),
        shown(net),
    ]  # fmt: skip


def _indicator(data: xr.Dataset, name: str) -> float:
    """An indicator of a year in kt."""
    return float(data.indicator.sel(indicator_name=name)) / 1e3


def _note(data: xr.Dataset, target: int | None, year: int, last: int, language: str) -> str:
    """What the columns are."""
    if target is None:
        return text("no_target", language, year=year, last=last)
    kind = str(data.target_unit.values[target])
    unit = text("points", language) if kind == "percent" else "" if kind == EMISSIONS else f" ({UNITS[kind]})"
    return text(
        "target", language, year=year, last=last,
        label=data[f"target_label_{language}"].values[target], unit=unit,
    )  # fmt: skip


def _unsure(data: Results, language: str) -> str:
    """Plans whose certificate leaves more open than was asked; blank: there are none."""
    names = []
    for (name, future), each in data.items():
        if "gaps_asked" in each.attrs:
            asked, reached, worst, met = _worst(each.attrs)
            if worst is None:
                names.append(f"{name}, {future} ({text('unknown', language)})")
            elif not met:
                limit, found = shares(float(asked[worst]), float(reached[worst]))
                names.append(f"{name}, {future} ({found} > {limit})")
    return text("unsure", language, names="; ".join(names)) if names else ""


def _cut(runs: Mapping[str, xr.Dataset], language: str) -> str:
    """Scenarios whose measures get less than they ask for, with these measures; blank: there are none."""
    names = []
    for name, each in runs.items():
        cut = [_most_cut(each, int(place), language) for place in np.flatnonzero(each.cut.values.max(axis=0) > SOME)]
        if cut:
            names.append(f"{name} ({', '.join(cut[:MOST_NAMES])}{', ...' if len(cut) > MOST_NAMES else ''})")
    return text("cut", language, names="; ".join(names)) if names else ""


def _most_cut(data: xr.Dataset, place: int, language: str) -> str:
    """A measure with what it gets of what is asked for: in the year of comparison, or where most of it is cut."""
    cut, level = data.cut.values[:, place], data.level.values[:, place]
    at = data.year.values.tolist().index(comparison_year(data))
    at = at if cut[at] > SOME else int(np.argmax(cut))
    got, asked = (thousands(float(value), 0, language) for value in (level[at], level[at] + cut[at]))
    measure, year = data.measure.values[place], data.year.values[at]
    return text("most_cut", language, measure=measure, year=year, got=got, asked=asked)


def _payers(data: xr.Dataset, language: str) -> list[str] | None:
    """What each kind of payer pays over all years; None: nothing is paid."""
    by_fund = data.payment.sum(("measure", "year")).values
    if by_fund.sum() < SOME:
        return None
    kinds = [str(UNFUNDED if name == UNFUNDED else kind)
             for name, kind in zip(data.fund.values, data.fund_kind.values, strict=True)]  # fmt: skip
    sums = [sum(float(paid) for paid, kind in zip(by_fund, kinds, strict=True) if kind in of) for of in PAYERS.values()]
    return [str(data.attrs[f"scenario_{language}"]), *(thousands(each, 0, language) for each in sums)]
