"""Is a plan computed again when, and only when, something changes that it depends on?"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import grimp
import pytest

from model import ROOT
from model.outputs import manifest
from model.studies import goal_run, planning
from model.studies.options import GoalOptions, OptimiseOptions
from model.studies.progress import Hearing
from model.studies.reuse.asked import asked_run
from model.studies.reuse.digest import code
from model.studies.reuse.standing import UNCHANGED, Answer, standing
from model.studies.run import run_scenarios
from tests.towns.broken_root import toy_root

NAMES = ("toy_mix", "toy_cheapest", "toy_low_once")
BOTH = {"toy_cheapest", "toy_low_once"}
NOT_OF_A_PLAN = ("inputs", "reference", "scenarios", "build", "plain_text", "labelling", "workers", "memory")
"""What makes the arrays of a problem, hashed themselves, says what is wrong, labels what is kept, or spreads work."""
TOY = {"municipality": "toy"}


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The toy town in which all has been run once; its constraint is demanded."""
    root = toy_root(tmp_path_factory.mktemp("finished") / "root")
    shutil.copytree(ROOT / "constraints", root / "constraints")
    goal = root / "scenarios/goals/toy_low_once.yaml"
    goal.write_text(goal.read_text(encoding="utf-8") + "constraints: [little_bio_heat]\n", encoding="utf-8")
    run(root)
    return root


@pytest.fixture
def root(finished: Path, tmp_path: Path) -> Path:
    shutil.copytree(finished, tmp_path / "again")
    return tmp_path / "again"


@pytest.fixture
def searched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The goals for which a plan is searched."""
    found: list[str] = []
    search = goal_run.search

    def heard(job: Any, problem: Any, starts: Any = ()) -> Any:
        found.append(job.scenario.name)
        return search(job, problem, starts)

    monkeypatch.setattr(goal_run, "search", heard)
    return found


def run(root: Path, *names: str, hear: Hearing | None = None, **options: Any) -> Answer:
    """The answer to all scenarios, or to some, as on the command line."""
    chosen = GoalOptions.model_validate(TOY | options)
    asked = asked_run(names or NAMES, root, chosen)
    answer = None if chosen.fresh else standing(asked)
    return answer or run_scenarios(names or NAMES, asked, chosen, hear or Hearing())


def text(path: str, old: str, new: str) -> Callable[[Path], None]:
    """A change of a file."""

    def change(root: Path) -> None:
        content = (root / path).read_text(encoding="utf-8")
        assert old in content
        (root / path).write_text(content.replace(old, new), encoding="utf-8")

    return change


CHEAPEST = "scenarios/goals/toy_cheapest.yaml"
CASES: dict[str, tuple[Callable[[Path], None], set[str]]] = {
    "nothing": (lambda _: None, set()),
    "the title of a goal": (text(CHEAPEST, "Low emissions at least cost", "Cheap"), set()),
    "the title of a future": (text("scenarios/futures/central.yaml", "Today's", "Our"), set()),
    "a label": (text("inputs/toy/measures.csv", "Electric cars", "Battery cars"), set()),
    "a note": (text("inputs/toy/potentials.csv", "all kilometres", "every kilometre"), set()),
    "a target nobody looks at": (text("inputs/toy/targets.csv", ",60,kt_CO2e", ",61,kt_CO2e"), set()),
    "a portfolio": (text("scenarios/portfolios/toy_mix.yaml", "8 km", "7 km"), set()),
    "a target of one goal": (
        text("inputs/toy/targets.csv", "15000,t_CO2e,only", "15500,t_CO2e,only"),
        {"toy_low_once"},
    ),
    "a budget of one goal": (text(CHEAPEST, "gap:", "budgets: {investment: 9 MSEK/year}\ngap:"), {"toy_cheapest"}),
    "the gap of one goal": (text(CHEAPEST, "0.000001", "0.000002"), {"toy_cheapest"}),
    "a constraint of one goal": (text("constraints/little_bio_heat.py", "MOST = 8.0", "MOST = 7.5"), {"toy_low_once"}),
    "a budget of the town": (text("inputs/toy/budgets.csv", "2027,10,", "2027,11,"), BOTH),
    "the price of a measure": (text("inputs/toy/costs.csv", "PATH,capital,2026,4,", "PATH,capital,2026,5,"), BOTH),
    "the capacity of a measure": (text("inputs/toy/potentials.csv", "CAR,2027,100,", "CAR,2027,90,"), BOTH),
}


@pytest.mark.parametrize("what", CASES)
def test_only_plans_that_depend_on_what_has_changed_are_searched_again(
    what: str, root: Path, searched: list[str]
) -> None:
    change, again = CASES[what]
    change(root)
    answer = run(root)
    assert set(searched) == again
    if what == "nothing":
        assert answer.taken == UNCHANGED
    else:
        taken = f"{2 - len(again)} of 2 plans taken from earlier runs; --fresh computes them anew."
        assert answer.taken == (taken if len(again) < 2 else "")


def test_a_changed_title_is_in_the_results_though_nothing_was_searched(root: Path, searched: list[str]) -> None:
    text(CHEAPEST, "Low emissions at least cost", "Cheap")(root)
    run(root)
    plan = root / f"outputs/{'+'.join(NAMES)}/portfolios/toy_cheapest.central.yaml"
    assert not searched and "Cheap (plan found)" in plan.read_text(encoding="utf-8")


def test_certificates_of_plans_that_are_taken_have_the_hashes_of_todays_inputs(root: Path) -> None:
    path = root / f"outputs/{'+'.join(NAMES)}/plans/toy_cheapest.central/certificate.json"
    before = path.read_text(encoding="utf-8")
    text("inputs/toy/measures.csv", "Electric cars", "Battery cars")(root)
    run(root)
    after = path.read_text(encoding="utf-8")
    different = [a for a, b in zip(before.splitlines(), after.splitlines(), strict=True) if a != b]
    assert [line.split('"')[1] for line in different] == ["inputs/toy/measures.csv"]


def test_a_comment_changes_nothing_and_rewrites_nothing(root: Path, searched: list[str]) -> None:
    text(CHEAPEST, "gap:", "# fine\ngap:")(root)
    path = root / f"outputs/{'+'.join(NAMES)}/summary.csv"
    before = path.read_bytes()
    assert run(root).taken == run(root).taken == UNCHANGED
    assert not searched and path.read_bytes() == before


@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_text("mine", encoding="utf-8")])
def test_a_result_that_is_gone_or_edited_is_written_again(
    root: Path, spoil: Callable[[Path], Any], searched: list[str]
) -> None:
    folder = root / f"outputs/{'+'.join(NAMES)}"
    path = folder / "summary.csv"
    before = path.read_bytes()
    spoil(path)
    run(root)
    assert path.read_bytes() == before and not searched


def test_options_of_a_goal_are_part_of_its_plan(root: Path, searched: list[str]) -> None:
    run(root, gap=1e-6, into="same")
    assert searched == [], "the goal's own gap, typed in"
    run(root, gap=0.01, into="other")
    assert set(searched) == BOTH


def test_the_same_plan_is_taken_whoever_asks_for_it(root: Path, searched: list[str]) -> None:
    answer = run(root, "toy_cheapest")
    assert not searched and answer.taken.startswith("1 of 1 plans taken")


def test_fresh_searches_all_and_finds_the_same(root: Path, searched: list[str]) -> None:
    folder = root / f"outputs/{'+'.join(NAMES)}"
    before = manifest.read(folder)
    assert run(root, fresh=True).taken == "" and set(searched) == BOTH
    after = manifest.read(folder)
    assert before and after and before["said"] == after["said"] and before["files"].keys() == after["files"].keys()
    name = "plans/toy_cheapest.central/certificate.json"
    assert before["files"][name] == after["files"][name]


def test_a_plan_that_is_damaged_is_searched_again(root: Path, searched: list[str]) -> None:
    for path in (root / ".cache/plans").glob("*.plan"):
        path.write_bytes(path.read_bytes()[:-1] + b"?")
    run(root, "toy_cheapest")
    assert searched == ["toy_cheapest"]


def test_other_code_of_the_optimiser_searches_again(
    root: Path, searched: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "code", lambda *_: "another byte")
    run(root, "toy_cheapest")
    assert searched == ["toy_cheapest"]


@pytest.mark.parametrize(
    ("file", "plan", "answer"),
    [
        ("optimiser/solver/highs.py", True, True),
        ("projection/kernel.py", True, True),
        ("money/pots.py", True, True),
        ("analyses/gap.py", False, True),
        ("figures/debt.py", False, False),
        ("cli/verbs.py", False, False),
    ],
)
def test_one_byte_of_code_counts_where_it_computes(tmp_path: Path, file: str, plan: bool, answer: bool) -> None:
    copy = tmp_path / "model"
    shutil.copytree(ROOT / "model", copy, ignore=shutil.ignore_patterns("__pycache__"))
    with (copy / file).open("a", encoding="utf-8") as opened:
        opened.write("\n")
    assert (code(*planning.PLANS, model=copy) != code(*planning.PLANS)) == plan
    assert (code(*planning.ANSWERS, model=copy) != code(*planning.ANSWERS)) == answer


def test_all_code_that_computes_is_hashed_or_makes_what_is_hashed() -> None:
    graph = grimp.build_graph("model", exclude_type_checking_imports=True)
    used = graph.find_upstream_modules("model.studies.goal_run")
    hashed = {part.removesuffix(".py").replace("/", ".") for part in planning.ANSWERS}
    known = tuple(f"model.{part}" for part in (*hashed, *NOT_OF_A_PLAN))
    left = [each for each in used if each != "model" and not f"{each}.".startswith(tuple(f"{k}." for k in known))]
    assert not left


def test_a_run_that_was_stopped_goes_on_from_the_plans_it_has_found(root: Path, searched: list[str]) -> None:
    """Stopped when the first of two plans has been found; each is kept when it is found."""
    shutil.rmtree(root / ".cache")

    search = goal_run.search

    def once(job: Any, problem: Any, starts: Any = ()) -> Any:
        if searched:
            raise KeyboardInterrupt
        return search(job, problem, starts)

    with pytest.MonkeyPatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(goal_run, "search", once)
        run(root, fresh=True)
    first = list(searched)
    assert len(first) == 1
    searched.clear()
    answer = run(root, into="on")
    assert set(searched) == BOTH - {*first} and answer.taken.startswith("1 of 2 plans taken")


def test_options_that_are_left_out_are_no_part_of_a_question() -> None:
    asked = asked_run(["a"], ROOT, OptimiseOptions(strict=True, fresh=True, into="there"))
    assert (asked.words, asked.name) == ("run a", "there")
    options = OptimiseOptions(budgets={"b": "2 MSEK/year", "a": "1 MSEK/year"}, targets=["t"], gap=0.01)
    assert asked_run(["a", "b"], ROOT, options).words == (
        'optimise a b --budget "a=1 MSEK/year" --budget "b=2 MSEK/year" --target t --gap 0.01'
    )
