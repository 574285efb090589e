"""May the plan rest on HVO100? There is only so much of it, and others want it as well."""

from __future__ import annotations

from model.constraints import Formulation, Rows, calendar_year, carrier_use

FROM_YEAR, LARGEST_SHARE = 2030, 0.25  # our own assumption (C): what a fair share of the world's supply could be
MOTOR_FUELS = ("petrol", "diesel", "hvo100", "fame100", "ethanol", "biogas")


def hvo_share(f: Formulation) -> Rows:
    """HVO100 at most a quarter of motor fuels: use[hvo100,y] - 0.25 * sum of use[fuel,y] <= 0 from 2030 on  [GWh]."""
    for y in f.years:
        if calendar_year(f, y) < FROM_YEAR:
            continue
        most, coefficients, variables = 0.0, [], []
        for fuel in MOTOR_FUELS:
            weight = (1.0 if fuel == "hvo100" else 0.0) - LARGEST_SHARE
            constant, (ones, uses) = carrier_use(f, fuel, y)
            most -= weight * constant
            coefficients += [weight * one for one in ones]
            variables += uses
        yield (y,), None, coefficients, variables, most
