"""What does the user see in the terminal? Tables, progress and faults, in plain words."""

from __future__ import annotations

import os
import sys
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import zip_longest
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from model.cli.alike import told_once
from model.inputs.faults import InputFaults
from model.plain_text import TextTable

WIDTH_OF_A_FILE = 200
"""Columns of text where the output is not a terminal and COLUMNS does not say it."""
LEAST_FOR_TEXT = 16
"""Columns below which a column of text is not squeezed."""
GAP = 2
"""Blanks between columns."""
out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


@contextmanager
def progress(total: int, title: str) -> Iterator[Any]:
    """A function to call with what has just been done; draws a bar on a terminal and nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    done = TextColumn("{task.completed}/{task.total}")
    columns = (TextColumn("{task.description}"), BarColumn(), done, TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(title, total=total)

        def step(what: str) -> None:
            bar.update(task, advance=1, description=f"{title}: {what}")

        yield step


def faults(error: InputFaults) -> None:
    """All faults, one a line, and how many there are; a fault repeated down a column is shown once."""
    for each in told_once(error.faults):
        err.print(each, markup=False)
    count = len(error.faults)
    err.print(f"{count} fault{'s' if count != 1 else ''} in the input. Nothing was computed, nothing was changed.")


def width() -> int:
    """Columns there are: of the terminal, or what COLUMNS says; where neither says it, of a file."""
    there = os.environ.get("COLUMNS", "")
    if there.isdecimal():
        return max(int(there), 1)
    return out.width if sys.stdout.isatty() else WIDTH_OF_A_FILE


def say(text: str) -> None:
    """Print words, folded at blanks to the width there is."""
    for line in text.split("\n"):
        out.print("\n".join(_folded(line, width())), markup=False)


def hint(text: str) -> None:
    """Print words beside what is asked for, at once."""
    err.print(text, markup=False)


def table(title: str, columns: Iterable[tuple[str, str]], rows: Iterable[Iterable[str]]) -> None:
    """Print a table; a column is (heading, kind): `left` for a name, `right` for a number, `text` for words.

    Names and numbers are never broken or cut, words are folded to the width there is; where even that is not enough,
    they stand beneath their row. A terminal too narrow for names and numbers gets longer lines.
    """
    kinds, cells, there = list(columns), [list(row) for row in rows], width()
    wide = [
        max(cell_len(line) for row in ([heading], *([row[index]] for row in cells)) for line in row[0].split("\n"))
        for index, (heading, _) in enumerate(kinds)
    ]
    words = [index for index, (_, kind) in enumerate(kinds) if kind == "text"]
    least = {
        index: max([LEAST_FOR_TEXT, *(cell_len(word) for row in cells for word in row[index].split())])
        for index in words
    }
    while sum(wide) + GAP * (len(wide) - 1) > there:
        widest = max((each for each in words if wide[each] > least[each]), key=wide.__getitem__, default=None)
        if widest is None:
            break
        wide[widest] -= 1
    beneath = words if sum(wide) + GAP * (len(wide) - 1) > there and len(words) < len(kinds) else []
    beside = [index for index in range(len(kinds)) if index not in beneath]
    for line in title.split("\n"):
        out.print("\n".join(_folded(line, there)), markup=False, style="bold")
    for number, row in enumerate([[heading for heading, _ in kinds], *cells]):
        lines = _row([(row[index], kinds[index][1], wide[index]) for index in beside])
        for index in beneath if number else ():
            said = f"{' '.join(kinds[index][0].split())}: {row[index]}"
            lines += [f"    {each}" for each in _folded(said, max(there, LEAST_FOR_TEXT + 4) - 4)]
        for line in lines:
            out.print(line.rstrip(), markup=False, style=None if number else "bold")


def _row(cells: Sequence[tuple[str, str, int]]) -> list[str]:
    """The lines of a row: (text, kind, width) of each cell."""
    columns = [
        [part for line in text.split("\n") for part in (_folded(line, wide) if kind == "text" else [line])]
        for text, kind, wide in cells
    ]
    lines = []
    for parts in zip_longest(*columns, fillvalue=""):
        padded = zip(parts, cells, strict=True)
        blanks = ((part, kind, " " * (wide - cell_len(part))) for part, (_, kind, wide) in padded)
        lines.append((" " * GAP).join(gap + part if kind == "right" else part + gap for part, kind, gap in blanks))
    return lines


def _folded(line: str, wide: int) -> list[str]:
    """A line folded at blanks; a word that is too long stays whole."""
    return textwrap.wrap(line, wide, break_long_words=False, break_on_hyphens=False) or [""]


def show(shown: Iterable[TextTable | str]) -> None:
    """Print tables and lines, one after the other."""
    for each in shown:
        if isinstance(each, str):
            say(each)
        else:
            table(each.title, each.columns, each.rows)
