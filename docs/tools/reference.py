"""What do results hold? Variables, coordinates, attributes and rows of the summary, from a real run."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import xarray as xr

from docs.tools.text import table
from model import ROOT
from model.inputs.columns.emissions import IndicatorPart
from model.inputs.faults import Faults
from model.inputs.municipality import load
from model.outputs import summary
from model.studies.study import prepare, run

TOWN, PENCIL = "ostersund", "toy"
PENCIL_RUN = ("toy_mix", "toy_fossil_free")


def variables() -> str:
    """Every variable of the results: dimensions, unit, what it is."""
    data = pencil_results()[0]
    said = {"history": "official inventory by sector, all years there are", "pathway": "published pathways"}
    rows = [
        (
            f"`{name}`",
            ", ".join(map(str, each.dims)),
            each.attrs["units"],
            each.attrs.get("long_name") or said[str(name)],
        )
        for name, each in data.data_vars.items()
    ]
    return table(("variable", "dimensions", "unit", "meaning"), rows)


def coordinates() -> str:
    """Every coordinate of the results: along what, what it is."""
    data = pencil_results()[0]
    rows, labels = [], []
    for name, each in data.coords.items():
        if match := re.fullmatch(r"(.*)label_(?:sv|en)", str(name)):
            labels.append((match.group(1), str(each.dims[0])))
        else:
            rows.append((f"`{name}`", ", ".join(map(str, each.dims)), COORDINATES[str(name)]))
    for prefix, along in dict.fromkeys(labels):
        what = LABELS.get(prefix, "what it is called in Swedish and English")
        rows.append((f"`{prefix}label_sv`, `{prefix}label_en`", along, what))
    return table(("coordinate", "along", "meaning"), rows)


def attributes() -> str:
    """The attributes of the results as a whole."""
    both: dict[str, Any] = {}
    for data in pencil_results():
        both |= data.attrs
    return table(("attribute", "meaning"), ((f"`{name}`", ATTRIBUTES[name]) for name in both))


def summary_rows() -> str:
    """The families of rows of `summary.csv`."""
    found: dict[str, tuple[str, ...]] = {}
    names = {str(name) for name in pencil_results()[0].indicator_name.values}
    for data in pencil_results():
        for _, _, name, _, _, unit, perspective, _, _ in summary.rows(data):
            family, _, rest = name.partition(":")
            if name not in names:
                shown = f"{family}:<{FAMILIES[family][0]}>" if rest else family
                own = {"cut": "the measure's own", "idle": "the measure's own", "shortfall": "the target's own"}
                family_unit = own.get(family, unit)
                found.setdefault(shown, (family_unit, perspective, FAMILIES[family][1]))
    rows = ((f"`{name}`", unit, perspective, said) for name, (unit, perspective, said) in found.items())
    return table(("indicator", "unit", "perspective", "meaning"), rows)


def indicators() -> str:
    """The indicators declared in `indicators.csv`."""
    faults = Faults()
    town = load(TOWN, ROOT, faults)
    faults.stop_if_any()
    assert town is not None
    rows: dict[str, list[IndicatorPart]] = {}
    for row in town.rows(IndicatorPart):
        rows.setdefault(row.indicator, []).append(row)
    lines = []
    for name, parts in rows.items():
        what = [part.subsector or part.perspective for part in parts]
        carriers = ", ".join(part.carrier or "all carriers" for part in parts)
        gas = parts[0].gas if parts[0].quantity == "emissions" else carriers
        lines.append((f"`{name}`", parts[0].label_en, ", ".join(dict.fromkeys(what)), gas, parts[0].note))
    return table(("indicator", "name", "adds up", "gas or carrier", "note"), lines)


@lru_cache(maxsize=1)
def pencil_results() -> tuple[xr.Dataset, ...]:
    """The pencil town run for real: what there is in any results is in these."""
    batch = prepare("docs", PENCIL, PENCIL_RUN, ["central"], ROOT, Faults())
    return tuple(data for _, data, _ in run(batch, 1, lambda _: None))


COORDINATES = {
    "year": "model years, base year first",
    "subsector": "as in `subsectors.csv`, all perspectives",
    "gas": "as in `gases.csv`",
    "carrier": "as in `carriers.csv`",
    "activity": "as in `activities.csv`",
    "measure": "as in `measures.csv`, without what is already decided",
    "fund": "as in `funds.csv` in their order, and `unfunded` last: what nobody pays",
    "target": "targets that can be computed",
    "indicator_name": "as in `indicators.csv`",
    "gwp": "warming potential, t CO2e per t; 0 for what is carried beside",
    "activity_unit": "unit of `activity_level`",
    "activity_subsector": "where the activity's emissions are reported",
    "measure_unit": "unit of `level`, `new_units`, `installed` and `cut`",
    "category": "development area, as in `measures.csv`",
    "measure_lead": "years from start to operation",
    "fund_kind": "`kind` of the fund in `funds.csv`, or `unfunded`",
    "fund_pays": "what the fund pays, `capital` or `support`; blank for `unfunded`",
    "fund_pot": "of a loan or bond: the pot whose ceiling it helps to finance; blank for others",
    "fund_charged_to": "pot that carries the capital charge of what the fund pays; blank for none",
    "indicator_unit": "unit of `indicator`: t_CO2e, GWh, or percent for a share",
    "indicator_perspective": "perspective of the indicator; `net` where its rule puts several together",
    "target_indicator": "indicator that the target limits",
    "target_unit": "unit of `target_value`, `target_limit` and `shortfall` (of a share: percentage points)",
    "target_hold": "`from` its year on, `only` in it, or `cumulative`: the sum of years up to it",
    "target_sense": "`at_most` or `at_least`",
    "perspective": "territorial, removals, organisation or consumption: ledgers that are never added",
    "sector": "sector of the subsector",
    "gpc": "code of the Global Protocol for Community-scale inventories",
    "crt": "code of the Common Reporting Tables",
    "history_year": "years of the official inventory",
    "sector_name": "sectors in the order they are shown",
    "pathway_year": "years of published pathways",
    "pathway_name": "published pathways",
}
"""What coordinates are; one without words here stops the making of the page."""

LABELS = {"category_": "what its development area is called in Swedish and English"}
"""Labels that name something else than what they stand along."""

ATTRIBUTES = {
    "Conventions": "of the names of attributes",
    "title": "scenario and future",
    "scenario": "name of the scenario's file",
    "scenario_sv": "what the scenario is called in Swedish",
    "scenario_en": "and in English",
    "future": "name of the future's file",
    "future_sv": "what the future is called in Swedish",
    "future_en": "and in English",
    "kind": "`portfolio` or `goal`",
    "municipality": "folder under `inputs/`",
    "municipality_sv": "what the municipality is called in Swedish",
    "municipality_en": "and in English",
    "base_year": "first model year, reconciled with the inventory",
    "first_decision_year": "first year in which something can be started",
    "price_year": "of all money",
    "price_basis": "in words",
    "gwp_set": "set of warming potentials",
    "social_rate": "real discount rate",
    "fingerprint": "hash of all input tables, scenarios, futures, code and solver version the study depends on",
    "version": "of the toolkit",
    "seed": "of random draws; 0: central values only",
    "position": "of the scenario and future in the study",
    "solver": "goals only, as all that follows: which solver",
    "status": "what it said; names stages of the objective that could not be solved",
    "gap": "how far a stage may be from the best possible, as share of base-year emissions or energy, or of 100 %",
    "cost_gap": "how far cost may be from the least possible, relative",
    "objectives": "value of each stage of the objective (kt, GWh, %, MSEK) without what no measure can change",
    "bounds": "what no plan can be better than, by stage",
    "rounds": "how often the problem was solved until optimiser and projection agreed",
    "difference": "largest difference of optimiser and projection in a year, as share of the base year",
    "objective": "`least_emissions`, `least_cost` or `best_value`",
}
"""What attributes are; one without words here stops the making of the page."""

FAMILIES: dict[str, tuple[str, str]] = {
    "ghg": ("sector", "gross emissions of a territorial sector"),
    "cumulative": ("", "`ghg_total` added up from the base year on"),
    "energy": ("carrier", "use of a carrier in territorial subsectors"),
    "investment": ("", "capital of what is started in the year, whoever pays"),
    "payment": ("fund", "what a fund pays, capital and support; `unfunded` is the financing gap"),
    "net_cost": ("", "capital charges, fixed and running cost against the reference; negative: it saves"),
    "net_benefit": ("", "co-benefits less net cost"),
    "shortfall": ("target", "by how much a target is missed in a year it holds, in its own unit"),
    "cut": ("measure", "units asked for that do not operate; only measures with some"),
    "idle": ("measure", "units that could operate and do not; only measures with some"),
}
"""Families of summary rows: what the name after the colon is, and what they are."""
