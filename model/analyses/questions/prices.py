"""What is one more unit of each limit worth?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.analyses.question import Answer, Labels, Shown, question
from model.inputs.options import Options
from model.plain_text import Column, TextTable, thousands
from model.texts import Texts

if TYPE_CHECKING:
    import xarray as xr

    from model.analyses.ask import AnalysisInput
    from model.vocabulary import FloatArray

WORTH = 1e-3
"""Price below which a pot is not shown."""


text = Texts({
    "title": (
        "\nVad en miljon kronor till varje år är värd: {unit}", "\nWhat one more MSEK in every year is worth: {unit}",
    ),
    "unit": ("{unit} av {stage}", "{unit} of {stage}"),
    "nothing": ("{title}: inget, i någon budget.", "{title}: nothing, in any pot."),
    "pot": ("budget", "pot"),
    "fixed": ("planens enheter", "whole units fixed"),
    "relaxed": ("delbara enheter", "relaxed"),
    "most": ("mest", "most in"),
    "where": (
        "Alla priser på gränser: plans/<scenario>.<framtid>/prices.csv",
        "All prices of limits: plans/<scenario>.<future>/prices.csv",
    ),
})  # fmt: skip


def display(data: xr.Dataset, language: str) -> Shown:
    """What one more MSEK in every year is worth, for each pot of which that is something."""
    import numpy as np

    from model.optimiser.certificate_words import stage_words

    if "price_relaxed" not in data:
        return []
    rows = []
    for fund in map(str, data.fund.values):
        fixed, relaxed = data.price_fixed.sel(fund=fund), data.price_relaxed.sel(fund=fund)
        if float(np.abs(relaxed).max()) > WORTH or float(np.abs(fixed).max()) > WORTH:
            best = int(relaxed.year[int(np.nanargmax(np.abs(relaxed.values)))])
            named = str(data[f"fund_label_{language}"].sel(fund=fund).values)
            worth = (thousands(float(each.sum()), 1, language) for each in (fixed, relaxed))
            rows.append((named, *worth, str(best)))
    columns: tuple[Column, ...] = (
        (text("pot", language), "text"), (text("fixed", language), "right"), (text("relaxed", language), "right"),
        (text("most", language), "right"),
    )  # fmt: skip
    stage = stage_words(data.attrs["price_stage"], language)
    title = text("title", language, unit=text("unit", language, unit=data.attrs["price_unit"], stage=stage))
    nothing = text("nothing", language, title=title)
    return [TextTable(title, columns, rows) if rows else nothing, text("where", language)]


def labels() -> Labels:
    """Prices of pots, and what they are prices of."""
    from model.labelling import Attribute, Variable

    along, unit = ("year", "fund"), "{0.unit} of {0.stage} per MSEK"
    words = "avoided per MSEK more in the pot that year, whole units"
    return Labels(
        [
            Variable("price_fixed", along, unit, f"{words} as in the plan", lambda found: _of_pots(found.pot_fixed)),
            Variable("price_relaxed", along, unit, f"{words} relaxed", lambda found: _of_pots(found.pot_relaxed)),
        ],
        attributes=[
            Attribute(
                "price_stage", "what is priced, the first stage of the objective that the plan does not have at zero",
                lambda found: found.stage,
            ),
            Attribute(
                "price_unit", "what its prices are in, per MSEK: t, GWh, points (of a share) or MSEK",
                lambda found: found.unit,
            ),
        ],
    )  # fmt: skip


def _of_pots(prices: FloatArray) -> FloatArray | None:
    """ShadowPrices (fund, year) as (year, fund + 1): nobody's money has none; None where money has no limit."""
    import numpy as np

    return np.vstack([prices, np.full((1, prices.shape[1]), np.nan)]).T if prices.size else None


@question(
    "prices", "what is one more krona, place or unit worth?", labels, display, Options, writes="`prices.csv`",
    usual=True, order=0,
)  # fmt: skip
def prices(given: AnalysisInput, _: Options) -> Answer:
    """Say what one more unit of each limit is worth, for the plan's whole units and relaxed."""
    from model.analyses.shadow_prices import as_table, shadow_prices

    stronger = None if given.mandate is None else (given.mandate, lambda: given.stronger)
    found = shadow_prices(given.search, given.plan, stronger)
    return Answer(found, {"prices": as_table(found)})
