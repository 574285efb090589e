"""Is Östersund's reference near what has been observed, and plausible where nothing has?"""

from __future__ import annotations

import numpy as np
import pytest

from model import ROOT
from model.inputs.columns.activities import Activity
from model.inputs.faults import Faults
from model.inputs.municipality import Municipality, load
from model.inputs.schema import Future
from model.reference import validation
from model.reference.carriers import factors
from model.reference.fleet import fleet_of
from model.reference.reconciliation import reconcile
from model.reference.sectors import reference
from tests.towns.small_town import FUTURE, faults_of

OURS = (
    "sources", "sectors", "subsectors", "gases", "carriers", "emission_factors", "blends", "mandates",
    "prices", "levied", "owners", "valuations", "indicators", "inventory", "population", "activities",
    "activity_levels", "direct_emissions", "use", "carrier_use", "parameters", "fleet", "pathways", "targets",
)  # fmt: skip


def in_future(name: str) -> Future:
    return FUTURE.model_copy(update={"mandate": name, "prices": name})


def test_tables_load_without_faults() -> None:
    faults = Faults()
    load("ostersund", ROOT, faults)
    files = {f"inputs/{folder}/{name}.csv" for folder in ("common", "ostersund") for name in OURS}
    assert [str(fault) for fault in faults.found if fault.place.file in files] == []


@pytest.mark.parametrize("path", ["low", "central", "high"])
def test_every_activity_has_a_sensible_level(ostersund: Municipality, path: str) -> None:
    future = FUTURE.model_copy(update={"uptake": path, "population": path})
    whole = reference(ostersund, future)
    assert list(whole.level) == [row.activity for row in ostersund.rows(Activity)]
    for values in (whole.level, whole.use, whole.direct, whole.other_use):
        assert all(np.isfinite(series).all() and (series >= 0).all() for series in values.values())
    assert faults_of(ostersund) == []


def test_observed_stock_is_kept(ostersund: Municipality) -> None:
    cars = fleet_of(ostersund, FUTURE, "car", [row for row in ostersund.rows(Activity) if row.driver == "fleet"])
    stock = dict(zip(cars.techniques, cars.vehicles, strict=True))
    assert stock["electric"][1] == pytest.approx(1826)
    assert stock["electric"][0] == pytest.approx(964 + 2 / 3 * (1826 - 964))
    assert cars.vehicles[:, 1].sum() == pytest.approx(33976)  # one of unknown fuel left out
    share = cars.entries[cars.techniques.index("electric"), -3:].sum() / cars.entries[:, -3:].sum()
    assert share == pytest.approx(0.155, abs=0.005)  # where the uptake paths start


def test_territorial_car_kilometres_are_within_the_estimate(ostersund: Municipality) -> None:
    # 300-365 million km, estimated another way
    scaled, rows = reconcile(ostersund, reference(ostersund, FUTURE), factors(ostersund, FUTURE))
    pool = [row.activity for row in ostersund.rows(Activity) if row.pool == "car_km"]
    assert 300 <= sum(scaled.level[name][0] for name in pool) <= 365
    assert 0.7 <= next(row.factor for row in rows if row.subsector == "cars") <= 0.9


def test_transport_step_when_only_the_blend_changes(ostersund: Municipality) -> None:
    step = validation.blending_step(ostersund, FUTURE, "transport", 2023, 2024)
    assert step.reported == pytest.approx(67145.32)
    assert abs(step.deviation) < 0.02
    assert step.low < step.reported < step.high
    assert step.low / step.reported > 0.94 and step.high / step.reported < 1.06


def test_work_machines_rose_more_than_the_blend_explains(ostersund: Municipality) -> None:
    step = validation.blending_step(ostersund, FUTURE, "work_machines", 2023, 2024)
    assert 21500 < step.model < 23000
    assert step.high < step.reported


def test_landfill_decay_fitted_on_its_window_predicts_the_base_year(ostersund: Municipality) -> None:
    fit = validation.decay_fit(ostersund, "landfill_methane")
    assert (fit.first_year, fit.last_year) == (2005, 2020)
    assert abs(fit.base_year.deviation) < 0.15
    assert ostersund.parameter("decay_rate", "landfill_methane", unit="1/year")[0] == pytest.approx(fit.rate, abs=5e-5)


def test_reference_is_plausible_and_falls_with_the_duty(ostersund: Municipality) -> None:
    position = list(ostersund.years).index(2030)
    found = [validation.reference_by_sector(ostersund, in_future(path)) for path in ("low", "central", "high")]
    totals = [sum(float(values[position]) for values in by_sector.values()) for by_sector in found]
    assert totals[0] > totals[1] > totals[2]
    assert all(75e3 < total < 125e3 for total in totals)


def test_modelled_sectors_are_near_the_inventory_but_for_registered_kilometres(
    ostersund: Municipality,
) -> None:
    found = validation.before_reconciliation(ostersund, FUTURE)
    assert set(found) == {row for row in found if abs(found[row].deviation) < 0.05} | {"transport"}
    assert 0.2 < found["transport"].deviation < 0.4
