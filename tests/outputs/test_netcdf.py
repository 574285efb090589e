"""Does one file hold the results of every run as they were, and can it be read without this toolkit?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from model import ROOT
from model.inputs.faults import Faults
from model.outputs import netcdf
from model.outputs.variables import VARIABLES
from model.studies.study import prepare, run

GOAL, MIX = "toy_low_from", "toy_mix"
FUTURES = ("central", "mandate_low")


@pytest.fixture(scope="module")
def runs() -> dict[netcdf.ResultKey, xr.Dataset]:
    """A portfolio in two futures and a goal in one, with an answer that no other run has."""
    batch = prepare("toy", "toy", (MIX, GOAL), FUTURES, ROOT, Faults())
    found = {key: data for key, data, _ in run(replace(batch, only={GOAL: "central"}), 1, print)}
    goal = found[GOAL, "central"]
    answer = xr.Dataset(
        {
            "worth": (("point", "year"), np.ones((2, len(goal.year))), {"units": "kt"}),
            "fits": ("point", [True, False]),
            "tried": ("round", [3, 1]),
        },
        {"point": ["low", "high"]},
    )
    said = {"asked": "worth", "bounds": [2.5], "constants": [1.0, 2.5]}
    found[GOAL, "central"] = goal.merge(answer).assign_attrs(goal.attrs | said)
    return found


@pytest.fixture(scope="module")
def path(runs: dict[netcdf.ResultKey, xr.Dataset], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("outputs") / "results.nc"
    netcdf.save(runs.values(), path)
    return path


def assert_as_it_was(found: xr.Dataset, data: xr.Dataset) -> None:
    xr.testing.assert_identical(found, data)
    kinds, wanted = ({name: each.dtype.kind for name, each in of.variables.items()} for of in (found, data))
    assert kinds == wanted
    assert found.attrs == data.attrs and set(found.indexes) == set(data.indexes)


def test_every_run_comes_back_as_it_was(runs: dict[netcdf.ResultKey, xr.Dataset], path: Path) -> None:
    found = netcdf.load(path)
    assert list(found) == list(runs)
    for key, data in runs.items():
        assert_as_it_was(found[key], data)


def test_what_was_read_is_written_again_as_it_was(runs: dict[netcdf.ResultKey, xr.Dataset], path: Path) -> None:
    again = path.with_name("again.nc")
    netcdf.save([netcdf.load(path)[GOAL, "central"]], again)
    assert_as_it_was(netcdf.load(again)[GOAL, "central"], runs[GOAL, "central"])


def test_whoever_opens_the_file_finds_runs_along_scenario_and_future(
    runs: dict[netcdf.ResultKey, xr.Dataset], path: Path
) -> None:
    with xr.open_dataset(path, engine="h5netcdf") as data:
        assert [str(each) for each in data.scenario.values] == [MIX, GOAL] and list(data.future.values) == [*FUTURES]
        for key, each in runs.items():
            mine = data.indicator.sel(scenario=key[0], future=key[1])
            np.testing.assert_array_equal(mine, each.indicator)
        assert np.isnan(data.emissions.sel(scenario=GOAL, future="mandate_low")).all()
        assert data.position.values.tolist() == [[0, 1], [2, -1]]
        assert data.kind.values.tolist() == ["portfolio", "goal"]
        for each in VARIABLES:
            if each.name in data:
                assert data[each.name].dims == (each.dims if each.same else (*netcdf.RUN, *each.dims)), each.name


def test_what_only_a_plan_has_stands_in_its_group_with_labels(path: Path) -> None:
    with xr.open_dataset(path, group=f"{GOAL}/central", engine="h5netcdf") as data:
        assert set(data.data_vars) == {"worth", "fits", "tried"} and set(data.coords) == {"point", "year"}
        assert data.attrs["solver"] == "HiGHS" and data.attrs["asked"] == "worth"


def test_a_run_with_other_measures_or_words_keeps_what_is_its_own(
    runs: dict[netcdf.ResultKey, xr.Dataset], path: Path
) -> None:
    mix = runs[MIX, "central"]
    fewer = mix.isel(measure=slice(0, 2)).assign_attrs(scenario="fewer", position=1, fingerprint="another")
    fewer["indicator"].attrs["units"] = "another"
    netcdf.save([mix, fewer], path.with_name("fewer.nc"))
    first, second = netcdf.load(path.with_name("fewer.nc")).values()
    assert_as_it_was(first, mix)
    assert_as_it_was(second, fewer)
