"""Is each pot of the municipality enough, and what eats it: which areas, and how much is capital charge?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, cast

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from model.figures.drawing import key, payers, quantities, sheet, style
from model.figures.drawing.labels import shorten
from model.figures.drawing.quantities import LEAST
from model.figures.drawing.style import BODY, INK, MARGIN, OTHERS, POINT, SMALL
from model.figures.drawing.texts import Texts, rounded
from model.figures.registry import figure
from model.vocabulary import UNFUNDED, FloatArray, IntArray

ACROSS, AREAS = 2, 4
"""Panels beside each other; development areas that are shown by themselves."""
GAP, LEFT, UPPER, TALL, HEAD, NAME, LINE = 0.5, 0.85, 3.2, 2.9, 0.75, 1.3, 0.32
"""cm: between panels, for ticks; heights of the panel of all funds and of a pot; above the one; above the other, and
for each line of what is said of it."""
MUNICIPAL = ("municipal_investment", "municipal_operating")
text = Texts({  # key: (sv, en)
    "title": ("Räcker budgeten? {title}", "Is the budget enough? {title}"),
    "enough": ("Ja: allt får plats i budgetarna.", "Yes: all fits into the budgets."),
    "not_enough": ("Nej: {amount} {unit} är ofinansierat.", "No: {amount} {unit} are not funded."),
    "too_dear": ("Nej, inte till kapitalkostnaden.", "No, not for the capital charge."),
    "lead": (
        "{total} {unit} {first}–{last} ur alla källor, mest {most} ({year}).",
        "{total} {unit} in {first}–{last} from all sources, most {most} ({year}).",
    ),
    "lead_charge": (
        "Kapitalkostnaden tar {charge} {unit} av driftbudgeten, mest {top} ({year}).",
        "The capital charge takes {charge} {unit} of the operating budget, most {top} ({year}).",
    ),
    "all": ("Alla källor, {unit} per år", "All sources, {unit} a year"),
})  # fmt: skip


@figure("pots_{scenario}", of="plan", when=lambda data: "charge" in data and in_order(data) != [], order=1)
def draw(data: xr.Dataset, language: str, year: int | None = None) -> Figure:
    """All funds by year as one stack, then a panel a pot: what uses it, against what is available."""
    since = data.isel(year=data.year.values >= int(data.attrs["first_decision_year"]))
    years, unit, shown = since.year.values, quantities.money_unit(data), in_order(data)
    paid, charge, short = since.payment.values, payers.charged(since), payers.short(since)
    money = payers.available(data)[-len(years) :]
    rows, areas, rest = largest(data, shown, language)
    entries = key.rows([key.Entry(text(name, language), key.BOX, payers.looks(name)) for name in payers.seen(since)])
    under = key.rows(_key(areas, rest, charge[:, shown], short[:, shown], language))
    begin = key.ROW * len(entries) + HEAD + UPPER + 0.85
    across = (style.WIDTH - 2 * MARGIN - GAP * (ACROSS - 1)) / ACROSS
    said = [shorten(payers.said(since, fund, unit, language), SMALL + 0.5, across / POINT - 4, 2) for fund in shown]
    above = NAME + LINE * max(len(lines) for lines in said)
    height = begin + key.ROW * len(under) + (above + TALL) * -(-len(shown) // ACROSS) + 0.5
    footer = quantities.footer(
        data, language, text("money_note", language, unit=unit), *payers.notes(data, shown, language)
    )
    title = text("title", language, title=quantities.title(data, language))
    figure, top = sheet.page(height, title, _lead(since, unit, language), footer)
    key.draw(figure, entries, top)
    wide = style.WIDTH - 2 * MARGIN
    axes = sheet.panel(figure, MARGIN + LEFT, top + key.ROW * len(entries) + HEAD, wide - LEFT, UPPER)
    _stack(axes, years, [(values, payers.looks(name)) for name, values in payers.groups(since)], None, language)
    sheet.axis_title(axes, text("all", language, unit=unit))
    key.draw(figure, under, top + begin)
    for place, (fund, lines) in enumerate(zip(shown, said, strict=True)):
        left = MARGIN + (across + GAP) * (place % ACROSS)
        base = top + begin + key.ROW * len(under) + (above + TALL) * (place // ACROSS) + above
        axes = sheet.panel(figure, left + LEFT, base, across - LEFT, TALL)
        share, carried = payers.covered(since, fund)
        by_area = [share * paid[:, rows == row, fund].sum(axis=1) for row in range(len(areas) + bool(rest))]
        uses = [*zip(by_area, _looks(areas, rest), strict=True), (carried, payers.CHARGE)]
        uses += [(short[:, fund], payers.looks("not_funded"))]
        _stack(axes, years, uses, money[:, fund] if np.isfinite(money[:, fund]).all() else None, language)
        name = shorten(str(data[f"fund_label_{language}"].values[fund]), BODY, across / POINT - 12, 1)[0]
        foot = base - 0.25 - LINE * max(len(each) for each in said)
        sheet.write(figure, left, foot, name, size=BODY, weight="bold", va="baseline", gid="label")
        sheet.write(figure, left, foot + 0.09, "\n".join(lines), size=SMALL + 0.5, va="top", gid="label")
    return figure


def in_order(data: xr.Dataset) -> list[int]:
    """Pots that are used: the municipality's, its debt, and what carries a charge; all pots if none of these is.

    Those that are hardly used are left out.
    """
    kinds, charge = data.fund_kind.values, payers.charged(data).sum(axis=0)
    used = (payers.used(data).sum(axis=0) > LEAST) & quantities.is_pot(data)
    used[payers.hardly(data)] = False
    order = [*MUNICIPAL, *payers.DEBTS]
    own = [fund for fund in np.flatnonzero(used).tolist() if kinds[fund] in order or charge[fund] > LEAST]
    if not own:
        return np.flatnonzero(used).tolist()
    return sorted(own, key=lambda fund: (order.index(kinds[fund]) if kinds[fund] in order else len(order), fund))


class Area(NamedTuple):
    """A development area: what it is called, and its position among all of them."""

    name: str
    position: int


def largest(data: xr.Dataset, funds: Sequence[int], language: str) -> tuple[IntArray, list[Area], int]:
    """Row of the stack by measure, the largest areas, and how many others are one row after them."""
    names, area = quantities.areas(data, language)
    paid = data.payment.values[:, :, list(funds)].sum(axis=(0, 2))
    totals = np.bincount(area, weights=paid, minlength=len(names))
    order = [index for index in np.argsort(-totals, kind="stable").tolist() if totals[index] > LEAST]
    top = order if len(order) <= AREAS + 1 else order[:AREAS]
    rows = np.full(len(names), len(top))
    rows[top] = np.arange(len(top))
    return rows[area], [Area(names[index], index) for index in top], len(order) - len(top)


def _looks(areas: Sequence[Area], rest: int) -> list[dict[str, Any]]:
    """Looks of the rows of the stack."""
    fills = [*(style.area_colour(area.position) for area in areas), *([OTHERS] if rest else [])]
    return [{"facecolor": fill, "edgecolor": "white", "linewidth": 0.4} for fill in fills]


def _key(areas: Sequence[Area], rest: int, charge: FloatArray, short: FloatArray, language: str) -> list[key.Entry]:
    """What the fills of a pot mean."""
    names = [*(area.name for area in areas), *([text("other", language, count=rest)] if rest else [])]
    entries = [key.Entry(name, key.BOX, looks) for name, looks in zip(names, _looks(areas, rest), strict=True)]
    if charge.sum() > LEAST:
        entries.append(key.Entry(text("charge", language), key.BOX, payers.CHARGE))
    if short.sum() > LEAST:
        entries.append(key.Entry(text("not_funded", language), key.BOX, payers.looks("not_funded")))
    outline = {"facecolor": "none", "edgecolor": INK, "linewidth": 1.3}
    return [*entries, key.Entry(text("available", language), key.BOX, outline)]


def _stack(
    axes: Axes, years: IntArray, rows: Sequence[tuple[FloatArray, dict[str, Any]]], money: FloatArray | None,
    language: str,
) -> None:  # fmt: skip
    """Rows (year,) on each other by year, and what is available as an outline."""
    total = np.sum([values for values, _ in rows], axis=0)
    peak = 1.06 * max(float(total.max()), 0.0 if money is None else float(money.max()), LEAST)
    sheet.year_axis(axes, years[0] - 0.5, years[-1] + 0.5, begin=int(years[0]))
    sheet.value_axis(axes, 0.0, peak, language, 4)
    floor = np.zeros(len(years))
    edges = np.append(years - 0.5, years[-1] + 0.5)
    for values, looks in rows:
        if values.sum() > LEAST:
            axes.stairs(floor + values, edges, baseline=floor, fill=True, gid="used", **looks)
        floor = floor + values
    if money is not None:
        axes.stairs(money, edges, baseline=cast(Any, None), color=INK, linewidth=1.3, zorder=3, gid="available")


def _lead(data: xr.Dataset, unit: str, language: str) -> str:
    """Whether the money is enough, how much it is in all, and what the capital charge takes."""
    years, paid, charge = data.year.values, data.payment.values.sum(axis=(1, 2)), payers.charged(data).sum(axis=1)
    missing, short = float(data.payment.sel(fund=UNFUNDED).sum()), payers.shortage(data, language)
    words = {"total": rounded(float(paid.sum()), language), "most": rounded(float(paid.max()), language),
             "year": years[int(np.argmax(paid))], "first": years[0], "last": years[-1]}  # fmt: skip
    answer = "not_enough" if missing > LEAST else "too_dear" if short else "enough"
    said = [text(answer, language, **({"amount": rounded(missing, language), "unit": unit} if missing > LEAST else {}))]
    said += [short] if short else []
    said.append(text("lead", language, unit=unit, **words))
    if charge.sum() > LEAST and not short:
        top = {"top": rounded(float(charge.max()), language), "year": years[int(np.argmax(charge))]}
        said.append(text("lead_charge", language, charge=rounded(float(charge.sum()), language), unit=unit, **top))
    return " ".join(said)
