"""Emission factors, blends and prices of carriers: by hand, properties, and the tables of Östersund."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from model.inputs.columns.energy import Carrier, Mandate
from model.inputs.municipality import Municipality
from model.inputs.schema import Future
from model.reference import carriers
from model.vocabulary import FloatArray
from tests.towns.shipped import with_rows
from tests.towns.small_town import FUTURE, faults_of, gases, price, small_town


def fuels(saving: float = 0.8, wall: float = 0.5, duty: float = 10.0, **more: Any) -> Municipality:
    """Low-blend and pure fuel of one group, and electricity; duty decided for 2024, then by path."""
    return small_town(
        gases=gases(co2=1, n2o=265, co2_biogenic=0),
        carriers=[
            {"carrier": "blended", "energy_content": 10, "energy_content_unit": "kWh/l",
             "official_group": "fuel", "national_share": 0.9},
            {"carrier": "pure", "energy_content": 8, "energy_content_unit": "kWh/l",
             "official_group": "fuel", "national_share": 0.1},
            {"carrier": "electricity"},
        ],
        emission_factors=[
            {"carrier": "blended", "gas": "co2", "year": 2000, "value": 250, "unit": "g/kWh"},
            {"carrier": "blended", "gas": "n2o", "year": 2000, "value": 0.01, "unit": "t/GWh"},
            {"carrier": "pure", "gas": "co2_biogenic", "year": 2000, "value": 260, "unit": "g/kWh"},
        ],
        blends=[
            {"carrier": "blended", "saving": saving, "saving_low": saving, "saving_high": saving,
             "wall": wall, "fossil_gas": "co2", "bio_gas": "co2_biogenic"},
        ],
        mandates=[
            {"path": "decided", "carrier": "blended", "year": 2024, "value": duty, "unit": "percent"},
            {"path": "central", "carrier": "blended", "year": 2026, "value": 2 * duty, "unit": "percent"},
            {"path": "high", "carrier": "blended", "year": 2026, "value": 60, "unit": "percent"},
        ],
        prices=[
            price("blended", 14, "SEK_2026/l"),
            price("pure", 2, "SEK_2026/kWh"),
            price("electricity", 800, "SEK_2026/MWh"),
            price("carbon_levy", 1000, "SEK_2026/t", "central"),
        ],
        levied=[{"carrier": "blended", "from_year": 2026}],
        **more,
    )  # fmt: skip


def test_bio_share_is_duty_over_saving_and_moves_carbon_to_the_biogenic_gas() -> None:
    town = fuels()
    # duty 10, 15, 20, 20 % / 0.8
    assert_allclose(carriers.bio_shares(town, FUTURE)["blended"], [0.125, 0.1875, 0.25, 0.25])
    factor = carriers.factors(town, FUTURE)
    assert factor.shape == (3, 3, 4)
    assert_allclose(factor[0, 0], [218.75, 203.125, 187.5, 187.5])
    assert_allclose(factor[0, 2], [31.25, 46.875, 62.5, 62.5])
    assert_allclose(factor[0, 1], 0.01)
    assert_allclose(factor[1], np.array([0, 0, 260])[:, None] * np.ones(4))
    assert_allclose(factor[2], 0)
    assert not town.faults


def test_bio_share_stops_at_the_wall() -> None:
    shares = carriers.bio_shares(fuels(), FUTURE.model_copy(update={"mandate": "high"}))["blended"]
    assert_allclose(shares, [0.125, 0.4375, 0.5, 0.5])


@given(st.floats(0.3, 1.0), st.floats(0.0, 1.0), st.floats(0.0, 50.0))
def test_blending_neither_makes_nor_loses_carbon(saving: float, wall: float, duty: float) -> None:
    town = fuels(saving, wall, duty)
    factor = carriers.factors(town, FUTURE)
    assert_allclose(factor[0, 0] + factor[0, 2], 250)
    assert (factor >= 0).all()


def test_official_factor_is_the_national_average_of_the_group() -> None:
    town = fuels()
    official = carriers.official_factors(town, carriers.factors(town, FUTURE))
    assert_allclose(official[0, 0], 0.9 * np.array([218.75, 203.125, 187.5, 187.5]))
    assert_allclose(official[1], official[0])
    assert_allclose(official[2], 0)


def test_shares_of_a_group_must_sum_to_one() -> None:
    town = fuels()
    rows = town.rows(Carrier)
    town = with_rows(town, "carriers", (rows[0].model_copy(update={"national_share": 0.7}), *rows[1:]))
    carriers.official_factors(town, carriers.factors(town, FUTURE))
    fault = "carriers.csv:2 [national_share]: found a sum of 0.8 over group 'fuel'"
    assert [text[: len(fault)] for text in faults_of(town)] == [fault]


def prices(town: Municipality, future: Future, price_set: str) -> FloatArray:
    """Energy prices with the factors of the same town and future."""
    return carriers.energy_prices(town, future, price_set, carriers.factors(town, future))


def test_prices_by_litre_by_energy_and_with_levy() -> None:
    found = prices(fuels(), FUTURE, "market")
    # 14 SEK/l / 10 kWh/l = 1.4 MSEK/GWh; from 2026 1 000 SEK/t x 187.5 t/GWh = 0.1875 MSEK/GWh more
    assert_allclose(found[0], [1.4, 1.4, 1.5875, 1.5875])
    assert_allclose(found[1], 2.0)
    assert_allclose(found[2], 0.8)


def test_a_missing_price_is_a_fault_and_so_is_a_unit_that_is_no_price() -> None:
    town = fuels()
    prices(town, FUTURE, "household")
    missing = [text for text in faults_of(town) if "no price 'blended' in price_set 'household'" in text]
    assert len(missing) == 1
    assert "no price 'carbon_levy'" in "".join(faults_of(town))
    town = fuels()
    first, *others = town.tables["prices"]
    town = with_rows(town, "prices", (first.model_copy(update={"unit": "SEK_2026/km"}), *others))
    prices(town, FUTURE, "market")
    assert faults_of(town)[0].startswith("prices.csv:2 [unit]: found 'SEK_2026/km'")


def test_a_price_of_another_year_is_a_fault() -> None:
    town = fuels()
    first, *others = town.tables["prices"]
    town = with_rows(town, "prices", (first.model_copy(update={"unit": "SEK_2024/l"}), *others))
    prices(town, FUTURE, "market")
    assert "MSEK_2026/GWh" in faults_of(town)[0]


def test_an_unknown_path_of_the_duty_is_a_fault() -> None:
    town = fuels()
    carriers.factors(town, FUTURE.model_copy(update={"mandate": "hihg"}))
    assert faults_of(town) == [
        "mandates.csv: found no path 'hihg' for 'blended'; allowed: central, high. Did you mean 'high'?"
    ]


def test_an_unknown_set_of_warming_potentials_is_a_fault() -> None:
    town = fuels()
    town = with_rows(town, "gases", tuple(row.model_copy(update={"gwp_set": "ar6"}) for row in town.tables["gases"]))
    assert len(carriers.warming_potentials(town)) == 0
    assert "no set 'ar5'" in faults_of(town)[0]


# --- the tables of Östersund -----------------------------------------------------------------------


@pytest.mark.parametrize("path", ["low", "central", "high"])
def test_tables_have_all_factors_and_prices(ostersund: Municipality, path: str) -> None:
    future = FUTURE.model_copy(update={"mandate": path, "prices": path})
    assert (carriers.factors(ostersund, future) >= 0).all()
    assert (carriers.official_factors(ostersund, carriers.factors(ostersund, future)) >= 0).all()
    for price_set in ("market", "household"):
        assert (prices(ostersund, future, price_set) > 0).all()
    assert faults_of(ostersund) == []


def test_bio_shares_of_all_energy_of_a_fuel_are_those_of_the_dossier(ostersund: Municipality) -> None:
    shares = carriers.bio_shares(ostersund, FUTURE)
    pure = next(row for row in ostersund.rows(Carrier) if row.carrier == "hvo100").national_share or 0.0
    assert_allclose(pure + (1 - pure) * shares["diesel"][:3], [0.11, 0.13, 0.151], atol=0.001)
    assert_allclose(shares["petrol"][0], 0.07, atol=0.0005)
    low, high = [0.05, 0.06, 0.07], [0.10, 0.11, 0.13]
    assert (shares["petrol"][:3] >= low).all() and (shares["petrol"][:3] <= high).all()


def test_petrol_meets_its_wall_when_the_duty_rises(ostersund: Municipality) -> None:
    shares = carriers.bio_shares(ostersund, FUTURE.model_copy(update={"mandate": "high"}))
    assert_allclose(shares["petrol"][6], 0.13)
    assert_allclose(shares["diesel"][6], 0.32 / 0.93)


def test_paths_share_what_is_decided(ostersund: Municipality) -> None:
    years = {row.path: row.year for row in ostersund.rows(Mandate) if row.carrier == "diesel"}
    assert years["decided"] < ostersund.settings.first_decision_year
    paths = [FUTURE.model_copy(update={"mandate": path}) for path in ("low", "central", "high")]
    low, central, high = (carriers.bio_shares(ostersund, future)["diesel"] for future in paths)
    assert_allclose(low[:3], high[:3])
    assert (low[3:] < central[3:]).all() and (central[3:] < high[3:]).all()


def test_pure_hvo_costs_its_premium_over_diesel_per_litre(ostersund: Municipality) -> None:
    per_energy = prices(ostersund, FUTURE, "market")[:, 2]
    content = {row.carrier: row.energy_content for row in ostersund.rows(Carrier)}
    names = carriers.carrier_names(ostersund)
    per_litre = {name: per_energy[names.index(name)] * (content[name] or 0.0) for name in ("diesel", "hvo100")}
    assert_allclose(per_litre["hvo100"] - per_litre["diesel"], 2.6)


def test_household_prices_include_tax(ostersund: Municipality) -> None:
    market, household = (prices(ostersund, FUTURE, name) for name in ("market", "household"))
    fuels_only = [index for index, name in enumerate(carriers.carrier_names(ostersund)) if name != "electricity"]
    assert_allclose(household[fuels_only] / market[fuels_only], 1.25, rtol=1e-3)
