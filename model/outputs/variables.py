"""Which variables do results have? One record each: name, dimensions, unit, words, and its value for a run."""

from __future__ import annotations

import numpy as np

from model.labelling import Variable
from model.measures.staff import PERSON
from model.money.economics import capital_charge
from model.outputs.run import Run
from model.projection.replay import co2_equivalents, installed
from model.vocabulary import EMISSIONS, ENERGY, FloatArray

MONEY = "{0.money}"
TARGETS_OWN = "{0.target_unit}"
UNITS = "measure's own unit"
BY_ACTIVITY, BY_MEASURE, BY_FUND = ("year", "activity"), ("year", "measure"), ("year", "fund")
BY_SUBSECTOR, BY_TARGET, BY_DEPARTMENT = ("year", "subsector"), ("year", "target"), ("year", "department")


def _co2_equivalents(run: Run, tonnes: FloatArray) -> FloatArray:
    """Emissions of all gases, (year, subsector) in t CO2e."""
    return np.asarray(co2_equivalents(run.prepared.case, tonnes[None])[0].T)


def _inventory(run: Run) -> FloatArray:
    """What the base year was reconciled with, (year, subsector); NaN in other years."""
    case = run.prepared.case
    observed = np.full((len(case.years), len(case.subsectors)), np.nan)
    observed[0] = run.along_subsectors("inventory")
    return observed


def _benefit(run: Run) -> FloatArray:
    """Benefits of measures, (year, measure)."""
    return np.asarray((run.outcome.benefit[0] + run.prepared.case.measures.fixed_benefit[0] * run.level).T)


def _charge(run: Run) -> FloatArray:
    """Capital as equal yearly amounts, (year, measure)."""
    case = run.prepared.case
    return np.asarray(capital_charge(case.measures, run.new_units[None], case.social_rate)[0].T)


def _pot(name: str, words: str) -> Variable[Run]:
    """A variable of pots or debts."""
    return Variable(name, BY_FUND, MONEY, words, lambda run: run.pots[name].T)


VARIABLES: tuple[Variable[Run], ...] = (
    Variable(
        "activity_level", BY_ACTIVITY, "activity's own unit", "level of activities",
        lambda run: run.outcome.activity[0].T,
    ),
    Variable(
        "emissions", ("year", "subsector", "gas"), "t of gas", "emissions by gas",
        lambda run: np.moveaxis(run.tonnes, -1, 0),
    ),
    Variable(
        "emissions_co2e", BY_SUBSECTOR, EMISSIONS, "emissions in CO2 equivalents",
        lambda run: _co2_equivalents(run, run.tonnes),
    ),
    Variable(
        "emissions_official", BY_SUBSECTOR, EMISSIONS, "emissions as official statistics would show them",
        lambda run: _co2_equivalents(run, run.official_tonnes),
    ),
    Variable(
        "inventory", BY_SUBSECTOR, EMISSIONS, "observed emissions that the base year is reconciled with", _inventory,
        same=True,
    ),
    Variable(
        "modelled", ("subsector",), EMISSIONS, "base-year emissions before reconciliation",
        lambda run: run.along_subsectors("modelled"), same=True,
    ),
    Variable(
        "reconciliation_factor", ("subsector",), "1", "inventory over modelled, applied in all years",
        lambda run: run.along_subsectors("factor"), same=True,
    ),
    Variable("level", BY_MEASURE, UNITS, "units that operate", lambda run: run.level.T),
    Variable("new_units", BY_MEASURE, UNITS, "units started", lambda run: run.new_units.T),
    Variable(
        "installed", BY_MEASURE, UNITS, "units that could operate",
        lambda run: installed(run.prepared.case.measures, run.new_units[None])[0].T,
    ),
    Variable(
        "cut", BY_MEASURE, UNITS, "units asked for that do not operate",
        lambda run: np.maximum(run.decision.requested[0] - run.level, 0.0).T,
    ),
    Variable(
        "payment", ("year", "measure", "fund"), MONEY, "payments by fund", lambda run: np.moveaxis(run.payment, -1, 0)
    ),
    _pot("budget", "yearly amount of funds; of debts, most that may be borrowed"),
    _pot("charge", "capital charge that a pot carries"),
    _pot("waiting", "unspent money that waits for next year"),
    _pot("lapsed", "unspent money that is gone"),
    _pot("overdrawn", "what a pot is short of"),
    _pot("debt", "outstanding at the end of the year"),
    _pot("debt_service", "repayment and interest"),
    _pot("lift", "by how much a debt lifts the ceiling of its pot"),
    _pot("debt_ceiling", "most that may be outstanding"),
    _pot("service_ceiling", "most repayment and interest that liquidity allows"),
    Variable(
        "carrier_use", ("year", "subsector", "carrier"), ENERGY, "use of carriers",
        lambda run: np.moveaxis(run.carrier_use, -1, 0),
    ),
    Variable(
        "capital", BY_MEASURE, MONEY, "capital of units started",
        lambda run: (run.prepared.case.measures.capital[0] * run.new_units).T,
    ),
    Variable(
        "capital_charge", BY_MEASURE, MONEY, "capital as equal yearly amounts while units can operate", _charge
    ),
    Variable(
        "fixed_cost", BY_MEASURE, MONEY, "fixed cost of operating units",
        lambda run: (run.prepared.case.measures.fixed_cost[0] * run.level).T,
    ),
    Variable(
        "running_cost", BY_MEASURE, MONEY, "running cost that the moves make; savings are negative",
        lambda run: run.outcome.running_cost[0].T,
    ),
    Variable("benefit", BY_MEASURE, MONEY, "external cost avoided and other benefits", _benefit),
    Variable(
        "indicator", ("year", "indicator_name"), "indicator's own unit", "indicators",
        lambda run: run.indicator_values.T,
    ),
    Variable(
        "target_value", BY_TARGET, TARGETS_OWN,
        "indicator that a target limits; cumulative: added up from its first year on",
        lambda run: run.target_values.T,
    ),
    Variable("target_limit", BY_TARGET, TARGETS_OWN, "limit of a target", lambda run: run.target_limits.T),
    Variable(
        "shortfall", BY_TARGET, TARGETS_OWN, "by how much a target is missed, in a year it holds",
        lambda run: run.shortfall.T,
    ),
    Variable(
        "workload", BY_DEPARTMENT, PERSON, "persons that measures need; only where departments are counted",
        lambda run: None if run.workload is None else run.workload.T,
    ),
    Variable(
        "capacity", BY_DEPARTMENT, PERSON, "persons that a department has for measures; only where they are counted",
        lambda run: run.prepared.staff and run.prepared.staff.capacity.T, same=True,
    ),
    Variable(
        "history", ("history_year", "sector_name"), EMISSIONS, "official inventory by sector, all years there are",
        lambda run: run.prepared.published.history, same=True,
    ),
    Variable(
        "indicator_history", ("indicator_history_year", "indicator_name"), EMISSIONS,
        "observed, of indicators that count one gas of the whole territory; missing for others",
        lambda run: run.observed[1], same=True,
    ),
    Variable(
        "pathway", ("pathway_year", "pathway_name"), EMISSIONS, "published pathways",
        lambda run: run.prepared.published.pathway, same=True,
    ),
)  # fmt: skip
"""Every variable of the results of a run."""
