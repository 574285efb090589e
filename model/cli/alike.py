"""Which faults or warnings are the same but for their line? Each is told once, with all files and lines it is in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from model.inputs.doubt import Doubt
from model.inputs.faults import Fault, Place

SHOWN_LINES = 8
"""Lines named where the same is in many."""

Told = TypeVar("Told", Fault, Doubt)


def told_once(found: Iterable[Told], language: str = "en") -> list[str]:
    """What was found, one text each, in the order of files and lines; what is repeated down a column is one."""
    alike: dict[Told, list[Told]] = {}
    for each in sorted(found):
        alike.setdefault(replace(each, place=Place("", 0, each.place.column)), []).append(each)
    return [_once(same, language) for same in alike.values()]


def _once(same: Sequence[Told], language: str) -> str:
    from model.cli.language import said, sentence

    first = sentence(same[0], language)
    if len(same) == 1:
        return first
    lines: dict[str, list[int]] = {}
    for each in same[1:]:
        lines.setdefault(each.place.file, []).append(each.place.line)
    here = lines.pop(same[0].place.file, [])
    several = "The same in lines {lines} ({count} in all)."
    also = several if len(here) > 1 else "The same in line {lines} ({count} in all)."
    if not here:
        also = "The same in {lines} ({count} in all)."
    places = [_few(here)] if here else []
    places += [f"{file}:{_few(numbers)}" for file, numbers in lines.items()]
    return f"{first} {said(also, language, lines='; '.join(places), count=len(same))}"


def _few(lines: Sequence[int]) -> str:
    """Lines, cut where they are many."""
    return ", ".join(map(str, lines[:SHOWN_LINES])) + (f" ... {lines[-1]}" if len(lines) > SHOWN_LINES else "")
