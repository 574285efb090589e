"""Are vehicles, their entries and leavings, and the kilometres they drive what pencil and surveys say?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from model.inputs.columns.activities import Activity, Parameter
from model.inputs.municipality import Municipality
from model.reference import turnover
from model.reference.fleet import entry_mix, fleet_of
from model.reference.sectors import reference
from tests.towns.shipped import with_rows
from tests.towns.small_town import FUTURE, activity, faults_of, parameter, sectors, small_town, subsectors, use

# --- turnover --------------------------------------------------------------------------------------


@given(st.floats(5, 25), st.floats(1.5, 6))
def test_survival_falls_from_one_and_has_the_mean_life(mean_life: float, shape: float) -> None:
    share = turnover.survival(mean_life, shape)
    assert share[0] == 1
    assert (np.diff(share) < 0).all()
    assert share.sum() - 0.5 == pytest.approx(mean_life, rel=0.02)  # trapezoids under the curve


def test_history_by_hand() -> None:
    survive = np.array([1.0, 0.5, 0.25])
    observed, registered = np.array([[17.5, 12.0]]), np.array([np.inf, 2.0])
    cohorts, entries, new = turnover.history(observed, registered, survive, 1)
    assert_allclose(cohorts[0, :, 0], [10, 5, 2.5])  # in balance
    assert_allclose(entries, [[0, 4.5]])  # of 17.5 vehicles 5 + 2.5 survive
    assert new == pytest.approx(2 / 4.5)
    assert_allclose(cohorts[0, :, 1], [2, 7.5, 2.5])


def test_history_lets_vehicles_of_all_ages_leave_when_too_many_survive() -> None:
    survive = np.array([1.0, 0.5, 0.25])
    cohorts, entries, new = turnover.history(np.array([[17.5, 3.0]]), np.full(2, np.inf), survive, 1)
    assert_allclose(entries, 0)
    assert_allclose(cohorts[0, :, 1], [0, 2, 1])
    assert new == 1


def test_outlook_by_hand() -> None:
    survive = np.array([1.0, 0.5, 0.25])
    start = np.array([[10.0, 5.0, 2.5], [0.0, 0.0, 0.0]])
    mix = np.array([[0.25, 0.0], [0.75, 1.0]])
    cohorts = turnover.outlook(start, np.array([11.5, 20.0]), mix, 0.5, survive, 2)
    assert_allclose(cohorts[:, :, 0], [[0.5, 5, 3], [1.5, 0, 1.5]])  # 4 enter, half of them old
    assert_allclose(cohorts[:, :, 1].sum(axis=1), [0.25 + 2.5, 20 - 2.75])  # 2.75 + 0.75 survive, 16.5 enter


@given(
    st.lists(st.floats(0, 1e4), min_size=6, max_size=6),
    st.floats(5, 20),
    st.floats(0, 500),
    st.integers(0, 5),
)
def test_stock_is_what_was_observed_and_what_is_wanted(
    values: list[float], mean_life: float, registered: float, used_age: int
) -> None:
    observed = np.array(values).reshape(2, 3)
    survive = turnover.survival(mean_life, 3.0)
    past, entries, new = turnover.history(observed, np.full(3, registered), survive, used_age)
    assert_allclose(past.sum(axis=1), observed, rtol=1e-9, atol=1e-9)
    assert (entries >= 0).all() and 0 <= new <= 1
    total = np.linspace(1000, 3000, 5)
    coming = turnover.outlook(past[:, :, -1], total, np.full((2, 5), 0.5), new, survive, used_age)
    assert_allclose(coming.sum(axis=(0, 1)), total)
    assert (coming >= 0).all()


def test_energy_per_kilometre_falls_with_vintage_and_is_one_in_the_base_year() -> None:
    survive = np.array([1.0, 0.5])
    renewed = np.array([[[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]]])  # new, new, then a year old
    ratio = turnover.vintage_energy(renewed, survive, np.array([0.1]), 0)
    assert_allclose(ratio, [[1, 0.9, 0.9]])
    nothing = turnover.vintage_energy(np.zeros((1, 2, 3)), survive, np.array([0.1]), 0)
    assert_allclose(nothing, [[1, 0.9, 0.81]])


# --- road transport --------------------------------------------------------------------------------


def motor_town(**changes: Any) -> Municipality:
    """100 petrol cars and none electric in 2024; from 2025 all that enters is electric."""
    rows: dict[str, list[dict[str, Any]]] = {
        "sectors": sectors("transport"),
        "subsectors": subsectors(cars="transport"),
        "activities": [
            activity("petrol_km", "cars", "fleet", "Mkm", pool="car_km"),
            activity("electric_km", "cars", "fleet", "Mkm", pool="car_km"),
        ],
        "use": [
            use("petrol_km", "petrol", 0.6, "kWh/km"),
            use("electric_km", "electricity", 0.2, "kWh/km"),
        ],
        "fleet": [
            {"vehicle_type": "car", "technique": technique, "year": 2024, "status": "in_traffic",
             "value": value, "unit": "vehicle", "activity": f"{technique}_km"}
            for technique, value in (("petrol", 100), ("electric", 0))
        ],
        "population": [
            {"path": path, "year": 2024, "value": 200, "unit": "person"} for path in ("observed", "central")
        ],
        "parameters": [
            parameter("mean_life", 10, "car", "year"),
            parameter("survival_shape", 3, "car"),
            parameter("population_elasticity", 1, "car"),
            parameter("vintage_improvement", 0.01, "car"),
            parameter("mileage", 10000, "car_petrol", "km/vehicle/year"),
            parameter("mileage", 15000, "car", "km/vehicle/year"),
            parameter("entry_share", 1, "car_electric", path="central"),
            parameter("entry_share", 0, "car_electric", path="low"),
            parameter("entry_weight", 3, "car_petrol"),
        ],
    }  # fmt: skip
    return small_town(**(rows | changes))


def test_kilometres_are_vehicles_times_mileage_in_the_base_year() -> None:
    town = motor_town()
    found = reference(town, FUTURE)
    assert faults_of(town) == []
    assert_allclose([found.level["petrol_km"][0], found.level["electric_km"][0]], [1.0, 0.0])
    assert_allclose(found.use["petrol_km", "petrol"][0], 0.6)


def test_service_stays_when_the_fleet_changes_its_technique() -> None:
    found = reference(motor_town(), FUTURE).level
    assert_allclose(found["petrol_km"] + found["electric_km"], 1.0)
    assert (np.diff(found["electric_km"]) > 0).all()
    fleet = fleet_of(motor_town(), FUTURE, "car", motor_town().rows(Activity))
    electric, petrol = fleet.vehicles[1], fleet.vehicles[0]
    # shared among techniques by vehicles x mileage
    assert_allclose(found["electric_km"], 15 * electric / (15 * electric + 10 * petrol))


def test_a_future_without_uptake_keeps_the_technique_and_saves_by_vintage() -> None:
    found = reference(motor_town(), FUTURE.model_copy(update={"uptake": "low"}))
    assert_allclose(found.level["petrol_km"], 1.0)
    assert_allclose(found.level["electric_km"], 0.0)
    # a stock in balance whose vintages need 1 % less each year needs 1 % less each year
    assert_allclose(found.use["petrol_km", "petrol"], 0.6 * 0.99 ** np.arange(4), rtol=1e-3)


def test_entries_divide_by_share_and_weight() -> None:
    parameters = [
        parameter("entry_share", 0.4, "car_electric"),
        parameter("entry_weight", 3, "car_petrol"),
        parameter("entry_weight", 1, "car_diesel"),
    ]
    town = small_town(parameters=parameters)
    mix = entry_mix(town, FUTURE, "car", ("petrol", "diesel", "electric"))
    assert_allclose(mix, np.array([0.45, 0.15, 0.4])[:, None] * np.ones(4))


def test_vehicles_of_an_unknown_activity_are_a_fault() -> None:
    town = motor_town()
    first, *others = town.tables["fleet"]
    town = with_rows(town, "fleet", (first.model_copy(update={"activity": "petroll_km"}), *others))
    reference(town, FUTURE)
    assert faults_of(town)[0].startswith("fleet.csv:2 [activity]: found 'petroll_km'")
    assert faults_of(town)[0].endswith("Did you mean 'petrol_km'?")


def test_a_missing_parameter_is_a_fault() -> None:
    town = motor_town()
    town = with_rows(town, "parameters", tuple(row for row in town.rows(Parameter) if row.parameter != "entry_weight"))
    reference(town, FUTURE)
    assert any("no parameter 'entry_weight' of 'car_petrol'" in text for text in faults_of(town))


@pytest.mark.parametrize("name", ["mean_life", "survival_shape", "mileage", "vintage_improvement"])
def test_whatever_parameter_is_missing_all_faults_come_out(name: str) -> None:
    town = motor_town()
    town = with_rows(town, "parameters", tuple(row for row in town.rows(Parameter) if row.parameter != name))
    reference(town, FUTURE)
    assert any(f"no parameter '{name}' of 'car'" in text for text in faults_of(town))


def test_a_life_of_nothing_is_a_fault() -> None:
    town = motor_town()
    first, *others = town.tables["parameters"]
    town = with_rows(town, "parameters", (first.model_copy(update={"value": 0.0}), *others))
    reference(town, FUTURE)
    assert "parameters.csv:2 [value]: found '0'; allowed: a number more than 0." in faults_of(town)


def test_a_fleet_may_stand_in_any_sector() -> None:
    found = reference(motor_town(), FUTURE)
    other = reference(motor_town(sectors=sectors("tourism"), subsectors=subsectors(cars="tourism")), FUTURE)
    assert found.level.keys() == other.level.keys() != set()
    assert all(np.array_equal(found.level[name], other.level[name]) for name in found.level)
