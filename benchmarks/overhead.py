"""How long until the solver starts, and what does a point of a budget sweep cost? Ours against plain Pyomo.

Run with `python -m benchmarks.overhead`. Solving is left out of the first comparison, and in the second. The first is
made for towns of several sizes, too; the optimum is compared in all but the largest.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pyomo.environ as pyo
from pyomo.contrib.appsi.solvers.highs import Highs as AppsiHighs
from pyomo.contrib.solver.solvers.highs import Highs as PersistentHighs

from benchmarks.cases import problem
from benchmarks.naive import naive
from benchmarks.timing import in_turn, machine, ratio
from benchmarks.towns import town
from model.optimiser.formulation.assembly import definitions, formulate
from model.optimiser.formulation.variables import Formulation
from model.optimiser.problem import Problem
from model.optimiser.proportions import Proportions, proportions_at
from model.optimiser.solver.arrays import compiled
from model.optimiser.solver.lexicographic import LexicographicSolver, Solution
from model.vocabulary import CENTRAL

GOAL = "neutral_2030"
REPETITIONS = 7
SIZES = {40: 7, 200: 5, 1000: 2}
"""Measures of the towns, and repetitions."""
COMPARED = 200
"""Measures up to which the optimum of every route is compared."""
SHARES = (0.9, 0.95, 1.05, 1.1)
"""Budgets of the sweep, against those of the goal."""
STOCK = {"appsi_highs": AppsiHighs, "contrib.solver highs": PersistentHighs}
SAME = 1e-6
"""kt by which the first stage's optimum may differ between the routes."""


def ours(asked: Problem, proportions: Proportions) -> tuple[Formulation, LexicographicSolver]:
    """Formulated, compiled, condensed and handed over."""
    formulation = formulate(asked, proportions)
    engine = LexicographicSolver(compiled(formulation.model), definitions())
    engine.ready()
    return formulation, engine


def handed_over(model: pyo.ConcreteModel, interface: Callable[[], Any]) -> Any:
    """A model in one of Pyomo's own persistent interfaces, not yet solved."""
    solver = interface()
    solver.set_instance(model)
    return solver


def overhead(asked: Problem, proportions: Proportions, repetitions: int = REPETITIONS) -> None:
    """Print how long each route needs before the solver starts."""
    formulated = formulate(asked, proportions)
    ways: dict[str, Callable[[], Any]] = {
        "ours": lambda: ours(asked, proportions),
        "  of it formulating": lambda: formulate(asked, proportions),
        "plain rules": lambda: naive(asked, proportions),
    }
    for name, interface in STOCK.items():
        ways[f"plain rules, {name}"] = lambda interface=interface: handed_over(naive(asked, proportions), interface)
    times = in_turn(ways, repetitions)
    rows, columns = (sum(1 for _ in formulated.model.component_data_objects(k)) for k in (pyo.Constraint, pyo.Var))
    print(f"Until the solver starts: {rows} rows, {columns} columns, median of {repetitions} (fastest to slowest)")
    for name, timing in times.items():
        print(f"  {name:34s} {timing}")
    for name in STOCK:
        there = times[f"plain rules, {name}"]
        share = times["ours"].median / there.median
        print(f"RATIO plain rules with {name} / ours: {ratio(there, times['ours'])}; ours is {share:.0%} of it")
    if len(asked.case.measures.names) <= COMPARED:
        same_optimum(naive(asked, proportions), asked, proportions)


def same_optimum(model: pyo.ConcreteModel, asked: Problem, proportions: Proportions) -> None:
    """Print the optimum of the first stage, whole units relaxed, by each route; stop if they differ."""
    pyo.TransformationFactory("core.relax_integer_vars").apply_to(model)
    _, engine = ours(asked, proportions)
    found = {"ours": engine.least(0).objective}
    for name, interface in STOCK.items():
        handed_over(model, interface).solve(model)
        found[name] = float(pyo.value(model.first_stage))
    shown = ", ".join(f"{name} {value:.6f}" for name, value in found.items())
    print(f"Optimum of the first stage, relaxed, in kt: {shown}")
    if max(found.values()) - min(found.values()) > SAME * max(abs(found["ours"]), 1.0):
        raise SystemExit("The routes do not solve the same problem.")


def sweep(asked: Problem, proportions: Proportions) -> None:
    """Print what a point of a sweep over all pots costs, kept and rebuilt."""
    money = asked.financing
    assert money is not None
    pots = [fund for fund in range(len(money.funds)) if not money.own[fund]]
    _, engine = ours(asked, proportions)
    engine.cascade()
    kept, solving, rebuilt = [], [], []
    worst = 0.0
    for share in SHARES:
        start = time.perf_counter()
        for fund in pots:
            for y, year in enumerate(range(asked.first, len(asked.case.years))):
                if ("pot", (fund, y)) in engine.rows:
                    engine.set_row_upper("pot", (fund, y), share * float(money.budget[0, fund, year]))
        changed = time.perf_counter()
        swept = engine.cascade()
        kept.append(time.perf_counter() - start)
        solving.append(time.perf_counter() - changed)
        start = time.perf_counter()
        fresh = rebuilt_at(share, asked, proportions)
        rebuilt.append(time.perf_counter() - start)
        worst = max(worst, abs(swept.objectives[0] - fresh.objectives[0]))
    print(f"A point of a budget sweep, relaxed, all stages, median of {len(SHARES)} points")
    for name, seconds in (("kept, right-hand sides changed", kept), ("built again", rebuilt)):
        print(
            f"  {name:34s} {np.median(seconds) * 1e3:8.1f} ms   ({min(seconds) * 1e3:.0f} to {max(seconds) * 1e3:.0f})"
        )
    print(f"  of the kept point, changing rows   {np.median(np.subtract(kept, solving)) * 1e3:8.1f} ms")
    ratios = np.divide(rebuilt, kept)
    print(f"RATIO built again / kept: {np.median(ratios):.1f}   ({ratios.min():.1f} to {ratios.max():.1f})")
    print(f"First stage of kept and rebuilt differs by at most {worst:.1e} kt")


def rebuilt_at(share: float, asked: Problem, proportions: Proportions) -> Solution:
    """The same point with everything built anew."""
    from dataclasses import replace

    money = asked.financing
    assert money is not None
    there = replace(asked, financing=replace(money, budget=share * money.budget))
    return ours(there, proportions)[1].cascade()


def main() -> None:
    """Print all of it."""
    print(machine())
    asked = problem(GOAL, CENTRAL)
    proportions = proportions_at(asked)
    overhead(asked, proportions)
    sweep(asked, proportions)
    for measures, repetitions in SIZES.items():
        larger = town(measures)
        print(f"A town with {measures} measures")
        overhead(larger, proportions_at(larger), repetitions)


if __name__ == "__main__":
    main()
