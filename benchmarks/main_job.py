"""How much quicker is the main job than it was? This checkout against another one, in turn, in one run (Linux).

Run with `python -m benchmarks.main_job --against FOLDER`, the other checkout with `.venv` made or with an active
environment that satisfies its lock; `--rounds 3` for three of each. Each way is the command that a user types. What is
computed anew here is compared with what the other computes; then what is asked again unchanged, and one plan. Plans are
compared stage by stage by their certificates. Where the time goes is told by `benchmarks.phases`.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from benchmarks.processes import Cost, cost
from benchmarks.timing import machine
from model import ROOT

GOAL = "neutral_2030"
MAIN: list[str] = []
FRESH = ["study", "main", "--fresh"]
PLAN = ["optimise", GOAL]


def run(folder: Path, arguments: Sequence[str]) -> Cost:
    """What `run.py` with these arguments takes in a checkout."""
    return cost([sys.executable, "run.py", *arguments], folder)


def alternating(name: str, ways: dict[str, Callable[[], Cost]], rounds: int) -> None:
    """Print what each way takes, in turn, and how many times more the first takes than the others."""
    found: dict[str, list[Cost]] = {way: [] for way in ways}
    for number in range(rounds):
        for way, of in ways.items():
            found[way].append(of())
            print(f"{name}, {way}, round {number + 1}: {found[way][-1]}", flush=True)
    first, *others = found
    for way in others:
        for what in ("wall", "processor", "memory"):
            ratios = [getattr(a, what) / getattr(b, what) for a, b in zip(found[first], found[way], strict=True)]
            spread = f"{min(ratios):.1f} to {max(ratios):.1f}"
            print(f"  {what}: {first} / {way} = {statistics.median(ratios):.1f} ({spread})")


def plans(theirs: Path) -> None:
    """Print every stage at which a plan of the main study is worse than the other's, and what is not bounded."""
    folder = Path("outputs") / "main" / "plans"
    for path in sorted((ROOT / folder).glob("*/certificate.json")):
        other = theirs / folder / path.parent.name / path.name
        if not other.exists():
            continue
        ours, before = (json.loads(each.read_text(encoding="utf-8")) for each in (path, other))
        values = {stage["stage"]: stage["value"] for stage in before["stages"]}
        print(f"{path.parent.name}: {ours['status']}")
        for stage in ours["stages"]:
            value, was, bound = stage["value"], values.get(stage["stage"]), stage["bound"]
            known = "bound not known" if bound is None else f"bound {bound:.4g}"
            was_words = "" if was is None else f", there {was:.4f} ({value - was:+.4f})"
            print(f"  {stage['stage']}: {value:.4f} {stage['unit']}, {known}{was_words}")


def main() -> None:
    """Print all of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--against", type=Path, metavar="FOLDER", help="the other checkout; without it, only this one")
    parser.add_argument("--rounds", type=int, default=1)
    asked = parser.parse_args()
    print(machine())
    there = {} if asked.against is None else {"there": asked.against.resolve()}

    def both(theirs: list[str], ours: list[str]) -> dict[str, Callable[[], Cost]]:
        ways: dict[str, Callable[[], Cost]] = {way: partial(run, folder, theirs) for way, folder in there.items()}
        return ways | {"here": partial(run, ROOT, ours)}

    alternating("main job", both(MAIN, FRESH), asked.rounds)
    alternating("main job unchanged", {"here": partial(run, ROOT, MAIN)}, asked.rounds)
    alternating(f"plan {GOAL}", both(PLAN, [*PLAN, "--fresh"]), asked.rounds)
    for folder in there.values():
        plans(folder)


if __name__ == "__main__":
    main()
