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

from model.figures.drawing import key, quantities, sheet, style
from model.figures.drawing.labels import shorten
from model.figures.drawing.quantities import LEAST
from model.figures.drawing.style import BODY, INK, MARGIN, OWN, POINT, POT, SMALL, UNFUNDED
from model.figures.drawing.texts import Texts, number, rounded
from model.figures.registry import figure
from model.vocabulary import FloatArray, IntArray

ACROSS = 3
"""Panels beside each other."""
GAP, LEFT, TALL, NAME, NAMES, AMOUNT = 0.45, 0.75, 1.75, 0.55, 1.45, 0.22
"""cm: between panels, for ticks, a panel's height; above it the name, all room for names, the amount."""
HATCHES = {POT: "", OWN: "////", UNFUNDED: "xxxx"}
text = Texts({  # key: (sv, en)
    "boundary": (
        "Kapital och driftstöd i {unit} per år, egen skala i varje ruta. "
        "Pengar som sparats från tidigare år kan lyfta en stapel över det som är tillgängligt.",
        "Capital and support of running costs in {unit} a year, a scale for each panel. "
        "Money left from earlier years may lift a bar above what is available.",
    ),
    "title": ("Vem betalar? {title}", "Who pays? {title}"),
    "lead": ("{total} {unit} {first}–{last}: {parts}.", "{total} {unit} in {first}–{last}: {parts}."),
    "from_pots": ("{amount} ur budgetar och bidrag", "{amount} from budgets and grants"),
    "from_own": ("{amount} ur ägarnas egna medel", "{amount} of the owners' own money"),
    "from_unfunded": ("{amount} ofinansierat", "{amount} not funded"),
    "funded": ("allt är finansierat", "all is funded"),
    "of": ("{paid} av {budget} {unit}", "{paid} of {budget} {unit}"),
    "sum": ("{paid} {unit}", "{paid} {unit}"),
    "pot": ("Ur budgetar och bidrag", "From budgets and grants"),
    "outline": ("Tillgängligt per år", "Available by year"),
    "unused": ("Används inte: {names}.", "Not used: {names}."),
})  # fmt: skip


@figure(
    "payments_{scenario}", of="scenario", when=lambda data: float(data.payment.sum()) > LEAST, order=3, council=True
)
def draw(data: xr.Dataset, language: str, year: int | None = None) -> Figure:
    """A panel a fund that pays anything: payments by year as bars, what is available as an outline.

    All panels are drawn on one canvas in cm from the bottom left, each through its own transform.
    """
    chosen = data.year.values >= int(data.attrs["first_decision_year"])
    paid, budget = data.payment.values.sum(axis=1)[chosen], data.budget.values[chosen]
    years, shown, unit = data.year.values[chosen], in_order(data), quantities.money_unit(data)
    entries = key.rows(_key(data, shown, language))
    begin = key.ROW * len(entries)
    height = begin + (NAMES + TALL) * -(-len(shown) // ACROSS) + 0.55
    title = text("title", language, title=quantities.title(data, language))
    footer = quantities.footer(data, language, *_notes(data, shown, language))
    figure, top = sheet.page(height, title, _lead(data, paid, years, language), footer)
    key.draw(figure, entries, top)
    wide, tall = (inch / style.CENTIMETRE for inch in figure.get_size_inches())
    canvas = sheet.panel(figure, 0, 0, wide, tall)
    canvas.set_axis_off()
    canvas.set(xlim=(0, wide), ylim=(0, tall))
    across = (wide - 2 * MARGIN - GAP * (ACROSS - 1)) / ACROSS
    for place, fund in enumerate(shown):
        left = MARGIN + (across + GAP) * (place % ACROSS)
        base = tall - top - begin - (NAMES + TALL) * (place // ACROSS + 1)
        limited = bool(np.isfinite(budget[:, fund]).all())
        box = (left + LEFT, base, across - LEFT, TALL)
        inside = _panel(canvas, box, years, paid[:, fund], budget[:, fund] if limited else None, language)
        _fill(canvas, inside, years, paid[:, fund], budget[:, fund] if limited else None, colour(data, fund))
        if place + ACROSS >= len(shown):
            _years(canvas, box, years)
        lines = shorten(str(data[f"fund_label_{language}"].values[fund]), BODY, across / POINT - 4, 2)
        sheet.note(
            canvas, "\n".join(lines), (left, base + TALL + NAME), (0, 0), size=BODY, weight="bold", va="baseline"
        )
        total, available = (float(each[:, fund].sum()) for each in (paid, budget))
        words = text("of" if limited else "sum", language, paid=rounded(total, language), unit=unit,
                     budget=rounded(available, language) if limited else "")  # fmt: skip
        sheet.note(canvas, words, (left, base + TALL + AMOUNT), (0, 0), size=SMALL + 0.5, va="baseline")
    return figure


def in_order(data: xr.Dataset) -> list[int]:
    """Funds that pay anything: pots, then owners' own money, then what nobody pays."""
    paid = data.payment.values.sum(axis=(0, 1))
    pot, own = quantities.is_pot(data), data.fund_kind.values == quantities.OWN_MONEY
    return sorted(np.flatnonzero(paid > LEAST).tolist(), key=lambda fund: (not pot[fund], not own[fund], fund))


def colour(data: xr.Dataset, fund: int) -> str:
    """The colour of a pot, of owners' own money, or of the gap."""
    if quantities.is_pot(data)[fund]:
        return POT
    return OWN if data.fund_kind.values[fund] == quantities.OWN_MONEY else UNFUNDED


Box = tuple[float, float, float, float]  # left, bottom, width, height in cm


def _panel(
    canvas: Axes, box: Box, years: IntArray, paid: FloatArray, budget: FloatArray | None, language: str
) -> Affine2D:  # fmt: skip
    """Grid and ticks of a panel; gives back the transform from years and money to cm."""
    left, base, wide, tall = box
    begin, end = years[0] - 0.5, years[-1] + 0.5
    peak = 1.06 * max(float(paid.max()), 0.0 if budget is None else float(budget.max()))
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


def _fill(
    canvas: Axes, inside: Affine2D, years: IntArray, paid: FloatArray, budget: FloatArray | None, fill: str
) -> None:
    """Payments (year,) as a filled staircase, and what is available (year,) as an outline."""
    edges, through = np.append(years - 0.5, years[-1] + 0.5), inside + canvas.transData
    hatch = HATCHES[fill]
    canvas.add_artist(StepPatch(paid, edges, fill=True, facecolor=fill, edgecolor="white" if hatch else fill,
                                hatch=hatch, linewidth=0, transform=through, gid="paid"))  # fmt: skip
    if budget is not None:
        canvas.add_artist(StepPatch(budget, edges, baseline=cast(Any, None), fill=False, edgecolor=INK, linewidth=0.9,
                                    transform=through, gid="pot"))  # fmt: skip


def _years(canvas: Axes, box: Box, years: IntArray) -> None:
    """Years under a panel."""
    left, base, wide, _ = box
    for year in _marked(years):
        x = left + (year - years[0] + 0.5) / len(years) * wide
        canvas.text(x, base - 0.12, str(year), size=BODY, ha="center", va="top", gid="label")


def _marked(years: IntArray) -> IntArray:
    step = 10 if len(years) > 12 else 5 if len(years) > 5 else 1
    return np.asarray(years[years % step == 0])


def _key(data: xr.Dataset, shown: Sequence[int], language: str) -> list[key.Entry]:
    """What the fills mean, for those there are."""
    there = {colour(data, fund) for fund in shown}
    entries = []
    for name, fill in (("pot", POT), ("own_money", OWN), ("not_funded", UNFUNDED)):
        looks = {"facecolor": fill, "hatch": HATCHES[fill], "edgecolor": "white", "linewidth": 0}
        if fill in there:
            entries.append(key.Entry(text(name, language), key.BOX, looks))
    if POT in there:
        outline = {"facecolor": "none", "edgecolor": INK, "linewidth": 0.9}
        entries.insert(1, key.Entry(text("outline", language), key.BOX, outline))
    return entries


def _notes(data: xr.Dataset, shown: Sequence[int], language: str) -> list[str]:
    """What the figure counts, and which pots are not used."""
    notes = [text("boundary", language, unit=quantities.money_unit(data))]
    names = data[f"fund_label_{language}"].values
    unused = [str(names[fund]) for fund in np.flatnonzero(quantities.is_pot(data)) if fund not in shown]
    return [*notes, text("unused", language, names="; ".join(unused))] if unused else notes


def _lead(data: xr.Dataset, paid: FloatArray, years: IntArray, language: str) -> str:
    """Totals over the years of what budgets and grants, owners and nobody pay; paid is (year, fund)."""
    by_fund = paid.sum(axis=0)
    pot, own = quantities.is_pot(data), data.fund_kind.values == quantities.OWN_MONEY
    parts = {"pots": by_fund[pot].sum(), "own": by_fund[own].sum(), "unfunded": by_fund[~pot & ~own].sum()}
    words = [
        text(f"from_{name}", language, amount=rounded(float(part), language))
        for name, part in parts.items()
        if part > LEAST
    ]
    if parts["unfunded"] <= LEAST:
        words.append(text("funded", language))
    total, unit = rounded(float(by_fund.sum()), language), quantities.money_unit(data)
    return text("lead", language, total=total, unit=unit, first=years[0], last=years[-1],
                parts=", ".join(words))  # fmt: skip
