"""What has the municipality published itself?"""

from __future__ import annotations

import numpy as np
import xarray as xr

from model.inputs.columns.emissions import Inventory, Pathway, Sector
from model.inputs.municipality import Municipality
from model.vocabulary import EMISSIONS


def published(town: Municipality) -> xr.Dataset:
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
