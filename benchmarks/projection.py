"""How fast are portfolios carried out: one with totals, many with totals, and everything about many?

Run with `python -m benchmarks.projection`. Portfolios are those of the main study in its futures, again and again. One
portfolio is compared with the readable replay in numpy of the tests; everything is compared with what the memory can
carry: writing as many numbers into fresh pages, and into the same ones again. As other work disturbs the machine, it is
the fastest of many repetitions that counts.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from benchmarks.cases import batch
from benchmarks.timing import machine
from model.batch import select, stack
from model.inputs.schema import Portfolio
from model.projection.case import Case
from model.projection.indicators import series
from model.projection.kernel import Kernel
from model.projection.replay import Request
from model.projection.sums import Total
from model.projection.translation import EVERYTHING, translate
from model.scenarios.portfolio import decide
from model.vocabulary import FloatArray, IntArray
from tests.projection import reference_replay

MANY, ALL = 6000, 1500
"""Entries of a batch with totals, and of one with everything."""
FOR = 1.5
"""Seconds that each thing is repeated, and at least so many times that memory is known to the machine."""
LEAST = 5


def runs() -> tuple[Case, Request, list[Total]]:
    """The town in every future side by side, every portfolio, and what is to be summed up: indicators and money."""
    study = batch()
    built = next(iter(study.built.values()))
    portfolios = [each for each in study.scenarios.values() if isinstance(each.content, Portfolio)]
    asked = [decide(portfolio, built).request for portfolio in portfolios]
    level, by_mode = (np.concatenate([getattr(each, name) for each in asked]) for name in ("level", "by_mode"))
    totals = [Total(each.counts, each.accounting == "official") for each in built.indicators.values()]
    case = stack([each.case for each in study.built.values()])
    return case, Request(level, by_mode), [*totals, Total("cost"), Total("benefit")]


def in_numpy(case: Case, request: Request, totals: Sequence[Total]) -> FloatArray:
    """The same totals by the readable replay, (total, year)."""
    outcome = reference_replay.replay(case, request)
    tonnes = {official: reference_replay.emissions(case, outcome.activity, outcome.flow, official)
              for official in {total.official for total in totals}}  # fmt: skip
    measures = case.measures
    units = np.zeros((len(measures.names), len(case.years)))
    np.add.at(units, measures.mode_measure, outcome.level[0])
    made = {
        "cost": (outcome.running_cost[0] + measures.fixed_cost[0] * units).sum(axis=0),
        "benefit": (outcome.benefit[0] + measures.fixed_benefit[0] * units).sum(axis=0),
    }
    return np.array([
        made[total.of] if isinstance(total.of, str)
        else series(total.of, tonnes[total.official][0], outcome.activity[0], outcome.flow[0])
        for total in totals
    ])  # fmt: skip


def fastest(*ways: Callable[[], Any]) -> list[float]:
    """Seconds of the fastest of many repetitions of each way, taken in turn."""
    best, end, times = [np.inf] * len(ways), time.perf_counter() + FOR * len(ways), 0
    while time.perf_counter() < end or times < LEAST:
        for index, way in enumerate(ways):
            start = time.perf_counter()
            way()
            best[index] = min(best[index], time.perf_counter() - start)
        times += 1
    return best


def main() -> None:
    """Print what one and many portfolios take, and how far the memory's limit is."""
    print(machine())
    case, request, totals = runs()
    one_portfolio(case, request, totals)
    many_portfolios(case, request, totals)


def one_portfolio(case: Case, request: Request, totals: Sequence[Total]) -> None:
    """The portfolio with most measures in the first future, against the readable replay."""
    counts = np.any(request.level, axis=2).sum(axis=1)
    largest = int(np.argmax(counts))
    first = select(case, [0])
    asked = Request(request.level[largest : largest + 1], request.by_mode[largest : largest + 1])
    program = translate(first, totals, ())
    kernel = Kernel(program)
    kept = kernel.run(asked.level, asked.by_mode)
    expected = in_numpy(first, asked, totals)
    difference = float(np.abs(kept[0] - expected).max() / np.abs(expected).max())
    print(f"\nOne portfolio of {counts[largest]} measures over {program.years} years, {len(totals)} totals")
    print(f"  largest difference from numpy: {difference:.1e} of the largest total")
    if difference > 1e-9:
        raise SystemExit("The two ways do not give the same.")
    numpy_seconds, replay_seconds, seconds, translated = (
        fastest(way)[0]
        for way in (
            lambda: in_numpy(first, asked, totals),
            lambda: reference_replay.replay(first, asked),
            lambda: kernel.run(asked.level, asked.by_mode, results=kept),
            lambda: translate(first, totals, ()),
        )
    )
    print(f"  numpy    {numpy_seconds * 1e6:9,.1f} microseconds, {replay_seconds * 1e6:,.1f} of them the replay alone")
    print(f"  kernel   {seconds * 1e6:9,.1f} microseconds (once for the case: translated in {translated * 1e3:.1f} ms)")
    print(f"RATIO numpy / kernel, one portfolio with totals: {numpy_seconds / seconds:.0f}")
    print(f"RATIO numpy replay alone / kernel with totals:   {replay_seconds / seconds:.0f}")


def many_portfolios(case: Case, request: Request, totals: Sequence[Total]) -> None:
    """Every portfolio in every future, again and again, with totals only and with everything."""
    years, asked = len(case.years), (request.level, request.by_mode)
    print(f"\n{len(request.level)} portfolios in {case.batch} futures, repeated: {MANY:,} times, with totals")
    kernel, entries = Kernel(translate(case, totals, ())), _entries(case, request, MANY)
    kept = kernel.run(*asked, *entries)
    for threads in sorted({1, os.cpu_count() or 1}):
        (seconds,) = fastest(lambda threads=threads: kernel.run(*asked, *entries, kept, threads))
        rate = MANY * years / seconds
        print(f"  {threads} thread(s)   {rate:12,.0f} scenario-years a second, {rate / threads:12,.0f} each")
    kernel, entries = Kernel(translate(case, totals, EVERYTHING)), _entries(case, request, ALL)
    kept = kernel.run(*asked, *entries)
    print(f"{ALL:,} times, with everything: {kept.nbytes / ALL / years:,.0f} bytes a scenario-year, one thread")
    for name, memory in (("fresh pages", None), ("kept memory", kept)):
        written, taken = fastest(
            lambda memory=memory: (np.empty(kept.shape) if memory is None else memory).fill(1.0),
            lambda memory=memory: kernel.run(*asked, *entries, memory, threads=1),
        )
        rates = [kept.nbytes / seconds / 1e9 for seconds in (written, taken)]
        print(f"  {name}   {ALL * years / taken:12,.0f} scenario-years a second, {rates[1]:.1f} GB/s;"
              f" writing alone {rates[0]:.1f} GB/s")  # fmt: skip
        print(f"RATIO of the memory's limit that is reached, {name}: {written / taken:.2f}")


def _entries(case: Case, request: Request, entries: int) -> tuple[IntArray, IntArray]:
    """Which future and which portfolio each entry takes."""
    index = np.arange(entries)
    return index % case.batch, index // case.batch % len(request.level)


if __name__ == "__main__":
    main()
