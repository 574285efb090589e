"""The instructions of a program carried out as `docs/kernel.md` says, one row at a time, with nothing compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from model.projection.program import Program
from model.vocabulary import FloatArray

Row = FloatArray
Act = Callable[..., Row]


def where(condition: Any, some: Row, other: Any) -> Row:
    """One or the other, by year."""
    return np.where(condition, some, other)


OPS: dict[int, Act] = {
    0: lambda s, d, a, b, kc, ke, _: s[d] + kc * s[a],
    1: lambda s, d, a, b, kc, ke, _: s[d] + s[a],
    2: lambda s, d, a, b, kc, ke, _: kc,
    4: lambda s, d, a, b, kc, ke, _: where(s[b] > 0, kc * s[a] / s[b], 0),
    6: lambda s, d, a, b, kc, ke, _: np.cumsum(kc * s[a]),
    7: lambda s, d, a, b, kc, ke, level: level[a],
    9: lambda s, d, a, b, kc, ke, level: np.minimum(level[a], kc),
    10: lambda s, d, a, b, kc, ke, _: np.minimum(s[d], where(ke > 0, kc * s[a] / ke, 0)),
    11: lambda s, d, a, b, kc, ke, _: np.minimum(s[d], np.maximum(s[a], 0) + kc),
    12: lambda s, d, a, b, kc, ke, _: where(kc > 0, np.minimum(s[d], np.maximum(s[a] + ke, 0) / kc), s[d]),
    13: lambda s, d, a, b, kc, ke, _: np.minimum(s[a], s[b]),
    14: lambda s, d, a, b, kc, ke, _: where(np.isfinite(s[a]), s[a], s[b]),
    15: lambda s, d, a, b, kc, ke, _: where(s[b] > 0, np.minimum(s[a] / s[b], 1), 0),
    17: lambda s, d, a, b, kc, ke, _: where(s[b] > kc * s[a], s[a] / s[b], 1),
    18: lambda s, d, a, b, kc, ke, _: s[d] * s[a],
}


def evaluate(program: Program, level: FloatArray, by_mode: FloatArray, entry: int) -> FloatArray:
    """The result rows (row, year) of one request (thing, year) in one entry of the case's batch axis."""
    s, at = np.full((program.state, program.years), np.nan), 0
    instructions = program.instructions.tolist()
    with np.errstate(divide="ignore", invalid="ignore"):
        while at < len(instructions):
            op, d, a, b, c, e = instructions[at]
            at += 1
            if op == 3:
                s[d : d + a] = 0
            elif op == 5:
                s[d] = -s[a] * s[b]
                s[b] = s[b] + s[d]
            elif op == 8:
                s[d] = by_mode[e]
            elif op == 16:
                said = by_mode[e]
                s[d] = where(np.isnan(said), s[d] * s[b], np.minimum(said, s[a]))
            else:
                s[d] = OPS[op](s, d, a, b, coefficient(program, c, entry), coefficient(program, e, entry), level)
            if op == 9 and not np.any(level[a]):
                at = b
    return s[: program.results]


def coefficient(program: Program, row: int, entry: int) -> Row:
    """A coefficient row of an entry."""
    first = program.start[row] + entry * program.step[row]
    return program.coefficients[first : first + program.years]
