"""Where on the page does everything stand? Heading, panels, axes, notes and footer, placed in centimetres."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import ScaledTranslation

from model.figures.drawing.labels import LINE, SPACING, below_middle, wrap
from model.figures.drawing.style import BODY, CENTIMETRE, FAINT, INK, MARGIN, POINT, SMALL, SUBTITLE, TITLE, WIDTH
from model.figures.drawing.texts import number


def page(height: float, title: str, lead: str, footer: Sequence[str]) -> tuple[Figure, float]:
    """A figure with `height` cm free between heading and footer, and where that begins in cm from the top."""
    room = (WIDTH - 2 * MARGIN) / POINT
    blocks = [(wrap(title, TITLE, room, bold=True), TITLE, INK), (wrap(lead, SUBTITLE, room), SUBTITLE, INK)]
    under = [line for part in footer for line in wrap(part, SMALL, room)]
    above = sum(len(lines) * size * LINE for lines, size, _ in blocks) * POINT + 0.25
    below = len(under) * SMALL * LINE * POINT + 0.15
    total = MARGIN + above + height + below + MARGIN
    figure = Figure(figsize=(WIDTH * CENTIMETRE, total * CENTIMETRE), facecolor="white")
    top = MARGIN
    for lines, size, colour in blocks:
        weight = "bold" if size == TITLE else "normal"
        write(figure, MARGIN, top, "\n".join(lines), size=size, color=colour, weight=weight)
        top += len(lines) * size * LINE * POINT + 0.05
    write(figure, MARGIN, total - MARGIN, "\n".join(under), size=SMALL, color=FAINT, va="bottom")
    return figure, MARGIN + above


def write(figure: Figure, left: float, top: float, words: str, **how: Any) -> None:
    """Put text at a place in cm from the left and from the top; `va` as in `note`."""
    top += _lower(words, how) * POINT
    width, height = (inch / CENTIMETRE for inch in figure.get_size_inches())
    looks: dict[str, Any] = {"va": "top", "linespacing": SPACING} | how
    figure.text(left / width, 1 - top / height, words, **looks)


def panel(figure: Figure, left: float, top: float, width: float, height: float) -> Axes:
    """Axes at a place in cm from the left and from the top."""
    across, down = (inch / CENTIMETRE for inch in figure.get_size_inches())
    return figure.add_axes((left / across, 1 - (top + height) / down, width / across, height / down))


def axis_title(axes: Axes, words: str, at: tuple[float, float] = (0, 0), **how: Any) -> None:
    """What an axis shows, and in which unit, above it; `at` is a fraction of the panel's width, and points to add."""
    note(axes, words, (at[0], 1), (at[1], 5), "panel", **({"size": BODY, "va": "bottom", "weight": "bold"} | how))


def note(
    axes: Axes, words: str, at: Sequence[float], shift: tuple[float, float], place: str = "data", **how: Any
) -> Text:
    """Text at a place in a panel, moved by some points.

    `place`: x and y are `data`, fractions of the `panel`, or x is data and y a fraction (`top`) or the reverse
    (`side`). Beside what matplotlib knows, `va` may be `middle`, so that texts in a row stand on one line.
    """
    across, up = shift[0], shift[1] - _lower(words, how)
    base = {"data": axes.transData, "panel": axes.transAxes}.get(place)
    if base is None:
        base = axes.get_xaxis_transform() if place == "top" else axes.get_yaxis_transform()
    moved = base + ScaledTranslation(across / 72, up / 72, axes.get_figure(root=True).dpi_scale_trans)  # type: ignore[union-attr]
    return axes.text(at[0], at[1], words, transform=moved, gid="label", linespacing=SPACING, **how)


def _lower(words: str, how: dict[str, Any]) -> float:
    """Points by which text is lowered for `va` middle, which becomes baseline."""
    if how.get("va") != "middle":
        return 0.0
    how["va"] = "baseline"
    return below_middle(words, how["size"])


def value_ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Round values that fill a range."""
    ticks = MaxNLocator(count, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    return [float(tick) for tick in ticks if low - 1e-9 <= tick <= high + 1e-9]


def value_axis(axes: Axes, low: float, high: float, language: str, count: int = 5) -> None:
    """A value axis from low to high with round values and a thin grid."""
    axes.set_ylim(low, high)
    ticks = value_ticks(low, high, count)
    decimals = 0 if all(tick == round(tick) for tick in ticks) else 1
    axes.set_yticks(ticks, [number(tick, language, decimals) for tick in ticks])
    axes.grid(axis="y")
    axes.spines.left.set_visible(False)
    if low < 0:
        axes.axhline(0, color=FAINT, linewidth=0.6)


def year_axis(axes: Axes, first: float, last: float, begin: int | None = None) -> None:
    """A year axis from first to last, marked every year, every fifth or every tenth, and where it is said to begin."""
    step = 1 if last - first < 8 else 5 if last - first < 40 else 10
    axes.set_xlim(first, last)
    years = [year for year in range(-int(-first // 1), int(last) + 1) if year % step == 0]
    if begin is not None and begin not in years:
        years = [begin, *(year for year in years if year - begin > (last - first) / 12)]
    axes.set_xticks(years, [str(year) for year in years])
