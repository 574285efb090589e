"""Is a plan the best where pools are drawn on, and is money priced by what it does there? By hand."""

from __future__ import annotations

import pytest

from model.analyses.shadow_prices import shadow_prices
from model.optimiser.search import Search
from tests.towns.money_town import FIRST
from tests.towns.pencil_town import pencil_plan


def test_what_would_have_been_walked_anyway_is_not_made_electric() -> None:
    there = pencil_plan()
    assert there.emitted[-1] == pytest.approx(112, abs=1e-3)
    assert there.operating("walk")[-1] == pytest.approx(50)
    assert there.started("filter")[-1] == pytest.approx(40, abs=1e-4)
    assert there.started("convert")[-1] == pytest.approx(0, abs=1e-4)
    stage = there.plan.stages[0]
    assert stage.value == pytest.approx(0.112, abs=1e-6)
    assert stage.bound is None or stage.bound <= 0.112 + 1e-6


def test_one_more_to_spend_saves_what_the_kiln_saves() -> None:
    assert pencil_plan(41).emitted[-1] == pytest.approx(112 - 0.95, abs=1e-3)
    there = pencil_plan()
    (row,) = [each for each in shadow_prices(Search(there.problem), there.plan).rows if each.limit == "pot"]
    assert (row.of, row.year, row.unit) == ("pot", FIRST, "t per MSEK")
    assert (row.fixed, row.relaxed) == pytest.approx((0.95, 0.95), rel=1e-6)


def test_without_anything_to_filter_journeys_made_electric_save_half_of_their_emissions() -> None:
    """All 40 MSEK go to cars: 60 * (1 - 50 / 100) + 100; the last of them saves half a tonne."""
    there = pencil_plan(exclude=["filter"])
    assert there.emitted[-1] == pytest.approx(130, abs=1e-3)
    (row,) = [each for each in shadow_prices(Search(there.problem), there.plan).rows if each.limit == "pot"]
    assert (row.fixed, row.relaxed) == pytest.approx((0.5, 0.5), rel=1e-6)
