"""What would close the gap, what does money buy, what else is as good? The verbs that ask more of a goal's plan."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from model.cli import console, verbs
from model.cli.console import thousands
from model.inputs.faults import shown
from model.inputs.schema import Analyses
from model.outputs import staging
from model.studies import run
from model.studies.study import RunKey

Results = dict[RunKey, xr.Dataset]


def explain(goal: str, root: Path, where: run.RunOptions, options: Mapping[str, Any]) -> None:
    """Find the plan and say what would close what is left of the gap, what binds, and what one more unit is worth."""
    data = _ask("explain", goal, root, where, options, Analyses(gap=True))
    for each in data.values():
        _show_gap(each)
        _show_prices(each)


def frontier(goal: str, root: Path, where: run.RunOptions, options: Mapping[str, Any], analyses: Analyses) -> None:
    """Find the plan and draw what more or less money, or a higher cost, buys."""
    data = _ask("frontier", goal, root, where, options, analyses)
    for each in data.values():
        _show_frontier(each)


def alternatives(goal: str, root: Path, where: run.RunOptions, options: Mapping[str, Any], analyses: Analyses) -> None:
    """Find the plan, plans as different as can be that are hardly worse, and what all of them share."""
    data = _ask("alternatives", goal, root, where, options, analyses)
    for each in data.values():
        _show_alternatives(each)


def _ask(
    verb: str, goal: str, root: Path, where: run.RunOptions, options: Mapping[str, Any], analyses: Analyses
) -> Results:  # fmt: skip
    run.known_goal(goal, root)
    verbs.make_kernel()
    batch = run.scenario_batch([goal], root, where, options)
    run.check_funds(analyses.funds, batch)
    folder = root / "outputs" / f"{verb}_{goal}"
    wanted = {(name, future): analyses for name in batch.scenarios for future in batch.built}
    with staging.staging(folder) as hidden:
        data = run.run_into(
            hidden, batch, lambda data: run.plan_figures(data, hidden / "figures", where.lang), wanted, console.progress
        )
    console.overview(data)
    console.out.print(f"Results, tables and figures: {shown(folder, root)}")
    verbs.stop_if_missed(data, batch, where.strict)
    return data


def _show_gap(data: xr.Dataset) -> None:
    if "gap_lifted" not in data:
        console.out.print("Nothing to explain: that takes a target that limits emissions of single years from above.")
        return
    about = data.attrs
    kinds = {"money": "money: pots, and who may pay", "speed": "speed: ramps and lead times",
             "potential": "potential", "policy": "national policy"}  # fmt: skip
    rows = [("the plan", thousands(about["gap_plan"]), "")]
    rows.append(("whole units and other aims", thousands(about["gap_least"] - about["gap_plan"]), ""))
    for kind in map(str, data.limit_kind.values):
        lifted, share = float(data.gap_lifted.sel(limit_kind=kind)), float(data.gap_shapley.sel(limit_kind=kind))
        rows.append((kinds[kind], thousands(-lifted), thousands(-share)))
    rows += [
        ("nothing here closes", thousands(-about["gap_rest"]), ""),
        ("the target", thousands(about["gap_limit"]), ""),
    ]
    title = f"\nFrom the plan to '{about['gap_target']}' in {about['gap_year']}, t CO2e, lifted in this order"
    console.table(title, (("what", "text"), ("t", "right"), ("Shapley", "right")), rows)
    console.out.print(f"Differences below {thousands(about['gap_tolerance'])} t mean nothing: the search stops there.")
    if "gap_extra" in data:
        reach, more = thousands(about["gap_pots"]), thousands(about["gap_extra_money"])
        said = f"With pots as large as wanted, but the same rules on who may pay, the least is {reach} t; "
        said += f"nearly all of that takes {more} MSEK more over all years."
        console.out.print(said)


def _show_prices(data: xr.Dataset) -> None:
    if "price_relaxed" not in data:
        return
    rows = []
    for fund in map(str, data.fund.values):
        fixed, relaxed = data.price_fixed.sel(fund=fund), data.price_relaxed.sel(fund=fund)
        if float(np.abs(relaxed).max()) > 1e-3 or float(np.abs(fixed).max()) > 1e-3:
            best = int(relaxed.year[int(np.nanargmax(np.abs(relaxed.values)))])
            rows.append((fund, thousands(float(fixed.sum()), 1), thousands(float(relaxed.sum()), 1), str(best)))
    columns = (("pot", "left"), ("whole units fixed", "right"), ("relaxed", "right"), ("most in", "right"))
    title = (
        f"\nWhat one more MSEK in every year is worth: {data.price_relaxed.attrs['units'].removesuffix(' per MSEK')}"
    )
    console.table(title, columns, rows)
    console.out.print("All prices of limits: plans/<scenario>.<future>/prices.csv")


def _show_frontier(data: xr.Dataset) -> None:
    if "sweep_budget" not in data:
        console.out.print(
            "No curve: that takes limited money and a target that limits emissions of single years from above."
        )
        return
    step = max(len(data.sweep) // 10, 1)
    curves = (data.sweep_budget, data.sweep_relaxed, data.sweep_fixed)
    rows = [
        tuple(thousands(float(each[index]), digits) for each, digits in zip(curves, (1, 0, 0), strict=True))
        for index in range(0, len(data.sweep), step)
    ]
    title = f"\n'{data.attrs['sweep_target']}' in its worst year, t CO2e, along {data.attrs['sweep_funds']}"
    console.table(title, (("MSEK a year", "right"), ("relaxed", "right"), ("units of the plan", "right")), rows)
    if "sweep_whole" in data:
        points = [data.isel(sweep_whole=index) for index in range(len(data.sweep_whole))]
        found = [
            (thousands(float(each.sweep_whole_budget), 1), thousands(float(each.sweep_whole)),
             thousands(float(each.sweep_whole_bound)), str(each.sweep_whole_status.values))
            for each in points
        ]  # fmt: skip
        columns = (("MSEK a year", "right"), ("found anew", "right"), ("no plan below", "right"), ("status", "text"))
        console.table("\nWith whole units found anew", columns, found)


def _show_alternatives(data: xr.Dataset) -> None:
    for role in ("must_have", "never", "swing"):
        names = [str(name) for name in data.measure.values[data.role.values == role]]
        console.out.print(f"[bold]{role.replace('_', ' ')}[/bold] ({len(names)}): {', '.join(names) or '-'}")
    distances = ", ".join(f"{float(each):.2f}" for each in data.distance.values[1:])
    others = len(data.alternative) - 1
    said = f"{others} other plan{'' if others == 1 else 's'}"
    console.out.print(f"{said}, mean distance of uses to the nearest before: {distances}" if others else said)
