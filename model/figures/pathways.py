"""Where do emissions go under each scenario, and how far is that from the target and from what others say?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from model.figures.drawing import quantities, sheet, style
from model.figures.drawing.labels import TEXT, Label, beside
from model.figures.drawing.lines import history, paths
from model.figures.drawing.quantities import GHG, Scale, ShownTarget
from model.figures.drawing.style import BODY, FAINT, GRID, INK, POINT, SMALL
from model.figures.drawing.texts import Texts, quoted
from model.figures.registry import figure
from model.outputs.comparison import comparison_year

LABELS, LEFT, HEAD = 4.5, 1.0, 0.6  # cm: labels to the right, ticks to the left, a heading
TALL, LOW, BETWEEN = 7.8, 5.9, 1.5  # cm: the upper and the lower panel, and between them
OTHERS = "#8C8C8C"
text = Texts({  # key: (sv, en)
    "base_year": ("basår {year}", "base year {year}"),
    "target": ("Mål: {label}", "Target: {label}"),
    "source_published": (
        "Streckade grå linjer är andras beräkningar och kan ha annan avgränsning.",
        "Dashed grey lines are calculations by others and may have another boundary.",
    ),
    "title": ("Utsläppens vägar i {municipality}", "Emission pathways of {municipality}"),
    "lead": (
        "{base_year} släpptes {base} {unit} ut. {year} blir det {reference} kvar med {reference_title}.",
        "{base} {unit} was emitted in {base_year}. In {year} {reference} is left with {reference_title}.",
    ),
    "lowest": ("Lägst når {title}: {value}.", "Lowest is {title}: {value}."),
})  # fmt: skip


@figure("pathways", of="scenarios", order=1, council=True)
def draw(scenarios: Sequence[xr.Dataset], language: str, year: int | None = None) -> Figure:
    """Observed emissions, the pathways of all scenarios of one future, and those published by others.

    A second panel shows the indicator that the first target limits, unless that is total greenhouse gases itself.
    """
    first = scenarios[0]
    year = year or comparison_year(first)
    scale = quantities.scale(scenarios, language)
    target = quantities.target_in(first, year, language)
    limited = target if target is not None and target.indicator != GHG else None
    notes = [text("source_history", language)] + [text("source_published", language)] * bool(first.pathway_name.size)
    footer = quantities.footer(first, language, quantities.boundary(first, language), *notes)
    title = text("title", language, municipality=first.attrs[f"municipality_{language}"])
    height = HEAD + TALL + (BETWEEN + LOW if limited else 0.0) + 0.6
    figure, top = sheet.page(height, title, _lead(scenarios, year, scale, language), footer)
    width = style.WIDTH - LEFT - LABELS - style.MARGIN
    upper = sheet.panel(figure, LEFT, top + HEAD, width, TALL)
    _total(upper, scenarios, year, target, scale, language)
    if limited:
        lower = sheet.panel(figure, LEFT, top + HEAD + TALL + BETWEEN, width, LOW)
        _limited(lower, scenarios, limited, scale, language)
    return figure


def _total(
    axes: Axes, scenarios: Sequence[xr.Dataset], year: int, target: ShownTarget | None, scale: Scale, language: str
) -> None:
    """All greenhouse gases: history, scenarios, published pathways."""
    first, years = scenarios[0], scenarios[0].year.values
    observed, totals = quantities.observed_total(first)
    totals, published = totals / scale.divisor, first.pathway.values / scale.divisor
    values = np.array([quantities.indicator(each, GHG) for each in scenarios]) / scale.divisor
    begin = min([years[0], *observed])
    sheet.year_axis(axes, begin - 1, years[-1])
    peak = max([values.max(), *totals, *published[np.isfinite(published)]])
    sheet.value_axis(axes, min(0.0, float(values.min())) * 1.1, float(peak) * 1.06, language)
    what = quantities.indicator_label(first, GHG, language)
    sheet.axis_title(axes, text("emissions_axis_of", language, unit=scale.unit, what=what))
    labels = paths(axes, years, values, [quantities.title(each, language) for each in scenarios])
    for index, name in enumerate(first[f"pathway_label_{language}"].values):
        there = np.isfinite(published[:, index]) & (first.pathway_year.values <= years[-1])
        if not there.any():
            continue
        at, path = first.pathway_year.values[there], published[there, index]
        axes.plot(at, path, color=OTHERS, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1.5, gid="published")
        labels.append(Label(str(name), float(path[-1]), OTHERS, "", float(at[-1])))
    history(axes, observed, totals, language)
    _marked(axes, int(first.attrs["base_year"]), "base_year", language)
    if target is not None:
        _marked(axes, year, "target_year", language)
    if target is not None and target.indicator == GHG:
        labels.append(_limit(axes, first, target, scale, language))
    beside(axes, labels, LABELS / POINT - TEXT, BODY, INK)


def _limited(axes: Axes, scenarios: Sequence[xr.Dataset], target: ShownTarget, scale: Scale, language: str) -> None:
    """What the target limits, over the model's years, with the limit from its year on."""
    first, years = scenarios[0], scenarios[0].year.values
    values = np.array([quantities.indicator(each, target.indicator) for each in scenarios]) / scale.divisor
    limits = first.target_limit.values[:, target.position] / scale.divisor
    limits = limits[np.isfinite(limits)]
    peak, low = float(max(values.max(), limits.max())), float(min(values.min(), limits.min()))
    sheet.year_axis(axes, years[0], years[-1])
    sheet.value_axis(axes, low - 0.05 * peak if low <= 0.05 * peak else 0.0, peak * 1.06, language)
    what = quantities.indicator_label(first, target.indicator, language)
    sheet.axis_title(axes, text("emissions_axis_of", language, unit=scale.unit, what=what))
    labels = paths(axes, years, values, [quantities.title(each, language) for each in scenarios])
    labels.append(_limit(axes, first, target, scale, language))
    _marked(axes, target.year, "target_year", language)
    beside(axes, labels, LABELS / POINT - TEXT, BODY, INK)


def _limit(axes: Axes, data: xr.Dataset, target: ShownTarget, scale: Scale, language: str) -> Label:
    """The limit in the years it holds, as a heavy line or, for a single year, a heavy mark; and its label."""
    limits = data.target_limit.values[:, target.position] / scale.divisor
    holds = np.isfinite(limits)
    axes.plot(data.year.values, np.where(holds, limits, np.nan), color=INK, linewidth=2.4, solid_capstyle="butt",
              zorder=4, marker="_" if holds.sum() == 1 else "", markersize=9, markeredgewidth=2.4, clip_on=False,
              gid="target")  # fmt: skip
    named = text("target", language, label=target.label)
    return Label(named, float(limits[holds][-1]), INK, "_", float(data.year.values[holds][-1]))


def _marked(axes: Axes, year: int, key: str, language: str) -> None:
    """A thin line at a year, named at its top: the base year to its left, a target year to its right."""
    base = key == "base_year"
    axes.axvline(year, color=GRID if base else FAINT, linewidth=0.7, zorder=0.9)
    sheet.note(axes, text(key, language, year=year), (year, 1), (-2 if base else 2, -1), "top",
               ha="right" if base else "left", va="top", size=SMALL, color=FAINT, bbox=style.BEHIND)  # fmt: skip


def _lead(scenarios: Sequence[xr.Dataset], year: int, scale: Scale, language: str) -> str:
    """The figure in two sentences."""
    first, base_year = scenarios[0], int(scenarios[0].attrs["base_year"])
    values = [quantities.at(each, GHG, year) for each in scenarios]
    base = scale.write(quantities.at(first, GHG, base_year), language)
    reference = scale.write(values[0], language)
    title = quoted(quantities.title(first, language), language)
    lead = text("lead", language, year=year, base_year=base_year, unit=scale.unit, base=base,
                reference=reference, reference_title=title)  # fmt: skip
    best = int(np.argmin(values))
    if best == 0:
        return lead
    name = quoted(quantities.title(scenarios[best], language), language)
    return f"{lead} {text('lowest', language, title=name, value=scale.write(values[best], language))}"
