"""Do the verbs that ask more of a plan write and print what they say, and tell what is wrong with a question?"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from numpy.testing import assert_allclose

from model.cli import __main__
from model.outputs import netcdf
from tests.towns.broken_root import Said, call, tree

TOY = ("--municipality", "toy")
GOAL = "toy_fossil_free"
STUDY = "title: {sv: a, en: a}\nmunicipality: toy\nfutures: [central, mandate_low]\n"


@pytest.fixture
def root(root: Path) -> Path:
    """The toy town, with results from before in every folder that a question about the goal would write."""
    for verb in ("explain", "frontier", "alternatives"):
        (root / f"outputs/{verb}_{GOAL}").mkdir(parents=True)
        (root / f"outputs/{verb}_{GOAL}/old.txt").write_text("old", encoding="utf-8")
    return root


def load(folder: Path) -> xr.Dataset:
    """The results of the only run in a folder."""
    (data,) = netcdf.load(folder / "results.nc").values()
    return data


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


# --- each verb, as a user calls it ----------------------------------------------------------------------


@pytest.fixture
def ask(root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Asked]:
    """Asks a question about the goal in a wide terminal."""

    def asked(verb: str, *options: str) -> Asked:
        monkeypatch.setenv("COLUMNS", "120")
        return Asked(call(capsys, root, verb, GOAL, *TOY, *options), root / f"outputs/{verb}_{GOAL}")

    return asked


@dataclass(frozen=True)
class Asked:
    """What a question said and wrote."""

    said: Said
    folder: Path

    @property
    def data(self) -> xr.Dataset:
        """The results of the goal."""
        return load(self.folder)

    @property
    def files(self) -> set[str]:
        """All that was written."""
        return {path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if path.is_file()}


def rows_of(out: str, first: str) -> list[str]:
    """The lines of a printed table from the one that begins with `first` to the next blank or unaligned one."""
    lines = out.splitlines()
    start = next(index for index, line in enumerate(lines) if line.startswith(first))
    return lines[start:]


def test_explain_writes_and_prints_the_gap_and_prices(ask: Callable[..., Asked]) -> None:
    asked = ask("explain")
    assert (asked.said.code, asked.said.err) == (0, "")
    plan = f"plans/{GOAL}.central"
    expected = {f"{plan}/{name}" for name in ("certificate.json", "certificate.txt", "gap.csv", "prices.csv")}
    expected |= {f"figures/gap_{GOAL}.{kind}" for kind in ("png", "svg")}
    assert expected <= asked.files
    data = asked.data
    rows = {row["part"]: row for row in table(asked.folder / plan / "gap.csv")}
    for kind in map(str, data.limit_kind.values):
        assert float(rows[kind]["tonnes"]) == pytest.approx(float(data.gap_lifted.sel(limit_kind=kind)), abs=1e-3)
        assert float(rows[kind]["shapley"]) == pytest.approx(float(data.gap_shapley.sel(limit_kind=kind)), abs=1e-3)
    assert_allclose(data.gap_lifted, [1120, 4680, 0, 0], atol=1)  # 28 more units by money, all by speed
    about = data.attrs
    total = about["gap_plan"] - about["gap_least"] + float(data.gap_lifted.sum()) + about["gap_rest"]
    assert total == pytest.approx(about["gap_plan"] - about["gap_limit"])
    assert float(data.gap_subset.sel(subset="")) == pytest.approx(about["gap_least"])
    assert len(data.subset) == 16
    assert "the way there from the plan in 2030, t CO2e; limits lifted in this order" in asked.said.out
    assert "money: pots, and who may pay  -1 120" in asked.said.out and " -0" not in asked.said.out
    prices = {(row["limit"], row["of"], row["year"]): row for row in table(asked.folder / plan / "prices.csv")}
    pot = prices["pot", "operating", "2030"]
    assert float(pot["relaxed"]) == pytest.approx(500) == float(data.price_relaxed.sel(fund="operating", year=2030))
    assert float(pot["finite_difference"]) == pytest.approx(500)  # 0.5 MSEK heat a GWh, which emitted 250 t
    assert "What one more MSEK in every year is worth: t of worst shortfall, priority 1" in asked.said.out


def test_frontier_writes_and_prints_curves_and_whole_points(ask: Callable[..., Asked]) -> None:
    asked = ask(
        "frontier", "--fund", "operating", "--points", "5", "--whole-points", "2", "--most", "1", "--lang", "en"
    )
    assert (asked.said.code, asked.said.err) == (0, "")
    assert {f"plans/{GOAL}.central/frontier.csv", f"figures/frontier_{GOAL}.svg"} <= asked.files
    data = asked.data
    assert_allclose(data.sweep_budget, [0, 1.5, 3, 4.5, 6])
    plan = float(data.target_value.sel(target="fossil_free", year=2030))
    assert float(data.sweep_relaxed[-1]) == pytest.approx(plan, abs=1)  # no whole units in this town
    assert np.all(np.diff(data.sweep_relaxed) <= 1e-3)
    assert_allclose(data.sweep_whole_budget, [3, 6])
    assert_allclose(data.sweep_whole, data.sweep_relaxed[[2, 4]], atol=1)
    assert data.attrs["sweep_funds"] == "operating"
    assert "t CO2e, by operating" in asked.said.out and "With whole units found anew" in asked.said.out
    assert asked.said.out.count("optimal within the gaps asked") >= 2
    rows = table(asked.folder / f"plans/{GOAL}.central/frontier.csv")
    assert [float(row["relaxed"]) for row in rows] == pytest.approx(list(data.sweep_relaxed.values))


@pytest.mark.usefixtures("undrawn")
def test_alternatives_writes_plans_that_run_again(
    ask: Callable[..., Asked], root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ask("alternatives", "-k", "1", "--loss", "0.05", "--cost-loss", "1")
    assert (asked.said.code, asked.said.err) == (0, "")
    other = f"portfolios/{GOAL}.central.alternative_1.yaml"
    assert {other, f"plans/{GOAL}.central/alternatives.csv", f"portfolios/{GOAL}.central.yaml"} <= asked.files
    data = asked.data
    rows = table(asked.folder / f"plans/{GOAL}.central/alternatives.csv")
    assert [row["measure"] for row in rows] == list(data.measure.values)
    for role in ("must have", "never", "swing"):
        names = [row["measure"] for row in rows if row["role"] == role.replace(" ", "_")]
        assert f"{role} ({len(names)}): {', '.join(names) or '-'}" in asked.said.out
    distance = f"mean distance of uses to the nearest before: {float(data.distance[1]):.2f}"
    assert f"Other plans: 1; {distance}" in asked.said.out
    said = call(capsys, root, "run", str(asked.folder / other), *TOY)
    assert said.code == 0, said.err
    again = load(next((root / "outputs").glob("*alternative_1")))
    lost = float(((again.emissions - data.emissions) * data.gwp).sum())
    base = float((data.emissions * data.gwp).isel(year=0).sum())
    assert 0 < lost <= 0.05 * base * 6 * (1 + 1e-6)  # six years of decision


# --- options ------------------------------------------------------------------------------------------


def optimised(root: Path, capsys: pytest.CaptureFixture[str], *options: str, goal: str = GOAL) -> xr.Dataset:
    name = f"plan_{len(list((root / 'outputs').glob('plan_*')))}"
    said = call(capsys, root, "optimise", goal, *TOY, *options, "--name", name)
    assert (said.code, said.err) == (0, "")
    return load(root / f"outputs/{name}")


def test_options_take_the_place_of_the_goals_own_keys(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plain = optimised(root, capsys)
    assert (plain.attrs["objective"], float(plain.budget.sel(year=2030, fund="operating"))) == ("least_emissions", 6)
    rich = optimised(root, capsys, "--budget", "operating=12 MSEK/year", "--budget", "investment = 20 MSEK/year")
    assert_allclose(rich.budget.sel(year=2030, fund=["investment", "operating"]), [20, 12])
    fossil = {"target": "fossil_free", "year": 2030}
    assert float(rich.shortfall.sel(fossil)) < float(plain.shortfall.sel(fossil)) - 100
    cheap = optimised(root, capsys, "--objective", "least_cost", "--target", "low_from", "--target", "low_once")
    assert cheap.attrs["objective"] == "least_cost"
    value = {"target": "low_from", "year": 2030}
    assert float(plain.target_value.sel(value)) + 1000 < float(cheap.target_value.sel(value)) <= 15_000
    coarse = optimised(root, capsys, "--gap", "0.2", "--time-limit", "30")
    assert coarse.attrs["gap"] <= 0.2


def test_a_budget_limits_a_goal_without_limit(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = root / f"scenarios/goals/{GOAL}.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "budgets: unlimited\n", encoding="utf-8")
    free = optimised(root, capsys)
    bound = optimised(root, capsys, "--budget", "investment=1 MSEK/year")
    at = {"target": "fossil_free", "year": 2030}
    assert float(bound.shortfall.sel(at)) > float(free.shortfall.sel(at)) + 100
    assert float(bound.payment.sel(fund="investment").sum("measure").max()) <= 1 + 1e-6


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["optimise", GOAL, *TOY, "--budget", "operatng=6 MSEK/year"], "Did you mean 'operating'?"),
        (["optimise", GOAL, *TOY, "--budget", "operating=6"], "--budget operating=6: found '6'; allowed: an amount"),
        (["explain", GOAL, *TOY, "--budget", "operating=6 GWh/year"], "an amount with its unit"),
        (["explain", GOAL, *TOY, "--budget", "operating=-6 MSEK/year"], "an amount of at least 0"),
        (["frontier", GOAL, *TOY, "--target", "fossil_fre"], "Did you mean 'fossil_free'?"),
        (["alternatives", GOAL, *TOY, "--target", "Fossil free!"], "--target Fossil free!: found target"),
        (["frontier", GOAL, *TOY, "--fund", "operatng"], "--fund operatng: found fund 'operatng'"),
        (["frontier", GOAL, *TOY, "--fund", "households"], "allowed: one of investment, operating"),
        (["explain", "toy_mix", *TOY], "found portfolio 'toy_mix', which `run` projects"),
        (["alternatives", "toy_fosil_free", *TOY], "Did you mean 'toy_fossil_free'?"),
        (["frontier", GOAL, *TOY, "--future", "cental"], "Did you mean 'central'?"),
    ],
)  # fmt: skip
def test_a_wrong_question_is_one_clear_line_and_touches_nothing(
    arguments: list[str], words: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = tree(root)
    said = call(capsys, root, *arguments)
    assert said.code == 1 and said.out == "", said.err
    (fault,) = said.faults
    assert words in fault, fault
    assert tree(root) == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["optimise", GOAL, "--budget", "x"], "'x' is not FUND=AMOUNT"),
        (["optimise", GOAL, "--budget", "=5 MSEK/year"], "is not FUND=AMOUNT"),
        (["explain", GOAL, "--budget", "operating="], "is not FUND=AMOUNT"),
        (["optimise", GOAL, "--objective", "cheapest"], "'least_emissions'"),
        (["frontier", GOAL, "--points", "1"], "'--points'"),
        (["frontier", GOAL, "--whole-points", "-1"], "'--whole-points'"),
        (["frontier", GOAL, "--most", "0"], "'--most'"),
        (["frontier", GOAL, "--most", "nan"], "--most"),
        (["frontier", GOAL, "--most", "inf"], "--most"),
        (["alternatives", GOAL, "-k", "0"], "'--number' / '-k'"),
        (["alternatives", GOAL, "--loss", "-0.1"], "'--loss'"),
        (["alternatives", GOAL, "--loss", "nan"], "--loss"),
        (["alternatives", GOAL, "--cost-loss", "inf"], "--cost-loss"),
        (["explain", GOAL, "--time-limit", "nan"], "above 0"),
        (["explain", GOAL, "--time-limit", "inf"], "above 0"),
        (["explain", GOAL, "--gap", "nan"], "between 0 and 1"),
        (["explain"], "GOAL"),
    ],
)
def test_wrong_usage_is_code_2(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert __main__.entry(arguments) == 2
    captured = capsys.readouterr()
    assert words in captured.err.splitlines()[-1] and captured.out == ""


@pytest.mark.parametrize("verb", ["explain", "frontier", "alternatives"])
def test_help_of_a_question_fits_a_terminal(
    verb: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert __main__.entry([verb, "--help"]) == 0
    out = capsys.readouterr().out
    assert f"Usage: run.py {verb}" in out and f"outputs/{verb}_<goal>/" in out
    assert max(map(len, out.splitlines())) <= 80


@pytest.mark.usefixtures("undrawn")
def test_strict_says_what_is_out_of_reach_and_still_writes(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = call(capsys, root, "explain", GOAL, *TOY, "--strict")
    assert said.code == 3
    assert f"{GOAL}, central: target 'fossil_free' is out of reach by 5 800 t" in said.err
    assert (root / f"outputs/explain_{GOAL}/plans/{GOAL}.central/gap.csv").exists()
    said = call(capsys, root, "explain", "toy_low_from", *TOY, "--strict")
    assert said.code == 0  # within reach


@pytest.mark.usefixtures("undrawn")
def test_a_question_without_an_answer_says_so(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A sum over years is no target that a waterfall or a curve could show."""
    said = call(capsys, root, "explain", GOAL, *TOY, "--target", "carbon_budget")
    assert said.code == 0 and "Nothing to explain: that takes a target that limits emissions" in said.out
    said = call(capsys, root, "frontier", GOAL, *TOY, "--target", "carbon_budget", "--points", "3")
    assert said.code == 0 and "No curve: that takes limited money and a target that limits emissions" in said.out
    path = root / "inputs/toy/targets.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace("cycling_share,2030,15,", "cycling_share,2030,90,"), "utf-8"
    )
    said = call(capsys, root, "explain", GOAL, *TOY, "--target", "more_cycling", "--name", "cycling")
    assert said.code == 0 and "is worth: points of worst shortfall, priority 2, share" in " ".join(said.out.split())


# --- studies --------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("undrawn")
def test_a_study_asks_of_the_goals_it_names_in_the_shown_future(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = STUDY + f"scenarios: [toy_reference, {GOAL}, toy_low_from]\nshown_future: central\n"
    text += f"only_shown: [toy_low_from]\nexplain: [{GOAL}]\nfrontier: [toy_low_from]\n"
    (root / "scenarios/studies/asked.yaml").write_text(text, encoding="utf-8")
    said = call(capsys, root, "study", "asked")
    assert (said.code, said.err) == (0, "")
    results = netcdf.load(root / "outputs/asked/results.nc")
    assert list(results) == [
        ("toy_reference", "central"), ("toy_reference", "mandate_low"), (GOAL, "central"), (GOAL, "mandate_low"),
        ("toy_low_from", "central"),
    ]  # fmt: skip
    explained, other = results[GOAL, "central"], results[GOAL, "mandate_low"]
    assert "gap_lifted" in explained and "gap_lifted" not in other and "sweep_budget" not in explained
    assert "sweep_budget" in results["toy_low_from", "central"]
    assert "price_relaxed" in explained and "price_relaxed" not in other
    plans = {path.name: {each.name for each in path.iterdir()} for path in (root / "outputs/asked/plans").iterdir()}
    usual = {"certificate.json", "certificate.txt", "prices.csv"}
    assert plans == {
        f"{GOAL}.central": usual | {"gap.csv"},
        f"{GOAL}.mandate_low": usual - {"prices.csv"},
        "toy_low_from.central": usual | {"frontier.csv"},
    }
