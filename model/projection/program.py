"""Which instructions carry a portfolio out? A list of them on rows of numbers by year, and the coefficients they use.

`docs/kernel.md` says what each instruction does, so that it can be carried out by anything; here `interpreter` does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from model.vocabulary import FloatArray, IntArray


class Op(IntEnum):
    """What an instruction (op, d, a, b, c, e) does in every year; s are state rows, k coefficient rows."""

    SCALE = 0
    """s[d] += k[c] * s[a]"""
    ADD = 1
    """s[d] += s[a]"""
    LOAD = 2
    """s[d] = k[c]"""
    CLEAR = 3
    """s[d], s[d + 1], ..., s[d + a - 1] = 0"""
    RATIO = 4
    """s[d] = k[c] * s[a] / s[b] where s[b] > 0, else 0"""
    DRAW = 5
    """s[d] = -s[a] * s[b], then s[b] += s[d]"""
    ACCUMULATE = 6
    """s[d] = k[c] * s[a], summed up from the first year to each year"""
    READ_LEVEL = 7
    """s[d] = level[a] of the request"""
    READ_MODE = 8
    """s[d] = by_mode[e] of the request; e is no coefficient row"""
    WANT = 9
    """s[d] = min(level[a], k[c]); where level[a] of the request is 0 in every year, instruction b is next"""
    REQUIRE = 10
    """s[d] = min(s[d], k[c] * s[a] / k[e]), the second 0 unless k[e] > 0"""
    ENABLE = 11
    """s[d] = min(s[d], max(s[a], 0) + k[c])"""
    LEAVE = 12
    """s[d] = min(s[d], max(s[a] + k[e], 0) / k[c]) where k[c] > 0"""
    LEAST = 13
    """s[d] = min(s[a], s[b])"""
    WEIGH = 14
    """s[d] = s[a] where that is finite, else s[b]"""
    PORTION = 15
    """s[d] = min(s[a] / s[b], 1) where s[b] > 0, else 0"""
    SPLIT = 16
    """s[d] = s[d] * s[b] where by_mode[e] of the request is NaN, else min(by_mode[e], s[a]); e is no coefficient row"""
    SHRINK = 17
    """s[d] = s[a] / s[b] where s[b] > k[c] * s[a], else 1"""
    TIMES = 18
    """s[d] = s[d] * s[a]"""


@dataclass(frozen=True)
class Program:
    """A case in its futures and draws, compiled: instructions, coefficients and where results stand."""

    instructions: IntArray
    """(instruction, 6): op, d, a, b, c, e"""
    coefficients: FloatArray
    """(any,) rows of numbers by year, one after the other"""
    start: IntArray
    """(coefficient row,) where it begins in `coefficients`, for the first entry of the case's batch axis"""
    step: IntArray
    """(coefficient row,) how much later it begins for each next entry; 0: all share it"""
    rows: Mapping[str, slice]
    """the state rows of each kind of result"""
    state: int
    """state rows"""
    results: int
    """state rows that are results: the first ones"""
    years: int
    batch: int
    """entries of the case's batch axis"""
    asked: tuple[int, int]
    """measures and modes of a request"""


class Assembler:
    """Collects rows, coefficients and instructions of a program.

    `results` are groups of rows, by name and length, that are shown: they come first, in their order.
    """

    def __init__(self, batch: int, years: int, asked: tuple[int, int], results: Mapping[str, int]) -> None:
        self.batch, self.years, self._asked = batch, years, asked
        self.rows: dict[str, slice] = {}
        self._next = 0
        self._instructions: list[list[int]] = []
        self._coefficients: list[FloatArray] = []
        self._known: dict[bytes, int] = {}
        for name, length in results.items():
            self.group(name, length)
        self._results, self._shown = self._next, tuple(results)

    def group(self, name: str, length: int = 1) -> int:
        """The first row of a group, which is made where there is none of this name."""
        if name not in self.rows:
            self.rows[name] = slice(self._next, self._next + length)
            self._next += length
        return int(self.rows[name].start)

    def coefficient(self, values: FloatArray) -> int:
        """A row of coefficients (1 or batch, year); the same row for the same numbers."""
        if len(values) > 1 and not np.any(values != values[:1]):
            values = values[:1]
        content = values.tobytes()
        if content not in self._known:
            self._known[content] = len(self._coefficients)
            self._coefficients.append(values)
        return self._known[content]

    def constant(self, value: float) -> int:
        """A row of coefficients that are one number."""
        return self.coefficient(np.full((1, self.years), value))

    def emit(self, op: Op, d: int, a: int = 0, b: int = 0, c: int = 0, e: int = 0) -> int:
        """Add an instruction; its number comes back."""
        self._instructions.append([op, d, a, b, c, e])
        return len(self._instructions) - 1

    def scale(self, d: int, a: int, values: FloatArray) -> None:
        """Add SCALE by coefficients (1 or batch, year), unless all of them are 0."""
        if np.any(values):
            self.emit(Op.SCALE, d, a, c=self.coefficient(values))

    def skip(self, wanted: int) -> None:
        """What comes now is where the WANT of this number goes on if nothing is wanted."""
        self._instructions[wanted][3] = len(self._instructions)

    def program(self) -> Program:
        """All of it as flat arrays."""
        self.constant(0.0)  # there is always a first coefficient row
        coefficients, start, step = _stored(self._coefficients, self.batch, self.years)
        return Program(
            instructions=np.array(self._instructions, dtype=np.int64).reshape(-1, 6),
            coefficients=coefficients,
            start=start,
            step=step,
            rows={name: self.rows[name] for name in self._shown},
            state=self._next,
            results=self._results,
            years=self.years,
            batch=self.batch,
            asked=self._asked,
        )


def _stored(rows: Sequence[FloatArray], batch: int, years: int) -> tuple[FloatArray, IntArray, IntArray]:
    """Rows (1 or batch, year) one after the other: where each begins, and its step along the batch axis.

    What the whole batch shares is stored once; the rest entry by entry, so that an entry reads one block.
    """
    own = [len(row) > 1 for row in rows]
    shared = [row[0] for row, differs in zip(rows, own, strict=True) if not differs]
    apart = [row for row, differs in zip(rows, own, strict=True) if differs]
    block = np.empty((batch, len(apart), years))
    for index, row in enumerate(apart):
        block[:, index] = row
    place = np.cumsum(own) - 1
    start = np.where(own, len(shared) + place, np.arange(len(rows)) - place - 1) * years
    step = np.where(own, len(apart) * years, 0)
    whole = np.concatenate([np.array(shared).reshape(-1), block.reshape(-1)])
    return whole, start.astype(np.int64), step.astype(np.int64)
