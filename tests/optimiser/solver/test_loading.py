"""Does a process that solves load only what it needs?"""

from __future__ import annotations

import subprocess
import sys

from model import ROOT

PROGRAM = """
import sys
import pint, matplotlib  # were there before: pint loads scipy
import model

plan = model.optimise(model.load("toy"), "toy_low_from")
model.plot.pathways([plan.data])
print(*{"scipy.stats", "scipy.optimize", "matplotlib.pyplot", "pyomo.environ"} & set(sys.modules))
"""


def test_a_plan_and_a_figure_need_neither_statistics_nor_pyplot() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
