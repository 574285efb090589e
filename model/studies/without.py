"""What would a portfolio be without one of its measures? The same decisions but for one measure, side by side."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import xarray as xr

from model.inputs.faults import Faults
from model.inputs.schema import Portfolio
from model.scenarios.checked import CheckedScenario
from model.studies.study import prepare, run

Pair = tuple[xr.Dataset, xr.Dataset]


def with_and_without(measure: str, portfolios: dict[str, str], town: str, future: str, root: Path) -> dict[str, Pair]:
    """Results of each portfolio that has the measure, with it and without it, by the portfolio's name.

    `portfolios` gives the name or file of each. Only the measure is left out: nothing takes its place, and what needs
    it is cut.
    """
    wanted = list(portfolios.values())
    batch = prepare("with and without", town, wanted, [future], root, Faults())
    scenarios: dict[str, CheckedScenario] = {}
    for (name, _), scenario in zip(portfolios.items(), batch.scenarios.values(), strict=True):
        content = scenario.content
        if isinstance(content, Portfolio) and has(content, measure):
            scenarios[name] = replace(scenario, name=name)
            scenarios[f"-{name}"] = without(replace(scenario, name=f"-{name}"), measure)
    if not scenarios:
        return {}
    data = {name: each for (name, _), each, _ in run(replace(batch, scenarios=scenarios), 1, lambda _: None)}
    return {name: (data[name], data[f"-{name}"]) for name in portfolios if name in data}


def has(portfolio: Portfolio, measure: str) -> bool:
    """Whether a measure is in a portfolio."""
    return measure in (portfolio.found.new_units if portfolio.found else portfolio.levels)


def without(scenario: CheckedScenario, measure: str) -> CheckedScenario:
    """A portfolio without one of its measures."""
    portfolio = scenario.content
    levels = {name: typed for name, typed in scenario.levels.items() if name != measure}
    if not isinstance(portfolio, Portfolio) or portfolio.found is None:
        return replace(scenario, levels=levels)
    parts = {
        part: {name: value for name, value in getattr(portfolio.found, part).items() if name != measure}
        for part in ("new_units", "levels", "payments")
    }
    found = portfolio.found.model_copy(update=parts)
    return replace(scenario, content=portfolio.model_copy(update={"found": found}), levels=levels)
