"""Measure tables as arrays: moves, potentials, relations and costs by hand, and what is a fault."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from model.inputs import consistency
from model.measures.catalogue import Measures, Move
from tests.towns.measured_town import (
    YEARS,
    built,
    convert,
    cost,
    effect,
    measure,
    measured_town,
    potential,
    relation,
    share,
    switch,
)
from tests.towns.shipped import with_rows
from tests.towns.small_town import faults_of

CYCLE = effect("M", "activity", "cycling_km", 1)


def compiled(*effects: dict[str, object], **tables: list[dict[str, object]]) -> Measures:
    """One measure M with these effects, without fault."""
    town = measured_town(tables.pop("measures", [measure("M")]), list(effects), **tables)
    found = built(town).case.measures
    assert faults_of(town) == []
    return found


def at(series: np.ndarray, *years: int) -> np.ndarray:
    return series[..., [int(year - YEARS[0]) for year in years]]


def move_of(moves: tuple[Move, ...], target: int) -> np.ndarray:
    return next(move.amount[0] for move in moves if move.target == target)


# --- moves -----------------------------------------------------------------------------------------


def test_amounts_are_in_the_unit_of_what_they_move() -> None:
    measures = compiled(
        effect("M", "activity", "petrol_km", -2_500_000, "km"),
        effect("M", "activity", "cycling_km", 500, "Gm"),
        effect("M", "carrier", "diesel", -3000, "MWh", subsector="sheds"),
    )
    assert_allclose(move_of(measures.activity_moves, 0), -2.5)
    assert_allclose(move_of(measures.activity_moves, 3), 500)
    assert_allclose(measures.carrier_moves[0].amount, -3)


def test_effects_of_several_years_are_joined_by_straight_lines() -> None:
    measures = compiled(
        effect("M", "activity", "cycling_km", 1, year=2025), effect("M", "activity", "cycling_km", 5, year=2029)
    )
    assert len(measures.activity_moves) == 1
    assert_allclose(at(measures.activity_moves[0].amount, 2024, 2025, 2027, 2029, 2032), [[1, 1, 3, 5, 5]])


def test_shares_are_of_the_reference_that_year() -> None:
    falling = [
        {"activity": "petrol_km", "year": 2024, "value": 60, "unit": "Mkm"},
        {"activity": "petrol_km", "year": 2032, "value": 20, "unit": "Mkm"},
        {"activity": "diesel_km", "year": 2024, "value": 20, "unit": "Mkm"},
        {"activity": "electric_km", "year": 2024, "value": 20, "unit": "Mkm"},
        {"activity": "cycling_km", "year": 2024, "value": 10, "unit": "Mkm"},
    ]
    part = {"basis": "share", "unit": "percent"}
    town = measured_town(
        [measure("M"), measure("POOL"), measure("FUEL")],
        [
            effect("M", "activity", "petrol_km", -10, **part),
            effect("M", "activity", "cycling_km", 5, share_of="petrol_km", **part),
            effect("POOL", "pool", "car_km", -2, **part),
            effect("FUEL", "carrier", "diesel", -50, subsector="cars", **part),
            effect("FUEL", "carrier", "hvo", 50, subsector="cars", share_of="diesel", **part),
        ],
        activity_levels=falling,
    )
    town = with_rows(
        town,
        "activities",
        tuple(
            row.model_copy(update={"driver": "series"}) if row.activity == "petrol_km" else row
            for row in town.tables["activities"]
        ),
    )
    measures = built(town).case.measures
    assert faults_of(town) == []
    # petrol falls by 5 a year: 60, 40 in 2028, 20 in 2032; diesel stays 20 Mkm x 0.4 = 8 GWh
    assert_allclose(at(move_of(measures.activity_moves, 0), 2024, 2028, 2032), [-6, -4, -2])
    assert_allclose(at(move_of(measures.activity_moves, 3), 2024, 2028, 2032), [3, 2, 1])
    assert_allclose(at(measures.pool_draws[0].amount[0], 2024, 2028, 2032), [2, 1.6, 1.2])
    assert_allclose([move.amount[0, 4] for move in measures.carrier_moves], [-4, 4])


def test_modes_belong_to_one_measure_and_share_its_limits() -> None:
    town = measured_town(
        [measure("A"), measure("B"), measure("C")],
        [
            *convert("B", mode="petrol"),
            *convert("B", "diesel_km", mode="diesel"),
            effect("C", "activity", "cycling_km", 1),
        ],
    )
    measures = built(town).case.measures
    assert measures.mode_names == ("", "petrol", "diesel", "")  # A, without effects, has one mode as well
    assert list(measures.mode_measure) == [0, 1, 1, 2]
    assert list(measures.modes_of(1)) == [1, 2]


def test_what_is_already_decided_cannot_be_chosen() -> None:
    town = measured_town(
        [measure("DONE", in_reference="yes"), measure("M")], [CYCLE, effect("DONE", "activity", "cycling_km", 1)]
    )
    measures = built(town).case.measures
    assert measures.names == ("M",) and len(measures.activity_moves) == 1


# --- limits ----------------------------------------------------------------------------------------


def test_a_total_potential_leaves_a_measure_what_the_reference_does_not_do() -> None:
    """The reference drives 20 Mkm by electric car, 2 Mkm a unit: 10 units of the total are its own."""
    moves = [effect("M", "activity", "petrol_km", -2), effect("M", "activity", "electric_km", 2)]
    both = [potential("M", 4, 2025, "total"), potential("M", 24, 2029, "total")]
    rows = [measure("M", reference_activity="electric_km", existing_units=3)]
    measures = compiled(*moves, measures=rows, potentials=both)
    assert_allclose(at(measures.potential[0, 0], 2024, 2025, 2026, 2027, 2029, 2032), [0, 0, 0, 4, 14, 14])
    added = [row | {"basis": "additional"} for row in both]
    assert_allclose(at(compiled(*moves, measures=rows, potentials=added).potential[0, 0], 2027, 2029), [14, 24])


def test_room_for_what_is_enabled_counts_what_there_is_and_what_the_reference_takes() -> None:
    moves = [effect("CAR", "activity", "petrol_km", -2), effect("CAR", "activity", "electric_km", 2)]
    town = measured_town(
        [
            measure("CAR", reference_activity="electric_km"),
            measure("SLOW", existing_units=4),
            measure("FAST", existing_units=1),
        ],
        moves,
        relations=[
            relation("SLOW", "enables", "CAR", ratio=2, free=1.5),
            relation("FAST", "enables", "CAR", ratio=5),
        ],
    )
    (limit,) = built(town).case.measures.enables
    # free 1.5, 4 x 2 and 1 x 5 there, 20 / 2 = 10 units of the reference
    assert limit.measure == 0 and limit.enablers == ((1, 2.0), (2, 5.0))
    assert_allclose(limit.room, 1.5 + 8 + 5 - 10)


def test_relations_name_measures_by_position() -> None:
    names = [measure("A"), measure("B"), measure("C")]
    town = measured_town(names, [], relations=[relation("C", "requires", "A", ratio=2), relation("A", "excludes", "B")])
    measures = built(town).case.measures
    assert measures.requires == ((2, 0, 2.0),) and measures.excludes == ((0, 1),)
    assert measures.order.index(0) < measures.order.index(2)


def test_what_is_not_given_is_no_limit_and_no_cost() -> None:
    measures = compiled(CYCLE)
    assert np.isinf(measures.ramp[0, 0]) and measures.unit_size[0] == 0
    assert not np.any(measures.capital) and not np.any(measures.fixed_cost) and not np.any(measures.fixed_benefit)


def test_costs_are_joined_by_straight_lines_and_hold_outside() -> None:
    measures = compiled(
        CYCLE, costs=[cost("M", "capital", 8, 2026), cost("M", "capital", 4, 2030), cost("M", "fixed_cost", 0.5)]
    )
    assert_allclose(at(measures.capital[0, 0], 2024, 2026, 2028, 2030, 2032), [8, 8, 6, 4, 4])
    assert_allclose(measures.fixed_cost, 0.5)


# --- faults ----------------------------------------------------------------------------------------


def faults(*effects: dict[str, object], **tables: list[dict[str, object]]) -> list[str]:
    town = measured_town(tables.pop("measures", [measure("M")]), list(effects), **tables)
    built(town)
    return faults_of(town)


@pytest.mark.parametrize(
    ("kind", "target", "said"),
    [
        ("activity", "petroll_km", "petrol_km"),
        ("pool", "cars_km", "car_km"),
        ("carrier", "hvo", "diesel"),  # in the sheds, where there is none to take
    ],
)
def test_moving_what_does_not_exist_names_what_does(kind: str, target: str, said: str) -> None:
    more = {"subsector": "sheds", "unit": "GWh"} if kind == "carrier" else {}
    (fault,) = faults(effect("M", kind, target, -1, **more))
    assert target in fault and said in fault and "effects.csv" in fault


def test_a_pool_can_only_be_drawn_on() -> None:
    (fault,) = faults(effect("M", "pool", "car_km", 1))
    assert "negative" in fault


def test_a_measure_without_potential_is_a_fault() -> None:
    (fault,) = faults(CYCLE, potentials=[])
    assert "potential" in fault and "'M'" in fault


@pytest.mark.parametrize(("household", "said"), [(0.3, ["0.9"]), (0.4, [])])
def test_owners_share_the_whole_and_no_more(household: float, said: list[str]) -> None:
    shares = [share("M", "municipality", 0.6), share("M", "household", household)]
    town = measured_town([measure("M")], [CYCLE], owner_shares=shares)
    consistency.check(town)
    found = [fault for fault in faults_of(town) if "owner shares" in fault]
    assert len(found) == len(said) and all(each in found[0] for each in said)


def test_the_reference_does_what_the_measure_adds_to() -> None:
    (fault,) = faults(*convert("M"), measures=[measure("M", reference_activity="petrol_km")])
    assert "adds to" in fault
    (fault,) = faults(*convert("M"), measures=[measure("M", reference_activity="ferry_km")])
    assert "ferry_km" in fault


def test_measures_that_feed_each_other_are_named() -> None:
    back = convert("BACK", "electric_km", "petrol_km")
    (fault,) = faults(*convert("M"), *back, measures=[measure("M"), measure("BACK")])
    assert "M" in fault and "BACK" in fault and "->" in fault


def test_a_wrong_unit_is_a_fault() -> None:
    (fault,) = faults(effect("M", "activity", "cycling_km", 1, "GWh"))
    assert "GWh" in fault and "Mkm" in fault
    (fault,) = faults(CYCLE, costs=[cost("M", "capital", 8) | {"unit": "MSEK_2024"}])
    assert "MSEK_2024" in fault and "MSEK_2026" in fault


def test_switching_may_bring_a_carrier_that_was_not_used_there_before() -> None:
    town = measured_town([measure("M")], switch("M", "sheds"))
    case = built(town).case
    assert faults_of(town) == []
    pairs = [
        (case.subsectors[k], case.carriers[c]) for k, c in zip(case.flow_subsector, case.flow_carrier, strict=True)
    ]
    assert ("sheds", "hvo") in pairs and ("cars", "hvo") not in pairs
