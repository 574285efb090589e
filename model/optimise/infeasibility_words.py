"""How is a clash told? Its members in words, each with what it asks or allows and where that stands."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from model.inputs.columns.activities import Activity
from model.inputs.columns.base import Row
from model.inputs.columns.measures import Cost, Department, Measure, Potential, Relation, Workload
from model.inputs.columns.money import Budget
from model.inputs.faults import Fault, Place
from model.inputs.municipality import Municipality
from model.inputs.schema import Goal
from model.optimise.formulation.user_constraints import UnsatisfiableConstraint
from model.optimise.infeasibility import Clash, Member, smallest_clash
from model.optimise.problem import Problem
from model.scenarios.files import Scenario
from model.vocabulary import FloatArray

MOST = 12
"""Members of a clash told at most, musts first."""


def describe(problem: Problem, goal: Goal, scenario: Scenario, town: Municipality, future: str) -> Fault:
    """The fault that says why a goal has no plan in a future."""
    try:
        clash = smallest_clash(problem)
    except UnsatisfiableConstraint as error:  # by no means: not even with every limit let go
        return error.fault
    if clash is None:
        required = ", ".join((*goal.require, *goal.constraints)) or "nothing"
        found = f"a goal for which no plan was found in future '{future}': it requires {required}"
        return Fault(
            scenario.place("require"), found, "musts that can all be had within limits and money, or more time"
        )
    words = _Words(problem, goal, scenario, town, clash)
    members = "; ".join(words.of(member) for member in clash.members[:MOST])
    more = len(clash.members) - MOST
    doubt = f"; and {more} more limits" if more > 0 else ""
    doubt += "" if clash.smallest else " (each of them is needed; whether fewer clash is not known)"
    allowed = "not all of these at once: change one of them" if len(clash.members) > 1 else "something that can be kept"
    return Fault(
        words.place(clash.members[0]), f"what cannot all be had in future '{future}': {members}{doubt}", allowed
    )


class _Words:
    def __init__(self, problem: Problem, goal: Goal, scenario: Scenario, town: Municipality, clash: Clash) -> None:
        self.problem, self.goal, self.scenario, self.town = problem, goal, scenario, town
        self.measures, self.kinds = problem.case.measures, {member.kind for member in clash.members}
        self.rows = {row.measure: row for row in town.rows(Measure)}

    def of(self, member: Member) -> str:
        """A member in words."""
        return str(getattr(self, f"_{member.kind}")(*member.which))

    def place(self, member: Member) -> Place:
        """Where a demand of the goal stands; the goal itself for any other member."""
        keys = {"require": "require", "exclude": "exclude", "constraint": "constraints"}
        if member.kind not in keys:
            return Place(self.scenario.file)
        key, which = keys[member.kind], member.which[0]
        name = which if member.kind == "constraint" else self.measures.names[which]
        return self.scenario.place(key, str(getattr(self.goal, key).index(name)))

    # --- demands of the goal

    def _require(self, m: int) -> str:
        needs = [*self._money(m), *self._work(m)]
        return f"{self._name(m)} is required ({self.place(Member('require', (m,)))})" + "".join(
            f", a unit {need}" for need in needs
        )

    def _exclude(self, m: int) -> str:
        return f"{self._name(m)} is excluded ({self.place(Member('exclude', (m,)))})"

    def _constraint(self, name: str) -> str:
        own = next(each for each in self.problem.constraints if each.name == name)
        said = self.place(Member("constraint", (name,)))
        return f"constraint '{name}' ({said}) demands: {own.says.rstrip('.')} ({own.place})"

    # --- relations

    def _requires(self, m: int, other: int) -> str:
        share = next(ratio for a, b, ratio in self.measures.requires if (a, b) == (m, other))
        none = "" if np.any(self.measures.potential[0, other] > 0) else ", which has no potential"
        step = "" if share == 1 else f" {share:g} times as far"
        return f"{self._name(m)} requires {self._name(other)}{step}{none} ({self._relation('requires', m, other)})"

    def _excludes(self, m: int, other: int) -> str:
        where = self._relation("excludes", m, other)
        return f"{self._name(m)} and {self._name(other)} exclude each other ({where})"

    def _enables(self, number: int) -> str:
        each = self.measures.enables[number]
        wheres = ", ".join(self._relation("enables", other, each.measure) for other, _ in each.enablers)
        names = " and ".join(self._name(other) for other, _ in each.enablers)
        return f"{self._name(each.measure)} operates only as far as {names} enable it ({wheres})"

    # --- money and staff

    def _pot(self, fund: int) -> str:
        money = self.problem.money
        assert money is not None
        name = money.funds[fund]
        if name in self.goal.budgets:
            where = str(self.scenario.place("budgets", name))
        else:
            where = self._place([row for row in self.town.rows(Budget) if row.fund == name])
        yearly, kept = money.budget[fund, self.problem.first :], money.carry_over[fund, self.problem.first :]
        waiting = f" and keeps at most {kept.max():g} for the year after" if np.any(kept > 0) else ""
        return f"fund '{name}' gives {self._span(yearly)} MSEK a year{waiting} ({where})"

    def _payers(self, m: int) -> str:
        costs, where = " and ".join(self._money(m, True)), self.town.files["eligibility"]
        return f"no fund may pay in full for {self._name(m)}, of which a unit {costs} ({where})"

    def _staff(self, d: int) -> str:
        staff = self.problem.staff
        assert staff is not None
        name = staff.departments[d]
        where = self._place([row for row in self.town.rows(Department) if row.department == name])
        return f"department '{name}' has a staff of {self._span(staff.capacity[d])} ({where})"

    # --- limits of a measure

    def _ramp(self, m: int) -> str:
        where = self.town.place(self._row(m), "ramp")
        new = f"at most {self.measures.ramp[0, m]:g} {self.measures.units[m]} of {self._name(m)} can be started a year"
        return new + self._whole(m) + f" ({where})"

    def _timing(self, m: int) -> str:
        row, start = self._row(m), self.problem.start
        first = max(row.first_year, start) + row.lead
        late = start > row.first_year and self.goal.start is not None
        where = self.scenario.place("start") if late else self.town.place(row, "first_year")
        return f"{self._name(m)} cannot operate before {first} ({where})"

    def _potential(self, m: int) -> str:
        where = self._place([row for row in self.town.rows(Potential) if row.measure == self.measures.names[m]])
        most = self._span(self.measures.potential[0, m])
        return f"{self._name(m)} can be at most {most} {self.measures.units[m]}{self._whole(m)} ({where})"

    def _activity(self, s: int) -> str:
        name = self.problem.case.activities[s]
        where = self._place([row for row in self.town.rows(Activity) if row.activity == name])
        most, unit = self._span(self.problem.case.level[0, s]), self.problem.case.activity_units[s]
        return f"there is {most} {unit} of '{name}' to take from ({where})"

    def _carrier(self, subsector: int, carrier: int) -> str:
        case = self.problem.case
        return f"there is only so much of '{case.carriers[carrier]}' in '{case.subsectors[subsector]}' to take from"

    # --- numbers and places

    def _money(self, m: int, asked: bool = False) -> list[str]:
        """What a unit costs, when money is part of the clash."""
        money = self.problem.money
        if money is None or not (asked or "pot" in self.kinds):
            return []
        mine = money.stake_measure == m
        first = max(int(self.measures.first_year[m]) - int(self.problem.case.years[0]), self.problem.first)
        size = float(self.measures.unit_size[m]) or 1.0
        capital, support = (float(each[mine, first].sum()) * size for each in (money.capital, money.support))
        where = self._place([row for row in self.town.rows(Cost) if row.measure == self.measures.names[m]])
        words = [f"costs {capital:.4g} MSEK to start ({where})"] if capital > 0 else []
        return words + ([f"needs {support:.4g} MSEK of support a year"] if support > 0 else [])

    def _work(self, m: int) -> list[str]:
        """What a unit is of work, when staff is part of the clash."""
        staff = self.problem.staff
        if staff is None or "staff" not in self.kinds:
            return []
        size = float(self.measures.unit_size[m]) or 1.0
        once, yearly = (float(each[:, m].sum()) * size for each in (staff.per_new_unit, staff.per_operating_unit))
        where = self._place([row for row in self.town.rows(Workload) if row.measure == self.measures.names[m]])
        words = [f"needs a staff of {once:.4g} in the year it is started ({where})"] if once > 0 else []
        return words + ([f"needs a staff of {yearly:.4g} while it operates ({where})"] if yearly > 0 else [])

    def _whole(self, m: int) -> str:
        size = float(self.measures.unit_size[m])
        return f", in whole units of {size:g}" if size > 0 else ""

    def _span(self, values: FloatArray) -> str:
        """Least and most from the first decision year on."""
        decided = values[self.problem.first :]
        least, most = f"{decided.min():.4g}", f"{decided.max():.4g}"
        return least if least == most else f"{least} to {most}"

    def _name(self, m: int) -> str:
        return f"'{self.measures.names[m]}'"

    def _row(self, m: int) -> Measure:
        return self.rows[self.measures.names[m]]

    def _relation(self, kind: str, m: int, other: int) -> str:
        pair = self.measures.names[m], self.measures.names[other]
        rows = self.town.rows(Relation)
        return self._place([row for row in rows if row.relation == kind and (row.measure, row.other) == pair])

    def _place(self, rows: Iterable[Row]) -> str:
        """Where the first of some rows stands."""
        row = next(iter(rows), None)
        return "no row" if row is None else str(self.town.place(row))
