"""Does HiGHS solve what it is given, whatever else of the process uses it?"""

from __future__ import annotations

import subprocess
import sys

BESIDE = """
import highspy, numpy as np
from model.optimiser.solver.highs import quiet_solver, run
for threads in (2, 1):
    solver = highspy.Highs() if threads == 2 else quiet_solver()
    solver.setOptionValue("output_flag", False)
    if threads == 2:
        solver.setOptionValue("threads", 2)
    solver.addVar(0.0, 5.5)
    solver.changeColCost(0, -1.0)
    solver.changeColIntegrality(0, highspy.HighsVarType.kInteger)
    run(solver)
    assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal, solver.getModelStatus()
    assert solver.getSolution().col_value[0] == 5.0
print("both solved")
"""


def test_a_solver_begun_with_more_threads_in_the_same_process_does_not_make_ours_say_infeasible() -> None:
    """In a process of its own: HiGHS keeps the number of threads it was first given."""
    ended = subprocess.run([sys.executable, "-c", BESIDE], capture_output=True, text=True, check=False)
    assert "both solved" in ended.stdout, ended.stderr
