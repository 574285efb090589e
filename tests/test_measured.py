"""Do pages state what was found? Numbers between marks are made of results, and sentences are held against them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from docs import make_docs
from docs.tools import claims, numbers, results
from model.inputs.faults import Fault, InputFaults, Place

TEXTS = {path.name: path.read_text(encoding="utf-8") for path in make_docs.pages()}
NUMBER = "<!--=fossil of_mine-->1.0<!--=-->"


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Results in which everything is 12.3 kt."""
    monkeypatch.setitem(numbers.NUMBERS, "fossil", lambda _: "12.3")
    monkeypatch.setattr(results, "results", dict)


def page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str) -> Callable[[], str]:
    """One page alone in a project of its own; gives what stands in it."""
    path = tmp_path / "page.md"
    path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(make_docs, "ROOT", tmp_path)
    monkeypatch.setattr(make_docs, "pages", lambda: [path])
    monkeypatch.setattr(make_docs, "draw", lambda: None)
    return lambda: path.read_text(encoding="utf-8")


def test_every_mark_is_of_a_number_and_every_number_is_shown() -> None:
    named = {found["call"].split()[0] for text in TEXTS.values() for found in numbers.MARK.finditer(text)}
    assert named == set(numbers.NUMBERS)


def test_every_claim_stands_before_a_sentence() -> None:
    named = {name for text in TEXTS.values() for name in claims.CLAIM.findall(text)}
    assert named == set(claims.CLAIMS)


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_no_line_begins_with_a_mark_for_markdown_would_end_the_paragraph(name: str) -> None:
    assert not re.search(r"^ *<!--=", TEXTS[name], re.MULTILINE)


@pytest.mark.parametrize("name", ["README.md", "findings.md"])
def test_kilotonnes_and_millions_in_sentences_are_marked(name: str) -> None:
    """What a goal or the tables say may be typed; a number with a decimal before kt, t or MSEK is a result."""
    typed = numbers.MARK.sub("", make_docs.PART.sub("", TEXTS[name]))
    assert not re.findall(r"\d+\.\d+ (?:kt|t|MSEK)\b", typed)


@pytest.mark.usefixtures("found")
def test_a_number_is_made_anew_from_results(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    read = page(monkeypatch, tmp_path, f"It is {NUMBER} kt.")
    assert make_docs.main(["--check"]) == 1
    assert make_docs.main([]) == 0
    assert read() == f"It is {NUMBER} kt."
    assert make_docs.main(["--measured"]) == 0
    assert read() == "It is <!--=fossil of_mine-->12.3<!--=--> kt."
    assert make_docs.main(["--check"]) == 0


@pytest.mark.usefixtures("found")
def test_nothing_is_written_when_a_sentence_no_longer_holds(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def little() -> bool:
        """It is little."""
        return False

    monkeypatch.setitem(claims.CLAIMS, "little", little)
    text = f"<!-- holds: little -->\nIt is {NUMBER} kt, which is little."
    read = page(monkeypatch, tmp_path, text)
    assert make_docs.main(["--measured"]) == 1
    assert "page.md: a sentence no longer holds: little: It is little." in capsys.readouterr().out
    assert read() == text
    assert make_docs.main(["--check"]) == 1


def test_results_of_something_else_are_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused() -> results.Results:
        raise InputFaults([Fault(Place("outputs/main"), "results of other inputs or other code", "others")])

    monkeypatch.setattr(results, "results", refused)
    read = page(monkeypatch, tmp_path, f"It is {NUMBER} kt.")
    assert make_docs.main(["--measured"]) == 1
    assert "results of other inputs" in capsys.readouterr().out
    assert read() == f"It is {NUMBER} kt."
    assert make_docs.main(["--check"]) == 0
