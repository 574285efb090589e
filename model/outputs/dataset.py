"""What came out? One labelled dataset per scenario and future; every figure and table is a function of it.

It is made by going over what is declared of variables, coordinates and attributes; `docs/results.md` lists the same.
"""

from __future__ import annotations

import xarray as xr

from model.labelling import labelled
from model.outputs.attributes import ATTRIBUTES
from model.outputs.coordinates import COORDINATES
from model.outputs.run import Run
from model.outputs.variables import VARIABLES


def dataset(run: Run) -> xr.Dataset:
    """The results of a run, with units and words on variables and coordinates."""
    return labelled(run, VARIABLES, COORDINATES, ATTRIBUTES)


def with_analysis(data: xr.Dataset, analysis: xr.Dataset) -> xr.Dataset:
    """The results of a run with what else was found about its plan."""
    return data.merge(analysis, join="left", compat="no_conflicts").assign_attrs(analysis.attrs)
