"""Is of YAML read what a person writes, with its lines, and nothing that makes objects or millions of values?"""

from __future__ import annotations

import tracemalloc

import pytest

from model.inputs.reading.yaml import NotReadable, parsed
from tests.attack.mutations import BOMB

TEXT = """\
title: {sv: Å, en: "1"}   # a comment
levels:
  EV01: {2030: 9000 cars, shape: step}
  EV02:
    2031: 60 %
targets:
  - one
  - {a: 1.5}
nothing: ~
"""


def test_keys_values_and_lists_are_read_with_the_line_of_each() -> None:
    content, lines = parsed(TEXT)
    assert content == {
        "title": {"sv": "Å", "en": "1"},
        "levels": {"EV01": {2030: "9000 cars", "shape": "step"}, "EV02": {2031: "60 %"}},
        "targets": ["one", {"a": 1.5}],
        "nothing": None,
    }
    assert (lines["levels", "EV01", "2030"], lines["levels", "EV02"], lines["levels", "EV02", "2031"]) == (3, 4, 5)
    assert (lines["targets", "0"], lines["targets", "1"], lines["targets", "1", "a"]) == (7, 8, 8)


@pytest.mark.parametrize(
    ("written", "read"),
    [("yes", "yes"), ("true", True), ("012", 12), ("1e3", 1000.0), (".5", 0.5), ("2030-01-01", "2030-01-01"),
     ("1:30", "1:30"), ("0x1F", "0x1F"), ("1_000", "1_000"), (".inf", ".inf"), ("NULL", None), ("'~'", "~")],
)  # fmt: skip
def test_a_value_is_what_yaml_1_2_takes_it_for(written: str, read: object) -> None:
    assert parsed(f"key: {written}\n")[0] == {"key": read}


def test_what_is_given_may_be_changed_and_is_read_the_same_again() -> None:
    parsed(TEXT)[0]["levels"]["EV01"].clear()
    assert parsed(TEXT)[0]["levels"]["EV01"]


@pytest.mark.parametrize(
    ("text", "found", "line"),
    [
        ("a: 1\nb: &x 2\n", "anchor", 2),
        ("a: 1\nb: *x\n", "alias", 2),
        ("a: !!python/object:os.system x\n", "tag", 1),
        ("a: !!omap [b: 1]\n", "tag", 1),
        ("a: 1\n<<: {b: 2}\n", "merge key", 2),
        ("? [a, b]\n: c\n", "key that is no word", 1),
        ("1.5: c\n", "key that is no word", 1),
        ("a: 1\nb: 2\na: 3\n", "duplicate key", 3),
        ("---\na: 1\n---\nb: 2\n", "several documents", 0),
        ("a: " + "[" * 2000 + "]" * 2000, "levels", 1),
        ("a:\n\t- b\n", "cannot start", 2),
    ],
)
def test_what_nobody_writes_is_refused_at_its_line(text: str, found: str, line: int) -> None:
    with pytest.raises(NotReadable) as error:
        parsed(text)
    assert found in error.value.found and error.value.line == line


def test_a_bomb_of_aliases_takes_no_memory() -> None:
    tracemalloc.start()
    with pytest.raises(NotReadable):
        parsed(BOMB)
    assert tracemalloc.get_traced_memory()[1] < 20e6
    tracemalloc.stop()
