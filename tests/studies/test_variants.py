"""Does one line of a study give a plan for each amount of money, none worse than one for less, and a line a run?"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from model.inputs.faults import Faults, Place
from model.scenarios.files import load_scenario
from model.studies.variants import variants
from tests.towns.broken_root import call

HEAD = "title: {sv: Flera, en: Several}\nmunicipality: toy\nfutures: [central]\n"
STUDY = HEAD + "scenarios: [toy_reference, toy_fossil_free]\nvary: {operating: [4, 1 MSEK/year, 2.5]}\n"


def write(root: Path, text: str) -> None:
    (root / "scenarios/studies/several.yaml").write_text(text, encoding="utf-8")


def lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.usefixtures("undrawn")
def test_each_amount_is_a_run_and_more_money_is_no_worse(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(root, STUDY)
    said = call(capsys, root, "study", "several")
    assert (said.code, said.err) == (0, "")
    runs = lines(root / "outputs/several/runs.csv")
    names = ["toy_reference", *(f"toy_fossil_free__{amount}" for amount in ("1", "2p5", "4"))]
    assert [run["scenario"] for run in runs] == names
    left = [float(run["shortfall:fossil_free (t_CO2e, 2030)"]) for run in runs[1:]]
    assert left == sorted(left, reverse=True) and left[0] > left[-1]
    paid = [float(run["payment:operating (MSEK_2026, sum)"]) for run in runs[1:]]
    assert paid == sorted(paid) and paid[0] > 0
    assert runs[2]["title_sv"] == "Fossilfria Lillstad: operating 2.5 MSEK/år"
    assert [run["budget:operating (MSEK/year)"] for run in runs] == ["", "1", "2.5", "4"]
    assert all(run["ghg_total (t_CO2e, 2030)"] and run["net_cost (MSEK_2026, 2030)"] for run in runs)
    assert "Nothing has changed" in call(capsys, root, "study", "several").out


def test_of_two_funds_each_combination_begins_with_one_that_has_less_of_nothing(root: Path) -> None:
    goal = load_scenario("toy_fossil_free", root, Faults())
    assert goal is not None
    vary = {"operating": ["1", "2"], "investment": ["3", "5"]}
    places = {(fund, str(at)): Place("s.yaml", 1) for fund in vary for at in (0, 1)}
    made = {each.name: each for each in variants(goal, vary, places)}
    assert list(made) == [f"toy_fossil_free__{a}__{b}" for a, b in ((1, 3), (1, 5), (2, 3), (2, 5))]
    before = {name: each.stands.name if each.stands else None for name, each in made.items()}
    assert before["toy_fossil_free__1__3"] is None
    assert before["toy_fossil_free__2__5"] in ("toy_fossil_free__1__5", "toy_fossil_free__2__3")
    assert made["toy_fossil_free__1__5"].place("budgets", "operating") == Place("s.yaml", 1)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (HEAD + "scenarios: [toy_reference]\nvary: {operating: [1]}\n", 5, "no goal whose money can be varied"),
        (STUDY.replace("2.5", "4"), 5, "'4 MSEK/year' twice"),
        (STUDY.replace("2.5", "-2"), 5, "'-2 MSEK/year'"),
        (STUDY.replace("2.5", "2 kg"), 5, "'2 kg'; allowed: an amount with its unit"),
        (STUDY.replace("operating", "operatin"), 5, "Did you mean 'operating'?"),
        (STUDY + "explain: [toy_fossil_free]\n", 5, "a question to its plan"),
        (STUDY.replace("[4, 1 MSEK/year, 2.5]", "[]"), 5, "list that is not empty"),
        (HEAD + "scenarios: [toy_reference, no/such.yaml]\n", 4, "no such file"),
    ],
)
def test_what_cannot_be_varied_or_run_is_said_with_its_line(
    text: str, line: int, words: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(root, text)
    said = call(capsys, root, "check", "several")
    assert said.code == 1
    assert any(each.startswith(f"scenarios/studies/several.yaml:{line}: ") and words in each for each in said.faults), (
        said.err
    )


@pytest.mark.usefixtures("undrawn")
def test_a_study_takes_a_plan_that_was_found_as_it_is(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(capsys, root, "optimise", "toy_fossil_free", "--municipality", "toy").code == 0
    plan = root / "outputs/toy_fossil_free/portfolios/toy_fossil_free.central.yaml"
    write(root, HEAD + f"scenarios: [toy_reference, {plan.relative_to(root)}]\n")
    assert call(capsys, root, "study", "several").code == 0
    found = lines(root / "outputs/toy_fossil_free/runs.csv")[0]
    again = lines(root / "outputs/several/runs.csv")[1]
    assert again["scenario"] == "toy_fossil_free.central"
    same = [name for name in found if name.startswith(("ghg_total", "investment", "payment:operating"))]
    assert {name: again[name] for name in same} == {name: found[name] for name in same}

    assert "Nothing has changed" in call(capsys, root, "study", "several").out
    plan.write_text(plan.read_text(encoding="utf-8").replace("plan found", "plan changed"), encoding="utf-8")
    assert "Nothing has changed" not in call(capsys, root, "study", "several").out
