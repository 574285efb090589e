"""How are many portfolios carried out at once? A program, bound to the compiled interpreter, runs over a batch."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from model.projection.compilation import interpreter
from model.projection.program import Program
from model.vocabulary import FloatArray, IntArray

ALONE = 256
"""Entries of a batch that are not worth a thread of their own."""


class Kernel:
    """Carries out requests to one program; it keeps nothing between calls, so that threads may share it."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._execute = interpreter()
        self._first = np.zeros(1, dtype=np.int64)
        sizes = (len(program.instructions), program.years, program.results, *program.asked)
        self._sizes = np.array(sizes, dtype=np.int64)
        fixed = (self._sizes, program.instructions, program.coefficients, program.start, program.step)
        self._fixed = tuple(_address(each) for each in fixed)

    def run(
        self,
        level: FloatArray,
        by_mode: FloatArray,
        case_of: IntArray | None = None,
        request_of: IntArray | None = None,
        results: FloatArray | None = None,
        threads: int | None = None,
    ) -> FloatArray:
        """Result rows of every entry of a batch, (entry, row, year); `Program.rows` says which are which.

        `level` (request, measure, year) and `by_mode` (request, mode, year) are what is asked for. `case_of` and
        `request_of` (entry,) say which future or draw, and which request, an entry takes: what entries share is stored
        once. Without them all go side by side, and an only one is everybody's. `results` of a run before may be
        written over. Whatever the number of `threads` (at most the processors, which None stands for), the same comes
        out. Raises ValueError where shapes do not fit.
        """
        program = self.program
        asked = [_plain(each) for each in (level, by_mode)]
        _check_requests(program, *asked)
        if case_of is None and request_of is None and program.batch == len(level) == 1:
            cases = requests = self._first
        else:
            cases, requests = _entries(case_of, program.batch, request_of, len(level))
        shape = (len(cases), program.results, program.years)
        if results is None:
            results = np.empty(shape)
        elif results.shape != shape or results.dtype != np.float64 or not results.flags.carray:
            raise ValueError(f"results must be a C-contiguous float64 array {shape}")
        given = (*self._fixed, *(_address(each) for each in (*asked, cases, requests)))
        written = _address(results)

        def carry_out(first: int, last: int) -> None:
            state = np.empty(program.state * program.years)
            self._execute(*given, _address(state), written, first, last)

        most = os.cpu_count() or 1
        workers = min(threads or most, most, max(len(cases) // ALONE, 1))
        if workers == 1:
            carry_out(0, len(cases))
        else:
            edges = [len(cases) * part // workers for part in range(workers + 1)]
            with ThreadPoolExecutor(workers) as pool:
                list(pool.map(carry_out, edges[:-1], edges[1:]))
        return results

    def blocks(
        self, level: FloatArray, by_mode: FloatArray, case_of: IntArray, request_of: IntArray, size: int = 1024
    ) -> Iterator[tuple[slice, FloatArray]]:
        """The entries of a long batch and their result rows, block after block in the same memory.

        What is wanted of a block, a mean or a count, is to be taken before the next one is written over it; blocks do
        not depend on the number of threads, so sums over them do not either.
        """
        results = np.empty((min(size, len(case_of)), self.program.results, self.program.years))
        for first in range(0, len(case_of), size):
            part = slice(first, min(first + size, len(case_of)))
            rows = results[: part.stop - first]
            yield part, self.run(level, by_mode, case_of[part], request_of[part], rows)


def _address(array: np.ndarray[Any, Any]) -> int:
    """Where the numbers of a contiguous array begin; whoever uses it keeps the array."""
    return int(array.__array_interface__["data"][0])


def _plain(array: FloatArray) -> FloatArray:
    """The array as the interpreter takes it: contiguous and writable floats."""
    plain = array.dtype == np.float64 and array.flags.carray
    return array if plain else np.require(array, np.float64, ["C", "W"])


def _check_requests(program: Program, level: FloatArray, by_mode: FloatArray) -> None:
    """The compiled interpreter does not look where it reads and writes: what would be outside is refused here."""
    measures, modes = program.asked
    if level.shape[1:] != (measures, program.years):
        raise ValueError(f"level is {level.shape}, not (request, {measures}, {program.years})")
    if by_mode.shape != (len(level), modes, program.years):
        raise ValueError(f"by_mode is {by_mode.shape}, not {(len(level), modes, program.years)}")


def _entries(
    case_of: IntArray | None, cases: int, request_of: IntArray | None, requests: int
) -> tuple[IntArray, IntArray]:
    """Which case and which request each entry takes: as said, side by side, or all the only one there is."""
    sides = ((case_of, cases), (request_of, requests))
    batch = max(length if given is None else len(given) for given, length in sides)
    found = []
    for given, length in sides:
        index = np.arange(batch) if given is None and length > 1 else np.zeros(batch, dtype=np.int64)
        if given is not None:
            index = np.require(given, np.int64, ["C", "W"])
        if index.shape != (batch,) or (batch and not 0 <= index.min() <= index.max() < length):
            raise ValueError(f"a batch of {batch} entries cannot take {length} cases or requests by {index}")
        found.append(index)
    return found[0], found[1]
