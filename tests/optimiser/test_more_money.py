"""Is more money never worse, where the plan for less of it is known?"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from model import ROOT
from model.inputs.faults import Faults, InputFaults
from model.inputs.schema import Goal
from model.optimiser.plan import Plan
from model.optimiser.problem import Problem
from model.optimiser.search import Search
from model.optimiser.verification import TOLERANCE, violations
from model.scenarios.checks import check, checked
from model.scenarios.files import load_scenario, with_options
from tests.towns.random_towns import random_case, random_problem
from tests.towns.shipped import shipped

BUDGETS = np.linspace(0.2, 2.4, 12)
WIDE = 0.05
"""A gap in which much is left to chance."""


def budgeted(seed: int, share: float) -> Problem:
    problem = random_problem(seed, random_case(seed), gap=WIDE)
    assert problem.financing is not None
    money = replace(problem.financing, budget=share * problem.financing.budget)
    return replace(problem, financing=money)


def worse(plan: Plan, other: Plan) -> bool:
    """Whether a plan is worse at the first stage at which the digits that are shown differ."""
    pairs = [(float(f"{a:.7g}"), float(f"{b:.7g}")) for a, b in zip(plan.objectives, other.objectives, strict=True)]
    first = next((pair for pair in pairs if abs(pair[0] - pair[1]) > 1e-6), (0.0, 0.0))
    return first[0] > first[1]


@pytest.mark.parametrize("seed", [6, 7, 8])
def test_twelve_budgets_each_begun_from_the_one_before_never_give_a_worse_plan(seed: int) -> None:
    plans: list[Plan] = []
    for share in BUDGETS:
        problem = budgeted(seed, float(share))
        plans.append(Search(problem).run(plans[-1:]))
        assert max(violations(problem, plans[-1]).values()) <= TOLERANCE
    assert not any(worse(more, less) for less, more in pairwise(plans))


def test_without_a_limit_on_money_a_plan_is_no_worse_than_one_with_it() -> None:
    limited = budgeted(7, 1.0)
    start = Search(limited).run()
    free = replace(limited, financing=None)
    plan = Search(free).run([start])
    assert not worse(plan, start) and max(violations(free, plan).values()) <= TOLERANCE


def test_a_start_is_kept_where_the_search_finds_nothing_as_good(monkeypatch: pytest.MonkeyPatch) -> None:
    """The search is made to find only the plan for very little money."""
    good = Search(budgeted(6, 1.0)).run()
    poor = Search(budgeted(6, 0.2)).run()
    assert worse(poor, good)
    search = Search(budgeted(6, 1.2))
    monkeypatch.setattr(
        "model.optimiser.whole_units.WholeUnits.settled", lambda units, *_: (units.known(poor, None), 1e9)
    )
    plan = search.run([good])
    assert not worse(plan, good)


def test_a_goal_starts_only_from_goals_with_less_money() -> None:
    def fault(of: str, **other: object) -> str:
        content = yaml_goal(of).model_copy(update=other)
        with pytest.raises(InputFaults) as error:
            checked(content, shipped("ostersund"), of)
        return "; ".join(each.found for each in error.value.faults)

    assert "larger budget of 'municipal_investment'" in fault("neutral_2030", start_from=["neutral_2030_200"])
    assert "no limit on money" in fault("neutral_2030", start_from=["neutral_2030_unlimited"])
    assert "another 'objective'" in fault("neutral_2030", start_from=["best_value"])
    assert "is no goal" in fault("neutral_2030", start_from=["biofuels"])
    as_rich = yaml_goal("neutral_2030_200").budgets
    assert "which starts from this goal" in fault("neutral_2030", start_from=["neutral_2030_200"], budgets=as_rich)
    assert "scenario 'nothing'" in fault("neutral_2030", start_from=["nothing"])


def started_from(name: str, **options: object) -> list[str]:
    read = load_scenario(name, ROOT, Faults())
    assert read is not None
    return [each.name for each in check(with_options(read, options), shipped("ostersund"), Faults()).starts]


def test_a_goal_with_options_starts_from_what_stands_in_files_with_less_money_and_nothing_else_changed() -> None:
    name, more, less = "neutral_2030_200", *({"municipal_investment": f"{amount} MSEK/year"} for amount in (240, 150))
    assert started_from(name, budgets=more) == [name]
    assert started_from(name, budgets=less) == ["neutral_2030"]
    assert started_from(name, budgets={"municipal_investment": "90 MSEK/year"}) == []
    assert started_from(name, budgets=more, targets=["ghg_positive_2040"]) == []


@pytest.mark.parametrize("name", ["neutral_2030", "neutral_2030_200"])
def test_a_goal_with_the_money_it_has_anyway_is_the_goal_as_it_stands(name: str) -> None:
    own = yaml_goal(name)
    assert isinstance(own.budgets, dict)
    assert started_from(name, budgets=dict(own.budgets), gap=own.gap) == own.start_from


def test_a_goal_with_other_money_says_so_in_its_title() -> None:
    read = load_scenario("neutral_2030", ROOT, Faults())
    assert read is not None
    given = {"municipal_investment": "100 MSEK/year", "municipal_operating": "20 MSEK/year"}
    title = with_options(read, {"budgets": given}).content.title
    assert title.sv == f"{read.content.title.sv}: municipal_operating 20 MSEK/år", "what stands in the file is not told"
    assert with_options(read, {"gap": 0.5}).content.title == read.content.title


def yaml_goal(name: str) -> Goal:
    read = load_scenario(name, ROOT, Faults())
    assert read is not None and isinstance(read.content, Goal)
    return read.content


def test_shipped_goals_start_from_those_with_less_money_and_pass_on_no_starts() -> None:
    starts = {name: yaml_goal(name).start_from for name in ("neutral_2030_200", "neutral_2030", "best_value")}
    assert starts == {"neutral_2030_200": ["neutral_2030"], "neutral_2030": [], "best_value": []}
