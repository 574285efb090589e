"""What has the municipality published itself? Its official inventory by sector, and pathways to draw beside ours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.inputs.columns.emissions import TOTAL, Inventory, Pathway, Sector
from model.inputs.municipality import Municipality
from model.vocabulary import EMISSIONS, FloatArray


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
    return Published(sectors, tuple(years), history, pathways, tuple(pathway_years), drawn)
