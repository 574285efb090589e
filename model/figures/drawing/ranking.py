"""Which line is which? A list beside a panel, in the order of the values of one year, with each line's looks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes

from model.figures.drawing.labels import LINE, SPACING, balanced, below_middle, width
from model.figures.drawing.style import BODY, INK, POINT, Line

SAMPLE, GAP = 0.85, 0.3  # cm: how much of a line is shown, and what is free on both sides of it
APART = 2.6  # pt between entries


class Entry(NamedTuple):
    """A line: what it is called, its value in the year of the order, that as text, and how it is drawn."""

    words: str
    value: float
    number: str
    line: Line
    thick: float = 1.5


def lines(entries: Sequence[Entry], room: float) -> list[list[str]]:
    """The words of each entry in lines, where the list is `room` cm wide."""
    column = max((width(each.number, BODY) for each in entries), default=0.0) + 6
    words = (room - SAMPLE - 2 * GAP) / POINT - column
    return [balanced(each.words, BODY, words) for each in entries]


def height(entries: Sequence[Entry], room: float) -> float:
    """How tall the list is, in cm."""
    return sum(len(each) * BODY * LINE + APART for each in lines(entries, room)) * POINT


def draw(axes: Axes, entries: Sequence[Entry], head: str, room: float) -> None:
    """Write the entries to the right of a panel, the largest value first, from its top; unknown values come last."""
    order = sorted(entries, key=lambda each: -each.value if np.isfinite(each.value) else np.inf)
    box, points = axes.get_window_extent(), 72 / axes.get_figure(root=True).dpi  # type: ignore[union-attr]
    wide, tall = box.width * points, box.height * points
    how: dict[str, Any] = {"transform": axes.transAxes, "clip_on": False}
    left, right = ((1 + GAP / POINT / wide), (1 + (GAP + SAMPLE) / POINT / wide))
    end = 1 + room / POINT / wide
    looks: dict[str, Any] = {"size": BODY, "color": INK, "va": "baseline", "gid": "label"} | how
    axes.text(end, 1 + 5 / tall, head, ha="right", **(looks | {"weight": "bold", "va": "bottom"}))
    top = tall
    for each, words in zip(order, lines(order, room), strict=True):
        size = len(words) * BODY * LINE + APART
        centre = top - size / 2
        axes.plot((left, (left + right) / 2, right), [centre / tall] * 3, color=each.line.colour, linewidth=each.thick,
                  linestyle=each.line.style, marker=each.line.marker, markevery=[1], markersize=4, **how)  # fmt: skip
        at = [(centre - below_middle(text, BODY)) / tall for text in ("\n".join(words), "")]
        axes.text(right + GAP / POINT / wide, at[0], "\n".join(words), linespacing=SPACING, **looks)
        axes.text(end, at[1], each.number, ha="right", **looks)
        top -= size
