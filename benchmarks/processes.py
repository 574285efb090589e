"""What does a command cost? Wall clock, processor time and peak memory of it and of all processes it starts (Linux)."""

from __future__ import annotations

import resource
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

EVERY = 0.2
"""Seconds between looks at memory."""


@dataclass(frozen=True)
class Cost:
    """What a command took."""

    wall: float
    """s"""
    processor: float
    """s, of the command and of all it started and waited for"""
    memory: float
    """GB at the worst moment: proportional share of pages, summed over the tree of processes"""

    def __str__(self) -> str:
        return f"{self.wall:7.1f} s, {self.processor:7.1f} s of the processor, {self.memory:5.2f} GB"


def cost(command: Sequence[str], folder: Path) -> Cost:
    """Run a command in a folder and see what it takes. Raises SystemExit with its last words if it fails."""
    begun, before = time.perf_counter(), _processor()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    most, over = [0.0], threading.Event()

    def watch() -> None:
        while not over.wait(EVERY):
            most[0] = max(most[0], sum(map(_memory, _tree(process.pid))))

    watching = threading.Thread(target=watch, daemon=True)
    watching.start()
    said = process.communicate()[0]
    passed = time.perf_counter() - begun
    over.set()
    watching.join()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} in {folder} ended with {process.returncode}:\n{said[-2000:]}")
    return Cost(passed, _processor() - before, most[0])


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _tree(process: int) -> list[int]:
    """A process and all it started, as far as they are there."""
    found = [process]
    for path in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            found += [each for child in path.read_text().split() for each in _tree(int(child))]
        except OSError:  # it has just ended
            continue
    return found


def _memory(process: int) -> float:
    """Its share of pages in GB; pages that several processes have are shared among them."""
    try:
        rows = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(float(row.split()[1]) for row in rows if row.startswith("Pss:")) / 1e6
