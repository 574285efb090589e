"""Is a plan as good as what a global method finds, and is its certificate true? Without that method at hand.

`optima.json` has for each town the best of each stage given that all before are at their best. A plan that is no better
at the stages before has no less room than that, so its best is no worse: it must be within what is allowed of it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from model.optimiser.plan import Plan
from model.optimiser.problem import Problem
from tests.optimiser.global_method.consequences import stages_of, values_of

Optimum = tuple[float, float, float]
"""What the global method reached at a stage, its bound, and the room (share of each) that earlier stages had."""

STORED = Path(__file__).parent / "optima.json"
TOWNS = range(200)
"""Seeds of `pooled_towns`; odd ones are made to provoke pools."""
MORE = 1e-3
"""Share of its scale by which a stage may be worse than the best, beside the gap that was asked for."""
USUAL_ROOM = 2e-7
"""Room, as share of each, that stages which are kept have while later ones are solved."""
SAME, SAME_LATER, SAME_COST = 2e-5, 1e-4, 1e-3
"""Share of its scale within which two values of a first stage, of a later one and of cost are the same. Later ones use
the room of those before, and where the last tonne is dear, what is the same tonne costs many MSEK more or less."""


@dataclass(frozen=True)
class Verdict:
    """A stage of a plan against the best."""

    name: str
    excess: float
    """how much worse than the best, as share of the stage's scale"""
    allowed: float
    closed: float
    """how much the global method leaves open, as share of the stage's scale"""
    overstated: float
    """how much better than the plan's bound the best is, as share of the stage's scale; -inf: none is stated that holds
    for all proportions of pools"""
    same: float
    """share of the scale within which values are the same"""

    @property
    def worse(self) -> bool:
        """Whether the plan is worse than it may be."""
        return self.excess > self.allowed

    @property
    def false(self) -> bool:
        """Whether the certificate states a bound that is none."""
        return self.overstated > self.same

    @property
    def beaten(self) -> bool:
        """Whether the plan is better than the best there is: then one of both is wrong."""
        return self.excess < -self.closed - self.same


def verdicts(problem: Problem, plan: Plan, best: Sequence[Optimum], own: bool = False) -> list[Verdict]:
    """Stage by stage, as far as they can be compared.

    `own`: they were found with each stage kept at what the plan reaches; then all can be compared.
    """
    found = []
    compared = zip(stages_of(problem), values_of(problem, plan), best, plan.stages, strict=True)
    for stage, value, (reached, bound, room), stated in compared:
        claimed = stated.known_bound if stated.is_global else None
        promised = -np.inf if claimed is None else value - (stated.value - claimed)  # what is constant may be left out
        same = SAME_COST if stage.money else SAME_LATER if found else SAME
        verdict = Verdict(
            stage.name,
            (value - reached) / stage.scale,
            problem.gap * (4 if stage.money else 1) + MORE,
            (reached - bound) / stage.scale,
            (promised - reached) / stage.scale,
            same * max(room / USUAL_ROOM, 1.0),
        )
        if found and not own and (room > USUAL_ROOM or verdict.excess < -verdict.same):
            break  # one of both used more room at earlier stages than the other; so later ones may be anything
        found.append(verdict)
    return found


def stored() -> dict[int, tuple[str, list[Optimum]]]:
    """Seed: hash of the town, and its optimum by stage."""
    content = json.loads(STORED.read_text(encoding="utf-8"))
    return {int(seed): (town["town"], [(*stage,) for stage in town["best"]]) for seed, town in content.items()}


def store(optima: dict[int, tuple[str, Sequence[Optimum]]]) -> None:
    """Write them, a town a line."""
    lines = [
        f'"{seed}": '
        + json.dumps({"town": town, "best": [[float(f"{value:.9g}") for value in stage] for stage in best]})
        for seed, (town, best) in sorted(optima.items())
    ]
    STORED.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def _rounded(value: float) -> float:
    return float(f"{value:.9g}")
