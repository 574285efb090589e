"""How much does more money help: what is the least that can be emitted for each budget, and for each net cost?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from model.figures.drawing import quantities, sheet, style
from model.figures.drawing.labels import TEXT, Label, beside
from model.figures.drawing.quantities import LEAST, Scale
from model.figures.drawing.style import BODY, FAINT, INK, LINES, POINT
from model.figures.drawing.texts import Texts, number, rounded
from model.figures.registry import figure
from model.vocabulary import UNFUNDED, FloatArray

LABELS, LEFT, TALL, HEAD, FOOT = 4.7, 1.0, 6.2, 0.75, 1.05
"""cm: labels to the right, ticks to the left, a panel, its heading, its ticks and what they count."""
CURVES: tuple[tuple[str, Any], ...] = ((INK, "-"), (FAINT, (0, (5, 1.2))))
"""Colour and dashes of what divided and whole units can do."""
text = Texts({  # key: (sv, en)
    "title": ("Vad räcker pengarna till? {title}", "How far does the money go? {title}"),
    "lead": (
        "Som bäst nås {high} {unit} {year} med {little} {money} per år och {low} med {much}, om åtgärder kunde delas "
        "upp fritt.",
        "At best {high} {unit} is reached in {year} with {little} {money} a year and {low} with {much}, "
        "if measures could be divided freely.",
    ),
    "lead_limit": ("Målet är högst {limit}.", "The target is at most {limit}."),
    "across": ("{fund}, {unit} per år", "{fund}, {unit} a year"),
    "relaxed": ("Om åtgärder kunde delas upp fritt", "If measures could be divided freely"),
    "fixed": ("Med planens hela projekt", "With the plan's whole projects"),
    "whole": (
        "Hela projekt valda på nytt; strecket når ned till det bevisat lägsta",
        "Whole projects chosen anew; the line reaches down to the proven lowest",
    ),
    "limit": ("Mål: högst {limit}", "Target: at most {limit}"),
    "trade": ("Sammanlagda utsläpp, kt CO₂e", "Cumulative emissions, kt CO₂e"),
    "cost": ("Kostnad utöver den billigaste planen, {unit}", "Cost above the cheapest plan, {unit}"),
    "note": (
        "Övre rutan: det som målet gäller, i målets sämsta år; övriga pengar som i scenariot.",
        "Upper panel: what the target limits, in its worst year; other money as in the scenario.",
    ),
    "first_year": (
        "Budgeten är det första årets, i fasta priser; lika många kronor varje år köper sedan mindre.",
        "The budget is that of the first year in constant prices; the same amount every year buys less later.",
    ),
    "step": ("I samma takt ändras: {names}.", "Changed in step with it: {names}."),
    "cut": ("Utsläppsaxeln börjar inte vid noll.", "The axis of emissions does not begin at zero."),
})  # fmt: skip


class Point(NamedTuple):
    """A scenario in the upper panel: title, MSEK a year and t, and its place among the scenarios."""

    title: str
    budget: float
    value: float
    place: int


@figure("frontier_{scenario}", of="plan", when=lambda data: "sweep_relaxed" in data, beside=True, order=5, council=True)
def draw(data: xr.Dataset, scenarios: Sequence[xr.Dataset], language: str, year: int | None = None) -> Figure:
    """Curves of emissions over the budget, with the scenarios that were optimised; below, over net cost."""
    scale, unit = quantities.scale([data], language), quantities.money_unit(data)
    points, traded = optimised(data, scenarios, language), "trade_emissions" in data
    lowest, limit = _range(data, points)
    title = text("title", language, title=quantities.title(data, language))
    lead = _lead(data, None if limit >= lowest else limit, scale, unit, language)
    footer = quantities.footer(data, language, *_notes(data, lowest > 0 or traded, language))
    figure, top = sheet.page((HEAD + TALL + FOOT) * (1 + traded), title, lead, footer)
    across = style.WIDTH - LEFT - LABELS - style.MARGIN
    upper = sheet.panel(figure, LEFT, top + HEAD, across, TALL)
    _budgets(upper, data, points, lowest, limit, scale, language)
    if traded:
        _costs(sheet.panel(figure, LEFT, top + 2 * HEAD + TALL + FOOT, across, TALL), data, unit, language)
    return figure


def optimised(data: xr.Dataset, scenarios: Sequence[xr.Dataset], language: str) -> list[Point]:
    """The scenarios that were optimised within limited money: the first pot that is swept, and what is left."""
    fund, target = _funds(data)[0], data.attrs["sweep_target"]
    found = []
    for place, each in enumerate(scenarios):
        if each.attrs["kind"] != "goal" or float(each.payment.sel(fund=UNFUNDED).sum()) > LEAST:
            continue
        budget = float(each.budget.sel(fund=fund, year=int(each.attrs["first_decision_year"])))
        value = float(each.target_value.sel(target=target, year=int(data.attrs["sweep_year"])))
        if np.isfinite(budget) and np.isfinite(value):
            found.append(Point(quantities.title(each, language), budget, value, place))
    return found


def _range(data: xr.Dataset, points: Sequence[Point]) -> tuple[float, float]:
    """Where the axis of emissions begins in t, and the target's limit: shown if it is not far below the curves."""
    attrs = data.attrs
    limit = float(data.target_limit.sel(target=attrs["sweep_target"], year=int(attrs["sweep_year"])))
    values = np.concatenate([_emitted(data), [point.value for point in points]])
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    span = max(high - low, 0.02 * abs(high), 1.0)
    if low - limit <= 2 * span:
        return min(low, limit) - (0.04 * span if min(low, limit) != 0 else 0.0), limit
    return max(low - 0.1 * span, 0.0) if low >= 0 else low - 0.1 * span, limit


def _emitted(data: xr.Dataset) -> FloatArray:
    """All emissions of the curves over the budget in t."""
    names = [name for name in ("sweep_relaxed", "sweep_fixed", "sweep_whole", "sweep_whole_bound") if name in data]
    return np.concatenate([data[name].values for name in names])


def _budgets(
    axes: Axes, data: xr.Dataset, points: Sequence[Point], lowest: float, limit: float, scale: Scale, language: str
) -> None:  # fmt: skip
    """Least emissions by yearly budget: curves, whole plans with what is proven, scenarios, and the target."""
    budget = data.sweep_budget.values
    right = max([float(budget.max()), *(1.03 * point.budget for point in points)])
    high = max(float(np.nanmax(_emitted(data))), limit, *(point.value for point in points))
    low = lowest / scale.divisor
    sheet.value_axis(axes, low, high / scale.divisor + 0.04 * (high / scale.divisor - low), language)
    _across(axes, min(0.0, float(budget.min())), right, language)
    target = data.target_indicator.sel(target=data.attrs["sweep_target"])
    what = quantities.indicator_label(data, str(target.values), language)
    heading = text("emissions_axis_of", language, unit=scale.unit, what=f"{what} {data.attrs['sweep_year']}")
    sheet.axis_title(axes, heading)
    fund = str(data[f"fund_label_{language}"].sel(fund=_funds(data)[0]).values)
    _below(axes, text("across", language, fund=fund, unit=quantities.money_unit(data)))
    labels = _curves(axes, data, "sweep", language, scale.divisor)
    if "sweep_whole" in data:
        whole, bound = data.sweep_whole.values / scale.divisor, data.sweep_whole_bound.values / scale.divisor
        at = data.sweep_whole_budget.values
        axes.vlines(at, bound, whole, color=INK, linewidth=0.9, zorder=3, gid="bound")
        axes.plot(at, bound, linestyle="", marker="_", color=INK, markersize=4, clip_on=False, zorder=3)
        axes.plot(at, whole, linestyle="", marker="o", markersize=3.6, color=INK, markerfacecolor="white",
                  clip_on=False, zorder=4, gid="whole")  # fmt: skip
        last = int(np.argmax(at))
        labels.append(Label(text("whole", language), float(whole[last]), INK, "", float(at[last])))
    for point in points:
        line = LINES[point.place % len(LINES)]
        value = point.value / scale.divisor
        axes.plot([point.budget], [value], linestyle="", marker=line.marker, color=line.colour, markeredgecolor=INK,
                  markeredgewidth=0.7, markersize=6, clip_on=False, zorder=5, gid="scenario")  # fmt: skip
        labels.append(Label(point.title, value, line.colour, line.marker, point.budget,
                            bold=point.title == quantities.title(data, language)))  # fmt: skip
    if low <= limit / scale.divisor <= high / scale.divisor:
        axes.axhline(limit / scale.divisor, color=INK, linewidth=2.4, clip_on=False, zorder=2, gid="target")
        words = text("limit", language, limit=f"{scale.write(limit, language)} {scale.unit}")
        labels.append(Label(words, limit / scale.divisor, INK, "_"))
    beside(axes, labels, LABELS / POINT - TEXT, BODY, INK)


def _costs(axes: Axes, data: xr.Dataset, unit: str, language: str) -> None:
    """Least net cost for each amount of cumulative emissions, cost across."""
    emitted = data.trade_emissions.values
    costs = np.concatenate([data[name].values for name in ("trade_relaxed", "trade_fixed") if name in data])
    margin = 0.06 * max(float(np.ptp(emitted)), 1e-6)
    sheet.value_axis(axes, float(emitted.min()) - margin, float(emitted.max()) + margin, language)
    low, high = float(np.nanmin(costs)), float(np.nanmax(costs))
    _across(axes, min(low, 0.0), high + 0.02 * (high - low), language)
    sheet.axis_title(axes, text("trade", language))
    _below(axes, text("cost", language, unit=unit))
    beside(axes, _curves(axes, data, "trade", language), LABELS / POINT - TEXT, BODY, INK)


def _curves(axes: Axes, data: xr.Dataset, what: str, language: str, divisor: float = 1.0) -> list[Label]:
    """The two curves of a panel, money across and emissions up; gives back their labels."""
    labels = []
    for place, kind in enumerate(("relaxed", "fixed")):
        name = f"{what}_{kind}"
        if name not in data or not np.isfinite(data[name].values).any():
            continue
        values = data[name].values
        swept = what == "sweep"
        across = data.sweep_budget.values if swept else values
        up = values / divisor if swept else data.trade_emissions.values
        colour, dashes = CURVES[place]
        axes.plot(across, up, color=colour, linestyle=dashes, zorder=2.5, clip_on=False, gid=name)
        end = int(np.nanargmax(np.where(np.isfinite(up), across, np.nan)))
        labels.append(Label(text(kind, language), float(up[end]), colour, "", float(across[end])))
    return labels


def _across(axes: Axes, low: float, high: float, language: str) -> None:
    """Money across, with round values."""
    axes.set_xlim(low, high)
    ticks = sheet.value_ticks(low, high, 6)
    decimals = 0 if all(tick == round(tick) for tick in ticks) else 1
    axes.set_xticks(ticks, [number(tick, language, decimals) for tick in ticks])
    if low < 0:
        axes.axvline(0, color=style.FAINT, linewidth=0.6)


def _below(axes: Axes, words: str) -> None:
    """What is counted across, under the ticks."""
    sheet.note(axes, words, (1, 0), (0, -19), "panel", ha="right", va="top", size=BODY, weight="bold")


def _funds(data: xr.Dataset) -> list[str]:
    """The pots that are swept, the one whose budget is shown first."""
    return [name.strip() for name in str(data.attrs["sweep_funds"]).split(",")]


def _notes(data: xr.Dataset, cut: bool, language: str) -> list[str]:
    """What is held, what moves in step, and that an axis does not begin at zero."""
    notes = [text("note", language)]
    if "fund_basis" in data.coords and str(data.fund_basis.sel(fund=_funds(data)[0]).values) == "nominal":
        notes.append(text("first_year", language))
    names = [str(data[f"fund_label_{language}"].sel(fund=name).values) for name in _funds(data)[1:]]
    if names:
        notes.append(text("step", language, names="; ".join(names)))
    return [*notes, text("cut", language)] if cut else notes


def _lead(data: xr.Dataset, limit: float | None, scale: Scale, unit: str, language: str) -> str:
    """What the least and the most money can reach at best, and a target that is too far off to be drawn."""
    budget, least = data.sweep_budget.values, data.sweep_relaxed.values
    ends = int(np.argmin(budget)), int(np.argmax(budget))
    little, much = (rounded(float(budget[end]), language) for end in ends)
    high, low = (scale.write(float(least[end]), language) for end in ends)
    lead = text("lead", language, high=high, low=low, little=little, much=much, unit=scale.unit, money=unit,
                year=data.attrs["sweep_year"])  # fmt: skip
    if limit is None:
        return lead
    return f"{lead} {text('lead_limit', language, limit=f'{scale.write(limit, language)} {scale.unit}')}"
