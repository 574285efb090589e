"""How many scenario-years a second does the projection do: one call a scenario, and all at once along the batch axis?

Run with `python -m benchmarks.projection`. The scenarios are the portfolios of the main study in its futures, again and
again; projected are activities, carrier use, costs and emissions. The limit is what the memory can carry: every number
that goes in read once, every number that comes out written once.
"""

from __future__ import annotations

import statistics
import time
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from benchmarks.cases import batch
from benchmarks.timing import in_turn, machine, ratio
from model.batch import select, stack
from model.inputs.schema import Portfolio
from model.projection.case import Case
from model.projection.replay import Outcome, Request, emissions, replay
from model.scenarios.portfolio import decide
from model.vocabulary import FloatArray

SIZES = (15, 60, 210, 1005)
REPETITIONS = 5
COPIED = 256_000_000
"""Bytes of the array whose copying shows what the memory can carry: more than any cache holds."""

Projected = tuple[Outcome, FloatArray]


def runs() -> tuple[Case, Request]:
    """Every portfolio of the main study in every future, side by side."""
    study = batch()
    futures = list(study.built)
    portfolios = [each.content for each in study.scenarios.values() if isinstance(each.content, Portfolio)]
    requests = [
        decide(portfolio, study.town, built.case, built.financing.funds).request
        for portfolio in portfolios
        for built in study.built.values()
    ]
    case = select(stack([built.case for built in study.built.values()]), list(range(len(futures))) * len(portfolios))
    level, by_mode = (np.concatenate([getattr(each, name) for each in requests]) for name in ("level", "by_mode"))
    return case, Request(level, by_mode)


def chosen(request: Request, index: Any) -> Request:
    """The chosen entries of a batch of requests."""
    return Request(request.level[index], request.by_mode[index])


def project(case: Case, request: Request) -> Projected:
    """Outcome and emissions."""
    outcome = replay(case, request)
    return outcome, emissions(case, outcome.activity, outcome.flow)


def least_bytes(case: Case, request: Request, projected: Projected) -> int:
    """What must be read and written at least, in bytes: coefficients that are not zero, requests and what comes out."""
    outcome, tonnes = projected
    coefficients = case.batch * _cells(case, len(case.years)) * 8
    unused = case.official_factor.nbytes + case.factor.nbytes - np.count_nonzero(case.factor) * 8
    results = sum(getattr(outcome, item.name).nbytes for item in fields(outcome))
    written = results + np.count_nonzero(np.any(tonnes != 0, axis=(0, 3))) * case.batch * len(case.years) * 8
    return int(coefficients - unused + request.level.nbytes + request.by_mode.nbytes + written)


def _cells(part: Any, years: int) -> int:
    """Numbers by year in arrays with a batch axis, for one entry of the batch."""
    if is_dataclass(part):
        return sum(_cells(getattr(part, item.name), years) for item in fields(part))
    if isinstance(part, tuple):
        return sum(_cells(each, years) for each in part)
    has_both = isinstance(part, np.ndarray) and part.ndim > 1 and part.shape[-1] == years
    return int(np.prod(part.shape[1:])) if has_both else 0


def copied_per_second() -> float:
    """Bytes a second that a plain copy reads and writes, median of nine."""
    there, here = np.ones(COPIED // 8), np.empty(COPIED // 8)
    passed = []
    for _ in range(9):
        start = time.perf_counter()
        np.copyto(here, there)
        passed.append(time.perf_counter() - start)
    return 2 * COPIED / statistics.median(passed)


def main() -> None:
    """Print rates, ratios and how far the memory's limit is."""
    print(machine())
    case, request = runs()
    years, there = len(case.years), case.batch
    singles = [(select(case, [i]), chosen(request, slice(i, i + 1))) for i in range(there)]
    bandwidth = copied_per_second()
    print(f"{there} runs of {years} years, repeated; a copy reads and writes {bandwidth / 1e9:.1f} GB/s")
    _same(case, request, singles)
    for size in SIZES:
        index = np.arange(size) % there
        many, asked = select(case, index), chosen(request, index)
        times = in_turn(
            {
                "one call a scenario": lambda index=index: [project(*singles[i]) for i in index],
                "all at once": lambda many=many, asked=asked: project(many, asked),
            },
            REPETITIONS,
        )
        one, all_at_once = times.values()
        least = least_bytes(many, asked, project(many, asked))
        limit = bandwidth / (least / (size * years))
        rate = size * years / all_at_once.median
        print(f"{size} scenarios")
        for name, timing in times.items():
            print(f"  {name:20s} {size * years / timing.median:10,.0f} scenario-years/s   {timing}")
        reached = f"{least / size / years:,.0f} bytes each, {rate / limit:.0%} reached"
        print(f"  limit of the memory  {limit:10,.0f} scenario-years/s   ({reached})")
        print(f"RATIO one call a scenario / all at once, {size} scenarios: {ratio(one, all_at_once)}")


def _same(case: Case, request: Request, singles: list[tuple[Case, Request]]) -> None:
    """Stop if the two ways do not give the same."""
    whole = project(case, request)[1]
    apart = np.concatenate([project(*each)[1] for each in singles])
    difference = float(np.abs(whole - apart).max())
    print(f"Largest difference of emissions between the two ways: {difference:.1e} t")
    if difference > 1e-6:
        raise SystemExit("The two ways do not give the same.")


if __name__ == "__main__":
    main()
