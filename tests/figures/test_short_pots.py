"""Do figures of money say what pots are short of, what is hardly used, and why budgets fall?"""

import numpy as np
import pytest
import xarray as xr
from matplotlib.colors import to_rgb
from matplotlib.patches import StepPatch

from model.figures import debt, payments, pots
from model.figures.drawing.style import PAYER_COLOURS
from model.figures.drawing.texts import rounded
from tests.towns.analysed_town import FIRST, analysed
from tests.towns.drawn_town import YEARS, artists, overlaps, written

PLANNED = YEARS >= FIRST


@pytest.fixture(scope="module")
def data() -> xr.Dataset:
    return analysed()


def short_of_charges(data: xr.Dataset) -> xr.Dataset:
    """The operating pot has 5 MSEK a year, less than its charge comes to."""
    place = list(data.fund.values).index("operating")
    less = data.copy(deep=True)
    less.payment[:, :, place] = 0.0
    less.budget[:, place] = np.where(PLANNED, 2.0, 0.0)
    left = less.budget.values[:, place] - less.charge.values[:, place]
    less.overdrawn[:, place], less.lapsed[:, place] = np.maximum(-left, 0.0), np.maximum(left, 0.0)
    return less


SAID = {
    "sv": "kapitalkostnad ofinansierat i ”Kommunens driftbudget",
    "en": "of capital charges are not funded in “Municipal operating",
}


@pytest.mark.parametrize(("language", "words"), SAID.items())
def test_a_pot_that_cannot_carry_its_charge_is_said_to_be_short_in_both_figures(data, language, words):
    less = short_of_charges(data)
    missing = float(less.overdrawn.sel(fund="operating").sum())
    assert missing > 1
    for draw in (payments.draw, pots.draw):
        figure = draw(less, language)
        assert words in written(figure).replace("\n", " "), draw.__module__
        assert rounded(missing, language) in written(figure)
        assert overlaps(figure) == []
    short = [patch.get_data() for patch in artists(payments.draw(less, language), StepPatch, "paid")
             if patch.get_facecolor()[:3] == to_rgb(PAYER_COLOURS["not_funded"])]  # fmt: skip
    heights = [float((each.values - each.baseline).sum()) for each in short]
    lacking = [float(each) for each in less.overdrawn.sum("year") if each > 0.05]
    assert sorted(heights) == pytest.approx(sorted(lacking))


def test_a_pot_that_is_hardly_used_has_no_panel_but_is_told_with_its_amount(data):
    little = data.copy(deep=True)
    place = list(data.fund.values).index("bond")
    little.payment[:, :, place] *= 0.001
    little.debt[:, place] *= 0.001
    little.overdrawn[:, place] = 0.0
    assert debt.funds(little) == [] and debt.funds(data) == [place]
    spent = float(little.payment[:, :, place].sum())
    for draw, order in ((payments.draw, payments.in_order), (pots.draw, pots.in_order)):
        assert place not in order(little)
        assert f"Gröna obligationer ({rounded(spent, 'sv')})" in written(draw(little, "sv")).replace("\n", " ")


def test_budgets_that_fall_with_the_value_of_money_are_explained(data):
    nominal = data.assign_coords(fund_basis=("fund", ["nominal"] * data.sizes["fund"]))
    for draw in (payments.draw, pots.draw):
        assert "köper mindre när priserna stiger" in written(draw(nominal, "sv")).replace("\n", " ")
        assert "när priserna stiger" not in written(draw(data, "sv")).replace("\n", " ")
