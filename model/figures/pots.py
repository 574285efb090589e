"""Is each pot of the municipality enough, and what eats it: which areas, and how much is capital charge?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from model.figures.drawing import key, quantities, sheet, style
from model.figures.drawing.labels import shorten
from model.figures.drawing.quantities import LEAST
from model.figures.drawing.style import BODY, INK, MARGIN, OWN, POINT, SECTOR_COLOURS, SMALL, UNFUNDED
from model.figures.drawing.texts import Texts, rounded
from model.figures.registry import figure
from model.vocabulary import UNFUNDED as NOBODY
from model.vocabulary import FloatArray, IntArray

ACROSS, AREAS = 2, 4
"""Panels beside each other; development areas that are shown by themselves."""
GAP, LEFT, UPPER, TALL, HEAD, NAME, LINE = 0.5, 0.85, 3.2, 2.9, 0.75, 1.3, 0.32
"""cm: between panels, for ticks; heights of the panel of all funds and of a pot; above the one; above the other, and
for each line of what is said of it."""
MUNICIPAL, DEBT = ("municipal_investment", "municipal_operating"), ("loan", "green_bond")
CHARGE: dict[str, Any] = {"facecolor": "white", "edgecolor": INK, "hatch": "//////", "linewidth": 0.4}
GROUPS: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    # name of a text: kinds of funds, looks, from the bottom of the stack
    "municipal_investment": (MUNICIPAL[:1], {"facecolor": "#0072B2"}),
    "municipal_operating": (MUNICIPAL[1:], {"facecolor": "#56B4E9"}),
    "debt": (DEBT, {"facecolor": "#1A1A1A"}),
    "grant": (("grant",), {"facecolor": "#009E73"}),
    "public": (("public",), {"facecolor": "#D9D9D9"}),
    "own_money": ((quantities.OWN_MONEY,), {"facecolor": OWN, "hatch": "////"}),
    "not_funded": ((NOBODY,), {"facecolor": UNFUNDED, "hatch": "xxxx"}),
}
text = Texts({  # key: (sv, en)
    "title": ("Räcker budgeten? {title}", "Is the budget enough? {title}"),
    "lead": (
        "{total} {unit} {first}–{last} ur alla källor, mest {most} ({year}). Kapitalkostnaden tar {charge} {unit}, "
        "mest {top} ({top_year}).",
        "{total} {unit} in {first}–{last} from all sources, most {most} ({year}). The capital charge takes {charge} "
        "{unit}, most {top} ({top_year}).",
    ),
    "lead_free": (
        "{total} {unit} {first}–{last} ur alla källor, mest {most} ({year}). Ingen pott bär någon kapitalkostnad.",
        "{total} {unit} in {first}–{last} from all sources, most {most} ({year}). No pot carries a capital charge.",
    ),
    "all": ("Alla källor, {unit} per år", "All sources, {unit} a year"),
    "municipal_investment": ("Kommunens investeringsram", "Municipal investment frame"),
    "municipal_operating": ("Kommunens driftbudget", "Municipal operating budget"),
    "debt": ("Upplåning", "Borrowing"),
    "grant": ("Bidrag", "Grants"),
    "public": ("Andra offentliga", "Other public bodies"),
    "charge": ("Kapitalkostnad", "Capital charge"),
    "available": ("Tillgängligt, med det som sparats", "Available, with what was saved"),
    "used": ("{used} av {budget} {unit}", "{used} of {budget} {unit}"),
    "used_free": ("{used} {unit}, utan gräns", "{used} {unit}, no limit"),
    "of_charge": ("varav {charge} kapitalkostnad", "of which {charge} capital charge"),
    "lapsed": ("{amount} förfaller", "{amount} lapses"),
    "overdrawn": ("{amount} saknas", "{amount} is missing"),
    "note": (
        "Kapital, driftstöd och kapitalkostnad (avskrivning och internränta) i {unit} per år, egen skala i varje ruta.",
        "Capital, support of running costs and capital charge (depreciation and internal rate) in {unit} a year, a "
        "scale for each panel.",
    ),
})  # fmt: skip


@figure("pots_{scenario}", of="plan", when=lambda data: "charge" in data and in_order(data) != [], order=1)
def draw(data: xr.Dataset, language: str, year: int | None = None) -> Figure:
    """All funds by year as one stack, then a panel a pot: what uses it, against what is available."""
    chosen = data.year.values >= int(data.attrs["first_decision_year"])
    years, unit, shown = data.year.values[chosen], quantities.money_unit(data), in_order(data)
    paid = data.payment.values[chosen]
    charge = np.nan_to_num(data.charge.values[chosen])
    money = available(data)[chosen]
    places, areas, rest = largest(data, shown, language)
    groups = _groups(data, paid.sum(axis=1))
    entries = key.rows([key.Entry(text(name, language), key.BOX, looks) for name, looks, _ in groups])
    under = key.rows(_key(areas, rest, charge, language))
    rows = -(-len(shown) // ACROSS)
    begin = key.ROW * len(entries) + HEAD + UPPER + 0.85
    across = (style.WIDTH - 2 * MARGIN - GAP * (ACROSS - 1)) / ACROSS
    since = data.isel(year=chosen)
    said = [shorten(_said(since, fund, unit, language), SMALL + 0.5, across / POINT - 4, 2) for fund in shown]
    above = NAME + LINE * max(len(lines) for lines in said)
    height = begin + key.ROW * len(under) + (above + TALL) * rows + 0.5
    footer = quantities.footer(data, language, text("note", language, unit=unit))
    title = text("title", language, title=quantities.title(data, language))
    lead = _lead(paid.sum(axis=(1, 2)), charge.sum(axis=1), years, unit, language)
    figure, top = sheet.page(height, title, lead, footer)
    key.draw(figure, entries, top)
    wide = style.WIDTH - 2 * MARGIN
    axes = sheet.panel(figure, MARGIN + LEFT, top + key.ROW * len(entries) + HEAD, wide - LEFT, UPPER)
    _stack(axes, years, [(values, looks) for _, looks, values in groups], None, language)
    sheet.axis_title(axes, text("all", language, unit=unit))
    key.draw(figure, under, top + begin)
    for place, (fund, lines) in enumerate(zip(shown, said, strict=True)):
        left = MARGIN + (across + GAP) * (place % ACROSS)
        base = top + begin + key.ROW * len(under) + (above + TALL) * (place // ACROSS) + above
        axes = sheet.panel(figure, left + LEFT, base, across - LEFT, TALL)
        stack = [(paid[:, places == row, fund].sum(axis=1), looks) for row, looks in enumerate(_looks(areas, rest))]
        limited = money[:, fund] if np.isfinite(money[:, fund]).all() else None
        _stack(axes, years, [*stack, (charge[:, fund], CHARGE)], limited, language)
        name = shorten(str(data[f"fund_label_{language}"].values[fund]), BODY, across / POINT - 12, 1)[0]
        foot = base - 0.25 - LINE * max(len(each) for each in said)
        sheet.write(figure, left, foot, name, size=BODY, weight="bold", va="baseline", gid="label")
        words = "\n".join(lines)
        sheet.write(figure, left, foot + 0.09, words, size=SMALL + 0.5, va="top", gid="label")
    return figure


def in_order(data: xr.Dataset) -> list[int]:
    """Pots that are used: the municipality's, its debt, and what carries a charge; all pots if none of these is."""
    kinds, charge = data.fund_kind.values, np.nan_to_num(data.charge.values).sum(axis=0)
    used = (data.payment.values.sum(axis=(0, 1)) + charge > LEAST) & quantities.is_pot(data)
    order = [*MUNICIPAL, *DEBT]
    own = [fund for fund in np.flatnonzero(used).tolist() if kinds[fund] in order or charge[fund] > LEAST]
    if not own:
        return np.flatnonzero(used).tolist()
    return sorted(own, key=lambda fund: (order.index(kinds[fund]) if kinds[fund] in order else len(order), fund))


def available(data: xr.Dataset) -> FloatArray:
    """Money of each pot (year, fund): its budget and what waited, which is what was used, waits or lapsed."""
    waiting, lapsed = data.waiting.values, data.lapsed.values
    used = data.payment.values.sum(axis=1) + np.nan_to_num(data.charge.values)
    held = used + waiting + lapsed - np.nan_to_num(data.overdrawn.values)
    return np.asarray(np.where(np.isfinite(held), held, data.budget.values), dtype=float)


def largest(data: xr.Dataset, funds: Sequence[int], language: str) -> tuple[IntArray, list[str], int]:
    """Row of the stack by measure, names of the largest areas, and how many others are one row after them."""
    names, area = quantities.areas(data, language)
    paid = data.payment.values[:, :, list(funds)].sum(axis=(0, 2))
    totals = np.bincount(area, weights=paid, minlength=len(names))
    order = [index for index in np.argsort(-totals, kind="stable").tolist() if totals[index] > LEAST]
    top = order if len(order) <= AREAS + 1 else order[:AREAS]
    rows = np.full(len(names), len(top))
    rows[top] = np.arange(len(top))
    return rows[area], [names[index] for index in top], len(order) - len(top)


def _groups(data: xr.Dataset, paid: FloatArray) -> list[tuple[str, dict[str, Any], FloatArray]]:
    """Name of the text, looks and payments (year,) of each group of funds that pays; paid is (year, fund)."""
    found = []
    for name, (kinds, looks) in GROUPS.items():
        values = paid[:, np.isin(data.fund_kind.values, kinds)].sum(axis=1)
        if values.sum() > LEAST:
            found.append((name, {"edgecolor": "white", "linewidth": 0.4} | looks, values))
    return found


def _looks(areas: Sequence[str], rest: int) -> list[dict[str, Any]]:
    """Looks of the rows of the stack."""
    fills = [*SECTOR_COLOURS[: len(areas)], *(["#BBBBBB"] if rest else [])]
    return [{"facecolor": fill, "edgecolor": "white", "linewidth": 0.4} for fill in fills]


def _key(areas: Sequence[str], rest: int, charge: FloatArray, language: str) -> list[key.Entry]:
    """What the fills of a pot mean."""
    names = [*areas, *([text("other", language, count=rest)] if rest else [])]
    entries = [key.Entry(name, key.BOX, looks) for name, looks in zip(names, _looks(areas, rest), strict=True)]
    if charge.sum() > LEAST:
        entries.append(key.Entry(text("charge", language), key.BOX, CHARGE))
    outline = {"facecolor": "none", "edgecolor": INK, "linewidth": 1.3}
    return [*entries, key.Entry(text("available", language), key.BOX, outline)]


def _stack(
    axes: Axes, years: IntArray, rows: Sequence[tuple[FloatArray, dict[str, Any]]], money: FloatArray | None,
    language: str,
) -> None:  # fmt: skip
    """Rows (year,) on each other by year, and what is available as an outline."""
    total = np.sum([values for values, _ in rows], axis=0)
    peak = 1.06 * max(float(total.max()), 0.0 if money is None else float(money.max()), LEAST)
    sheet.year_axis(axes, years[0] - 0.5, years[-1] + 0.5)
    sheet.value_axis(axes, 0.0, peak, language, 4)
    floor = np.zeros(len(years))
    edges = np.append(years - 0.5, years[-1] + 0.5)
    for values, looks in rows:
        if values.sum() > LEAST:
            axes.stairs(floor + values, edges, baseline=floor, fill=True, gid="used", **looks)
        floor = floor + values
    if money is not None:
        axes.stairs(money, edges, baseline=cast(Any, None), color=INK, linewidth=1.3, zorder=3, gid="available")


def _said(data: xr.Dataset, fund: int, unit: str, language: str) -> str:
    """What is used of a pot over all years, how much of that is charge, what lapses and what is missing."""
    of = data.isel(fund=fund)
    charge = float(np.nansum(of.charge))
    used, budget = float(of.payment.sum()) + charge, float(of.budget.sum(skipna=False))
    words = {"used": rounded(used, language), "unit": unit}
    parts = [text("used", language, budget=rounded(budget, language), **words) if np.isfinite(budget)
             else text("used_free", language, **words)]  # fmt: skip
    if charge > LEAST:
        parts.append(text("of_charge", language, charge=rounded(charge, language)))
    for name in ("overdrawn",) if str(of.fund_kind.values) in DEBT else ("lapsed", "overdrawn"):
        lost = float(np.nansum(of[name]))
        if LEAST < lost < np.inf:
            parts.append(text(name, language, amount=rounded(lost, language)))
    return ", ".join(parts)


def _lead(paid: FloatArray, charge: FloatArray, years: IntArray, unit: str, language: str) -> str:
    """Totals of payments and charges (year,), and the years in which they are largest."""
    words = {"total": rounded(float(paid.sum()), language), "most": rounded(float(paid.max()), language),
             "year": years[int(np.argmax(paid))], "first": years[0], "last": years[-1], "unit": unit}  # fmt: skip
    if charge.sum() <= LEAST:
        return text("lead_free", language, **words)
    words |= {"top": rounded(float(charge.max()), language), "top_year": years[int(np.argmax(charge))]}
    return text("lead", language, charge=rounded(float(charge.sum()), language), **words)
