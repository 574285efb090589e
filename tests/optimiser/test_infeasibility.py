"""Is the set of clashing musts the smallest, is every member needed, and is it told in words? Clashes made by hand."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from model.inputs.faults import Faults, InputFaults, Place
from model.studies.study import prepare, run
from tests.towns.broken_root import DEPARTMENTS, WORKLOAD, add, call, tree

TOY = ("--municipality", "toy")
GOAL = "scenarios/goals/clash.yaml"
TITLE = "title: {sv: Prov, en: Test}\nobjective: least_cost\n"
RELATIONS = "inputs/toy/relations.csv"
OWN = "from model.constraints import *\ndef {name}(f):\n    '{name} of bio heat.'\n{rows}"


@pytest.fixture
def root(root: Path) -> Path:
    (root / "constraints").mkdir()
    return root


def goal(root: Path, text: str) -> None:
    """A goal whose keys begin in line 3."""
    (root / GOAL).write_text(TITLE + text, encoding="utf-8")


def relate(root: Path, *rows: str) -> None:
    """Relations, from line 3 of their table."""
    with (root / RELATIONS).open("a", encoding="utf-8") as file:
        file.writelines(f"{row},1,0,toy,C,\n" for row in rows)


def own(root: Path, name: str, measure: str, lower: str, upper: str) -> None:
    rows = f"    for y in f.years[3:]:\n        yield y, {lower}, *operating_units(f, '{measure}', y), {upper}\n"
    (root / f"constraints/{name}.py").write_text(OWN.format(name=name, rows=rows), encoding="utf-8")


def told(root: Path, capsys: pytest.CaptureFixture[str]) -> tuple[str, list[str], str]:
    """Place, members of the clash in words, and what is allowed."""
    before = tree(root)
    said = call(capsys, root, "optimise", "clash", *TOY)
    assert said.code == 1, said
    (fault,) = said.faults
    assert tree(root) | {"outputs": ""} == before | {"outputs": ""}  # nothing written
    place, _, rest = fault.partition(": found what cannot all be had in future 'central': ")
    members, _, allowed = rest.partition("; allowed: ")
    return place, members.split("; "), allowed


def possible(root: Path) -> bool:
    """Whether there is a plan."""
    with suppress(InputFaults):
        return len(list(run(prepare("clash", "toy", ["clash"], ["central"], root, Faults()), 1, lambda _: None))) == 1
    return False


# --- made by hand ----------------------------------------------------------------------------------


def test_two_a_must_and_its_pot(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    add(root, "measures", "PATH,", "SPARE,", ",2027,2,,no,", ",2027,,1,no,")
    for table in ("owner_shares", "costs", "potentials"):
        add(root, table, "PATH,", "SPARE,")
    goal(root, "require: [BIO, PATH]\nbudgets: {investment: 3 MSEK/year}\n")
    place, members, allowed = told(root, capsys)
    assert place == f"{GOAL}:3"
    assert members == [
        f"'PATH' is required ({GOAL}:3), a unit costs 4 MSEK to start (inputs/toy/costs.csv:4)",
        f"fund 'investment' gives 3 MSEK a year ({GOAL}:4)",
    ]
    assert allowed == "not all of these at once: change one of them."
    goal(root, "require: [BIO, PATH]\nbudgets: {investment: 4 MSEK/year}\n")
    assert possible(root)


def test_two_a_must_and_a_ramp_slower_than_a_whole_unit(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = root / "inputs/toy/measures.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",2027,2,,no,", ",2027,2,3,no,"), encoding="utf-8")
    goal(root, "require: [PATH]\nbudgets: unlimited\n")
    _, members, _ = told(root, capsys)
    assert members == [
        f"'PATH' is required ({GOAL}:3)",
        "at most 2 km of 'PATH' can be started a year, in whole units of 3 (inputs/toy/measures.csv:2 [ramp])",
    ]


def test_two_an_own_constraint_and_what_is_excluded(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own(root, "much", "BIO", "5.0", "None")
    goal(root, "exclude: [CAR, BIO]\nconstraints: [much]\n")
    place, members, _ = told(root, capsys)
    assert place == f"{GOAL}:3"
    assert members == [
        f"'BIO' is excluded ({GOAL}:3)",
        f"constraint 'much' ({GOAL}:4) demands: much of bio heat (constraints/much.py:2)",
    ]
    goal(root, "exclude: [CAR]\nconstraints: [much]\n")
    assert possible(root)


def test_two_constraints_of_ones_own(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own(root, "much", "BIO", "5.0", "None")
    own(root, "little", "BIO", "None", "4.0")
    goal(root, "require: [PATH]\nconstraints: [much, little]\n")
    place, members, _ = told(root, capsys)
    assert place == f"{GOAL}:4" and len(members) == 2 and "'little'" in members[0] and "'much'" in members[1]


def test_one_constraint_that_no_plan_can_keep(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "constraints/never.py").write_text(
        "def never(f):\n    'Petrol at most nothing.'\n    yield 0, None, [1.0], [f.level[0, 0]], -1.0\n",
        encoding="utf-8",
    )
    goal(root, "constraints: [never]\n")
    place, members, allowed = told(root, capsys)
    assert place == f"{GOAL}:3" and len(members) == 1 and "'never'" in members[0]
    assert allowed == "something that can be kept."


def test_three_a_must_a_relation_and_a_constraint(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own(root, "none", "BIO", "None", "0.0")
    relate(root, "PATH,requires,BIO")
    goal(root, "require: [PATH, POINT]\nconstraints: [none]\n")
    _, members, _ = told(root, capsys)
    assert members == [
        f"'PATH' is required ({GOAL}:3)",
        f"constraint 'none' ({GOAL}:4) demands: none of bio heat (constraints/none.py:2)",
        f"'PATH' requires 'BIO' ({RELATIONS}:3)",
    ]
    own(root, "none", "BIO", "None", "2.0")
    assert possible(root)


def test_three_a_must_and_a_relation_to_what_comes_later(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = root / "inputs/toy/measures.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("1,0,2027,4", "1,1,2029,4"), encoding="utf-8")
    relate(root, "PATH,requires,BIO")
    goal(root, "require: [PATH]\n")
    _, members, _ = told(root, capsys)
    assert members[1:] == [
        f"'PATH' requires 'BIO' ({RELATIONS}:3)",
        "'BIO' cannot operate before 2030 (inputs/toy/measures.csv:5 [first_year])",
    ]
    goal(root, "require: [PATH]\nstart: 2030\n")
    _, members, _ = told(root, capsys)  # BIO has a lead of a year
    assert members[2] == f"'BIO' cannot operate before 2031 ({GOAL}:4)"


def test_three_two_musts_and_a_department_that_can_do_one(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    persons = "streets,Gata,Streets,2027,1.5,person,toy,C,\n"
    (root / "inputs/toy/departments.csv").write_text(DEPARTMENTS + persons, encoding="utf-8")
    work = "".join(f"{name},streets,new_unit,1,person_year/{unit},toy,C,\n" for name, unit in UNITS.items())
    (root / "inputs/toy/workload.csv").write_text(WORKLOAD + work, encoding="utf-8")
    goal(root, "require: [PATH, POINT]\n")
    _, members, _ = told(root, capsys)
    needs = "a unit needs a staff of 1 in the year it is started"
    assert members == [
        f"'PATH' is required ({GOAL}:3), {needs} (inputs/toy/workload.csv:2)",
        f"'POINT' is required ({GOAL}:3), {needs} (inputs/toy/workload.csv:3)",
        "department 'streets' has a staff of 1.5 (inputs/toy/departments.csv:2)",
    ]


UNITS = {"PATH": "km", "POINT": "ten_points"}


def test_four_three_musts_and_a_pot_for_two(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A km costs 4 in 2027: of 10 there is enough for two, and no smaller set clashes."""
    names = ("PATH", "TWO", "THREE")
    add(root, "measures", "PATH,", "TWO,")
    add(root, "measures", "PATH,", "THREE,")
    for table in ("owner_shares", "costs", "potentials"):
        add(root, table, "PATH,", "TWO,")
        add(root, table, "PATH,", "THREE,")
    goal(root, "require: [THREE, BIO, PATH, POINT, TWO]\nbudgets: {investment: 11.5 MSEK/year}\n")
    _, members, _ = told(root, capsys)
    assert len(members) == 4 and members[3] == f"fund 'investment' gives 11.5 MSEK a year ({GOAL}:4)"
    assert sorted(each.split("'")[1] for each in members[:3]) == sorted(names)
    for less in names:
        left = ", ".join({"BIO": 0, "POINT": 0} | dict.fromkeys(each for each in names if each != less))
        goal(root, f"require: [{left}]\nbudgets: {{investment: 11.5 MSEK/year}}\n")
        assert possible(root)
    goal(root, "require: [THREE, BIO, PATH, POINT, TWO]\nbudgets: {investment: 13 MSEK/year}\n")
    assert possible(root)


def test_nobody_who_may_pay(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = root / "inputs/toy/eligibility.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace("investment,municipality,any", "investment,farm,any"), encoding="utf-8"
    )
    goal(root, "require: [PATH]\n")
    _, members, _ = told(root, capsys)
    assert members == [
        f"'PATH' is required ({GOAL}:3)",
        "no fund may pay in full for 'PATH', of which a unit costs 4 MSEK to start (inputs/toy/costs.csv:2) "
        "(inputs/toy/eligibility.csv)",
    ]


# --- chains of relations, before anything is solved ------------------------------------------------


def test_a_chain_to_what_is_excluded_is_told_link_by_link(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    relate(root, "PATH,requires,BIO", "BIO,requires,CAR", "PATH,requires,POINT")
    goal(root, "require: [PATH]\nexclude: [CAR]\n")
    said = call(capsys, root, "optimise", "clash", *TOY)
    assert said.code == 1
    assert said.faults == [
        f"{GOAL}:4: found 'PATH' required without 'CAR'; allowed: not all of these: 'PATH' is required ({GOAL}:3), "
        f"'PATH' requires 'BIO' ({RELATIONS}:3), 'BIO' requires 'CAR' ({RELATIONS}:4), 'CAR' is excluded ({GOAL}:4)."
    ]


def test_chains_to_two_that_exclude_each_other(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    relate(root, "PATH,requires,BIO", "CAR,excludes,BIO")
    goal(root, "require:\n- PATH\n- POINT\n- CAR\n")
    said = call(capsys, root, "optimise", "clash", *TOY)
    assert said.faults == [
        f"{GOAL}:6: found both 'CAR' and 'BIO'; allowed: one of them: 'CAR' is required ({GOAL}:6), 'PATH' is required "
        f"({GOAL}:4), 'PATH' requires 'BIO' ({RELATIONS}:3), but they exclude each other ({RELATIONS}:4)."
    ]


def test_a_measure_that_requires_what_it_excludes(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    relate(root, "PATH,requires,BIO", "BIO,requires,CAR", "CAR,excludes,PATH")
    goal(root, "require: [PATH]\n")
    (fault,) = call(capsys, root, "optimise", "clash", *TOY).faults
    assert fault.count("is required") == 1 and fault.count(" requires ") == 2 and f"{RELATIONS}:5" in fault


def test_a_circle_of_requirements_is_gone_through_once(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from model.inputs.columns.measures import Relation
    from model.scenarios.contradictions import contradictions
    from tests.towns.small_town import small_town

    pairs = [("A", "requires", "B"), ("B", "requires", "A"), ("B", "requires", "C"), ("C", "excludes", "D")]
    rows = [{"measure": a, "relation": kind, "other": b} for a, kind, b in pairs]
    town, faults = small_town(relations=rows), Faults()
    contradictions({"A": Place("g", 1)}, {"D": Place("g", 2)}, town, faults)
    assert not faults.found and len(town.rows(Relation)) == 4
    contradictions({"A": Place("g", 1), "D": Place("g", 3)}, {"C": Place("g", 2)}, town, faults)
    assert sorted(fault.found for fault in faults.found) == ["'A' required without 'C'", "both 'C' and 'D'"]


# --- an unreachable target is no fault -------------------------------------------------------------


def test_a_target_out_of_reach_gives_the_best_plan_and_musts_that_clash_give_code_1(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = call(capsys, root, "optimise", "toy_fossil_free", *TOY, "--strict")
    assert said.code == 3 and "out of reach" in said.err
    assert (root / "outputs/toy_fossil_free/summary.csv").exists()
    goal(root, "targets: [fossil_free]\nrequire: [PATH]\nbudgets: {investment: 3 MSEK/year}\n")
    for arguments in ((), ("--strict",)):
        clash = call(capsys, root, "optimise", "clash", *TOY, *arguments)
        assert clash.code == 1 and f"'PATH' is required ({GOAL}:4)" in clash.err and clash.out == ""
    assert not (root / "outputs/clash").exists()
