"""What happens when: which measures are started, when do they operate, how large do they become, area by area?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from model.figures.drawing import key, quantities, sheet, style
from model.figures.drawing.amounts import amount
from model.figures.drawing.labels import LINE, shorten
from model.figures.drawing.quantities import LEAST
from model.figures.drawing.style import BODY, FAINT, INK, MARGIN, POINT, SMALL
from model.figures.drawing.texts import Texts, rounded
from model.figures.registry import figure
from model.outputs.comparison import comparison_year
from model.vocabulary import BoolArray, FloatArray, IntArray

NAMES, AMOUNT, MONEY, THICK, AREA, HEAD, GAP = 5.2, 2.9, 1.15, 0.3, 0.62, 0.75, 0.13
"""cm: names, columns of amounts and money, a bar of the largest level, the name of an area, headings, between rows."""
ROOM, SLACK, SHOWN = 18.6, 2.5, 72
"""cm of rows that fit on a page of A4 with headings and notes, and by which pages may differ; most measures shown."""
SIZE, THINNEST, SEEN = SMALL + 0.5, 0.2, 0.02
"""pt of names; share of the thickness that the least level has; share of a measure that must be idle to be shown."""
WAITS: dict[str, Any] = {"facecolor": "white", "edgecolor": FAINT, "hatch": "//////", "linewidth": 0.6}
IDLE: dict[str, Any] = {"facecolor": "white", "edgecolor": FAINT, "linewidth": 0.6}
text = Texts({  # key: (sv, en)
    "title": ("Färdplan: {title}", "Roadmap: {title}"),
    "title_page": ("Färdplan ({page} av {pages}): {title}", "Roadmap ({page} of {pages}): {title}"),
    "lead": (
        "{count} åtgärder påbörjas {first}–{last}; {running} av dem är i drift {year}.",
        "{count} measures are started in {first}–{last}; {running} of them operate in {year}.",
    ),
    "left_out": ("{count} mindre åtgärder visas inte.", "{count} smaller measures are not shown."),
    "runs": ("I drift, i områdets färg; tjockare: mer", "Operates, in the colour of its area; thicker: more"),
    "lead_time": ("Från beslut till drift", "From start to operation"),
    "idle": ("Finns men används inte", "There, but not used"),
    "most": ("Som mest", "At most"),
    "note": (
        "{unit}: kapital och driftstöd {first}–{last} i miljoner kronor, oavsett vem som betalar.",
        "{unit}: capital and support of running costs in {first}–{last} in millions of kronor, whoever pays.",
    ),
})  # fmt: skip


class RoadmapRow(NamedTuple):
    """A measure in the roadmap: its position, its name in lines, and the position of its area."""

    measure: int
    lines: list[str]
    area: int

    @property
    def height(self) -> float:
        """Height in cm."""
        return len(self.lines) * SIZE * LINE * POINT + GAP


@figure(
    "roadmap_{scenario}", of="plan", when=lambda data: bool(started(data).any()),
    pages=lambda data, language: len(pages(data, language)), order=3, council=True
)  # fmt: skip
def draw(data: xr.Dataset, language: str, year: int | None = None, page: int = 0) -> Figure:
    """A row a measure by area: a hatched bar from start to operation, a bar as thick as its level, what it comes to."""
    year = year or comparison_year(data)
    every, unit = pages(data, language), quantities.money_unit(data)
    rows, since = every[page], data.isel(year=data.year.values >= int(data.attrs["first_decision_year"]))
    tall = _height(rows)
    runs: dict[str, Any] = {"facecolor": style.area_colour(rows[0].area), "linewidth": 0}
    found = [("lead_time", WAITS), ("runs", runs), *([("idle", IDLE)] if idle(since, rows) else [])]
    entries = key.rows([key.Entry(text(name, language), key.BOX, looks) for name, looks in found])
    title = text("title" if len(every) == 1 else "title_page", language, page=page + 1,
                 pages=len(every), title=quantities.title(data, language))  # fmt: skip
    years = since.year.values
    note = text("note", language, unit=unit, first=years[0], last=years[-1])
    begin = key.ROW * len(entries) + HEAD
    figure, top = sheet.page(begin + tall + 0.5, title, _lead(data, every, year, language),
                             quantities.footer(data, language, note))  # fmt: skip
    key.draw(figure, entries, top)
    across = style.WIDTH - 2 * MARGIN - NAMES - AMOUNT - MONEY
    axes = sheet.panel(figure, MARGIN + NAMES, top + begin, across, tall)
    _frame(axes, years, tall, year if quantities.target_in(data, year, language) else None, language)
    columns = (1 + AMOUNT / across, 1 + (AMOUNT + MONEY) / across)
    for column, words in zip(columns, (text("most", language), unit), strict=True):
        sheet.note(axes, words, (column, 1), (0, 5), "panel", ha="right", size=BODY, weight="bold", va="baseline")
    down, area, names = 0.0, -1, quantities.areas(data, language)[0]
    for row in rows:
        if row.area != area:
            area, down = row.area, down + AREA
            sheet.note(axes, names[area], (-NAMES / across, down - 0.14), (0, 0), "side", size=BODY, weight="bold",
                       va="baseline")  # fmt: skip
            axes.plot((-NAMES / across, columns[1]), [down - 0.04] * 2, color=FAINT, linewidth=0.5, clip_on=False,
                      transform=axes.get_yaxis_transform())  # fmt: skip
        _row(axes, since, row, down + row.height / 2, columns, across, language)
        down += row.height
    return figure


def pages(data: xr.Dataset, language: str) -> list[list[RoadmapRow]]:
    """The rows of each page: the largest measures, by area and then by start, on as few pages as hold them."""
    paid = data.payment.values.sum(axis=(0, 2))
    begun = started(data)
    order = [index for index in np.argsort(-paid, kind="stable").tolist() if begun[index]][:SHOWN]
    _, area = quantities.areas(data, language)
    first = np.argmax(data.new_units.values > 0, axis=0)
    labels = data[f"measure_label_{language}"].values
    rows = [
        RoadmapRow(index, shorten(str(labels[index]), SIZE, (NAMES - 0.15) / POINT, 2), int(area[index]))
        for index in sorted(order, key=lambda index: (area[index], first[index], -paid[index]))
    ]
    total = _height(rows)
    fewest = max(int(-(-total // ROOM)), 1)
    even = min(ROOM, total / fewest + SLACK)
    for room, whole in ((even, True), (ROOM, True), (even, False)):
        broken = _broken(rows, room, whole)
        if len(broken) <= fewest:
            return broken
    return _broken(rows, ROOM, whole=False)


def _broken(rows: list[RoadmapRow], room: float, whole: bool) -> list[list[RoadmapRow]]:
    """Rows on pages of at most `room` cm; `whole` areas where that leaves no page half empty."""
    pages: list[list[RoadmapRow]] = [[]]
    for index, row in enumerate(rows):
        page = pages[-1]
        begins = whole and page and page[-1].area != row.area and _height(page) > room / 2
        ahead = [each for each in rows[index:] if each.area == row.area] if begins else [row]
        if page and _height([*page, *ahead]) > room:
            pages.append([])
        pages[-1].append(row)
    return pages


def started(data: xr.Dataset) -> BoolArray:
    """Which measures are started at all (measure,)."""
    return np.asarray(data.new_units.values.max(axis=0) > 0)


def idle(data: xr.Dataset, rows: Sequence[RoadmapRow]) -> bool:
    """Whether any of these measures has units that could operate and do not, enough of them to be seen."""
    measures = [row.measure for row in rows]
    able = data.installed.values[:, measures]
    return bool((able - data.level.values[:, measures] > SEEN * able.max(axis=0)).any())


def _height(rows: list[RoadmapRow]) -> float:
    """Height of rows with the names of their areas in cm."""
    return sum(row.height for row in rows) + AREA * len({row.area for row in rows}) + 0.1


def _frame(axes: Axes, years: IntArray, tall: float, target: int | None, language: str) -> None:
    """Years across, also on top, and cm down; a line at the year of the target."""
    sheet.year_axis(axes, years[0] - 0.5, years[-1] + 0.5, begin=int(years[0]))
    axes.set_ylim(tall, 0)
    axes.set_yticks([])
    axes.grid(axis="x")
    axes.spines.left.set_visible(False)
    for tick in axes.get_xticks():
        if target is None or abs(tick - target) > 3:
            sheet.note(axes, str(int(tick)), (tick, 1), (0, 5), "top", ha="center", va="baseline", size=BODY)
    if target is not None:
        axes.axvline(target, color=INK, linewidth=1.1, zorder=4, gid="target")
        words = text("target_year", language, year=target)
        sheet.note(axes, words, (target, 1), (0, 5), "top", ha="center", va="baseline", size=BODY, weight="bold")


def _row(
    axes: Axes,
    data: xr.Dataset,
    row: RoadmapRow,
    middle: float,
    columns: tuple[float, float],
    across: float,
    language: str,
) -> None:
    """Name, bars, largest level and money of a measure."""
    of = data.isel(measure=row.measure)
    years, level, able = of.year.values, of.level.values, of.installed.values
    how: dict[str, Any] = {"size": SIZE, "va": "middle"}
    sheet.note(axes, "\n".join(row.lines), (-NAMES / across, middle), (0, 0), "side", **how)
    begin, lead = _lead_time(of)
    if lead > 0:
        axes.add_patch(Rectangle((begin - 0.5, middle - THICK / 4), lead, THICK / 2, zorder=2, gid="lead", **WAITS))
    peak, colour = max(float(able.max()), float(level.max())), style.area_colour(row.area)
    _steps(axes, years, np.where(able - level > SEEN * peak, able, 0.0) / peak, middle, gid="idle", zorder=2.2, **IDLE)
    _steps(axes, years, level / peak, middle, gid="level", zorder=2.5, facecolor=colour, edgecolor=colour, linewidth=0)
    most = amount(float(level.max()), str(of.measure_unit.values), language)
    sheet.note(axes, most, (columns[0], middle), (0, 0), "side", ha="right", **how)
    paid = float(of.payment.sum())
    money = rounded(paid, language) if paid >= LEAST else "0"
    sheet.note(axes, money, (columns[1], middle), (0, 0), "side", ha="right", **how)


def _lead_time(of: xr.Dataset) -> tuple[int, int]:
    """The year a measure is first started, and years from there until it may operate, within those shown."""
    years, runs = of.year.values, np.flatnonzero(of.level.values > 0)
    begin = int(years[np.argmax(of.new_units.values > 0)])
    last = int(years[-1]) + 1
    if "measure_lead" in of.coords:
        return begin, min(int(of.measure_lead), last - begin)
    return begin, (int(years[runs[0]]) if len(runs) else last) - begin


def _steps(axes: Axes, years: IntArray, share: FloatArray, middle: float, **looks: Any) -> None:
    """Bars over the years in which there is any, as thick as the share (year,) of the most there is."""
    half = np.where(share > 0, THINNEST + (1 - THINNEST) * share, 0.0) * THICK / 2
    ends = np.flatnonzero(np.diff(np.concatenate([[0], (share > 0).astype(int), [0]])))
    for first, end in zip(ends[::2].tolist(), ends[1::2].tolist(), strict=True):
        edges = np.append(years[first:end] - 0.5, years[end - 1] + 0.5)
        axes.stairs(middle + half[first:end], edges, baseline=middle - half[first:end], fill=True, **looks)


def _lead(data: xr.Dataset, every: list[list[RoadmapRow]], year: int, language: str) -> str:
    """How many measures are started and when, how many operate in a year, and how many are not shown."""
    begun = started(data)
    years = data.year.values[(data.new_units.values > 0).any(axis=1)]
    running = int((data.level.sel(year=year).values[begun] > 0).sum())
    count = int(begun.sum())
    lead = text("lead", language, count=count, first=years[0], last=years[-1], running=running, year=year)
    left_out = count - sum(len(page) for page in every)
    return f"{lead} {text('left_out', language, count=left_out)}" if left_out else lead
