"""What is probably wrong, though it can be computed with? Said with place, what was found, what is usual, what to do.

A doubt stops nothing. Where it is as it should be, the note of its row says so and begins with `checked:`; then runs do
not tell it again, and `run.py check` tells it with that note.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from model.inputs.faults import Place, printable

CHECKED = "checked:"
"""How the note of a row begins that has been looked at and is right."""


@dataclass(frozen=True, order=True)
class Doubt:
    """One thing that is probably wrong: where, what was found, what is usual, and what to do."""

    place: Place
    found: str
    usual: str
    do: str
    checked: str = ""
    """what the note of its row says; blank: nobody has looked at it"""

    def __post_init__(self) -> None:
        """What was found is shown on one line, whatever it is and however long."""
        for part in ("found", "usual", "do", "checked"):
            object.__setattr__(self, part, printable(getattr(self, part)))

    def __str__(self) -> str:
        note = f" Its note: {self.checked.removeprefix(CHECKED).strip()}." if self.checked else ""
        return f"{self.place}: found {self.found}; usual: {self.usual}. {self.do}.{note}"


def doubt_of(kept: Mapping[str, Any]) -> Doubt:
    """A doubt as it was kept in a manifest, by the names of its fields."""
    return Doubt(**{**kept, "place": Place(**kept["place"])})
