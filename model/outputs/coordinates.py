"""Which labels stand along the dimensions of the results?"""

from __future__ import annotations

from typing import Any

import numpy as np

from model.build import PreparedCase
from model.inputs.columns.activities import Activity
from model.inputs.columns.emissions import IndicatorPart, SharePart, Subsector, Target
from model.inputs.columns.energy import Carrier
from model.inputs.columns.measures import Area, Measure
from model.inputs.columns.money import Debt, Fund
from model.inputs.municipality import Municipality
from model.inputs.schema import Title
from model.projection.indicators import (
    accumulated,
    missed,
    quantity_of,
    sense,
    since,
    target_limit,
)
from model.vocabulary import QUANTITIES, UNFUNDED, FloatArray


def coordinates(
    town: Municipality, built: PreparedCase, funds: tuple[str, ...], targets: tuple[str, ...], sums: tuple[str, ...]
) -> dict[str, Any]:
    """The labels of every dimension, with what else is known along it."""
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
    found: dict[str, Any] = {
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
        found |= {
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
    return found


def _area(areas: dict[str, Area], category: str, label: str) -> str:
    """What a development area is called; its id in words where it has no row."""
    return str(getattr(areas[category], label)) if category in areas else category.replace("_", " ").capitalize()


def _ledger(town: Municipality, indicator: str) -> str:
    """The perspective an indicator looks at; `net` if its rule puts several together, blank for a share."""
    perspectives = {str(row.perspective) for row in town.rows(IndicatorPart) if row.indicator == indicator} or {""}
    return perspectives.pop() if len(perspectives) == 1 else "net"


def targets(
    town: Municipality, built: PreparedCase, sums: dict[str, FloatArray]
) -> tuple[FloatArray, FloatArray, FloatArray, tuple[str, ...]]:
    """Value, limit and shortfall (target, year) of the targets that can be computed, and their names."""
    rows = [row for row in town.rows(Target) if row.evaluable == "yes"]
    values = [accumulated(sums[row.indicator], since(town, row), built.case) for row in rows]
    limits = [target_limit(town, row, built.case) for row in rows]
    over = [missed(mine, limit, sense(row)) for row, mine, limit in zip(rows, values, limits, strict=True)]
    shape = (len(rows), len(built.case.years))
    names = tuple(row.target for row in rows)
    return np.reshape(values, shape), np.reshape(limits, shape), np.reshape(over, shape), names


def inventory(built: PreparedCase) -> FloatArray:
    """What the base year was reconciled with, (year, subsector); NaN in other years."""
    observed = np.full((len(built.case.years), len(built.case.subsectors)), np.nan)
    for row in built.reconciled:
        observed[0, built.case.subsectors.index(row.subsector)] = row.inventory
    return observed


def reconciled(built: PreparedCase, column: str) -> FloatArray:
    """The base year before reconciliation, or the factor of it, (subsector,); NaN outside the inventory."""
    values = np.full(len(built.case.subsectors), np.nan)
    for row in built.reconciled:
        values[built.case.subsectors.index(row.subsector)] = getattr(row, column)
    return values
