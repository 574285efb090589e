"""What does a portfolio ask for, year by year? Typed levels become paths, paths become units to start.

A path rises from nothing in the year before a measure can first operate to the typed level. Units are started so
that they operate in time, within the ramp; what cannot be started in time, or is beyond what is there, is a cut.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.build import PreparedCase
from model.inputs.schema import Found, Portfolio
from model.measures.catalogue import Measures
from model.projection.case import Case
from model.projection.replay import Request, installed
from model.scenarios.checked import CheckedScenario, TypedLevels
from model.vocabulary import ONE_MODE, FloatArray


@dataclass(frozen=True)
class Decision:
    """A portfolio as arrays; batch length 1."""

    requested: FloatArray
    """(batch, measure, year) units operating as typed in"""
    new_units: FloatArray
    """(batch, measure, year) units started"""
    request: Request
    payment: FloatArray | None = None
    """(measure, fund + 1, year) MSEK of a found plan; None: funds pay in their order"""


def decide(portfolio: CheckedScenario, prepared: PreparedCase) -> Decision:
    """What a portfolio asks for in a case of batch length 1."""
    case, content = prepared.case, portfolio.content
    if isinstance(content, Portfolio) and content.found is not None:
        return _found(content.found, case, prepared.financing.funds)
    asked = np.zeros((1, *case.measures.potential.shape[1:]))
    for name, typed in portfolio.levels.items():
        index = case.measures.names.index(name)
        asked[0, index] = _path(typed, index, case)
    new_units = start_in_time(case, asked)
    standing = np.minimum(asked, installed(case.measures, new_units))
    return Decision(asked, new_units, Request(standing, _unsaid(case)))


def _path(typed: TypedLevels, index: int, case: Case) -> FloatArray:
    """Units asked for by year: shares are of the potential of each year, whole units are rounded up."""
    measures, years, points = case.measures, case.years, typed.points
    size = measures.unit_size[index]
    shape = typed.shape or ("step" if size else "linear")
    first = max(int(measures.first_year[index]), case.first_decision_year) + int(measures.lead[index])
    share = np.zeros(len(years))
    number = np.zeros(len(years))
    before, value, relative = first - 1, 0.0, False
    for year in sorted(points):
        after, is_share = points[year]
        span = (years > before) & (years <= year)
        progress = _progress((years[span] - before) / max(year - before, 1), shape)
        last = value if relative == is_share else 0.0
        (share if is_share else number)[span] = last + (after - last) * progress
        before, value, relative = year, after, is_share
    (share if relative else number)[years > before] = value
    path = np.where(years >= first, number + share * measures.potential[0, index], 0.0)
    return np.ceil(path / size - 1e-9) * size if size else path


def _progress(way: FloatArray, shape: str) -> FloatArray:
    """How much of a step is taken at a share of its way."""
    if shape == "step":
        return np.ones_like(way)
    if shape == "logistic":
        steep = 8.0  # an S with 2 % of the way at either end
        curve = 1.0 / (1.0 + np.exp(-steep * (way - 0.5)))
        ends = 1.0 / (1.0 + np.exp(steep * 0.5))
        return np.asarray((curve - ends) / (1.0 - 2.0 * ends))
    return way


def start_in_time(case: Case, asked: FloatArray) -> FloatArray:
    """Units to start so that `asked` can operate, (batch, measure, year), within ramps and from the first year."""
    measures = case.measures
    new_units = np.zeros_like(asked)
    years, rows = len(case.years), np.arange(asked.shape[1])
    start = np.maximum(measures.first_year, case.first_decision_year) - case.years[0]
    size = np.where(measures.unit_size > 0, measures.unit_size, 0.0)
    for year in range(years):  # what must be started depends on what was started before
        due = np.minimum(year + measures.lead, years - 1)
        standing = installed(measures, new_units)[:, rows, due]
        missing = np.maximum(asked[:, rows, due] - standing, 0.0)
        retired = np.where(year >= measures.lifetime, new_units[:, rows, np.maximum(year - measures.lifetime, 0)], 0.0)
        most = np.maximum(measures.ramp + retired, 0.0)
        started = np.minimum(missing, most)
        whole = np.divide(started, size, out=np.zeros_like(started), where=size > 0)
        started = np.where(size > 0, np.floor(whole + 1e-9) * size, started)
        in_time = (year >= start) & (year + measures.lead < years)
        new_units[:, :, year] = np.where(in_time, started, 0.0)
    return new_units


def _found(found: Found, case: Case, funds: tuple[str, ...]) -> Decision:
    measures, years = case.measures, len(case.years)
    new_units = np.zeros((1, len(measures.names), years))
    by_mode = np.full((1, len(measures.mode_names), years), np.nan)
    total = np.zeros_like(new_units)
    for name, units in found.new_units.items():
        for year, value in units.items():
            new_units[0, measures.names.index(name), case.year_index(year)] = value
    for name, modes in found.levels.items():
        measure = measures.names.index(name)
        for mode in measures.modes_of(measure):
            by_mode[0, mode] = 0.0
            for year, value in modes.get(measures.mode_names[mode] or ONE_MODE, {}).items():
                by_mode[0, mode, case.year_index(year)] = value
        total[0, measure] = by_mode[0, measures.modes_of(measure)].sum(axis=0)
    payment = None
    if found.payments:
        payment = np.zeros((len(measures.names), len(funds) + 1, years))
        for name, paid in found.payments.items():
            for fund, amounts in paid.items():
                for year, value in amounts.items():
                    payment[measures.names.index(name), funds.index(fund), case.year_index(year)] = value
    return Decision(total, new_units, Request(total, by_mode), payment)


def as_found(
    goal: str, future: str, case: Case, new_units: FloatArray, level: FloatArray, payment: FloatArray | None,
    funds: tuple[str, ...],
) -> Found:  # fmt: skip
    """A found plan as it is saved: (measure, year), (mode, year) and (measure, fund, year) without zeros."""
    measures = case.measures
    return Found(
        goal=goal,
        future=future,
        new_units={
            name: by_year for index, name in enumerate(measures.names) if (by_year := _by_year(case, new_units[index]))
        },
        levels={
            name: by_mode
            for index, name in enumerate(measures.names)
            if (by_mode := _by_mode(case, measures, index, level))
        },
        payments={
            name: by_fund
            for index, name in enumerate(measures.names)
            if payment is not None
            and (by_fund := {f: paid for n, f in enumerate(funds) if (paid := _by_year(case, payment[index, n]))})
        },
    )


def _by_mode(case: Case, measures: Measures, measure: int, level: FloatArray) -> dict[str, dict[int, float]]:
    return {
        measures.mode_names[mode] or ONE_MODE: values
        for mode in measures.modes_of(measure)
        if (values := _by_year(case, level[mode]))
    }


def _by_year(case: Case, values: FloatArray) -> dict[int, float]:
    return {int(year): float(value) for year, value in zip(case.years, values, strict=True) if value > 0}


def _unsaid(case: Case) -> FloatArray:
    return np.full((1, len(case.measures.mode_names), len(case.years)), np.nan)
