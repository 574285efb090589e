"""How is HiGHS set? Quiet, with its tolerances and the ways to go on from what it has solved already."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any

import highspy
import numpy as np

from model.vocabulary import BoolArray

if TYPE_CHECKING:
    from model.optimiser.solver.condensing import Condensed

TIGHT, USUAL = 1e-8, 1e-7
"""Feasibility tolerances: tight where the projection is compared with the solution, HiGHS's own for whole units."""
PRIMAL, DUAL = 4, 1
"""HiGHS's simplex: after a change of costs the last basis stays primal feasible (five times faster here than dual);
from nothing, dual."""
BEGINNING = {"simplex_dual_edge_weight_strategy": -1, "dual_simplex_cost_perturbation_multiplier": 1.0}
FOLLOWING = {
    "simplex_strategy": DUAL, "simplex_dual_edge_weight_strategy": 1, "dual_simplex_cost_perturbation_multiplier": 0.0,
}  # fmt: skip
"""HiGHS's own choices, and those of a sweep after its first point: a few steps from one optimum to the next need
neither steepest edges nor perturbed costs, which have to be cleaned up again (measured 1.7 times faster)."""
OPTIONS = {
    "threads": 1, "mip_feasibility_tolerance": 1e-7, "primal_feasibility_tolerance": TIGHT,
    "dual_feasibility_tolerance": TIGHT, "random_seed": 0,
}  # fmt: skip
"""What is set at first. One thread: with several the same problem may be searched in another order."""
CLEAR = (
    highspy.HighsModelStatus.kOptimal,
    highspy.HighsModelStatus.kInfeasible,
    highspy.HighsModelStatus.kTimeLimit,
    highspy.HighsModelStatus.kIterationLimit,
    highspy.HighsModelStatus.kInterrupt,
    highspy.HighsModelStatus.kSolutionLimit,
    highspy.HighsModelStatus.kObjectiveBound,
)
"""Statuses in which HiGHS knows where it is."""


class TooFarApart(Exception):
    """Numbers of a problem are of sizes with which nothing can be computed."""

    def __init__(self, largest: float, column: int = -1, named: tuple[str, Any] | None = None) -> None:
        super().__init__(f"a coefficient of {largest:.3g} of {named or column}")
        self.largest, self.column, self.named = largest, column, named


_one_at_a_time = threading.Lock()


def quiet_solver() -> highspy.Highs:
    """A HiGHS object that prints nothing: its banner goes past Python straight to the terminal."""
    with _one_at_a_time:  # the terminal belongs to all threads
        out = os.dup(1)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, 1)
            solver = highspy.Highs()  # type: ignore[no-untyped-call]
            for option, value in {"output_flag": False, **OPTIONS}.items():
                solver.setOptionValue(option, value)
        finally:
            os.dup2(out, 1)
            os.close(out)
            os.close(nowhere)
    return solver


def pass_model(solver: Any, condensed: Condensed, whole: BoolArray) -> None:
    """Give the solver a condensed problem, its costs to be set; `whole` (column,) are whole units."""
    matrix = condensed.matrix
    (rows, columns), by_column, least = matrix.shape, 1, 1
    taken = solver.passModel(
        columns, rows, matrix.nnz, by_column, least, 0.0, np.zeros(columns), condensed.lower, condensed.upper,
        condensed.row_lower, condensed.row_upper, matrix.indptr, matrix.indices, matrix.data, whole.astype(np.int32),
    )  # fmt: skip
    if taken == highspy.HighsStatus.kError:
        of_column = np.repeat(np.arange(columns), np.diff(matrix.indptr))
        largest = int(np.argmax(np.abs(matrix.data)))
        raise TooFarApart(float(matrix.data[largest]), int(of_column[largest]))


def run(solver: Any) -> None:
    """Let HiGHS solve what it has.

    HiGHS refuses to begin where another object of the process was begun with more threads; those are given back then.
    What it says of a problem that it lost numerically is its status, `kNotset`, which is no word on the problem.
    """
    if solver.run() == highspy.HighsStatus.kError and solver.getModelStatus() == highspy.HighsModelStatus.kNotset:
        highspy.Highs.resetGlobalScheduler(True)
        solver.run()
