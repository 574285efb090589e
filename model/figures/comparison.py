"""Which portfolio leaves what, by sector, in the year the first target holds, and how far is it from the target?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from model.figures.drawing import key, quantities, sheet, style
from model.figures.drawing.labels import balanced, width
from model.figures.drawing.quantities import GHG, OFFICIAL, Scale, ShownTarget
from model.figures.drawing.style import BODY, INK, MARGIN, POINT, SMALL
from model.figures.drawing.texts import Texts, number, quoted
from model.figures.registry import figure
from model.outputs.comparison import comparison_year
from model.vocabulary import BoolArray, FloatArray

NAMES, COLUMN, ROW, HEAD = 3.9, 1.45, 1.0, 0.85  # cm: names to the left, a column of numbers, a row, headings
HOLLOW: dict[str, Any] = {
    "markerfacecolor": "white", "markeredgecolor": INK, "markeredgewidth": 0.9, "markersize": 4.5,
}  # fmt: skip
SEEN = 0.005
"""Official statistics are shown where they differ by more than this share of the base year."""
text = Texts({  # key: (sv, en)
    "title": ("Vad finns kvar {year}?", "What is left in {year}?"),
    "lead": (
        "Med {reference_title} återstår {reference} {unit}. Mest minskar {title}: till {value}.",
        "With {reference_title}, {reference} {unit} is left. The largest cut is by {title}: to {value}.",
    ),
    "missed": (
        "Inget scenario når målet {label}; närmast är {gap} {unit} ifrån.",
        "No scenario meets the target {label}; the nearest is {gap} {unit} away.",
    ),
    "met": (
        "Målet {label} nås i {count} av {all} scenarier.",
        "The target {label} is met in {count} of {all} scenarios.",
    ),
    "base": ("{year}, basår", "{year}, base year"),
    "official": ("Officiell\nstatistik", "Official\nstatistics"),
    "gap": ("Över\nmålet", "Above\ntarget"),
    "thin": ("{label} (smal stapel)", "{label} (thin bar)"),
    "limit": ("Mål: {label} högst {limit}", "Target: {label} at most {limit}"),
    "official_key": ("Som officiell statistik skulle visa", "As official statistics would show"),
})  # fmt: skip


@figure("comparison", of="scenarios", order=2, council=True)
def draw(scenarios: Sequence[xr.Dataset], language: str, year: int | None = None) -> Figure:
    """A stacked bar a scenario, the base year first, with totals, what statistics would show, and the excess."""
    first = scenarios[0]
    year = year or comparison_year(first)
    scale = quantities.scale(scenarios, language)
    target = quantities.target_in(first, year, language)
    at = list(first.year.values).index(year)
    rows = np.array([quantities.by_sector(first)[0], *(quantities.by_sector(each)[at] for each in scenarios)])
    base = text("base", language, year=int(first.attrs["base_year"]))
    names = [base, *(quantities.title(each, language) for each in scenarios)]
    columns = _columns(scenarios, rows.sum(axis=1), target, year, scale, language)
    entries = key.rows(_key(first, rows, target, bool(_differs(scenarios, year).any()), language))
    begin = key.ROW * len(entries) + HEAD
    height = begin + ROW * len(names) + (0.65 if target is None else 1.05)
    lead = _lead(scenarios, rows[1:].sum(axis=1), target, year, scale, language)
    footer = quantities.footer(first, language, quantities.boundary(first, scale, language))
    figure, top = sheet.page(height, text("title", language, year=year), lead, footer)
    key.draw(figure, entries, top)
    across = style.WIDTH - 2 * MARGIN - NAMES - COLUMN * len(columns) - 0.2
    axes = sheet.panel(figure, MARGIN + NAMES, top + begin, across, ROW * len(names))
    _frame(axes, rows / scale.divisor, scale, language)
    _bars(axes, rows / scale.divisor, across / POINT, language)
    if target is not None:
        _limited(axes, scenarios, target, year, scale, language)
    _officials(axes, scenarios, year, scale)
    row = {"ha": "right", "va": "middle", "size": BODY}
    for index, name in enumerate(names):
        lines = "\n".join(balanced(name, BODY, (NAMES - 0.2) / POINT))
        sheet.note(axes, lines, (0, index), (-5, 0), "side", weight="normal" if index else "bold", **row)
    for place, (head, numbers) in enumerate(columns):
        x = 1 + (COLUMN * (place + 1) + 0.1) / across
        sheet.note(axes, head, (x, 1), (0, 7), "panel", ha="right", va="baseline", size=SMALL + 0.5, weight="bold")
        for index, words in enumerate(numbers):
            sheet.note(axes, words, (x, index), (0, 0), "side", weight="normal" if place else "bold", **row)
    return figure


def _frame(axes: Axes, rows: FloatArray, scale: Scale, language: str) -> None:
    axes.set_xlim(0, float(rows.sum(axis=1).max()) * 1.02)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_yticks([])
    ticks = sheet.value_ticks(*axes.get_xlim(), count=7)
    axes.set_xticks(ticks, [number(tick, language) for tick in ticks])
    axes.grid(axis="x")
    axes.axhline(0.5, color=style.FAINT, linewidth=0.5)
    sheet.axis_title(axes, text("emissions_axis", language, unit=scale.unit))


def _bars(axes: Axes, rows: FloatArray, points: float, language: str) -> None:
    """Stacked bars (row, sector), with numbers in those wide enough."""
    floor, room = np.zeros(len(rows)), axes.get_xlim()[1] / points
    for index in np.flatnonzero(rows.max(axis=0) > 0).tolist():
        colour = style.sector_colour(index)
        axes.barh(range(len(rows)), rows[:, index], 0.52, floor, color=colour, edgecolor="white", linewidth=0.4,
                  gid="sector")  # fmt: skip
        for row, value in enumerate(rows[:, index]):
            words = number(float(value), language)
            if value / room > width(words, SMALL) + 3:
                axes.text(floor[row] + value / 2, row, words, ha="center", va="center_baseline", size=SMALL,
                          color=style.ink_on(colour), gid="label")  # fmt: skip
        floor = floor + rows[:, index]


def _limited(
    axes: Axes, scenarios: Sequence[xr.Dataset], target: ShownTarget, year: int, scale: Scale, language: str
) -> None:
    """What the target limits, as a thin bar under each bar, and the limit as a line."""
    count = len(scenarios) + 1
    if target.indicator != GHG:
        base = quantities.indicator(scenarios[0], target.indicator)[0]
        values = np.array([base, *(quantities.at(each, target.indicator, year) for each in scenarios)])
        axes.barh(np.arange(count) + 0.36, values / scale.divisor, 0.11, color=INK, gid="limited")
    limit = target.limit / scale.divisor
    axes.plot((limit, limit), (0.5, count - 0.5), color=INK, linewidth=2.4, solid_capstyle="butt", clip_on=False,
              gid="target")  # fmt: skip
    label = quantities.indicator_label(scenarios[0], target.indicator, language)
    label = label[0].lower() + label[1:]
    words = text("limit", language, label=label, limit=f"{number(limit, language)} {scale.unit}")
    sheet.note(axes, words, (limit, count - 0.5), (0, -18), size=BODY, weight="bold", va="top")


def _differs(scenarios: Sequence[xr.Dataset], year: int) -> BoolArray:
    """For which scenarios official statistics would differ (scenario,)."""
    if OFFICIAL not in scenarios[0].indicator_name.values:
        return np.zeros(len(scenarios), dtype=bool)
    far = [quantities.at(each, OFFICIAL, year) - quantities.at(each, GHG, year) for each in scenarios]
    return np.asarray(np.abs(far) > SEEN * quantities.indicator(scenarios[0], GHG)[0])


def _officials(axes: Axes, scenarios: Sequence[xr.Dataset], year: int, scale: Scale) -> None:
    """A hollow mark where official statistics would put a scenario, if elsewhere."""
    for index in np.flatnonzero(_differs(scenarios, year)).tolist():
        shown = quantities.at(scenarios[index], OFFICIAL, year) / scale.divisor
        axes.plot([shown], [index + 1], linestyle="", marker="D", clip_on=False, gid="official", **HOLLOW)


def _columns(
    scenarios: Sequence[xr.Dataset],
    totals: FloatArray,
    target: ShownTarget | None,
    year: int,
    scale: Scale,
    language: str,
) -> list[tuple[str, list[str]]]:
    """Columns of numbers to the right: heading, and a text for the base year and each scenario."""
    columns = [(text("total", language), [scale.write(float(total), language) for total in totals])]
    if _differs(scenarios, year).any():
        official = [scale.write(quantities.at(each, OFFICIAL, year), language) for each in scenarios]
        columns.append((text("official", language), ["", *official]))
    if target is not None:
        excess = [max(quantities.at(each, target.indicator, year) - target.limit, 0.0) for each in scenarios]
        columns.append((text("gap", language), ["", *(scale.write(each, language) for each in excess)]))
    return columns


def _key(
    data: xr.Dataset, rows: FloatArray, target: ShownTarget | None, official: bool, language: str
) -> list[key.Entry]:
    """What colours and marks mean, sectors in the order of the stack."""
    names, there = data[f"sector_label_{language}"].values, np.flatnonzero(rows.max(axis=0) > 0).tolist()
    entries = [key.Entry(str(names[index]), "s", {"color": style.sector_colour(index)}) for index in there]
    if target is not None and target.indicator != GHG:
        label = quantities.indicator_label(data, target.indicator, language)
        thin = text("thin", language, label=label)
        entries.append(key.Entry(thin, "_", {"color": INK, "markeredgewidth": 2.5}))
    if official:
        entries.append(key.Entry(text("official_key", language), "D", HOLLOW))
    return entries


def _lead(
    scenarios: Sequence[xr.Dataset],
    totals: FloatArray,
    target: ShownTarget | None,
    year: int,
    scale: Scale,
    language: str,
) -> str:
    """The figure in two sentences: what is left, and whether the target is met."""
    best = int(np.argmin(totals))
    reference, lowest = (quoted(quantities.title(scenarios[index], language), language) for index in (0, best))
    left, least = (scale.write(float(totals[index]), language) for index in (0, best))
    lead = text("lead", language, reference_title=reference, reference=left, unit=scale.unit, title=lowest,
                value=least)  # fmt: skip
    if target is None:
        return lead
    above = [quantities.at(each, target.indicator, year) - target.limit for each in scenarios]
    met, label = sum(gap <= 1.0 for gap in above), quoted(target.label, language)
    if met:
        return f"{lead} {text('met', language, label=label, count=met, all=len(above))}"
    gap = scale.write(min(above), language)
    return f"{lead} {text('missed', language, label=label, gap=gap, unit=scale.unit)}"
