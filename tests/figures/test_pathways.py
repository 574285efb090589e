"""Are pathways listed in the order of the year they are compared in, beside what has been observed and why it rose?"""

import numpy as np
import pytest
import xarray as xr
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from model.figures import fan, pathways, sectors
from model.figures.drawing.labels import width
from model.figures.drawing.style import BODY
from model.figures.drawing.texts import LANGUAGES
from tests.towns.drawn_town import SCENARIOS, artists, overlaps, world, written

NOTE = {"sv": "Steget upp: plikten sänktes.", "en": "The step up: the duty was cut."}
OBSERVED = {1990: 250e3, 2015: 140e3, 2020: 90e3}


@pytest.fixture(scope="module")
def shown() -> list[xr.Dataset]:
    return [observed(world(name)) for name in SCENARIOS]


def observed(data: xr.Dataset) -> xr.Dataset:
    """With what has been seen of the first indicator by itself, and what the municipality says of it."""
    years = list(OBSERVED)
    history = np.full((len(years), data.sizes["indicator_name"]), np.nan)
    history[:, 0] = list(OBSERVED.values())
    told = data.assign(indicator_history=(("indicator_history_year", "indicator_name"), history)).assign_coords(
        indicator_history_year=years,
        indicator_history_vintage=("indicator_name", ["april_2024", *[""] * (data.sizes["indicator_name"] - 1)]),
    )
    return told.assign_attrs({f"history_note_{language}": note for language, note in NOTE.items()})


def listed(figure: Figure) -> list[list[str]]:
    """Words beside each panel from the top down, without their numbers."""
    found = []
    for axes in figure.axes:
        beside = [each for each in axes.texts if each.get_transform() == axes.transAxes and each.get_ha() == "left"]
        beside.sort(key=lambda each: -each.get_position()[1])
        found.append([each.get_text().replace("\n", " ") for each in beside])
    return found


def test_lines_are_listed_by_their_values_in_the_comparison_year(shown):
    upper, lower = listed(pathways.draw(shown, "en", 2030))
    values = {SCENARIOS[name][1]: float(each.indicator.sel(indicator_name="ghg_total", year=2030))
              for name, each in zip(SCENARIOS, shown, strict=True)}  # fmt: skip
    assert [words for words in upper if words in values] == sorted(values, key=values.__getitem__, reverse=True)
    place = dict(zip(shown[0].pathway_label_en.values, (77e3, 184e3 * 0.91**12), strict=True))
    assert upper == sorted(values | place, key=(values | place).__getitem__, reverse=True)
    assert lower[-1].startswith("Target: "), "the limit, which is below all of them"
    at_2040 = listed(pathways.draw(shown, "en", 2040))[0]
    assert sorted(at_2040) == sorted(upper)


def test_what_has_been_observed_of_the_limited_indicator_is_drawn_as_far_back_as_the_model_goes_ahead(shown):
    histories = artists(pathways.draw(shown, "sv"), Line2D, "history")
    assert len(histories) == 2
    np.testing.assert_array_equal(histories[1].get_xdata(), [2015, 2020])
    np.testing.assert_allclose(1e3 * histories[1].get_ydata(), [140e3, 90e3])
    assert "Fossil koldioxid: utgåvan april 2024." in written(pathways.draw(shown, "sv")).replace("\n", " ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_municipality_explains_its_history_in_every_figure_that_shows_it(shown, language):
    for figure in (pathways.draw(shown, language), sectors.draw(shown[0], language), fan.draw(shown[:2], language)):
        assert NOTE[language] in written(figure).replace("\n", " ")
        assert overlaps(figure) == []
    assert NOTE[language] not in written(pathways.draw([world()], language)).replace("\n", " ")


def test_columns_of_numbers_are_as_wide_as_their_numbers():
    deep = world("goal")
    for name in ("removals", "ghg_net"):
        deep.indicator.loc[{"indicator_name": name, "year": range(2035, 2046)}] -= 2_345_678.9
    figure = sectors.draw(deep, "sv")
    assert overlaps(figure) == []
    assert sectors._column([np.array([-2_345.7])], sectors.Scale(1e3, "kt", 1), "sv") > width(
        "−2\u2009345,7", BODY, True
    )


def test_sectors_show_what_the_target_limits(shown):
    figure = sectors.draw(shown[5], "sv", 2030)
    (line,) = artists(figure, Line2D, "limited")
    np.testing.assert_allclose(1e3 * line.get_ydata(), shown[5].indicator.sel(indicator_name="fossil_co2"))
    assert "Fossil koldioxid, som målet gäller, går till" in written(figure).replace("\n", " ")
    net = shown[5].assign_coords(target_indicator=("target", ["ghg_net", "ghg_net"]))
    assert not artists(sectors.draw(net, "sv"), Line2D, "limited"), "the net is drawn as such"
