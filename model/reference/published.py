"""What has the municipality published itself? Its official inventory by sector, and pathways to draw beside ours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from model.inputs.columns.emissions import TOTAL, Gas, IndicatorPart, Inventory, Pathway, Sector
from model.inputs.municipality import Municipality
from model.vocabulary import EMISSIONS, TERRITORIAL, FloatArray


@dataclass(frozen=True)
class Published:
    """Emissions that others have published, t CO2e; NaN in years of which nothing is said."""

    sectors: tuple[Sector, ...]
    history_years: tuple[int, ...]
    history: FloatArray
    """(year of history, sector) official inventory"""
    pathways: tuple[Pathway, ...]
    """the first row of each"""
    pathway_years: tuple[int, ...]
    pathway: FloatArray
    """(year of pathways, pathway)"""
    indicators: Mapping[str, ObservedIndicator]
    """what indicators of a single gas have been, by their name"""


@dataclass(frozen=True)
class ObservedIndicator:
    """An indicator of one gas as the inventory has it: t CO2e by year, and which release of the statistics."""

    vintage: str
    values: Mapping[int, float]


def published(town: Municipality) -> Published:
    """What others have published: the inventory by sector, and pathways to draw beside ours."""
    vintage = town.settings.reconcile_vintage
    official = [
        row for row in town.rows(Inventory) if row.vintage == vintage and not row.subsector and row.gas == TOTAL
    ]
    sectors = town.rows(Sector)
    names = [row.sector for row in sectors]
    years = sorted({row.year for row in official})
    history = np.full((len(years), len(sectors)), np.nan)
    for row in official:
        history[years.index(row.year), names.index(row.sector)] = town.convert(row, EMISSIONS)
    rows = town.rows(Pathway)
    first = {row.pathway: row for row in reversed(rows)}
    pathways = tuple(first[name] for name in dict.fromkeys(row.pathway for row in rows))
    position = {row.pathway: index for index, row in enumerate(pathways)}
    pathway_years = sorted({row.year for row in rows})
    drawn = np.full((len(pathway_years), len(pathways)), np.nan)
    for path in rows:
        drawn[pathway_years.index(path.year), position[path.pathway]] = town.convert(path, EMISSIONS)
    return Published(sectors, tuple(years), history, pathways, tuple(pathway_years), drawn, _of_one_gas(town))


def _of_one_gas(town: Municipality) -> dict[str, ObservedIndicator]:
    """Indicators that count one gas of the whole territory, in years of which all sectors of a release are known.

    The release is the one that the municipality is reconciled with, or the one that goes on longest.
    """
    parts: dict[str, list[IndicatorPart]] = defaultdict(list)
    for part in town.rows(IndicatorPart):
        parts[part.indicator].append(part)
    potential = {row.gas: row.value for row in town.rows(Gas) if row.gwp_set == town.settings.gwp_set}
    found = {}
    for name, (part, *others) in parts.items():
        whole = part.perspective == TERRITORIAL and not part.subsector and part.accounting == "activity"
        if others or not whole or part.quantity != "emissions" or part.gas not in potential:
            continue
        releases = _releases(town, part.gas)
        if releases:
            vintage = max(releases, key=lambda each: (each == town.settings.reconcile_vintage, max(releases[each])))
            values = {year: potential[part.gas] * tonnes for year, tonnes in sorted(releases[vintage].items())}
            found[name] = ObservedIndicator(vintage, values)
    return found


def _releases(town: Municipality, gas: str) -> dict[str, dict[int, float]]:
    """Tonnes of a gas by release and year, summed over sectors; years that lack a sector are left out."""
    rows: dict[str, dict[int, list[float]]] = defaultdict(lambda: defaultdict(list))
    for row in town.rows(Inventory):
        if row.gas == gas and not row.subsector:
            rows[row.vintage][row.year].append(town.convert(row, "t"))
    most = {vintage: max(map(len, years.values())) for vintage, years in rows.items()}
    return {
        vintage: {year: sum(values) for year, values in years.items() if len(values) == most[vintage]}
        for vintage, years in rows.items()
    }
