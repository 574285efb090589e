"""How much bio heat is there wood for? The forests around Toytown give eight GWh a year."""

from __future__ import annotations

from model.constraints import Formulation, Rows, operating_units

MOST = 8.0  # GWh; a number of the toy town


def little_bio_heat(f: Formulation) -> Rows:
    """Bio heat within what the forest gives: level[BIO,y] <= 8 in every year  [GWh]."""
    for y in f.years:
        coefficients, variables = operating_units(f, "BIO", y)
        yield (y,), None, coefficients, variables, MOST
