"""How is HiGHS set? Quiet, with its tolerances and the ways to go on from what it has solved already."""

from __future__ import annotations

import os

import highspy

TIGHT, USUAL = 1e-9, 1e-7
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
    "mip_feasibility_tolerance": 1e-7, "primal_feasibility_tolerance": TIGHT, "dual_feasibility_tolerance": TIGHT,
    "mip_heuristic_run_root_reduced_cost": False, "mip_heuristic_run_rins": False, "mip_heuristic_run_rens": False,
    "mip_allow_restart": False,
}  # fmt: skip
"""What is set at first."""
CLEAR = (
    highspy.HighsModelStatus.kOptimal,
    highspy.HighsModelStatus.kInfeasible,
    highspy.HighsModelStatus.kTimeLimit,
)
"""Statuses in which HiGHS knows where it is."""


def quiet_solver() -> highspy.Highs:
    """A HiGHS object that prints nothing: its banner goes past Python straight to the terminal."""
    out = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        solver.setOptionValue("output_flag", False)
    finally:
        os.dup2(out, 1)
        os.close(out)
        os.close(nowhere)
    return solver
