"""Is what is said of how good a plan is true, never more than is known, and the same in numbers, words and results?"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from model.money.economics import capital_weight, discount_factors
from model.optimiser.certificate import certify
from model.optimiser.certificate_words import as_text
from model.optimiser.plan import Plan
from model.optimiser.problem import Problem
from model.optimiser.search import Search
from model.optimiser.stages import COST_GAP, ROUNDING, StageResult, largest_gap, status_of
from model.outputs.overview import gap_reached
from model.plain_text import decimals_for, shares, thousands
from model.projection.coefficients import reference_flow, unit_cost
from model.projection.replay import emissions
from model.studies.goal_run import known_of
from tests.towns.money_town import Found, Thing, budget, found, fund, may_pay, target, village
from tests.towns.random_towns import random_case, random_problem

SHORTFALL = StageResult("worst shortfall, priority 1", "kt CO2e", 57.58, 0.0, 56.8, 134.6, 0.01, "all proportions")
EMITTED = StageResult("cumulative emissions", "kt CO2e", 769.0, 58.0, 760.0, 2557.4, 0.01, "all proportions")
COST = StageResult("discounted cost", "MSEK", 500.0, 0.0, 490.0, 500.0, 0.04, "all proportions", is_cost=True)
ALL = (SHORTFALL, EMITTED, COST)
UNKNOWN = replace(EMITTED, bound=None)
REFUTED = replace(EMITTED, value=903.98, bound=925.07)
WIDE = replace(COST, bound=400.0)
NEAR = replace(SHORTFALL, holds_for="proportions near the plan's")


# --- one stage ---------------------------------------------------------------------------------------


def test_the_gap_reached_is_the_distance_from_the_bound_as_a_share_of_the_scale() -> None:
    assert SHORTFALL.reached == pytest.approx(0.78 / 134.6) and SHORTFALL.met
    assert COST.reached == pytest.approx(0.02) and COST.met
    assert WIDE.reached == pytest.approx(0.2) and WIDE.met is False


def test_without_a_bound_nothing_is_known_of_the_gap() -> None:
    assert (UNKNOWN.known_bound, UNKNOWN.reached, UNKNOWN.met, UNKNOWN.refuted) == (None, None, None, False)


def test_a_plan_better_than_its_bound_refutes_it_and_has_no_gap_of_zero() -> None:
    assert REFUTED.refuted
    assert (REFUTED.known_bound, REFUTED.reached, REFUTED.met) == (None, None, None)
    within = replace(EMITTED, bound=EMITTED.value + 0.5 * ROUNDING * EMITTED.scale)
    assert not within.refuted and within.reached == 0.0 and within.met


@given(
    value=st.floats(-1e4, 1e4), bound=st.none() | st.floats(-1e4, 1e4), scale=st.floats(1, 1e5),
    asked=st.floats(1e-6, 0.9),
)  # fmt: skip
def test_reached_is_never_negative_and_met_exactly_when_at_most_what_was_asked(
    value: float, bound: float | None, scale: float, asked: float
) -> None:
    stage = replace(SHORTFALL, value=value, bound=bound, scale=scale, asked=asked)
    assert (stage.reached is None) == (stage.met is None) == (stage.known_bound is None)
    if stage.reached is not None and bound is not None:
        assert stage.reached >= 0
        assert stage.reached * scale == pytest.approx(max(value - bound, 0.0))
        assert stage.met == (stage.reached <= asked * (1 + ROUNDING))
    if bound is not None and value < bound - 2 * ROUNDING * max(abs(bound), scale):
        assert stage.reached is None


# --- all stages: the worst one counts ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stages", "stopped", "status"),
    [
        (ALL, False, "optimal within the gaps asked"),
        (ALL, True, "optimal within the gaps asked"),
        ((NEAR, EMITTED, COST), False, "locally optimal within the gaps asked"),
        ((SHORTFALL, EMITTED, WIDE), False, "feasible, gap larger than asked"),
        ((NEAR, EMITTED, WIDE), False, "feasible, gap larger than asked"),
        ((SHORTFALL, UNKNOWN, WIDE), False, "feasible, gap not known"),
        ((SHORTFALL, REFUTED, COST), False, "feasible, gap not known"),
        ((SHORTFALL, UNKNOWN, COST), True, "stopped by the time limit"),
        ((SHORTFALL, EMITTED, WIDE), True, "stopped by the time limit"),
        ((), False, "feasible, gap not known"),
    ],
)
def test_the_status_follows_the_worst_stage(stages: tuple[StageResult, ...], stopped: bool, status: str) -> None:
    assert status_of(stages, stopped) == status


def test_the_largest_gap_is_not_known_where_that_of_a_stage_is_not() -> None:
    assert largest_gap((SHORTFALL, EMITTED)) == SHORTFALL.reached
    assert largest_gap((SHORTFALL, UNKNOWN)) is None
    assert largest_gap(()) == 0.0


@pytest.mark.parametrize(
    ("stages", "text"),
    [
        (ALL, "0.58 % of 1 %"),
        ((SHORTFALL, EMITTED, replace(COST, bound=485.0)), "3.00 % of 4 %"),
        ((SHORTFALL, EMITTED, WIDE), "20.00 %, asked 4 %"),
        ((SHORTFALL, UNKNOWN, WIDE), "not known"),
        ((SHORTFALL, REFUTED, COST), "not known"),
        ((COST,), "2.00 % of 4 %"),
    ],
)
def test_the_overview_shows_the_gap_of_the_worst_stage(
    there: Found, stages: tuple[StageResult, ...], text: str
) -> None:
    assert gap_reached(known_of(replace(there.plan, stages=stages))) == text
    assert gap_reached({"kind": "portfolio"}) == "-"


# --- numbers, words and attributes -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def there() -> Found:
    pots, rights = [budget("pot", 14, 2027)], [may_pay("pot", "town")]
    things = {"lump": Thing(100, capital=10), "grain": Thing(1, capital=1, most=3, whole=False)}
    town = village(2030, things, funds=[fund("pot", 1)], budgets=pots, eligibility=rights, targets=[target(500)])
    return found(town, targets=["low"])


def told(there: Found, *stages: StageResult, stopped: bool = False) -> tuple[dict[str, Any], str, str]:
    """The certificate of a plan of which this is known, and its text in Swedish and English."""
    plan = replace(there.plan, stages=stages, stopped=stopped)
    content = json.loads(json.dumps(certify("goal", "central", there.problem, plan, {}), allow_nan=False))
    swedish, english = as_text(content).split("The plan for")
    return content, swedish, english


def test_what_is_not_known_is_null_in_the_certificate_and_nan_in_results(there: Found) -> None:
    content, _, _ = told(there, SHORTFALL, UNKNOWN, COST)
    assert [stage["bound"] for stage in content["stages"]] == [56.8, None, 490.0]
    assert content["stages"][1]["gap_reached"] is None and content["stages"][1]["gap_met"] is None
    attributes = known_of(replace(there.plan, stages=(SHORTFALL, UNKNOWN, COST)))
    assert_allclose(attributes["bounds"], [56.8, np.nan, 490.0])
    assert_allclose(attributes["gaps_reached"], [SHORTFALL.reached, np.nan, 0.02])
    assert np.isnan(attributes["gap"]) and attributes["cost_gap"] == pytest.approx(0.02)
    assert attributes["status"] == content["status"] == "feasible, gap not known"


def test_a_stage_without_a_bound_is_not_known_in_words(there: Found) -> None:
    _, swedish, english = told(there, SHORTFALL, UNKNOWN, COST)
    assert "how far it is from the best plan is not known: the gap is not known at 'cumulative emissions'." in english
    assert "är inte känt: gapet är inte känt i 'summa av utsläpp'." in swedish
    row = next(line for line in english.splitlines() if line.startswith("cumulative"))
    assert row.split("  ")[-1].strip() == "not known" and row.count("not known") == 2
    assert "optimal" not in english and "optimal" not in swedish
    _, swedish, english = told(there, replace(SHORTFALL, bound=None), EMITTED, COST)
    assert "it reaches 57.58 kt CO2e, and what the best plan reaches is not known." in english
    assert "når den 57,58 kt CO2e, och vad den bästa planen når är inte känt." in swedish


def test_a_bound_that_the_plan_refutes_is_told_as_none(there: Found) -> None:
    content, swedish, english = told(there, SHORTFALL, REFUTED, COST)
    stage = content["stages"][1]
    assert (stage["bound"], stage["refuted_bound"], stage["gap_reached"]) == (None, 925.07, None)
    assert "took 925.07 kt CO2e for a bound; the plan is better, so it is none." in english
    assert "tog sökningen 925,07 kt CO2e för en gräns; planen är bättre, så det är ingen." in swedish


def test_a_gap_larger_than_asked_is_told_with_the_digits_it_takes(there: Found) -> None:
    fine = replace(SHORTFALL, asked=1e-6, bound=SHORTFALL.value - 7e-4 * SHORTFALL.scale)
    _, swedish, english = told(there, fine, EMITTED, COST)
    assert "the gap is 0.07000 % at 'worst shortfall, priority 1' (0.0001 % asked)" in english
    assert "gapet är 0,07000 % i 'största avstånd till mål, prioritet 1' (0,0001 % begärdes)" in swedish


def test_emissions_that_no_measure_changes_are_told_with_and_without(there: Found) -> None:
    content, swedish, english = told(there, *ALL)
    stage = content["stages"][1]
    assert (stage["value"], stage["cannot_be_changed"], stage["value_in_all"]) == (769.0, 58.0, 827.0)
    assert "827.00 kt CO2e are emitted in all at 'cumulative emissions': 769.00 that measures can change" in english
    assert "827,00 kt CO2e släpps ut i allt i 'summa av utsläpp': 769,00 som åtgärder kan ändra" in swedish
    assert known_of(replace(there.plan, stages=ALL))["constants"] == [0.0, 58.0, 0.0]


def test_a_time_limit_that_ended_the_search_is_told(there: Found) -> None:
    for stages in (ALL, (SHORTFALL, UNKNOWN, COST)):
        content, swedish, english = told(there, *stages, stopped=True)
        assert content["stopped_by_time_limit"] is True
        assert "another machine may find another plan" in english and "en annan dator kan hitta" in swedish
    assert content["status"] == "stopped by the time limit"
    assert "stopped by the time limit" in english and "stoppades av tidsgränsen" in swedish


def test_what_is_known_for_some_proportions_of_pools_only_is_told_so(there: Found) -> None:
    content, swedish, english = told(there, NEAR, EMITTED, COST)
    assert content["stages"][0]["bound_holds_for"] == "proportions near the plan's"
    assert "locally optimal" in english and "no plan with proportions of pools near its own can be better" in english
    assert "lokalt optimal" in swedish and "ingen plan med liknande sammansättning av poolerna" in swedish


def test_a_cost_gap_four_times_as_wide_is_explained(there: Found) -> None:
    _, swedish, english = told(there, *ALL)
    assert "4 times as much may be left there, because cost comes last" in english
    assert "4 gånger så mycket får vara kvar där, för kostnaden kommer sist" in swedish


@pytest.mark.parametrize(
    ("asked", "reached", "texts"),
    [
        (0.01, 0.0058, ("1 %", "0.58 %")),
        (1e-6, 0.0, ("0.0001 %", "0 %")),
        (1e-6, 1e-12, ("0.0001 %", "< 0.00001 %")),
        (1e-6, 0.0007, ("0.0001 %", "0.07000 %")),
        (0.01, 0.01002, ("1 %", "1.002 %")),
        (0.2, 0.2, ("20 %", "20.00 %")),
    ],
)
def test_shares_have_the_digits_that_tell_them_apart(asked: float, reached: float, texts: tuple[str, str]) -> None:
    assert shares(asked, reached) == texts


@given(asked=st.floats(1e-9, 0.99), reached=st.floats(0, 2))
def test_a_share_is_never_written_as_nothing_nor_as_what_was_asked_unless_it_is(asked: float, reached: float) -> None:
    written = shares(asked, reached)
    assert float(written[0].removesuffix(" %")) > 0
    assert (written[1] == "0 %") == (reached == 0)
    if reached > asked * (1 + 1e-6):
        assert float(written[1].removesuffix(" %")) > float(written[0].removesuffix(" %"))


@given(value=st.floats(1e-9, 1e6), least=st.integers(0, 3))
def test_a_tolerance_is_never_written_as_nothing(value: float, least: int) -> None:
    assert float(thousands(value, decimals_for(value, least)).replace(" ", "")) > 0
    assert decimals_for(0.0, least) == least


# --- true in every field --------------------------------------------------------------------------------


def independent(problem: Problem, plan: Plan) -> list[tuple[float, float]]:
    """Value and scale of each stage, reckoned from the plan and its projection alone."""
    case, outcome, first = problem.case, plan.outcome, problem.first
    kt = emissions(case, outcome.activity, outcome.flow)[0] / 1e3
    base = (emissions(case, case.level, reference_flow(case))[0] / 1e3 * problem.counted[:, :, None]).sum((0, 1))[0]
    values = []
    for limit in problem.limits:
        series = (kt * limit.weight[:, :, None]).sum((0, 1))
        held = np.isfinite(limit.bound)
        missed = np.maximum(series[held] - limit.bound[held] / 1e3, 0.0)
        values += [(missed.max(), base), (missed.sum(), base * held[first:].sum())]
    window = (case.years >= problem.window[0]) & (case.years <= problem.window[1])
    values.append(((kt * problem.counted[:, :, None])[:, :, window].sum(), base * window.sum()))
    discount = discount_factors(case.social_rate, len(case.years) - first)
    measures, touched = case.measures, Search(problem).formulation.touched.activities
    capital = capital_weight(measures, case.social_rate, first)[0] * plan.new_units[:, first:]
    fixed = measures.fixed_cost[0] * measures.of_modes(outcome.level[0])
    reference = (unit_cost(case)[0] * case.level[0])[touched].sum(0)
    running = fixed.sum(0) + outcome.running_cost[0].sum(0) + reference
    cost = float(capital.sum() + discount @ running[first:])
    return [*values, (cost, max(abs(cost), 1.0))]


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 1_000_000), gap=st.sampled_from([1e-4, 1e-2]))
def test_every_field_of_a_certificate_is_true_on_random_towns(seed: int, gap: float) -> None:
    problem = random_problem(seed, random_case(seed), gap=gap)
    search = Search(problem)
    plan = search.run()
    content = certify("goal", "central", problem, plan, {})
    pools = bool(search.formulation.touched.pools)
    assert len(content["stages"]) == 6
    for number, (stage, (value, scale)) in enumerate(zip(content["stages"], independent(problem, plan), strict=True)):
        tidy = 2e-3 if number == 5 else 0.0
        assert_allclose(stage["value_in_all"], value, rtol=1e-6, atol=2e-6 * scale + tidy)
        assert_allclose(stage["gap_is_share_of"], scale, rtol=1e-6, atol=tidy)
        assert (stage["cannot_be_changed"] > 0) <= (stage["stage"] == "cumulative emissions")
        assert stage["gap_asked"] == gap * (COST_GAP if number == 5 else 1)
        assert stage["bound_holds_for"] == ("proportions near the plan's" if pools else "no pools")
        if stage["bound"] is None:
            assert stage["gap_reached"] is stage["gap_met"] is None
        else:
            assert stage["gap_reached"] == pytest.approx(max(value_over(stage), 0.0))
            assert stage["gap_met"] == (stage["gap_reached"] <= stage["gap_asked"] * (1 + ROUNDING))
    met = [stage["gap_met"] for stage in content["stages"]]
    assert ("optimal" in content["status"]) == all(met)
    assert (content["status"] == "optimal within the gaps asked") == (all(met) and not pools)
    assert (content["status"] == "feasible, gap not known") == (None in met)


def value_over(stage: dict[str, Any]) -> float:
    return float((stage["value"] - stage["bound"]) / stage["gap_is_share_of"])
