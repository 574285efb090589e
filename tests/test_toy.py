"""The town of inputs/toy solved by hand: every number here stands, worked out, in docs/toy.md."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from numpy.testing import assert_allclose

from model import ROOT
from model.build import PreparedCase, build
from model.inputs.columns.measures import Cost
from model.inputs.faults import Faults
from model.inputs.municipality import Municipality
from model.inputs.schema import Future, Goal, Portfolio, Title
from model.money.allocation import allocate
from model.outputs import summary
from model.projection.replay import replay
from model.scenarios.checks import checked
from model.scenarios.portfolio import Decision, decide
from model.studies.study import run
from model.studies.study_file import load_study
from tests.towns.shipped import batch, compiled, shipped, with_rows

TITLE = Title(sv="prov", en="test")
SCENARIOS = (
    "toy_reference", "toy_mix", "toy_fossil_free", "toy_cheapest", "toy_low_from", "toy_low_once"
)  # fmt: skip
DECIDED = range(2027, 2033)
SOLVER = {"rtol": 1e-6, "atol": 1e-3}
"""How near a solved plan must be: a kilo of CO2, a thousandth of a unit."""
PROJECTED = {"rtol": 1e-6, "atol": 1e-4}
"""A projection may take 1e-7 of the base level more than there is before it cuts."""


@cache
def solved() -> tuple[dict[str, xr.Dataset], dict[str, Portfolio]]:
    """Datasets by scenario, and the portfolios found for goals."""
    data, found = {}, {}
    for (name, _), each, plan in run(batch("toy", *SCENARIOS), 1, lambda _: None):
        data[name] = each
        if plan is not None:
            found[name] = plan.portfolio
    return data, found


@cache
def headlines(scenario: str) -> pd.DataFrame:
    """summary.csv of a scenario: indicator by year."""
    rows = pd.DataFrame(list(summary.rows(solved()[0][scenario])), columns=list(summary.COLUMNS))
    return rows.pivot(index="indicator", columns="year", values="value")


def shown(scenario: str, indicator: str, years: range = DECIDED) -> np.ndarray:
    """A row of the summary; zero if the scenario does not have it (nothing cut, nothing idle)."""
    table = headlines(scenario)
    return table.loc[indicator, list(years)].to_numpy(float) if indicator in table.index else np.zeros(len(years))


def level(scenario: str, measure: str) -> np.ndarray:
    return solved()[0][scenario].level.sel(measure=measure, year=list(DECIDED)).values


def activity(scenario: str, name: str) -> np.ndarray:
    return solved()[0][scenario].activity_level.sel(activity=name, year=list(DECIDED)).values


def paid(scenario: str, fund: str) -> np.ndarray:
    return shown(scenario, f"payment:{fund}")


# --- without measures ------------------------------------------------------------------------------


def test_base_year_emits_what_the_sectors_emit() -> None:
    base = headlines("toy_reference")[2024]
    assert_allclose(base[["ghg:transport", "ghg:heating", "ghg:waste"]], [16000, 5000, 1400])
    assert_allclose(base[["ghg_total", "fossil_co2"]], [22400, 21000])


def test_zero_measures_is_the_reference() -> None:
    petrol = [74, 72, 70, 68, 66, 50]
    assert_allclose(activity("toy_reference", "petrol_car_km"), petrol)
    assert_allclose(shown("toy_reference", "fossil_co2"), [19800, 19400, 19000, 18600, 18200, 15000])
    assert_allclose(shown("toy_reference", "ghg_total"), [21200, 20800, 20400, 20000, 19600, 16400])
    outcome = solved()[0]["toy_reference"].activity_level.values.T
    assert np.array_equal(outcome, compiled("toy").case.level[0])


# --- a portfolio somebody typed in -----------------------------------------------------------------


def test_cycling_beside_electric_cars_takes_from_the_mix() -> None:
    at = solved()[0]["toy_mix"].activity_level.sel(year=2030)
    assert_allclose(at.sel(activity=["petrol_car_km", "electric_car_km", "cycling_km"]), [55.2, 36.8, 18], **PROJECTED)
    # the path alone: 4.8 of its 8 Mkm were petrol
    assert_allclose((60 - float(at.sel(activity="petrol_car_km"))) * 200, 960, **PROJECTED)


def test_requests_beyond_what_is_there_are_cut() -> None:
    assert_allclose(level("toy_mix", "BIO"), [4, 8, 12, 16, 20, 20], **PROJECTED)
    assert_allclose(shown("toy_mix", "cut:BIO"), [3.5, 7, 10.5, 14, 10, 10], **PROJECTED)
    assert_allclose(level("toy_mix", "CAR"), [2, 4, 6, 8, 6, 0], **PROJECTED)
    assert_allclose(shown("toy_mix", "cut:CAR"), [0, 0, 0, 0, 2, 8], **PROJECTED)
    assert_allclose(level("toy_mix", "PATH"), [2, 4, 6, 8, 8, 8], **PROJECTED)
    assert "cut:PATH" not in headlines("toy_mix").index


def test_a_cut_takes_the_effect_and_never_the_bill() -> None:
    assert_allclose(paid("toy_mix", "households"), [2, 2, 2, 2, 0, 0], **PROJECTED)
    assert_allclose(shown("toy_mix", "idle:CAR"), [0, 0, 0, 0, 2, 8], **PROJECTED)
    assert_allclose(shown("toy_mix", "idle:BIO"), [0, 0, 0, 0, 0, 4], **PROJECTED)


def test_a_one_year_measure_goes_on_under_its_ramp() -> None:
    started = solved()[0]["toy_mix"].new_units.sel(measure="BIO", year=list(DECIDED)).values
    assert_allclose(started, [4, 8, 12, 16, 20, 24], **PROJECTED)


def test_emissions_of_what_is_left() -> None:
    assert_allclose(activity("toy_mix", "petrol_car_km")[3:], [55.2, 55.2, 46], **PROJECTED)
    assert_allclose(activity("toy_mix", "oil_heat")[3:], [4, 0, 0], **PROJECTED)
    assert_allclose(shown("toy_mix", "fossil_co2")[3:], [12040, 11040, 9200], rtol=1e-6)


def test_cost_and_benefit_of_a_portfolio() -> None:
    at = solved()[0]["toy_mix"].sel(year=2030, measure=["PATH", "CAR", "BIO"])
    assert_allclose(at.capital_charge, [0.8, 8 / 15, 0], **PROJECTED)
    assert_allclose(at.running_cost + at.fixed_cost, [-6.4, -4, 8], **PROJECTED)
    assert_allclose(at.benefit, [40.8, 0, 0], **PROJECTED)
    assert_allclose(headlines("toy_mix").loc["net_cost", 2030], -16 / 15, **PROJECTED)
    assert_allclose(headlines("toy_mix").loc["net_benefit", 2030], 40.8 + 16 / 15, **PROJECTED)


# --- who pays --------------------------------------------------------------------------------------


def test_who_pays_for_a_portfolio_and_what_nobody_pays() -> None:
    assert_allclose(paid("toy_mix", "investment"), [8, 8, 8, 8, 0, 0], **PROJECTED)
    assert_allclose(paid("toy_mix", "operating"), [2, 4, 6, 6, 6, 6], **PROJECTED)
    assert_allclose(paid("toy_mix", "unfunded"), [0, 0, 0, 2, 4, 4], **PROJECTED)


def dear_cars() -> tuple[Municipality, PreparedCase]:
    """The town when a hundred electric cars cost 3 MSEK."""
    town = shipped("toy")
    costs = tuple(row.model_copy(update={"value": 3.0}) if row.measure == "CAR" else row for row in town.rows(Cost))
    town = with_rows(town, "costs", costs)
    built = build(town, Future(title=TITLE))
    assert not town.faults.found
    return town, built


HOUSEHOLDS = 0.5 * (1 - 1.05**-7) / 0.05
"""MSEK that households contribute to a hundred cars: what they save in seven years at 5 %."""


def test_households_pay_what_cars_save_them_within_their_payback_time() -> None:
    assert_allclose(HOUSEHOLDS, 2.893, atol=5e-4)
    town, built = dear_cars()
    decision = decide(checked(Portfolio(title=TITLE, levels={"CAR": {2027: "8"}}), town), built)
    payment = allocate(built.financing, decision.new_units, _level(decision, built))[0]
    car, year = built.case.measures.names.index("CAR"), built.case.year_index(2027)
    households = built.financing.funds.index("households")
    assert_allclose(payment[car, [households, -1], year], [8 * HOUSEHOLDS, 8 * (3 - HOUSEHOLDS)])
    assert_allclose(payment.sum(), 24)


def _level(decision: Decision, built: PreparedCase) -> np.ndarray:
    measures = built.case.measures
    total = np.zeros_like(decision.new_units)
    np.add.at(total[0], measures.mode_measure, replay(built.case, decision.request).level[0])
    return total


def test_the_optimiser_buys_nothing_that_nobody_may_pay() -> None:
    from model.optimiser.goal import problem_of
    from model.optimiser.search import find_plan

    goal = Goal(title=TITLE, objective="least_emissions", targets=["fossil_free"], gap=1e-6)
    car = 1
    plans = {}
    for name, (town, built) in {"dear": dear_cars(), "cheap": (shipped("toy"), compiled("toy"))}.items():
        assert built.case.measures.names[car] == "CAR"
        plans[name] = find_plan(problem_of(checked(goal, town), built)).new_units[car].sum()
    assert_allclose(plans["dear"], 0, atol=1e-6)
    assert_allclose(plans["cheap"], 56, **SOLVER)


# --- the best plan for the money -------------------------------------------------------------------


def test_best_plan_for_the_money() -> None:
    assert_allclose(level("toy_fossil_free", "POINT"), [5, 10, 15, 20, 25, 30], **SOLVER)
    assert_allclose(level("toy_fossil_free", "CAR"), [24, 32, 40, 48, 56, 50], **SOLVER)
    assert_allclose(level("toy_fossil_free", "PATH"), [1.25, 2.5, 3.75, 5, 6.25, 7.5], **SOLVER)
    assert_allclose(level("toy_fossil_free", "BIO"), [4, 8, 12, 12, 12, 12], **SOLVER)
    assert_allclose(activity("toy_fossil_free", "petrol_car_km"), [49.375, 39, 28.875, 19, 9.375, 0], **SOLVER)
    assert_allclose(shown("toy_fossil_free", "fossil_co2"), [13875, 10800, 7775, 5800, 3875, 2000], atol=0.01)
    assert_allclose(shown("toy_fossil_free", "shortfall:fossil_free"), [0, 0, 0, 5800, 3875, 2000], atol=0.01)


def test_early_investment_is_allowed_and_idle_units_are_reported() -> None:
    started = solved()[0]["toy_fossil_free"].new_units.sel(measure="CAR", year=list(DECIDED))
    assert_allclose(started, [24, 8, 8, 8, 8, 0], **SOLVER)
    assert_allclose(shown("toy_fossil_free", "idle:CAR"), [0, 0, 0, 0, 0, 6], **SOLVER)


@pytest.mark.limit("enables")
def test_charge_points_limit_electric_cars_and_the_reference_comes_first() -> None:
    for scenario in SCENARIOS:
        new = level(scenario, "CAR")
        places = 30 + 2 * (5 + level(scenario, "POINT")) - np.array([26, 28, 30, 32, 34, 50])
        assert np.all(new <= np.maximum(places, 0) + 1e-4), scenario
        if scenario in ("toy_fossil_free", "toy_cheapest"):
            assert_allclose(new, places, **SOLVER)  # every place is used, also in 2032: 30 + 2 x 35 - 50


def test_payments_of_the_best_plan_use_the_pots() -> None:
    assert_allclose(paid("toy_fossil_free", "households"), [24, 8, 8, 8, 8, 0], **SOLVER)
    assert_allclose(paid("toy_fossil_free", "investment"), [10] * 6, **SOLVER)
    assert_allclose(paid("toy_fossil_free", "operating"), [2, 4, 6, 6, 6, 6], **SOLVER)
    assert_allclose(paid("toy_fossil_free", "unfunded"), [0] * 6, **SOLVER)


def test_cheapest_plan_is_what_pays_for_itself() -> None:
    for measure in ("POINT", "CAR", "PATH"):
        assert_allclose(level("toy_cheapest", measure), level("toy_fossil_free", measure), **SOLVER)
    assert_allclose(level("toy_cheapest", "BIO"), 0, **SOLVER)
    assert_allclose(shown("toy_cheapest", "fossil_co2")[3:], [8800, 6875, 5000], atol=0.01)
    assert_allclose(shown("toy_cheapest", "shortfall:low_from"), 0, **SOLVER)
    capital = 256 / 15 + 105 / 20 + 0.1 * 26.25
    saving = 0.5 * 250 + 15.3125
    assert_allclose(capital - saving, -115.371, atol=5e-4)
    assert_allclose(shown("toy_cheapest", "net_cost").sum(), capital - saving, **SOLVER)


# --- a target met in one year is not a plan --------------------------------------------------------


def test_a_limit_from_a_year_on_is_kept_every_year_at_least_cost() -> None:
    assert_allclose(level("toy_low_from", "PATH"), [2, 4, 6, 8, 10, 10], **SOLVER)
    assert_allclose(level("toy_low_from", "BIO"), [0, 0, 0, 10.048, 7.52, 0], **SOLVER)
    assert_allclose(shown("toy_low_from", "fossil_co2"), [19504, 18824, 18160, 15000, 15000, 14000], atol=0.01)
    assert_allclose(shown("toy_low_from", "net_cost").sum(), -20.016, **SOLVER)


def test_a_limit_in_one_year_only_is_cheaper_and_no_plan() -> None:
    assert_allclose(level("toy_low_once", "BIO"), [0, 0, 0, 10.048, 0, 0], **SOLVER)
    assert_allclose(shown("toy_low_once", "fossil_co2")[3:], [15000, 16880, 14000], atol=0.01)
    assert_allclose(shown("toy_low_once", "shortfall:low_once"), 0, atol=0.01)
    assert_allclose(shown("toy_low_once", "shortfall:low_from"), [0, 0, 0, 0, 1880, 0], atol=0.01)
    assert_allclose(shown("toy_low_once", "net_cost").sum(), -23.776, **SOLVER)


@pytest.mark.parametrize("goal", ["toy_low_from", "toy_low_once"])
def test_a_one_year_measure_is_prepared_under_its_ramp(goal: str) -> None:
    started = solved()[0][goal].new_units.sel(measure="BIO", year=[2028, 2029, 2030]).values
    assert np.all(started >= np.array([2.048, 6.048, 10.048]) - 1e-3)
    assert_allclose(level(goal, "BIO")[:3], 0, **SOLVER)


@pytest.mark.parametrize("goal", ["toy_fossil_free", "toy_cheapest", "toy_low_from", "toy_low_once"])
def test_a_found_portfolio_runs_again_to_the_same_emissions(goal: str) -> None:
    built = compiled("toy")
    again = replay(built.case, decide(checked(solved()[1][goal], shipped("toy")), built).request)
    assert_allclose(again.activity[0].T, solved()[0][goal].activity_level, rtol=1e-9, atol=1e-9)


def test_excluded_measures_stay_out() -> None:
    for goal in ("toy_low_from", "toy_low_once"):
        assert_allclose(level(goal, "CAR"), 0, atol=1e-9)


def test_the_study_named_in_the_document_runs_what_is_compared_here() -> None:
    faults = Faults()
    read = load_study("toy", ROOT, faults)
    assert read is not None and not faults
    assert sorted(read[0].scenarios) == sorted(SCENARIOS)
    assert read[0].municipality == shipped("toy").name


# --- targets of other kinds ------------------------------------------------------------------------


def test_a_carbon_budget_adds_years_up() -> None:
    data = (solved()[0][name] for name in ("toy_reference", "toy_fossil_free"))
    spent = [each.target_value.sel(target="carbon_budget") for each in data]
    assert_allclose([each.sel(year=2032) for each in spent], [110_000, 44_125], rtol=1e-6)
    assert_allclose(spent[0].sel(year=[2026, 2027, 2028]), [0, 19_800, 39_200])
    assert_allclose(shown("toy_reference", "shortfall:carbon_budget"), [0, 0, 0, 0, 0, 50_000])
    assert_allclose(shown("toy_fossil_free", "shortfall:carbon_budget"), 0)


def test_a_share_of_activities_is_counted_in_percent() -> None:
    years = range(2030, 2033)
    assert_allclose(shown("toy_reference", "cycling_share", years), 100 * 10 / 110)
    assert_allclose(shown("toy_reference", "shortfall:more_cycling", years), 15 - 100 * 10 / 110)
    cycled = 100 * np.array([15, 16.25, 17.5]) / 110
    assert_allclose(shown("toy_fossil_free", "cycling_share", years), cycled, rtol=1e-5)
    assert_allclose(shown("toy_fossil_free", "shortfall:more_cycling", years), np.maximum(15 - cycled, 0), atol=1e-4)
    assert_allclose(shown("toy_reference", "shortfall:more_cycling", range(2024, 2030)), 0)


def test_every_number_of_a_target_has_its_unit() -> None:
    data = solved()[0]["toy_mix"]
    assert data.shortfall.attrs["units"] == data.target_value.attrs["units"] == "target's own unit"
    units = dict(zip(data.target.values, data.target_unit.values, strict=True))
    assert units["carbon_budget"] == "t_CO2e" and units["more_cycling"] == "percent"
    rows = pd.DataFrame(list(summary.rows(data)), columns=list(summary.COLUMNS)).set_index("indicator").unit
    expected = {"cycling_share": "percent", "energy": "GWh", "fossil_co2": "t_CO2e", "ghg_total": "t_CO2e",
                "shortfall:more_cycling": "percent_point", "shortfall:carbon_budget": "t_CO2e"}  # fmt: skip
    assert {name: set(rows[name]) for name in expected} == {name: {unit} for name, unit in expected.items()}
