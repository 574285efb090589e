"""What does the user see in the terminal? Tables, progress and faults, in plain words."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from model.faults import InputFaults

out = Console(highlight=False, width=None if sys.stdout.isatty() else 150)
err = Console(stderr=True, highlight=False, soft_wrap=True)


@contextmanager
def progress(total: int, title: str) -> Iterator[Any]:
    """A function to call with what has just been done; draws a bar on a terminal and nothing elsewhere."""
    if not err.is_terminal:
        yield lambda _: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(title, total=total)

        def step(what: str) -> None:
            bar.update(task, advance=1, description=f"{title}: {what}")

        yield step


def faults(error: InputFaults) -> None:
    """All faults, one a line, and how many there are."""
    for fault in error.faults:
        err.print(str(fault), markup=False)
    count = len(error.faults)
    err.print(f"{count} fault{'s' if count != 1 else ''} in the input. Nothing was computed, nothing was changed.")


def table(title: str, columns: Iterable[tuple[str, str]], rows: Iterable[Iterable[str]]) -> None:
    """Print a table; a column is (heading, justification)."""
    drawn = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading, justify in columns:
        drawn.add_column(heading, justify=justify, no_wrap=True)  # type: ignore[arg-type]
    for row in rows:
        drawn.add_row(*row)
    out.print(drawn)


def thousands(value: float, digits: int = 0) -> str:
    """A number with thin groups of three."""
    return "-" if np.isnan(value) else f"{value:,.{digits}f}".replace(",", " ")


def overview(data: Mapping[tuple[str, str], Any], year: int) -> None:
    """One line a scenario and future: emissions, distance to the first target, investment, who pays, net cost."""
    from model.summary import yearly_net_cost

    rows = []
    for (scenario, future), each in data.items():
        at = each.sel(year=year)
        money = each.payment.sum(("measure", "year"))
        total = float(money.sum())
        largest = sorted(((float(money.sel(fund=fund)), str(fund)) for fund in each.fund.values), reverse=True)[:2]
        paid = ", ".join(f"{name} {value / total:.0%}" for value, name in largest if value > 0.005 * total) if total else "-"
        first = each.target.values[0] if len(each.target) else None
        missing = float(at.shortfall.sel(target=first)) if first is not None else float("nan")
        rows.append((
            scenario, future,
            thousands(float(at.indicator.sel(indicator_name="ghg_total")) / 1e3, 1),
            thousands(float(at.indicator.sel(indicator_name="ghg_official")) / 1e3, 1),
            thousands(missing / 1e3, 1),
            thousands(float(each.capital.sum())),
            paid,
            thousands(float(yearly_net_cost(at.expand_dims(year=[year]))[0])),
        ))  # fmt: skip
    some = next(iter(data.values()))
    money_unit = str(some.capital.attrs["units"]).replace("_", " ")
    target = str(some.target.values[0]) if len(some.target) else "target"
    table(
        f"{some.attrs['municipality_en']}, emissions in {year} (kt CO2e) and money ({money_unit}, real)",
        (
            ("scenario", "left"), ("future", "left"), (f"{year}", "right"), ("as official", "right"),
            (f"left to {target}", "right"), ("investment", "right"), ("who pays", "left"),
            (f"net cost {year}", "right"),
        ),
        rows,
    )  # fmt: skip
