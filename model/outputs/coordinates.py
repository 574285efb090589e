"""Which labels stand along the dimensions of results? One record each: name, dimension, words and value."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from model.inputs.schema import Title
from model.labelling import Coordinate
from model.outputs.run import Run
from model.vocabulary import UNFUNDED

NOT_FUNDED = Title(sv="Ofinansierat", en="Not funded")
LANGUAGES = {"sv": "Swedish", "en": "English"}


def _each(rows: Iterable[Any], column: str) -> list[Any]:
    return [getattr(row, column) for row in rows]


def _known(kind: str, column: str) -> Callable[[Run], list[Any]]:
    """A column of what the tables say along a dimension."""
    return lambda run: _each(getattr(run.prepared.described, kind), column)


def _of_funds(column: str, unfunded: str = "") -> Callable[[Run], list[Any]]:
    """A column of funds, and what stands for what nobody pays."""
    return lambda run: [*_each(run.prepared.described.funds, column), unfunded]


def _pots(run: Run) -> list[str]:
    """Of loans and bonds: the pot whose ceiling they help to finance."""
    debts, funds = run.financing.debts, run.financing.funds
    financed = {funds[debt]: funds[pot] for debt, pot in zip(debts.fund, debts.pot, strict=True)}
    return [financed.get(name, "") for name in run.funds]


def _areas(run: Run, column: str) -> list[str]:
    """What the development area of measures is called; its id in words where that is not said."""
    described = run.prepared.described
    names = [row.category for row in described.measures]
    return [
        getattr(described.areas[name], column) if name in described.areas else name.replace("_", " ").capitalize()
        for name in names
    ]


def _departments(column: str) -> Callable[[Run], list[Any] | None]:
    """A column of departments; None where none is counted."""
    return lambda run: _each(run.prepared.described.departments, column) if run.prepared.staff else None


def _labels(
    name: str, dim: str, value: Callable[[str, str], Callable[[Run], Any]], what: str = "what it is called"
) -> tuple[Coordinate[Run], ...]:
    """What entries are called in each language; `value` gives it for a language and its column."""
    return tuple(
        Coordinate(f"{name}label_{code}", dim, f"{what} in {language}", value(code, f"label_{code}"))
        for code, language in LANGUAGES.items()
    )


COORDINATES: tuple[Coordinate[Run], ...] = (
    Coordinate("year", "year", "model years, base year first", lambda run: run.prepared.case.years, "year"),
    Coordinate(
        "subsector", "subsector", "as in `subsectors.csv`, all perspectives",
        lambda run: list(run.prepared.case.subsectors),
    ),
    Coordinate("gas", "gas", "as in `gases.csv`", lambda run: list(run.prepared.case.gases)),
    Coordinate("carrier", "carrier", "as in `carriers.csv`", lambda run: list(run.prepared.case.carriers)),
    Coordinate("activity", "activity", "as in `activities.csv`", lambda run: list(run.prepared.case.activities)),
    Coordinate(
        "measure", "measure", "as in `measures.csv`, without what is already decided",
        lambda run: list(run.prepared.case.measures.names),
    ),
    Coordinate(
        "fund", "fund", "as in `funds.csv` in their order, and `unfunded` last: what nobody pays",
        lambda run: list(run.funds),
    ),
    Coordinate("target", "target", "targets that can be computed", lambda run: _each(run.targets, "name")),
    Coordinate(
        "indicator_name", "indicator_name", "as in `indicators.csv` and `shares.csv`",
        lambda run: list(run.prepared.indicators),
    ),
    Coordinate(
        "department", "department", "as in `departments.csv`; only where there are any", _departments("department")
    ),
    Coordinate(
        "gwp", "gas", "warming potential, t CO2e per t; 0 for what is carried beside",
        lambda run: run.prepared.case.gwp, "t_CO2e/t",
    ),
    Coordinate("activity_unit", "activity", "unit of `activity_level`", _known("activities", "unit")),
    Coordinate(
        "activity_subsector", "activity", "where the activity's emissions are reported",
        _known("activities", "subsector"),
    ),
    Coordinate(
        "measure_unit", "measure", "unit of `level`, `new_units`, `installed` and `cut`", _known("measures", "unit")
    ),
    Coordinate("category", "measure", "development area, as in `measures.csv`", _known("measures", "category")),
    Coordinate(
        "measure_lead", "measure", "years from start to operation",
        lambda run: run.prepared.case.measures.lead, "year",
    ),
    Coordinate("fund_kind", "fund", "`kind` of the fund in `funds.csv`, or `unfunded`", _of_funds("kind", UNFUNDED)),
    Coordinate(
        "fund_pays", "fund", "what the fund pays, `capital` or `support`; blank for `unfunded`", _of_funds("pays")
    ),
    Coordinate(
        "fund_pot", "fund", "of a loan or bond: the pot whose ceiling it helps to finance; blank for others", _pots
    ),
    Coordinate(
        "fund_charged_to", "fund", "pot that carries the capital charge of what the fund pays; blank for none",
        _of_funds("charged_to"),
    ),
    Coordinate(
        "fund_basis", "fund",
        "`nominal` where the yearly amount is the same in kronor of the day, and falls in real money; else `real`",
        _of_funds("price_basis"),
    ),
    Coordinate(
        "indicator_unit", "indicator_name", "unit of `indicator`: t_CO2e, GWh, or percent for a share",
        lambda run: _each(run.prepared.indicators.values(), "unit"),
    ),
    Coordinate(
        "indicator_perspective", "indicator_name",
        "perspective of the indicator; `net` where its rule puts several together",
        lambda run: _each(run.prepared.indicators.values(), "perspective"),
    ),
    Coordinate(
        "target_indicator", "target", "indicator that the target limits",
        lambda run: [each.indicator.name for each in run.targets],
    ),
    Coordinate(
        "target_unit", "target",
        "unit of `target_value`, `target_limit` and `shortfall` (of a share: percentage points)",
        lambda run: [each.indicator.unit for each in run.targets],
    ),
    Coordinate(
        "target_hold", "target", "`from` its year on, `only` in it, or `cumulative`: the sum of years up to it",
        lambda run: _each(run.targets, "hold"),
    ),
    Coordinate("target_sense", "target", "`at_most` or `at_least`", lambda run: _each(run.targets, "sense")),
    Coordinate(
        "perspective", "subsector", "territorial, removals, organisation or consumption: ledgers that are never added",
        _known("subsectors", "perspective"),
    ),
    Coordinate("sector", "subsector", "sector of the subsector", _known("subsectors", "sector")),
    Coordinate(
        "gpc", "subsector", "code of the Global Protocol for Community-scale inventories", _known("subsectors", "gpc")
    ),
    Coordinate("crt", "subsector", "code of the Common Reporting Tables", _known("subsectors", "crt")),
    Coordinate(
        "history_year", "history_year", "years of the official inventory",
        lambda run: list(run.prepared.published.history_years), "year",
    ),
    Coordinate(
        "sector_name", "sector_name", "sectors in the order they are shown",
        lambda run: _each(run.prepared.published.sectors, "sector"),
    ),
    Coordinate(
        "indicator_history_year", "indicator_history_year", "years in which indicators of one gas have been observed",
        lambda run: run.observed[0], "year",
    ),
    Coordinate(
        "indicator_history_vintage", "indicator_name", "release of the statistics of its history; blank: it has none",
        lambda run: [known[name].vintage if name in (known := run.prepared.published.indicators) else ""
                     for name in run.prepared.indicators],
    ),
    Coordinate(
        "pathway_year", "pathway_year", "years of published pathways",
        lambda run: list(run.prepared.published.pathway_years), "year",
    ),
    Coordinate(
        "pathway_name", "pathway_name", "published pathways",
        lambda run: _each(run.prepared.published.pathways, "pathway"),
    ),
    *_labels("", "subsector", lambda _, column: _known("subsectors", column)),
    *_labels("activity_", "activity", lambda _, column: _known("activities", column)),
    *_labels("carrier_", "carrier", lambda _, column: _known("carriers", column)),
    *_labels("measure_", "measure", lambda _, column: _known("measures", column)),
    *_labels(
        "category_", "measure", lambda _, column: lambda run: _areas(run, column),
        "what its development area is called",
    ),
    *_labels("target_", "target", lambda _, column: lambda run: _each(run.targets, column)),
    *_labels(
        "indicator_", "indicator_name", lambda _, column: lambda run: _each(run.prepared.indicators.values(), column)
    ),
    *_labels("fund_", "fund", lambda code, column: _of_funds(column, getattr(NOT_FUNDED, code))),
    *_labels("department_", "department", lambda _, column: _departments(column)),
    *_labels("sector_", "sector_name", lambda _, column: lambda run: _each(run.prepared.published.sectors, column)),
    *_labels("pathway_", "pathway_name", lambda _, column: lambda run: _each(run.prepared.published.pathways, column)),
)  # fmt: skip
"""Every coordinate of the results of a run."""
