"""What does more money, or a higher cost, buy?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from model.analyses.question import Answer, Labels, Shown, TableRows, question
from model.inputs import options
from model.inputs.options import Flag
from model.plain_text import Column, TextTable, thousands
from model.texts import Texts

if TYPE_CHECKING:
    import xarray as xr

    from model.analyses.ask import AnalysisInput
    from model.analyses.frontier import BudgetCurve, TradeCurve, WholePoint
    from model.inputs.faults import Faults
    from model.inputs.municipality import Municipality
    from model.optimiser.problem import Problem

LINES = 10
"""Points of a curve that the terminal shows, about."""


class Options(options.Options):
    """What is varied, how far, and in how many steps."""

    funds: Annotated[list[str], Flag("FUND", "fund", left_out="all municipal pots")] = Field(default_factory=list)
    """Pots whose amount is varied."""
    most: Annotated[float, Field(ge=0.1, allow_inf_nan=False), Flag("TIMES")] = 2.0
    """Up to how many times their yearly amounts."""
    points: Annotated[int, Field(ge=2, le=1000), Flag("NUMBER")] = 20
    """Points of each curve."""
    whole_points: Annotated[int, Field(ge=0, le=100), Flag("NUMBER")] = 8
    """Points with a plan of their own, each searched anew."""

    def check(self, town: Municipality, faults: Faults) -> None:
        """Note what is no pot of the municipality."""
        from model.inputs.columns.money import Fund
        from model.inputs.faults import Place
        from model.inputs.naming import labels_of, offered

        pots = labels_of((row for row in town.rows(Fund) if row.kind != "own"), "fund")
        for fund in self.funds:
            if fund not in pots:
                faults.add(Place(f"--fund {fund}"), f"fund '{fund}'", *offered(fund, pots), fund)


text = Texts({
    "nothing": (
        "Ingen kurva: det kräver begränsade pengar och ett mål som begränsar enskilda års utsläpp uppåt.",
        "No curve: that takes limited money and a target that limits emissions of single years from above.",
    ),
    "title": (
        "\nMål {target} i sitt sämsta år, ton CO2e, efter {funds}",
        "\nTarget {target} in its worst year, t CO2e, by {funds}",
    ),
    "budget": ("MSEK per år", "MSEK a year"),
    "relaxed": ("delbara enheter", "relaxed"),
    "fixed": ("planens enheter", "units of the plan"),
    "anew": ("\nMed hela enheter valda på nytt", "\nWith whole units found anew"),
    "found": ("ny plan", "found anew"),
    "below": ("ingen plan under", "no plan below"),
    "status": ("status", "status"),
})  # fmt: skip


def display(data: xr.Dataset, language: str) -> Shown:
    """Points of the curve of budgets, and those found anew."""
    from model.optimiser.certificate_words import status_words

    if "sweep_budget" not in data:
        return [text("nothing", language)]
    curves = (data.sweep_budget, data.sweep_relaxed, data.sweep_fixed)
    rows = [
        tuple(thousands(float(each[index]), digits, language) for each, digits in zip(curves, (1, 0, 0), strict=True))
        for index in range(0, len(data.sweep), max(len(data.sweep) // LINES, 1))
    ]
    named = data[f"target_label_{language}"].sel(target=data.attrs["sweep_target"])
    title = text("title", language, target=named.values, funds=data.attrs["sweep_funds"].replace(",", ", "))
    budget, relaxed, fixed = (_right(name, language) for name in ("budget", "relaxed", "fixed"))
    tables = [TextTable(title, (budget, relaxed, fixed), rows)]
    if "sweep_whole" in data:
        points = [data.isel(sweep_whole=index) for index in range(len(data.sweep_whole))]
        found = [
            (thousands(float(each.sweep_whole_budget), 1, language), thousands(float(each.sweep_whole)),
             thousands(float(each.sweep_whole_bound)), status_words(str(each.sweep_whole_status.values), language))
            for each in points
        ]  # fmt: skip
        columns: tuple[Column, ...] = (
            budget,
            _right("found", language),
            _right("below", language),
            (text("status", language), "text"),
        )
        tables.append(TextTable(text("anew", language), columns, found))
    return tables


def _right(name: str, language: str) -> Column:
    return text(name, language), "right"


@dataclass(frozen=True)
class Curves:
    """Curves for one target, and points found anew."""

    target: str
    year: int
    """the plan's worst year of the target"""
    bound: float
    """of the target in that year, t"""
    funds: tuple[str, ...]
    gap: float
    """what the search for whole units may have left, t"""
    budget: BudgetCurve
    trade: TradeCurve
    whole: tuple[WholePoint, ...]
    """by rising budget"""

    def of_whole(self, name: str) -> list[Any] | None:
        """A field of the points found anew; None if there are none."""
        return [getattr(each, name) for each in self.whole] or None

    def values_of_whole(self, name: str) -> list[float] | None:
        """A value above the target of the points found anew, as the indicator, t; None if there are none."""
        return [self.bound + getattr(each, name) for each in self.whole] or None


def labels() -> Labels:
    """Curves and points, and what they are about."""
    from model.labelling import Attribute, Variable
    from model.vocabulary import EMISSIONS

    sweep, trade, whole = ("sweep",), ("trade",), ("sweep_whole",)
    relaxed, fixed = "whole units relaxed; blank: no plan", "whole units as in the plan"
    value, cost = "least value of the target's indicator in its worst year", "least discounted cost within that limit"
    money, above = "MSEK/year", "MSEK, discounted, above the cheapest plan"
    return Labels(
        [
            Variable("sweep_budget", sweep, money, "yearly amount of the first swept pot in the first decision year",
                     lambda found: found.budget.budget),
            Variable("sweep_relaxed", sweep, EMISSIONS, f"{value}, {relaxed}",
                     lambda found: found.bound + found.budget.relaxed),
            Variable("sweep_fixed", sweep, EMISSIONS, f"{value}, {fixed}; blank: they cannot be paid for",
                     lambda found: found.bound + found.budget.fixed),
            Variable("trade_emissions", trade, "kt CO2e, cumulative", "limit on what `least_emissions` counts, added "
                     "up over the window", lambda found: found.trade.emissions),
            Variable("trade_relaxed", trade, above, f"{cost}, {relaxed}", lambda found: found.trade.relaxed),
            Variable("trade_fixed", trade, above, f"{cost}, {fixed}", lambda found: found.trade.fixed),
            Variable("sweep_whole_budget", whole, money, "as `sweep_budget`, for plans with whole units found anew",
                     lambda found: found.of_whole("budget")),
            Variable("sweep_whole", whole, EMISSIONS, "value of plans with whole units found anew",
                     lambda found: found.values_of_whole("value")),
            Variable("sweep_whole_bound", whole, EMISSIONS, "what no plan can be below, at the pools' proportions of "
                     "that search", lambda found: found.values_of_whole("bound")),
            Variable("sweep_whole_status", whole, "", "what is known of these values",
                     lambda found: found.of_whole("status")),
        ],
        attributes=[
            Attribute("sweep_target", "target whose indicator is shown", lambda found: found.target),
            Attribute("sweep_year", "the plan's worst year of that target", lambda found: found.year),
            Attribute("sweep_funds", "pots that are swept in step, the one on the axis first",
                      lambda found: ",".join(found.funds)),
            Attribute("sweep_gap", "t: what the search for whole units may have left", lambda found: found.gap),
            Attribute("sweep_difference", "t: largest distance of optimiser and projection along the curves",
                      lambda found: found.budget.difference),
            Attribute("trade_difference", "by how much projected emissions are above the limits of the curve at "
                      "most, in kt", lambda found: found.trade.difference),
        ],
    )  # fmt: skip


@question(
    "frontier", "what does more money, or a higher cost, buy?", labels, display, Options,
    writes="`frontier.csv`, figure `frontier_<goal>`", study={"whole_points": 0}, order=2,
)  # fmt: skip
def frontier(given: AnalysisInput, wanted: Options) -> Answer:
    """Draw what more or less money, or a higher cost, buys.

    Two curves: if projects could be divided, and with the projects of the plan;
    and points for which projects are chosen anew.
    """
    from dataclasses import replace

    import numpy as np

    from model.analyses.frontier import budget_curve, trade_curve
    from model.analyses.gap import worst_target
    from model.optimiser.problem import base_size

    problem, plan, worst = given.problem, given.plan, worst_target(given.problem, given.plan)
    funds = () if problem.financing is None else problem.financing.funds
    swept = tuple(name for name in wanted.funds or given.municipal_pots if name in funds)
    if not problem.money_matters or not swept or worst is None:
        return Answer()
    places = tuple(funds.index(name) for name in swept)
    number, year, _ = worst
    target = problem.limits[number]
    alone = replace(problem, limits=(target,))
    found = Curves(
        target=target.name,
        year=year,
        bound=float(target.bound[problem.case.year_index(year)]),
        funds=swept,
        gap=problem.gap * base_size(problem)["emissions"],
        budget=budget_curve(given.search, plan, number, places, np.linspace(0.0, wanted.most, wanted.points)),
        trade=trade_curve(given.search, plan, wanted.points),
        whole=_whole_points(alone, places, wanted) if wanted.whole_points else (),
    )
    return Answer(found, {"frontier": _table(found)})


def _whole_points(alone: Problem, places: tuple[int, ...], wanted: Options) -> tuple[WholePoint, ...]:
    """Plans found anew, by rising budget, in processes of their own; none is worse than one for less money."""
    import os
    from contextlib import closing

    import numpy as np

    from model.analyses.frontier import never_worse, whole_point
    from model.workers import spread

    shares = np.linspace(0.0, wanted.most, wanted.whole_points + 1)[1:]
    jobs = {float(share): (alone, places, float(share)) for share in shares}
    with closing(spread(whole_point, jobs, os.cpu_count() or 1)) as in_turn:
        points = dict(in_turn)
    return tuple(never_worse([points[share] for share in sorted(points)]))


def _table(found: Curves) -> TableRows:
    curve, bound = found.budget, found.bound
    columns = (curve.share, curve.budget, bound + curve.relaxed, bound + curve.fixed)
    return [
        dict(zip(("share", "budget", "relaxed", "whole_units_fixed"), row, strict=True))
        for row in zip(*columns, strict=True)
    ]
