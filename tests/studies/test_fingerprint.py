"""Does a result say what it was made from, also when a number was changed in memory?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import xarray as xr

from model import ROOT
from model.inputs.faults import Faults
from model.inputs.municipality import Municipality
from model.outputs import netcdf
from model.studies.fingerprint import town_hashes
from model.studies.study import Batch, prepare, run


def batch(town: Municipality) -> Batch:
    return prepare("test", town, ["toy_mix"], ["central"], ROOT, Faults())


def result(town: Municipality) -> xr.Dataset:
    ((_, data, _),) = run(batch(town), 1, lambda _: None)
    return data


def test_a_number_changed_in_memory_gives_another_fingerprint_and_is_named_in_the_results(
    toy: Municipality, tmp_path: Path
) -> None:
    dear = toy.change("costs", measure="CAR", item="capital", times=2)
    plain, other = result(toy), result(dear)
    assert plain.attrs["fingerprint"] != other.attrs["fingerprint"]
    assert plain.attrs["changes"] == "" and other.attrs["changes"] == "costs (measure CAR, item capital): value times 2"
    np.testing.assert_allclose(other.capital.sel(measure="CAR"), 2 * plain.capital.sel(measure="CAR"))
    netcdf.save([other], tmp_path / "other.nc")
    xr.testing.assert_identical(netcdf.load(tmp_path / "other.nc")["toy_mix", "central"], other)


def test_only_the_file_that_holds_the_number_has_another_hash(toy: Municipality) -> None:
    before, after = (
        town_hashes(toy),
        town_hashes(toy.change("costs", measure="CAR", item="capital", times=2)),
    )
    assert {name for name in before if before[name] != after[name]} == {"inputs/toy/costs.csv"}
    assert set(before) == set(after) and {"inputs/toy/municipality.yaml", "inputs/common/gases.csv"} <= set(before)


def test_a_change_taken_back_is_the_same_town(toy: Municipality) -> None:
    there = toy.change("costs", measure="CAR", item="capital", times=2)
    back = there.change("costs", measure="CAR", item="capital", times=0.5)
    assert town_hashes(back) == town_hashes(toy) and len(back.changes) == 2


def test_settings_and_scenarios_are_in_the_fingerprint(toy: Municipality) -> None:
    ready = batch(toy)
    dearer = replace(toy, settings=toy.settings.model_copy(update={"social_rate": 0.9}))
    assert batch(dearer).fingerprint != ready.fingerprint == batch(toy).fingerprint
    assert {"scenario toy_mix", "future central", "code", "solver", "version"} <= set(ready.hashes)
