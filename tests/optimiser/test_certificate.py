"""Does the certificate of a plan hold all that makes it one, and nothing that is not so?"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model import ROOT
from model.inputs.columns.registry import TABLES
from model.optimiser.certificate import certify
from model.optimiser.certificate_words import as_text
from model.optimiser.plan import AGREEMENT
from model.optimiser.verification import TOLERANCE
from tests.towns.broken_root import call
from tests.towns.money_town import Found, Rows, Thing, budget, found, fund, may_pay, target, village

PARTS = {
    "scenario", "future", "objective", "solver", "status", "stages", "stopped_by_time_limit", "projection", "limits",
    "largest_violation", "allowed_violation", "money_limited", "pots", "inputs", "in_short", "in_words",
    "stages_in_words",
}  # fmt: skip
THINGS = {"lump": Thing(100, capital=10), "grain": Thing(1, capital=1, most=3, whole=False)}
HASHES = {"b.csv": "2", "a.csv": "1"}


def paid(**goal: Any) -> Found:
    """14 MSEK a year, of which a lump takes 10 and grain 3 in the first; a rest of 2 may wait."""
    pots: Rows = [budget("pot", 14, 2027)]
    waits = fund("pot", 1, carry_over=2)
    rights = [may_pay("pot", "town")]
    town = village(2030, THINGS, funds=[waits], budgets=pots, eligibility=rights, targets=[target(500)])
    return found(town, targets=["low"], **goal)


def certificate(there: Found) -> dict[str, Any]:
    return certify("goal", "central", there.problem, there.plan, HASHES)


@pytest.fixture(scope="module")
def content() -> dict[str, Any]:
    return certificate(paid(gap=1e-4))


def test_it_has_all_its_parts(content: dict[str, Any]) -> None:
    assert set(content) == PARTS
    assert (content["scenario"], content["future"], content["status"]) == (
        "goal",
        "central",
        "optimal within the gaps asked",
    )
    assert [(each["stage"], each["unit"]) for each in content["stages"]] == [
        ("worst shortfall, priority 1", "kt CO2e"),
        ("summed shortfall, priority 1", "kt CO2e"),
        ("cumulative emissions", "kt CO2e"),
        ("discounted cost", "MSEK"),
    ]
    for stage in content["stages"]:
        assert stage["bound"] <= stage["value"] + 1e-9
        assert stage["gap_reached"] <= stage["gap_asked"] == (4e-4 if stage["unit"] == "MSEK" else 1e-4)
    assert content["projection"]["largest_difference"] <= content["projection"]["allowed"] == AGREEMENT
    assert content["largest_violation"] <= content["allowed_violation"] == TOLERANCE
    assert list(content["inputs"].items()) == [("a.csv", "1"), ("b.csv", "2")]


def test_values_and_slacks_are_as_by_hand() -> None:
    """1 000 t less 103 is 397 above 500. A MSEK is left of the first year's 14 MSEK: no year has less. Both measures
    stand at their potential. A small gap: in half of it, cumulative emissions let some of the grain wait.
    """
    content = certificate(paid(gap=1e-6))
    assert content["stages"][0]["value"] == pytest.approx(0.397, abs=1e-6)
    limits = content["limits"]
    assert limits["pot pot"]["slack"] == pytest.approx(1, abs=1e-6)
    assert limits["within_potential"]["slack"] == pytest.approx(0, abs=1e-6)
    assert limits["target low"]["slack"] == pytest.approx(0, abs=1e-3)
    assert limits["ramp"]["slack"] is None  # there is none
    assert all(set(limit) == {"violation", "slack"} for limit in limits.values())
    assert content["largest_violation"] == max(limit["violation"] for limit in limits.values())


def test_every_kind_of_limit_is_re_checked(content: dict[str, Any]) -> None:
    expected = {
        "operating", "within_potential", "ramp", "first_year", "whole_units", "excluded", "activities", "carriers",
        "not_cut", "target low", "claim_limit", "payments", "capital_paid", "support_paid", "deficit_only",
        "grants_for_need", "own_share", "owner_not_worse", "to the krona", "pot pot",
    }  # fmt: skip
    assert set(content["limits"]) == expected


def test_sources_are_uses_in_every_pot_and_year(content: dict[str, Any]) -> None:
    pot = content["pots"]["pot"]
    assert pot["sources_minus_uses_in_kronor"] == {str(year): 0 for year in range(2026, 2031)}
    assert (pot["paid"], pot["charged"]) == (pytest.approx(13), 0)
    assert pot["lapsed"] == pytest.approx(4 * 14 - 13 - 2)  # 1 waits, 3 more years add 14 each, 2 of all of it wait


def test_what_breaks_a_limit_is_shown(content: dict[str, Any]) -> None:
    """A lump that nobody pays for, operating before it is there."""
    there = paid()
    plan = there.plan
    broken = replace(
        there, plan=replace(plan, payment=0.5 * plan.payment, new_units=np.roll(plan.new_units, 1, axis=1))
    )
    limits = certificate(broken)["limits"]
    assert limits["capital_paid"]["violation"] > 0.1 and limits["capital_paid"]["slack"] < 0
    assert limits["operating"]["violation"] > 0.1 and limits["operating"]["slack"] == pytest.approx(-3)
    assert content["limits"]["operating"]["slack"] == pytest.approx(0)


def test_json_gives_back_the_same(content: dict[str, Any]) -> None:
    assert json.loads(json.dumps(content, allow_nan=False)) == content


def test_words_name_status_gap_and_what_was_re_checked(content: dict[str, Any]) -> None:
    swedish, english = content["in_words"]["sv"], content["in_words"]["en"]
    for text in (swedish, english):
        assert "'goal'" in text and "'central'" in text and "HiGHS" in text and "{" not in text
        assert f"{len(content['limits'])} " in text and "kronor" in text
    assert "It is optimal within the gaps asked" in english and "optimal inom de gap som begärdes" in swedish
    assert "it reaches 0.39700 kt CO2e, and no plan can be better than 0.39700 kt CO2e" in english
    assert "når den 0,39700 kt CO2e, och ingen plan kan vara bättre än 0,39700 kt CO2e" in swedish
    assert "worst shortfall, priority 1" in english and "In every pot and year, sources are uses" in english
    assert "största avstånd till mål, prioritet 1" in swedish and "I varje fond och år är in lika med ut" in swedish


def test_words_without_limits_on_money_and_at_a_wide_gap() -> None:
    unlimited = certificate(paid(budgets="unlimited", gap=0.05))
    assert unlimited["pots"] == {} and not unlimited["money_limited"]
    assert "There was no limit on money." in unlimited["in_words"]["en"]
    assert "Pengarna var inte begränsade." in unlimited["in_words"]["sv"]
    assert [row[3] for row in unlimited["stages_in_words"]["sv"]] == ["begärt", "5 %", "5 %", "5 %", "20 %"]


# --- by the command line --------------------------------------------------------------------------------


def optimised(root: Path, capsys: pytest.CaptureFixture[str], goal: str, *options: str) -> dict[str, Any]:
    name = f"plan_{len(list((root / 'outputs').glob('plan_*')))}"
    said = call(capsys, root, "optimise", goal, "--municipality", "toy", *options, "--name", name)
    assert said.code == 0, said.err
    folder = root / f"outputs/{name}/plans/{goal}.central"
    found_ = json.loads((folder / "certificate.json").read_text(encoding="utf-8"))
    words = (folder / "certificate.txt").read_text(encoding="utf-8")
    assert words == as_text(found_)
    assert found_["in_short"]["en"] in said.out.replace("\n", " ").replace("  ", " ")
    return dict(found_)


def test_hashes_change_with_what_they_are_of(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    goal = "toy_fossil_free"
    before = optimised(root, capsys, goal)["inputs"]
    there = {path.relative_to(root).as_posix() for path in (root / "inputs/toy").glob("*.csv")}
    assert there <= set(before) and f"scenario {goal}" in before and "future central" in before
    assert {"code", "solver", "version"} <= set(before) and before["solver"].startswith("HiGHS ")
    path = root / "inputs/toy/costs.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("CAR,capital,2026,1,", "CAR,capital,2026,1.1,"), "utf-8")
    after = optimised(root, capsys, goal)["inputs"]
    assert {name for name in before if before[name] != after[name]} == {"inputs/toy/costs.csv"}
    options = optimised(root, capsys, goal, "--budget", "investment=11 MSEK/year")["inputs"]
    assert {name for name in after if after[name] != options[name]} == {f"scenario {goal}"}
    assert len(TABLES) > len(there)  # towns need not have them all


def test_the_slack_of_an_own_constraint_is_reported(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """10.048 GWh of bio heat at most (docs/toy.md), so of 12 GWh 1.952 are left."""
    (root / "constraints").mkdir()
    text = (ROOT / "constraints/little_bio_heat.py").read_text(encoding="utf-8")
    for most, slack in (("12.0", 1.952), ("8.0", 0.0)):
        own = text.replace("MOST = 8.0", f"MOST = {most}")
        (root / "constraints/little_bio_heat.py").write_text(own, encoding="utf-8")
        limits = optimised(root, capsys, "toy_little_bio_heat")["limits"]
        assert limits["constraint little_bio_heat"]["slack"] == pytest.approx(slack, abs=1e-3)
        assert limits["constraint little_bio_heat"]["violation"] <= TOLERANCE
