"""Does anything go back to the user's tables once a municipality has been built?"""

from __future__ import annotations

from typing import Any, NoReturn

import pytest
import xarray as xr

from model.analyses.question import Questions, questions
from model.inputs import units
from model.inputs.municipality import Municipality
from model.studies import study
from model.studies.study import Batch, run
from tests.towns.shipped import batch

PORTFOLIOS = ("toy_reference", "toy_mix")
GOALS = ("toy_fossil_free", "toy_cheapest")
DOORS = ("rows", "place", "convert", "series", "parameter", "population", "on_path")
"""Every way to the tables."""
FEW = {"frontier": {"points": 3, "whole_points": 1}, "alternatives": {"number": 1}}
"""Options that make it quick."""


def results(ready: Batch, wanted: Questions | None = None) -> dict[str, xr.Dataset]:
    asked = dict.fromkeys(ready.keys, wanted) if wanted else {}
    return {name: data for (name, _), data, _ in run(ready, 1, lambda _: None, asked)}


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tables shut, and amounts with units not read any more; national policy is built as another future before."""

    def shut(*_: Any, **__: Any) -> NoReturn:
        raise AssertionError("something went back to the tables")

    for name in DOORS:
        monkeypatch.setattr(Municipality, name, shut)
    monkeypatch.setattr(units, "factor", shut)
    monkeypatch.setattr(study, "strongest_mandate", lambda _, future: future.mandate)


@pytest.mark.parametrize("names", [PORTFOLIOS, GOALS])
def test_from_a_scenario_to_its_dataset_nothing_reads_the_tables(
    names: tuple[str, ...], request: pytest.FixtureRequest
) -> None:
    ready = batch("toy", *names)
    open_results = results(ready)
    request.getfixturevalue("closed")
    for name, data in results(ready).items():
        xr.testing.assert_identical(data, open_results[name])


def test_nor_does_anything_that_is_asked_of_a_plan(request: pytest.FixtureRequest) -> None:
    ready = batch("toy", "toy_fossil_free")
    every = {name: each.options.model_validate(FEW.get(name, {})) for name, each in questions().items()}
    request.getfixturevalue("closed")
    data = results(ready, every)["toy_fossil_free"]
    assert {"gap_shapley", "sweep_relaxed", "use", "price_fixed"} <= set(data)


def test_funds_pay_as_if_each_portfolio_were_alone() -> None:
    together = results(batch("toy", "toy_mix", "toy_reference"))
    for name, data in together.items():
        xr.testing.assert_equal(data, results(batch("toy", name))[name])
