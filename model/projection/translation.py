"""How does a case become a program? Measures in their order, then the sums that are wanted of what they leave."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Literal

import numpy as np

from model.measures.catalogue import Move
from model.projection.case import Case
from model.projection.coefficients import reference_flow, unit_cost
from model.projection.program import Assembler, Op, Program
from model.projection.sums import ResultRows, Total, emission_sums, total_sums
from model.vocabulary import FloatArray

TOLERANCE = 1e-7
"""Share of the base level by which a request may exceed what is left without being cut (rounding of solvers)."""
Detail = Literal["level", "activity", "flow", "running_cost", "benefit", "emissions", "official"]
OUTCOME: tuple[Detail, ...] = ("level", "activity", "flow", "running_cost", "benefit")
EVERYTHING: tuple[Detail, ...] = (*OUTCOME, "emissions", "official")


def translate(case: Case, totals: Sequence[Total] = (), details: Collection[Detail] = OUTCOME) -> Program:
    """The program that carries out requests to a case and gives `details` and `totals`, the latter in their order."""
    return _Translation(case, totals, details).program()


class _Translation:
    """A program while it is being made."""

    def __init__(self, case: Case, totals: Sequence[Total], details: Collection[Detail]) -> None:
        self.case, self.measures, self.totals, self.details = case, case.measures, totals, details
        modes, measures = len(self.measures.mode_names), len(self.measures.names)
        pairs = len(case.subsectors) * len(case.gases)
        self.length: dict[str, int] = {
            "level": modes, "activity": len(case.activities), "flow": len(case.flow_carrier),
            "running_cost": measures, "benefit": measures, "emissions": pairs, "official": pairs,
        }  # fmt: skip
        shown = {name: length for name, length in self.length.items() if name in details}
        self.assembler = Assembler(case.batch, len(case.years), (measures, modes), shown | {"totals": len(totals)})
        self.level, self.activity, self.flow = (
            self.assembler.group(name, self.length[name]) for name in ("level", "activity", "flow")
        )
        self.made = {name: self._made(name, detail) for name, detail in MONEY.items()}
        self.modes = [self.measures.modes_of(measure) for measure in range(measures)]
        self.total = [self._total(measure) for measure in range(measures)]
        self.base_flow, self.unit_cost = reference_flow(case), unit_cost(case)
        self.members = [np.flatnonzero(case.pool_of == pool) for pool in range(len(case.pools))]
        self.uses: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for index, (source, target) in enumerate(zip(case.use_activity, case.use_flow, strict=True)):
            self.uses[int(source)].append((int(target), index))
        self.moves, self.draws, self.switches = (
            _by_mode(each, modes)
            for each in (self.measures.activity_moves, self.measures.pool_draws, self.measures.carrier_moves)
        )
        self.slack: dict[tuple[str, int], FloatArray] = {}

    def program(self) -> Program:
        """Begin with the reference, carry out measure by measure, then sum up."""
        emit, coefficient = self.assembler.emit, self.assembler.coefficient
        for row, values in ((self.activity, self.case.level), (self.flow, self.base_flow)):
            for index in range(values.shape[1]):
                emit(Op.LOAD, row + index, c=coefficient(values[:, index]))
        emit(Op.CLEAR, self.level, self.length["level"])
        for row in {row for rows in (self.total, *self.made.values()) for row in rows} - {*self._levels()}:
            emit(Op.CLEAR, row, 1)
        for measure in self.measures.order:
            self._measure(measure)
        rows = self._rows()
        for name in ("emissions", "official"):
            if name in self.details:
                emission_sums(self.assembler, self.case, self.assembler.group(name), rows, name == "official")
        total_sums(self.assembler, self.case, self.totals, rows)
        return self.assembler.program()

    def _made(self, name: str, detail: str) -> list[int]:
        """Rows of what the moves of each measure make: its own, one for all, or none if nobody wants to know."""
        if detail in self.details:
            return [self.assembler.group(detail) + measure for measure in range(self.length[detail])]
        wanted = any(total.of == name for total in self.totals)
        return [self._register(name)] * self.length[detail] if wanted else []

    def _total(self, measure: int) -> int:
        """Row of all units of a measure: that of its only mode, or one of its own."""
        modes = self.modes[measure]
        return self.level + int(modes[0]) if len(modes) == 1 else self._register(f"units of {measure}")

    def _levels(self) -> range:
        return range(self.level, self.level + self.length["level"])

    def _rows(self) -> ResultRows:
        moved = {move.target for moves in self.moves for move in moves}
        moved |= {int(member) for draws in self.draws for draw in draws for member in self.members[draw.target]}
        flows = {flow for activity in moved for flow, _ in self.uses[activity]}
        flows |= {move.target for moves in self.switches for move in moves}
        made = {name: list(dict.fromkeys(rows)) for name, rows in self.made.items()}
        return ResultRows(self.activity, self.flow, self.total, made, frozenset(moved), frozenset(flows))

    def _register(self, name: str) -> int:
        return self.assembler.group(name)

    def _measure(self, measure: int) -> None:
        """Carry out a measure, unless nothing is asked of it."""
        emit, wanted = self.assembler.emit, self._register("wanted")
        begun = emit(Op.WANT, wanted, measure, c=self._of_potential(measure, 1 + TOLERANCE))
        self._ceilings(measure, wanted)
        modes = [int(mode) for mode in self.modes[measure]]
        granted = [wanted] if len(modes) == 1 else self._shared_out(modes, wanted)
        for mode, units in zip(modes, granted, strict=True):
            left = self._left(mode, self._register("left"))
            emit(Op.LEAST, self.level + mode, units, left)
            self._apply(measure, mode)
            if len(modes) > 1:
                emit(Op.ADD, self.total[measure], self.level + mode)
        self.assembler.skip(begun)

    def _of_potential(self, measure: int, factor: float) -> int:
        return self.assembler.coefficient(factor * np.abs(self.measures.potential[:, measure]))

    def _ceilings(self, measure: int, wanted: int) -> None:
        """Lower what is wanted to what is required and what enables it allow."""
        emit = self.assembler.emit
        for which, other, ratio in self.measures.requires:
            if which == measure:
                there = self._of_potential(other, 1.0)
                most = self._of_potential(measure, ratio * (1 + TOLERANCE))
                emit(Op.REQUIRE, wanted, self.total[other], c=most, e=there)
        for enabling in self.measures.enables:
            if enabling.measure == measure:
                room = self._register("room")
                emit(Op.LOAD, room, c=self.assembler.coefficient(enabling.room))
                for other, ratio in enabling.enablers:
                    emit(Op.SCALE, room, self.total[other], c=self.assembler.constant(ratio))
                emit(Op.ENABLE, wanted, room, c=self._of_potential(measure, TOLERANCE))

    def _shared_out(self, modes: Sequence[int], wanted: int) -> list[int]:
        """Rows of what each mode may do: as requested, or in proportion to what is left for each."""
        emit, register = self.assembler.emit, self._register
        whole, granted = register("left in all modes"), register("granted in all modes")
        portion, shrink = register("portion"), register("shrink")
        left = [self._left(mode, register(f"left in mode {at}")) for at, mode in enumerate(modes)]
        shares = [register(f"granted in mode {at}") for at in range(len(modes))]
        for total in (whole, granted):
            emit(Op.CLEAR, total, 1)
        for room, share in zip(left, shares, strict=True):
            emit(Op.WEIGH, share, room, wanted)
            emit(Op.ADD, whole, share)
        emit(Op.PORTION, portion, wanted, whole)
        for mode, room, share in zip(modes, left, shares, strict=True):
            emit(Op.SPLIT, share, room, portion, e=mode)
            emit(Op.ADD, granted, share)
        emit(Op.SHRINK, shrink, wanted, granted, self.assembler.constant(1 + TOLERANCE))
        for share in shares:
            emit(Op.TIMES, share, shrink)
        return shares

    def _left(self, mode: int, left: int) -> int:
        """Most units, in the row `left`, for which there is enough of everything the mode takes."""
        emit = self.assembler.emit
        emit(Op.LOAD, left, c=self.assembler.constant(np.inf))
        needs = [(self.activity + each.target, -each.amount, self._slack("activity", each.target))
                 for each in self.moves[mode]]  # fmt: skip
        needs += [(self._there(each.target), each.amount, self._slack("pool", each.target))
                  for each in self.draws[mode]]  # fmt: skip
        needs += [(self.flow + each.target, -each.amount, self._slack("flow", each.target))
                  for each in self.switches[mode]]  # fmt: skip
        for row, need, slack in needs:
            if np.any(need > 0):
                coefficient = self.assembler.coefficient
                emit(Op.LEAVE, left, row, c=coefficient(need), e=coefficient(slack))
        return left

    def _there(self, pool: int) -> int:
        """Row of the sum of a pool's members."""
        there = self._register(f"pool {pool}")
        self.assembler.emit(Op.CLEAR, there, 1)
        for member in self.members[pool]:
            self.assembler.emit(Op.ADD, there, self.activity + int(member))
        return there

    def _slack(self, kind: str, index: int) -> FloatArray:
        """By how much a thing may be overdrawn, (1 or batch, year): a share of its first year."""
        if (kind, index) not in self.slack:
            if kind == "pool":
                slack = np.asarray(sum(self._slack("activity", int(member)) for member in self.members[index]))
            else:
                first = (self.case.level if kind == "activity" else self.base_flow)[:, index, :1]
                slack = np.repeat(TOLERANCE * np.abs(first), len(self.case.years), axis=1)
            self.slack[kind, index] = slack
        return self.slack[kind, index]

    def _apply(self, measure: int, mode: int) -> None:
        """Let the units of a mode move what they move: activities, then what draws on pools, and carriers."""
        changes: dict[int, FloatArray] = {}

        def change(row: int | None, amount: FloatArray) -> None:
            if row is not None:
                changes[row] = changes[row] + amount if row in changes else amount

        cost, benefit = (rows[measure] if rows else None for rows in self.made.values())
        for move in self.moves[mode]:
            change(self.activity + move.target, move.amount)
            for row, made in self._of_unit(move.target, cost, benefit):
                change(row, made * move.amount)
        for move in self.switches[mode]:
            change(self.flow + move.target, move.amount)
            change(cost, self.case.price[:, self.case.flow_carrier[move.target]] * move.amount)
        for row, amount in changes.items():
            self.assembler.scale(row, self.level + mode, amount)
        for draw in self.draws[mode]:
            self._draw(mode, draw, cost, benefit)

    def _draw(self, mode: int, draw: Move, cost: int | None, benefit: int | None) -> None:
        """Take from all members of a pool in the proportions they have now."""
        emit, share, moved = self.assembler.emit, self._register("share"), self._register("moved")
        members = self.members[draw.target]
        changed = any(move.target in members for move in self.moves[mode]) or len(self.draws[mode]) > 1
        there = self._there(draw.target) if changed else self._register(f"pool {draw.target}")
        emit(Op.RATIO, share, self.level + mode, there, self.assembler.coefficient(draw.amount))
        for member in members:
            emit(Op.DRAW, moved, share, self.activity + int(member))
            for row, made in self._of_unit(int(member), cost, benefit):
                if row is not None:
                    self.assembler.scale(row, moved, made)

    def _of_unit(self, activity: int, cost: int | None, benefit: int | None) -> list[tuple[int | None, FloatArray]]:
        """What a unit of an activity changes elsewhere: flows, running cost and benefit, each (1 or batch, year)."""
        external = self.case.external_cost[:, activity, None]
        made = [(self.flow + flow, self.case.use[:, index]) for flow, index in self.uses[activity]]
        avoided = np.repeat(-external, len(self.case.years), axis=1)
        return [*made, (cost, self.unit_cost[:, activity]), (benefit, avoided)]


MONEY = {"cost": "running_cost", "benefit": "benefit"}
"""What moves make, and by what name it is shown by measure."""


def _by_mode(moves: tuple[Move, ...], modes: int) -> list[list[Move]]:
    grouped: list[list[Move]] = [[] for _ in range(modes)]
    for move in moves:
        grouped[move.mode].append(move)
    return grouped
