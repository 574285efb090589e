"""What came out? One labelled dataset per scenario and future; every figure and table is a function of it.

Variables, dimensions and units are listed in `docs/results.md`. Files are written under a temporary name and
renamed, so that there is either the whole file or none.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import xarray as xr

from model.batch import entry
from model.build import PreparedCase
from model.inputs.columns.emissions import Target
from model.inputs.columns.measures import Department
from model.inputs.municipality import Municipality
from model.inputs.schema import Title
from model.measures.staff import PERSON
from model.money.economics import capital_charge
from model.money.financing import Financing
from model.money.pots import keep_accounts
from model.outputs.coordinates import coordinates, inventory, reconciled, targets
from model.outputs.published import published
from model.outputs.variables import LONG_NAMES
from model.projection.indicators import (
    compiled,
    indicators,
    quantity_of,
    series,
)
from model.projection.replay import Outcome, co2_equivalents, emissions, installed
from model.scenarios.portfolio import Decision
from model.vocabulary import EMISSIONS, ENERGY, QUANTITIES, UNFUNDED, FloatArray


@dataclass(frozen=True)
class Run:
    """A projected scenario, ready to be labelled; arrays have batch length 1."""

    scenario: str
    future: str
    kind: str
    """portfolio or goal"""
    title: Title
    future_title: Title
    decision: Decision
    outcome: Outcome
    payment: FloatArray
    """(measure, fund + 1, year) MSEK"""
    financing: Financing
    """with the budgets of the scenario"""
    attributes: dict[str, Any] = field(default_factory=dict)
    """fingerprint, solver, bound, gap, difference and the like"""


def dataset(town: Municipality, built: PreparedCase, run: Run) -> xr.Dataset:
    """The results of a run, labelled, with units and sources of meaning in attributes."""
    case, outcome, measures = built.case, run.outcome, built.case.measures
    tonnes = emissions(case, outcome.activity, outcome.flow)[0]
    official = emissions(case, outcome.activity, outcome.flow, official=True)[0]
    level = np.zeros(run.decision.new_units.shape[1:])
    np.add.at(level, measures.mode_measure, outcome.level[0])
    new_units = run.decision.new_units[0]
    money = town.money
    funds = (*run.financing.funds, UNFUNDED)
    sums = {
        name: series(compiled(town, case, name), official if accounting == "official" else tonnes,
                     outcome.activity[0], outcome.flow[0])
        for name, accounting in indicators(town).items()
    }  # fmt: skip
    values, limits, shortfall, names = targets(town, built, sums)
    rows = {row.target: row for row in town.rows(Target)}
    target_units = {QUANTITIES[quantity_of(town, rows[name].indicator)] for name in names} or {EMISSIONS}
    target_unit = target_units.pop() if len(target_units) == 1 else "target's own unit"
    variables = {
        "activity_level": (("year", "activity"), outcome.activity[0].T, "activity's own unit"),
        "emissions": (("year", "subsector", "gas"), np.moveaxis(tonnes, -1, 0), "t of gas"),
        "emissions_co2e": (("year", "subsector"), co2_equivalents(case, tonnes[None])[0].T, EMISSIONS),
        "emissions_official": (("year", "subsector"), co2_equivalents(case, official[None])[0].T, EMISSIONS),
        "inventory": (("year", "subsector"), inventory(built), EMISSIONS),
        "modelled": (("subsector",), reconciled(built, "modelled"), EMISSIONS),
        "reconciliation_factor": (("subsector",), reconciled(built, "factor"), "1"),
        "level": (("year", "measure"), level.T, "measure's own unit"),
        "new_units": (("year", "measure"), new_units.T, "measure's own unit"),
        "installed": (("year", "measure"), installed(measures, new_units[None])[0].T, "measure's own unit"),
        "cut": (("year", "measure"), np.maximum(run.decision.requested[0] - level, 0.0).T, "measure's own unit"),
        "payment": (("year", "measure", "fund"), np.moveaxis(run.payment, -1, 0), money),
        **{name: (("year", "fund"), values.T, money) for name, values in _pots(run).items()},
        "carrier_use": (("year", "subsector", "carrier"), _carrier_use(built, outcome.flow[0]), ENERGY),
        "capital": (("year", "measure"), (measures.capital[0] * new_units).T, money),
        "capital_charge": (
            ("year", "measure"),
            capital_charge(measures, new_units[None], case.social_rate)[0].T,
            money,
        ),
        "fixed_cost": (("year", "measure"), (measures.fixed_cost[0] * level).T, money),
        "running_cost": (("year", "measure"), outcome.running_cost[0].T, money),
        "benefit": (("year", "measure"), (outcome.benefit[0] + measures.fixed_benefit[0] * level).T, money),
        "indicator": (("year", "indicator_name"), np.array(list(sums.values())).T, "indicator's own unit"),
        "target_value": (("year", "target"), values.T, target_unit),
        "target_limit": (("year", "target"), limits.T, target_unit),
        "shortfall": (("year", "target"), shortfall.T, target_unit),
    }
    data = xr.Dataset(
        {
            name: (dims, array, {"units": unit, "long_name": LONG_NAMES[name]})
            for name, (dims, array, unit) in variables.items()
        }
    )
    data = data.assign_coords(coordinates(town, built, funds, names, tuple(sums)))
    return data.merge(_work(town, built, new_units, level)).merge(published(town)).assign_attrs(_attributes(town, run))


def with_analysis(data: xr.Dataset, analysis: xr.Dataset) -> xr.Dataset:
    """The results of a run with what else was found about its plan."""
    return data.merge(analysis, join="left", compat="no_conflicts").assign_attrs(analysis.attrs)


def _pots(run: Run) -> dict[str, FloatArray]:
    """Sources and uses of pots, and what is owed, (fund + 1, year) in MSEK; NaN where there is no such thing."""
    financing = entry(run.financing)
    ledger, debts = keep_accounts(financing, run.payment[:, :-1]), financing.debts
    pot, debt = ~np.array(financing.own, dtype=bool), np.isin(np.arange(len(financing.funds)), debts.fund)
    known = {
        "budget": (pot, financing.budget), "charge": (pot, ledger.charge), "waiting": (pot, ledger.waiting),
        "lapsed": (pot, ledger.lapsed), "overdrawn": (pot, ledger.overdrawn), "debt": (debt, ledger.debt),
        "debt_service": (debt, ledger.debt_service),
    }  # fmt: skip
    terms = ("lift", "debt_ceiling", "service_ceiling")
    variables = {name: np.full((len(financing.funds) + 1, run.payment.shape[2]), np.nan) for name in (*known, *terms)}
    for name, (there, values) in known.items():
        variables[name][:-1][there] = values[there]
    for name in terms:
        variables[name][debts.fund] = getattr(debts, name)
    return variables


def _carrier_use(built: PreparedCase, flow: FloatArray) -> FloatArray:
    """Carrier use (year, subsector, carrier) in GWh from flows (flow, year)."""
    case = built.case
    use = np.zeros((len(case.subsectors), len(case.carriers), len(case.years)))
    np.add.at(use, (case.flow_subsector, case.flow_carrier), flow)
    return np.moveaxis(use, -1, 0)


def _work(town: Municipality, built: PreparedCase, new_units: FloatArray, level: FloatArray) -> xr.Dataset:
    """Persons needed and there, by department; nothing if a municipality counts none."""
    if built.staff is None:
        return xr.Dataset()
    rows = {row.department: row for row in reversed(town.rows(Department))}
    values = {"workload": built.staff.workload(new_units, level), "capacity": built.staff.capacity}
    return xr.Dataset(
        {
            name: (("year", "department"), each.T, {"units": PERSON, "long_name": LONG_NAMES[name]})
            for name, each in values.items()
        },
        coords={
            "year": built.case.years,
            "department": list(built.staff.departments),
            "department_label_sv": ("department", [rows[name].label_sv for name in built.staff.departments]),
            "department_label_en": ("department", [rows[name].label_en for name in built.staff.departments]),
        },
    )


def _attributes(town: Municipality, run: Run) -> dict[str, Any]:
    return {
        "Conventions": "CF-1.11",
        "title": f"{run.title.en} / {run.future_title.en}",
        "scenario": run.scenario,
        "scenario_sv": run.title.sv,
        "scenario_en": run.title.en,
        "future": run.future,
        "future_sv": run.future_title.sv,
        "future_en": run.future_title.en,
        "kind": run.kind,
        "municipality": town.name,
        "municipality_sv": town.settings.label.sv,
        "municipality_en": town.settings.label.en,
        "base_year": town.settings.base_year,
        "first_decision_year": town.settings.first_decision_year,
        "price_year": town.settings.price_year,
        "price_basis": f"real, prices of {town.settings.price_year}",
        "gwp_set": town.settings.gwp_set,
        "social_rate": town.settings.social_rate,
        **run.attributes,
    }
