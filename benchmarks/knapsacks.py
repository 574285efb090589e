"""How much more work is a plan than the integer problem in it? Capital budgeting here and by HiGHS alone.

Run with `python -m benchmarks.knapsacks` (some minutes), or with seeds. Instances are drawn as those of OR-Library's
mknapcb1 (100 projects, 5 constraints), written as a municipality's tables and solved from there; HiGHS alone gets the
weights as an array, with its own options, and the same gap. One thread each. It stops if a plan is not as good.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import highspy
import numpy as np

from benchmarks.timing import machine
from model.optimiser.search import find_plan
from model.optimiser.solver.highs import quiet_solver
from tests.towns.capital_budgeting import Instance, asked, knapsack

SEEDS = range(5)
TIME = 600.0
"""Seconds at most for one instance, either way."""


@dataclass
class Work:
    """What was done, by HiGHS and altogether."""

    nodes: int = 0
    iterations: int = 0
    """of simplex, those in the search included"""
    seconds: float = 0.0
    """of the processor"""

    def __str__(self) -> str:
        return f"{self.seconds:7.2f} s {self.nodes:8d} nodes {self.iterations:9d} iterations"


@contextmanager
def counted() -> Iterator[Work]:
    """The work done meanwhile in whatever HiGHS objects there are."""
    work, usual = Work(), highspy.Highs.run

    def run(solver: highspy.Highs) -> highspy.HighsStatus:
        status = usual(solver)
        info = solver.getInfo()
        work.nodes += max(int(info.mip_node_count), 0)
        work.iterations += max(int(info.simplex_iteration_count), 0)
        return status

    highspy.Highs.run = run
    begun = time.process_time()
    try:
        yield work
    finally:
        highspy.Highs.run = usual
        work.seconds = time.process_time() - begun


def alone(instance: Instance, gap: float) -> float:
    """The highest profit, by HiGHS with nothing but the arrays; `gap` in profit."""
    profits, weights = np.array(instance.profits, dtype=float), np.array(instance.weights, dtype=float)
    rows, columns = weights.shape
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_, lp.sense_ = columns, rows, highspy.ObjSense.kMaximize
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = profits, np.zeros(columns), np.ones(columns)
    lp.row_lower_, lp.row_upper_ = np.full(rows, -np.inf), np.array(instance.capacities, dtype=float)
    lp.integrality_ = [highspy.HighsVarType.kInteger] * columns
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.arange(0, rows * columns + 1, columns)
    lp.a_matrix_.index_, lp.a_matrix_.value_ = np.tile(np.arange(columns), rows), weights.ravel()
    solver = quiet_solver()
    for option, value in {"threads": 1, "mip_rel_gap": 0.0, "mip_abs_gap": gap, "time_limit": TIME}.items():
        solver.setOptionValue(option, value)
    solver.passModel(lp)
    solver.run()
    return float(solver.getInfo().objective_function_value)


def compared(seed: int) -> tuple[Work, Work]:
    """The work of HiGHS alone and of a plan for an instance."""
    instance = knapsack(seed)
    with tempfile.TemporaryDirectory() as folder:
        problem = asked(instance, Path(folder))
    everything = float(instance.profit(range(len(instance.profits))))
    gap = problem.gap * everything
    with counted() as bare:
        best = alone(instance, gap)
    with counted() as ours:
        plan = find_plan(problem)
    reached = everything - 1e3 * plan.objectives[0]
    print(f"{instance.name}: {best:.0f}; ours {reached:.0f}, {plan.status}")
    print(f"  alone {bare}\n  ours  {ours}", flush=True)
    if reached < best - gap - 1e-3:
        raise SystemExit("  ours is not as good")
    return bare, ours


def main() -> None:
    """Print all of it."""
    print(machine())
    works = [compared(int(seed)) for seed in sys.argv[1:] or SEEDS]
    parts: dict[str, Callable[[Work], float]] = {
        "processor": lambda work: work.seconds,
        "nodes": lambda work: work.nodes,
        "iterations": lambda work: work.iterations,
    }
    for name, part in parts.items():
        ratios = [part(ours) / max(part(bare), 1e-9) for bare, ours in works]
        total = sum(part(ours) for _, ours in works) / max(sum(part(bare) for bare, _ in works), 1e-9)
        spread = f"median {statistics.median(ratios):.2f}, {min(ratios):.2f} to {max(ratios):.2f}"
        print(f"{name}: ours / alone {total:.2f} of all together; {spread}")


if __name__ == "__main__":
    main()
