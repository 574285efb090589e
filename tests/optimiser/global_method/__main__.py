"""Are plans of random towns as good as the best there is? `python -m tests.optimiser.global_method` (needs pyscipopt).

Each plan is compared, stage by stage, with the best that SCIP finds while earlier stages are kept at what the plan
reached, and each bound of its certificate with it. `--store` writes `optima.json`, which tests compare with.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass

from model.optimiser.search import find_plan
from tests.optimiser.global_method.comparison import TOWNS, Optimum, Verdict, store, stored, verdicts
from tests.optimiser.global_method.consequences import values_of
from tests.optimiser.global_method.oracle import Oracle
from tests.towns.pooled_towns import hash_of, pooled_town


@dataclass(frozen=True)
class Row:
    """What is said of a town."""

    seed: int
    stages: list[Verdict]
    status: str
    seconds: float
    """of SCIP"""

    def __str__(self) -> str:
        worst = max(self.stages, key=lambda each: each.excess - each.allowed)
        bounds = max(self.stages, key=lambda each: each.overstated)
        words = [f"{self.seed:4d}", f"{worst.excess:9.2%} ({worst.allowed:.2%})", f"{bounds.overstated:9.2%}"]
        faults = [f"worse at {each.name}" for each in self.stages if each.worse]
        faults += [f"false bound of {each.name}" for each in self.stages if each.false]
        faults += [f"better than the best at {each.name}" for each in self.stages if each.beaten]
        faults += [f"open at {each.name}: {each.closed:.2%}" for each in self.stages if each.closed > 1e-4]
        return "  ".join([*words, f"{self.seconds:6.1f} s", self.status, "; ".join(faults)])


def checked(seed: int) -> Row:
    """A town's plan against SCIP."""
    problem = pooled_town(seed)
    plan = find_plan(problem)
    begun = time.process_time()
    best = Oracle(problem).best(values_of(problem, plan))
    found = verdicts(problem, plan, [each.optimum for each in best], own=True)
    return Row(seed, found, plan.status, time.process_time() - begun)


def solved(seed: int) -> tuple[int, str, list[Optimum]]:
    """A town's optimum, stage by stage."""
    problem = pooled_town(seed)
    return seed, hash_of(problem), [each.optimum for each in Oracle(problem, 60.0).best()]


def report(rows: Iterator[Row]) -> None:
    """Print a line a town, and what they have in common."""
    found = []
    print("town, worst excess (allowed), most that a bound is overstated, work of SCIP, status")
    for row in rows:
        print(row, flush=True)
        found.append(row)
    worse = [row.seed for row in found if any(each.worse for each in row.stages)]
    false = [row.seed for row in found if any(each.false for each in row.stages)]
    for name, mine in (("worse than the best by more than allowed", worse), ("with a false bound", false)):
        provoking = sum(seed % 2 for seed in mine)
        print(f"{len(mine)} of {len(found)} towns {name} ({provoking} made to provoke): {mine}")


def main() -> None:
    """Check, or store."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--towns", type=int, nargs="*", default=TOWNS, help="seeds (all)")
    parser.add_argument("--store", action="store_true", help="write the optima that tests compare with")
    parser.add_argument("--processes", type=int, default=1)
    asked = parser.parse_args()
    with ProcessPoolExecutor(asked.processes) as pool:
        if not asked.store:
            report(pool.map(checked, asked.towns))
            return
        optima = stored()
        for done in as_completed([pool.submit(solved, seed) for seed in asked.towns]):
            seed, town, best = done.result()
            optima[seed] = town, best
            print(seed, [f"{reached:.4f} ({bound:.4f})" for reached, bound, _ in best], flush=True)
            store(optima)


if __name__ == "__main__":
    main()
