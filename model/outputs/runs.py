"""How do runs compare, one a line? Emissions in each reading, distances to targets, cost, and what every payer pays."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import xarray as xr

from model.outputs.comparison import comparison_year
from model.outputs.csv_files import write_csv, write_swedish_csv
from model.outputs.summary import rows
from model.outputs.swedish_summary import called, in_swedish
from model.plain_text import settled

SUMS = ("investment", "payment", "overdrawn")
"""Of what flows: the sum over all years; the rest is that of the year in which scenarios are compared."""
LEFT_OUT = ("energy", "cut", "idle", "charge", "lapsed")
"""Kinds of headline numbers that stand in `summary.csv` only."""


Budgets = Mapping[str, Mapping[str, float]]
"""Scenario: yearly amounts of funds that it sets itself, MSEK a year, real or nominal as the fund says."""


def table(
    data: Mapping[tuple[str, str], xr.Dataset], budgets: Budgets, swedish: bool = False
) -> tuple[list[str], list[list[str]]]:
    """The heading, and a line a run; a number that a run has not got is 0 if it is a flow, else blank."""
    columns: dict[str, str] = {}
    lines: list[tuple[list[str], dict[str, float]]] = []
    for (scenario, future), each in data.items():
        year, found, words = comparison_year(each), dict[str, float](), called(each) if swedish else {}
        for row in rows(each):
            _, _, name, at, value, unit, *_ = row
            kind = name.partition(":")[0]
            if kind in LEFT_OUT or (kind not in SUMS and at != year):
                continue
            when = ("summa" if swedish else "sum") if kind in SUMS else str(year)
            columns.setdefault(name, f"{words.get(name, name)} ({in_swedish(unit) if swedish else unit}, {when})")
            found[name] = found.get(name, 0.0) + value
        titles = [str(each.attrs[name]) for name in ("scenario_sv", "scenario_en")]
        lines.append(([scenario, future, *(titles[:1] if swedish else titles)], found))
    heading = ["scenario", "framtid", "titel"] if swedish else ["scenario", "future", "title_sv", "title_en"]
    set_by = {name: budgets.get(name, {}) for name, _ in data}
    funds = list(dict.fromkeys(fund for given in set_by.values() for fund in given))
    heading += [f"{'ram' if swedish else 'budget'}:{fund} (MSEK/{'år' if swedish else 'year'})" for fund in funds]
    empty = {name: "0" if name.partition(":")[0] in SUMS else "" for name in columns}
    return [*heading, *columns.values()], [
        [
            *named,
            *(settled(set_by[named[0]].get(fund, math.nan)) for fund in funds),
            *(settled(found[name]) if name in found else empty[name] for name in columns),
        ]
        for named, found in lines
    ]


def write(data: Mapping[tuple[str, str], xr.Dataset], budgets: Budgets, path: Path) -> None:
    """Write `runs.csv` and, beside it, `runs.sv.csv`, each whole or not at all."""
    heading, lines = table(data, budgets)
    write_csv(path, [heading, *lines])
    heading, lines = table(data, budgets, swedish=True)
    write_swedish_csv(path, [heading, *lines])
