"""Which sectors do the emissions of a scenario come from, year by year, and what is taken up or stored?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from model.figures.drawing import quantities, sheet, style
from model.figures.drawing.labels import TEXT, Label, beside, width
from model.figures.drawing.quantities import GHG, NET, REMOVED, Scale, ShownTarget
from model.figures.drawing.style import BODY, FAINT, INK, POINT, SMALL
from model.figures.drawing.texts import Texts, percent, rounded
from model.figures.registry import figure
from model.outputs.comparison import comparison_year
from model.vocabulary import REMOVALS, FloatArray

WORDS, SPACE, LEFT, TALL, HEAD = 4.1, 0.25, 1.0, 8.0, 0.6
"""cm: names beside the panel, between columns of numbers there, ticks, the panel, its head."""
SHOWN = 5e-4
"""Smallest share of the peak for which a sector is drawn and named."""
text = Texts({  # key: (sv, en)
    "removals": ("Upptag och lagring", "Removals"),
    "net": ("Netto", "Net"),
    "title": ("Utsläpp per sektor: {title}", "Emissions by sector: {title}"),
    "lead": (
        "Från {base} {unit} {base_year} till {value} {year} ({change}) och {last} {last_year}.",
        "From {base} {unit} in {base_year} to {value} in {year} ({change}) and {last} in {last_year}.",
    ),
    "limited": ("{label} (målet)", "{label} (target)"),
    "lead_target": (
        "{label}, som målet gäller, går till {value} {year}; målet är högst {limit}.",
        "{label}, which the target limits, goes to {value} in {year}; the target is at most {limit}.",
    ),
    "bars": ("staplar: observerat", "bars: observed"),
    "areas": ("ytor: beräknat", "areas: projected"),
})  # fmt: skip


@figure("sectors_{scenario}", of="scenario", order=1)
def draw(data: xr.Dataset, language: str, year: int | None = None) -> Figure:
    """Projected emissions as stacked areas, observed ones before them as stacked bars, removals as a line below."""
    year = year or comparison_year(data)
    scale, years = quantities.scale([data], language), data.year.values
    sectors, removed = quantities.by_sector(data) / scale.divisor, removals(data) / scale.divisor
    target = quantities.target_in(data, year, language)
    target = target if target is not None and target.indicator not in (GHG, NET) else None
    notes = (quantities.boundary(data, scale, language), *quantities.history_notes(data, language))
    title = text("title", language, title=quantities.title(data, language))
    lead = _lead(data, sectors.sum(axis=1) * scale.divisor, target, year, scale, language)
    figure, top = sheet.page(HEAD + TALL + 0.6, title, lead, quantities.footer(data, language, *notes))
    column = _column([sectors.sum(axis=1), removed], scale, language)
    room = WORDS / POINT + column * len(_years(data, year))
    across = style.WIDTH - LEFT - (room + TEXT) * POINT - style.MARGIN
    axes = sheet.panel(figure, LEFT, top + HEAD, across, TALL)
    observed, bars = quantities.observed_by_sector(data)
    earlier = (observed >= quantities.recent(data)) & (observed < years[0])
    observed, bars = observed[earlier], bars[earlier] / scale.divisor
    sheet.year_axis(axes, min([years[0], *(observed - 0.8)]), years[-1])
    low, peak = float(removed.min()), max(float(sectors.sum(axis=1).max()), *bars.sum(axis=1), 0.0)
    sheet.value_axis(axes, low * 1.12 if low < 0 else 0.0, peak * 1.16, language)
    sheet.axis_title(axes, text("emissions_axis", language, unit=scale.unit))
    labels = _stack(axes, data, sectors, year, scale, language)
    if len(observed):
        _bars(axes, observed, bars)
        _caption(axes, observed[0] - 0.8, "bars", "left", language)
    _caption(axes, (years[0] + years[-1]) / 2, "areas", "center", language)
    if low < 0:
        labels += _removals(axes, data, removed, year, scale, language)
    if target is not None:
        labels.append(_limited(axes, data, target, year, scale, language))
    sheet.axis_title(axes, scale.unit, at=(1, TEXT))
    for place, head in enumerate(reversed(_years(data, year))):
        sheet.axis_title(axes, str(head), at=(1, TEXT + room - place * column), ha="right")
    beside(axes, labels, room, BODY, INK, column)
    return figure


def removals(data: xr.Dataset) -> FloatArray:
    """What is taken up or stored (year,) in t CO2e, negative: as declared for netting, else all of the ledger."""
    if REMOVED in data.indicator_name.values:
        return quantities.indicator(data, REMOVED)
    return np.asarray(data.emissions_co2e.values[:, data.perspective.values == REMOVALS].sum(axis=1))


def _stack(
    axes: Axes, data: xr.Dataset, sectors: FloatArray, year: int, scale: Scale, language: str
) -> list[Label]:  # fmt: skip
    """An area a sector, (year, sector) in the unit of the scale, and their labels with numbers of some years."""
    years, floor, total = data.year.values, np.zeros(len(sectors)), sectors.sum(axis=1)
    labels = []
    for index, name in enumerate(data[f"sector_label_{language}"].values):
        if sectors[:, index].max() <= SHOWN * total.max():
            continue
        roof, colour = floor + sectors[:, index], style.sector_colour(index)
        axes.fill_between(years, floor, roof, facecolor=colour, edgecolor="white", linewidth=0.4, gid="sector")
        numbers = _numbers(data, sectors[:, index], year, scale, language)
        labels.append(Label(str(name), float(floor[-1] + roof[-1]) / 2, colour, numbers=numbers))
        floor = roof
    numbers = _numbers(data, total, year, scale, language)
    labels.append(Label(text("total", language), float(total[-1]), INK, "_", None, numbers, bold=True))
    axes.plot(years, total, color=INK, linewidth=0.9, gid="total")
    axes.axvline(year, color="white", linewidth=0.8, linestyle=(0, (3, 2)))
    return labels


def _bars(axes: Axes, observed: FloatArray, bars: FloatArray) -> None:
    """A stacked bar an observed year, (year, sector)."""
    floor = np.zeros(len(observed))
    for index in np.flatnonzero(bars.max(axis=0) > 0).tolist():
        axes.bar(observed, bars[:, index], 0.62, floor, color=style.sector_colour(index), edgecolor="white",
                 linewidth=0.3, gid="observed")  # fmt: skip
        floor = floor + bars[:, index]


def _removals(
    axes: Axes, data: xr.Dataset, removed: FloatArray, year: int, scale: Scale, language: str
) -> list[Label]:  # fmt: skip
    """Removals as a line below zero and the net where it is declared, from the year before the first on."""
    lines: list[tuple[str, FloatArray, Any]] = [("removals", removed, (0, (1.2, 1)))]
    if NET in data.indicator_name.values:
        lines.append(("net", quantities.indicator(data, NET) / scale.divisor, (0, (4, 1.5))))
    since, labels = slice(max(int(np.flatnonzero(removed < 0)[0]) - 1, 0), None), []
    for key, path, dashes in lines:
        years = data.year.values[since]
        axes.plot(years, path[since], color="white", linewidth=2.4)
        axes.plot(years, path[since], color=INK, linewidth=1.1, linestyle=dashes, gid=key)
        numbers = _numbers(data, path, year, scale, language)
        labels.append(Label(text(key, language), float(path[-1]), INK, "_", numbers=numbers))
    return labels


def _limited(
    axes: Axes, data: xr.Dataset, target: ShownTarget, year: int, scale: Scale, language: str
) -> Label:  # fmt: skip
    """What the target limits, which is a part of the stack, as a line over it; gives back its label."""
    path = quantities.indicator(data, target.indicator) / scale.divisor
    axes.plot(data.year.values, path, color="white", linewidth=2.6)
    axes.plot(data.year.values, path, color=INK, linewidth=1.3, linestyle=(0, (5, 1, 1, 1)), gid="limited")
    numbers = _numbers(data, path, year, scale, language)
    words = text("limited", language, label=quantities.indicator_label(data, target.indicator, language))
    return Label(words, float(path[-1]), INK, "_", numbers=numbers, bold=True)


def _column(paths: Sequence[FloatArray], scale: Scale, language: str) -> float:
    """Points that a column of numbers of such paths takes."""
    ends = [float(each) * scale.divisor for path in paths for each in (path.max(), path.min())]
    return max(width(scale.write(each, language), BODY, bold=True) for each in ends) + SPACE / POINT


def _years(data: xr.Dataset, year: int) -> list[int]:
    """Years whose numbers are written: the first, the one compared, the last."""
    return sorted({int(data.year.values[0]), year, int(data.year.values[-1])})


def _numbers(data: xr.Dataset, path: FloatArray, year: int, scale: Scale, language: str) -> tuple[str, ...]:
    """Numbers of those years from a path (year,) in the unit of the scale."""
    years = list(data.year.values)
    return tuple(scale.write(float(path[years.index(each)]) * scale.divisor, language) for each in _years(data, year))


def _caption(axes: Axes, year: float, key: str, align: str, language: str) -> None:
    sheet.note(axes, text(key, language), (year, 1), (2, -1), "top", ha=align, va="top", size=SMALL, color=FAINT,
               bbox=style.BEHIND)  # fmt: skip


def _lead(
    data: xr.Dataset, total: FloatArray, target: ShownTarget | None, year: int, scale: Scale, language: str
) -> str:
    """The figure in a sentence or two; total (year,) in t CO2e."""
    years = list(data.year.values)
    base, then, last = (float(total[place]) for place in (0, years.index(year), -1))
    change = percent(then / base - 1 if base else 0.0, language)
    lead = text("lead", language, base=scale.write(base, language), unit=scale.unit, base_year=years[0],
                year=year, value=scale.write(then, language), change=change, last=scale.write(last, language),
                last_year=years[-1])  # fmt: skip
    if target is None:
        return lead
    value = scale.write(quantities.at(data, target.indicator, year), language)
    label, limit = (
        quantities.indicator_label(data, target.indicator, language),
        rounded(target.limit / scale.divisor, language),
    )
    return f"{lead} {text('lead_target', language, label=label, value=value, year=year, limit=limit)}"
