"""Does a user's own constraint bind, and is every mistake in one told with file and line?"""

from __future__ import annotations

import pickle
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from numpy.testing import assert_allclose

from model import ROOT
from model.inputs.faults import Faults, InputFaults, Place
from model.inputs.reading.constraint_files import Constraint
from model.optimiser.goal import problem_of
from model.optimiser.problem import Problem
from model.optimiser.proportions import proportions_at
from model.optimiser.search import find_plan
from model.optimiser.verification import TOLERANCE, violations
from model.studies.study import Batch, prepare, run
from tests.towns.broken_root import call, tree
from tests.towns.random_towns import random_case, random_problem

TOY = ("--municipality", "toy")
OWN = "constraints/mine.py"
GOAL = "scenarios/goals/own.yaml"
HEAD = "from __future__ import annotations\nfrom model.constraints import *\n\n"


@pytest.fixture
def root(root: Path) -> Path:
    """Toytown with the goal `toy_low_from` and a constraint of its own, which is yet to be written."""
    (root / "constraints").mkdir()
    (root / GOAL).write_text("extends: toy_low_from\nconstraints:\n- mine\n", encoding="utf-8")
    return root


def write(root: Path, body: str, head: str = HEAD) -> None:
    """A constraint whose `def` is line 4."""
    text = f"{head}def mine(f):\n    '''Less bio heat: level[BIO,y] <= 8  [GWh].'''\n"
    text += "".join(f"    {line}\n" for line in body.splitlines())
    (root / OWN).write_text(text, encoding="utf-8")


CAP = "for y in f.years:\n    yield (y,), None, *operating_units(f, 'BIO', y), 8.0"


def batch(root: Path, *goals: str) -> Batch:
    return prepare("own", "toy", goals, ["central"], root, Faults())


def result(root: Path, goal: str) -> xr.Dataset:
    ((_, data, _),) = run(batch(root, goal), 1, lambda _: None)
    return data


def problem(root: Path, goal: str) -> Problem:
    read = batch(root, goal)
    return problem_of(read.scenarios[goal], read.built["central"])


# --- what it does ----------------------------------------------------------------------------------


def test_the_example_of_the_page_costs_what_the_page_says() -> None:
    """Without it 10.048 GWh in 2030 (docs/toy.md); with 8 GWh, 2.048 x 250 t are missing; 7.52 in 2031 fit."""
    free, bound = result(ROOT, "toy_low_from"), result(ROOT, "toy_little_bio_heat")
    years = [2030, 2031, 2032]
    assert_allclose(free.level.sel(measure="BIO", year=years), [10.048, 7.52, 0], atol=1e-3)
    assert_allclose(bound.level.sel(measure="BIO", year=years), [8, 7.52, 0], atol=1e-3)
    assert_allclose(bound.shortfall.sel(target="low_from", year=years), [512, 0, 0], atol=0.1)
    cost = [float((each.fixed_cost + each.running_cost).sum()) for each in (free, bound)]
    assert_allclose(cost[0] - cost[1], 0.5 * 2.048, atol=1e-3)


def test_the_example_of_the_page_is_the_file_that_comes_with_the_project() -> None:
    page = (ROOT / "docs/constraints.md").read_text(encoding="utf-8")
    for kind, file in (
        ("python", "constraints/little_bio_heat.py"),
        ("yaml", "scenarios/goals/toy_little_bio_heat.yaml"),
    ):
        (shown,) = re.findall(rf"```{kind}\n(.*?)```", page, re.DOTALL)
        text = (ROOT / file).read_text(encoding="utf-8")
        assert shown.removeprefix(f"# {file}\n") == (text if kind == "python" else text.partition("\n")[2])


def test_each_kind_of_variable_can_be_limited(root: Path) -> None:
    """Numbers of the unlimited plan: 2030 has 10.048 GWh of BIO and 15 000 t; every year 2 km of path are started."""
    bodies = {
        "new_units": "yield 0, None, *new_units(f, 'PATH', 0), 1.0",
        "activity": "s = f.case.activities.index('bio_heat')\nyield 0, None, [1.0], [f.activity[s, 3]], 5.0",
        "payment": "yield 0, None, [1.0] * len(f.payment), list(f.payment.values()), 30.0",
        "emissions": "names = [f.emissions[k, g, y] for k, g, y in f.emissions if y == 3]\n"
        "yield 0, 16.0, [1.0] * len(names), names, 16.5",
        "pool_draw": "yield 0, None, [1.0], [f.pool_draw[0, 5]], 3.0",
    }
    for name, body in bodies.items():
        write(root, body)
        own = problem(root, "own")
        plan = find_plan(own)
        assert abs(violations(own, plan)["constraint mine"]) <= TOLERANCE, name  # kept, and it binds
        free = replace(own, constraints=())
        assert violations(own, find_plan(free))["constraint mine"] > 0.01, name


LITTLE = """
for y in f.years:
    constant, (ones, uses) = carrier_use(f, 'bio', y, ['k0', 'k1'])
    there = float(f.flow0[f.case.flow_carrier == 2, y].sum())
    yield (y, 0), None, ones, uses, there + 3.0 - constant
    level = float(f.case.level[0, 1, f.problem.first + y])
    yield (y, 1), 0.8 * level, [1.0], [f.activity[1, y]], None
"""


@pytest.mark.parametrize("seed", range(9))
def test_on_random_towns_with_pools_carriers_and_activities_are_kept_within(seed: int, root: Path) -> None:
    """At most 3 GWh of a carrier more than in the reference, at least 80 % of an activity in a pool."""
    write(root, LITTLE)
    free = random_problem(seed, random_case(seed), None)
    own = replace(
        free,
        constraints=(Constraint("mine", root / OWN, Place(OWN, 4), "Mine.", (root / OWN).read_text(encoding="utf-8")),),
    )
    plan = find_plan(own)
    broken = {name: worst for name, worst in violations(own, plan).items() if worst > TOLERANCE}
    assert not broken
    bio = plan.outcome.flow[0][own.case.flow_carrier == 2].sum(axis=0)
    assert np.all(bio <= own.case.other_use[0][own.case.flow_carrier == 2].sum(axis=0) + 3.0 + 1e-3)
    assert np.all(plan.outcome.activity[0, 1] >= 0.8 * own.case.level[0, 1] - 1e-3)
    assert violations(own, find_plan(free))["constraint mine"] > 0.01


def test_a_plan_that_does_not_keep_it_is_caught_outside_the_solver(root: Path) -> None:
    """As if a sign had been turned on the way to the solver, or the rows had got lost."""
    write(root, CAP)
    own = problem(root, "own")
    assert violations(own, find_plan(own))["constraint mine"] <= TOLERANCE
    worst = violations(own, find_plan(replace(own, constraints=())))["constraint mine"]
    assert worst == pytest.approx(2.048 / 10.048, abs=1e-3)
    write(root, CAP.replace("None, *", "-8.0, *").replace(", 8.0", ", None"))  # at least minus eight
    assert violations(problem(root, "own"), find_plan(replace(own, constraints=())))["constraint mine"] <= 0


def test_goals_with_one_are_solved_in_processes_of_their_own(root: Path) -> None:
    write(root, CAP)
    found = {key[0]: data for key, data, _ in run(batch(root, "own", "toy_low_from"), 2, lambda _: None)}
    level = {name: float(data.level.sel(measure="BIO", year=2030)) for name, data in found.items()}
    assert_allclose([level["own"], level["toy_low_from"]], [8, 10.048], atol=1e-3)


def test_the_name_of_the_rows_in_the_model_is_that_of_the_function(root: Path) -> None:
    from model.optimiser.formulation.assembly import formulate

    write(root, CAP)
    own = problem(root, "own")
    model = formulate(own, proportions_at(own)).model
    assert len(model.component("mine")) == 6


def test_its_text_belongs_to_the_fingerprint_only_if_a_goal_names_it(root: Path) -> None:
    write(root, CAP)
    before = [batch(root, goal).fingerprint for goal in ("own", "toy_low_from")]
    write(root, CAP.replace("8.0", "7.0"))
    after = [batch(root, goal).fingerprint for goal in ("own", "toy_low_from")]
    assert before[0] != after[0] and before[1] == after[1]


def test_a_changed_file_is_read_anew(root: Path) -> None:
    write(root, CAP)
    assert float(result(root, "own").level.sel(measure="BIO", year=2030)) == pytest.approx(8, abs=1e-3)
    write(root, CAP.replace("8.0", "6.0"))
    assert float(result(root, "own").level.sel(measure="BIO", year=2030)) == pytest.approx(6, abs=1e-3)


def test_a_file_that_no_goal_names_is_never_executed(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "constraints/loud.py").write_text("raise RuntimeError('executed')\n", encoding="utf-8")
    said = call(capsys, root, "list", *TOY)
    assert said.code == 0 and "constraints: loud" in said.out
    assert call(capsys, root, "check", "toy").code == 0


def test_the_constraints_of_the_project_are_all_sound() -> None:
    from model.inputs.reading.constraint_files import check, names

    faults = Faults()
    assert names(ROOT) == sorted(path.stem for path in (ROOT / "constraints").glob("*.py"))
    for name in names(ROOT):
        check(name, ROOT, Place("here"), faults)
    assert not faults.found


# --- what is wrong ---------------------------------------------------------------------------------


def fault(root: Path, capsys: pytest.CaptureFixture[str]) -> str:
    before = tree(root)
    said = call(capsys, root, "optimise", "own", *TOY)
    assert said.code == 1 and "Traceback" not in said.err
    (found,) = said.faults
    assert {file: each for file, each in tree(root).items() if file != "outputs"} == before  # nor any byte code
    return found


def test_an_unknown_name_is_one_fault_with_the_nearest_name(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert fault(root, capsys).startswith(f"{GOAL}:3: found constraint 'mine'; allowed: nothing: there is no file in")
    (root / "constraints/mind.py").write_text("", encoding="utf-8")
    assert fault(root, capsys) == f"{GOAL}:3: found constraint 'mine'; allowed: one of mind. Did you mean 'mind'?"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("def yours(f):\n    'Hers.'\n", 0, "no function 'mine'"),
        ("mine = 3\n", 0, "no function 'mine'"),
        ("def mine(f):\n    return []\n", 1, "function 'mine' without a docstring"),
        ("def mine(f)\n", 1, "what is not Python (expected ':')"),
        ("\nimport nothing_of_the_kind\n\ndef mine(f):\n    'Mine.'\n", 2, "ModuleNotFoundError: No module named"),
        ("def mine(f):\n    'Mine.'\n    return 3\n", 1, "TypeError: 'int' object is not iterable"),
        ("def mine(f):\n    'Mine.'\n    yield 1 / 0\n", 3, "ZeroDivisionError: division by zero"),
        (f"{HEAD}def mine(f):\n    'M'\n    yield 0, None, *new_units(f, 'PAHT', 0), 1\n", 6, "did you mean 'PATH'?"),
        ("def mine(f):\n    'M'\n    yield 3\n", 1, "a row that is 3"),
        ("def mine(f):\n    'M'\n    yield 0, None, [1.0], [], 2.0\n", 1, "1 coefficients and 0 variables"),
        ("def mine(f):\n    'M'\n    yield 0, None, ['a'], [f], 2.0\n", 1, "a row that is (0, None, ['a']"),
        ("def mine(f):\n    'M'\n    yield 0, None, [1.0], [f], 2.0\n", 1, "allowed: variables of new_units, level"),
        ("def mine(f):\n    'M'\n    yield 0, None, [1.0], [f.shortfall[0, 3]], 2.0\n", 1, "with 'shortfall'"),
        ("def mine(f):\n    'M'\n    yield 0, 1.0, [], [], None\n", 1, "nothing in it can be decided"),
        ("def mine(f):\n    'M'\n    yield 0, 3.0, [1.0], [f.level[0, 0]], 2.0\n", 1, "side above its upper side"),
        ("def mine(f):\n    'M'\n    x = f.level[0, 0]\n    yield 0, 1.0, [1.0, -1], [x, x], None\n", 1, "decided"),
        ("def mine(f):\n    'M'\n    yield 0, None, [1e999], [f.level[0, 0]], 2.0\n", 1, "that is not finite"),
        ("def mine(f):\n    'M'\n    yield 0, float('inf'), [1.0], [f.level[0, 0]], None\n", 1, "that is not finite"),
        ("def mine(f):\n    'M'\n    yield [0], None, [1.0], [f.level[0, 0]], 2.0\n", 1, "a row that is ([0], None"),
        ("def mine(f):\n    'M'\n    for _ in 'ab':\n        yield 0, 0.0, [1.0], [f.level[0, 0]], None\n", 1, "twice"),
        ("def mine(f):\n    'M'\n    f.level[0, 0].setub(0)\n    yield from ()\n", 1, "bounds of variables changed"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_a_fault_with_file_and_line(
    text: str, line: int, words: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / OWN).write_text(text, encoding="utf-8")
    found = fault(root, capsys)
    assert found.startswith(f"{OWN}:{line}: found " if line else f"{OWN}: found ") and words in found, found


def test_a_name_that_the_model_has_already_is_refused(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "constraints/pot.py").write_text("def pot(f):\n    'Mine.'\n    yield from ()\n", encoding="utf-8")
    (root / GOAL).write_text("extends: toy_low_from\nconstraints: [pot]\n", encoding="utf-8")
    assert fault(root, capsys).startswith("constraints/pot.py:1: found the name 'pot'")


def test_what_a_worker_finds_wrong_crosses_over_whole(root: Path) -> None:
    write(root, "yield 1 / 0")
    with pytest.raises(InputFaults, match=r"constraints/mine\.py:6: found ZeroDivisionError") as found:
        list(run(batch(root, "own"), 1, lambda _: None))
    assert pickle.loads(pickle.dumps(found.value)).faults == found.value.faults


def test_a_constraint_is_plain_data() -> None:
    one = Constraint("mine", Path("mine.py"), Place("mine.py", 1), "Mine.", "")
    assert pickle.loads(pickle.dumps(one)) == one
