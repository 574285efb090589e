"""The reference development: by hand, properties, and Östersund beside what is known of it."""

from __future__ import annotations

from numpy.testing import assert_allclose

from model.inputs.columns.activities import Activity
from model.inputs.municipality import Municipality
from model.inputs.wording import words
from model.reference.development import Development
from model.reference.sectors import DRIVERS, reference
from tests.towns.shipped import with_rows
from tests.towns.small_town import FUTURE, activity, faults_of, sectors, small_town, subsectors, use

# --- drivers ---------------------------------------------------------------------------------------


def farm() -> Municipality:
    """Four activities, one a plain driver, in agriculture; inhabitants grow from 100 to 130."""
    return small_town(
        sectors=sectors("agriculture"),
        subsectors=subsectors(barn="agriculture", mill="agriculture"),
        activities=[
            activity("same", "barn", "constant", "t"),
            activity("grows", "barn", "population", "t"),
            activity("given", "barn", "series", "t"),
            activity("absent", "barn", "none", "t"),
        ],
        activity_levels=[
            {"activity": "same", "year": 2024, "value": 2000, "unit": "kg"},
            {"activity": "grows", "year": 2024, "value": 10, "unit": "t"},
            {"activity": "given", "year": 2024, "value": 8, "unit": "t"},
            {"activity": "given", "year": 2026, "value": 6, "unit": "t"},
        ],
        population=[
            {"path": "observed", "year": 2024, "value": 100, "unit": "person"},
            {"path": "central", "year": 2027, "value": 130, "unit": "person"},
        ],
        use=[
            use("same", "oil", 3, "MWh/t"),
            use("same", "oil", 1, "MWh/t", 2026),
        ],
        direct_emissions=[
            {"activity": "same", "gas": "ch4", "year": 2024, "value": 5, "unit": "kg/t"},
            {"activity": "same", "gas": "ch4", "year": 2026, "value": 4, "unit": "kg/t"},
        ],
        carrier_use=[{"subsector": "mill", "carrier": "oil", "year": 2024, "value": 1, "unit": "TWh"}],
    )


def test_plain_drivers_by_hand() -> None:
    town = farm()
    found = reference(town, FUTURE)
    assert_allclose(found.level["same"], [2, 2, 2, 2])
    assert_allclose(found.level["grows"], [10, 11, 12, 13])
    assert_allclose(found.level["given"], [8, 7, 6, 6])
    assert_allclose(found.level["absent"], 0)
    assert_allclose(found.use["same", "oil"], [0.003, 0.002, 0.001, 0.001])
    assert_allclose(found.direct["same", "ch4"], [0.005, 0.005, 0.004, 0.004])
    assert_allclose(found.other_use["mill", "oil"], 1000)
    assert faults_of(town) == []


def test_a_missing_level_is_a_fault_at_the_driver_that_needs_it() -> None:
    town = farm()
    town = with_rows(town, "activity_levels", town.tables["activity_levels"][1:])
    reference(town, FUTURE)
    (fault,) = faults_of(town)
    assert "activities.csv:2 [driver]: found activity 'same' without a level" in fault


def test_a_town_without_activities_has_an_empty_development() -> None:
    empty = small_town()
    assert reference(empty, FUTURE) == Development()
    assert faults_of(empty) == []


def test_every_driver_that_the_table_allows_is_one_of_the_drivers() -> None:
    assert set(words(Activity, "driver")) == set(DRIVERS)
