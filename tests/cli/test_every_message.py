"""Is every text that reaches a terminal there in Swedish, and every line of the catalogue of use?"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
import typer
from typer.main import get_command

from model import ROOT
from model.cli.__main__ import entry
from model.cli.commands import app
from model.cli.language import catalogue, patterns, translated
from model.cli.manual import OF_A_PARAMETER, TEXTS
from model.inputs.municipality import TEMPLATE
from model.vocabulary import CENTRAL
from tests.cli.every_message import FILLED, every_message

TYPED = re.compile(rf"{FILLED}\d+|'[^']*'|`[^`]*`|\S*[/_.<]\S*|[A-Z]{{2,}}")
"""What stands for something filled in, or is typed as it is: in quotes, a path, a name."""
SEAMS = 2
"""Places in a line where texts of the code may have been put together."""
MACHINES = (
    "No such file or directory", "character that cannot start any token", "unexpected extra argument(s)",
    "Input should be a valid number, unable to parse string as a number",
    "Input should be a valid integer, unable to parse string as an integer",
    "Input should be greater than or equal to", "Input should be less than or equal to",
    "Input should be greater than", "Input should be less than",
)  # fmt: skip
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


def every_help(command: Any) -> Iterator[str]:
    """All texts that the help of a command, and of those beneath it, shows."""
    for owner, names in ((command, TEXTS), *((each, OF_A_PARAMETER) for each in command.params)):
        yield from (text for name in names if isinstance(text := getattr(owner, name, None), str))
    for each in getattr(command, "commands", {}).values():
        yield from every_help(each)


def test_every_help_is_in_the_catalogue() -> None:
    paragraphs = {part for text in every_help(get_command(app)) for part in text.split("\n\n")}
    missing = {part for part in paragraphs if words_in(part) and " ".join(part.split()) not in catalogue()}
    assert missing <= {CENTRAL}, "add a line for each to model/cli/messages_sv.csv, on one line"


def test_help_and_wrong_usage_are_told_in_swedish(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", "sv_SE.UTF-8")
    monkeypatch.setenv("COLUMNS", "80")
    assert entry(["run", "--help"]) == 0
    shown = capsys.readouterr().out
    assert "Användning: run.py run [VAL]" in shown and "Visa den här texten och sluta." in shown
    assert "Usage" not in shown and "Options" not in shown and "default" not in shown
    assert entry(["--lang", "en", "run", "--help"]) == 0
    assert "Usage: run.py run [OPTIONS]" in capsys.readouterr().out
    assert entry(["optimise", "neutral_2030", "--gap", "2.5"]) == 2
    assert capsys.readouterr().err.endswith("Ogiltigt värde för '--gap': 2,5 är inte ett tal mellan 0 och 1\n")
    assert entry(["optimise", "--lang=en"]) == 2
    assert "Missing argument" in capsys.readouterr().err


def test_what_cannot_all_be_had_is_told_member_by_member() -> None:
    english = (
        "what cannot all be had in future 'central': 'A' is required (a.yaml:3 [require]), a unit costs 3.5 MSEK to"
        " start (x.csv:3); fund 'm' gives 1.5 to 2 MSEK a year (no row); each of them is needed, but fewer might clash"
    )
    assert translated(english) == (
        "det som inte allt går att få i framtiden 'central': 'A' krävs (a.yaml:3 [require]), en enhet kostar 3,5 MSEK"
        " att starta (x.csv:3); finansieringen 'm' ger 1,5 till 2 MSEK per år (ingen rad);"
        " var och en behövs, men kanske räcker färre för att det inte ska gå"
    )
