"""Do the figures show what the datasets hold, legibly, in both languages, and with the same bytes every time?"""

import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from matplotlib.collections import PolyCollection, QuadMesh
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle, StepPatch

from model.figures import comparison, fan, investment, pathways, payments, sectors
from model.figures.drawing import quantities
from model.figures.drawing.labels import balanced, spread, width
from model.figures.drawing.style import PAYER_COLOURS
from model.figures.drawing.texts import LANGUAGES, number, rounded
from model.figures.registry import figure_jobs
from tests.towns.drawn_town import (
    FUTURES,
    MEASURES,
    SCENARIOS,
    YEARS,
    artists,
    overlaps,
    world,
    written,
)


@pytest.fixture(scope="module")
def study() -> dict[tuple[str, str], xr.Dataset]:
    return {(scenario, future): world(scenario, future) for scenario in SCENARIOS for future in FUTURES}


@pytest.fixture(scope="module")
def shown(study: dict[tuple[str, str], xr.Dataset]) -> list[xr.Dataset]:
    return [each for (_, future), each in study.items() if future == "central"]


# --- what is drawn is what the datasets hold ----------------------------------------------------------


def test_pathways_are_the_indicators(shown):
    figure = pathways.draw(shown, "sv")
    upper, lower = figure.axes
    for axes, name in ((upper, "ghg_total"), (lower, "fossil_co2")):
        lines = [line for line in axes.lines if line.get_gid() == "path"]
        for line, data in zip(lines, shown, strict=True):
            np.testing.assert_allclose(1e3 * line.get_ydata(), data.indicator.sel(indicator_name=name))
    (history,) = artists(figure, Line2D, "history")
    np.testing.assert_allclose(1e3 * history.get_ydata(), shown[0].history.sum("sector_name"))
    (limit,) = artists(figure, Line2D, "target")
    np.testing.assert_array_equal(np.isfinite(limit.get_ydata()), YEARS >= 2030)
    for line, name in zip(artists(figure, Line2D, "published"), shown[0].pathway_name.values, strict=True):
        np.testing.assert_allclose(
            1e3 * line.get_ydata(), shown[0].pathway.sel(pathway_name=name).dropna("pathway_year")
        )


def test_stacked_areas_are_the_territorial_sectors(study):
    data = study["goal", "central"]
    figure = sectors.draw(data, "en")
    expected = data.emissions_co2e.where(data.perspective == "territorial", drop=True).groupby("sector").sum()
    areas = artists(figure, PolyCollection, "sector")
    names = [name for name in data.sector_name.values if name in expected.sector]
    for area, name in zip(areas, names, strict=True):
        corners = area.get_paths()[0].vertices
        height = [np.ptp(corners[corners[:, 0] == year, 1]) for year in YEARS]
        np.testing.assert_allclose(1e3 * np.array(height), expected.sel(sector=name), rtol=1e-9)
    (total,) = artists(figure, Line2D, "total")
    np.testing.assert_allclose(1e3 * total.get_ydata(), data.indicator.sel(indicator_name="ghg_total"))
    (removed,) = artists(figure, Line2D, "removals")
    assert 1e3 * removed.get_ydata()[-1] == pytest.approx(-30e3)
    bars = artists(figure, Rectangle, "observed")
    late = data.history.sel(history_year=[2015, 2020, 2021, 2022, 2023])
    assert 1e3 * sum(bar.get_height() for bar in bars) == pytest.approx(float(late.sum()))


def test_bars_of_the_comparison_add_up_to_the_totals(shown):
    figure = comparison.draw(shown, "sv")
    axes = figure.axes[0]
    stacks = [each for each in axes.containers if each[0].get_height() > 0.2]
    totals = 1e3 * np.array([[bar.get_width() for bar in stack] for stack in stacks]).sum(axis=0)
    expected = [float(shown[0].indicator.sel(indicator_name="ghg_total", year=2024))]
    expected += [float(data.indicator.sel(indicator_name="ghg_total", year=2030)) for data in shown]
    np.testing.assert_allclose(totals, expected)
    (thin,) = [each for each in axes.containers if each[0].get_height() < 0.2]
    assert 1e3 * thin[3].get_width() == pytest.approx(
        float(shown[2].indicator.sel(indicator_name="fossil_co2", year=2030))
    )
    marks = [1e3 * float(mark.get_xdata()[0]) for mark in artists(figure, Line2D, "official")]
    official = [float(data.indicator.sel(indicator_name="ghg_official", year=2030)) for data in shown[2:]]
    np.testing.assert_allclose(marks, official)
    for total in expected:
        assert number(total / 1e3, "sv", 1) in written(figure)


def test_investment_shows_all_capital(study):
    data = study["strategy", "central"]
    figure = investment.draw(data, "sv")
    names, table, years = investment.largest(data, "sv")
    assert len(names) == investment.SHOWN + 1
    assert (np.diff(table[:-1].sum(axis=1)) <= 0).all(), "the largest first, the others last"
    assert MEASURES[3][0] in names[:5]
    assert table.sum() == pytest.approx(float(data.capital.sum()))
    (cells,) = artists(figure, QuadMesh, "cells")
    np.testing.assert_allclose(cells.get_array().filled(0) ** 2, table[:, : investment.YEARS])
    bars = [bar.get_height() for bar in figure.axes[0].containers[0]]
    np.testing.assert_allclose(bars, data.capital.sum("measure").sel(year=years[: investment.YEARS]))
    assert rounded(float(data.capital.sum()), "sv") in written(figure)


def test_payments_are_drawn_against_the_pots(study):
    data = study["strategy", "central"]
    figure = payments.draw(data, "sv")
    order = [str(data.fund.values[fund]) for fund in payments.in_order(data)]
    assert order == ["grant", "eu", "investment", "operating", "own_household", "own_business", "unfunded"]
    paid = data.payment.sum("measure").sel(year=slice(2027, None))
    for patch, fund in zip(artists(figure, StepPatch, "paid"), order, strict=True):
        np.testing.assert_allclose(patch.get_data().values, paid.sel(fund=fund))
    for patch, fund in zip(artists(figure, StepPatch, "pot"), order[:4], strict=True):
        np.testing.assert_allclose(patch.get_data().values, data.budget.sel(fund=fund, year=slice(2027, None)))
    colours = [patch.get_facecolor()[:3] for patch in artists(figure, StepPatch, "paid")]
    kinds = ["grant", "grant", "municipal_investment", "municipal_operating", "own_money", "own_money", "not_funded"]
    assert colours == [to_rgb(PAYER_COLOURS[kind]) for kind in kinds]
    assert "Statens avtal om återvätning" in written(figure).replace("\n", " "), "pots that are not used are named"


def test_fan_spans_the_futures(study):
    futures = [each for (scenario, _), each in study.items() if scenario == "mobility"]
    figure = fan.draw(futures, "en")
    values = [float(each.indicator.sel(indicator_name="ghg_total", year=2030)) / 1e3 for each in futures]
    (span,) = artists(figure, Line2D, "difference")
    np.testing.assert_allclose(sorted(span.get_ydata()), [min(values), max(values)])
    assert f"difference {max(values) - min(values):.1f} kt" in written(figure)


# --- it can be read ------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_covers_another(study, language):
    for job in figure_jobs(study, "central", "goal", language):
        if job.name.split("_")[-1] in ("pathways", "comparison", "goal", "unlimited", "electrification"):
            assert overlaps(job.draw(*job.arguments)) == [], job.name


def test_texts_on_each_other_are_found():
    figure = Figure()
    figure.text(0.5, 0.5, "one")
    figure.text(0.52, 0.5, "other")
    figure.text(0.99, 0.1, "too far out")
    assert overlaps(figure) == ["outside: too far out", "'other' over 'one'"]


def test_labels_that_all_want_the_same_place_are_spread():
    heights = np.array([10.0, 20.0, 10.0, 10.0])
    wanted = np.array([50.0, 50.0, 50.0, 95.0])
    placed = spread(wanted, heights, 0.0, 100.0)
    edges = sorted(zip(placed - heights / 2, placed + heights / 2, strict=True))
    assert all(lower[1] <= upper[0] + 1e-9 for lower, upper in pairwise(edges))
    np.testing.assert_allclose(placed, [35.0, 50.0, 65.0, 95.0])
    assert spread(np.array([3.0]), np.array([10.0]), 0.0, 100.0)[0] == 5.0, "within the panel"


def test_lines_are_broken_evenly_and_within_the_room():
    lines = balanced("Klimatneutralt 2030 för de pengar som finns", 7, 100)
    assert len(lines) == 2
    assert max(width(line, 7) for line in lines) <= 100
    assert min(width(line, 7) for line in lines) > 60


# --- languages and numbers -----------------------------------------------------------------------------


def test_each_language_keeps_to_itself(shown):
    swedish, english = (written(pathways.draw(shown, language)) for language in LANGUAGES)
    assert "Beslutad politik" in swedish and "134,5" in swedish and "Decided" not in swedish
    assert "Decided policy" in english and "134.5" in english and "Beslutad" not in english
    for words in (swedish, english):
        assert "01234567" in words and "012345678" not in words, "first eight characters of the fingerprint"
        assert "2026" in words and "Östersund" in words


# --- other towns -----------------------------------------------------------------------------------------


def without_targets(data: xr.Dataset) -> xr.Dataset:
    return data.isel(target=slice(0, 0))


def without_history(data: xr.Dataset) -> xr.Dataset:
    return data.isel(history_year=slice(0, 0), pathway_year=slice(0, 0), pathway_name=slice(0, 0))


def target_on_the_total_in_one_year(data: xr.Dataset) -> xr.Dataset:
    only = xr.where(data.year == 2030, 90e3, np.inf) + 0 * data.target_value
    return data.assign(target_limit=only).assign_coords(target_indicator=("target", ["ghg_total"] * 2))


def targets_of_other_kinds(data: xr.Dataset) -> xr.Dataset:
    """The first is on energy, the second a budget over years."""
    return data.assign_coords(target_unit=("target", ["GWh", "t_CO2e"]), target_hold=("target", ["from", "cumulative"]))


def test_only_targets_on_yearly_emissions_are_drawn():
    data = world()
    assert quantities.target_in(data, 2030, "en").position == 0
    energy = data.assign_coords(target_unit=("target", ["GWh", "t_CO2e"]))
    assert quantities.target_in(energy, 2040, "en").position == 1
    least = data.assign_coords(target_sense=("target", ["at_least", "at_most"]))
    assert quantities.target_in(least, 2030, "en") is None
    assert quantities.target_in(targets_of_other_kinds(data), 2040, "en") is None


def few_years(data: xr.Dataset) -> xr.Dataset:
    return data.isel(year=slice(0, 7))


CHANGES = (without_targets, without_history, target_on_the_total_in_one_year, few_years, targets_of_other_kinds)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_other_towns_are_drawn_too(change):
    data = {(name, "central"): change(world(name)) for name in ("reference", "goal")}
    for job in figure_jobs(data, "central", "reference", "sv"):
        assert overlaps(job.draw(*job.arguments)) == [], job.name


def test_a_small_town_is_shown_in_tonnes():
    small = [world("reference", "central", 0.01)]
    assert "ton CO₂e" in written(pathways.draw(small, "sv"))
    assert "ton CO₂e per år" in written(comparison.draw(small, "sv"))
    assert "1\u2009345" in written(comparison.draw(small, "sv"))


def test_years_with_too_little_observed_are_left_out():
    data = world()
    data.history[2, 0] = np.nan  # half of all emissions
    data.history[3, 8] = np.nan  # next to nothing
    years, totals = quantities.observed_total(data)
    assert 2005 not in years and 2010 in years
    assert totals[list(years).index(2000)] == pytest.approx(float(data.history.sel(history_year=2000).sum()))


def test_nothing_in_the_code_knows_a_place_or_a_year():
    folder = Path(pathways.__file__).parent
    code = "\n".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.py"))
    cited = re.sub(
        r"\((?:Best and Chakravarti|Tol|Okabe and Ito)?[^()]*\d{4}[^()]*\)|Ito \(2008\)|Chakravarti 1990", "", code
    )
    assert not re.search(r"\b20[2-9]\d\b|stersund", cited)
