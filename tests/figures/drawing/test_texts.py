"""Is everything said in every language, and are numbers written as the language does?"""

import ast
import re
import sys
from pathlib import Path

import pytest

from model.figures.drawing import lines, quantities, texts
from model.figures.drawing.texts import SHARED, Texts, number, percent, rounded, text
from model.figures.registry import figures
from model.texts import LANGUAGES

FIGURES = {each.draw.__module__.rpartition(".")[2]: sys.modules[each.draw.__module__] for each in figures()}
PARTS = {each.__name__.rpartition(".")[2]: each for each in (lines, quantities, texts)}


def asked(file: Path) -> set[str]:
    """Patterns of the keys that a file writes out in calls of `text`, with anything for what it fills in."""
    found = set()
    for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "text":
            for part in ast.walk(call.args[0]):
                if isinstance(part, ast.JoinedStr):
                    found.add("".join(str(v.value) if isinstance(v, ast.Constant) else r"\w+" for v in part.values))
                elif isinstance(part, ast.Constant) and isinstance(part.value, str):
                    found |= set() if isinstance(call.args[0], ast.JoinedStr) else {part.value}
    return found


def strings(file: Path) -> set[str]:
    """All strings of a file but the keys of its table of texts."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    keys = {key for call in ast.walk(tree) if isinstance(call, ast.Call) and ast.unparse(call.func) == "Texts"
            for table in call.args if isinstance(table, ast.Dict) for key in table.keys}  # fmt: skip
    return {str(each.value) for each in ast.walk(tree) if isinstance(each, ast.Constant) and each not in keys}


@pytest.mark.parametrize("name", FIGURES | PARTS)
def test_every_text_that_a_file_asks_for_is_there(name):
    module = (FIGURES | PARTS)[name]
    keys = asked(Path(module.__file__))
    assert keys
    assert [key for key in keys if not any(re.fullmatch(key, each) for each in module.text.every)] == []


@pytest.mark.parametrize("name", FIGURES)
def test_every_text_of_a_figure_is_used_in_its_file(name):
    module = FIGURES[name]
    used, patterns = strings(Path(module.__file__)), asked(Path(module.__file__))
    own = module.text.every.keys() - SHARED.keys()
    assert own
    assert [key for key in own if key not in used and not any(re.fullmatch(each, key) for each in patterns)] == []


def test_every_shared_text_is_used():
    used = set().union(*(strings(Path(module.__file__)) for module in (FIGURES | PARTS).values()))
    assert SHARED.keys() - used == set()


def test_a_figure_has_its_own_texts_and_the_shared_ones():
    own = Texts({"lead": ("{count} bussar", "{count} buses")})
    assert own("lead", "sv", count=3) == "3 bussar"
    assert own("observed", "en") == "Observed"
    assert text.every == SHARED


@pytest.mark.parametrize(("versions", "fault"), [
    (("buss",), "one for each of sv, en"), (("buss", ""), "one for each of sv, en"),
    (("buss", "bus", "Bus"), "one for each of sv, en"), (("{count} bussar", "{number} buses"), "different values"),
])  # fmt: skip
def test_a_text_that_lacks_a_language_or_a_value_in_one_is_refused(versions, fault):
    with pytest.raises(ValueError, match=f"text 'lead': .*{fault}"):
        Texts({"lead": versions})


def test_a_text_that_hides_a_shared_one_is_refused():
    with pytest.raises(ValueError, match="called so already: observed"):
        Texts({"observed": ("Sett", "Seen")})


def test_unknown_languages_and_texts_are_errors():
    with pytest.raises(KeyError, match="not a language"):
        text("observed", LANGUAGES[0] + "x")
    with pytest.raises(KeyError, match="'obsrved' is no text"):
        text("obsrved", LANGUAGES[0])


def test_numbers_are_written_as_the_language_does():
    assert number(1234567.25, "sv", 1) == "1\u2009234\u2009567,2"
    assert number(1234567.25, "en", 1) == "1,234,567.2"
    assert number(-3.5, "sv", 1) == "\u22123,5"
    assert number(-0.04, "en", 1) == "0.0"
    assert [rounded(each, "sv") for each in (0.0, 0.44, 9.94, 9.96, 1250.3)] == ["0", "0,4", "9,9", "10", "1\u2009250"]
    assert percent(-0.233, "sv") == "\u221223\u2009%"
    assert percent(0.05, "en") == "+5%"
