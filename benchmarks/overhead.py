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
from model.optimiser.formulation.assembly import formulate
from model.optimiser.formulation.variables import Formulation
from model.optimiser.plan import proportions
from model.optimiser.problem import Problem
from model.optimiser.solver.lexicographic import LexicographicSolver, Solution
from model.vocabulary import CENTRAL, FloatArray

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


def ours(asked: Problem, shares: FloatArray) -> tuple[Formulation, LexicographicSolver]:
    """Formulated, compiled and handed over."""
    formulation = formulate(asked, shares)
    stages = len(formulation.stages)
    return formulation, LexicographicSolver(formulation.model, [asked.gap] * stages, asked.gap, asked.time_limit)


def handed_over(model: pyo.ConcreteModel, interface: Callable[[], Any]) -> Any:
    """A model in one of Pyomo's own persistent interfaces, not yet solved."""
    solver = interface()
    solver.set_instance(model)
    return solver


def overhead(asked: Problem, shares: FloatArray, repetitions: int = REPETITIONS) -> None:
    """Print how long each route needs before the solver starts."""
    formulated = formulate(asked, shares)
    ways: dict[str, Callable[[], Any]] = {
        "ours": lambda: ours(asked, shares),
        "  of it formulating": lambda: formulate(asked, shares),
        "plain rules": lambda: naive(asked, shares),
    }
    for name, interface in STOCK.items():
        ways[f"plain rules, {name}"] = lambda interface=interface: handed_over(naive(asked, shares), interface)
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
        same_optimum(naive(asked, shares), asked, shares)


def same_optimum(model: pyo.ConcreteModel, asked: Problem, shares: FloatArray) -> None:
    """Print the optimum of the first stage, whole units relaxed, by each route; stop if they differ."""
    pyo.TransformationFactory("core.relax_integer_vars").apply_to(model)
    _, engine = ours(asked, shares)
    found = {"ours": engine.solve_stage(0).objective}
    for name, interface in STOCK.items():
        handed_over(model, interface).solve(model)
        found[name] = float(pyo.value(model.first_stage))
    shown = ", ".join(f"{name} {value:.6f}" for name, value in found.items())
    print(f"Optimum of the first stage, relaxed, in kt: {shown}")
    if max(found.values()) - min(found.values()) > SAME * max(abs(found["ours"]), 1.0):
        raise SystemExit("The routes do not solve the same problem.")


def sweep(asked: Problem, shares: FloatArray) -> None:
    """Print what a point of a sweep over all pots costs, kept and rebuilt."""
    money = asked.financing
    assert money is not None
    pots = [fund for fund in range(len(money.funds)) if not money.own[fund]]
    _, engine = ours(asked, shares)
    engine.solve()
    kept, solving, rebuilt = [], [], []
    worst = 0.0
    for share in SHARES:
        start = time.perf_counter()
        for fund in pots:
            for y, year in enumerate(range(asked.first, len(asked.case.years))):
                if ("pot", (fund, y)) in engine.rows:
                    engine.set_row_upper("pot", (fund, y), share * float(money.budget[0, fund, year]))
        changed = time.perf_counter()
        swept = engine.solve()
        kept.append(time.perf_counter() - start)
        solving.append(time.perf_counter() - changed)
        start = time.perf_counter()
        fresh = rebuilt_at(share, asked, shares)
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


def rebuilt_at(share: float, asked: Problem, shares: FloatArray) -> Solution:
    """The same point with everything built anew."""
    from dataclasses import replace

    money = asked.financing
    assert money is not None
    there = replace(asked, financing=replace(money, budget=share * money.budget))
    return ours(there, shares)[1].solve()


def main() -> None:
    """Print all of it."""
    print(machine())
    asked = problem(GOAL, CENTRAL)
    shares = proportions(asked, asked.case.level[0])
    overhead(asked, shares)
    sweep(asked, shares)
    for measures, repetitions in SIZES.items():
        larger = town(measures)
        print(f"A town with {measures} measures")
        overhead(larger, proportions(larger, larger.case.level[0]), repetitions)


if __name__ == "__main__":
    main()
