"""What may a file in `constraints/` import? The face of the formulation that users' own constraints build on."""

from __future__ import annotations

from model.optimise.formulation.user_terms import calendar_year, carrier_use, measure, new_units, operating_units
from model.optimise.formulation.variables import Formulation, Rows

__all__ = ["Formulation", "Rows", "calendar_year", "carrier_use", "measure", "new_units", "operating_units"]
