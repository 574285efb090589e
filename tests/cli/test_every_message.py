"""Is every text that reaches a terminal there in Swedish, and every line of the catalogue of use?"""

from __future__ import annotations

import ast
import re
from itertools import pairwise
from pathlib import Path
from string import Formatter

import pytest
import typer

from model import ROOT
from model.cli.language import catalogue, patterns, translated
from model.inputs.municipality import TEMPLATE
from tests.cli.every_message import FILLED, every_message

TYPED = re.compile(rf"{FILLED}\d+|'[^']*'|`[^`]*`|\S*[/_.<]\S*|[A-Z]{{2,}}")
"""What stands for something filled in, or is typed as it is: in quotes, a path, a name."""
SEAMS = 2
"""Places in a line where texts of the code may have been put together."""
MACHINES = ("No such file or directory", "integer", "character that cannot start any token")
"""What machine and libraries say."""
LETTERS = re.compile(r"[a-zåäö]{2,}", re.IGNORECASE)


def words_in(text: str) -> bool:
    """Whether a text says something, besides what is filled in and what is typed."""
    return bool(LETTERS.search(TYPED.sub("", text)))


def covered(text: str) -> bool:
    """Whether all that a text says is turned."""
    if not words_in(text) or text in catalogue():
        return True
    for pattern, _, typed in patterns():
        if match := pattern.fullmatch(text):
            quoted = re.findall(r"'\(\?P<(\w+)>", pattern.pattern)
            filled = {name: each for name, each in match.groupdict().items() if name not in quoted}
            return all(not words_in(each) if name in typed else covered(each) for name, each in filled.items())
    return False


def test_every_message_is_in_the_catalogue() -> None:
    missing = [f"{each.file}:{each.line}: {each.text}" for each in every_message() if not covered(each.text)]
    assert missing == [], "add a line for each to model/cli/messages_sv.csv:\n" + "\n".join(missing)


def pairs_in(text: str) -> set[tuple[str, ...]]:
    """Words of a text, and those that follow each other."""
    words = LETTERS.findall(text)
    return {(word,) for word in words} | set(pairwise(words))


def test_every_line_of_the_catalogue_is_of_use() -> None:
    """Its words follow each other in the code, but where a text is put together of others."""
    paths = [path for folder in (ROOT / "model", Path(typer.__file__).parent) for path in folder.rglob("*.py")]
    code = [each for path in paths for each in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    texts = {each.value for each in code if isinstance(each, ast.Constant) and isinstance(each.value, str)}
    notes = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "inputs" / TEMPLATE).iterdir())]
    there = set().union(*map(pairs_in, (*texts, *notes, *MACHINES)))
    parts = {
        line: set().union(*(pairs_in(part) for part, *_ in Formatter().parse(line))) - there for line in catalogue()
    }
    assert [line for line, missing in parts.items() if len(missing) > SEAMS] == []


@pytest.mark.parametrize("english", [each for each in catalogue() if "{" in each])
def test_a_message_that_is_made_is_turned_as_its_template_says(english: str) -> None:
    filled = {name: f"{FILLED}{name}" for _, name, *_ in Formatter().parse(english) if name}
    assert translated(english.format(**filled)) == catalogue()[english].format(**filled)
