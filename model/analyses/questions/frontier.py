"""What does more money, or a higher cost, buy?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from model.analyses.question import Answer, Fact, Rows, Shown, Values, question
from model.inputs import options
from model.inputs.options import Flag
from model.plain_text import Column, Table, thousands

if TYPE_CHECKING:
    import xarray as xr

    from model.analyses.ask import AnalysisInput
    from model.analyses.frontier import BudgetCurve, TradeCurve, WholePoint
    from model.inputs.faults import Faults
    from model.inputs.municipality import Municipality

LINES = 10
"""Points of a curve that the terminal shows, about."""


class Options(options.Options):
    """What is varied, how far, and in how many steps."""

    funds: Annotated[list[str], Flag("FUND", "fund", left_out="all municipal pots")] = Field(default_factory=list)
    """A pot whose amount is varied; may be repeated."""
    most: Annotated[float, Field(ge=0.1, allow_inf_nan=False), Flag("TIMES")] = 2.0
    """Up to how many times their yearly amounts."""
    points: Annotated[int, Field(ge=2, le=1000), Flag("NUMBER")] = 50
    """Points of each curve."""
    whole_points: Annotated[int, Field(ge=0, le=100), Flag("NUMBER")] = 8
    """Points with a plan of their own, each searched anew."""

    def check(self, town: Municipality, faults: Faults) -> None:
        """Note what is no pot of the municipality."""
        from model.inputs.columns.money import Fund
        from model.inputs.faults import Place, listing

        pots = [row.fund for row in town.rows(Fund) if row.kind != "own"]
        for fund in self.funds:
            if fund not in pots:
                faults.add(Place(f"--fund {fund}"), f"fund '{fund}'", f"one of {listing(pots)}", pots, fund)


def display(data: xr.Dataset) -> Shown:
    """Points of the curve of budgets, and those found anew."""
    if "sweep_budget" not in data:
        return ["No curve: that takes limited money and a target that limits emissions of single years from above."]
    curves = (data.sweep_budget, data.sweep_relaxed, data.sweep_fixed)
    rows = [
        tuple(thousands(float(each[index]), digits) for each, digits in zip(curves, (1, 0, 0), strict=True))
        for index in range(0, len(data.sweep), max(len(data.sweep) // LINES, 1))
    ]
    title = f"\n'{data.attrs['sweep_target']}' in its worst year, t CO2e, along {data.attrs['sweep_funds']}"
    budget: Column = ("MSEK a year", "right")
    tables = [Table(title, (budget, ("relaxed", "right"), ("units of the plan", "right")), rows)]
    if "sweep_whole" in data:
        points = [data.isel(sweep_whole=index) for index in range(len(data.sweep_whole))]
        found = [
            (thousands(float(each.sweep_whole_budget), 1), thousands(float(each.sweep_whole)),
             thousands(float(each.sweep_whole_bound)), str(each.sweep_whole_status.values))
            for each in points
        ]  # fmt: skip
        columns: tuple[Column, ...] = (budget, ("found anew", "right"), ("no plan below", "right"), ("status", "text"))
        tables.append(Table("\nWith whole units found anew", columns, found))
    return tables


@question(
    "frontier", "what does more money, or a higher cost, buy?", display, Options,
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

    problem, plan, worst = given.problem, given.plan, worst_target(given.problem, given.plan)
    funds = () if problem.financing is None else problem.financing.funds
    swept = [name for name in wanted.funds or given.municipal_pots if name in funds]
    if not problem.money_matters or not swept or worst is None:
        return Answer()
    places = tuple(funds.index(name) for name in swept)
    number, year, _ = worst
    alone = replace(problem, limits=(problem.limits[number],))
    curve = budget_curve(alone, plan, places, np.linspace(0.0, wanted.most, wanted.points))
    trade = trade_curve(problem, plan, wanted.points)
    whole = _whole_points(alone, places, wanted) if wanted.whole_points else []
    bound = float(alone.limits[0].bound[problem.case.year_index(year)])
    return Answer(
        _variables(curve, trade, bound) + _whole_variables(whole, bound),
        attributes=_attributes(given, alone.limits[0].name, year, swept, curve, trade),
        tables={"frontier": _table(curve, bound)},
    )


def _whole_points(alone: Any, places: tuple[int, ...], wanted: Options) -> list[WholePoint]:
    """Plans found anew, by rising budget, in processes of their own."""
    import os
    from contextlib import closing

    import numpy as np

    from model.analyses.frontier import whole_point
    from model.workers import spread

    shares = np.linspace(0.0, wanted.most, wanted.whole_points + 1)[1:]
    jobs = {float(share): (alone, places, float(share)) for share in shares}
    with closing(spread(whole_point, jobs, os.cpu_count() or 1)) as in_turn:
        points = dict(in_turn)
    return [points[share] for share in sorted(points)]


def _variables(curve: BudgetCurve, trade: TradeCurve, bound: float) -> list[Values]:
    from model.vocabulary import EMISSIONS

    sweep, along = ("sweep",), ("trade",)
    relaxed, fixed = "whole units relaxed; blank: no plan", "whole units as in the plan"
    value = "least value of the target's indicator in its worst year"
    cost, cheapest = "MSEK, discounted, above the cheapest plan", "least discounted cost within that limit"
    budget = "yearly amount of the first swept pot in the first decision year"
    counted = "limit on what least_emissions counts, added up over the window"
    unpaid = f"{value}, {fixed}; blank: they cannot be paid for"
    return [
        Values("sweep_budget", sweep, "MSEK/year", budget, curve.budget),
        Values("sweep_relaxed", sweep, EMISSIONS, f"{value}, {relaxed}", bound + curve.relaxed),
        Values("sweep_fixed", sweep, EMISSIONS, unpaid, bound + curve.fixed),
        Values("trade_emissions", along, "kt CO2e, cumulative", counted, trade.emissions),
        Values("trade_relaxed", along, cost, f"{cheapest}, {relaxed}", trade.relaxed),
        Values("trade_fixed", along, cost, f"{cheapest}, {fixed}", trade.fixed),
    ]


def _whole_variables(found: list[WholePoint], bound: float) -> list[Values]:
    from model.vocabulary import EMISSIONS

    if not found:
        return []
    along = ("sweep_whole",)
    anew = "value of plans with whole units found anew"
    floor = "what no plan can be below, at that search's proportions of pools"
    return [
        Values("sweep_whole_budget", along, "MSEK/year", "as sweep_budget, for plans with whole units found anew",
                 [each.budget for each in found]),
        Values("sweep_whole", along, EMISSIONS, anew, [bound + each.value for each in found]),
        Values("sweep_whole_bound", along, EMISSIONS, floor, [bound + each.bound for each in found]),
        Values("sweep_whole_status", along, "", "what the solver said", [each.status for each in found]),
    ]  # fmt: skip


def _attributes(
    given: AnalysisInput, target: str, year: int, swept: list[str], curve: BudgetCurve, trade: TradeCurve
) -> list[Fact]:
    from model.optimise.problem import base_size

    gap = given.problem.gap * base_size(given.problem)["emissions"]
    distance = "t: largest distance of optimiser and projection along the curves"
    above = "by how much projected emissions are above the limits of the curve at most, in kt"
    return [
        Fact("sweep_target", "target whose indicator is shown", target),
        Fact("sweep_year", "the plan's worst year of that target", year),
        Fact("sweep_difference", distance, curve.difference),
        Fact("trade_difference", above, trade.difference),
        Fact("sweep_gap", "t: what the search for whole units may have left", gap),
        Fact("sweep_funds", "pots that are swept in step, the one on the axis first", ",".join(swept)),
    ]


def _table(curve: BudgetCurve, bound: float) -> Rows:
    columns = (curve.share, curve.budget, bound + curve.relaxed, bound + curve.fixed)
    return [
        dict(zip(("share", "budget", "relaxed", "whole_units_fixed"), row, strict=True))
        for row in zip(*columns, strict=True)
    ]
