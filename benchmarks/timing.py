"""How long do several ways take, when all are measured in turn so that the machine's moods hit them alike?"""

from __future__ import annotations

import gc
import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Timing:
    """Seconds of each repetition."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle repetition."""
        return statistics.median(self.seconds)

    def __str__(self) -> str:
        return f"{self.median * 1e3:8.1f} ms   ({min(self.seconds) * 1e3:.1f} to {max(self.seconds) * 1e3:.1f})"


def in_turn(ways: Mapping[str, Callable[[], Any]], repetitions: int) -> dict[str, Timing]:
    """Each way's timing: one of each, then again, after a round that is not counted.

    Garbage is collected before each, outside the time; what the way itself causes the collector to do is inside.
    """
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for repetition in range(repetitions + 1):
        for name, way in ways.items():
            gc.collect()
            start = time.perf_counter()
            kept = way()
            passed = time.perf_counter() - start
            del kept  # what it made goes before the next is measured
            if repetition:
                seconds[name].append(passed)
    return {name: Timing(tuple(each)) for name, each in seconds.items()}


def ratio(above: Timing, below: Timing) -> str:
    """How many times longer, repetition by repetition: median, smallest and largest."""
    ratios = [a / b for a, b in zip(above.seconds, below.seconds, strict=True)]
    return f"{statistics.median(ratios):.1f}   ({min(ratios):.1f} to {max(ratios):.1f})"


def machine() -> str:
    """What was measured on, and how much a fixed piece of work varies on it (spread of 20 runs of the same sum)."""
    numbers = np.random.default_rng(0).random(2_000_000)
    passed = []
    for _ in range(25):
        start = time.perf_counter()
        float(np.sqrt(numbers).sum())
        passed.append(time.perf_counter() - start)
    passed = passed[5:]  # the first ones find memory that nobody has used yet
    middle = statistics.median(passed)
    noise = f"{min(passed) / middle - 1:+.0%} to {max(passed) / middle - 1:+.0%}"
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    python = platform.python_version()
    return f"Python {python}, numpy {np.__version__}, {os.cpu_count()} cores{load}; noise of a fixed sum: {noise}"
