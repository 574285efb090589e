"""Which thing was meant by a name that is none? Those whose labels hold the words that were typed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from model.inputs.columns.base import Labelled
from model.inputs.faults import listing

Labels = Mapping[str, tuple[str, ...]]
"""Name of a thing: what it is called."""
WORD = re.compile(r"[^\W_]+")


def labels_of(rows: Iterable[Labelled], column: str) -> dict[str, tuple[str, ...]]:
    """What the rows of a table are called, by the name in a column."""
    return {str(getattr(row, column)): (row.label_en, row.label_sv) for row in rows}


def called(text: str, labels: Labels) -> dict[str, str]:
    """The things of which a label holds all words of a text, with that label."""
    words = WORD.findall(text.lower())
    found = {}
    for name, their in labels.items():
        label = next((each for each in their if words and all(word in each.lower() for word in words)), None)
        if label is not None:
            found[name] = label
    return found


def offered(text: str, labels: Labels, most: int = 12) -> tuple[str, tuple[str, ...]]:
    """What is allowed where a thing is named, and the names that may have been meant.

    Those that are called so, with their labels; all where none is.
    """
    found = called(text, labels)
    if not found:
        return f"one of {listing(labels)}", tuple(labels)
    shown = [f"{name} ({label})" for name, label in sorted(found.items())]
    more = f", ... ({len(shown)} in all)" if len(shown) > most else ""
    return f"a name, not a label: {', '.join(shown[:most])}{more}", tuple(found)
