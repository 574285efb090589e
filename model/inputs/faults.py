"""What is wrong with the user's files? Said once, with file, line, what was found and what is allowed.

Faults are collected, never raised one by one: a strategist who mends a table wants to see all of them
at once. `InputFaults` carries the whole list to the command line, which prints it and exits with 1.

A rejected row leaves a hole, and what is checked later may stumble over it. Such a fault would only repeat the first
one in other words, so the collector remembers what was rejected, and a check that depends on tables names them.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

ENDLESS = re.compile(r"\S{150,}")
"""A word that is none."""


@dataclass(frozen=True, order=True)
class Place:
    """Where in the user's files a value stands: file as the user would type it, line counted from 1."""

    file: str
    line: int = 0
    column: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where} [{self.column}]" if self.column else where


@dataclass(frozen=True, order=True)
class Fault:
    """One fault: where, what was found, what is allowed, and the nearest valid name if there is one."""

    place: Place
    found: str
    allowed: str
    nearest: str = ""

    def __post_init__(self) -> None:
        """What was found is shown on one line, whatever it is and however long."""
        object.__setattr__(self, "found", printable(self.found))
        object.__setattr__(self, "allowed", printable(self.allowed))

    def __str__(self) -> str:
        hint = f" Did you mean '{self.nearest}'?" if self.nearest else ""
        return f"{self.place}: found {self.found}; allowed: {self.allowed}.{hint}"


class InputFaults(Exception):
    """All faults found in one pass over the user's files."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(set(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))

    def __reduce__(self) -> tuple[type[InputFaults], tuple[list[Fault]]]:
        """Cross from a worker process whole."""
        return InputFaults, (self.faults,)


@dataclass
class Faults:
    """A collector: `add` as many as there are, then `stop_if_any`."""

    found: list[Fault] = field(default_factory=list)
    rejected: dict[str, set[str]] = field(default_factory=dict)
    """table: the words in its rows that cannot be used; a table that stands here is not complete"""
    incomplete: set[str] = field(default_factory=set)
    """tables of which it is not known what they name: unreadable, or with a row whose name is faulty"""

    def add(
        self,
        place: Place,
        found: str,
        allowed: str,
        names: Iterable[str] = (),
        name: str = "",
        depends_on: Iterable[str] = (),
    ) -> None:
        """Note a fault; with `names`, the valid names, the one nearest to `name` is suggested.

        `depends_on` are the tables in which what is missing could stand. The fault is not noted when it follows from
        a row rejected there: one that holds `name`, or any when no name is looked for.
        """
        tables = tuple(depends_on)
        if any(self._follows(table, name) for table in tables):
            return
        rejected = [word for table in tables for word in self.rejected.get(table, ()) if name]
        near = nearest(name or found.strip("'"), (*names, *rejected))
        self.found.append(Fault(place, found, allowed, near))

    def reject(self, table: str, words: Iterable[str] = ()) -> None:
        """Remember that a row of a table, with these words in it, cannot be used."""
        self.rejected.setdefault(table, set()).update(words)

    def _follows(self, table: str, name: str) -> bool:
        rejected = self.rejected.get(table)
        return table in self.incomplete or (rejected is not None and (not name or name in rejected))

    def __bool__(self) -> bool:
        return bool(self.found)

    def stop_if_any(self) -> None:
        """Raise `InputFaults` if anything was collected."""
        if self.found:
            raise InputFaults(self.found)


def printable(text: str) -> str:
    """A text as one line of a message: an endless word is cut, what cannot be shown stands as its code."""
    kept = ENDLESS.sub(lambda word: f"{word[0][:60]}... ({len(word[0])} characters)", text)
    if kept.isprintable():
        return kept
    return "".join(each if each.isprintable() else " " if each.isspace() else f"<U+{ord(each):04X}>" for each in kept)


def nearest(name: str, names: Iterable[str]) -> str:
    """The valid name closest to `name`, or an empty text when none is close."""
    by_lower = {candidate.lower(): candidate for candidate in names}
    close = difflib.get_close_matches(name.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[close[0]] if close else ""


def listing(names: Iterable[str], most: int = 12) -> str:
    """Names for a message: sorted, quoted nowhere, cut after `most`."""
    ordered = sorted(names)
    shown = ", ".join(ordered[:most])
    return shown if len(ordered) <= most else f"{shown}, ... ({len(ordered)} in all)"


def shown(path: Path, root: Path) -> str:
    """A path as the user would type it."""
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
