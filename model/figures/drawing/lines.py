"""How are paths over the years drawn? A line with marks a path, and what has been observed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from model.figures.drawing.labels import Label
from model.figures.drawing.sheet import note
from model.figures.drawing.style import BEHIND, BODY, INK, LINES, Line
from model.figures.drawing.texts import text
from model.vocabulary import FloatArray, IntArray

EVERY = 5
"""Years between the marks on a line."""


def paths(
    axes: Axes, years: IntArray, values: FloatArray, titles: Sequence[str], lines: Sequence[Line] = LINES
) -> list[Label]:
    """Draw a line a path, values (path, year), in the order of the lines; gives back their labels."""
    marks = np.flatnonzero(years % EVERY == 0).tolist()
    labels = []
    for index, (title, path) in enumerate(zip(titles, values, strict=True)):
        line = lines[index % len(lines)]
        axes.plot(years, path, color=line.colour, linestyle=line.style, marker=line.marker, markevery=marks,
                  markersize=3, zorder=2.5, clip_on=False, gid="path")  # fmt: skip
        labels.append(Label(title, float(path[-1]), line.colour, line.marker))
    return labels


def history(axes: Axes, observed: FloatArray, totals: FloatArray, language: str) -> None:
    """Draw observed totals (year,) as hollow points on a thin line, named at the first."""
    if not len(observed):
        return
    axes.plot(observed, totals, color=INK, linewidth=0.7, marker="o", markersize=2.8, markerfacecolor="white",
              markeredgewidth=0.8, zorder=3, gid="history")  # fmt: skip
    falling = len(totals) < 2 or totals[1] <= totals[0]
    note(axes, text("observed", language), (observed[0], totals[0]), (5, 4 if falling else -10), size=BODY, bbox=BEHIND)
