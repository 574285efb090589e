"""Does the command line say what it does, and end with the right code?"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from model import ROOT
from model.cli import __main__, console, listing
from model.cli.show import who_pays
from model.outputs import netcdf
from tests.towns.broken_root import Said, call, tree

VERBS = ("study", "check", "run", "optimise", "explain", "frontier", "alternatives", "figures", "list")
TOY = ("--municipality", "toy")
SMALL = """
title: {sv: Liten, en: Small}
municipality: toy
futures: [central]
scenarios: [toy_reference, toy_mix]
"""


@pytest.fixture
def root(root: Path) -> Path:
    """The toy town with a study of two portfolios which has not been run."""
    (root / "scenarios/studies/small.yaml").write_text(SMALL, encoding="utf-8")
    return root


# --- help and usage --------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["", *VERBS])
def test_help_reads_like_a_manual(
    verb: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert __main__.entry([*verb.split(), "--help"]) == 0
    out = capsys.readouterr().out
    assert f"Usage: run.py {verb}".strip() in out
    assert all(character.isprintable() or character == "\n" for character in out)
    assert max(map(len, out.splitlines())) <= 80
    if not verb:
        assert all(f" {each} " in out for each in (*VERBS, "test"))
        assert all(f" {code} " in out for code in (0, 1, 2, 3, 70, 130))
        assert all(f"{folder}/" in out for folder in ("inputs", "scenarios", "outputs"))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["lst"], "Did you mean 'list'?"),
        (["run"], "SCENARIO"),
        (["check", "toy", "--fast"], "--fast"),
        (["study", "toy", "--lang", "de"], "'sv', 'en'"),
        (["optimise", "toy_fossil_free", "--gap", "2"], "between 0 and 1"),
        (["optimise", "toy_fossil_free", "--time-limit", "0"], "above 0"),
        (["optimise", "toy_fossil_free", "--gap", "small"], "valid number"),
        (["--root", "nowhere", "list"], "has no folders inputs/ and scenarios/"),
    ],
)
def test_wrong_usage_is_one_clear_line_and_code_2(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert __main__.entry(arguments) == 2
    captured = capsys.readouterr()
    assert words in captured.err.splitlines()[-1] and captured.out == ""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["study", "smal"], "smal.yaml: found no such file; allowed: one of main, small, template, toy."),
        (["run", "toy_mx", *TOY], "Did you mean 'toy_mix'?"),
        (["run", "outputs/none.yaml", *TOY], "none.yaml: found no such file"),
        (["run", "toy_mix", *TOY, "--future", "cental"], "Did you mean 'central'?"),
        (["run", "toy_mix", "--municipality", "tyo"], "Did you mean 'toy'?"),
        (["optimise", "toy_mix", *TOY], "found portfolio 'toy_mix', which `run` projects; allowed: one of be"),
        (["optimise", "toy_fosil_free", *TOY], "Did you mean 'toy_fossil_free'?"),
        (["figures", "small"], "outputs/small: found no finished results"),
        (["figures", "small"], "run it first: run.py study small"),
        (["list", "--municipality", "tyo"], "Did you mean 'toy'?"),
    ],
)  # fmt: skip
def test_a_wrong_name_is_one_clear_line_and_code_1(
    arguments: list[str], words: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = tree(root)
    said = call(capsys, root, *arguments)
    assert said.code == 1 and said.out == ""
    (fault,) = said.faults
    assert words in fault, fault
    assert tree(root) == before


def test_what_goes_wrong_elsewhere_is_said_without_traceback(
    monkeypatch: pytest.MonkeyPatch, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(error: BaseException) -> Said:
        def check(*_: object) -> None:
            raise error

        monkeypatch.setattr(listing, "check", check)
        return call(capsys, root, "check")

    said = broken(RuntimeError("pool 3"))
    assert said.code == 70 and "fault of the toolkit" in said.err and "RuntimeError: pool 3" in said.err
    said = broken(PermissionError(13, "Permission denied", "outputs/main"))
    assert said.code == 1 and said.err.startswith("outputs/main: it is not allowed; change who may read and write it")
    said = broken(KeyboardInterrupt())
    assert said.code == 130 and said.err == "Interrupted. What is in outputs/ is whole.\n"
    monkeypatch.setenv("CLIMATE_TRACEBACK", "1")
    with pytest.raises(RuntimeError):
        broken(RuntimeError("pool 3"))


# --- verbs -----------------------------------------------------------------------------------------


def test_check_says_how_far_the_model_is_and_writes_nothing(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = tree(root)
    said = call(capsys, root, "check", "small")
    assert (said.code, said.err) == (0, "")
    rows = [line.split() for line in said.out.splitlines()]
    assert ["Own", "heating", "5", "000", "5", "000", "1.000"] in rows  # 20 GWh of oil heat, 250 t each
    assert said.out.splitlines()[-1] == "No fault found, warnings: 0. Measures: 4, scenarios: 2, futures: 1."
    assert tree(root) == before


def test_check_and_list_speak_swedish_and_fit_80_columns(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    checked = call(capsys, root, "check", "small", "--lang", "sv").out
    assert "Egen uppvärmning" in checked and "Inga fel, varningar: 0. Åtgärder: 4, scenarier: 2" in checked
    listed = call(capsys, root, "list", *TOY, "--lang", "sv").out
    assert all(
        words in listed for words in ("villkor: ", "I kommunen toy:", "Cykelväg", "Fossilfria Lillstad", "drift")
    )
    assert all(len(line) <= 80 for line in (checked + listed).splitlines())
    assert "Cycle path" in call(capsys, root, "list", *TOY, "--lang", "en").out


def test_list_names_everything_in_full(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = call(capsys, root, "list", *TOY)
    assert (said.code, said.err) == (0, "")
    names = {path.stem for path in (root / "scenarios").rglob("*.yaml")} | {"toy"}
    names = {name for name in names if not name.startswith("template")}
    assert "template" not in said.out
    for table in ("measures", "funds", "targets"):
        rows = (root / f"inputs/toy/{table}.csv").read_text(encoding="utf-8").splitlines()[1:]
        names |= {row.split(",")[0] for row in rows} | {row.split(",")[2] for row in rows}
    assert {name for name in names if name not in said.out} == set()
    assert "…" not in said.out


@pytest.mark.usefixtures("undrawn")
def test_study_then_figures(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = call(capsys, root, "study", "small", "--lang", "en")
    assert (said.code, said.err) == (0, "")  # no progress bar where there is no terminal
    assert "outputs/small" in said.out and "…" not in said.out
    files = set(tree(root / "outputs/small"))
    assert {"results.nc", "summary.csv", "manifest.json", "figures/pathways.svg"} <= files

    said = call(capsys, root, "figures", "small")
    assert said.code == 0 and "outputs/small/figures_central_en" in said.out
    drawn = root / "outputs/small/figures_central_en/pathways.svg"
    assert drawn.read_text(encoding="utf-8") == "2 central en"

    said = call(capsys, root, "figures", "small", "--future", "mandate_low")
    assert said.code == 1 and "no results for future 'mandate_low'; allowed: one of central" in said.faults[0]

    path = root / "outputs/small/results.nc"
    path.write_bytes(path.read_bytes() + b"\0")
    before = tree(root)
    said = call(capsys, root, "figures", "small")
    assert said.code == 1
    (fault,) = said.faults
    assert fault.startswith("outputs/small/results.nc: found a file that is not as it was written")
    assert tree(root) == before


@pytest.mark.usefixtures("undrawn")
def test_without_a_verb_the_main_study_is_run(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "scenarios/studies/main.yaml").write_text(SMALL, encoding="utf-8")
    said = call(capsys, root, "--lang", "en")
    assert said.code == 0 and "Toytown" in said.out
    assert (root / "outputs/main/figures/pathways.svg").read_text(encoding="utf-8") == "2 central en"


def test_a_found_plan_runs_again_to_the_same_emissions_and_a_missed_target_is_code_3_only_if_strict(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = call(capsys, root, "optimise", "toy_fossil_free", *TOY, "--strict")
    assert said.code == 3
    (line,) = said.err.splitlines()  # what no measure reaches: 1 400 t of methane are not fossil, so 0 t is missed
    assert line.startswith("toy_fossil_free, central: target 'fossil_free' is out of reach by ")
    saved = "outputs/toy_fossil_free/portfolios/toy_fossil_free.central.yaml"
    assert saved in said.out

    said = call(capsys, root, "run", saved, *TOY, "--strict")  # a portfolio has no target to miss
    assert (said.code, said.err) == (0, "")
    (found,) = netcdf.load(root / "outputs/toy_fossil_free/results.nc").values()
    (again,) = netcdf.load(root / "outputs/toy_fossil_free.central/results.nc").values()
    assert float(np.abs(again.emissions).sum()) > 0
    for name in ("emissions", "activity_level", "carrier_use", "level", "new_units", "payment"):
        np.testing.assert_allclose(again[name], found[name], rtol=1e-9, atol=1e-9, err_msg=name)

    assert call(capsys, root, "run", "toy_fossil_free", *TOY).code == 0


def test_two_scenarios_of_one_name_are_refused(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "mine").mkdir()
    (root / "mine/toy_mix.yaml").write_text("title: {sv: a, en: a}\n", encoding="utf-8")
    said = call(capsys, root, "run", "toy_mix", str(root / "mine/toy_mix.yaml"), *TOY)
    assert said.code == 1 and "two scenarios of one name" in said.faults[0]


# --- tables and progress ---------------------------------------------------------------------------


@pytest.mark.parametrize("width", [20, 60, 100, 300])
def test_names_and_numbers_are_never_cut_and_words_are_wrapped(
    width: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setattr(console, "out", Console(width=width, force_terminal=False, **console.PLAIN))
    names, numbers = ["neutral_2030_unlimited", "reference"], ["1 234 567.8", "-"]
    words = ["municipal investment 45 %, households 30 %, [klimatklivet] 12 %", "nobody"]
    columns = (("scenario", "left"), ("left to\nfossil_co2_2030", "right"), ("who pays", "text"))
    console.table("title", columns, zip(names, numbers, words, strict=True))
    out = capsys.readouterr().out
    assert "…" not in out
    assert all(each in out for each in (*names, *numbers, "fossil_co2_2030"))
    assert all(word in out.split() for word in words[0].split())
    least = len(names[0]) + 2 + len("fossil_co2_2030") + 2 + console.LEAST_FOR_TEXT
    assert max(map(len, out.splitlines())) <= max(width, least)
    assert all(line == line.rstrip() for line in out.splitlines())
    beside = sum(map(len, (names[0], "fossil_co2_2030"))) + 2 * console.GAP + console.LEAST_FOR_TEXT
    assert ("    who pays: " in out) == (width < beside), "what finds no room stands beneath its row"


def test_columns_say_how_wide_words_are_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for wide in (40, 80):
        monkeypatch.setenv("COLUMNS", str(wide))
        console.say("a word " * 30)
        console.table("title", (("name", "left"), ("words", "text")), [("one", "a word " * 30)])
        lines = capsys.readouterr().out.splitlines()
        assert wide - 7 < max(map(len, lines)) <= wide


def test_every_list_and_table_of_a_real_town_fits_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    said = call(capsys, ROOT, "list")
    assert said.code == 0 and max(map(len, said.out.splitlines())) <= 80
    assert "ostersund" in said.out and "\n\nmeasures\n" in said.out


def test_what_nobody_pays_is_always_named() -> None:
    paid = {"unfunded": 1.0, "grant": 5.0, "households": 3.0, "pot": 1.0}
    assert who_pays(paid) == "grant 50%, households 30%, unfunded 10%"
    assert who_pays(paid | {"unfunded": 0.0}) == "grant 56%, households 33%"
    assert who_pays({"unfunded": 2.0, "pot": 1.0}) == "unfunded 67%, pot 33%"
    assert who_pays({"pot": 0.0}) == "-"


def test_progress_is_quiet_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with console.progress(2, "running") as step:
        step("one")
        step("two")
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "")
