"""What does the user see in the terminal? Tables, progress and faults, in plain words."""

from __future__ import annotations

import os
import sys
import textwrap
import time
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
from model.texts import usual_language

WIDTH_OF_A_FILE = 200
"""Columns of text where the output is not a terminal and COLUMNS does not say it."""
LEAST_FOR_TEXT = 16
"""Columns below which a column of text is not squeezed."""
GAP = 2
"""Blanks between columns."""
PLAIN: Any = {"highlight": False, "soft_wrap": True, "markup": False, "emoji": False}
"""Whatever is printed is text: what a table calls a thing is no instruction."""
out = Console(**PLAIN)
err = Console(stderr=True, **PLAIN)
_spoken: list[str] = []


def speak(chosen: str | None) -> None:
    """Choose the language of all that follows; None: the one there is."""
    if chosen:
        _spoken[:] = [chosen]


def language() -> str:
    """The language that is spoken: the one chosen, else the machine's."""
    return _spoken[0] if _spoken else usual_language()


def tell(text: str, **values: object) -> None:
    """Print a message, folded to the width there is; `text` stands in the catalogue of messages."""
    say(phrase(text, **values))


def phrase(text: str, **values: object) -> str:
    """A message in the language that is spoken, its values filled in."""
    from model.cli.language import said, translated

    if language() == "sv" and not values:
        return translated(text)
    return said(text, language(), **values)


@contextmanager
def progress(total: int, title: str) -> Iterator[Any]:
    """A function to call with what has just been done; draws a bar on a terminal and nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    done = TextColumn("{task.completed}/{task.total}")
    title, yet = phrase(title), TextColumn("{task.fields[left]}", markup=False)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), done, TimeElapsedColumn(), yet)
    begun, count = time.monotonic(), 0
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(title, total=total, left="")

        def step(what: str) -> None:
            nonlocal count
            count += 1
            seconds = (time.monotonic() - begun) / count * max(total - count, 0)
            bar.update(
                task,
                advance=1,
                description=f"{title}: {phrase(what)}",
                left=_left(seconds) if count < total else "",
            )

        yield step


def _left(seconds: float) -> str:
    """How long it will take yet, if it goes on as before."""
    return phrase("about {left} left", left=f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min")


def faults(error: InputFaults) -> None:
    """All faults, one a line, and how many there are; a fault repeated down a column is shown once."""
    for each in told_once(error.faults, language()):
        warn(each)
    if len(error.faults) == 1:
        hint("1 fault in the input. Nothing was computed, nothing was changed.")
    else:
        hint("{count} faults in the input. Nothing was computed, nothing was changed.", count=len(error.faults))


def width() -> int:
    """Columns there are: of the terminal, or what COLUMNS says; where neither says it, of a file."""
    return _given_width() or (out.width if sys.stdout.isatty() else WIDTH_OF_A_FILE)


def _given_width() -> int | None:
    """What COLUMNS says, if it says anything."""
    there = os.environ.get("COLUMNS", "")
    return max(int(there), 1) if there.isdecimal() else None


def say(text: str) -> None:
    """Print words, folded at blanks to the width there is."""
    out.print(_lines(text, width()))


def hint(text: str, **values: object) -> None:
    """Print words beside what is asked for, at once; `text` stands in the catalogue of messages."""
    warn(phrase(text, **values))


def warn(text: str) -> None:
    """Print a message beside what is asked for, folded to the width there is; in a file each is one line."""
    there = _given_width() or (err.width if sys.stderr.isatty() else None)
    err.print(_lines(text, there) if there else text)


def number(shown: str) -> str:
    """A number that is written with a decimal point, as it is written in the language that is spoken."""
    return shown.replace(".", ",") if language() == "sv" else shown


def begin(text: str) -> None:
    """On a terminal, say what is done first: loading what computes can take seconds on a slow disk."""
    if sys.stderr.isatty():
        hint(text)


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
    out.print(_lines(title, there), style="bold")
    for number, row in enumerate([[heading for heading, _ in kinds], *cells]):
        lines = _row([(row[index], kinds[index][1], wide[index]) for index in beside])
        for index in beneath if number else ():
            said = f"{' '.join(kinds[index][0].split())}: {row[index]}"
            lines += [f"    {each}" for each in _folded(said, max(there, LEAST_FOR_TEXT + 4) - 4)]
        for line in lines:
            out.print(line.rstrip(), style=None if number else "bold")


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


def _lines(text: str, wide: int) -> str:
    """Lines of text, each folded."""
    return "\n".join(part for line in text.split("\n") for part in _folded(line, wide))


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
