"""Does the roadmap show every measure that is started, once, under its area, with its times?"""

import numpy as np
import pytest
import xarray as xr
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle, StepPatch

from model.figures import roadmap
from model.figures.drawing import quantities
from model.figures.drawing.amounts import UNITS, amount
from tests.towns.analysed_town import AREAS, analysed
from tests.towns.drawn_town import YEARS, artists, overlaps, world, written


@pytest.fixture(scope="module")
def data() -> xr.Dataset:
    return analysed()


def test_the_roadmap_has_each_measure_once_under_its_area(data):
    (rows,) = roadmap.pages(data, "sv")
    assert sorted(row.measure for row in rows) == list(range(data.sizes["measure"]))
    for row in rows:
        assert quantities.areas(data, "sv")[0][row.area] == AREAS[str(data.category.values[row.measure])][0]
    areas = [row.area for row in rows]
    assert len([area for area, before in zip(areas, [-1, *areas], strict=False) if area != before]) == len(set(areas))
    figure = roadmap.draw(data, "sv")
    levels = artists(figure, StepPatch, "level")
    for row, patch in zip(rows, levels, strict=True):
        values, edges, baseline = patch.get_data()
        level = data.level.values[:, row.measure]
        runs = YEARS[level > 0]
        assert (edges[0], edges[-1]) == (runs[0] - 0.5, runs[-1] + 0.5)
        share = level[level > 0] / max(level.max(), data.installed.values[:, row.measure].max())
        expected = roadmap.THICK * (roadmap.THINNEST + (1 - roadmap.THINNEST) * share)
        np.testing.assert_allclose(values - baseline, expected)
    leads = [data.measure_lead.values[row.measure] for row in rows if data.measure_lead.values[row.measure]]
    assert [patch.get_width() for patch in artists(figure, Rectangle, "lead")] == leads
    (target,) = artists(figure, Line2D, "target")
    assert target.get_xdata()[0] == 2030
    assert amount(float(data.level.values[:, 0].max()), "charge_point", "sv") in written(figure)


def test_units_that_stand_idle_are_marked_round_those_that_operate(data):
    assert not artists(roadmap.draw(data.assign(installed=data.level), "sv"), StepPatch, "idle")
    able = data.level.copy(deep=True)
    able.values[YEARS >= 2035, 0] *= 2.0
    figure = roadmap.draw(data.assign(installed=able), "sv")
    (patch,) = artists(figure, StepPatch, "idle")
    values, edges, baseline = patch.get_data()
    assert (edges[0], edges[-1]) == (2034.5, YEARS[-1] + 0.5)
    np.testing.assert_allclose(values - baseline, roadmap.THICK)
    assert "Finns men används inte" in written(figure)


def test_the_first_year_of_decisions_stands_on_the_axis(data):
    assert "2027" in written(roadmap.draw(data, "sv")).split("\n")


def test_measures_that_are_not_started_are_not_in_the_roadmap(data):
    some = data.assign(new_units=data.new_units * (np.arange(data.sizes["measure"]) % 2))
    (rows,) = roadmap.pages(some, "en")
    assert sorted(row.measure for row in rows) == list(range(1, data.sizes["measure"], 2))
    assert not roadmap.started(world()).any()


def test_long_roadmaps_are_broken_into_pages_of_whole_areas(data, monkeypatch):
    many = data.isel(measure=np.repeat(np.arange(data.sizes["measure"]), 3))
    many = many.assign_coords(measure=[f"M{index}" for index in range(many.sizes["measure"])])
    every = roadmap.pages(many, "sv")
    assert len(every) == 2
    assert sorted(row.measure for page in every for row in page) == list(range(54))
    assert every[0][-1].area != every[1][0].area
    for page in range(2):
        figure = roadmap.draw(many, "sv", 2030, page)
        assert figure.get_size_inches()[1] * 2.54 < 24
        assert f"({page + 1} av 2)" in written(figure)
        assert overlaps(figure) == []
    monkeypatch.setattr(roadmap, "SHOWN", 50)
    kept = {row.measure for page in roadmap.pages(many, "sv") for row in page}
    paid = many.payment.sum(("year", "fund")).values
    assert len(kept) == 50 and paid[list(kept)].min() >= max(paid[index] for index in range(54) if index not in kept)
    assert "4 mindre åtgärder visas inte" in written(roadmap.draw(many, "sv"))


def test_lead_times_are_seen_from_the_levels_where_they_are_not_given(data):
    figure = roadmap.draw(data.drop_vars("measure_lead"), "sv")
    (rows,) = roadmap.pages(data, "sv")
    waited = []
    for row in rows:
        first = YEARS[data.level.values[:, row.measure] > 0][0] - YEARS[data.new_units.values[:, row.measure] > 0][0]
        waited += [first] if first > 0 else []
    assert [patch.get_width() for patch in artists(figure, Rectangle, "lead")] == waited


def test_areas_without_labels_are_called_by_their_name(data):
    bare = data.drop_vars(["category_label_sv", "category_label_en"])
    names, area = quantities.areas(bare, "sv")
    assert names[0] == "Sustainable travel" and len(names) == len(set(data.category.values))
    assert [names[index].lower().replace(" ", "_") for index in area] == list(data.category.values)
    assert "Fossil free machines" in written(roadmap.draw(bare, "sv"))


def test_amounts_are_said_with_their_units():
    assert amount(120.0, "charge_point", "sv") == "120 laddpunkter"
    assert amount(1.0, "charge_point", "sv") == "1 laddpunkt"
    assert amount(1.0, "bus", "en") == "1 bus"
    assert amount(0.67, "package", "en") == "0.7 packages"
    assert amount(4000.0, "thousand_litre", "sv") == "4\u2009000 m³"
    assert amount(3.0, "hundred_cars", "en") == "3 hundred cars"
    assert amount(0.01, "km", "sv") == "<0,1 km"
    assert all(len(words) == 4 and all(words) for words in UNITS.values())
