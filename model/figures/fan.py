"""How much of a scenario's outcome is decided elsewhere: what do the same decisions give in each future?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from model.figures.drawing import quantities, sheet, style
from model.figures.drawing.labels import TEXT, beside
from model.figures.drawing.lines import history, paths
from model.figures.drawing.quantities import GHG, Scale
from model.figures.drawing.style import BODY, FUTURES, GRID, INK, POINT
from model.figures.drawing.texts import Texts
from model.figures.registry import figure
from model.outputs.comparison import comparison_year

LABELS, LEFT, TALL, HEAD = 4.5, 1.0, 7.6, 0.6  # cm: labels to the right, ticks to the left, the panel, its heading
text = Texts({  # key: (sv, en)
    "all_futures": ("alla {count}", "all {count}"),
    "title": ("Hur mycket avgör omvärlden? {title}", "How much is decided elsewhere? {title}"),
    "lead": (
        "Samma beslut i {count} framtider: {low}–{high} {unit} {year}, en skillnad på {difference}.",
        "The same decisions in {count} futures: {low}–{high} {unit} in {year}, a difference of {difference}.",
    ),
    "lead_goal": (
        "Bästa plan i var och en av {count} framtider: {low}–{high} {unit} {year}, en skillnad på {difference}.",
        "The best plan in each of {count} futures: {low}–{high} {unit} in {year}, a difference of {difference}.",
    ),
    "difference": ("{year}: skillnad {difference} {unit}", "{year}: difference {difference} {unit}"),
})  # fmt: skip


@figure("fan_{scenario}", of="futures", when=lambda futures: len(futures) > 1, order=1)
def draw(futures: Sequence[xr.Dataset], language: str, year: int | None = None) -> Figure:
    """One scenario in all futures: a line each, the span between them, history, and the span in the comparison year."""
    first, years = futures[0], futures[0].year.values
    year = year or comparison_year(first)
    scale = quantities.scale(futures, language)
    values = np.array([quantities.indicator(each, GHG) for each in futures]) / scale.divisor
    there = values[:, list(years).index(year)]
    low, high = float(there.min()), float(there.max())
    notes = (quantities.boundary(first, scale, language), *quantities.history_notes(first, language))
    future = text("all_futures", language, count=len(futures))
    title = text("title", language, title=quantities.title(first, language))
    footer = quantities.footer(first, language, *notes, future=future)
    figure, top = sheet.page(HEAD + TALL + 0.6, title, _lead(futures, low, high, year, scale, language), footer)
    axes = sheet.panel(figure, LEFT, top + HEAD, style.WIDTH - LEFT - LABELS - style.MARGIN, TALL)
    observed, totals = quantities.observed_total(first)
    late = observed >= quantities.recent(first)
    observed, totals = observed[late], totals[late] / scale.divisor
    sheet.year_axis(axes, min([years[0], *(observed - 0.8)]), years[-1])
    peak = max(float(values.max()), *totals, 0.0)
    sheet.value_axis(axes, min(0.0, float(values.min())) * 1.1, peak * 1.06, language)
    what = quantities.indicator_label(first, GHG, language)
    sheet.axis_title(axes, text("emissions_axis_of", language, unit=scale.unit, what=what))
    axes.fill_between(years, values.min(axis=0), values.max(axis=0), color=GRID, linewidth=0, gid="span")
    labels = paths(axes, years, values, [quantities.future_title(each, language) for each in futures], FUTURES)
    history(axes, observed, totals, language)
    if high > low:
        axes.plot((year, year), (low, high), color=INK, linewidth=1.2, marker="_", markersize=6, zorder=3,
                  gid="difference")  # fmt: skip
        difference = scale.write((high - low) * scale.divisor, language)
        words = text("difference", language, year=year, difference=difference, unit=scale.unit)
        falling = values[:, -1].min() <= low  # then there is room below to the left, else to the right
        axes.annotate(words, (year, low), (0, -22), textcoords="offset points", va="top", size=BODY,
                      ha="right" if falling else "left",
                      weight="bold", bbox=style.BEHIND, gid="label",
                      arrowprops={"arrowstyle": "-", "color": INK, "linewidth": 0.6, "shrinkB": 3,
                                  "relpos": (float(falling), 1.0)})  # fmt: skip
    beside(axes, labels, LABELS / POINT - TEXT, BODY, INK)
    return figure


def _lead(futures: Sequence[xr.Dataset], low: float, high: float, year: int, scale: Scale, language: str) -> str:
    """The figure in a sentence; a goal's plan is another one in each future."""
    lowest, highest, difference = (scale.write(end * scale.divisor, language) for end in (low, high, high - low))
    adapted = futures[0].attrs["kind"] == "goal"
    key = "lead_goal" if adapted else "lead"
    return text(key, language, count=len(futures), low=lowest, high=highest, difference=difference, unit=scale.unit,
                year=year)  # fmt: skip
