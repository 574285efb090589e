"""Which faults or warnings are the same but for their line? Each is told once, with all lines that it is in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from model.inputs.doubt import Doubt
from model.inputs.faults import Fault

SHOWN_LINES = 8
"""Lines named where the same is in many."""

Told = TypeVar("Told", Fault, Doubt)


def told_once(found: Iterable[Told]) -> list[str]:
    """What was found, one text each, in the order of files and lines; what is repeated down a column is one."""
    alike: dict[Told, list[Told]] = {}
    for each in sorted(found):
        alike.setdefault(replace(each, place=replace(each.place, line=0)), []).append(each)
    return [_once(same) for same in alike.values()]


def _once(same: Sequence[Told]) -> str:
    lines = [str(each.place.line) for each in same[1:]]
    if not lines:
        return str(same[0])
    more = ", ".join(lines[:SHOWN_LINES]) + (f" ... {lines[-1]}" if len(lines) > SHOWN_LINES else "")
    return f"{same[0]} The same in line{'s' if len(lines) > 1 else ''} {more} ({len(same)} in all)."
