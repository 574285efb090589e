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


def told_once(found: Iterable[Told], language: str = "en") -> list[str]:
    """What was found, one text each, in the order of files and lines; what is repeated down a column is one."""
    alike: dict[Told, list[Told]] = {}
    for each in sorted(found):
        alike.setdefault(replace(each, place=replace(each.place, line=0)), []).append(each)
    return [_once(same, language) for same in alike.values()]


def _once(same: Sequence[Told], language: str) -> str:
    from model.cli.language import said, sentence

    lines, first = [str(each.place.line) for each in same[1:]], sentence(same[0], language)
    if not lines:
        return first
    more = ", ".join(lines[:SHOWN_LINES]) + (f" ... {lines[-1]}" if len(lines) > SHOWN_LINES else "")
    several = "The same in lines {lines} ({count} in all)."
    also = several if len(lines) > 1 else "The same in line {lines} ({count} in all)."
    return f"{first} {said(also, language, lines=more, count=len(same))}"
