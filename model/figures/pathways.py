"""Where do emissions go under each scenario, and how far is that from the target and from what others say?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from model.figures.drawing import quantities, ranking, sheet, style
from model.figures.drawing.lines import history, paths
from model.figures.drawing.quantities import GHG, Scale, ShownTarget
from model.figures.drawing.ranking import Entry
from model.figures.drawing.style import FAINT, GRID, INK, LINES, OTHERS, SMALL, Line
from model.figures.drawing.texts import Texts, quoted
from model.figures.registry import figure
from model.outputs.comparison import comparison_year
from model.vocabulary import FloatArray, IntArray

LABELS, LEFT, HEAD = 5.9, 1.0, 0.6  # cm: the list to the right, ticks to the left, a heading
TALL, LOW, BETWEEN = 7.0, 5.9, 1.5  # cm: the upper and the lower panel at least, and between them
PUBLISHED = Line(OTHERS, (0, (4, 3)), "")
LIMIT = Line(INK, "-", "")
text = Texts({  # key: (sv, en)
    "base_year": ("basår {year}", "base year {year}"),
    "target": ("Mål: {label}", "Target: {label}"),
    "source_indicator": ("{label}: utgåvan {vintage}.", "{label}: release {vintage}."),
    "source_published": (
        "Streckade grå linjer är andras beräkningar och kan ha annan avgränsning.",
        "Dashed grey lines are calculations by others and may have another boundary.",
    ),
    "title": ("Utsläppens vägar i {municipality}", "Emission pathways of {municipality}"),
    "lead": (
        "{base_year} släpptes {base} {unit} ut. {year} blir det {reference} med {reference_title}.",
        "{base} {unit} was emitted in {base_year}. In {year} {reference} is left with {reference_title}.",
    ),
    "lowest": ("Lägst når {title}: {value}.", "Lowest is {title}: {value}."),
})  # fmt: skip


@figure("pathways", of="scenarios", order=1, council=True)
def draw(scenarios: Sequence[xr.Dataset], language: str, year: int | None = None) -> Figure:
    """Observed emissions, the pathways of all scenarios of one future, and those published by others.

    Lines are listed in the order of the comparison year. A second panel shows the indicator that the first target
    limits, unless that is total greenhouse gases itself.
    """
    first = scenarios[0]
    year = year or comparison_year(first)
    scale = quantities.scale(scenarios, language)
    target = quantities.target_in(first, year, language)
    limited = target if target is not None and target.indicator != GHG else None
    upper = entries(scenarios, GHG, year, scale, language) + published(first, year, scale, language)
    if target is not None and limited is None:
        upper.append(_limit(target, scale, language))
    heights = [max(TALL, ranking.height(upper, LABELS))]
    if limited:
        lower = [*entries(scenarios, limited.indicator, year, scale, language), _limit(limited, scale, language)]
        heights.append(max(LOW, ranking.height(lower, LABELS)))
    footer = quantities.footer(first, language, *_notes(first, limited, scale, language))
    title = text("title", language, municipality=first.attrs[f"municipality_{language}"])
    page = HEAD + sum(heights) + BETWEEN * (len(heights) - 1) + 0.6
    figure, top = sheet.page(page, title, _lead(scenarios, year, scale, language), footer)
    width = style.WIDTH - LEFT - LABELS - style.MARGIN
    axes = sheet.panel(figure, LEFT, top + HEAD, width, heights[0])
    _total(axes, scenarios, year, target, scale, language)
    ranking.draw(axes, upper, str(year), LABELS)
    if limited:
        axes = sheet.panel(figure, LEFT, top + HEAD + heights[0] + BETWEEN, width, heights[1])
        _limited(axes, scenarios, limited, scale, language)
        ranking.draw(axes, lower, str(year), LABELS)
    return figure


def entries(scenarios: Sequence[xr.Dataset], indicator: str, year: int, scale: Scale, language: str) -> list[Entry]:
    """What is listed of the scenarios: the indicator in the year."""
    values = [quantities.at(each, indicator, year) for each in scenarios]
    return [
        Entry(quantities.title(each, language), value, scale.write(value, language), LINES[place % len(LINES)])
        for place, (each, value) in enumerate(zip(scenarios, values, strict=True))
    ]


def published(data: xr.Dataset, year: int, scale: Scale, language: str) -> list[Entry]:
    """What is listed of pathways of others: where their lines are in the year, if they reach it."""
    found = []
    for label, (years, values) in zip(data[f"pathway_label_{language}"].values, _published(data), strict=True):
        value = float(np.interp(year, years, values, np.nan, np.nan)) if len(years) else np.nan
        number = scale.write(value, language) if np.isfinite(value) else "–"
        found.append(Entry(str(label), value, number, PUBLISHED, 0.9))
    return found


def _published(data: xr.Dataset) -> list[tuple[IntArray, FloatArray]]:
    """Years and t CO2e of each pathway of others, up to the last model year."""
    rows = []
    for path in data.pathway.values.T:
        there = np.isfinite(path) & (data.pathway_year.values <= data.year.values[-1])
        rows.append((data.pathway_year.values[there], path[there]))
    return rows


def _total(
    axes: Axes, scenarios: Sequence[xr.Dataset], year: int, target: ShownTarget | None, scale: Scale, language: str
) -> None:
    """All greenhouse gases: history, scenarios, published pathways."""
    first, years = scenarios[0], scenarios[0].year.values
    observed, totals = quantities.observed_total(first)
    totals = totals / scale.divisor
    values = np.array([quantities.indicator(each, GHG) for each in scenarios]) / scale.divisor
    sheet.year_axis(axes, min([years[0], *observed]) - 1, years[-1])
    others = _published(first)
    peak = max([values.max(), *totals, *(path.max() / scale.divisor for _, path in others if len(path))])
    sheet.value_axis(axes, min(0.0, float(values.min())) * 1.1, float(peak) * 1.06, language)
    what = quantities.indicator_label(first, GHG, language)
    sheet.axis_title(axes, text("emissions_axis_of", language, unit=scale.unit, what=what))
    paths(axes, years, values, [quantities.title(each, language) for each in scenarios])
    for at, path in others:
        axes.plot(at, path / scale.divisor, color=OTHERS, linewidth=0.9, linestyle=PUBLISHED.style, zorder=1.5,
                  gid="published")  # fmt: skip
    history(axes, observed, totals, language)
    _marked(axes, int(first.attrs["base_year"]), "base_year", language)
    if target is not None:
        _marked(axes, year, "target_year", language)
    if target is not None and target.indicator == GHG:
        _draw_limit(axes, first, target, scale)


def _limited(axes: Axes, scenarios: Sequence[xr.Dataset], target: ShownTarget, scale: Scale, language: str) -> None:
    """What the target limits, with what has been observed of it lately, and the limit from its year on."""
    first, years = scenarios[0], scenarios[0].year.values
    values = np.array([quantities.indicator(each, target.indicator) for each in scenarios]) / scale.divisor
    limits = first.target_limit.values[:, target.position] / scale.divisor
    limits = limits[np.isfinite(limits)]
    observed, totals = quantities.observed_indicator(first, target.indicator)
    late = observed >= quantities.recent(first)
    observed, totals = observed[late], totals[late] / scale.divisor
    peak, low = float(max(values.max(), limits.max(), *totals)), float(min(values.min(), limits.min()))
    sheet.year_axis(axes, min([years[0], *(observed - 0.8)]), years[-1])
    sheet.value_axis(axes, low - 0.05 * peak if low <= 0.05 * peak else 0.0, peak * 1.06, language)
    what = quantities.indicator_label(first, target.indicator, language)
    sheet.axis_title(axes, text("emissions_axis_of", language, unit=scale.unit, what=what))
    paths(axes, years, values, [quantities.title(each, language) for each in scenarios])
    history(axes, observed, totals, language)
    _draw_limit(axes, first, target, scale)
    _marked(axes, target.year, "target_year", language)


def _draw_limit(axes: Axes, data: xr.Dataset, target: ShownTarget, scale: Scale) -> None:
    """The limit in the years it holds, as a heavy line or, for a single year, a heavy mark."""
    limits = data.target_limit.values[:, target.position] / scale.divisor
    holds = np.isfinite(limits)
    axes.plot(data.year.values, np.where(holds, limits, np.nan), color=INK, linewidth=2.4, solid_capstyle="butt",
              zorder=4, marker="_" if holds.sum() == 1 else "", markersize=9, markeredgewidth=2.4, clip_on=False,
              gid="target")  # fmt: skip


def _limit(target: ShownTarget, scale: Scale, language: str) -> Entry:
    """What is listed of the target: its limit in the year."""
    words = text("target", language, label=target.label)
    return Entry(words, target.limit, scale.write(target.limit, language), LIMIT, 2.4)


def _notes(data: xr.Dataset, limited: ShownTarget | None, scale: Scale, language: str) -> list[str]:
    """What is counted, where history comes from, what the municipality says of it, and what others' lines are."""
    notes = [quantities.boundary(data, scale, language), *quantities.history_notes(data, language)]
    if limited is not None and len(quantities.observed_indicator(data, limited.indicator)[0]):
        vintage = str(data.indicator_history_vintage.sel(indicator_name=limited.indicator).values)
        label = quantities.indicator_label(data, limited.indicator, language)
        notes.append(text("source_indicator", language, label=label, vintage=vintage.replace("_", " ")))
    return [*notes, text("source_published", language)] if data.pathway_name.size else notes


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
