"""What does a point of a budget sweep cost, against HiGHS kept by hand, and against building everything again?

Run with `python -m benchmarks.sweep`. One stage (worst shortfall), whole units relaxed, 50 points; all pots are scaled,
nothing else changes. By hand: the same arrays in a fresh HiGHS object, sides changed, run, objective read. PreparedCase
again: plain Pyomo rules and a stock persistent interface at every point, timed at a few points spread over the sweep
and scaled up.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import highspy
import numpy as np
import pyomo.environ as pyo

from benchmarks.naive import naive
from benchmarks.overhead import STOCK, handed_over, ours
from benchmarks.timing import in_turn, machine, ratio
from benchmarks.towns import town
from model.optimiser.plan import proportions
from model.optimiser.problem import Problem
from model.optimiser.solver.lexicographic import ColumnKey, LexicographicSolver
from model.vocabulary import FloatArray

SIZES = (40, 200)
POINTS = 50
SHARES = np.linspace(0.5, 1.5, POINTS)
"""Budgets of the sweep, against those of the town."""
REPETITIONS = {40: 7, 200: 3}
REBUILT = {40: 5, 200: 3}
"""Points at which everything is built again."""
SAME = 1e-6
"""Relative difference of the optimum that is accepted between the ways."""


def by_hand(lp: Any, rows: np.ndarray, lower: FloatArray, sides: FloatArray) -> FloatArray:
    """Objective of each point, as short as it can be written."""
    solver: Any = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("solve_relaxation", True)
    solver.passModel(lp)
    found = np.zeros(len(sides))
    for point, side in enumerate(sides):
        solver.changeRowsBounds(len(rows), rows, lower, side)
        solver.run()
        found[point] = solver.getInfo().objective_function_value
    return found


def rebuilt(asked: Problem, shares: FloatArray, share: float, interface: Callable[[], Any]) -> float:
    """Objective of one point with everything built anew."""
    money = asked.financing
    assert money is not None
    there = replace(asked, financing=replace(money, budget=share * money.budget))
    model = naive(there, shares)
    pyo.TransformationFactory("core.relax_integer_vars").apply_to(model)
    handed_over(model, interface).solve(model)
    return float(pyo.value(model.first_stage))


def sides_of(engine: LexicographicSolver, keys: Sequence[ColumnKey]) -> FloatArray:
    """Right-hand sides of the pots, (point, row)."""
    return np.asarray(SHARES[:, None] * np.array([engine.row_upper[engine.rows[key]] for key in keys]))


def compare(measures: int) -> None:
    """Print times and ratios for a town with so many measures."""
    asked = town(measures)
    shares = proportions(asked, asked.case.level[0])
    engine = ours(asked, shares)[1]
    keys = [key for key in engine.rows if key[0] == "pot"]
    rows = np.array([engine.rows[key] for key in keys], dtype=np.int32)
    sides, lp = sides_of(engine, keys), engine.solver.getLp()
    print(f"{measures} measures: {lp.num_row_} rows, {lp.num_col_} columns, {POINTS} points, {len(keys)} sides each")

    def swept() -> FloatArray:
        engine.start_anew()
        return engine.sweep(0, keys, sides).objective

    ways = {"kept here": swept, "kept by hand": lambda: by_hand(lp, rows, engine.row_lower[rows], sides)}
    times = in_turn(ways, REPETITIONS[measures])
    for name, timing in times.items():
        print(f"  {name:34s} {timing}   {timing.median / POINTS * 1e3:.2f} ms a point")
    print(f"RATIO kept here / kept by hand: {ratio(times['kept here'], times['kept by hand'])}")
    optima = swept()
    if np.abs(optima / ways["kept by hand"]() - 1).max() > SAME:
        raise SystemExit("The two sweeps do not find the same.")
    points = np.linspace(0, POINTS - 1, REBUILT[measures]).astype(int)
    for name, interface in STOCK.items():
        passed = []
        for point in points:
            start = time.perf_counter()
            found = rebuilt(asked, shares, float(SHARES[point]), interface)
            passed.append(time.perf_counter() - start)
            if abs(found / optima[point] - 1) > SAME:
                raise SystemExit("PreparedCase again, the optimum is another.")
        whole = float(np.mean(passed)) * POINTS
        print(f"  built again, {name:21s} {whole * 1e3:8.0f} ms   {np.mean(passed) * 1e3:.0f} ms a point,", end=" ")
        print(f"{len(points)} points timed and scaled up to {POINTS}")
        print(f"RATIO built again, {name} / kept here: {whole / times['kept here'].median:.1f}")


def main() -> None:
    """Print all of it."""
    print(machine())
    for measures in SIZES:
        compare(measures)


if __name__ == "__main__":
    main()
