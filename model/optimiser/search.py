"""Which plan is best, until optimiser and projection agree?

Without whole units the stages are a row of linear problems, solved around the proportions of the plan before until they
are its own. The relaxed plan leaves each stage a part of its gap as room for whole units and later stages; a dive then
rounds it, and linear problems finish what it found. Where that is not within the gaps that were asked for, a search goes
on from it. What stops it is work that was done, never the clock, unless the user gave a time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace

import numpy as np

from model.optimiser.formulation.assembly import definitions, formulate
from model.optimiser.formulation.objectives import KEPT
from model.optimiser.formulation.variables import KT
from model.optimiser.limits.balances import ACTIVITY_BALANCE
from model.optimiser.limits.targets import untouched
from model.optimiser.plan import AGREEMENT, Disagreement, Plan
from model.optimiser.problem import Problem, base_size
from model.optimiser.proportions import Proportions, proportions_at
from model.optimiser.reading import Reading
from model.optimiser.solver import branching
from model.optimiser.solver.diving import dive
from model.optimiser.solver.lexicographic import LexicographicSolver, Solution
from model.optimiser.solver.linear import Infeasible, StageSolution

SETTLED = 1e-5
"""Change of a stage, as share of what its gap is a share of, at which curves and relaxations are settled."""
ROUNDS = 8
"""At most so many rounds around new proportions, before conversions are held to make them exact."""
GIVEN = 0.5
"""Share of a stage's gap that whole units and later stages may take: half, so that the other half is left for what
rounding costs."""
DIVED = 0.9
"""The same while a dive rounds."""
AGAIN = 3
"""At most so many searches around the proportions of what the one before found."""
WORK = 4e10
"""What all searches of a plan may cost: steps of the simplex method times coefficients, about a minute's worth."""


def find_plan(problem: Problem) -> Plan:
    """The best plan for a problem. Raises `Infeasible` when musts clash, `Disagreement` if the model is at fault."""
    return Search(problem).run()


class Search:
    """One problem kept ready: formulated and compiled once, then solved as often, and in as many ways, as wanted.

    `run` gives the plan with whole units. For curves and prices: `settle_relaxed` puts in the proportions of the best
    plan without whole units, `fix_units` holds a plan's; then `engine.sweep` and `engine.solve_stage` see a linear
    problem whose rows are named as in the formulation.
    """

    def __init__(self, problem: Problem) -> None:
        self.begun = time.perf_counter()
        self.problem, self.case = problem, problem.case
        self.proportions = proportions_at(problem)
        self.formulation = formulate(problem, self.proportions)
        units = {
            quantity: size * (KT if quantity == "emissions" else 1) for quantity, size in base_size(problem).items()
        }
        self.scales = [units[stage.quantity] * stage.years for stage in self.formulation.stages]
        self.gaps = [max(problem.gap * scale, 1e-6) for scale in self.scales]
        self.engine = LexicographicSolver(self.formulation.model, definitions())
        self.reading = Reading(self.formulation, self.engine.columns, self.scales)
        self.rounds = 0

    def run(self) -> Plan:
        """The best plan. Raises `Infeasible` when musts clash, `Disagreement` if it is wrong."""
        self.rounds = 0
        self.free_units()
        plan = self._whole_units() if np.any(self.engine.whole) else self.settle(self.engine.cascade)
        if plan.difference > AGREEMENT:
            raise Disagreement(f"optimiser and projection differ by {plan.difference:.2g} of base-year emissions")
        return plan
