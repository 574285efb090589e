"""Who pays, from which pot, in which year, how much of each pot is used, and what does nobody pay?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import StepPatch
from matplotlib.transforms import Affine2D

from model.figures.drawing import key, payers, quantities, sheet, style
from model.figures.drawing.labels import shorten
from model.figures.drawing.quantities import LEAST
from model.figures.drawing.style import BODY, INK, MARGIN, POINT, SMALL
from model.figures.drawing.texts import Texts, number, rounded
from model.figures.registry import figure
from model.vocabulary import UNFUNDED, FloatArray, IntArray

ACROSS = 3
"""Panels beside each other."""
GAP, LEFT, TALL, ROOM, TITLE, LINE = 0.45, 0.75, 1.75, 0.6, 0.31, 0.28
"""cm: between panels, for ticks, a panel's height; above it some room, a line of the name, a line of amounts."""
text = Texts({  # key: (sv, en)
    "title": ("Vem betalar? {title}", "Who pays? {title}"),
    "lead": ("{total} {unit} {first}–{last}: {parts}.", "{total} {unit} in {first}–{last}: {parts}."),
    "from_pots": ("{amount} ur budgetar och bidrag", "{amount} from budgets and grants"),
    "from_own": ("{amount} ur ägarnas egna pengar", "{amount} of the owners' own money"),
    "from_unfunded": ("{amount} ofinansierat", "{amount} not funded"),
    "funded": ("allt är finansierat", "all is funded"),
    "unused": ("Används inte: {names}.", "Not used: {names}."),
})  # fmt: skip


@figure(
    "payments_{scenario}", of="scenario", when=lambda data: float(data.payment.sum()) > LEAST, order=3, council=True
)
def draw(data: xr.Dataset, language: str, year: int | None = None) -> Figure:
    """A panel a fund that is used: payments and capital charge by year as bars, what is available as an outline.

    What a fund is short of stands on top of its bars, in the colour of what nobody pays. All panels are drawn on one
    canvas in cm from the bottom left, each through its own transform.
    """
    since = data.isel(year=data.year.values >= int(data.attrs["first_decision_year"]))
    years, shown, unit = since.year.values, in_order(data), quantities.money_unit(data)
    stacks, money = {fund: stack(since, fund) for fund in shown}, payers.available(data)[-len(years) :]
    entries = key.rows(_key(since, shown, language))
    wide = style.WIDTH
    across = (wide - 2 * MARGIN - GAP * (ACROSS - 1)) / ACROSS
    names = [shorten(str(data[f"fund_label_{language}"].values[fund]), BODY, across / POINT - 4, 2) for fund in shown]
    said = [shorten(payers.said(since, fund, unit, language), SMALL + 0.5, across / POINT - 2, 3) for fund in shown]
    heads = [_tallest(names, row) * TITLE + _tallest(said, row) * LINE for row in range(0, len(shown), ACROSS)]
    title = text("title", language, title=quantities.title(data, language))
    footer = quantities.footer(data, language, *_notes(data, shown, language))
    height = key.ROW * len(entries) + sum(ROOM + head + TALL for head in heads) + 0.55
    figure, top = sheet.page(height, title, _lead(since, language), footer)
    key.draw(figure, entries, top)
    tall = float(figure.get_size_inches()[1] / style.CENTIMETRE)
    canvas = sheet.panel(figure, 0, 0, wide, tall)
    canvas.set_axis_off()
    canvas.set(xlim=(0, wide), ylim=(0, tall))
    roof = tall - top - key.ROW * len(entries)
    for place, fund in enumerate(shown):
        row = place // ACROSS
        left = MARGIN + (across + GAP) * (place % ACROSS)
        base = roof - sum(ROOM + head + TALL for head in heads[: row + 1])
        limit = money[:, fund] if np.isfinite(money[:, fund]).all() else None
        box = (left + LEFT, base, across - LEFT, TALL)
        inside = _panel(canvas, box, years, stacks[fund], limit, language)
        _fill(canvas, inside, years, stacks[fund], limit)
        if place + ACROSS >= len(shown):
            _years(canvas, box, years)
        foot = base + TALL + 0.22
        for line, words in enumerate(reversed(said[place])):
            at = foot + LINE * (line + _tallest(said, row * ACROSS) - len(said[place]))
            sheet.note(canvas, words, (left, at), (0, 0), size=SMALL + 0.5, va="baseline")
        at = foot + LINE * _tallest(said, row * ACROSS) + 0.06
        sheet.note(canvas, "\n".join(names[place]), (left, at), (0, 0), size=BODY, weight="bold", va="baseline")
    return figure


def _tallest(lines: Sequence[Sequence[str]], first: int) -> int:
    """Most lines that any of a row of panels has, from a first one on."""
    return max(len(each) for each in lines[first : first + ACROSS])


Stack = list[tuple[FloatArray, dict[str, Any]]]


def stack(data: xr.Dataset, fund: int) -> Stack:
    """What uses a fund by year, from the bottom: payments, capital charge as far as there is money, what is short."""
    paid, (share, charge) = data.payment.values[:, :, fund].sum(axis=1), payers.covered(data, fund)
    kind = payers.payer(str(data.fund_kind.values[fund]))
    rows: Stack = [
        (paid * share, payers.looks(kind)),
        (charge, payers.CHARGE),
        (payers.short(data)[:, fund], payers.looks("not_funded")),
    ]
    return [(values, looks) for values, looks in rows if values.sum() > LEAST]


def in_order(data: xr.Dataset) -> list[int]:
    """Funds that are used: pots, then owners' own money, then what nobody pays; not those that are hardly used."""
    used = (payers.used(data) + payers.short(data)).sum(axis=0) > LEAST
    used[payers.hardly(data)] = False
    pot, own = quantities.is_pot(data), data.fund_kind.values == quantities.OWN_MONEY
    return sorted(np.flatnonzero(used).tolist(), key=lambda fund: (not pot[fund], not own[fund], fund))


Box = tuple[float, float, float, float]  # left, bottom, width, height in cm


def _panel(
    canvas: Axes, box: Box, years: IntArray, rows: Stack, limit: FloatArray | None, language: str
) -> Affine2D:  # fmt: skip
    """Grid and ticks of a panel; gives back the transform from years and money to cm."""
    left, base, wide, tall = box
    begin, end = years[0] - 0.5, years[-1] + 0.5
    total = np.sum([values for values, _ in rows], axis=0)
    peak = 1.06 * max(float(total.max()), 0.0 if limit is None else float(limit.max()))
    inside = Affine2D().translate(-begin, 0).scale(wide / (end - begin), tall / peak).translate(left, base)
    ticks = sheet.value_ticks(0, peak, 3)
    grid = [[(begin, tick), (end, tick)] for tick in ticks] + [[(year, 0), (year, peak)] for year in _marked(years)]
    lines = LineCollection(grid, colors=style.GRID, linewidths=0.5, transform=inside + canvas.transData, zorder=0.5)
    canvas.add_collection(lines, autolim=False)
    canvas.plot((left, left + wide), (base, base), color=style.FAINT, linewidth=0.6)
    decimals = 0 if all(each == round(each) for each in ticks) else 1
    for tick in ticks:
        canvas.text(left - 0.12, base + tick / peak * tall, number(tick, language, decimals), size=BODY, ha="right",
                    va="center", gid="label")  # fmt: skip
    return inside


def _fill(canvas: Axes, inside: Affine2D, years: IntArray, rows: Stack, limit: FloatArray | None) -> None:
    """Rows (year,) on each other as filled staircases, and what is available (year,) as an outline."""
    edges, through = np.append(years - 0.5, years[-1] + 0.5), inside + canvas.transData
    floor = np.zeros(len(years))
    for values, looks in rows:
        looks = looks | {"linewidth": 0.4 if looks is payers.CHARGE else 0.0}
        canvas.add_artist(StepPatch(floor + values, edges, baseline=cast(Any, floor), fill=True, transform=through,
                                    gid="paid", **looks))  # fmt: skip
        floor = floor + values
    if limit is not None:
        canvas.add_artist(StepPatch(limit, edges, baseline=cast(Any, None), fill=False, edgecolor=INK, linewidth=0.9,
                                    transform=through, gid="pot"))  # fmt: skip


def _years(canvas: Axes, box: Box, years: IntArray) -> None:
    """Years under a panel."""
    left, base, wide, _ = box
    for year in _marked(years):
        x = left + (year - years[0] + 0.5) / len(years) * wide
        canvas.text(x, base - 0.12, str(year), size=BODY, ha="center", va="top", gid="label")


def _marked(years: IntArray) -> list[int]:
    """The first year, the last, and a round one between them."""
    first, last = int(years[0]), int(years[-1])
    if last - first < 8:
        return sorted({first, last})
    return [first, 5 * round((first + last) / 10), last]


def _key(data: xr.Dataset, shown: Sequence[int], language: str) -> list[key.Entry]:
    """What the fills mean, for those there are."""
    names = payers.seen(data)
    if payers.short(data).sum() > LEAST and "not_funded" not in names:
        names.append("not_funded")
    entries = [key.Entry(text(name, language), key.BOX, payers.looks(name)) for name in names]
    if payers.charged(data).sum() > LEAST:
        entries.append(key.Entry(text("charge", language), key.BOX, payers.CHARGE))
    if quantities.is_pot(data)[list(shown)].any():
        outline = {"facecolor": "none", "edgecolor": INK, "linewidth": 0.9}
        entries.append(key.Entry(text("available", language), key.BOX, outline))
    return entries


def _notes(data: xr.Dataset, shown: Sequence[int], language: str) -> list[str]:
    """What the figure counts, what falling lines mean, and which pots are hardly used, or not at all."""
    names = data[f"fund_label_{language}"].values
    none = quantities.is_pot(data) & ((payers.used(data) + payers.short(data)).sum(axis=0) <= LEAST)
    unused = [str(names[fund]) for fund in np.flatnonzero(none)]
    return [
        text("money_note", language, unit=quantities.money_unit(data)),
        *payers.notes(data, shown, language),
        *([text("unused", language, names="; ".join(unused))] if unused else []),
    ]


def _lead(data: xr.Dataset, language: str) -> str:
    """Totals over the years of what budgets and grants, owners and nobody pay, and of charges that nobody can carry."""
    by_fund = data.payment.values.sum(axis=(0, 1))
    own, nobody = data.fund_kind.values == quantities.OWN_MONEY, data.fund_kind.values == UNFUNDED
    parts = {"pots": ~own & ~nobody, "own": own, "unfunded": nobody}
    sums = {name: float(by_fund[chosen].sum()) for name, chosen in parts.items()}
    words = [
        text(f"from_{name}", language, amount=rounded(part, language)) for name, part in sums.items() if part > LEAST
    ]
    short = payers.shortage(data, language)
    if sums["unfunded"] <= LEAST and not short:
        words.append(text("funded", language))
    total, unit, years = rounded(float(by_fund.sum()), language), quantities.money_unit(data), data.year.values
    lead = text("lead", language, total=total, unit=unit, first=years[0], last=years[-1], parts=", ".join(words))
    return f"{lead} {short}".rstrip()
