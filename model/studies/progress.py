"""How does a caller hear what has been done? Callbacks; nothing that runs prints."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

Progress = Callable[[int, str], AbstractContextManager[Callable[[str], None]]]
"""Begin so many steps under a title; gives the function that is called with what has just been done."""


@contextmanager
def silent(total: int, title: str) -> Iterator[Callable[[str], None]]:
    """Nobody hears."""
    yield lambda _: None


@dataclass(frozen=True)
class Hearing:
    """Who hears of steps, and of what cannot wait until all is done."""

    progress: Progress = silent
    say: Callable[[str], None] = lambda _: None
