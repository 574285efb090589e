"""What do all figures share? Page and panels in centimetres, one colour a sector, one line a scenario, type and grid.

Colours are from the schemes of Tol (2021, muted) and Okabe and Ito (2008): told apart by the colour-blind, and
neighbours in a stack differ in luminance, so that they are told apart in greyscale too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import Any, NamedTuple, ParamSpec

import matplotlib
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from model.figures.labels import LINE, wrap
from model.figures.texts import number

WIDTH, MARGIN = 16.0, 0.25  # cm: a text column of a report, so that type is seen at its own size
CENTIMETRE = 1 / 2.54  # inch
POINT = 2.54 / 72  # cm

INK, FAINT, GRID = "#222222", "#666666", "#D9D9D9"
TITLE, SUBTITLE, BODY, SMALL = 10.0, 8.0, 7.0, 6.0  # pt

SECTOR_COLOURS = (
    "#332288", "#88CCEE", "#117733", "#DDCC77", "#882255", "#44AA99",
    "#AA4499", "#DDDDDD", "#999933", "#CC6677", "#1A1A1A",
)  # fmt: skip
POT, OWN, UNFUNDED = "#0072B2", "#E69F00", "#D55E00"


class Line(NamedTuple):
    """How a scenario or a future is drawn: told apart three times over."""

    colour: str
    style: Any
    marker: str


LINES = (
    Line(INK, "-", "o"),
    Line("#0072B2", (0, (5, 1.2)), "s"),
    Line("#E69F00", (0, (1.2, 1)), "^"),
    Line("#009E73", (0, (4, 1, 1, 1)), "D"),
    Line("#CC79A7", (0, (7, 1.2, 1.2, 1.2, 1.2, 1.2)), "v"),
    Line("#D55E00", "-", "P"),
    Line("#56B4E9", "-", "X"),
    Line("#882255", (0, (2.5, 1)), "<"),
    Line("#999933", (0, (6, 2)), ">"),
)

STYLE: dict[str, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": BODY,
    "text.color": INK,
    "axes.edgecolor": FAINT,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.xmargin": 0.0,
    "axes.ymargin": 0.0,
    "grid.color": GRID,
    "grid.linewidth": 0.5,
    "xtick.color": FAINT,
    "ytick.color": FAINT,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": BODY,
    "ytick.labelsize": BODY,
    "xtick.major.size": 2.5,
    "ytick.major.size": 0.0,
    "xtick.major.width": 0.6,
    "hatch.linewidth": 0.6,
    "lines.linewidth": 1.5,
    "lines.markersize": 3.5,
    "lines.solid_capstyle": "round",
    "svg.fonttype": "path",
    "svg.hashsalt": "model.figures",
}

Arguments = ParamSpec("Arguments")


@contextmanager
def applied() -> Iterator[None]:
    """Matplotlib with its own defaults and this style, whatever the user has set; all is put back afterwards."""
    with matplotlib.rc_context():
        dict.update(matplotlib.rcParams, {k: v for k, v in matplotlib.rcParamsDefault.items() if "backend" not in k})
        matplotlib.rcParams.update(STYLE)
        yield


def styled(draw: Callable[Arguments, Figure]) -> Callable[Arguments, Figure]:
    """A drawing function that draws in this style."""

    @wraps(draw)
    def inside(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Figure:
        with applied():
            return draw(*args, **kwargs)

    return inside


def page(height: float, title: str, lead: str, footer: Sequence[str]) -> tuple[Figure, float]:
    """A figure with `height` cm free between heading and footer, and where that begins in cm from the top."""
    room = (WIDTH - 2 * MARGIN) / POINT
    blocks = [(wrap(title, TITLE, room, bold=True), TITLE, INK), (wrap(lead, SUBTITLE, room), SUBTITLE, INK)]
    under = [line for part in footer for line in wrap(part, SMALL, room)]
    above = sum(len(lines) * size * LINE for lines, size, _ in blocks) * POINT + 0.35
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
    """Put text at a place in cm from the left and from the top."""
    width, height = (inch / CENTIMETRE for inch in figure.get_size_inches())
    figure.text(left / width, 1 - top / height, words, **({"va": "top", "linespacing": LINE - 0.05} | how))


def panel(figure: Figure, left: float, top: float, width: float, height: float) -> Axes:
    """Axes at a place in cm from the left and from the top."""
    across, down = (inch / CENTIMETRE for inch in figure.get_size_inches())
    return figure.add_axes((left / across, 1 - (top + height) / down, width / across, height / down))


def axis_title(axes: Axes, words: str, **how: Any) -> None:
    """What a value axis shows, and in which unit, above it to the left."""
    axes.annotate(words, (0, 1), (0, 5), xycoords="axes fraction", textcoords="offset points",
                  **({"size": BODY, "va": "bottom", "ha": "left", "weight": "bold"} | how))  # fmt: skip


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


def year_axis(axes: Axes, first: float, last: float, step: int = 5) -> None:
    """A year axis from first to last with a mark each step of years."""
    axes.set_xlim(first, last)
    years = [year for year in range(-int(-first // 1), int(last) + 1) if year % step == 0]
    axes.set_xticks(years, [str(year) for year in years])


def luminance(colour: str) -> float:
    """Perceived lightness of a colour, 0 (black) to 100 (white): CIE L*."""
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour))
    relative = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return 116 * relative ** (1 / 3) - 16 if relative > 0.008856 else 903.3 * relative


def ink_on(colour: str) -> str:
    """Black or white, whichever reads better on a colour."""
    return "white" if luminance(colour) < 58 else INK
