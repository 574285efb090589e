"""In which language does the terminal speak? Messages stand in the code in English; here they are turned into Swedish.

`messages_sv.csv` has a line for each: the English text as it stands in the code, with what is filled in between braces,
and the Swedish one. What is not there is said in English.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path
from string import Formatter

from model.inputs.doubt import CHECKED, Doubt
from model.inputs.faults import Fault

CATALOGUE = Path(__file__).with_name("messages_sv.csv")
SENTENCE = "{place}: found {found}; allowed: {allowed}.{near}"
NEAR = " Did you mean '{name}'?"
WARNING = "{place}: found {found}; usual: {usual}. {do}.{note}"
NOTE = " Its note: {note}."
NAMES = frozenset({"names", "columns", "example", "file", "place", "unit"})
"""What is filled in as it is: names to be typed, and where something stands."""
QUOTED = re.compile(r"'\{(\w+)\}'")
SEVERAL = "links"
"""What is filled in under this name may be several messages."""
BETWEEN = re.compile(r"(; |(?<=\)), )")
JOINED = (("' and '", "' och '"), (".csv or ", ".csv eller "), (" in all)", " i allt)"))
"""What stands between names that are filled in, between files, and after names of which there are more."""
NUMBER = re.compile(r"-?\d[\d ]*\.\d+(e[-+]?\d+)?")
DEEPEST = 4
"""What is filled in may be a message itself, and what is filled in there."""


def said(text: str, language: str, **values: object) -> str:
    """A message with its values filled in; `text` as it stands in the catalogue."""
    if language == "sv":
        text = catalogue().get(text, text)
    return text.format(**values) if values else text


def sentence(found: Fault | Doubt, language: str) -> str:
    """A fault, or what is probably wrong, in a sentence."""
    if language != "sv":
        return str(found)
    what = {"place": found.place, "found": translated(found.found)}
    if isinstance(found, Doubt):
        note = said(NOTE, language, note=found.checked.removeprefix(CHECKED).strip()) if found.checked else ""
        return said(WARNING, language, **what, usual=translated(found.usual), do=translated(found.do), note=note)
    near = said(NEAR, language, name=found.nearest) if found.nearest else ""
    return said(SENTENCE, language, **what, allowed=translated(found.allowed), near=near)


def translated(text: str, depth: int = 0) -> str:
    """A message that is made already, in Swedish: what is filled in is found again, and turned as well."""
    if text in catalogue():
        return catalogue()[text]
    for pattern, swedish, typed in patterns():
        if match := pattern.fullmatch(text):
            values = match.groupdict()
            for english, other in JOINED:
                values |= {each: values[each].replace(english, other) for each in values.keys() & NAMES}
            if depth < DEEPEST:
                values |= {each: _filled(each, value, depth) for each, value in values.items() if each not in typed}
            return swedish.format(**values)
    return text.replace(".", ",") if NUMBER.fullmatch(text) else text


def _filled(name: str, value: str, depth: int) -> str:
    """What is filled in, turned; of several messages each."""
    parts = BETWEEN.split(value) if name == SEVERAL else [value]
    return "".join(translated(part, depth + 1) for part in parts)


@cache
def catalogue() -> dict[str, str]:
    """English text: Swedish text."""
    with CATALOGUE.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        return {row[0]: row[1] for row in rows}


@cache
def patterns() -> tuple[tuple[re.Pattern[str], str, frozenset[str]], ...]:
    """Messages with something to fill in as patterns, those that say most first; and what of it is not turned.

    What stands between quotes was typed by somebody, or is to be typed.
    """
    found = [(english, swedish) for english, swedish in catalogue().items() if "{" in english]
    found.sort(key=lambda each: -sum(len(literal) for literal, *_ in Formatter().parse(each[0])))
    return tuple((_pattern(english), swedish, NAMES.union(QUOTED.findall(english))) for english, swedish in found)


def _pattern(text: str) -> re.Pattern[str]:
    parts: list[str] = []
    seen: set[str] = set()
    for literal, name, *_ in Formatter().parse(text):
        parts.append(re.escape(literal))
        if name is not None:
            parts.append(f"(?P={name})" if name in seen else f"(?P<{name}>.+?)")
            seen.add(name)
    return re.compile("".join(parts), re.DOTALL)
