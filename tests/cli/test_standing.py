"""Is an answer that is there given at once, and is no other question's answer ever overwritten?"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from model import ROOT
from model.outputs import manifest
from tests.towns.broken_root import call, tree

HEAVY = ("numpy", "xarray", "pandas", "pyomo", "highspy", "matplotlib", "numba", "scipy", "h5netcdf")
TOY = ("--municipality", "toy")
IN_SWEDISH = "Figurerna är ritade av resultat som fanns; --fresh räknar om dem."


def test_what_has_not_changed_is_told_without_loading_what_computes(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    first = call(capsys, root, "run", "toy_mix", "toy_cheapest", *TOY)
    before = tree(root)
    program = f"""
import sys
from model.cli import __main__ as cli

cli.entry(["--root", {str(root)!r}, "run", "toy_mix", "toy_cheapest", "--municipality", "toy"])
print([name for name in {HEAVY} if name in sys.modules])
"""
    command, env = [sys.executable, "-c", program], {**os.environ, "COLUMNS": "120"}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    *told, loaded = done.stdout.splitlines()
    said = "Nothing has changed since these results were written; --fresh computes them anew."
    assert loaded == "[]" and done.stderr == ""
    assert [line for line in told if line != said] == first.out.splitlines() and said in told
    assert tree(root) == before


def test_strict_tells_the_same_of_what_is_there(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    once = call(capsys, root, "run", "toy_fossil_free", *TOY, "--strict")
    again = call(capsys, root, "run", "toy_fossil_free", *TOY, "--strict")
    assert once.code == again.code == 3 and once.err == again.err != ""
    assert call(capsys, root, "run", "toy_fossil_free", *TOY).code == 0


@pytest.mark.parametrize("asked", [("study", "toy"), ("run", "toy_mix", *TOY), ("explain", "toy_cheapest", *TOY)])
def test_on_a_terminal_the_first_sign_of_life_comes_before_anything_heavy_is_loaded(
    root: Path, asked: tuple[str, ...]
) -> None:
    program = f"""
import os, sys
from model.cli import __main__ as cli
from model.cli import console

def hint(text):
    print(text, [name for name in {HEAVY} if name in sys.modules], flush=True)
    os._exit(0)

sys.stderr.isatty = lambda: True
console.hint = hint
cli.entry(["--root", {str(root)!r}, *{asked}])
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("Reading and checking inputs ... []\n", "")


QUESTIONS = [
    ("optimise", "toy_cheapest", *TOY),
    ("optimise", "toy_cheapest", *TOY, "--gap", "0.1"),
    ("optimise", "toy_cheapest", *TOY, "--budget", "investment=9 MSEK/year"),
    ("optimise", "toy_cheapest", *TOY, "--future", "mandate_low"),
    ("optimise", "toy_cheapest"),
]


def test_another_question_is_refused_before_anything_is_computed(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(capsys, root, *QUESTIONS[0]).code == 0
    before = tree(root)
    for question in QUESTIONS[1:]:
        said = call(capsys, root, *question)
        (fault,) = said.faults
        assert said.code == 1
        asked = manifest_words(question)
        assert fault == (
            "outputs/toy_cheapest: found results of another question: run toy_cheapest --municipality toy; allowed: "
            f"those of: {asked}; give them a folder of their own with --name NAME, or remove this one."
        )
    assert tree(root) == before


def manifest_words(question: tuple[str, ...]) -> str:
    """A question as it is told: options in the order of their declaration, a value with blanks in quotes."""
    _, goal, *options = question
    order = ("--future", "--municipality", "--budget", "--gap")
    pairs = sorted(zip(options[::2], options[1::2], strict=True), key=lambda pair: order.index(pair[0]))
    verb = "optimise" if {"--budget", "--gap"} & {*options} else "run"
    typed = (f'{name} "{value}"' if " " in value else f"{name} {value}" for name, value in pairs)
    return " ".join([verb, goal, *typed])


def test_a_name_gives_a_question_a_folder_of_its_own(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(capsys, root, *QUESTIONS[0]).code == 0
    before = tree(root / "outputs/toy_cheapest")
    said = call(capsys, root, *QUESTIONS[1], "--name", "coarse")
    assert said.code == 0 and "Results, summary.csv and certificates: outputs/coarse" in said.out
    assert tree(root / "outputs/toy_cheapest") == before
    assert call(capsys, root, *QUESTIONS[0], "--name", "coarse").code == 1


@pytest.mark.parametrize("name", ["../outside", ".hidden", "a/b", "a b"])
def test_a_name_is_that_of_a_folder_in_outputs(name: str, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(capsys, root, "run", "toy_mix", *TOY, "--name", name).code == 2
    assert not (root / "outputs").exists()


def test_changed_input_is_the_same_question(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(capsys, root, "run", "toy_mix", *TOY).code == 0
    path = root / "scenarios/portfolios/toy_mix.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("en: ", "en: New ", 1), encoding="utf-8")
    assert call(capsys, root, "run", "toy_mix", *TOY).code == 0
    known = manifest.read(root / "outputs/toy_mix")
    assert known is not None and known["asked"] == "run toy_mix --municipality toy"


@pytest.mark.usefixtures("undrawn")
def test_figures_that_are_missing_or_in_another_language_are_drawn_of_what_is_there(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "scenarios/studies/small.yaml").write_text(
        "title: {sv: Liten, en: Small}\nmunicipality: toy\nfutures: [central]\nscenarios: [toy_mix, toy_reference]\n",
        encoding="utf-8",
    )
    folder = root / "outputs/small"
    assert call(capsys, root, "study", "small").code == 0
    figure, before = folder / "figures/pathways.svg", tree(folder)
    assert figure.read_text(encoding="utf-8") == "2 central en"
    drawn = "Figures drawn of results that are there; --fresh computes them anew."
    assert drawn in call(capsys, root, "study", "small", "--lang", "sv").out.replace(IN_SWEDISH, drawn)
    assert figure.read_text(encoding="utf-8") == "2 central sv"
    figure.unlink()
    assert drawn in call(capsys, root, "study", "small").out
    assert {name: each for name, each in tree(folder).items() if name != "manifest.json"} == {
        name: each for name, each in before.items() if name != "manifest.json"
    }
    assert "Nothing has changed" in call(capsys, root, "study", "small").out


@pytest.mark.usefixtures("undrawn")
def test_figures_of_a_study_are_drawn_once(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(capsys, root, "run", "toy_mix", *TOY, "--name", "toy").code == 0
    said = call(capsys, root, "study", "toy")
    assert said.code == 1 and "run toy_mix" in said.err
    assert call(capsys, root, "study", "toy", "--name", "mine").code == 0
    there = "They are as they were; --fresh draws them anew."
    assert there not in call(capsys, root, "figures", "toy", "--name", "mine").out
    assert there in call(capsys, root, "figures", "toy", "--name", "mine").out
    (root / "outputs/mine/figures_central_en/pathways.svg").unlink()
    assert there not in call(capsys, root, "figures", "toy", "--name", "mine").out
