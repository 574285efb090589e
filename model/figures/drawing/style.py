"""How do all figures look? One colour a sector, one line a scenario, type, grid and measures of the page.

Colours are from the schemes of Tol (2021, muted) and Okabe and Ito (2008): told apart by the colour-blind, and
neighbours in a stack differ in luminance, so that they are told apart in greyscale too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, NamedTuple, ParamSpec, cast
from warnings import catch_warnings, filterwarnings

import matplotlib
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

WIDTH, MARGIN = 16.0, 0.25  # cm: a text column of a report, so that type is seen at its own size
CENTIMETRE = 1 / 2.54  # inch
POINT = 2.54 / 72  # cm
INK, FAINT, GRID = "#222222", "#666666", "#D9D9D9"
TITLE, SUBTITLE, BODY, SMALL = 10.0, 8.0, 7.0, 6.0  # pt
SECTOR_COLOURS = (
    "#332288", "#88CCEE", "#117733", "#DDCC77", "#882255", "#44AA99",
    "#AA4499", "#CCCCCC", "#999933", "#CC6677", "#1A1A1A",
)  # fmt: skip
POT, OWN, UNFUNDED = "#0072B2", "#E69F00", "#D55E00"
BEHIND = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
"""Keeps grid lines out of a label inside a panel."""


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
    "text.parse_math": False,  # what a user calls something is text, whatever dollars are in it
    "text.hinting": "none",  # widths are then what `labels.width` says, at any resolution
    "svg.fonttype": "path",
    "svg.hashsalt": "model.figures",
}
Arguments = ParamSpec("Arguments")


@contextmanager
def applied() -> Iterator[None]:
    """Matplotlib with its own defaults and this style, whatever the user has set; all is put back afterwards."""
    with matplotlib.rc_context(), catch_warnings():
        filterwarnings("ignore", "Glyph .* missing from", UserWarning)  # it is drawn as a box
        defaults = {name: value for name, value in matplotlib.rcParamsDefault.items() if "backend" not in name}
        matplotlib.rcParams.update(cast(Any, defaults | STYLE))
        yield


def styled(draw: Callable[Arguments, Figure]) -> Callable[Arguments, Figure]:
    """A drawing function that draws in this style."""

    @wraps(draw)
    def inside(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Figure:
        with applied():
            return draw(*args, **kwargs)

    return inside


def sector_colour(position: int) -> str:
    """The colour of a sector by its position in the order they are shown in."""
    return SECTOR_COLOURS[position % len(SECTOR_COLOURS)]


def luminance(colour: str) -> float:
    """Perceived lightness of a colour, 0 (black) to 100 (white): CIE L*."""
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour))
    relative = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return 116 * relative ** (1 / 3) - 16 if relative > 0.008856 else 903.3 * relative


def ink_on(colour: str) -> str:
    """Black or white, whichever reads better on a colour."""
    return "white" if luminance(colour) < 53 else INK
