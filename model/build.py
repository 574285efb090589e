"""What does a municipality in a future become? Everything that scenarios, plans and results need, compiled once.

Nothing after this reads the user's tables: they are arrays here, and beside every array stands what its entries are
called. What is wrong with the tables has been noted by then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from model.inputs.columns.activities import Activity
from model.inputs.columns.emissions import Subsector
from model.inputs.columns.energy import Carrier
from model.inputs.columns.measures import Area, Department, Measure
from model.inputs.columns.money import Fund, Valuation
from model.inputs.municipality import Municipality
from model.inputs.schema import Future, MunicipalitySettings
from model.measures.staff import Staff, staff
from model.money.debts import deflator
from model.money.financing import Financing, finance
from model.projection.case import Case
from model.projection.indicators import CompiledIndicator, CompiledTarget, compile_indicators, compile_targets
from model.projection.reference_case import compile_case
from model.reference import carriers
from model.reference.published import Published, published
from model.reference.reconciliation import Reconciled
from model.vocabulary import MASS, FloatArray, money

CARBON = "co2"
"""What the value of carbon is called among the valuations."""


@dataclass(frozen=True)
class Described:
    """What the tables say of the entries of arrays, in the order of the arrays."""

    activities: tuple[Activity, ...]
    subsectors: tuple[Subsector, ...]
    carriers: tuple[Carrier, ...]
    measures: tuple[Measure, ...]
    areas: Mapping[str, Area]
    """development area of measures: what it is called, where that is said"""
    funds: tuple[Fund, ...]
    departments: tuple[Department, ...]
    """the first row of each"""


@dataclass(frozen=True)
class PreparedCase:
    """A municipality in one future, ready to be asked: nothing goes back to its tables."""

    name: str
    """its folder under `inputs/`"""
    settings: MunicipalitySettings
    case: Case
    financing: Financing
    deflator: FloatArray
    """(fund, year) what one krona of a fund's amounts is worth in money of the price year"""
    reconciled: tuple[Reconciled, ...]
    staff: Staff | None
    """None: no department's persons are counted"""
    indicators: Mapping[str, CompiledIndicator]
    targets: Mapping[str, CompiledTarget]
    """those that can be computed"""
    carbon_value: float | None
    """MSEK per t CO2e; None: the tables have none"""
    published: Published
    described: Described

    @property
    def money(self) -> str:
        """Canonical unit of money."""
        return money(self.settings.price_year)


def build(town: Municipality, future: Future) -> PreparedCase:
    """A municipality in a future, compiled; faults are noted in `town.faults`, the caller stops on them."""
    factor = carriers.factors(town, future)
    case, reconciled = compile_case(town, future, factor)
    financing = finance(town, case, carriers.energy_prices(town, future, "household", factor)[None])
    counted = staff(town, case.measures.names, case.years)
    indicators = compile_indicators(town, case)
    described = _described(town, case, financing.funds)
    return PreparedCase(
        name=town.name,
        settings=town.settings,
        case=case,
        financing=financing,
        deflator=np.array([deflator(town, row) for row in described.funds]).reshape(-1, len(case.years)),
        reconciled=reconciled,
        staff=counted if counted.departments else None,
        indicators=indicators,
        targets=compile_targets(town, case, indicators),
        carbon_value=_carbon_value(town),
        published=published(town),
        described=described,
    )


def _described(town: Municipality, case: Case, funds: tuple[str, ...]) -> Described:
    measures = {row.measure: row for row in town.rows(Measure)}
    pots = {row.fund: row for row in town.rows(Fund)}
    departments = {row.department: row for row in reversed(town.rows(Department))}
    return Described(
        activities=town.rows(Activity),
        subsectors=town.rows(Subsector),
        carriers=town.rows(Carrier),
        measures=tuple(measures[name] for name in case.measures.names),
        areas={row.category: row for row in town.rows(Area)},
        funds=tuple(pots[name] for name in funds),
        departments=tuple(departments[name] for name in dict.fromkeys(row.department for row in town.rows(Department))),
    )


def _carbon_value(town: Municipality) -> float | None:
    rows = [row for row in town.rows(Valuation) if row.item == CARBON]
    return town.convert(rows[0], f"{town.money}/{MASS}") if rows else None
