"""What does a user's own constraint demand, and does a plan keep it? A limit like the others, of the user's rows.

The rows are checked; they are asked for again when a plan is re-checked and filled in with the plan's own numbers: what
is started, operates and is paid from the plan, activities, carriers and emissions from its projection.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pyomo.core as pyo

from model.inputs.faults import Fault, InputFaults, Place
from model.inputs.reading.constraint_files import Constraint
from model.optimiser.formulation.variables import KT, Formulation, Index, LinearRow, Rows, key_of
from model.optimiser.limits.record import Check, Limit, Membership, Rechecks, Seen, Which
from model.optimiser.limits.words import Told
from model.optimiser.plan import Plan
from model.optimiser.problem import Problem
from model.optimiser.proportions import proportions_at
from model.optimiser.solver.linear import Infeasible
from model.projection.case import Case
from model.projection.coefficients import reference_flow
from model.projection.replay import emissions
from model.vocabulary import FloatArray

VARIABLES = ("new_units", "level", "payment", "activity", "pool_draw", "carrier_use", "emissions")
"""What a user's constraint may be about: what a plan says, and what its projection makes of it."""
SHAPE = "rows of (index, lower, coefficients, variables, upper)"


class UnsatisfiableConstraint(Infeasible):
    """There is no plan, because of a row in which nothing can be decided."""

    def __init__(self, constraint: Constraint, found: str) -> None:
        self.fault = Fault(constraint.place, found, "a row that some plan can keep")
        super().__init__(str(self.fault))


def own_limits(problem: Problem) -> list[Limit]:
    """The constraints that the goal names, as limits."""

    @cache
    def formulation() -> Formulation:
        return Formulation(problem, proportions_at(problem))

    return [_limit(constraint, formulation) for constraint in problem.constraints]


def _limit(constraint: Constraint, formulation: Callable[[], Formulation]) -> Limit:
    def rechecked(seen: Seen) -> Rechecks:
        yield f"constraint {constraint.name}", recheck(constraint, formulation(), seen)

    def named(_: Formulation, __: Index) -> Which:
        return (constraint.name,)

    return Limit(rows=rows_of(constraint), recheck=rechecked, clash=replace(OWN, member=named))


def _place(told: Told, name: str) -> Place:
    return told.demand("constraints", name)


def _tell(told: Told, name: str) -> str:
    own = next(each for each in told.problem.constraints if each.name == name)
    return f"constraint '{name}' ({_place(told, name)}) demands: {own.says.rstrip('.')} ({own.place})"


OWN = Membership("constraint", 12, _tell, place=_place)


def rows_of(constraint: Constraint) -> Callable[[Formulation], Rows]:
    """The constraint as a function of the formulation, under its own name, each row checked."""

    def rows(f: Formulation) -> Rows:
        if f.model.component(constraint.name) is not None:
            raise constraint.fault(f"the name '{constraint.name}'", "a name that nothing in the optimiser has yet")
        seen = set()
        for row in _called(constraint, f):
            index, lower, coefs, variables, upper = _checked(constraint, f, row)
            if index in seen:
                raise constraint.fault(f"row {index} twice", "each row with an index of its own")
            seen.add(index)
            if lower is not None and upper is not None and lower < upper:  # one row a side, so that either can be found
                yield (*index, 0), lower, coefs, variables, None
                yield (*index, 1), None, coefs, variables, upper
            elif variables and (lower is not None or upper is not None):
                yield index, lower, coefs, variables, upper

    rows.__name__ = constraint.name
    return rows


def _called(constraint: Constraint, f: Formulation) -> list[Any]:
    """All rows at once: what the user's code raises is the user's fault, and what it touches is seen."""
    function = constraint.load()
    before = _bounds(f)
    try:
        rows = list(function(f))
    except InputFaults:
        raise
    except Exception as error:
        raise constraint.fault_of(error) from error
    if _bounds(f) != before:
        raise constraint.fault("bounds of variables changed", f"nothing but {SHAPE}")
    return rows


def _bounds(f: Formulation) -> list[Any]:
    return [(each.lb, each.ub, each.fixed) for each in f.model.component_data_objects(pyo.Var)]


def _checked(constraint: Constraint, f: Formulation, row: Any) -> LinearRow:
    """A row whose index is a tuple, whose numbers are numbers and whose variables are the formulation's."""
    try:
        index, lower, coefs, variables, upper = row
        index = tuple(
            each if isinstance(each, str) else operator.index(each)
            for each in (index if isinstance(index, tuple) else (index,))
        )
        coefs = [float(each) for each in coefs]
        lower, upper = (None if side is None else float(side) for side in (lower, upper))
        variables = list(variables)
    except (TypeError, ValueError) as error:
        raise constraint.fault(f"a row that is {_short(row)}", SHAPE) from error
    if len(coefs) != len(variables):
        raise constraint.fault(f"row {index} with {len(coefs)} coefficients and {len(variables)} variables", SHAPE)
    lower, upper = (None if lower == -math.inf else lower), (None if upper == math.inf else upper)
    if not all(map(math.isfinite, (*coefs, *(side for side in (lower, upper) if side is not None)))):
        raise constraint.fault(f"row {index} with a number that is not finite", "finite numbers")
    sums: dict[int, tuple[float, Any]] = {}
    for coef, each in zip(coefs, variables, strict=True):
        sums[id(each)] = (coef + sums.get(id(each), (0.0, None))[0], each)
        name = key_of(each)[0]
        if name not in VARIABLES or each.model() is not f.model:
            raise constraint.fault(f"row {index} with '{name or _short(each)}'", f"variables of {', '.join(VARIABLES)}")
    coefs = [coef for coef, _ in sums.values() if coef]
    variables = [each for coef, each in sums.values() if coef]
    least, most = (-np.inf if lower is None else lower), (np.inf if upper is None else upper)
    if least > most:
        raise constraint.fault(f"row {index} with its lower side above its upper side", "a row that can be kept")
    if not variables and not least <= 0 <= most:
        raise UnsatisfiableConstraint(constraint, f"row {index}, which nothing can keep: nothing in it can be decided")
    return index, lower, coefs, variables, upper


def _short(thing: Any) -> str:
    text = repr(thing)
    return text if len(text) <= 60 else f"{text[:57]}..."


def recheck(constraint: Constraint, f: Formulation, seen: Seen) -> Check:
    """By how much a plan breaks the constraint at most, relative to the size of the row it breaks; and the least room
    that a row has, in the row's own unit (infinite without rows).

    Optimiser and projection agree to a share of what the whole town has, not of each small part; so the size of a
    projected quantity in a row is that of its kind in the town: its pool, its carrier, its gas.
    """
    values, sizes = _values(f, seen.plan), _sizes(f.case)
    worst, room = 0.0, np.inf
    for row in _called(constraint, f):
        _, lower, coefs, variables, upper = _checked(constraint, f, row)
        total, size = 0.0, max(abs(lower or 0.0), abs(upper or 0.0), 1.0)
        for coef, variable in zip(coefs, variables, strict=True):
            name, index = key_of(variable)
            value = float(values[name][index])
            total += coef * value
            size = max(size, abs(coef) * max(abs(value), float(sizes[name][index[0]]) if name in sizes else 0.0))
        excess = max(-np.inf if lower is None else lower - total, -np.inf if upper is None else total - upper)
        worst, room = max(worst, float(excess) / size), min(room, -float(excess))
    return Check(worst, room)


def _values(f: Formulation, plan: Plan) -> dict[str, FloatArray]:
    """Each variable's value in a plan, as an array over its index."""
    outcome = plan.outcome
    tonnes = emissions(f.case, outcome.activity, outcome.flow)[0]
    draw = np.zeros((len(f.case.pools), len(f.case.years)))
    for move in f.measures.pool_draws:
        draw[move.target] += move.amount[0] * plan.level[move.mode]
    values = {
        "new_units": plan.new_units / f.size[:, None],
        "level": plan.level,
        "payment": plan.payment,
        "activity": outcome.activity[0],
        "pool_draw": draw,
        "carrier_use": outcome.flow[0],
        "emissions": KT * tonnes,
    }
    return {name: f.decided(each) for name, each in values.items()}


def _sizes(case: Case) -> dict[str, FloatArray]:
    """Base-year size of what belongs together with each activity, pool, flow and emitting subsector, by first index."""
    level, flow = case.level[0, :, 0], reference_flow(case)
    pools = np.array([level[case.pool_of == pool].sum() for pool in range(len(case.pools))])
    carriers = np.bincount(case.flow_carrier, flow[0, :, 0], minlength=len(case.carriers))
    total = float(np.abs(emissions(case, case.level, flow)[0][:, :, 0]).sum(axis=0).max(initial=0.0))
    return {
        "activity": np.where(case.pool_of >= 0, pools[case.pool_of] if len(pools) else level, level),
        "pool_draw": pools,
        "carrier_use": carriers[case.flow_carrier],
        "emissions": np.full(len(case.subsectors), KT * total),
    }
