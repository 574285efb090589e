"""What is one more unit of each limit worth?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.analyses.question import Answer, Fact, Shown, Values, question
from model.inputs.options import Options
from model.plain_text import Column, Table, thousands

if TYPE_CHECKING:
    import xarray as xr

    from model.analyses.ask import AnalysisInput

WORTH = 1e-3
"""Price below which a pot is not shown."""


def display(data: xr.Dataset) -> Shown:
    """What one more MSEK in every year is worth, for each pot of which that is something."""
    import numpy as np

    if "price_relaxed" not in data:
        return []
    rows = []
    for fund in map(str, data.fund.values):
        fixed, relaxed = data.price_fixed.sel(fund=fund), data.price_relaxed.sel(fund=fund)
        if float(np.abs(relaxed).max()) > WORTH or float(np.abs(fixed).max()) > WORTH:
            best = int(relaxed.year[int(np.nanargmax(np.abs(relaxed.values)))])
            rows.append((fund, thousands(float(fixed.sum()), 1), thousands(float(relaxed.sum()), 1), str(best)))
    columns: tuple[Column, ...] = (
        ("pot", "left"), ("whole units fixed", "right"), ("relaxed", "right"), ("most in", "right")
    )  # fmt: skip
    unit = data.price_relaxed.attrs["units"].removesuffix(" per MSEK")
    title = f"\nWhat one more MSEK in every year is worth: {unit}"
    return [Table(title, columns, rows), "All prices of limits: plans/<scenario>.<future>/prices.csv"]


@question(
    "prices", "what is one more krona, place or unit worth?", display, Options, writes="`prices.csv`", usual=True,
    order=0,
)  # fmt: skip
def prices(given: AnalysisInput, _: Options) -> Answer:
    """Say what one more unit of each limit is worth, for the plan's whole units and relaxed."""
    import numpy as np

    from model.analyses.shadow_prices import as_table, shadow_prices

    stronger = None if given.mandate is None else (given.mandate, given.strongest())
    found = shadow_prices(given.problem, given.plan, given.without_musts(), stronger)
    variables = []
    if given.problem.money is not None:
        for name, how, values in (
            ("price_fixed", "whole units as in the plan", found.pot_fixed),
            ("price_relaxed", "whole units relaxed", found.pot_relaxed),
        ):
            padded = np.vstack([values, np.full((1, values.shape[1]), np.nan)])
            unit, words = (
                f"{found.unit} of {found.stage} per MSEK",
                f"avoided per MSEK more in the pot that year, {how}",
            )
            variables.append(Values(name, ("year", "fund"), unit, words, padded.T))
    attributes = [
        Fact(
            "price_stage",
            "what is priced, the first stage of the objective that the plan does not have at zero",
            found.stage,
        ),
        Fact("price_unit", "what its prices are in, per MSEK: t, GWh, points (of a share) or MSEK", found.unit),
    ]
    return Answer(variables, attributes=attributes, tables={"prices": as_table(found)})
