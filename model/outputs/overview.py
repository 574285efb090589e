"""What is told of results at a glance? One line a scenario and future, as a table in plain text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr

from model.optimiser.stages import ROUNDING
from model.outputs.comparison import comparison_year
from model.outputs.summary import limits_emissions, yearly_net_cost
from model.plain_text import TextTable, shares, thousands
from model.vocabulary import EMISSIONS, ENERGY, UNFUNDED

SMALL_SHARE = 0.005
"""Share of what is paid below which a payer is not named."""
UNITS = {EMISSIONS: "t", ENERGY: "GWh", "percent": "percentage points"}
"""What a shortfall is counted in."""


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


def overview(data: Mapping[tuple[str, str], xr.Dataset]) -> TextTable:
    """One line a scenario and future: emissions, distance to the first target, investment, who pays, net cost."""
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
    return TextTable(
        f"{some.attrs['municipality_en']}, emissions in {year} (kt CO2e) and money ({money_unit}, real){left}",
        (
            ("scenario", "left"), ("future", "left"), (f"{year}", "right"), ("as\nofficial", "right"),
            ("left to\ntarget", "right"), ("invested\nin all", "right"), (f"net\ncost\n{year}", "right"),
            ("gap to\nbest plan", "left"), ("who pays", "text"),
        ),
        rows,
    )  # fmt: skip
