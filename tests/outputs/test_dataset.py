"""Results and summary: all names of the design, units, round trips, and sums that are what they say."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from numpy.testing import assert_allclose

from model import ROOT
from model.inputs.faults import Faults
from model.money.savings import yearly_cost
from model.outputs import summary
from model.outputs.files import write_whole
from model.plain_text import DIGITS, NOTHING
from model.studies.study import prepare, run
from model.vocabulary import CONSUMPTION, REMOVALS, TERRITORIAL, UNFUNDED
from tests.towns.shipped import batch

PORTFOLIOS = {
    "toy": ("toy_reference", "toy_mix", "toy_low_from"),
    "ostersund": ("reference", "electrification", "biofuels", "mobility", "climate_strategy"),
}
EVERY = [(town, name) for town, names in PORTFOLIOS.items() for name in names]
VARIABLES = {  # design section 5
    "activity_level": ("year", "activity"),
    "emissions": ("year", "subsector", "gas"),
    "emissions_co2e": ("year", "subsector"),
    "inventory": ("year", "subsector"),
    "level": ("year", "measure"),
    "new_units": ("year", "measure"),
    "installed": ("year", "measure"),
    "cut": ("year", "measure"),
    "payment": ("year", "measure", "fund"),
    "budget": ("year", "fund"),
    "carrier_use": ("year", "subsector", "carrier"),
    "capital": ("year", "measure"),
    "fixed_cost": ("year", "measure"),
    "running_cost": ("year", "measure"),
    "benefit": ("year", "measure"),
    "target_limit": ("year", "target"),
    "shortfall": ("year", "target"),
}
ALONG_SUBSECTOR = ("sector", "perspective", "gpc", "crt", "label_sv", "label_en")
COLUMNS = ["scenario", "future", "indicator", "year", "value", "unit", "perspective", "price_basis", "status"]


@cache
def datasets(town: str) -> dict[str, xr.Dataset]:
    return {name: data for (name, _), data, _ in run(batch(town, *PORTFOLIOS[town]), 1, lambda _: None)}


@cache
def table(town: str, name: str) -> pd.DataFrame:
    return pd.DataFrame(list(summary.rows(datasets(town)[name])), columns=COLUMNS)


def series(town: str, name: str, indicator: str) -> np.ndarray:
    rows = table(town, name)
    return rows[rows.indicator == indicator].sort_values("year").value.to_numpy()


# --- the dataset -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("town", "name"), EVERY)
def test_all_variables_of_the_design_are_there_with_their_dimensions_and_units(town: str, name: str) -> None:
    data = datasets(town)[name]
    for variable, dims in VARIABLES.items():
        assert data[variable].dims == dims, variable
    assert all(data[variable].attrs.get("units") for variable in data.data_vars)
    for coordinate in ALONG_SUBSECTOR:
        assert data[coordinate].dims == ("subsector",)


def test_units_are_those_of_the_design() -> None:
    data = datasets("ostersund")["reference"]
    units = {name: data[name].attrs["units"] for name in VARIABLES}
    for name in ("emissions_co2e", "inventory", "target_limit", "shortfall"):
        assert units[name] == "t_CO2e"
    for name in ("payment", "budget", "capital", "fixed_cost", "running_cost", "benefit"):
        assert units[name] == "MSEK_2026"
    assert units["carrier_use"] == "GWh"
    assert units["emissions"].startswith("t ")


def test_attributes_say_what_a_file_is_without_anything_else() -> None:
    attributes = datasets("toy")["toy_low_from"].attrs
    assert attributes["Conventions"].startswith("CF-")
    assert {"title", "fingerprint", "version", "seed", "price_basis", "gwp_set"} <= set(attributes)
    assert {"solver", "status", "gap", "bounds", "difference"} <= set(attributes)  # of a plan
    assert attributes["fingerprint"] == batch("toy", *PORTFOLIOS["toy"]).fingerprint
    assert len(attributes["fingerprint"]) == 64


def test_a_write_that_breaks_off_leaves_the_file_that_was_there(tmp_path: Path) -> None:
    path = tmp_path / "results.nc"
    path.write_bytes(b"whole")

    def breaks_off(temporary: Path) -> None:
        temporary.write_text("half", encoding="utf-8")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_whole(path, breaks_off)
    assert path.read_bytes() == b"whole"
    assert [each.name for each in tmp_path.iterdir()] == ["results.nc"]


# --- sums ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("town", "name"), EVERY)
def test_sectors_sum_to_totals(town: str, name: str) -> None:
    data = datasets(town)[name]
    territorial = data.emissions_co2e.where(data.perspective == TERRITORIAL, drop=True)
    total = series(town, name, "ghg_total")
    assert_allclose(territorial.sum("subsector"), total, rtol=1e-12)
    rows = table(town, name)
    by_sector = rows[rows.indicator.str.startswith("ghg:")]
    assert_allclose(by_sector.groupby("year").value.sum(), total, rtol=1e-12)
    assert len(by_sector.indicator.unique()) == 9
    for sector in by_sector.indicator.unique():
        mine = territorial.where(territorial.sector == sector.removeprefix("ghg:"), drop=True).sum("subsector")
        assert_allclose(series(town, name, sector), mine, rtol=1e-12, atol=1e-9)


@pytest.mark.parametrize(("town", "name"), EVERY)
def test_indicators_are_sums_over_gases_and_ledgers(town: str, name: str) -> None:
    data = datasets(town)[name]
    assert_allclose((data.emissions * data.gwp).sum("gas"), data.emissions_co2e, rtol=1e-12, atol=1e-9)
    fossil = data.emissions.sel(gas="co2").where(data.perspective == TERRITORIAL, drop=True).sum("subsector")
    assert_allclose(series(town, name, "fossil_co2"), fossil, rtol=1e-12)
    net = series(town, name, "ghg_total") + series(town, name, "removals")
    assert_allclose(series(town, name, "ghg_net"), net, rtol=1e-12, atol=1e-9)
    assert np.all(series(town, name, "removals") <= 0)
    assert_allclose(series(town, name, "cumulative"), np.cumsum(series(town, name, "ghg_total")), rtol=1e-12)
    official = data.emissions_official.where(data.perspective == TERRITORIAL, drop=True).sum("subsector")
    assert_allclose(series(town, name, "ghg_official"), official, rtol=1e-12)
    use = data.carrier_use.where(data.perspective == TERRITORIAL, drop=True).sum("subsector")
    for carrier in data.carrier.values:
        assert_allclose(series(town, name, f"energy:{carrier}"), use.sel(carrier=carrier), rtol=1e-12, atol=1e-12)


def test_pure_biofuel_hardly_shows_in_official_statistics() -> None:
    """HVO100 in place of diesel lowers emissions; statistics spread it over all diesel sold in the country."""
    saved = series("ostersund", "reference", "ghg_total") - series("ostersund", "biofuels", "ghg_total")
    official = series("ostersund", "reference", "ghg_official") - series("ostersund", "biofuels", "ghg_official")
    at = list(datasets("ostersund")["biofuels"].year.values).index(2030)
    assert saved[at] > 5000
    assert abs(official[at]) < 0.2 * saved[at]


def test_the_base_year_is_the_inventory() -> None:
    data = datasets("ostersund")["reference"]
    base = data.sel(year=2024)
    known = base.inventory.notnull()
    assert_allclose(base.emissions_co2e.where(known, drop=True), base.inventory.where(known, drop=True), rtol=1e-9)
    assert_allclose(float(base.inventory.sum()), 134610, atol=1)


@pytest.mark.parametrize(("town", "name"), EVERY)
def test_payments_are_capital_and_support(town: str, name: str) -> None:
    """Every krona of capital and of yearly loss is paid by a fund or stands as not funded; nothing twice."""
    data, built = datasets(town)[name], batch(town, *PORTFOLIOS[town]).built["central"]
    money = built.financing
    support = np.zeros((len(data.measure), len(data.year)))
    for stake, m in enumerate(money.stake_measure):
        support[m] += money.support[0, stake] * data.level.values.T[m]
    need = data.capital.values + support.T
    assert_allclose(data.payment.sum("fund"), need, rtol=1e-9, atol=1e-9)
    assert float(data.payment.min()) >= -1e-12
    market = np.maximum(yearly_cost(built.case)[0], 0)  # what households pay with VAT may be more
    assert np.all(support >= 0) and np.all((support > 0) <= (data.level.values.T > 0))
    if town == "toy":
        assert_allclose(support, market * data.level.values.T, atol=1e-9)


@pytest.mark.parametrize(("town", "name"), EVERY)
def test_money_in_the_summary_is_that_of_the_dataset(town: str, name: str) -> None:
    data = datasets(town)[name]
    assert_allclose(series(town, name, "investment"), data.capital.sum("measure"), rtol=1e-12, atol=1e-12)
    for fund in data.fund.values:
        paid = data.payment.sel(fund=fund).sum("measure")
        assert_allclose(series(town, name, f"payment:{fund}"), paid, rtol=1e-12, atol=1e-12)
    cost = (data.capital_charge + data.fixed_cost + data.running_cost).sum("measure")
    assert_allclose(series(town, name, "net_cost"), cost, rtol=1e-12, atol=1e-12)
    net = data.benefit.sum("measure") - cost
    assert_allclose(series(town, name, "net_benefit"), net, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("town", "name"), EVERY)
def test_charges_and_what_pots_lack_or_lose_are_those_of_the_dataset(town: str, name: str) -> None:
    data, rows = datasets(town)[name], table(town, name)
    for flow in ("charge", "overdrawn", "lapsed"):
        told = [each.partition(":")[2] for each in dict.fromkeys(rows.indicator) if each.startswith(f"{flow}:")]
        some = [str(fund) for fund in data.fund.values if np.nan_to_num(data[flow].sel(fund=fund)).max() > 1e-6]
        debts = [fund for fund in some if str(data.fund_pot.sel(fund=fund).values)]
        assert told == [fund for fund in some if flow != "lapsed" or fund not in debts]
        for fund in told:
            assert_allclose(series(town, name, f"{flow}:{fund}"), data[flow].sel(fund=fund), rtol=1e-12, atol=1e-12)


def test_an_operating_pot_that_is_short_is_told_of_in_the_summary() -> None:
    short = series("ostersund", "electrification", "overdrawn:municipal_operating").sum()
    charge = series("ostersund", "electrification", "charge:municipal_operating").sum()
    assert 0 < short < charge
    assert "overdrawn:municipal_operating" not in set(table("ostersund", "biofuels").indicator)


@pytest.mark.parametrize(("town", "name"), EVERY)
def test_shortfalls_cuts_and_idle_units_are_differences(town: str, name: str) -> None:
    data = datasets(town)[name]
    for target in data.target.values:
        value, limit = data.target_value.sel(target=target), data.target_limit.sel(target=target)
        least = str(limit.target_sense.values) == "at_least"
        over = np.where(np.isfinite(limit), np.maximum(limit - value if least else value - limit, 0), 0)
        assert_allclose(series(town, name, f"shortfall:{target}"), over, rtol=1e-12)
    idle = data.installed - data.level
    assert float(idle.min()) > -1e-4  # a projection may operate 1e-7 more than there is before it cuts
    named = set(table(town, name).indicator)
    for measure in data.measure.values:
        reported = float(np.abs(idle.sel(measure=measure)).max()) > 1e-6
        assert (f"idle:{measure}" in named) == reported, measure
        assert (f"cut:{measure}" in named) == (float(data.cut.sel(measure=measure).max()) > 1e-6), measure


# --- the summary -----------------------------------------------------------------------------------


def test_the_summary_has_all_indicators_of_the_design() -> None:
    data = datasets("toy")["toy_mix"]
    expected = {"ghg_total", "ghg_net", "ghg_official", "fossil_co2", "removals", "cumulative", "investment"}
    expected |= {"net_cost", "net_benefit", "cut:CAR", "cut:BIO", "idle:CAR", "idle:BIO"}
    expected |= {f"ghg:{name}" for name in data.sector.values[data.perspective.values == TERRITORIAL]}
    expected |= {f"energy:{name}" for name in data.carrier.values}
    expected |= {f"payment:{name}" for name in data.fund.values}
    expected |= {f"shortfall:{name}" for name in data.target.values}
    assert expected <= set(table("toy", "toy_mix").indicator)
    assert f"payment:{UNFUNDED}" in expected


@pytest.mark.parametrize("town", PORTFOLIOS)
def test_the_summary_is_tidy_one_number_a_row(town: str, tmp_path: Path) -> None:
    summary.write(datasets(town).values(), tmp_path / "summary.csv")
    with (tmp_path / "summary.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == COLUMNS
    keys = [(row["scenario"], row["future"], row["indicator"], row["year"]) for row in rows]
    assert len(set(keys)) == len(keys)
    assert {row["scenario"] for row in rows} == set(PORTFOLIOS[town])
    written = {key: float(row["value"]) for key, row in zip(keys, rows, strict=True)}
    for name in PORTFOLIOS[town]:
        for row in table(town, name).itertuples():
            shown = pytest.approx(row.value, rel=0.5 * 10 ** (1 - DIGITS), abs=NOTHING)
            assert written[name, "central", row.indicator, str(row.year)] == shown


def test_ledgers_units_and_kinds_of_number_are_told_apart() -> None:
    rows = table("ostersund", "climate_strategy").set_index("indicator")
    perspective = rows.perspective.groupby(level=0).first()
    assert perspective[["ghg_total", "fossil_co2", "ghg_official", "ghg:waste", "energy:diesel"]].eq(TERRITORIAL).all()
    assert perspective[["removals", "certificates"]].eq(REMOVALS).all()
    assert perspective[["consumption", "electricity_supply"]].eq(CONSUMPTION).all()
    assert perspective["ghg_net"] == "net"
    money = rows.index.str.match(r"investment|(payment|charge|overdrawn|lapsed):|net_cost|net_benefit")
    assert rows[money].unit.eq("MSEK_2026").all() and rows[money].price_basis.str.contains("2026").all()
    assert rows[~money].price_basis.eq("").all()
    emitted = rows.loc["ghg_total"].set_index("year").status
    assert emitted[2024] == "reconciled" and set(emitted[1:]) == {"projected"}
    assert set(rows.loc["investment"].status) == {"planned"}


def test_scenarios_with_the_same_measures_have_the_same_numbers_whatever_else_is_run() -> None:
    """The whole study at once and one scenario alone give the same bits."""
    alone = prepare("alone", "ostersund", ["mobility"], ["central"], ROOT, Faults())
    ((_, data, _),) = run(alone, 1, lambda _: None)
    together = datasets("ostersund")["mobility"]
    for variable in VARIABLES:
        assert np.array_equal(data[variable].values, together[variable].values, equal_nan=True), variable
