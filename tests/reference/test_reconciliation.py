"""Scaling to the inventory: a case worked by hand, what is a fault, and Östersund's nine sectors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from model.inputs.columns.emissions import Subsector
from model.inputs.municipality import Municipality
from model.reference import carriers
from model.reference.reconciliation import gas_emissions, reconcile, subsector_emissions
from model.reference.sectors import reference
from tests.towns.small_town import FUTURE, activity, faults_of, gases, sectors, small_town, subsectors


def inventory(subsector: str, value: float, sector: str = "heating", **more: Any) -> dict[str, Any]:
    status = "derived" if subsector else "official"
    row = {"year": 2024, "sector": sector, "subsector": subsector, "gas": "co2e", "value": value}
    return row | {"unit": "t_CO2e", "vintage": "current", "status": status} | more


def heated(rows: list[dict[str, Any]], oil: float = 2.0) -> Municipality:
    """Homes with 2 GWh of oil heat (500 t), stoves with 3 t of methane (84 t), sheds with 1 GWh of oil."""
    return small_town(
        sectors=sectors("heating"),
        subsectors=subsectors(homes="heating", stoves="heating", sheds="heating", bicycles="heating"),
        gases=gases(co2=1, ch4=28),
        carriers=[{"carrier": "oil"}],
        emission_factors=[{"carrier": "oil", "gas": "co2", "year": 2000, "value": 250, "unit": "g/kWh"}],
        activities=[
            activity("oil_heat", "homes", "constant"),
            activity("stove_gas", "stoves", "constant", "t"),
            activity("cycling", "bicycles", "constant", "Mkm"),
        ],
        activity_levels=[
            {"activity": "oil_heat", "year": 2024, "value": oil, "unit": "GWh"},
            {"activity": "stove_gas", "year": 2024, "value": 3, "unit": "t"},
            {"activity": "cycling", "year": 2024, "value": 9, "unit": "Mkm"},
        ],
        use=[{"activity": "oil_heat", "carrier": "oil", "year": 2024, "value": 1, "unit": "kWh/kWh"}],
        direct_emissions=[{"activity": "stove_gas", "gas": "ch4", "year": 2024, "value": 1, "unit": "t/t"}],
        carrier_use=[{"subsector": "sheds", "carrier": "oil", "year": 2024, "value": 1000, "unit": "MWh"}],
        inventory=rows,
    )


def test_worked_by_hand() -> None:
    # the rows sum to 800, the official total is 880: each row counts 1.1 times
    town = heated([inventory("", 880), inventory("homes", 600), inventory("stoves", 100), inventory("sheds", 100)])
    factor = carriers.factors(town, FUTURE)
    development = reference(town, FUTURE)
    assert_allclose(subsector_emissions(town, development, factor)[:, 0], [500, 84, 250, 0])
    scaled, rows = reconcile(town, development, factor)
    assert faults_of(town) == []
    assert [row.subsector for row in rows] == ["homes", "stoves", "sheds"]
    assert_allclose([row.modelled for row in rows], [500, 84, 250])
    assert_allclose([row.inventory for row in rows], [660, 110, 110])
    assert_allclose([row.scaling for row in rows], 1.1)
    assert_allclose([row.factor for row in rows], [1.32, 110 / 84, 0.44])
    assert {(row.status, row.confidence) for row in rows} == {("derived", "C")}
    assert_allclose(scaled.level["oil_heat"], 2.64)
    assert_allclose(scaled.level["cycling"], 9)
    assert_allclose(scaled.other_use["sheds", "oil"], 0.44)
    assert_allclose(subsector_emissions(town, scaled, factor), [[660] * 4, [110] * 4, [110] * 4, [0] * 4])


@given(st.lists(st.floats(1, 1e5), min_size=3, max_size=3), st.floats(0.5, 2.0))
def test_sectors_equal_their_totals_and_a_second_time_changes_nothing(values: list[float], ratio: float) -> None:
    names = ("homes", "stoves", "sheds")
    rows = [inventory(name, value) for name, value in zip(names, values, strict=True)]
    town = heated([inventory("", ratio * sum(values)), *rows])
    factor = carriers.factors(town, FUTURE)
    scaled, _ = reconcile(town, reference(town, FUTURE), factor)
    assert_allclose(subsector_emissions(town, scaled, factor)[:, 0].sum(), ratio * sum(values), rtol=1e-9)
    again, second = reconcile(town, scaled, factor)
    assert_allclose([row.factor for row in second], 1.0, rtol=1e-9)
    assert_allclose(again.level["oil_heat"], scaled.level["oil_heat"], rtol=1e-9)


def test_what_emits_without_a_row_is_a_fault() -> None:
    town = heated([inventory("homes", 600), inventory("stoves", 100)])
    reconcile(town, reference(town, FUTURE), carriers.factors(town, FUTURE))
    assert faults_of(town) == [
        "subsectors.csv:4 [subsector]: found 'sheds' that emits; allowed: a row for it in inventory.csv "
        "(year 2024, vintage 'current', gas 'co2e')."
    ]


def test_a_row_where_nothing_emits_is_a_fault() -> None:
    rows = [inventory("homes", 600), inventory("stoves", 100), inventory("sheds", 100)]
    town = heated(rows, oil=0.0)
    reconcile(town, reference(town, FUTURE), carriers.factors(town, FUTURE))
    assert [text.split(";")[0] for text in faults_of(town)] == ["inventory.csv:2 [value]: found '600'"]


def test_a_row_of_an_unknown_subsector_is_a_fault_with_the_nearest_name() -> None:
    town = heated([inventory("home", 600), inventory("stoves", 100), inventory("sheds", 100)])
    reconcile(town, reference(town, FUTURE), carriers.factors(town, FUTURE))
    assert faults_of(town)[0].endswith("Did you mean 'homes'?")


def test_a_sector_with_only_a_total_is_a_fault() -> None:
    town = heated([inventory("", 800)])
    reconcile(town, reference(town, FUTURE), carriers.factors(town, FUTURE))
    assert "inventory.csv:2 [subsector]: found only a total of 'heating'" in faults_of(town)[0]


def test_only_the_wanted_vintage_year_and_gas_count() -> None:
    rows = [inventory(name, 100) for name in ("homes", "stoves", "sheds")]
    others = [inventory("", 1, vintage="older"), inventory("", 1, year=2023), inventory("", 1, gas="co2")]
    town = heated(rows + others)
    _, found = reconcile(town, reference(town, FUTURE), carriers.factors(town, FUTURE))
    assert [row.inventory for row in found] == [100, 100, 100]


# --- Östersund -------------------------------------------------------------------------------------

OFFICIAL = {
    "transport": 67145.32,
    "work_machines": 24766.97,
    "agriculture": 20363.35,
    "waste": 8323.11,
    "product_use": 6717.52,
    "electricity_district_heat": 3636.29,
    "heating": 2131.66,
    "industry": 1337.96,
    "international_transport": 187.37,
}


@pytest.mark.parametrize("path", ["low", "central", "high"])
def test_base_year_equals_the_inventory_in_every_future(ostersund: Municipality, path: str) -> None:
    future = FUTURE.model_copy(update={"mandate": path, "prices": path, "uptake": path, "population": path})
    factor = carriers.factors(ostersund, future)
    scaled, rows = reconcile(ostersund, reference(ostersund, future), factor)
    assert faults_of(ostersund) == []
    found = subsector_emissions(ostersund, scaled, factor)[:, 0]
    territorial = [row.perspective == "territorial" for row in ostersund.rows(Subsector)]
    for sector, value in OFFICIAL.items():
        within = [row.sector == sector for row in ostersund.rows(Subsector)]
        assert found[np.array(within)].sum() == pytest.approx(value, abs=1e-6)
        assert sum(row.inventory for row in rows if row.sector == sector) == pytest.approx(value, abs=1e-6)
    assert found[np.array(territorial)].sum() == pytest.approx(134609.55, abs=1e-6)


def test_split_to_subsectors_is_nearly_the_official_total_before_scaling(ostersund: Municipality) -> None:
    factor = carriers.factors(ostersund, FUTURE)
    _, rows = reconcile(ostersund, reference(ostersund, FUTURE), factor)
    assert all(abs(row.scaling - 1) < 1e-4 for row in rows)


def test_official_view_agrees_in_the_base_year(ostersund: Municipality) -> None:
    # local use of pure HVO in the reference is the national share
    scaled, _ = reconcile(ostersund, reference(ostersund, FUTURE), carriers.factors(ostersund, FUTURE))
    factor = carriers.factors(ostersund, FUTURE)
    official = subsector_emissions(ostersund, scaled, carriers.official_factors(ostersund, factor))
    activity_based = subsector_emissions(ostersund, scaled, factor)
    assert_allclose(official, activity_based, rtol=1e-4, atol=0.1)


def test_fossil_carbon_dioxide_is_that_of_the_dossier(ostersund: Municipality) -> None:
    # about 95.7 kt (C), 71 % of greenhouse gases
    factor = carriers.factors(ostersund, FUTURE)
    scaled, _ = reconcile(ostersund, reference(ostersund, FUTURE), factor)
    by_gas = gas_emissions(ostersund, scaled, factor)[:, :, 0]
    fossil = by_gas[:, carriers.gas_names(ostersund).index("co2")].sum()
    assert fossil == pytest.approx(95749, rel=0.01)
