"""What stands between the plan and its target: money, speed, potential or national policy, and what nothing closes?"""

from __future__ import annotations

from typing import Any, NamedTuple

import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from model.figures.drawing import quantities, sheet, style
from model.figures.drawing.labels import shorten, width
from model.figures.drawing.quantities import Scale
from model.figures.drawing.style import BODY, FAINT, INK, MARGIN, NEVER, OTHERS, POINT, SMALL
from model.figures.drawing.texts import Texts, number, quoted, rounded
from model.figures.registry import figure
from model.plain_text import decimals_for

NAMES, COLUMN, ROW, THICK, HEAD = 4.6, 1.9, 0.85, 0.56, 0.95
"""cm: names, the column of Shapley values, a row, headings; a bar's thickness is a share of its row."""
OWN, LIFTED, REST, SMALL_PART = "own", "lifted", "rest", "small"
LOOKS: dict[str, dict[str, Any]] = {
    OWN: {"facecolor": OTHERS, "edgecolor": OTHERS},
    LIFTED: {"facecolor": style.LIFTED, "edgecolor": style.LIFTED},
    REST: {"facecolor": NEVER, "edgecolor": "white", "hatch": "xxxx"},
    SMALL_PART: {"facecolor": "white", "edgecolor": FAINT},
}
UP = {OWN: FAINT, LIFTED: style.LIFTED, REST: NEVER, SMALL_PART: FAINT}
"""Hatches of bars that go up."""
text = Texts({  # key: (sv, en)
    "title": ("Vad håller kvar utsläppen? {title}", "What keeps emissions up? {title}"),
    "lead": (
        "Planen lämnar {plan} {unit} {year}, {gap} över målet {label}.",
        "The plan leaves {plan} {unit} in {year}, {gap} above the target {label}.",
    ),
    "lead_most": ("Största hindret är {kind}: {value}.", "The largest obstacle is {kind}: {value}."),
    "lead_rest": (
        "{value} {unit} återstår även utan någon av gränserna.",
        "{value} {unit} is left even without any of the limits.",
    ),
    "lead_met": (
        "Planen når målet {label}: {plan} {unit} {year}.",
        "The plan meets the target {label}: {plan} {unit} in {year}.",
    ),
    "all": ("Planen {year}", "The plan in {year}"),
    "part_own": ("Planen själv", "The plan itself"),
    "meaning_own": ("hela enheter och andra mål", "whole units and other aims"),
    "part_money": ("Pengar", "Money"),
    "meaning_money": ("budgetar, bidrag, lån och vem som får betala", "budgets, grants, loans and who may pay"),
    "part_speed": ("Tempo", "Speed"),
    "meaning_speed": ("utbyggnadstakt och ledtider", "ramps and lead times"),
    "part_potential": ("Potential", "Potential"),
    "meaning_potential": ("hur mycket som finns att göra", "how much there is to do"),
    "part_policy": ("Nationell politik", "National policy"),
    "meaning_policy": ("det som staten beslutar", "what the state decides"),
    "small": ("För litet att räkna med", "Too small to count"),
    "part_rest": ("Återstår ändå", "Left all the same"),
    "meaning_rest": ("inget av detta räcker", "none of this closes it"),
    "limit": ("Målet {year}", "The target in {year}"),
    "shapley": ("I snitt, oavsett\nordning", "On average, in\nany order"),
    "pots": (
        "Större budgetar räcker till {pots} {unit} av pengarnas stapel och kräver {extra} {money} till i allt; resten "
        "är regler om vem som får betala. ",
        "Larger budgets are enough for {pots} {unit} of the bar of money and take {extra} {money} more in all; the "
        "rest is rules on who may pay. ",
    ),
    "note": (
        "Varje stapel visar hur mycket lägre utsläppen kan bli när gränsen släpps utöver dem ovanför; till höger står "
        "medelvärdet över alla ordningar (Shapley). Planen är sökt så noga att skillnader under {tolerance} {unit} "
        "inte säger något.",
        "Each bar shows how much lower emissions can be when the limit is lifted on top of those above it; to the "
        "right stands the average over all orders (Shapley). The plan was searched so closely that differences below "
        "{tolerance} {unit} mean nothing.",
    ),
})  # fmt: skip


class Part(NamedTuple):
    """A part of the gap: what it is called, what that means, how it is drawn, its size and Shapley value in t."""

    name: str
    meaning: str
    kind: str
    size: float
    shapley: float | None = None


@figure("gap_{scenario}", of="plan", when=lambda data: "gap_lifted" in data, order=4, council=True)
def draw(data: xr.Dataset, language: str, year: int | None = None) -> Figure:
    """A bar a part of the gap, each from where the one above ends, from the plan down to the target."""
    scale, attrs = quantities.scale([data], language), data.attrs
    plan, limit, year = float(attrs["gap_plan"]), float(attrs["gap_limit"]), int(attrs["gap_year"])
    found = parts(data, language)
    target = data[f"target_label_{language}"].sel(target=attrs["gap_target"])
    label, indicator = str(target.values), str(target.target_indicator.values)
    title = text("title", language, title=quantities.title(data, language))
    rows = len(found) + 2
    lead = _lead(data, found, label, year, scale, language)
    footer = quantities.footer(data, language, _note(data, scale, language))
    figure, top = sheet.page(HEAD + ROW * rows + 0.55, title, lead, footer)
    across = style.WIDTH - 2 * MARGIN - NAMES - COLUMN
    axes = sheet.panel(figure, MARGIN + NAMES, top + HEAD, across, ROW * rows)
    levels = [plan]
    for part in found:
        levels.append(levels[-1] - part.size)
    _frame(axes, [0.0, limit, *levels], rows, across / POINT, scale, language)
    what = quantities.indicator_label(data, indicator, language)
    sheet.axis_title(axes, text("emissions_axis_of", language, unit=scale.unit, what=what))
    _level(axes, 0, plan, scale, language)
    for row, (part, above) in enumerate(zip(found, levels, strict=False), 1):
        _part(axes, row, above, part, scale, language)
    _level(axes, rows - 1, limit, scale, language)
    _connect(axes, [level / scale.divisor for level in levels])
    room = (NAMES - 0.2) / POINT
    _name(axes, 0, text("all", language, year=year), "", room)
    for row, part in enumerate(found, 1):
        _name(axes, row, part.name, part.meaning, room)
    _name(axes, rows - 1, text("limit", language, year=year), label, room)
    right = 1 + COLUMN / across
    sheet.note(axes, text("shapley", language), (right, 1), (0, 7), "panel", ha="right", size=SMALL + 0.5,
               weight="bold", va="baseline")  # fmt: skip
    for row, part in enumerate(found, 1):
        words = "–" if part.shapley is None else scale.write(part.shapley, language)
        sheet.note(axes, words, (right, row), (0, 0), "side", ha="right", va="middle", size=BODY)
    return figure


def parts(data: xr.Dataset, language: str) -> list[Part]:
    """Parts of the gap in the order of the bars; those below the solver gap in this order and on average are one,
    before what nothing closes.
    """
    attrs = data.attrs
    tolerance = float(attrs["gap_tolerance"])

    def part(name: str, kind: str, size: float, shapley: float | None = None) -> Part:
        return Part(text(f"part_{name}", language), text(f"meaning_{name}", language), kind, size, shapley)

    lifted = zip(data.limit_kind.values, data.gap_lifted.values, data.gap_shapley.values, strict=True)
    every = [
        part("own", OWN, float(attrs["gap_plan"]) - float(attrs["gap_least"])),
        *(part(str(kind), LIFTED, float(size), float(shapley)) for kind, size, shapley in lifted),
        part("rest", REST, float(attrs["gap_rest"])),
    ]
    large = [each for each in every if max(abs(each.size), abs(each.shapley or 0.0)) >= tolerance]
    small = [each for each in every if each not in large]
    if small:
        names = ", ".join(each.name if not index else each.name.lower() for index, each in enumerate(small))
        known = [each.shapley for each in small if each.shapley is not None]
        merged = Part(text("small", language), names, SMALL_PART, sum(each.size for each in small),
                      sum(known) if known else None)  # fmt: skip
        large.insert(len(large) - (bool(large) and large[-1].kind == REST), merged)
    return large


def _frame(axes: Axes, levels: list[float], rows: int, points: float, scale: Scale, language: str) -> None:
    """Emissions across, with room for an amount beside each bar; a row a bar."""
    low, high = min(levels) / scale.divisor, max(levels) / scale.divisor
    room = (width(scale.write(-max(abs(each) for each in levels), language), BODY, bold=True) + 8) / points
    span = max(high - low, 1e-9) / (1 - room * (2 if low < 0 else 1))
    axes.set_xlim(low - room * span if low < 0 else low, high + room * span)
    axes.set_ylim(rows - 0.5, -0.5)
    axes.set_yticks([])
    ticks = sheet.value_ticks(*axes.get_xlim(), count=7)
    decimals = 0 if all(tick == round(tick) for tick in ticks) else 1
    axes.set_xticks(ticks, [number(tick, language, decimals) for tick in ticks])
    axes.grid(axis="x")
    axes.spines.left.set_visible(False)
    axes.axvline(0, color=FAINT, linewidth=0.8, zorder=2)


def _level(axes: Axes, row: int, value: float, scale: Scale, language: str) -> None:
    """A bar from zero: the plan or the target."""
    axes.barh([row], [value / scale.divisor], THICK, color=INK, gid="level")
    _amount(axes, row, max(value, 0.0) / scale.divisor, scale.write(value, language))


def _part(axes: Axes, row: int, above: float, part: Part, scale: Scale, language: str) -> None:
    """A bar from the level above to the one below; one that goes up is hatched."""
    looks = dict(LOOKS[part.kind])
    if part.size < 0:
        looks |= {"facecolor": "white", "hatch": "////", "edgecolor": UP[part.kind]}
    axes.barh([row], [-part.size / scale.divisor], THICK, above / scale.divisor, linewidth=0.6, zorder=2.5,
              gid="part", **looks)  # fmt: skip
    _amount(axes, row, max(above, above - part.size) / scale.divisor, scale.write(part.size, language))


def _amount(axes: Axes, row: int, end: float, words: str) -> None:
    sheet.note(axes, words, (end, row), (3, 0), va="middle", size=BODY, weight="bold", bbox=style.BEHIND)


def _connect(axes: Axes, levels: list[float]) -> None:
    """Thin lines from the end of each bar to the one below."""
    for row, level in enumerate(levels):
        axes.plot((level, level), (row + THICK / 2 if row else THICK / 2, row + 1 - THICK / 2), color=FAINT,
                  linewidth=0.7, zorder=2)  # fmt: skip


def _name(axes: Axes, row: int, name: str, meaning: str, room: float) -> None:
    """What a row is, and in smaller type what that means."""
    lines = shorten(meaning, SMALL, room, 2) if meaning else []
    how: dict[str, Any] = {"ha": "right", "va": "baseline"}
    sheet.note(axes, name, (0, row), (-6, 3.6 * len(lines) - 2.5), "side", size=BODY, weight="bold", **how)
    if lines:
        below = -4.0 - 3.6 * len(lines)
        sheet.note(axes, "\n".join(lines), (0, row), (-6, below), "side", size=SMALL, color=FAINT, **how)


def _note(data: xr.Dataset, scale: Scale, language: str) -> str:
    left = float(data.attrs["gap_tolerance"]) / scale.divisor
    tolerance = number(left, language, decimals_for(left, scale.decimals))
    note = text("note", language, tolerance=tolerance, unit=scale.unit)
    if "gap_pots" not in data.attrs or float(data.attrs.get("gap_extra_money", 0.0)) <= 0:
        return note
    pots = scale.write(float(data.attrs["gap_least"]) - float(data.attrs["gap_pots"]), language)
    extra, money = rounded(float(data.attrs["gap_extra_money"]), language), quantities.money_unit(data)
    return text("pots", language, pots=pots, extra=extra, unit=scale.unit, money=money) + note


def _lead(data: xr.Dataset, found: list[Part], label: str, year: int, scale: Scale, language: str) -> str:
    """How far the plan is from its target, which limit is most of that, and what is left without any of them."""
    plan, limit = float(data.attrs["gap_plan"]), float(data.attrs["gap_limit"])
    words = {"plan": scale.write(plan, language), "unit": scale.unit, "year": year, "label": quoted(label, language)}
    if plan - limit <= float(data.attrs["gap_tolerance"]):
        return text("lead_met", language, **words)
    leads = [text("lead", language, gap=scale.write(plan - limit, language), **words)]
    for kind, said in ((LIFTED, "lead_most"), (REST, "lead_rest")):
        most = max((part for part in found if part.kind == kind and part.size > 0), key=lambda part: part.size,
                   default=None)  # fmt: skip
        if most is not None:
            value = scale.write(most.size, language)
            leads.append(text(said, language, kind=most.name.lower(), value=value, unit=scale.unit))
    return " ".join(leads)
