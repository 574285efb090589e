"""Which targets and goals can hardly be meant? Those that ask for nothing, and values of carbon beyond all others."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from model.build import CARBON
from model.doubts.register import Known, doubt
from model.inputs.columns.emissions import Target
from model.inputs.columns.money import Valuation
from model.inputs.doubt import Doubt
from model.inputs.schema import Goal
from model.vocabulary import MASS

DEAR_CARBON = 0.1
"""MSEK per t, which is 100 SEK per kg."""


@doubt
def target_in_no_year(known: Known) -> Iterator[Doubt]:
    """A target that holds in no year that is computed."""
    for row in known.town.rows(Target):
        found = [each.targets[row.target] for each in known.cases if row.target in each.targets]
        if found and not any(np.any(np.isfinite(each.limit)) for each in found):
            settings = known.town.settings
            yield Doubt(
                known.town.place(row, "year"),
                f"target '{row.target}' for {row.year}, which is not computed",
                f"a year from {settings.base_year} to {settings.last_year}",
                f"Mend it, or 'last_year' in inputs/{known.town.name}/municipality.yaml",
            )


@doubt
def cheapest_of_nothing(known: Known) -> Iterator[Doubt]:
    """A goal of least cost without targets: the cheapest plan is none."""
    for scenario in known.scenarios.values():
        goal = scenario.content
        if isinstance(goal, Goal) and goal.objective == "least_cost" and not (goal.targets or goal.require):
            yield Doubt(
                scenario.place("objective"),
                "'least_cost' without targets: nothing costs least",
                "at least one target",
                "Name what shall be reached under 'targets'",
            )


@doubt
def unlikely_carbon_value(known: Known) -> Iterator[Doubt]:
    """A value of carbon of more than 100 SEK/kg, in a table or a goal."""
    town = known.town
    values = [
        (town.place(row, "value"), town.convert(row, f"{town.money}/{MASS}"))
        for row in town.rows(Valuation)
        if row.item == CARBON
    ]
    values += [
        (scenario.place("carbon_value"), scenario.carbon_value)
        for scenario in known.scenarios.values()
        if scenario.carbon_value is not None
    ]
    for place, value in values:
        if value > DEAR_CARBON:
            yield Doubt(
                place,
                f"a tonne avoided that is worth {value:g} MSEK",
                f"at most {DEAR_CARBON:g} MSEK, which is {1000 * DEAR_CARBON:g} SEK/kg",
                "Check value and unit",
            )
