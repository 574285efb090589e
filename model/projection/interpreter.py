"""How are the instructions of a program carried out? One small loop, written to be compiled by numba.

Importing this imports numba: only `compilation` does, where nothing is compiled yet. Everything is addressed in flat
memory by unsigned offsets, which is what lets the compiler turn each operation into a few wide instructions. Products
are not fused with sums, so that every processor, and a browser, gives the same bits.
"""

from __future__ import annotations

import numpy as np
from numba import float64, int64, njit, types, uintp

from model.projection.program import Op

(
    SCALE, ADD, LOAD, CLEAR, RATIO, DRAW, ACCUMULATE, READ_LEVEL, READ_MODE, WANT, REQUIRE, ENABLE, LEAVE, LEAST, WEIGH,
    PORTION, SPLIT, SHRINK, TIMES,
) = (int(op) for op in Op)  # fmt: skip

WHOLE, NUMBER = (types.CPointer(each) for each in (int64, float64))  # type: ignore[no-untyped-call]
SIGNATURE = types.void(
    WHOLE, WHOLE, NUMBER, WHOLE, WHOLE, NUMBER, NUMBER, WHOLE, WHOLE, NUMBER, NUMBER, int64, int64
)  # fmt: skip


def execute(sizes, code, k, start, step, level, by_mode, case_of, request_of, s, results, first, last):  # type: ignore[no-untyped-def]
    """Carry a program out for entries `first` to `last` of a batch and write their result rows.

    What is not a number is the address of numbers one after the other. `sizes` are those of a program, `code` its
    instructions, `k` its coefficients, beside `start` and `step`; `level` and `by_mode` are the requests (request,
    thing, year); `case_of` and `request_of` (entry,) say which of both an entry takes; `s` is the state (row, year),
    `results` (entry, row, year).
    """
    end, years, shown = uintp(sizes[0]), uintp(sizes[1]), uintp(sizes[1] * sizes[2])
    for entry in range(uintp(first), uintp(last)):
        case, levels, modes = case_of[entry], request_of[entry] * sizes[3], request_of[entry] * sizes[4]
        at = uintp(0)
        while at < end:
            i = at * uintp(6)
            op, d, a = code[i], uintp(code[i + uintp(1)]) * years, uintp(code[i + uintp(2)]) * years
            b, row, last_row = uintp(code[i + uintp(3)]), uintp(code[i + uintp(4)]), uintp(code[i + uintp(5)])
            c = uintp(start[row] + case * step[row])
            at += uintp(1)
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
                for y in range(a):
                    s[d + y] = 0.0
            elif op == WANT:
                q, some = uintp(levels) * years + a, False
                for y in range(years):
                    some |= level[q + y] != 0.0
                    s[d + y] = min(level[q + y], k[c + y])
                if not some:
                    at = b
            elif op in (READ_LEVEL, READ_MODE, SPLIT):
                q = (uintp(modes) + last_row) * years
                _read(op, s, level, by_mode, d, a, b * years, uintp(levels) * years + a, q, years)
            else:
                _combine(op, s, k, d, a, b * years, c, uintp(start[last_row] + case * step[last_row]), years)
        for y in range(shown):
            results[uintp(entry) * shown + y] = s[y]


@njit(nogil=True, error_model="numpy")
def _read(op, s, level, by_mode, d, a, b, asked, mode, years):  # type: ignore[no-untyped-def]
    """The operations on what is asked for."""
    if op == READ_LEVEL:
        for y in range(years):
            s[d + y] = level[asked + y]
    elif op == READ_MODE:
        for y in range(years):
            s[d + y] = by_mode[mode + y]
    elif op == SPLIT:
        for y in range(years):
            said = by_mode[mode + y]
            s[d + y] = s[d + y] * s[b + y] if np.isnan(said) else min(said, s[a + y])


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
