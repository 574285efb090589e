"""What came out? One labelled dataset per scenario and future; every figure and table is a function of it.

Variables, dimensions and units are listed in `docs/results.md`. Files are written under a temporary name and
renamed, so that there is either the whole file or none.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from model.build import Built
from model.columns import (
    Activity,
    Area,
    Carrier,
    Debt,
    Department,
    Fund,
    IndicatorPart,
    Inventory,
    Measure,
    Pathway,
    Sector,
    SharePart,
    Subsector,
    Target,
)
from model.economics import capital_charge
from model.financing import Financing
from model.indicators import (
    accumulated,
    indicators,
    measured,
    missed,
    quantity_of,
    sense,
    series,
    since,
    target_limit,
)
from model.ledger import keep_ledger
from model.municipality import Municipality
from model.portfolio import Decision
from model.projection import Outcome, co2_equivalents, emissions, installed
from model.schema import Title
from model.staff import PERSON
from model.vocabulary import EMISSIONS, ENERGY, QUANTITIES, UNFUNDED, FloatArray

LONG_NAMES = {
    "activity_level": "level of activities",
    "emissions": "emissions by gas",
    "emissions_co2e": "emissions in CO2 equivalents",
    "emissions_official": "emissions as official statistics would show them",
    "inventory": "observed emissions that the base year is reconciled with",
    "modelled": "base-year emissions before reconciliation",
    "reconciliation_factor": "inventory over modelled, applied in all years",
    "level": "units that operate",
    "new_units": "units started",
    "installed": "units that could operate",
    "cut": "units asked for that do not operate",
    "payment": "payments by fund",
    "budget": "yearly amount of funds; of debts, most that may be borrowed",
    "charge": "capital charge that a pot carries",
    "waiting": "unspent money that waits for next year",
    "lapsed": "unspent money that is gone",
    "overdrawn": "what a pot is short of",
    "lift": "by how much a debt lifts the ceiling of its pot",
    "debt": "outstanding at the end of the year",
    "debt_service": "repayment and interest",
    "debt_ceiling": "most that may be outstanding",
    "service_ceiling": "most repayment and interest that liquidity allows",
    "carrier_use": "use of carriers",
    "capital": "capital of units started",
    "capital_charge": "capital as equal yearly amounts while units can operate",
    "fixed_cost": "fixed cost of operating units",
    "running_cost": "running cost that the moves make; savings are negative",
    "benefit": "external cost avoided and other benefits",
    "indicator": "indicators",
    "target_value": "indicator that a target limits; cumulative: added up from its first year on",
    "target_limit": "limit of a target",
    "shortfall": "by how much a target is missed, in a year it holds",
    "workload": "persons that measures need",
    "capacity": "persons that a department has for measures",
}
"""What each variable of the dataset is, in words."""


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


def dataset(town: Municipality, built: Built, run: Run) -> xr.Dataset:
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
        name: series(measured(town, case, name), official if accounting == "official" else tonnes,
                     outcome.activity[0], outcome.flow[0])
        for name, accounting in indicators(town).items()
    }  # fmt: skip
    values, limits, shortfall, names = _targets(town, built, sums)
    rows = {row.target: row for row in town.rows(Target)}
    target_units = {QUANTITIES[quantity_of(town, rows[name].indicator)] for name in names} or {EMISSIONS}
    target_unit = target_units.pop() if len(target_units) == 1 else "target's own unit"
    variables = {
        "activity_level": (("year", "activity"), outcome.activity[0].T, "activity's own unit"),
        "emissions": (("year", "subsector", "gas"), np.moveaxis(tonnes, -1, 0), "t of gas"),
        "emissions_co2e": (("year", "subsector"), co2_equivalents(case, tonnes[None])[0].T, EMISSIONS),
        "emissions_official": (("year", "subsector"), co2_equivalents(case, official[None])[0].T, EMISSIONS),
        "inventory": (("year", "subsector"), _inventory(built), EMISSIONS),
        "modelled": (("subsector",), _reconciled(built, "modelled"), EMISSIONS),
        "reconciliation_factor": (("subsector",), _reconciled(built, "factor"), "1"),
        "level": (("year", "measure"), level.T, "measure's own unit"),
        "new_units": (("year", "measure"), new_units.T, "measure's own unit"),
        "installed": (("year", "measure"), installed(measures, new_units[None])[0].T, "measure's own unit"),
        "cut": (("year", "measure"), np.maximum(run.decision.asked[0] - level, 0.0).T, "measure's own unit"),
        "payment": (("year", "measure", "fund"), np.moveaxis(run.payment, -1, 0), money),
        **{name: (("year", "fund"), values.T, money) for name, values in _pots(run).items()},
        "carrier_use": (("year", "subsector", "carrier"), _carrier_use(built, outcome.flow[0]), ENERGY),
        "capital": (("year", "measure"), (measures.capital * new_units).T, money),
        "capital_charge": (
            ("year", "measure"),
            capital_charge(measures, new_units[None], case.social_rate)[0].T,
            money,
        ),
        "fixed_cost": (("year", "measure"), (measures.fixed_cost * level).T, money),
        "running_cost": (("year", "measure"), outcome.running_cost[0].T, money),
        "benefit": (("year", "measure"), (outcome.benefit[0] + measures.fixed_benefit * level).T, money),
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
    data = data.assign_coords(_coordinates(town, built, funds, names, tuple(sums)))
    return data.merge(_work(town, built, new_units, level)).merge(_published(town)).assign_attrs(_attributes(town, run))


def with_analysis(data: xr.Dataset, analysis: xr.Dataset) -> xr.Dataset:
    """The results of a run with what else was found about its plan."""
    return data.merge(analysis, join="left", compat="no_conflicts").assign_attrs(analysis.attrs)


def _pots(run: Run) -> dict[str, FloatArray]:
    """Sources and uses of pots, and what is owed, (fund + 1, year) in MSEK; NaN where there is no such thing."""
    financing = run.financing
    ledger, debts = keep_ledger(financing, run.payment[:, :-1]), financing.debts
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


def _coordinates(
    town: Municipality, built: Built, funds: tuple[str, ...], targets: tuple[str, ...], sums: tuple[str, ...]
) -> dict[str, Any]:
    case = built.case
    subsectors, activities = town.rows(Subsector), town.rows(Activity)
    rows = {row.measure: row for row in town.rows(Measure)}
    fund_rows = {row.fund: row for row in town.rows(Fund)}
    pots = {row.fund: row.pot for row in town.rows(Debt)}
    areas = {row.category: row for row in town.rows(Area)}
    target_rows = {row.target: row for row in town.rows(Target)}
    parts: dict[str, IndicatorPart | SharePart] = {row.indicator: row for row in town.rows(IndicatorPart)}
    parts |= {row.indicator: row for row in town.rows(SharePart)}
    unit_of = {name: QUANTITIES[quantity_of(town, name)] for name in sums}
    coordinates: dict[str, Any] = {
        "year": case.years,
        "subsector": list(case.subsectors),
        "gas": list(case.gases),
        "carrier": list(case.carriers),
        "activity": list(case.activities),
        "measure": list(case.measures.names),
        "fund": list(funds),
        "target": list(targets),
        "indicator_name": list(sums),
        "gwp": ("gas", case.gwp),
        "activity_unit": ("activity", [row.unit for row in activities]),
        "activity_subsector": ("activity", [row.subsector for row in activities]),
        "measure_unit": ("measure", [rows[name].unit for name in case.measures.names]),
        "category": ("measure", [rows[name].category for name in case.measures.names]),
        "measure_lead": ("measure", case.measures.lead),
        "fund_kind": ("fund", [fund_rows[name].kind if name in fund_rows else UNFUNDED for name in funds]),
        "fund_pays": ("fund", [fund_rows[name].pays if name in fund_rows else "" for name in funds]),
        "fund_pot": ("fund", [pots.get(name, "") for name in funds]),
        "fund_charged_to": ("fund", [fund_rows[name].charged_to if name in fund_rows else "" for name in funds]),
        "indicator_unit": ("indicator_name", list(unit_of.values())),
        "indicator_perspective": ("indicator_name", [_ledger(town, name) for name in sums]),
        "target_indicator": ("target", [target_rows[name].indicator for name in targets]),
        "target_unit": ("target", [unit_of[target_rows[name].indicator] for name in targets]),
        "target_hold": ("target", [target_rows[name].hold for name in targets]),
        "target_sense": ("target", [target_rows[name].sense for name in targets]),
        "perspective": ("subsector", [row.perspective for row in subsectors]),
        "sector": ("subsector", [row.sector for row in subsectors]),
        "gpc": ("subsector", [row.gpc for row in subsectors]),
        "crt": ("subsector", [row.crt for row in subsectors]),
    }
    unfunded = Title(sv="Ofinansierat", en="Not funded")
    for language in ("sv", "en"):
        label = f"label_{language}"
        coordinates |= {
            label: ("subsector", [getattr(row, label) for row in subsectors]),
            f"activity_{label}": ("activity", [getattr(row, label) for row in activities]),
            f"carrier_{label}": ("carrier", [getattr(row, label) for row in town.rows(Carrier)]),
            f"measure_{label}": ("measure", [getattr(rows[name], label) for name in case.measures.names]),
            f"category_{label}": (
                "measure",
                [_area(areas, rows[name].category, label) for name in case.measures.names],
            ),
            f"target_{label}": ("target", [getattr(target_rows[name], label) for name in targets]),
            f"indicator_{label}": ("indicator_name", [getattr(parts[name], label) for name in sums]),
            f"fund_{label}": (
                "fund",
                [getattr(fund_rows[f], label) if f in fund_rows else getattr(unfunded, language) for f in funds],
            ),
        }
    return coordinates


def _area(areas: dict[str, Area], category: str, label: str) -> str:
    """What a development area is called; its id in words where it has no row."""
    return str(getattr(areas[category], label)) if category in areas else category.replace("_", " ").capitalize()


def _ledger(town: Municipality, indicator: str) -> str:
    """The perspective an indicator looks at; `net` if its rule puts several together, blank for a share."""
    perspectives = {str(row.perspective) for row in town.rows(IndicatorPart) if row.indicator == indicator} or {""}
    return perspectives.pop() if len(perspectives) == 1 else "net"


def _targets(
    town: Municipality, built: Built, sums: dict[str, FloatArray]
) -> tuple[FloatArray, FloatArray, FloatArray, tuple[str, ...]]:
    """Value, limit and shortfall (target, year) of the targets that can be computed, and their names."""
    rows = [row for row in town.rows(Target) if row.evaluable == "yes"]
    values = [accumulated(sums[row.indicator], since(town, row), built.case) for row in rows]
    limits = [target_limit(town, row, built.case) for row in rows]
    over = [missed(mine, limit, sense(row)) for row, mine, limit in zip(rows, values, limits, strict=True)]
    shape = (len(rows), len(built.case.years))
    names = tuple(row.target for row in rows)
    return np.reshape(values, shape), np.reshape(limits, shape), np.reshape(over, shape), names


def _inventory(built: Built) -> FloatArray:
    """What the base year was reconciled with, (year, subsector); NaN in other years."""
    inventory = np.full((len(built.case.years), len(built.case.subsectors)), np.nan)
    for row in built.reconciled:
        inventory[0, built.case.subsectors.index(row.subsector)] = row.inventory
    return inventory


def _reconciled(built: Built, column: str) -> FloatArray:
    """The base year before reconciliation, or the factor of it, (subsector,); NaN outside the inventory."""
    values = np.full(len(built.case.subsectors), np.nan)
    for row in built.reconciled:
        values[built.case.subsectors.index(row.subsector)] = getattr(row, column)
    return values


def _carrier_use(built: Built, flow: FloatArray) -> FloatArray:
    """Carrier use (year, subsector, carrier) in GWh from flows (flow, year)."""
    case = built.case
    use = np.zeros((len(case.subsectors), len(case.carriers), len(case.years)))
    np.add.at(use, (case.flow_subsector, case.flow_carrier), flow)
    return np.moveaxis(use, -1, 0)


def _work(town: Municipality, built: Built, new_units: FloatArray, level: FloatArray) -> xr.Dataset:
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


def _published(town: Municipality) -> xr.Dataset:
    """What others have published: the inventory by sector, and pathways to draw beside ours."""
    vintage = town.settings.reconcile_vintage
    official = [
        row for row in town.rows(Inventory) if row.vintage == vintage and not row.subsector and row.gas == "co2e"
    ]
    sectors = list(town.rows(Sector))
    years = sorted({row.year for row in official})
    history = np.full((len(years), len(sectors)), np.nan)
    names = [row.sector for row in sectors]
    for row in official:
        history[years.index(row.year), names.index(row.sector)] = town.convert(row, EMISSIONS)
    pathways = town.rows(Pathway)
    pathway_names = list(dict.fromkeys(row.pathway for row in pathways))
    pathway_years = sorted({row.year for row in pathways})
    drawn = np.full((len(pathway_years), len(pathway_names)), np.nan)
    for path in pathways:
        drawn[pathway_years.index(path.year), pathway_names.index(path.pathway)] = town.convert(path, EMISSIONS)
    first = {row.pathway: row for row in reversed(pathways)}
    return xr.Dataset(
        {
            "history": (("history_year", "sector_name"), history, {"units": EMISSIONS}),
            "pathway": (("pathway_year", "pathway_name"), drawn, {"units": EMISSIONS}),
        },
        coords={
            "history_year": years,
            "sector_name": names,
            "sector_label_sv": ("sector_name", [row.label_sv for row in sectors]),
            "sector_label_en": ("sector_name", [row.label_en for row in sectors]),
            "pathway_year": pathway_years,
            "pathway_name": pathway_names,
            "pathway_label_sv": ("pathway_name", [first[name].label_sv for name in pathway_names]),
            "pathway_label_en": ("pathway_name", [first[name].label_en for name in pathway_names]),
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


def save(data: xr.Dataset, path: Path) -> None:
    """Write a dataset as netCDF-4, whole or not at all."""
    encoding = {name: {"zlib": True, "complevel": 1} for name in data.data_vars if data[name].dtype.kind == "f"}
    write_whole(path, lambda temporary: data.to_netcdf(temporary, engine="h5netcdf", encoding=encoding))


def load(path: Path) -> xr.Dataset:
    """Read a dataset back into memory."""
    with xr.open_dataset(path, engine="h5netcdf") as data:
        return data.load()


def write_whole(path: Path, write: Any) -> None:
    """Let `write(temporary path)` write a file beside `path` and rename it, so that `path` is never half-written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=path.suffix, dir=path.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        write(temporary)
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
