"""How do all figures look? One colour for one thing, one line a scenario, type, grid and measures of the page.

Colours are from the schemes of Tol (2021, muted) and Okabe and Ito (2008), and as far from them and each other as can
be: told apart by the colour-blind, and neighbours in a stack differ in luminance, so that they are told apart in
greyscale too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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
PAYER_COLOURS = {
    "municipal_investment": "#0072B2", "municipal_operating": "#56B4E9", "debt": "#0B3C5D", "grant": "#009E73",
    "public": "#A8DDB5", "own_money": "#E69F00", "not_funded": "#D55E00",
}  # fmt: skip
AREA_COLOURS = ("#7DA5FC", "#FDB5A9", "#7EB764", "#F488C2", "#8F7A5E", "#C8E893", "#C6969B", "#A7B9F6")
SCENARIO_COLOURS = (
    INK, "#6A3403", "#908AFF", "#795D8D", "#1B634F", "#FB5B8F", "#615AAC", "#C799D0", "#BD7C4C",
)  # fmt: skip
FUTURE_COLOURS = ("#017A90", "#A27603", "#3F470A", "#68383D", "#748250")
LIFTED, NEVER = "#6B7A99", "#91071F"
COLOURS = {
    "sector": SECTOR_COLOURS, "payer": tuple(PAYER_COLOURS.values()), "area": AREA_COLOURS,
    "scenario": SCENARIO_COLOURS[1:], "future": FUTURE_COLOURS, "limit that is lifted": (LIFTED,),
    "what nothing closes": (NEVER,),
}  # fmt: skip
"""One colour for one thing, in all figures: what colours mean. Ink and greys mean nothing by themselves: the
reference, totals, targets, and money whoever pays it."""
OTHERS = "#8C8C8C"
"""What stands beside, without a colour of its own: what others have published, and what is too small to be named."""
BEHIND = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
"""Keeps grid lines out of a label inside a panel."""


class Line(NamedTuple):
    """How a scenario or a future is drawn: told apart three times over."""

    colour: str
    style: Any
    marker: str


FORMS: tuple[tuple[Any, str], ...] = (
    ("-", "o"), ((0, (5, 1.2)), "s"), ((0, (1.2, 1)), "^"), ((0, (4, 1, 1, 1)), "D"),
    ((0, (7, 1.2, 1.2, 1.2, 1.2, 1.2)), "v"), ("-", "P"), ("-", "X"), ((0, (2.5, 1)), "<"), ((0, (6, 2)), ">"),
)  # fmt: skip
"""How lines are dashed, and their marks."""


def _lines(colours: Sequence[str], alone: int = 0) -> tuple[Line, ...]:
    """Lines in these colours; when all are taken, in the same with other dashes and marks but for those `alone`."""
    turns = ((turn, place) for turn in range(len(FORMS)) for place in range(alone * bool(turn), len(colours)))
    return tuple(Line(colours[place], *FORMS[(place + turn) % len(FORMS)]) for turn, place in turns)


LINES = _lines(SCENARIO_COLOURS, alone=1)
"""Lines of scenarios, by their place in the study; ink is the reference alone."""
FUTURES = _lines(FUTURE_COLOURS)
"""Lines of futures, by their place in the study."""
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


def area_colour(position: int) -> str:
    """The colour of a development area by its position among all of them."""
    return AREA_COLOURS[position % len(AREA_COLOURS)]


def luminance(colour: str) -> float:
    """Perceived lightness of a colour, 0 (black) to 100 (white): CIE L*."""
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour))
    relative = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return 116 * relative ** (1 / 3) - 16 if relative > 0.008856 else 903.3 * relative


def ink_on(colour: str) -> str:
    """Black or white, whichever reads better on a colour."""
    return "white" if luminance(colour) < 53 else INK
