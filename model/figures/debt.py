"""How large does the debt become, what does it cost a year, and how near are both to their ceilings?"""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from model.figures.drawing import payers, quantities, sheet, style
from model.figures.drawing.labels import shorten
from model.figures.drawing.quantities import LEAST
from model.figures.drawing.style import BODY, INK, MARGIN, PAYER_COLOURS, POINT, SMALL, SUBTITLE
from model.figures.drawing.texts import Texts, percent, rounded
from model.figures.registry import figure
from model.vocabulary import FloatArray, IntArray

GAP, LEFT, TALL, NAME, ABOVE, BELOW = 0.6, 0.95, 3.4, 0.6, 1.15, 0.75
"""cm: between panels, for ticks, a panel's height; for the name of a fund, for what a panel shows, for its years."""
PANELS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    # variable, its ceiling, text, looks
    ("debt", "debt_ceiling", "outstanding", {"facecolor": PAYER_COLOURS["debt"]}),
    (
        "debt_service",
        "service_ceiling",
        "service",
        {"facecolor": PAYER_COLOURS["debt"], "edgecolor": "white", "hatch": "////"},
    ),
)
text = Texts({  # key: (sv, en)
    "title": ("Skuld, räntor och amorteringar: {title}", "Debt, interest and repayment: {title}"),
    "lead": (
        "Skulden är störst {year}: {debt} {unit}. Räntor och amorteringar är störst {service_year}: {service} {unit}.",
        "Debt is largest in {year}: {debt} {unit}. Interest and repayment are largest in {service_year}: {service} "
        "{unit}.",
    ),
    "outstanding": ("Skuld vid årets slut, {unit}", "Debt at the end of the year, {unit}"),
    "service": ("Räntor och amorteringar, {unit} per år", "Interest and repayment, {unit} a year"),
    "debt_ceiling": ("skuldtaket", "the debt ceiling"),
    "service_ceiling": ("taket", "the ceiling"),
    "share": (
        "Som mest {share} av {ceiling} på {limit} (linjen), {year}.",
        "At most {share} of {ceiling} of {limit} (the line), in {year}.",
    ),
    "free": ("Inget tak är satt.", "No ceiling is set."),
    "note": ("Allt i fasta priser; egen skala i varje ruta.", "All in real prices; a scale for each panel."),
})  # fmt: skip


@figure("debt_{scenario}", of="plan", when=lambda data: "debt" in data and funds(data) != [], order=2)
def draw(data: xr.Dataset, language: str, year: int | None = None) -> Figure:
    """A row a debt fund: what is owed at the end of each year, and interest and repayment, under their ceilings."""
    since = data.isel(year=data.year.values >= int(data.attrs["first_decision_year"]))
    shown, unit, years = funds(data), quantities.money_unit(data), since.year.values
    row = NAME + ABOVE + TALL + BELOW
    footer = quantities.footer(data, language, text("note", language))
    title = text("title", language, title=quantities.title(data, language))
    figure, top = sheet.page(row * len(shown) + 0.1, title, _lead(since, unit, language), footer)
    across = (style.WIDTH - 2 * MARGIN - GAP) / 2
    for place, fund in enumerate(shown):
        of = since.isel(fund=fund)
        name = shorten(str(of[f"fund_label_{language}"].values), SUBTITLE, (style.WIDTH - 2 * MARGIN) / POINT - 12, 1)
        base = top + row * place
        sheet.write(figure, MARGIN, base + 0.5, name[0], size=SUBTITLE, weight="bold", va="baseline", gid="label")
        for column, (variable, ceiling, words, looks) in enumerate(PANELS):
            left = MARGIN + (across + GAP) * column
            axes = sheet.panel(figure, left + LEFT, base + NAME + ABOVE, across - LEFT, TALL)
            values, limit = of[variable].values, of[ceiling].values
            _panel(axes, years, values, limit, looks, language)
            foot = base + NAME + ABOVE - 0.6
            how: dict[str, Any] = {"va": "baseline", "gid": "label"}
            sheet.write(figure, left, foot, text(words, language, unit=unit), size=BODY, weight="bold", **how)
            sheet.write(figure, left, foot + 0.33, _said(years, values, limit, ceiling, unit, language),
                        size=SMALL + 0.5, **how)  # fmt: skip
    return figure


def funds(data: xr.Dataset) -> list[int]:
    """Funds that owe anything in any year, but for those that hardly lend."""
    owed = np.nan_to_num(data.debt.values).max(axis=0) > LEAST
    owed[payers.hardly(data)] = False
    return np.flatnonzero(owed).tolist()


def _panel(
    axes: Axes, years: IntArray, values: FloatArray, limit: FloatArray, looks: dict[str, Any], language: str
) -> None:
    """Values (year,) as a filled staircase, and the ceiling (year,) as a heavy line where there is one."""
    there = np.isfinite(limit)
    peak = 1.08 * max(float(np.nanmax(values)), float(limit[there].max()) if there.any() else 0.0, LEAST)
    sheet.year_axis(axes, years[0] - 0.5, years[-1] + 0.5, begin=int(years[0]))
    sheet.value_axis(axes, 0.0, peak, language, 4)
    edges = np.append(years - 0.5, years[-1] + 0.5)
    axes.stairs(values, edges, fill=True, gid="owed", **({"linewidth": 0} | looks))
    if there.any():
        axes.stairs(np.where(there, limit, np.nan), edges, baseline=cast(Any, None), color=INK, linewidth=1.8, zorder=3,
                    gid="ceiling")  # fmt: skip


def _said(years: IntArray, values: FloatArray, limit: FloatArray, name: str, unit: str, language: str) -> str:
    """How much of the ceiling is used where it is nearest."""
    there = np.isfinite(limit) & (limit > 0)
    if not there.any():
        return text("free", language)
    share = np.where(there, values / np.where(there, limit, 1.0), 0.0)
    most = int(np.nanargmax(share))
    highest = f"{rounded(float(limit[most]), language)} {unit}"
    return text("share", language, share=percent(float(share[most]), language).lstrip("+"), year=years[most],
                ceiling=text(name, language), limit=highest)  # fmt: skip


def _lead(data: xr.Dataset, unit: str, language: str) -> str:
    """The years in which all debt, and all that is paid for it, are largest."""
    years, debt, service = data.year.values, data.debt.sum("fund").values, data.debt_service.sum("fund").values
    return text("lead", language, unit=unit, debt=rounded(float(debt.max()), language),
                year=years[int(np.argmax(debt))], service=rounded(float(service.max()), language),
                service_year=years[int(np.argmax(service))])  # fmt: skip
