"""How is the user told what is probably wrong? A few warnings beside what was asked for, all of them by `check`."""

from __future__ import annotations

from collections.abc import Sequence

from model.cli import console
from model.cli.alike import told_once
from model.cli.language import sentence
from model.inputs.doubt import Doubt

MOST = 10
"""Warnings beside what was asked for."""


def tell(doubts: Sequence[Doubt]) -> None:
    """The first warnings that no note explains, and how many more there are."""
    told = _open(doubts)
    for each in told[:MOST]:
        console.hint("Warning: {what}", what=each)
    if len(told) > MOST:
        console.hint("and {count} more: run.py check shows all.", count=len(told) - MOST)


def tell_all(doubts: Sequence[Doubt]) -> int:
    """Every warning, of which there are so many; what looks wrong but is explained by a note is none."""
    told = _open(doubts)
    for each in told:
        console.hint("Warning: {what}", what=each)
    for explained in doubts:
        if explained.checked:
            console.tell("Explained: {what}", what=sentence(explained, console.language()))
    return len(told)


def _open(doubts: Sequence[Doubt]) -> list[str]:
    return told_once([each for each in doubts if not each.checked], console.language())
