"""What do activities, carrier use and emissions become when a portfolio is carried out?

Two balances, Z = B + A X >= 0 and F = F0 + U Z + D X >= 0, and emissions as coefficients times Z and F. Requests may
exceed what is there: measures are replayed in their order, each limited to what is left; what draws on a pool takes
from its members in the plan's own proportions. All arrays have a leading batch axis (scenarios, futures, draws). How
it is computed is compiled (`program`, `kernel`); a readable way is `tests/projection/reference_replay.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.measures.catalogue import Measures
from model.projection.case import Case
from model.projection.kernel import Kernel
from model.projection.sums import emission_program
from model.projection.translation import OUTCOME, translate
from model.vocabulary import FloatArray, IntArray


@dataclass(frozen=True)
class Request:
    """What is asked for: levels by measure, or by mode where the portfolio says which mode."""

    level: FloatArray
    """(batch, measure, year) units operating"""
    by_mode: FloatArray
    """(batch, mode, year) units operating, NaN where the mode is not said"""


@dataclass(frozen=True)
class Outcome:
    """What became of it. All arrays start with the batch axis and end with the year."""

    level: FloatArray
    """X (batch, mode, year) units that operate"""
    activity: FloatArray
    """Z (batch, activity, year)"""
    flow: FloatArray
    """F (batch, flow, year) GWh"""
    running_cost: FloatArray
    """(batch, measure, year) MSEK: what the measure's moves make, fixed cost not included"""
    benefit: FloatArray
    """(batch, measure, year) MSEK: external cost avoided by the measure's moves"""


def replay(
    case: Case, request: Request, case_of: IntArray | None = None, request_of: IntArray | None = None
) -> Outcome:
    """Carry out a request, measure by measure, each limited to what is left.

    The batch axes of case and request are equal, or one of them has length 1; or `case_of` and `request_of` (entry,)
    say which of both each entry takes.
    """
    kernel = case.kept("replay", lambda: Kernel(translate(case, details=OUTCOME)))
    rows = kernel.run(request.level, request.by_mode, case_of, request_of)
    return Outcome(*(rows[:, kernel.program.rows[name]] for name in OUTCOME))


def emissions(case: Case, activity: FloatArray, flow: FloatArray, official: bool = False) -> FloatArray:
    """Emissions (batch, subsector, gas, year) in t of gas; `official`: as official statistics would see them."""
    what = "official" if official else "emissions"
    kernel = case.kept(what, lambda: Kernel(emission_program(case, official)))
    rows = kernel.run(activity, flow)
    return rows.reshape(len(rows), len(case.subsectors), len(case.gases), len(case.years))


def co2_equivalents(case: Case, tonnes: FloatArray) -> FloatArray:
    """Emissions summed over gases with their warming potentials, (batch, subsector, year) in t CO2e."""
    return np.asarray(np.einsum("bkgy,g->bky", tonnes, case.gwp))


def installed(measures: Measures, new_units: FloatArray) -> FloatArray:
    """Units that could operate, (batch, measure, year): started at least `lead` and less than `lead + lifetime` ago."""
    started = np.concatenate([np.zeros((*new_units.shape[:-1], 1)), np.cumsum(new_units, axis=-1)], axis=-1)
    year = np.arange(new_units.shape[-1])
    begun = np.clip(year + 1 - measures.lead[:, None], 0, None)
    ended = np.clip(begun - measures.lifetime[:, None], 0, None)
    return np.asarray(
        np.take_along_axis(started, np.broadcast_to(begun, new_units.shape), axis=-1)
        - np.take_along_axis(started, np.broadcast_to(ended, new_units.shape), axis=-1)
    )
