"""Is one year compared everywhere: in the figures and in the table of the terminal?"""

import numpy as np
import pytest
import xarray as xr

from model.cli import console
from model.figures.registry import figure_jobs
from model.outputs.comparison import comparison_year
from model.outputs.overview import overview
from tests.towns.drawn_town import world


def without_targets(data: xr.Dataset) -> xr.Dataset:
    return data.isel(target=slice(0, 0))


def with_targets_that_never_hold(data: xr.Dataset) -> xr.Dataset:
    return data.assign(target_limit=data.target_limit * 0 + np.inf)


def with_a_target_on_energy_first(data: xr.Dataset) -> xr.Dataset:
    return data.assign_coords(target_unit=("target", ["GWh", "t_CO2e"]))


def with_targets_on_energy(data: xr.Dataset) -> xr.Dataset:
    return data.assign_coords(target_unit=("target", ["GWh", "GWh"]))


def as_it_is(data: xr.Dataset) -> xr.Dataset:
    return data


CASES = [
    (as_it_is, 2030),
    (with_a_target_on_energy_first, 2040),
    (with_targets_on_energy, 2030),
    (without_targets, 2045),
    (with_targets_that_never_hold, 2045),
]


@pytest.mark.parametrize(("change", "year"), CASES, ids=lambda value: getattr(value, "__name__", str(value)))
def test_the_year_of_the_first_target_on_emissions_else_of_any_else_the_last_is_compared(change, year):
    assert comparison_year(change(world())) == year


@pytest.mark.parametrize(("change", "year"), CASES, ids=lambda value: getattr(value, "__name__", str(value)))
def test_figures_and_the_table_of_the_terminal_compare_the_same_year(change, year, capsys):
    data = {("reference", "central"): change(world())}
    console.show(overview(data, "en"))
    assert f" in {year}: emissions in kt CO2e" in capsys.readouterr().out
    assert {job.arguments[-1] for job in figure_jobs(data, "central", "reference", "sv")} == {year}
