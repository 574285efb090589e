"""What else is asked than the plan? Gap, prices, trade-offs and alternatives, labelled for the results dataset.

Everything shown of them is a function of these variables; tables hold the same numbers for readers.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import xarray as xr

from model.analyses.alternatives import Alternative, alternatives, ranges
from model.analyses.frontier import budget_curve, trade_curve, whole_point
from model.analyses.gap import KINDS, Gap, explain, worst_target
from model.analyses.shadow_prices import Prices, as_table, shadow_prices
from model.inputs.schema import Analyses
from model.optimise.plan import Plan
from model.optimise.problem import Problem, base_size
from model.vocabulary import EMISSIONS, BoolArray
from model.workers import spread

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Analysis:
    """What was found: variables for the dataset, tables by name, and other plans."""

    data: xr.Dataset = field(default_factory=xr.Dataset)
    tables: Mapping[str, Rows] = field(default_factory=dict)
    plans: tuple[Alternative, ...] = ()


@dataclass(frozen=True)
class AnalysisInput:
    """The problem, its plan, and the same problem as it would be otherwise."""

    problem: Problem
    plan: Plan
    strongest: Callable[[], Problem]
    """in the future with the strongest national policy"""
    mandate: str | None
    """its path of mandates; None: the future has it already"""
    removes: BoolArray
    """(measure,) whether it is a removal"""
    musts: Mapping[str, Problem]
    """without each of the user's musts and must-nots, by what they are"""
    swept: tuple[int, ...]
    """funds whose budgets are swept together, the first on the axis"""


def analyse(wanted: Analyses, asked: AnalysisInput) -> Analysis:
    """All that is wanted of a plan."""
    parts = []
    if wanted.prices:
        parts.append(_prices(asked))
    if wanted.gap:
        parts.append(_gap(asked))
    if wanted.frontier and asked.problem.money_matters and asked.swept and worst_target(asked.problem, asked.plan):
        parts.append(_frontier(wanted, asked))
    if wanted.alternatives:
        parts.append(_alternatives(wanted, asked))
    data = xr.merge([part.data for part in parts], combine_attrs="no_conflicts", join="outer", compat="no_conflicts")
    tables = {name: rows for part in parts for name, rows in part.tables.items()}
    return Analysis(data, tables, tuple(plan for part in parts for plan in part.plans))


def _prices(asked: AnalysisInput) -> Analysis:
    stronger = None if asked.mandate is None else (asked.mandate, asked.strongest())
    found: Prices = shadow_prices(asked.problem, asked.plan, asked.musts, stronger)
    data = xr.Dataset(attrs={"price_stage": found.stage, "price_unit": found.unit})
    if asked.problem.money is not None:
        for name, values in (("price_fixed", found.pot_fixed), ("price_relaxed", found.pot_relaxed)):
            padded = np.vstack([values, np.full((1, values.shape[1]), np.nan)])
            units = {"units": f"{found.unit} of {found.stage} per MSEK", "long_name": LONG_NAMES[name]}
            data[name] = (("year", "fund"), padded.T, units)
    return Analysis(data, {"prices": as_table(found)})


def _gap(asked: AnalysisInput) -> Analysis:
    found: Gap | None = explain(asked.problem, asked.plan, asked.strongest(), asked.removes)
    if found is None:
        return Analysis()
    units = {"units": EMISSIONS}
    subsets = sorted(found.least, key=lambda kinds: (len(kinds), kinds))
    variables: dict[str, Any] = {
        "gap_lifted": (("limit_kind",), [found.lifted[kind] for kind in KINDS], units),
        "gap_shapley": (("limit_kind",), [found.shapley[kind] for kind in KINDS], units),
        "gap_subset": (("subset",), [found.least[kinds] for kinds in subsets], units),
    }
    coordinates = {"limit_kind": list(KINDS), "subset": ["+".join(kinds) for kinds in subsets]}
    if asked.problem.money is not None:
        extra = np.append(found.extra, np.nan)
        variables["gap_extra"] = (
            ("fund",),
            extra,
            {"units": "MSEK over all years", "long_name": LONG_NAMES["gap_extra"]},
        )
    attrs = {
        "gap_target": found.target, "gap_year": found.year, "gap_plan": found.plan, "gap_least": found.least[()],
        "gap_limit": found.limit, "gap_rest": found.rest, "gap_tolerance": found.tolerance, "gap_unit": EMISSIONS,
        "gap_pots": found.without_money_rules, "gap_extra_money": float(found.extra.sum()),
    }  # fmt: skip
    rows: Rows = [{"part": "plan", "tonnes": found.plan, "shapley": ""}]
    rows.append({"part": "whole units and other aims", "tonnes": found.left_by_plan, "shapley": ""})
    rows += [{"part": kind, "tonnes": found.lifted[kind], "shapley": found.shapley[kind]} for kind in KINDS]
    rows += [
        {"part": "of money: pots alone", "tonnes": found.least[()] - found.without_money_rules, "shapley": ""},
        {"part": "nothing here closes", "tonnes": found.rest, "shapley": ""},
        {"part": "target", "tonnes": found.limit, "shapley": ""},
    ]
    return Analysis(xr.Dataset(variables, coordinates, attrs), {"gap": rows})


def _frontier(wanted: Analyses, asked: AnalysisInput) -> Analysis:
    problem, plan = asked.problem, asked.plan
    number, year, _ = worst_target(problem, plan) or (0, 0, 0.0)
    limit = problem.limits[number]
    alone = replace(problem, limits=(limit,))
    shares = np.linspace(0.0, wanted.most, wanted.points)
    curve = budget_curve(alone, plan, asked.swept, shares)
    trade = trade_curve(problem, plan, wanted.points)
    bound = float(limit.bound[problem.case.year_index(year)])
    money, tonnes = {"units": "MSEK/year"}, {"units": EMISSIONS}
    cost = {"units": "MSEK, discounted, above the cheapest plan"}
    variables: dict[str, Any] = {
        "sweep_budget": (("sweep",), curve.budget, money),
        "sweep_relaxed": (("sweep",), bound + curve.relaxed, tonnes),
        "sweep_fixed": (("sweep",), bound + curve.fixed, tonnes),
        "trade_emissions": (("trade",), trade.emissions, {"units": "kt CO2e, cumulative"}),
        "trade_relaxed": (("trade",), trade.relaxed, cost),
        "trade_fixed": (("trade",), trade.fixed, cost),
    }
    if wanted.whole_points:
        chosen = np.linspace(0.0, wanted.most, wanted.whole_points + 1)[1:]
        jobs = {float(share): (alone, asked.swept, float(share)) for share in chosen}
        with closing(spread(whole_point, jobs, os.cpu_count() or 1)) as in_turn:
            points = dict(in_turn)
        found = [points[share] for share in sorted(points)]
        variables |= {
            "sweep_whole_budget": (("sweep_whole",), [each.budget for each in found], money),
            "sweep_whole": (("sweep_whole",), [bound + each.value for each in found], tonnes),
            "sweep_whole_bound": (("sweep_whole",), [bound + each.bound for each in found], tonnes),
        }
        variables["sweep_whole_status"] = (("sweep_whole",), [each.status for each in found])
    assert problem.money is not None
    attrs = {
        "sweep_target": limit.name, "sweep_year": year, "sweep_difference": curve.difference,
        "trade_difference": trade.difference,
        "sweep_gap": problem.gap * base_size(problem)["emissions"],
        "sweep_funds": ",".join(problem.money.funds[fund] for fund in asked.swept),
    }  # fmt: skip
    rows: Rows = [
        {"share": share, "budget": budget, "relaxed": low, "whole_units_fixed": fixed}
        for share, budget, low, fixed in zip(
            shares, curve.budget, bound + curve.relaxed, bound + curve.fixed, strict=True
        )
    ]
    return Analysis(xr.Dataset(variables, attrs=attrs), {"frontier": rows})


def _alternatives(wanted: Analyses, asked: AnalysisInput) -> Analysis:
    problem, plan = asked.problem, asked.plan
    found = tuple(alternatives(problem, plan, wanted.alternatives, wanted.loss, wanted.cost_loss))
    span = ranges(problem, plan, wanted.loss, wanted.cost_loss)
    names = problem.case.measures.names
    rows: Rows = [
        {"measure": name, "role": span.role(m), "least": span.least[m], "most": span.most[m]}
        | {f"plan_{number}": each.use[m] for number, each in enumerate(found)}
        for m, name in enumerate(names)
    ]
    data = xr.Dataset(
        {
            "use": (("alternative", "measure"), np.array([each.use for each in found]), {"units": "1"}),
            "use_least": (("measure",), span.least, {"units": "1"}),
            "use_most": (("measure",), span.most, {"units": "1"}),
            "role": (("measure",), [span.role(m) for m in range(len(names))]),
            "distance": (("alternative",), [each.distance for each in found], {"units": "1"}),
        },
        {"alternative": np.arange(len(found)), "measure": list(names)},
        {"alternatives_loss": wanted.loss, "alternatives_cost_loss": wanted.cost_loss},
    )
    return Analysis(data, {"alternatives": rows}, found[1:])


LONG_NAMES = {
    "price_fixed": "avoided per extra MSEK in the pot, whole units as in the plan",
    "price_relaxed": "avoided per extra MSEK in the pot, whole units relaxed",
    "gap_extra": "more money that pots would need to reach what money can reach by the rules on who may pay",
}
