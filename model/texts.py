"""How is what is shown of results said in every language? Texts that are declared in pairs."""

from __future__ import annotations

import locale
import os
from collections.abc import Mapping
from string import Formatter
from typing import Literal, get_args

Language = Literal["sv", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")
"""Where a machine says which language its user has; the first that says anything counts."""


def usual_language() -> Language:
    """Swedish where the machine is set to it, else English."""
    said = next((value for name in LOCALE if (value := os.environ.get(name))), "")
    if not said:  # Windows says it elsewhere
        said = str(locale.getlocale()[0])
    return "sv" if said.lower().startswith(("sv", "swedish")) else "en"


class Texts:
    """Texts, {key: (sv, en)}; called with a key, a language and values, it gives one with them filled in.

    Those that are `shared` with others come with it. Raises ValueError where one lacks a language, has other values in
    one language than in another, or takes the key of a shared one; a call raises KeyError for what is unknown.
    """

    def __init__(self, own: Mapping[str, tuple[str, ...]], shared: Mapping[str, tuple[str, ...]] | None = None) -> None:
        every = {**(shared or {}), **own}
        for key, versions in every.items():
            if len(versions) != len(LANGUAGES) or not all(versions):
                raise ValueError(f"text '{key}': one for each of {', '.join(LANGUAGES)} is needed, found {versions}")
            if len({_values(each) for each in versions}) > 1:
                raise ValueError(f"text '{key}': its languages have different values to fill in: {versions}")
        if taken := own.keys() & (shared or {}).keys():
            raise ValueError(f"texts that are shared are called so already: {', '.join(sorted(taken))}")
        self.every = every

    def __call__(self, key: str, language: str, **values: object) -> str:
        """A text in a language, with its values filled in."""
        if language not in LANGUAGES:
            raise KeyError(f"'{language}' is not a language there is; choose {' or '.join(LANGUAGES)}")
        if key not in self.every:
            raise KeyError(f"'{key}' is no text here, nor one that is shared")
        return self.every[key][LANGUAGES.index(language)].format(**values)


def _values(words: str) -> frozenset[str]:
    """Names of what is filled in."""
    return frozenset(name for _, name, _, _ in Formatter().parse(words) if name is not None)
