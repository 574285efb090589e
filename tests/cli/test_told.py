"""Is what is wrong, and what is cut, told where it is read, and within the width there is?"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.towns.broken_root import call

TOY = ("--municipality", "toy")


def test_faults_are_folded_to_the_width_there_is_and_one_a_line_in_a_file(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "inputs/toy/costs.csv").unlink()
    whole = call(capsys, root, "check", "toy")
    assert len(whole.faults) == 1 and len(whole.faults[0]) > 80
    monkeypatch.setenv("COLUMNS", "80")
    folded = call(capsys, root, "check", "toy")
    assert max(map(len, folded.err.splitlines())) <= 80
    assert folded.err.split() == whole.err.split()


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "started in time, so this is cut: asked (PATH in 2030: 8 of 15)"),
        ("sv", "eller hinns med, så detta kapas: asked (PATH 2030: 8 av 15)"),
    ],
)
def test_what_is_cut_is_told(language: str, said: str, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "title: {sv: a, en: a}\nlevels: {PATH: {2030: 150 %}}\n"
    (root / "scenarios/portfolios/asked.yaml").write_text(text, encoding="utf-8")
    assert said in " ".join(call(capsys, root, "run", "asked", *TOY, "--lang", language).out.split())


@pytest.mark.usefixtures("undrawn")
def test_options_before_the_verb_count_for_it(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = ("--lang", "sv", "--name", "other", "run", "toy_mix", *TOY)
    said = call(capsys, root, *before)
    assert said.code == 0 and said.out.startswith("Lillstad 2030: utsläpp")
    assert (root / "outputs/other/summary.csv").exists() and not (root / "outputs/toy_mix").exists()
    assert "Inget har ändrats" in call(capsys, root, *before).out
    assert "Inget har ändrats" not in call(capsys, root, "--fresh", *before).out


@pytest.mark.parametrize("verb", ["check", "list", "show"])
def test_an_option_before_a_verb_that_has_none_such_is_refused(
    verb: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = call(capsys, root, "--fresh", verb)
    assert said.code == 2 and f"'{verb}' has no option --fresh" in said.err


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("levels: {PATH: {2030: 12,5 %}}", 2, "'12,5 %'; allowed: a point in a number, such as '12.5 %'"),
        ("levels: {PATH: {2030: 12,5}}", 2, "'12,5'; allowed: a point in a number, such as '12.5'"),
        ("levels:\n  PATH:\n    2030: 12,5 %", 4, "'12,5 %'; allowed: a point in a number: '12.5 %'"),
        ("budgets: {municipal_investment: 40,5 MSEK/year}", 2, "'40,5 MSEK/year'; allowed: a point in a number, such"),
    ],
)
def test_a_decimal_comma_is_told_with_the_point_that_is_meant(
    text: str, line: int, told: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "scenarios/portfolios/comma.yaml").write_text(f"title: {{sv: a, en: a}}\n{text}\n", encoding="utf-8")
    (fault,) = call(capsys, root, "run", "comma", *TOY).faults
    assert fault.startswith(f"scenarios/portfolios/comma.yaml:{line}") and told in fault


def test_another_question_is_told_as_it_was_typed(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    goal = ("optimise", "toy_cheapest", *TOY, "--gap", "0.1")
    call(capsys, root, *goal)
    said = " ".join(call(capsys, root, "optimise", "toy_cheapest", *TOY).err.split())
    assert "results of another question: optimise toy_cheapest --municipality toy --gap 0.1" in said
