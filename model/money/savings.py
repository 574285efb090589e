"""What does a unit of a measure cost, save and avoid a year, as its owner reckons it before there is a plan?

At the reference mix, because the owner does not know the plan: pools are drawn on in the reference's proportions,
and where a measure can work in several ways (modes) the mean is taken.
"""

from __future__ import annotations

import numpy as np

from model.projection.case import Case
from model.projection.coefficients import unit_cost
from model.vocabulary import BoolArray, FloatArray, IntArray


def yearly_cost(case: Case) -> FloatArray:
    """Yearly running cost of one operating unit, (batch, measure, year) in MSEK; negative: it saves.

    Fixed cost plus what the moves make: activities at running cost with energy, carriers at their price.
    """
    return made_by_moves(case, unit_cost(case), case.price) + case.measures.fixed_cost


def yearly_abatement(case: Case, counted: BoolArray) -> FloatArray:
    """Emissions avoided by a unit a year in the `counted` subsectors (subsector,), (batch, measure, year) in t CO2e.

    What others can do only because the unit is there counts as well: an enabler avoids what it enables.
    """
    factor = np.einsum("bcgy,g->bcy", case.factor, case.gwp)
    of_activity = np.zeros((case.batch, *case.level.shape[1:]))
    weight = counted.astype(float)
    for index, (source, gas) in enumerate(zip(case.direct_activity, case.direct_gas, strict=True)):
        of_activity[:, source] += weight[case.subsector_of[source]] * case.gwp[gas] * case.direct[:, index]
    for index, (source, flow) in enumerate(zip(case.use_activity, case.use_flow, strict=True)):
        emitted = weight[case.flow_subsector[flow]] * factor[:, case.flow_carrier[flow]]
        of_activity[:, source] += case.use[:, index] * emitted
    of_flow = weight[case.flow_subsector][:, None] * factor[:, case.flow_carrier]
    avoided = -made_by_moves(case, of_activity, of_flow, by_flow=True)
    enabled = np.zeros_like(avoided)
    for limit in case.measures.enables:
        for enabler, ratio in limit.enablers:
            enabled[:, enabler] += ratio * avoided[:, limit.measure]
    return np.asarray(avoided + enabled)


def made_by_moves(case: Case, of_activity: FloatArray, of_carrier: FloatArray, by_flow: bool = False) -> FloatArray:
    """What the moves of one unit make a year, (batch, measure, year), where a unit of an activity is worth
    `of_activity` (batch, activity, year) and a GWh `of_carrier` (batch, carrier, year), or by flow if `by_flow`.
    """
    measures = case.measures
    by_mode = np.zeros((case.batch, len(measures.mode_names), len(case.years)))
    for move in measures.activity_moves:
        by_mode[:, move.mode] += move.amount * of_activity[:, move.target]
    for move in measures.pool_draws:
        members = np.flatnonzero(case.pool_of == move.target)
        level = case.level[:, members]
        total = level.sum(axis=1) + 0 * of_activity[:, 0]
        mix = np.divide((level * of_activity[:, members]).sum(axis=1), total, out=np.zeros_like(total), where=total > 0)
        by_mode[:, move.mode] -= move.amount * mix
    for move in measures.carrier_moves:
        carrier = move.target if by_flow else case.flow_carrier[move.target]
        by_mode[:, move.mode] += move.amount * of_carrier[:, carrier]
    mean = [by_mode[:, measures.modes_of(index)].mean(axis=1) for index in range(len(measures.names))]
    return np.moveaxis(np.array(mean).reshape(len(measures.names), case.batch, len(case.years)), 0, 1)


def over_life(yearly: FloatArray, lead: IntArray, years: IntArray, rate: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Value in the year of start of what a unit gives in its first `years` years, and how much of it falls after the
    last model year, both (..., thing, year of start).

    `yearly` (..., thing, year) comes at the end of each year of operation, which begins `lead` years after the start,
    and is discounted at `rate` (thing,). After the last model year the last value holds.
    """
    things, span = yearly.shape[-2:]
    use = np.arange(int(years.max(initial=0)))  # years of operation from 0
    since = lead[:, None] + use
    when = np.arange(span)[None, :, None] + since[:, None, :]  # (thing, year of start, year of operation)
    counted = (use < years[:, None]) * (1.0 + rate[:, None]) ** -(since + 1.0)
    values = yearly[..., np.arange(things)[:, None, None], np.minimum(when, span - 1)] * counted[:, None, :]
    return values.sum(axis=-1), np.where(when >= span, values, 0.0).sum(axis=-1)
