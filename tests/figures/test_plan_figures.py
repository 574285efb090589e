"""Do the figures of the gap, more money, pots, debt and the roadmap show what the dataset holds, legibly?"""

import numpy as np
import pytest
import xarray as xr
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle, StepPatch

from model.figures import debt, frontier, gap, pots, roadmap
from model.figures.drawing import payers
from model.figures.drawing.texts import LANGUAGES, number
from model.figures.registry import figure_jobs
from tests.towns.analysed_town import FIRST, INFLATION, analysed
from tests.towns.analysed_town import gap as explained
from tests.towns.drawn_town import YEARS, artists, overlaps, world, written

PLANNED = YEARS >= FIRST


@pytest.fixture(scope="module")
def data() -> xr.Dataset:
    return analysed()


@pytest.fixture(scope="module")
def shown(data) -> list[xr.Dataset]:
    return [world(), data, analysed("unlimited").assign_attrs(kind="goal")]


def bars(figure: Figure) -> list[tuple[float, float]]:
    """Left and right ends in t of the bars of the gap, from the top."""
    found = sorted(artists(figure, Rectangle, "part"), key=lambda bar: bar.get_y())
    return [(1e3 * bar.get_x(), 1e3 * (bar.get_x() + bar.get_width())) for bar in found]


# --- gap ---------------------------------------------------------------------------------------------


def test_bars_of_the_gap_lead_from_the_plan_to_the_target(data):
    figure = gap.draw(data.assign_attrs(gap_tolerance=1.0), "sv")
    ends = bars(figure)
    sizes = [120.0, *data.gap_lifted.values, data.attrs["gap_rest"]]
    np.testing.assert_allclose([begin - end for begin, end in ends], sizes)
    assert ends[0][0] == pytest.approx(data.attrs["gap_plan"])
    assert ends[-1][1] == pytest.approx(data.attrs["gap_limit"], abs=1e-6)
    np.testing.assert_allclose([begin for begin, _ in ends[1:]], [end for _, end in ends[:-1]], atol=1e-6)
    for value in [*sizes, *data.gap_shapley.values, data.attrs["gap_plan"]]:
        assert number(value / 1e3, "sv", 1) in written(figure).split("\n"), value


def test_a_limit_whose_lifting_makes_it_worse_is_hatched_and_goes_up(data):
    (upward,) = [bar for bar in artists(gap.draw(data, "en"), Rectangle, "part") if bar.get_width() > 0]
    assert 1e3 * upward.get_width() == pytest.approx(900.0)
    assert upward.get_hatch()


def test_bars_smaller_than_the_solver_gap_are_one_bar_with_their_names(data):
    small = explained(data, lifted=(4e3, 100.0, -50.0, 12e3))
    assert gap.SMALL_PART not in [part.kind for part in gap.parts(small, "sv")[1:4]]  # large in other orders
    small = small.assign(gap_shapley=small.gap_lifted)
    found = gap.parts(small, "sv")
    assert [part.kind for part in found] == [gap.LIFTED, gap.LIFTED, gap.SMALL_PART, gap.REST]
    merged = found[2]
    assert merged.meaning == "Planen själv, tempo, potential"
    assert merged.size == pytest.approx(120.0 + 100.0 - 50.0)
    assert merged.shapley == pytest.approx(float(small.gap_shapley[1:3].sum()))
    total = sum(part.size for part in found)
    assert total == pytest.approx(small.attrs["gap_plan"] - small.attrs["gap_limit"])
    assert [part.kind for part in gap.parts(data.assign_attrs(gap_tolerance=1.0), "sv")].count(gap.SMALL_PART) == 0


def test_a_plan_that_meets_its_target_has_no_gap(data):
    none = data.assign(gap_lifted=data.gap_lifted * 0, gap_shapley=data.gap_shapley * 0).assign_attrs(
        gap_plan=0.0, gap_least=0.0, gap_rest=0.0
    )
    (merged,) = gap.parts(none, "en")
    assert merged.size == 0
    assert "The plan meets the target" in written(gap.draw(none, "en"))


# --- frontier ----------------------------------------------------------------------------------------


def test_curves_are_those_of_the_sweep(data, shown):
    figure = frontier.draw(data, shown, "sv")
    for kind in ("relaxed", "fixed"):
        (line,) = artists(figure, Line2D, f"sweep_{kind}")
        np.testing.assert_allclose(line.get_xdata(), data.sweep_budget)
        np.testing.assert_allclose(1e3 * line.get_ydata(), data[f"sweep_{kind}"])
        (line,) = artists(figure, Line2D, f"trade_{kind}")
        np.testing.assert_allclose(line.get_xdata(), data[f"trade_{kind}"])
        np.testing.assert_allclose(line.get_ydata(), data.trade_emissions)
    (whole,) = artists(figure, Line2D, "whole")
    np.testing.assert_allclose(1e3 * whole.get_ydata(), data.sweep_whole)
    (bounds,) = artists(figure, LineCollection, "bound")
    ends = 1e3 * np.array([segment[:, 1] for segment in bounds.get_segments()])
    np.testing.assert_allclose(ends, np.array([data.sweep_whole_bound, data.sweep_whole]).T)


def test_scenarios_stand_at_their_budget_if_their_money_is_limited(data, shown):
    points = artists(frontier.draw(data, shown, "sv"), Line2D, "scenario")
    for point, of in zip(points, shown[1:], strict=True):
        assert point.get_xdata()[0] == 100.0
        assert 1e3 * point.get_ydata()[0] == pytest.approx(float(of.target_value.sel(target="fossil", year=2030)))
    overspent = shown[2].copy(deep=True)
    overspent.payment[5, 0, -1] = 10.0
    unlimited, unknown = shown[1].copy(deep=True), shown[1].copy(deep=True)
    unlimited.budget[:] = np.inf
    unknown.budget[:] = np.nan
    assert frontier.optimised(data, [shown[0], overspent, unlimited, unknown], "sv") == []


def test_a_target_is_drawn_when_near_and_said_when_far(data, shown):
    far = frontier.draw(data, shown, "en")
    assert not artists(far, Line2D, "target")
    words = written(far).replace("\n", " ")
    assert "The target is at most 0.0 kt" in words and "does not begin at zero" in words
    near = frontier.draw(data.assign(target_limit=data.target_limit + 55e3), shown, "en")
    (limit,) = artists(near, Line2D, "target")
    assert limit.get_ydata()[0] == pytest.approx(55.0)
    assert "Target: at most 55.0" in written(near)


def test_curves_that_were_not_computed_are_left_out(data, shown):
    bare = data.drop_vars(["sweep_fixed", "sweep_whole", "trade_emissions", "trade_relaxed", "trade_fixed"])
    figure = frontier.draw(bare, shown, "sv")
    assert len(figure.axes) == 1
    assert artists(figure, Line2D, "sweep_relaxed") and not artists(figure, Line2D, "whole")


# --- pots --------------------------------------------------------------------------------------------


def test_stacks_are_the_uses_of_pots_and_outlines_what_is_available(data):
    figure = pots.draw(data, "sv")
    everything, *panels = figure.axes
    total = sum(patch.get_data().values - patch.get_data().baseline for patch in artists(everything, StepPatch, "used"))
    np.testing.assert_allclose(total, data.payment.sum(("measure", "fund"))[PLANNED])
    order = [str(data.fund.values[fund]) for fund in pots.in_order(data)]
    assert order == ["investment", "operating", "bond"], "not grants, nor owners' own money"
    for axes, fund in zip(panels, order, strict=True):
        of = data.sel(fund=fund)
        used = [patch.get_data() for patch in artists(axes, StepPatch, "used")]
        height = sum(each.values - each.baseline for each in used)
        np.testing.assert_allclose(height, (of.payment.sum("measure") + of.charge)[PLANNED])
        carried = np.append(0.0, of.waiting.values[:-1]) / (1 + INFLATION)
        (outline,) = artists(axes, StepPatch, "available")
        np.testing.assert_allclose(outline.get_data().values, (of.budget.values + carried)[PLANNED])
    hatches = [[patch.get_hatch() for patch in artists(axes, StepPatch, "used")] for axes in panels]
    charge, short = payers.CHARGE["hatch"], payers.HATCHES["not_funded"]
    assert [each.count(charge) for each in hatches] == [0, 1, 0], "the charge, in the pot that carries it"
    lacking = [float(data.overdrawn.sel(fund=fund).sum()) > 0.05 for fund in order]
    assert [bool(each.count(short)) for each in hatches] == lacking and any(lacking)


def test_small_areas_are_one_row(data):
    rows, names, rest = pots.largest(data, pots.in_order(data), "sv")
    paid = data.payment.sel(fund=["investment", "operating", "bond"]).sum(("year", "fund")).values
    assert (len(names), rest) == (5, 0)
    many = data.assign_coords(category=("measure", [f"area_{index % 9}" for index in range(len(paid))]))
    rows, names, rest = pots.largest(many, pots.in_order(many), "sv")
    totals = np.bincount(rows, weights=paid)
    assert (len(names), rest) == (pots.AREAS, 5)
    assert totals.sum() == pytest.approx(paid.sum()) and (np.diff(totals[:-1]) <= 0).all()


def test_unlimited_pots_have_no_outline_and_other_pots_are_shown_where_the_municipality_has_none(data):
    free = data.copy(deep=True)
    for name in ("budget", "waiting"):
        free[name][:, list(free.fund.values).index("investment")] = np.inf
    figure = pots.draw(free, "sv")
    assert [len(artists(axes, StepPatch, "available")) for axes in figure.axes] == [0, 0, 1, 1]
    assert "utan gräns" in written(figure)
    others = data.assign_coords(fund_kind=("fund", ["own", "own", "grant", *["public"] * 5, "unfunded"]))
    others = others.assign(charge=others.charge * 0)
    names = [str(others.fund.values[fund]) for fund in pots.in_order(others)]
    assert names == ["grant", "eu", "investment", "operating", "bond"]
    assert overlaps(pots.draw(others, "sv")) == []


# --- debt --------------------------------------------------------------------------------------------


def test_debt_is_drawn_under_its_ceiling(data):
    figure = debt.draw(data, "sv")
    owed, service = (axes for axes in figure.axes)
    for axes, name in ((owed, "debt"), (service, "debt_service")):
        (patch,) = artists(axes, StepPatch, "owed")
        np.testing.assert_allclose(patch.get_data().values, data[name].sel(fund="bond")[PLANNED])
    (ceiling,) = artists(owed, StepPatch, "ceiling")
    assert set(ceiling.get_data().values) == {150.0}
    assert not artists(service, StepPatch, "ceiling") and "Inget tak är satt." in written(figure)
    share = number(100 * float(data.debt.sel(fund="bond").max()) / 150.0, "sv")
    assert f"Som mest {share}\u2009% av skuldtaket på 150 MSEK" in written(figure)


# --- all of them -------------------------------------------------------------------------------------


def few_years(data: xr.Dataset) -> xr.Dataset:
    return data.isel(year=slice(0, 8))


def small(data: xr.Dataset) -> xr.Dataset:
    return analysed(scale=0.01)


def target_below_zero(data: xr.Dataset) -> xr.Dataset:
    below = data.assign_attrs(gap_limit=-20e3, gap_rest=data.attrs["gap_rest"] + 20e3)
    return below.assign(target_limit=below.target_limit - 20e3)


def two_debts(data: xr.Dataset) -> xr.Dataset:
    other = data.copy(deep=True)
    for name in ("debt", "debt_service", "debt_ceiling", "service_ceiling"):
        other[name][:, 2] = other[name].sel(fund="bond")
    return other.assign_coords(fund_kind=("fund", [*data.fund_kind.values[:2], "loan", *data.fund_kind.values[3:]]))


def as_it_is(data: xr.Dataset) -> xr.Dataset:
    return data


@pytest.mark.parametrize("change", [as_it_is, few_years, small, target_below_zero, two_debts],
                         ids=lambda change: change.__name__)  # fmt: skip
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_covers_another(data, language, change):
    changed = change(data)
    for draw in (gap.draw, pots.draw, debt.draw, roadmap.draw):
        assert overlaps(draw(changed, language, 2030)) == [], draw.__module__
    assert overlaps(frontier.draw(changed, [world(), changed], language)) == []


def test_bytes_are_the_same_twice(data, tmp_path):
    study = {("reference", "central"): world(), ("goal", "central"): data}
    new = ("gap", "frontier", "pots", "debt", "roadmap")
    jobs = [job for job in figure_jobs(study, "central", "reference", "sv") if job.name.split("_")[0] in new]
    assert len(jobs) == len(new)
    for job in jobs:
        for one, other in zip(job.write(tmp_path / "one"), job.write(tmp_path / "other"), strict=True):
            assert one.read_bytes() == other.read_bytes(), one.name
