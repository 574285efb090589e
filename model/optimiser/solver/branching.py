"""Which whole units are best for a stage? A search by HiGHS that stops by what it has done, never by the clock.

What it has done is counted where it asks whether to go on, some times a node. Each is more work the larger the problem.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from model.optimiser.digits import settled_number
from model.optimiser.solver.highs import USUAL, run
from model.optimiser.solver.lexicographic import LexicographicSolver
from model.optimiser.solver.linear import Infeasible, OutOfTime
from model.vocabulary import FloatArray


@dataclass(frozen=True)
class Found:
    """What a search found for a stage."""

    values: FloatArray | None
    """(column,); None: nothing"""
    objective: float
    bound: float
    """no plan with whole units can be better; -inf: not known"""
    work: float
    """what it cost: how often the solver asked whether to go on, times the coefficients of the problem"""


def search(
    engine: LexicographicSolver,
    stage: int | FloatArray,
    gaps: tuple[float, float],
    start: FloatArray | None,
    work: float,
) -> Found:
    """The best of a stage, or of costs (column,), with whole units, within an absolute or a relative gap.

    Stages that are held keep their limits. It stops after `work`. `start` (column,) is what it begins with. Raises
    `Infeasible` when there is none.
    """
    engine.set_whole(True)
    try:
        costs, offset = (engine.objective[stage], engine.offset[stage]) if isinstance(stage, int) else (stage, 0.0)
        constant, possible = engine.set_costs(costs) + float(offset), engine.set_up()
        if not possible:
            raise Infeasible
        return _run(engine, gaps, constant, start, work)
    finally:
        engine.set_whole(False)


def _run(
    engine: LexicographicSolver, gaps: tuple[float, float], constant: float, start: FloatArray | None, work: float
) -> Found:
    solver, size, spent = engine.solver, engine.work, 0
    engine.inside = None
    solver.clearSolver()  # HiGHS 1.16 carries a wrong state over from the last integer run when costs change
    options: dict[str, Any] = {
        "solve_relaxation": False, "solver": "choose", "mip_abs_gap": gaps[0], "mip_rel_gap": gaps[1],
        "primal_feasibility_tolerance": USUAL, "dual_feasibility_tolerance": USUAL, "time_limit": engine.time_left(),
        "simplex_strategy": 1,
    }  # fmt: skip
    engine.set_options(options)
    if start is not None:
        given = highspy.HighsSolution()
        given.col_value = list(start[engine.ready().columns])
        solver.setSolution(given)

    def stop(event: Any) -> None:
        nonlocal spent
        spent += 1
        event.data_in.user_interrupt = spent * size > work

    solver.cbMipInterrupt.subscribe(stop)
    try:
        run(solver)
    finally:
        solver.cbMipInterrupt.unsubscribe(stop)
    status, info = solver.getModelStatus(), solver.getInfo()
    done = float(max(spent, 1) * size)
    if status == highspy.HighsModelStatus.kInfeasible:
        raise Infeasible(work=done)
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    if status == highspy.HighsModelStatus.kTimeLimit and not found:
        raise OutOfTime
    values = np.array(solver.getSolution().col_value) if found else None
    # HiGHS 1.16 may report a better objective than that of the solution it gives: trust the solution
    whole = None if values is None else engine.ready().expanded(values)
    reached = np.inf if whole is None else settled_number(float(engine.cost @ whole) + constant - engine.constant)
    bound = float(info.mip_dual_bound)
    return Found(whole, reached, bound + constant if np.isfinite(bound) else -np.inf, done)
