"""Where does a label stand so that none covers another? Widths, line breaks, and labels spread along a side."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from model.vocabulary import FloatArray

SPACING = 1.1
"""Line spacing as matplotlib understands it."""
LINE = 1.22
"""Height of a line of text at that spacing, in font sizes."""
TEXT = 19.0
"""Points from a panel's right side to the words beside it: room for the leader and its mark."""
PITCH, CAPITAL = 1.1 * SPACING, 0.73
"""From one baseline to the next, and height of a capital letter of DejaVu Sans, in font sizes."""


def below_middle(words: str, size: float) -> float:
    """Points from the middle of lines of text down to the last baseline, which is where text is anchored."""
    return (words.count("\n") * PITCH + CAPITAL) / 2 * size


class Label(NamedTuple):
    """A label beside a panel: what it says, the value it belongs to, and how its line or area is drawn."""

    words: str
    value: float
    colour: str
    marker: str = "s"
    start: float | None = None
    """where on the x axis its leader begins; the panel's right side if left out"""
    numbers: tuple[str, ...] = ()
    """written in columns to the right of the words"""
    bold: bool = False


@lru_cache(maxsize=4096)
def width(words: str, size: float, bold: bool = False) -> float:
    """Width of one line of text in points."""
    font = FontProperties(family="DejaVu Sans", size=size, weight="bold" if bold else "normal")
    return float(text_to_path.get_text_width_height_descent(words, font, False)[0])


@lru_cache(maxsize=1024)
def balanced(words: str, size: float, room: float) -> list[str]:
    """Text broken into no more lines than needed, as equally long as can be, so that no word stands alone."""
    lines = wrap(words, size, room)
    while len(lines) > 1:
        room = max(width(line, size) for line in lines) - 0.5
        narrower = wrap(words, size, room)
        if len(narrower) > len(lines) or max(width(line, size) for line in narrower) > room:
            break
        lines = narrower
    return lines


@lru_cache(maxsize=1024)
def wrap(words: str, size: float, room: float, bold: bool = False) -> list[str]:
    """Text broken into lines of at most `room` points; a single word may be wider."""
    lines: list[str] = []
    for paragraph in words.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if line and width(longer, size, bold) > room:
                lines.append(line)
                longer = word
            line = longer
        lines.append(line)
    return lines


def shorten(words: str, size: float, room: float, most: int) -> list[str]:
    """Text in at most `most` lines of `room` points, the end left out where it does not fit."""
    lines = balanced(words, size, room)
    if len(lines) <= most:
        return lines
    lines = wrap(words, size, room)
    last = lines[most - 1] + " " + lines[most]
    while last and width(last + "…", size) > room:
        last = last[:-1]
    return [*lines[: most - 1], last.rstrip() + "…"]


def spread(wanted: FloatArray, heights: FloatArray, low: float, high: float) -> FloatArray:
    """Centres nearest to those wanted (least squares) so that intervals of these heights do not overlap.

    Order is kept; all lie within low and high if there is room. Pool-adjacent-violators on what is wanted less the
    heights that must lie below (Best and Chakravarti 1990).
    """
    order = np.argsort(wanted, kind="stable")
    size = heights[order]
    offset = np.cumsum(size) - size / 2
    blocks: list[tuple[float, int]] = []
    for target in wanted[order] - offset:
        mean, count = float(target), 1
        while blocks and blocks[-1][0] > mean:
            before, number = blocks.pop()
            mean, count = (before * number + mean * count) / (number + count), number + count
        blocks.append((mean, count))
    shifted = np.repeat([mean for mean, _ in blocks], [count for _, count in blocks])
    centres = np.empty(len(wanted))
    centres[order] = np.clip(shifted, low, max(high - float(size.sum()), low)) + offset
    return centres


def beside(
    axes: Axes, labels: Sequence[Label], room: float, size: float, ink: str, column: float = 0.0, above: float = 0.0
) -> None:
    """Write labels to the right of a panel, at most `room` points wide, each with a leader from its value.

    Numbers stand in columns `column` points wide at the right end. `above` points over the panel may be used too.
    Limits of the axes must have been set.
    """
    if not labels:
        return
    box = axes.get_window_extent()
    points = 72 / axes.get_figure(root=True).dpi  # type: ignore[union-attr]
    tall, wide = box.height * points, box.width * points
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    lines = [balanced(each.words, size, room - column * len(each.numbers)) for each in labels]
    heights = np.array([len(each) * size * LINE + 1.5 for each in lines])
    at = np.array([(label.value - bottom) / (top - bottom) * tall for label in labels])
    placed = spread(at, heights, -float(heights.max()) / 2, tall + above)
    how: dict[str, Any] = {"transform": axes.transAxes, "clip_on": False}
    for label, words, y, centre in zip(labels, lines, at / tall, placed / tall, strict=True):
        begin = 1.0 if label.start is None else (label.start - left) / (right - left)
        elbow = (begin, 1.0, 1 + 9 / wide, 1 + (14 if label.marker else 17) / wide)
        axes.plot(elbow, (y, y, centre, centre), color=label.colour, linewidth=0.7, zorder=1,
                  linestyle="-" if label.marker else ":", **how)  # fmt: skip
        if label.marker:
            axes.plot([1 + 14 / wide], [centre], marker=label.marker, color=label.colour, markersize=4.5, **how)
        weight = "bold" if label.bold else "normal"
        looks: dict[str, Any] = {"size": size, "color": ink, "va": "baseline", "weight": weight, "gid": "label"} | how
        low = [centre - below_middle(each, size) / tall for each in ("\n".join(words), "")]
        axes.text(1 + TEXT / wide, low[0], "\n".join(words), linespacing=SPACING, **looks)
        for place, number in enumerate(reversed(label.numbers)):
            axes.text(1 + (TEXT + room - column * place) / wide, low[1], number, ha="right", **looks)
