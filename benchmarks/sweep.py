"""What does a point of a budget sweep cost, against HiGHS kept by hand, and against building everything again?

Run with `python -m benchmarks.sweep`. One stage (worst shortfall), whole units relaxed, 50 points; all pots are scaled,
nothing else changes. By hand: all arrays in a fresh HiGHS object, sides changed, run, objective read. Built
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
from model.optimiser.problem import Problem
from model.optimiser.proportions import Proportions, proportions_at
from model.optimiser.solver.arrays import Arrays, ColumnKey, compiled
from model.optimiser.solver.lexicographic import LexicographicSolver
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


def by_hand(arrays: Arrays, rows: np.ndarray, sides: FloatArray) -> FloatArray:
    """Objective of each point, as short as it can be written."""
    solver: Any = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    matrix = arrays.matrix.tocsc()
    solver.passModel(
        matrix.shape[1], matrix.shape[0], matrix.nnz, 1, 1, float(arrays.offset[0]), arrays.objective[0],
        arrays.lower, arrays.upper, arrays.row_lower, arrays.row_upper, matrix.indptr, matrix.indices, matrix.data,
        np.zeros(matrix.shape[1], dtype=np.int32),
    )  # fmt: skip
    lower = arrays.row_lower[rows]
    found = np.zeros(len(sides))
    for point, side in enumerate(sides):
        solver.changeRowsBounds(len(rows), rows, lower, side)
        solver.run()
        found[point] = solver.getInfo().objective_function_value
    return found


def rebuilt(asked: Problem, proportions: Proportions, share: float, interface: Callable[[], Any]) -> float:
    """Objective of one point with everything built anew."""
    money = asked.financing
    assert money is not None
    there = replace(asked, financing=replace(money, budget=share * money.budget))
    model = naive(there, proportions)
    pyo.TransformationFactory("core.relax_integer_vars").apply_to(model)
    handed_over(model, interface).solve(model)
    return float(pyo.value(model.first_stage))


def sides_of(engine: LexicographicSolver, keys: Sequence[ColumnKey]) -> FloatArray:
    """Right-hand sides of the pots, (point, row)."""
    return np.asarray(SHARES[:, None] * np.array([engine.row_upper[engine.rows[key]] for key in keys]))


def compare(measures: int) -> None:
    """Print times and ratios for a town with so many measures."""
    asked = town(measures)
    proportions = proportions_at(asked)
    formulation, engine = ours(asked, proportions)
    arrays = compiled(formulation.model)
    keys = [key for key in engine.rows if key[0] == "pot"]
    rows = np.array([engine.rows[key] for key in keys], dtype=np.int32)
    sides, (height, width) = sides_of(engine, keys), arrays.matrix.shape
    left = " and ".join(map(str, engine.ready().matrix.shape))
    print(f"{measures} measures: {height} rows, {width} columns, condensed {left}")
    print(f"  {POINTS} points, {len(keys)} sides each")

    def swept() -> FloatArray:
        engine.start_anew()
        return engine.sweep(0, keys, sides).objective

    ways = {"kept here": swept, "kept by hand": lambda: by_hand(arrays, rows, sides)}
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
            found = rebuilt(asked, proportions, float(SHARES[point]), interface)
            passed.append(time.perf_counter() - start)
            if abs(found / optima[point] - 1) > SAME:
                raise SystemExit("Built again, the optimum is another.")
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
