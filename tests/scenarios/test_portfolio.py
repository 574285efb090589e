"""What a typed portfolio asks for by year, when its units are started, and that a found one runs again unchanged."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from model import ROOT
from model.inputs.faults import Faults
from model.inputs.schema import Found, Goal, Portfolio
from model.projection.replay import installed
from model.scenarios.checked import CheckedScenario
from model.scenarios.checks import checked
from model.scenarios.portfolio import Decision, decide, start_in_time
from model.studies.plan_files import save_portfolio
from model.studies.study import prepare, run
from tests.towns.measured_town import YEARS, built, convert, effect, measure, measured_town, potential
from tests.towns.random_towns import FIRST, random_case
from tests.towns.small_town import TITLE


def decided(levels: dict[Any, Any], potentials: list[dict[str, Any]] | None = None, **row: Any) -> Decision:
    """What a portfolio for one measure M asks for; the row of M has what is given and otherwise no limits."""
    tables = {} if potentials is None else {"potentials": potentials}
    town = measured_town([measure("M", **row)], [effect("M", "activity", "cycling_km", 1)], **tables)
    found = built(town)
    return decide(checked(Portfolio(title=TITLE, levels={"M": levels}), town), found)


def years(array: np.ndarray, first: int = 2025, last: int = 2032) -> np.ndarray:
    return array[0, 0, first - YEARS[0] : last - YEARS[0] + 1]


# --- paths -----------------------------------------------------------------------------------------


def test_a_line_rises_from_the_year_before_the_first_and_then_stays() -> None:
    assert_allclose(years(decided({2028: "8 unit"}).requested), [2, 4, 6, 8, 8, 8, 8, 8])


def test_a_path_starts_when_the_measure_can_operate() -> None:
    late = decided({2030: "8 unit"}, first_year=2026, lead=1)
    assert_allclose(years(late.requested), [0, 0, 2, 4, 6, 8, 8, 8])
    assert_allclose(years(late.new_units), [0, 2, 2, 2, 2, 0, 0, 0])


def test_several_years_are_joined() -> None:
    assert_allclose(years(decided({2026: "4", 2028: "10", 2031: "1"}).requested), [2, 4, 7, 10, 7, 4, 1, 1])


def test_a_step_is_there_as_early_as_it_can_be() -> None:
    assert_allclose(years(decided({2028: "8", 2030: "9", "shape": "step"}).requested), [8, 8, 8, 8, 9, 9, 9, 9])


def test_a_logistic_path_is_an_s_from_nothing_to_the_whole() -> None:
    asked = years(decided({2032: "10", "shape": "logistic"}).requested)
    half = asked[3]
    assert_allclose(half, 5)
    assert_allclose(asked[-1], 10)
    # the curve 1 / (1 + exp(-8 (t - 1/2))), stretched so that it begins at 0 and ends at 10; here t = 1/4
    low, at = 1 / (1 + np.exp(4)), 1 / (1 + np.exp(2))
    assert_allclose(asked[1], 10 * (at - low) / (1 - 2 * low))
    assert_allclose(asked + np.append(0, asked[:-1])[::-1], 10)  # the same upside down
    assert np.all(np.diff(asked) > 0)


@settings(max_examples=30)
@given(last=st.integers(2026, 2032), value=st.floats(0, 50), shape=st.sampled_from(["linear", "logistic", "step"]))
def test_every_shape_ends_at_what_was_typed_and_never_beyond(last: int, value: float, shape: str) -> None:
    asked = years(decided({last: f"{value!r}", "shape": shape}).requested)
    assert_allclose(asked[last - 2025 :], value, rtol=1e-12, atol=1e-12)
    assert np.all(np.diff(asked) >= -1e-12) and np.all(asked >= 0)


def test_a_percentage_is_of_the_potential_of_each_year() -> None:
    growing = [potential("M", 10, 2025), potential("M", 80, 2032)]
    # 5 % more of the potential a year until 20 % in 2028; potential 10, 20, ... 80
    asked = years(decided({2028: "20 %"}, growing).requested)
    assert_allclose(asked, [0.05 * 10, 0.1 * 20, 0.15 * 30, 0.2 * 40, 10, 12, 14, 16])


# --- starting in time ------------------------------------------------------------------------------


def test_units_are_started_a_lead_time_before_they_are_needed() -> None:
    found = decided({2032: "3", "shape": "step"}, lead=2)
    assert_allclose(years(found.new_units), [3, 0, 0, 0, 0, 0, 0, 0])
    assert_allclose(years(found.request.level), [0, 0, 3, 3, 3, 3, 3, 3])


def test_no_more_than_the_ramp_is_started_and_the_rest_is_not_asked_of_the_projection() -> None:
    found = decided({2025: "10"}, ramp=3)
    assert_allclose(years(found.requested), 10)
    assert_allclose(years(found.new_units), [3, 3, 3, 1, 0, 0, 0, 0])
    assert_allclose(years(found.request.level), [3, 6, 9, 10, 10, 10, 10, 10])


def test_what_retires_is_replaced_beyond_the_ramp() -> None:
    found = decided({2025: "10"}, ramp=3, lifetime=2)
    # 2027: 3 of 2025 retire and are replaced, 3 are new; 2028: 3 of 2026 and 3; 2029: 6 and the last
    assert_allclose(years(found.request.level), [3, 6, 9, 10, 10, 10, 10, 10])
    assert_allclose(years(found.new_units), [3, 3, 6, 4, 6, 4, 6, 4])


def test_a_one_year_measure_goes_on_under_its_ramp() -> None:
    found = decided({2025: "10"}, ramp=4, lifetime=1)
    assert_allclose(years(found.new_units), [4, 8, 10, 10, 10, 10, 10, 10])


def test_after_the_end_of_life_units_are_started_again() -> None:
    found = decided({2025: "5"}, lifetime=3)
    assert_allclose(years(found.new_units), [5, 0, 0, 5, 0, 0, 5, 0])


def test_a_falling_path_leaves_units_idle_not_sold() -> None:
    found = decided({2026: "6", 2028: "2"})
    assert_allclose(years(found.new_units), [3, 3, 0, 0, 0, 0, 0, 0])
    assert_allclose(years(found.request.level), [3, 6, 4, 2, 2, 2, 2, 2])


def test_whole_projects_are_rounded_up_and_come_at_once() -> None:
    found = decided({2030: "12"}, unit_size=5)
    assert_allclose(years(found.requested), 15)
    assert_allclose(years(found.new_units), [15, 0, 0, 0, 0, 0, 0, 0])
    slow = decided({2030: "12"}, unit_size=5, ramp=8)  # a ramp of 8 lets one project of 5 start a year
    assert_allclose(years(slow.new_units), [5, 5, 5, 0, 0, 0, 0, 0])
    straight = decided({2028: "20", "shape": "linear"}, unit_size=10)
    assert_allclose(years(straight.requested), [10, 10, 20, 20, 20, 20, 20, 20])


@settings(max_examples=50)
@given(seed=st.integers(0, 1_000_000))
def test_starts_keep_every_limit_and_never_overshoot(seed: int) -> None:
    case = random_case(seed)
    measures = case.measures
    rng = np.random.default_rng(seed)
    asked = rng.uniform(0, 60, measures.potential.shape)
    asked = np.where(measures.unit_size[:, None] > 0, np.round(asked / 5) * measures.unit_size[:, None], asked)
    new_units = start_in_time(case, asked)
    start = np.maximum(measures.first_year, FIRST)
    assert np.all(new_units >= 0)
    assert not np.any(new_units[0][case.years < start[:, None]])
    size = measures.unit_size[:, None]
    whole = np.divide(new_units[0], size, out=np.zeros_like(new_units[0]), where=size > 0)
    assert_allclose(whole, np.round(whole), atol=1e-9)
    retired = np.zeros_like(new_units)
    for m, life in enumerate(measures.lifetime):
        if life < new_units.shape[2]:
            retired[0, m, life:] = new_units[0, m, :-life]
    assert np.all(new_units - retired <= measures.ramp[0, :, None] + 1e-9)
    # nobody starts more than what has been asked for so far
    standing = installed(measures, new_units)
    assert np.all(standing <= np.maximum.accumulate(asked, axis=2) + 1e-9)


# --- found plans -----------------------------------------------------------------------------------


def test_a_found_plan_is_read_as_written() -> None:
    town = measured_town(
        [measure("CAR", hierarchy="electrify"), measure("M")],
        [
            *convert("CAR", mode="petrol"),
            *convert("CAR", "diesel_km", mode="diesel"),
            effect("M", "activity", "cycling_km", 1),
        ],
    )
    prepared = built(town)
    prepared = replace(prepared, financing=replace(prepared.financing, funds=("other", "pot")))
    found = Found(
        goal="g",
        future="central",
        new_units={"CAR": {2026: 7.5}, "M": {2025: 2.0}},
        levels={"CAR": {"petrol": {2026: 3.0}, "diesel": {2027: 4.0}}, "M": {"all": {2025: 2.0}}},
        payments={"CAR": {"pot": {2026: 1.25}}},
    )
    decision = decide(CheckedScenario("found", Portfolio(title=TITLE, found=found)), prepared)
    assert_allclose(decision.new_units[0, :, 1:4], [[0, 7.5, 0], [2, 0, 0]])
    assert_allclose(decision.request.by_mode[0, :, 1:4], [[0, 3, 0], [0, 0, 4], [2, 0, 0]])
    assert_allclose(decision.request.level[0, :, 1:4], [[0, 3, 4], [2, 0, 0]])
    assert decision.payment is not None and decision.payment.shape == (2, 3, len(YEARS))
    assert_allclose(decision.payment[0, 1, 2], 1.25)
    assert_allclose(decision.payment.sum(), 1.25)


@cache
def solved() -> tuple[dict[str, xr.Dataset], dict[str, Portfolio]]:
    """Östersund's plan for the money there is, without targets, and that without money limit; coarse, to be quick."""
    names = ["neutral_2030", "neutral_2030_unlimited"]
    batch = prepare("test", "ostersund", names, ["central"], ROOT, Faults())
    coarse = {"neutral_2030": {"gap": 0.2, "targets": []}, "neutral_2030_unlimited": {"gap": 0.2}}
    scenarios = {
        name: replace(each, content=Goal.model_validate(each.content.model_dump() | coarse[name]), starts=())
        for name, each in batch.scenarios.items()
    }
    batch = replace(batch, scenarios=scenarios)
    results: dict[str, xr.Dataset] = {}
    portfolios: dict[str, Portfolio] = {}
    for (name, _), data, plan in run(batch, 1, lambda _: None):
        assert plan is not None
        results[name], portfolios[name] = data, plan.portfolio
    return results, portfolios


@pytest.mark.parametrize("goal", ["neutral_2030", "neutral_2030_unlimited"])
def test_a_found_portfolio_file_runs_again_to_the_same_results(goal: str, tmp_path: Path) -> None:
    results, portfolios = solved()
    path = tmp_path / f"{goal}.central.yaml"
    save_portfolio(portfolios[goal], path)
    again = prepare("again", "ostersund", [str(path)], [portfolios[goal].future], ROOT, Faults())
    ((_, data, _),) = run(again, 1, lambda _: None)
    first = results[goal]
    total = float(first.emissions_co2e.sel(year=2024).sum())
    assert_allclose(data.emissions, first.emissions, rtol=1e-9, atol=1e-9)
    assert_allclose(data.emissions_official, first.emissions_official, rtol=1e-9, atol=1e-9)
    assert_allclose(data.new_units, first.new_units, rtol=1e-12)
    assert_allclose(data.level, first.level, rtol=1e-9, atol=1e-9)
    assert_allclose(data.payment, first.payment, rtol=1e-9, atol=1e-9)
    assert float(np.abs(data.emissions_co2e - first.emissions_co2e).max()) < 1e-9 * total
    assert np.all(data.cut <= 1e-7 * np.maximum(data.level, 1))  # nothing but rounding is cut from a plan


def test_the_plan_for_the_money_there_is_leaves_nothing_unpaid() -> None:
    data = solved()[0]["neutral_2030"]
    assert float(data.payment.sel(fund="unfunded").max()) == 0.0
    assert float(data.capital.sum()) > 0
