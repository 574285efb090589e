"""What do colours and marks mean, where there is no room to say it beside them?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from model.figures.drawing.labels import width
from model.figures.drawing.sheet import write
from model.figures.drawing.style import BODY, CENTIMETRE, MARGIN, POINT, WIDTH

ROW = 0.42  # cm
BOX = ""


class Entry(NamedTuple):
    """A marker of matplotlib, or a box, and what it means."""

    words: str
    mark: str
    how: dict[str, Any]

    @property
    def across(self) -> float:
        """Width in cm, with the gap to the next."""
        return (0.52 if self.mark == BOX else 0.34) + width(self.words, BODY) * POINT + 0.4


def rows(entries: Sequence[Entry]) -> list[list[Entry]]:
    """Entries broken into rows as wide as the page."""
    broken: list[list[Entry]] = [[]]
    for entry in entries:
        if broken[-1] and sum(each.across for each in broken[-1]) + entry.across > WIDTH - 2 * MARGIN + 0.4:
            broken.append([])
        broken[-1].append(entry)
    return broken


def draw(figure: Figure, entries: Sequence[Sequence[Entry]], top: float) -> None:
    """Draw rows of entries from a place in cm from the top."""
    wide, tall = (inch / CENTIMETRE for inch in figure.get_size_inches())
    for row, line in enumerate(entries):
        left, y = MARGIN, top + ROW * (row + 0.5)
        for entry in line:
            if entry.mark == BOX:
                figure.add_artist(Rectangle((left / wide, 1 - (y + 0.12) / tall), 0.4 / wide, 0.24 / tall, **entry.how))
            else:
                at = ([(left + 0.12) / wide], [1 - y / tall])
                figure.add_artist(Line2D(*at, linestyle="", marker=entry.mark, **({"markersize": 6.5} | entry.how)))
            words = left + (0.52 if entry.mark == BOX else 0.34)
            write(figure, words, y + 0.09, entry.words, size=BODY, va="baseline", gid="key")
            left += entry.across
