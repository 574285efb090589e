"""What is known of a scenario that has been run? What was decided and what came of it; all results are made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from model.batch import entry
from model.build import PreparedCase
from model.inputs.schema import Title
from model.money.financing import Financing
from model.money.pots import keep_accounts
from model.projection.indicators import CompiledTarget, accumulated, missed, series
from model.projection.replay import Outcome, emissions
from model.scenarios.portfolio import Decision
from model.vocabulary import EMISSIONS, UNFUNDED, FloatArray, IntArray


@dataclass(frozen=True)
class Run:
    """A projected scenario in one future; arrays of decision, outcome and financing have batch length 1."""

    prepared: PreparedCase
    scenario: str
    future: str
    kind: str
    """portfolio or goal"""
    title: Title
    future_title: Title
    decision: Decision
    outcome: Outcome
    payment: FloatArray
    """(measure, fund + 1, year) MSEK"""
    financing: Financing
    """with the budgets of the scenario"""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    """fingerprint, solver, bound, gap, difference and the like"""

    @property
    def money(self) -> str:
        """Unit of money."""
        return self.prepared.money

    @cached_property
    def tonnes(self) -> FloatArray:
        """Emissions, (subsector, gas, year) in t of gas."""
        return np.asarray(emissions(self.prepared.case, self.outcome.activity, self.outcome.flow)[0])

    @cached_property
    def official_tonnes(self) -> FloatArray:
        """The same as official statistics would show them."""
        return np.asarray(emissions(self.prepared.case, self.outcome.activity, self.outcome.flow, official=True)[0])

    @cached_property
    def carrier_use(self) -> FloatArray:
        """Use of carriers, (subsector, carrier, year) in GWh."""
        case = self.prepared.case
        use = np.zeros((len(case.subsectors), len(case.carriers), len(case.years)))
        np.add.at(use, (case.flow_subsector, case.flow_carrier), self.outcome.flow[0])
        return use

    @property
    def new_units(self) -> FloatArray:
        """Units started, (measure, year)."""
        return np.asarray(self.decision.new_units[0])

    @cached_property
    def level(self) -> FloatArray:
        """Units operating, (measure, year)."""
        return self.prepared.case.measures.of_modes(self.outcome.level[0])

    @cached_property
    def workload(self) -> FloatArray | None:
        """Persons needed, (department, year); None where no department's are counted."""
        staff = self.prepared.staff
        return None if staff is None else staff.workload(self.new_units, self.level)

    @property
    def funds(self) -> tuple[str, ...]:
        """Who pays, and last what nobody does."""
        return (*self.financing.funds, UNFUNDED)

    @cached_property
    def pots(self) -> dict[str, FloatArray]:
        """Sources and uses of pots, and what is owed, (fund + 1, year) in MSEK; NaN where there is no such thing."""
        financing = entry(self.financing)
        accounts, debts = keep_accounts(financing, self.payment[:, :-1]), financing.debts
        pot, debt = ~np.array(financing.own, dtype=bool), np.isin(np.arange(len(financing.funds)), debts.fund)
        of_pots = {"budget": financing.budget, "charge": accounts.charge, "waiting": accounts.waiting,
                   "lapsed": accounts.lapsed, "overdrawn": accounts.overdrawn}  # fmt: skip
        of_debts = {"debt": accounts.debt, "debt_service": accounts.debt_service}
        terms = ("lift", "debt_ceiling", "service_ceiling")
        shape = (len(financing.funds) + 1, self.payment.shape[2])
        known = {name: np.full(shape, np.nan) for name in (*of_pots, *of_debts, *terms)}
        for there, values in ((pot, of_pots), (debt, of_debts)):
            for name, each in values.items():
                known[name][:-1][there] = each[there]
        for name in terms:
            known[name][debts.fund] = getattr(debts, name)
        return known

    @cached_property
    def indicators(self) -> dict[str, FloatArray]:
        """Every indicator over the years (year,), in its own unit."""
        activity, flow = self.outcome.activity[0], self.outcome.flow[0]
        return {
            name: series(
                each.counts, self.official_tonnes if each.accounting == "official" else self.tonnes, activity, flow
            )
            for name, each in self.prepared.indicators.items()
        }

    @property
    def indicator_values(self) -> FloatArray:
        """The same side by side, (indicator, year)."""
        return np.reshape(list(self.indicators.values()), (-1, len(self.prepared.case.years)))

    @cached_property
    def observed(self) -> tuple[IntArray, FloatArray]:
        """Years in which any indicator has been observed by itself, and what it was (year, indicator) in t CO2e."""
        known, names = self.prepared.published.indicators, list(self.prepared.indicators)
        years = sorted({year for each in known.values() for year in each.values})
        found = np.full((len(years), len(names)), np.nan)
        for name, each in known.items():
            found[[years.index(year) for year in each.values], names.index(name)] = list(each.values.values())
        return np.array(years, dtype=int), found

    @property
    def targets(self) -> list[CompiledTarget]:
        """The targets that can be computed."""
        return list(self.prepared.targets.values())

    @cached_property
    def target_values(self) -> FloatArray:
        """What targets limit, (target, year)."""
        case = self.prepared.case
        values = [accumulated(self.indicators[each.indicator.name], each.since, case) for each in self.targets]
        return np.reshape(values, (len(values), len(case.years)))

    @cached_property
    def target_limits(self) -> FloatArray:
        """Limits, (target, year); inf in years they do not hold."""
        return np.reshape([each.limit for each in self.targets], self.target_values.shape)

    @cached_property
    def shortfall(self) -> FloatArray:
        """By how much targets are missed, (target, year)."""
        over = [
            missed(value, each.limit, each.sign) for value, each in zip(self.target_values, self.targets, strict=True)
        ]
        return np.reshape(over, self.target_values.shape)

    @property
    def target_unit(self) -> str:
        """The unit of all targets, if they have one."""
        units = {each.indicator.unit for each in self.targets} or {EMISSIONS}
        return units.pop() if len(units) == 1 else "target's own unit"

    def along_subsectors(self, value: str) -> FloatArray:
        """A number of the reconciliation, (subsector,); NaN outside the inventory."""
        values = np.full(len(self.prepared.case.subsectors), np.nan)
        for row in self.prepared.reconciled:
            values[self.prepared.case.subsectors.index(row.subsector)] = getattr(row, value)
        return values
