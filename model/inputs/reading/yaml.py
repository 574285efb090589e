"""What does a YAML file say, as plain keys, lists and values with their lines?

Only what a person writes is read: keys with values, lists, texts, numbers, true, false and nothing, as YAML 1.2 has
them. What makes a short file long (anchors and aliases), hides what stands where (merged keys) or makes objects (tags)
is refused at its line. ruamel reads the file into events; nothing of it is ever constructed by a library.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

Lines = dict[tuple[str, ...], int]
DEEPEST, MOST_KEYS = 12, 200_000
"""How deep keys may stand in keys, and how many things a file may hold."""
INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?")
AFTER_COMMA = re.compile(r"[0-9]+( ?[^0-9].*)?")
"""What may stand behind a decimal comma: digits, and a unit."""
WORDS: dict[str, Any] = {"": None, "~": None} | {
    form(word): value
    for word, value in (("null", None), ("true", True), ("false", False))
    for form in (str.lower, str.title, str.upper)
}
"""What is no text though it is written without quotation marks."""
RULES = "YAML 1.2, each key once, indented by spaces"
COLON = "a text with a colon in it between quotes"


class NotReadable(Exception):
    """What is found, in which line, and what is allowed instead."""

    def __init__(self, found: str, line: int, allowed: str = RULES) -> None:
        super().__init__(found)
        self.found, self.line, self.allowed = found, line, allowed


def parsed(text: str) -> tuple[Any, Lines]:
    """What a document says, and the line, from 1, of each key and each place of a list by its path.

    Raises `NotReadable` at the first thing that cannot be read.
    """
    content, lines = _parsed(text)
    return _copied(content), dict(lines)


@lru_cache(maxsize=256)
def _parsed(text: str) -> tuple[Any, Lines]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        return _built(YAML(typ="safe", pure=True).parse(text))
    except YAMLError as error:
        raise _said(error) from None
    except (ValueError, TypeError, AttributeError, IndexError, KeyError, AssertionError, RecursionError) as error:
        raise NotReadable(f"bad YAML ({type(error).__name__})", 0) from error  # of ruamel's own, on some nonsense


def _said(error: Any) -> NotReadable:
    """ruamel's complaint in our words."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = str(getattr(error, "problem", None) or str(error).splitlines()[0]).partition(" with value")[0]
    found = problem.removeprefix("found ") if problem.startswith("found ") else f"bad YAML ({problem})"
    rules = f"{RULES}; {COLON}" if problem.startswith("mapping values") else RULES
    return NotReadable(found, mark.line + 1 if mark else 0, rules)


class _Open:
    """Keys or a list that have begun and not ended."""

    def __init__(self, content: Any, path: tuple[str, ...]) -> None:
        self.content, self.path = content, path
        self.key: tuple[Any] | None = None  # a key that waits for its value
        self.last: Any = None  # the value before

    def take(self, value: Any, line: int, lines: Lines) -> tuple[str, ...]:
        """Put a value where it belongs, or remember it as the key of the next; gives its path."""
        if isinstance(self.content, list):
            self.content.append(value)
            here = (*self.path, str(len(self.content) - 1))
            lines[here] = line
        elif self.key is None:
            self._check_key(value, line)
            self.key, here = (value,), (*self.path, str(value))
            lines[here] = line
        else:
            here = (*self.path, str(self.key[0]))
            self._check_comma(value, line)
            self.content[self.key[0]], self.last, self.key = value, value, None
        return here

    def _check_comma(self, value: Any, line: int) -> None:
        """`{a: 40,5 %}` has the keys a and '5 %': nobody means that."""
        assert self.key is not None
        before, after = str(self.last), str(self.key[0])
        if value is None and before[-1:].isdigit() and AFTER_COMMA.fullmatch(after):
            allowed = f"a point in a number, such as '{before}.{after}': between braces a comma ends a value"
            raise NotReadable(f"'{before},{after}'", line, allowed)

    def _check_key(self, value: Any, line: int) -> None:
        if not isinstance(value, str | int) or isinstance(value, bool):
            raise NotReadable("a key that is no word", line, "a word or a year as a key (in quotes if it is a text)")
        if value == "<<":
            raise NotReadable("a merge key (<<)", line, "keys written out, or 'extends' for another file")
        if value in self.content:
            raise NotReadable(f'duplicate key "{value}"', line)


def _built(events: Iterable[Any]) -> tuple[Any, Lines]:
    """Events as content, without recursion: how deep a file goes does not matter to Python."""
    lines: Lines = {}
    whole = _Open([], ())
    stack, count = [whole], 0
    for event in events:
        kind, count = type(event).__name__, count + 1
        line = event.start_mark.line + 1 if event.start_mark else 0
        _refuse(event, kind, line, len(stack), count)
        here = stack[-1]
        if kind.endswith("EndEvent") and kind[:3] in ("Map", "Seq"):
            stack.pop()
        elif kind in ("MappingStartEvent", "SequenceStartEvent", "ScalarEvent"):
            value = _scalar(event) if kind == "ScalarEvent" else {} if kind == "MappingStartEvent" else []
            path = here.take(value, line, {} if here is whole else lines)
            if kind != "ScalarEvent":
                stack.append(_Open(value, () if here is whole else path))
    if len(whole.content) > 1:
        raise NotReadable("several documents in one file", 0, "one document, without a line of ---")
    return (whole.content[0] if whole.content else None), lines


def _refuse(event: Any, kind: str, line: int, depth: int, count: int) -> None:
    """What has no place in a file that a person writes."""
    if kind == "AliasEvent" or getattr(event, "anchor", None):
        raise NotReadable("an anchor or alias (& or *)", line, "values written out (in quotes if & or * is text)")
    tag = getattr(event, "ctag", None) or getattr(event, "tag", None)
    if tag is not None and str(tag) not in ("None", "!"):
        raise NotReadable(f"a tag ({tag})", line, "values without tags (in quotes if ! is text)")
    if depth > DEEPEST:
        raise NotReadable(f"more than {DEEPEST} levels of keys or lists", line, "few, as docs/scenarios.md shows")
    if count > MOST_KEYS:
        raise NotReadable(f"more than {MOST_KEYS} keys and values", line, "a smaller file")


def _scalar(event: Any) -> Any:
    """A value as YAML 1.2 has it: what is in quotation marks, or is nothing else, is text."""
    text: str = event.value
    if event.style in ("'", '"', "|", ">"):
        return text
    if text in WORDS:
        return WORDS[text]
    if INTEGER.fullmatch(text):
        return int(text)
    return float(text) if FLOAT.fullmatch(text) else text


def _copied(content: Any) -> Any:
    """Content that a caller may change."""
    if isinstance(content, dict):
        return {key: _copied(value) for key, value in content.items()}
    return [_copied(value) for value in content] if isinstance(content, list) else content
