"""What does the user see in the terminal? Tables, progress and faults, in plain words."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import Any, Literal

import numpy as np
from rich.cells import cell_len
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table as Drawing
from rich.text import Text

from model.inputs.faults import Fault, InputFaults
from model.plain_text import TextTable, thousands
from model.vocabulary import EMISSIONS, ENERGY

WIDTH_OF_A_FILE = 200
"""Columns of text where the output is not a terminal."""
LEAST_FOR_TEXT = 16
"""Columns below which a column of text is not squeezed."""
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


def table(title: str, columns: Iterable[tuple[str, str]], rows: Iterable[Iterable[str]]) -> None:
    """Print a table; a column is (heading, kind): `left` for a name, `right` for a number, `text` for words.

    Names and numbers are never broken or cut, words are wrapped to the width there is. A terminal too narrow for
    that gets longer lines.
    """
    kinds, cells = list(columns), [list(row) for row in rows]
    drawn = Drawing(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    width = -2
    for index, (heading, kind) in enumerate(kinds):
        lines = [line for row in ([heading], *([row[index]] for row in cells)) for line in row[0].split("\n")]
        widest = max(cell_len(line) for line in lines)
        least = min(widest, LEAST_FOR_TEXT) if kind == "text" else widest
        side: Literal["left", "right"] = "right" if kind == "right" else "left"
        drawn.add_column(heading, justify=side, min_width=least, no_wrap=kind != "text")
        width += least + 2
    for row in cells:
        drawn.add_row(*map(Text, row))
    there = out.width if sys.stdout.isatty() else WIDTH_OF_A_FILE
    out.print(f"[bold]{title}[/bold]")
    usual = out.width
    out.width = max(width, there)  # rich cuts at the width it believes in
    out.print(drawn, soft_wrap=False, crop=False)
    out.width = usual


def show(shown: Iterable[TextTable | str]) -> None:
    """Print tables and lines, one after the other."""
    for each in shown:
        if isinstance(each, str):
            out.print(each, markup=False)
        else:
            table(each.title, each.columns, each.rows)


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
        total = float(money.sum())
        largest = sorted(((float(money.sel(fund=fund)), str(fund)) for fund in each.fund.values), reverse=True)[:2]
        paid = ", ".join(f"{name} {value / total:.0%}" for value, name in largest if value > 0.005 * total)
        missing = float(at.shortfall.sel(target=target)) if target else float("nan")
        rows.append((
            scenario, future,
            thousands(float(at.indicator.sel(indicator_name="ghg_total")) / 1e3, 1),
            thousands(float(at.indicator.sel(indicator_name="ghg_official")) / 1e3, 1),
            thousands(missing / (1e3 if unit == EMISSIONS else 1), 1),
            thousands(float(each.capital.sum())),
            thousands(float(yearly_net_cost(at.expand_dims(year=[year]))[0])),
            paid or "-",
        ))  # fmt: skip
    money_unit = str(some.capital.attrs["units"]).replace("_", " ")
    left = f"left to\n{target or 'target'}" + ("" if unit == EMISSIONS else f" ({UNITS[unit]})")
    table(
        f"{some.attrs['municipality_en']}, emissions in {year} (kt CO2e) and money ({money_unit}, real)",
        (
            ("scenario", "left"), ("future", "left"), (f"{year}", "right"), ("as\nofficial", "right"),
            (left, "right"), ("investment\nin all", "right"), (f"net cost\n{year}", "right"),
            ("who pays", "text"),
        ),
        rows,
    )  # fmt: skip
