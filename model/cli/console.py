"""What does the user see in the terminal? Tables, progress and faults, in plain words."""

from __future__ import annotations

import os
import sys
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby, zip_longest
from typing import Any

import numpy as np
from rich.cells import cell_len
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from model.inputs.faults import Fault, InputFaults
from model.optimiser.stages import ROUNDING
from model.plain_text import TextTable, shares, thousands
from model.vocabulary import EMISSIONS, ENERGY, UNFUNDED

WIDTH_OF_A_FILE = 200
"""Columns of text where the output is not a terminal and COLUMNS does not say it."""
LEAST_FOR_TEXT = 16
"""Columns below which a column of text is not squeezed."""
GAP = 2
"""Blanks between columns."""
SMALL_SHARE = 0.005
"""Share of what is paid below which a payer is not named."""
SHOWN_LINES = 8
"""Lines named where the same fault is in many."""
UNITS = {EMISSIONS: "t", ENERGY: "GWh", "percent": "percentage points"}
"""What a shortfall is counted in."""
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
    alike = sorted(error.faults, key=_alike)
    shown = [list(group) for _, group in groupby(alike, key=_alike)]
    for same in sorted(shown, key=lambda group: group[0]):
        err.print(_once(same), markup=False)
    count = len(error.faults)
    err.print(f"{count} fault{'s' if count != 1 else ''} in the input. Nothing was computed, nothing was changed.")


def _alike(fault: Fault) -> tuple[str, str, str, str, str]:
    return fault.place.file, fault.place.column, fault.found, fault.allowed, fault.nearest


def _once(same: Sequence[Fault]) -> str:
    lines = [str(fault.place.line) for fault in same[1:]]
    if not lines:
        return str(same[0])
    more = ", ".join(lines[:SHOWN_LINES]) + (f" ... {lines[-1]}" if len(lines) > SHOWN_LINES else "")
    return f"{same[0]} The same in line{'s' if len(lines) > 1 else ''} {more} ({len(same)} in all)."


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


def who_pays(paid: Mapping[str, float]) -> str:
    """The two who pay most with their shares, and always what nobody pays; a dash where nothing is paid."""
    total = sum(paid.values())
    named = [name for name in sorted(paid, key=lambda name: -paid[name]) if paid[name] > SMALL_SHARE * total]
    shown = named[:2] + [name for name in named[2:] if name == UNFUNDED]
    return ", ".join(f"{name} {paid[name] / total:.0%}" for name in shown) or "-"


def gap_reached(attributes: Mapping[str, Any]) -> str:
    """The gap of a plan's worst stage beside what was asked, `not known` if that of any is not; a dash: no plan."""
    if "gaps_asked" not in attributes:
        return "-"
    asked, reached = (np.atleast_1d(attributes[name]) for name in ("gaps_asked", "gaps_reached"))
    if np.isnan(reached).any() or not len(reached):
        return "not known"
    worst = int(np.argmax(reached / asked))
    met = reached[worst] <= asked[worst] * (1 + ROUNDING)
    limit, found = shares(float(asked[worst]), float(reached[worst]))
    return f"{found} of {limit}" if met else f"{found}, asked {limit}"


def overview(data: Mapping[tuple[str, str], Any]) -> None:
    """One line a scenario and future: emissions, distance to the first target, investment, who pays, net cost."""
    from model.outputs.comparison import comparison_year
    from model.outputs.summary import limits_emissions, yearly_net_cost

    some = next(iter(data.values()))
    year = comparison_year(some)
    held = np.isfinite(some.target_limit.sel(year=year).values)
    chosen = next((int(np.argmax(mask)) for mask in (held & limits_emissions(some), held) if mask.any()), 0)
    target = str(some.target.values[chosen]) if len(some.target) else None
    unit = str(some.target_unit.values[chosen]) if target else EMISSIONS
    rows = []
    for (scenario, future), each in data.items():
        at = each.sel(year=year)
        money = each.payment.sum(("measure", "year"))
        paid = who_pays({str(fund): float(money.sel(fund=fund)) for fund in each.fund.values})
        missing = float(at.shortfall.sel(target=target)) if target else float("nan")
        rows.append((
            scenario, future,
            thousands(float(at.indicator.sel(indicator_name="ghg_total")) / 1e3, 1),
            thousands(float(at.indicator.sel(indicator_name="ghg_official")) / 1e3, 1),
            thousands(missing / (1e3 if unit == EMISSIONS else 1), 1),
            thousands(float(each.capital.sum())),
            thousands(float(yearly_net_cost(at.expand_dims(year=[year]))[0])),
            gap_reached(each.attrs), paid,
        ))  # fmt: skip
    money_unit = str(some.capital.attrs["units"]).replace("_", " ")
    left = f"; left to {target}" + ("" if unit == EMISSIONS else f" ({UNITS[unit]})") if target else ""
    table(
        f"{some.attrs['municipality_en']}, emissions in {year} (kt CO2e) and money ({money_unit}, real){left}",
        (
            ("scenario", "left"), ("future", "left"), (f"{year}", "right"), ("as\nofficial", "right"),
            ("left to\ntarget", "right"), ("invested\nin all", "right"), (f"net\ncost\n{year}", "right"),
            ("gap to\nbest plan", "left"), ("who pays", "text"),
        ),
        rows,
    )  # fmt: skip
