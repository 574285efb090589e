"""What does a scenario ask for, once its amounts are read? Numbers in canonical units, nothing to read again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from model.build import PreparedCase
from model.inputs.reading.constraint_files import Constraint
from model.money.financing import Financing
from model.scenarios.amounts import Level
from model.scenarios.files import Scenario
from model.vocabulary import FloatArray


@dataclass(frozen=True)
class TypedLevels:
    """Levels of a measure as they were typed in."""

    points: Mapping[int, Level]
    """by year"""
    shape: str | None = None
    """of the way from one to the next; None: a step for whole units, else a straight line"""


@dataclass(frozen=True)
class CheckedScenario(Scenario):
    """A scenario that makes sense for a municipality, its amounts read."""

    levels: Mapping[str, TypedLevels] = field(default_factory=dict)
    """by measure"""
    budgets: Mapping[str, float] = field(default_factory=dict)
    """fund: MSEK a year, real or nominal as the fund says"""
    lifts: Mapping[str, float] = field(default_factory=dict)
    """loan or bond: MSEK a year by which it lifts the ceiling of its pot"""
    carbon_value: float | None = None
    """MSEK per t CO2e; None: that of the valuations"""
    constraints: tuple[Constraint, ...] = ()
    """the user's own"""
    starts: tuple[CheckedScenario, ...] = ()
    """goals with less money whose plans are found first"""


def with_money(scenario: CheckedScenario, prepared: PreparedCase) -> Financing:
    """Financing with a scenario's own yearly amounts and lifts, each real or nominal as its fund says."""
    financing = prepared.financing.with_budgets(_yearly(scenario.budgets, prepared))
    return financing.with_lifts(_yearly(scenario.lifts, prepared)) if scenario.lifts else financing


def _yearly(amounts: Mapping[str, float], prepared: PreparedCase) -> dict[str, FloatArray]:
    """Yearly amounts by fund, (year,) in MSEK real."""
    case, funds = prepared.case, prepared.financing.funds
    begun = case.years >= case.first_decision_year  # nothing is saved up before anything can be decided
    return {fund: prepared.deflator[funds.index(fund)] * value * begun for fund, value in amounts.items()}
