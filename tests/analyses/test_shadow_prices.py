"""Are prices of limits what one more unit is worth, by hand and by trying it?"""

from __future__ import annotations

import os
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from model.analyses.shadow_prices import ShadowPrice, ShadowPrices, as_table, shadow_prices
from model.build import build
from model.inputs.schema import Goal
from model.optimiser.goal import problem_of
from model.optimiser.problem import Problem
from model.optimiser.search import Search, find_plan
from model.scenarios.checks import checked
from tests.towns.money_town import (
    FIRST,
    LUMPY,
    Thing,
    town_with,
)
from tests.towns.random_money import random_money
from tests.towns.random_towns import random_case, random_problem
from tests.towns.small_town import FUTURE, TITLE


def priced(prices: ShadowPrices, limit: str, of: str, year: int = 0) -> ShadowPrice:
    """The one price of a limit."""
    (row,) = [row for row in prices.rows if (row.limit, row.of, row.year) == (limit, of, year)]
    return row


TWO = {"lump": Thing(100, capital=10), "second": Thing(60, capital=10), "grain": LUMPY["grain"]}


@pytest.mark.limit("pot", "capital_paid", "whole_units")
def test_more_money_buys_more_of_what_is_divided_and_in_the_relaxation_of_the_best() -> None:
    """14 MSEK: the lump (10) and 4 of grain. One more buys a tonne of grain; relaxed, a tenth of the second lump: 6 t.
    In a later year, in which there is no money for a lump, it buys grain.
    """
    there = town_with(TWO, 14)
    assert_allclose(there.emitted[-1], 1000 - 104, atol=1e-3)
    prices = shadow_prices(Search(there.problem), there.plan)
    assert (prices.stage, prices.unit) == ("worst shortfall, priority 1", "t")
    row = priced(prices, "pot", "pot", FIRST)
    assert (row.fixed, row.relaxed) == pytest.approx((1, 6), rel=1e-6)
    assert row.difference == pytest.approx(6, rel=1e-6) and row.unit == "t per MSEK"
    assert_allclose(prices.pot_fixed[0, 1:], [1, 1, 1, 1], rtol=1e-6)  # grain can be bought in any year
    assert_allclose(prices.pot_relaxed[0, 1:], [6, 1, 1, 1], rtol=1e-6)
    assert priced(prices, "pot", "pot", FIRST + 1).difference == pytest.approx(1, rel=1e-6)
    assert np.isnan(prices.pot_relaxed[0, 0])  # nothing is decided in the base year


def test_a_unit_that_no_pot_can_pay_for_whole_does_not_make_money_look_better_than_it_is() -> None:
    """8 MSEK pay for no lump, and a share of one is of no use: one more MSEK buys a tonne of grain, relaxed or not."""
    there = town_with(LUMPY, 8)
    row = priced(shadow_prices(Search(there.problem), there.plan), "pot", "pot", FIRST)
    assert (row.fixed, row.relaxed, row.difference) == pytest.approx((1, 1, 1), rel=1e-6)


def test_a_finite_difference_shows_where_a_price_ends() -> None:
    """Relaxed, half a MSEK more pays for the last of the second lump, 3 t; the other half buys grain: 3.5 t."""
    there = town_with(TWO, 19.5)
    row = priced(shadow_prices(Search(there.problem), there.plan), "pot", "pot", FIRST)
    assert (row.fixed, row.relaxed, row.difference) == pytest.approx((1, 6, 3.5), rel=1e-6)


@pytest.mark.limit("ramp", "within_potential")
def test_ramps_and_potentials_have_prices() -> None:
    """10 of `slow` a year, four years; 15 of `scarce`: one more unit of either is a tonne in the last year."""
    base = town_with({"slow": Thing(1, most=200, whole=False), "scarce": Thing(1, most=15, whole=False)}, 0)
    case = base.problem.case
    case = replace(case, measures=replace(case.measures, ramp=np.array([[10.0, np.inf]])))
    problem = replace(base.problem, case=case)
    prices = shadow_prices(Search(problem), find_plan(problem))
    for year in range(2027, 2031):
        row = priced(prices, "ramp", "slow", year)
        assert (row.fixed, row.relaxed, row.unit) == (pytest.approx(1), pytest.approx(1), "t per unit")
    assert priced(prices, "within_potential", "scarce", 2030).relaxed == pytest.approx(1)
    assert not [row for row in prices.rows if (row.of, row.limit) == ("slow", "within_potential")]
    assert not [row for row in prices.rows if row.limit == "pot"]


def test_a_target_costs_what_the_last_measure_it_takes_costs() -> None:
    """50 t of `cheap` and 50 of `good` keep 900 t. Started in the last year, a unit of `good` is charged a tenth of
    its 10 MSEK for 100 t: 0.01 MSEK for the next tonne.
    """
    things = {"cheap": Thing(50, capital=1, whole=False), "good": Thing(100, capital=10, whole=False)}
    there = town_with(things, 0, 900, budgets="unlimited", objective="least_cost")
    row = priced(shadow_prices(Search(there.problem), there.plan), "target", "low")
    assert row.unit == "MSEK per t"
    assert (row.fixed, row.relaxed, row.difference) == pytest.approx((0.01, 0.01, 0.01), rel=1e-3)


def test_a_target_that_costs_nothing_has_no_price() -> None:
    there = town_with({"free": Thing(100, yearly=-1, whole=False)}, 0, 950, budgets="unlimited", objective="least_cost")
    row = priced(shadow_prices(Search(there.problem), there.plan), "target", "low")
    assert (row.fixed, row.relaxed) == pytest.approx((0, 0), abs=1e-9)


def test_money_is_priced_by_what_the_plan_has_not_reached() -> None:
    """The target is reached by half of the money; the rest lowers the emissions of all years: 4 years of 10 t."""
    there = town_with({"good": Thing(100, capital=10, most=2, whole=False)}, 10, 950)
    prices = shadow_prices(Search(there.problem), there.plan)
    assert (prices.stage, prices.unit) == ("cumulative emissions", "t")
    assert_allclose(prices.pot_relaxed[0, 1:], [40, 30, 20, 10], rtol=1e-6)
    assert_allclose(prices.pot_fixed, prices.pot_relaxed, rtol=1e-6)


def test_a_plan_that_stays_within_the_gap_of_its_target_has_prices() -> None:
    """Of two lumps only one can be paid for: 30 t are missed, less than the gap that was asked for. Relaxed, the target
    is reached, and one more MSEK is 6 t in four years; the plan cannot be held to that.
    """
    there = town_with({name: TWO[name] for name in ("lump", "second")}, 15, 870, gap=0.04)
    assert_allclose(there.emitted[-1], 900, atol=1e-3)
    prices = shadow_prices(Search(there.problem), there.plan)
    assert prices.stage == "cumulative emissions"
    assert_allclose(prices.pot_fixed[0, 1:], 0, atol=1e-6)  # whole units are held
    assert priced(prices, "pot", "pot", FIRST).relaxed == pytest.approx(24)


def test_with_all_reached_at_least_cost_money_is_priced_in_money() -> None:
    """`saver` earns 3 MSEK a year for 1 MSEK, which is charged over ten years; the pot pays for half of it."""
    there = town_with({"saver": Thing(1, capital=1, yearly=-3, whole=False)}, 0.5, 2000, objective="least_cost")
    prices = shadow_prices(Search(there.problem), there.plan)
    assert (prices.stage, prices.unit) == ("discounted cost", "MSEK")
    row = priced(prices, "pot", "pot", FIRST)
    assert (row.relaxed, row.unit) == (pytest.approx(4 * 3 - 0.4, rel=1e-3), "MSEK per MSEK")
    assert row.difference == pytest.approx(0.5 * (12 - 0.4), rel=1e-3)  # there is one saver


@pytest.mark.limit("required", "excluded")
def test_vetoes_and_musts_cost_what_is_had_without_them() -> None:
    """11 MSEK. The veto keeps `lump` (100 t for 10) away, the must takes 5 for `pet`, which avoids nothing: 6 t of
    grain. Without the veto, relaxed: 60 t for 6; without the must 11 of grain.
    """
    things = LUMPY | {"pet": Thing(0, capital=5)}
    asked = {"exclude": ["lump"], "require": ["pet"]}
    there = town_with(things, 11, **asked)
    assert_allclose(there.emitted[-1], 994, atol=1e-3)
    rows = {
        (row.limit, row.of, row.unit): row.difference for row in shadow_prices(Search(there.problem), there.plan).rows
    }
    assert rows["exclude", "lump", "t"] == pytest.approx(60 - 6, abs=0.01)
    assert rows["require", "pet", "t"] == pytest.approx(11 - 6, abs=0.01)


def test_a_veto_is_priced_in_money_where_the_target_is_reached_all_the_same() -> None:
    """10 t by `dear` cost 10 MSEK, by `cheap`, which is not allowed, 1: a tenth of 9 is charged in the last year."""
    things = {"cheap": Thing(10, capital=1, whole=False), "dear": Thing(10, capital=10, whole=False)}
    there = town_with(things, 0, 991, budgets="unlimited", exclude=["cheap"])
    rows = shadow_prices(Search(there.problem), there.plan).rows
    (money,) = [row.difference for row in rows if (row.limit, row.unit) == ("exclude", "MSEK")]
    assert money > 0  # what emits least is dearest; with the veto lifted the same is had for less
    (tonnes,) = [row.difference for row in rows if (row.limit, row.unit) == ("exclude", "t")]
    assert tonnes == pytest.approx(4 * 10, abs=0.01)  # 10 t more in each of four years


def test_a_stronger_mandate_is_worth_what_it_does_to_the_plan_and_to_the_best_plan() -> None:
    """A tenth of the smoke gone: 100 t. With only 50 t left there is nothing for the plan to take away."""
    there = town_with(TWO, 14)
    case = there.problem.case
    strong = replace(there.problem, case=replace(case, level=0.9 * case.level))
    row = priced(
        shadow_prices(Search(there.problem), there.plan, ("strict", lambda: Search(strong))), "mandate", "strict"
    )
    assert (row.fixed, row.difference, row.unit) == (pytest.approx(100), pytest.approx(100), "t")
    assert np.isnan(row.relaxed)
    few = replace(there.problem, case=replace(case, level=0.05 * case.level))  # 50 t: less than the plan takes away
    row = priced(shadow_prices(Search(there.problem), there.plan, ("strict", lambda: Search(few))), "mandate", "strict")
    assert row.fixed == pytest.approx(1000 - 104) and row.difference == pytest.approx(1000 - 124)


def test_in_the_sum_over_years_a_stronger_mandate_counts_what_no_measure_touches() -> None:
    """Targets reached: priced is the sum of 2027 to 2030, of which a tenth goes, 400 t."""
    there = town_with({"good": Thing(100, capital=10, most=2, whole=False)}, 10, 950)
    case = there.problem.case
    strong = replace(there.problem, case=replace(case, level=0.9 * case.level))
    row = priced(
        shadow_prices(Search(there.problem), there.plan, ("strict", lambda: Search(strong))), "mandate", "strict"
    )
    assert (row.fixed, row.difference) == (pytest.approx(400), pytest.approx(400))
    untouched = replace(there.problem, excluded=frozenset({0}))
    plan = find_plan(untouched)
    row = priced(
        shadow_prices(Search(untouched), plan, ("strict", lambda: Search(replace(strong, excluded=frozenset({0}))))),
        "mandate",
        "strict",
    )
    assert row.fixed == pytest.approx(50)  # the worst year: the target is missed by 50 t now
    loose = [replace(each, limits=()) for each in (untouched, replace(strong, excluded=frozenset({0})))]
    row = priced(
        shadow_prices(Search(loose[0]), find_plan(loose[0]), ("strict", lambda: Search(loose[1]))), "mandate", "strict"
    )
    assert (row.fixed, row.difference) == (pytest.approx(400), pytest.approx(400))


def test_the_table_has_every_price_and_blanks_for_what_was_not_asked() -> None:
    there = town_with(LUMPY, 14)
    prices = shadow_prices(Search(there.problem), there.plan)
    rows = as_table(prices)
    assert len(rows) == len(prices.rows)
    assert list(rows[0]) == ["limit", "of", "year", "whole_units_fixed", "relaxed", "finite_difference", "unit"]
    assert {row["limit"] for row in rows} == {"pot", "target"}
    assert [row["year"] for row in rows if row["limit"] == "target"] == [""]


# --- random towns ------------------------------------------------------------------------------------


def check_concave(problem: Problem) -> tuple[int, int]:
    """The value of a linear problem is concave in its pots: one more MSEK is worth something between 0 and its price.

    How many prices there were, and how many of them one more MSEK confirms.
    """
    plan = find_plan(problem)
    prices = shadow_prices(Search(problem), plan)
    rows = [row for row in prices.rows if row.limit == "pot"]
    for row in rows:
        assert min(row.relaxed, row.fixed) > -1e-3
        if np.isfinite(row.difference):
            assert -1e-3 * max(row.relaxed, 1) <= row.difference <= row.relaxed * (1 + 1e-4) + 1e-2, row
    assert np.isfinite([row.difference for row in rows]).all()
    equal = sum(abs(row.difference - row.relaxed) <= 1e-3 * max(row.relaxed, 1.0) for row in rows)
    return len(rows), equal


def test_one_more_msek_is_worth_at_most_its_price() -> None:
    counted = np.zeros(2)
    for seed in range(6):
        problem = random_problem(seed, random_case(seed, measures=6, pools=seed % 2 == 0), 0.5)
        counted += check_concave(replace(problem, gap=0.005))
    assert counted[0] > 10 and counted[1] > 5, counted


@pytest.mark.parametrize("seed", [2, 3, 9])
def test_with_grants_debts_and_many_owners_one_more_msek_is_worth_at_most_its_price(seed: int) -> None:
    town = random_money(seed)
    asked = {"title": TITLE, "objective": "least_emissions", "targets": ["low"]}
    check_concave(problem_of(checked(Goal.model_validate(asked), town), build(town, FUTURE)))


def test_prices_found_side_by_side_are_those_found_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = random_problem(3, random_case(3))
    plan = find_plan(problem)
    found = []
    for processors in (2, 1):
        monkeypatch.setattr(os, "cpu_count", lambda count=processors: count)
        prices = shadow_prices(Search(problem), plan)
        found.append((repr(prices.rows), prices.pot_fixed.tolist(), prices.pot_relaxed.tolist()))
    assert repr(found[0]) == repr(found[1])
