"""How are the instructions of a program carried out? One small loop, written to be compiled by numba.

Importing this imports numba: only `compilation` does, when something is to be projected. Rows are addressed in flat
arrays by unsigned offsets, which is what lets the compiler turn each operation into a few wide instructions. Products
are not fused with sums, so that every processor, and a browser, gives the same bits.
"""

from __future__ import annotations

import numpy as np
from numba import float64, int64, njit, uintp, void

from model.projection.program import Op

(
    SCALE, ADD, LOAD, CLEAR, RATIO, DRAW, ACCUMULATE, READ_LEVEL, READ_MODE, WANT, REQUIRE, ENABLE, LEAVE, LEAST, WEIGH,
    PORTION, SPLIT, SHRINK, TIMES,
) = (int(op) for op in Op)  # fmt: skip

SIGNATURE = void(
    int64[:, ::1], float64[::1], int64[::1], int64[::1], float64[:, :, ::1], float64[:, :, ::1], int64[::1], int64[::1],
    float64[::1], float64[:, ::1], int64, int64,
)  # fmt: skip


def execute(instructions, k, start, step, level, by_mode, case_of, request_of, s, results, first, last):  # type: ignore[no-untyped-def]
    """Carry the program out for entries `first` to `last` of a batch and write their result rows.

    `instructions`, `k` (coefficients), `start` and `step` are the program's; `level` and `by_mode` the requests
    (request, thing, year); `case_of` and `request_of` (entry,) say which of both an entry takes; `s` is the state, one
    row after the other; `results` (entry, row x year).
    """
    years, shown = uintp(level.shape[2]), uintp(results.shape[1])
    for entry in range(first, last):
        case, asked = case_of[entry], request_of[entry]
        at, end = uintp(0), uintp(len(instructions))
        while at < end:
            op = instructions[at, 0]
            d, a = uintp(instructions[at, 1]) * years, uintp(instructions[at, 2]) * years
            row = uintp(instructions[at, 4])
            c = uintp(start[row] + case * step[row])
            if op == SCALE:
                for y in range(years):
                    s[d + y] += k[c + y] * s[a + y]
            elif op == ADD:
                for y in range(years):
                    s[d + y] += s[a + y]
            elif op == LOAD:
                for y in range(years):
                    s[d + y] = k[c + y]
            elif op == CLEAR:
                for y in range(uintp(instructions[at, 2]) * years):
                    s[d + y] = 0.0
            elif op in (READ_LEVEL, READ_MODE):
                read = level if op == READ_LEVEL else by_mode
                for y in range(years):
                    s[d + y] = read[asked, instructions[at, 2], y]
            elif op == WANT:
                some = False
                for y in range(years):
                    wanted = level[asked, instructions[at, 2], y]
                    some |= wanted != 0.0
                    s[d + y] = min(wanted, k[c + y])
                if not some:
                    at = uintp(instructions[at, 3])
                    continue
            elif op == SPLIT:
                b, mode = uintp(instructions[at, 3]) * years, instructions[at, 5]
                for y in range(years):
                    said = by_mode[asked, mode, y]
                    s[d + y] = s[d + y] * s[b + y] if np.isnan(said) else min(said, s[a + y])
            else:
                b, row = uintp(instructions[at, 3]) * years, uintp(instructions[at, 5])
                _combine(op, s, k, d, a, b, c, uintp(start[row] + case * step[row]), years)
            at += uintp(1)
        for y in range(shown):
            results[entry, y] = s[y]


@njit(nogil=True, error_model="numpy")
def _combine(op, s, k, d, a, b, c, e, years):  # type: ignore[no-untyped-def]
    """The operations on state and coefficients that are not as frequent."""
    if op == RATIO:
        for y in range(years):
            s[d + y] = k[c + y] * s[a + y] / s[b + y] if s[b + y] > 0.0 else 0.0
    elif op == DRAW:
        for y in range(years):
            moved = -s[a + y] * s[b + y]
            s[d + y] = moved
            s[b + y] += moved
    elif op == LEAVE:
        for y in range(years):
            if k[c + y] > 0.0:
                s[d + y] = min(s[d + y], max(s[a + y] + k[e + y], 0.0) / k[c + y])
    elif op == LEAST:
        for y in range(years):
            s[d + y] = min(s[a + y], s[b + y])
    elif op == REQUIRE:
        for y in range(years):
            s[d + y] = min(s[d + y], k[c + y] * s[a + y] / k[e + y] if k[e + y] > 0.0 else 0.0)
    elif op == ENABLE:
        for y in range(years):
            s[d + y] = min(s[d + y], max(s[a + y], 0.0) + k[c + y])
    elif op == WEIGH:
        for y in range(years):
            s[d + y] = s[a + y] if np.isfinite(s[a + y]) else s[b + y]
    elif op == PORTION:
        for y in range(years):
            s[d + y] = min(s[a + y] / s[b + y], 1.0) if s[b + y] > 0.0 else 0.0
    elif op == SHRINK:
        for y in range(years):
            s[d + y] = s[a + y] / s[b + y] if s[b + y] > k[c + y] * s[a + y] else 1.0
    elif op == TIMES:
        for y in range(years):
            s[d + y] *= s[a + y]
    elif op == ACCUMULATE:
        total = 0.0
        for y in range(years):
            total += k[c + y] * s[a + y]
            s[d + y] = total
