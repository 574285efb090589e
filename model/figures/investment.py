"""What is invested in, when, and how much: which measures take the capital of a scenario?"""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap, Normalize, to_hex
from matplotlib.figure import Figure

from model.figures.drawing import quantities, sheet, style
from model.figures.drawing.labels import shorten
from model.figures.drawing.quantities import LEAST
from model.figures.drawing.style import BODY, MARGIN, POINT, SMALL
from model.figures.drawing.texts import Texts, rounded
from model.figures.registry import figure
from model.outputs.comparison import comparison_year
from model.vocabulary import FloatArray, IntArray

NAMES, SUM, BARS, ROW, HEAD = 4.8, 1.25, 2.2, 0.66, 0.55  # cm: names, a column of sums, the bars, a row, headings
SHOWN = 12
"""Measures shown by themselves; the rest are one row."""
YEARS = 10
"""Years shown one by one; the rest are one column."""
SHADES = ListedColormap(colormaps["Greys"](np.linspace(0.08, 0.8, 256))).with_extremes(bad="white")
"""Grey: money, whoever pays it."""
text = Texts({  # key: (sv, en)
    "sum": ("Summa", "Total"),
    "boundary": (
        "Det som kostar en gång, det år åtgärden påbörjas, oavsett vem som betalar; driftkostnader ingår inte. "
        "1 {unit} är en miljon kronor.",
        "What costs once, in the year a measure is started, whoever pays; running costs are not included. "
        "1 {unit} is a million kronor.",
    ),
    "title": ("Investeringar: {title}", "Investment: {title}"),
    "lead": (
        "{total} {unit} {first}–{last}, varav {early} till och med {year}.",
        "{total} {unit} in {first}–{last}, of which {early} up to and including {year}.",
    ),
    "top": (
        "De {shown} största av {all} åtgärder visas var för sig.",
        "The {shown} largest of {all} measures are shown by themselves.",
    ),
    "all": ("Alla åtgärder, {unit} per år", "All measures, {unit} a year"),
})  # fmt: skip


@figure(
    "investment_{scenario}", of="scenario", when=lambda data: float(data.capital.sum()) > LEAST, order=2, council=True
)
def draw(data: xr.Dataset, language: str, year: int | None = None) -> Figure:
    """A table of capital by measure and year, darker the more, under bars of all measures together."""
    year = year or comparison_year(data)
    names, table, years = largest(data, language)
    rows, single = len(names), len(years) if len(years) <= YEARS + 1 else YEARS
    lead = _lead(data, table, years, year, language)
    footer = quantities.footer(data, language, text("boundary", language, unit=quantities.money_unit(data)))
    height = HEAD + BARS + HEAD + ROW * (rows + 1) + 0.15
    title = text("title", language, title=quantities.title(data, language))
    figure, top = sheet.page(height, title, lead, footer)
    sums = [(f"{years[single]}–{str(years[-1])[-2:]}", table[:, single:].sum(axis=1))] if single < len(years) else []
    sums.append((text("sum", language), table.sum(axis=1)))
    across = style.WIDTH - 2 * MARGIN - NAMES - SUM * len(sums)
    left, begin = MARGIN + NAMES, top + HEAD + BARS + HEAD
    upper = sheet.panel(figure, left, top + HEAD, across, BARS)
    _bars(upper, table.sum(axis=0)[:single], language)
    sheet.axis_title(upper, text("all", language, unit=quantities.money_unit(data)))
    lower = sheet.panel(figure, left, begin, across, ROW * (rows + 1))
    _cells(lower, table[:, :single], language)
    head = {"size": BODY, "va": "baseline", "gid": "label"}
    for column, each in enumerate(years[:single]):
        sheet.write(figure, left + across * (column + 0.5) / single, begin - 0.12, str(each), ha="center", **head)
    body = {"size": BODY, "va": "middle", "gid": "label"}
    for row, name in enumerate([*names, text("sum", language)]):
        lines = "\n".join(shorten(name, BODY, (NAMES - 0.15) / POINT, 2))
        weight = "bold" if row == rows else "normal"
        sheet.write(figure, MARGIN, begin + ROW * (row + 0.5), lines, weight=weight, **body)
    for place, (words, values) in enumerate(sums, 1):
        right, weight = left + across + SUM * place, "bold" if place == len(sums) else "normal"
        sheet.write(figure, right, begin - 0.12, words, ha="right", weight=weight, **head)
        for row, value in enumerate([*values, values.sum()]):
            weight = "bold" if row == rows or place == len(sums) else "normal"
            amount = _shown(float(value), language)
            sheet.write(figure, right, begin + ROW * (row + 0.5), amount, ha="right", weight=weight, **body)
    return figure


def largest(data: xr.Dataset, language: str) -> tuple[list[str], FloatArray, IntArray]:
    """Names, capital (row, year) and years with any: the largest measures, then the rest in one row."""
    capital = data.capital.values
    spent = np.flatnonzero(capital.sum(axis=1) > 0)
    years = slice(int(spent[0]), int(spent[-1]) + 1)
    totals = capital.sum(axis=0)
    order = [index for index in np.argsort(-totals, kind="stable") if totals[index] > 0]
    top, rest = (order, []) if len(order) <= SHOWN + 1 else (order[:SHOWN], order[SHOWN:])
    names = [str(data[f"measure_label_{language}"].values[index]) for index in top]
    table = capital[years][:, top].T
    if rest:
        names.append(text("other", language, count=len(rest)))
        table = np.vstack([table, capital[years][:, rest].sum(axis=1)])
    return names, np.asarray(table, dtype=float), data.year.values[years]


def _bars(axes: Axes, totals: FloatArray, language: str) -> None:
    """All measures together, a bar a year with its number."""
    axes.set_xlim(-0.5, len(totals) - 0.5)
    axes.set_ylim(0, max(float(totals.max()), LEAST) * 1.2)
    axes.bar(range(len(totals)), totals, 0.72, color=style.FAINT, gid="total")
    for index, value in enumerate(totals):
        amount = _shown(float(value), language)
        sheet.note(axes, amount, (index, value), (0, 1.5), ha="center", va="bottom", size=BODY)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines.left.set_visible(False)


def _cells(axes: Axes, table: FloatArray, language: str) -> None:
    """Cells (row, year) shaded by the root of their amount, and a row of sums."""
    rows, columns = table.shape
    axes.set_xlim(-0.5, columns - 0.5)
    axes.set_ylim(rows + 0.5, -0.5)
    shade = Normalize(0, float(np.sqrt(table.max())) or 1.0)
    roots = np.sqrt(np.ma.masked_less_equal(table, 0))
    axes.pcolormesh(np.arange(columns + 1) - 0.5, np.arange(rows + 1) - 0.5, roots, cmap=SHADES, norm=shade,
                    edgecolors="white", linewidth=0.8, gid="cells")  # fmt: skip
    middle: dict[str, Any] = {"ha": "center", "va": "middle"}
    for row, column in zip(*np.nonzero(table > 0), strict=True):
        value = float(table[row, column])
        ink = style.ink_on(to_hex(SHADES(shade(np.sqrt(value)))))
        sheet.note(axes, _shown(value, language), (column, row), (0, 0), size=SMALL, color=ink, **middle)
    for column, value in enumerate(table.sum(axis=0)):
        amount = _shown(float(value), language)
        sheet.note(axes, amount, (column, rows), (0, 0), size=SMALL + 0.5, weight="bold", **middle)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.axhline(rows - 0.5, color=style.FAINT, linewidth=0.6)
    axes.spines[["left", "bottom"]].set_visible(False)


def _shown(value: float, language: str) -> str:
    """An amount, nothing for nothing."""
    if value <= 0:
        return ""
    return rounded(value, language) if value >= LEAST else "<" + rounded(2 * LEAST, language)


def _lead(data: xr.Dataset, table: FloatArray, years: IntArray, year: int, language: str) -> str:
    """The figure in a sentence, and how many measures there are when not all are shown."""
    total, early = (rounded(float(each.sum()), language) for each in (table, table[:, years <= year]))
    lead = text("lead", language, total=total, unit=quantities.money_unit(data), first=years[0],
                last=years[-1], early=early, year=year)  # fmt: skip
    count = int((data.capital.values.sum(axis=0) > 0).sum())
    if len(table) == count:
        return lead
    return f"{lead} {text('top', language, shown=SHOWN, all=count)}"
