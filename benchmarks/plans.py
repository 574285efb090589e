"""How long does a plan take, how good is it known to be, and is it one?

Run with `python -m benchmarks.plans` (about two minutes), or with some of the names it prints. Each plan is projected
again and every limit re-checked in numpy; it stops if one is not kept. Seconds are those of the wall, from the problem
to the plan.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from benchmarks.cases import problem
from benchmarks.timing import machine
from benchmarks.towns import town
from model.optimiser.plan import AGREEMENT
from model.optimiser.problem import Problem
from model.optimiser.search import find_plan
from model.optimiser.verification import TOLERANCE, violations
from model.plain_text import shares
from model.vocabulary import CENTRAL

CASES: dict[str, Callable[[], Problem]] = {
    "main": lambda: problem("neutral_2030", CENTRAL),
    "town_40": lambda: town(40),
    "town_200": lambda: town(200),
    "town_1000": lambda: town(1000),
}


def report(name: str) -> None:
    """Print what became of one problem."""
    asked = CASES[name]()
    start, worked = time.perf_counter(), time.process_time()
    plan = find_plan(asked)
    passed, worked = time.perf_counter() - start, time.process_time() - worked
    broken = max(violations(asked, plan).values())
    print(f"{name}: {passed:.1f} s ({worked:.1f} s of the processor), {plan.status}")
    print(f"  {plan.rounds} rounds, off the projection by {plan.difference:.0e}, worst violation {broken:.0e}")
    for stage in plan.stages:
        asked_, reached = shares(stage.asked, stage.reached or 0.0)
        bound = "not known" if stage.known_bound is None else f"{stage.known_bound:.2f}"
        gap = "not known" if stage.reached is None else reached
        print(f"  {stage.name}: {stage.value:.2f} {stage.unit}, bound {bound}, gap {gap} ({asked_} asked)")
    if plan.difference > AGREEMENT or broken > TOLERANCE:
        raise SystemExit("This is not a plan.")


def main() -> None:
    """Print all of it."""
    print(machine())
    for name in sys.argv[1:] or CASES:
        report(name)


if __name__ == "__main__":
    main()
