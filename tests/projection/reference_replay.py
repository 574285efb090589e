"""What do activities, carrier use and emissions become when a portfolio is carried out? The readable reference.

What the compiled kernel computes, written in numpy as it is said in the documentation; tests compare both.

Two balances, Z = B + A X >= 0 and F = F0 + U Z + D X >= 0, and emissions as coefficients times Z and F. Requests may
exceed what is there: measures are replayed in their order, each limited to what is left; what draws on a pool takes
from its members in the plan's own proportions. All arrays have a leading batch axis (scenarios, futures, draws);
nothing here loops over years or over the batch. In memory they lie thing by thing: one activity, flow
or measure of the whole batch is one block, because that is what is worked on at a time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.measures.catalogue import Enabling, Measures, Move
from model.projection.case import Case
from model.projection.replay import Outcome, Request
from model.vocabulary import FloatArray

TOLERANCE = 1e-7
"""Share of the base level by which a request may exceed what is left without being cut (rounding of solvers)."""


def flow_of(case: Case, activity: FloatArray) -> FloatArray:
    """F0 + U Z for activity levels Z, (batch, flow, year) in GWh."""
    flow = _copied(case.other_use, len(activity))
    for index, (source, target) in enumerate(zip(case.use_activity, case.use_flow, strict=True)):
        flow[:, target] += case.use[:, index] * activity[:, source]
    return flow


def unit_cost(case: Case) -> FloatArray:
    """Running cost of activities with energy, (batch, activity, year) in MSEK per unit."""
    years = np.ones(len(case.years))
    cost = _copied(case.running_cost[:, :, None] * years, case.batch)
    for index, (source, target) in enumerate(zip(case.use_activity, case.use_flow, strict=True)):
        cost[:, source] += case.use[:, index] * case.price[:, case.flow_carrier[target]]
    return cost


def replay(case: Case, request: Request) -> Outcome:
    """Carry out a request, measure by measure, each limited to what is left.

    The batch axes of case and request are equal, or one of them has length 1.
    """
    return _Replay(case, request).run()


class _Replay:
    """The state while measures are replayed: levels so far, and what is left to take."""

    def __init__(self, case: Case, request: Request) -> None:
        self.case, self.measures, self.request = case, case.measures, request
        batch = max(case.batch, len(request.level))
        years = len(case.years)
        self.activity = _copied(case.level, batch)
        self.flow = flow_of(case, self.activity)
        self.slack_activity = TOLERANCE * np.abs(case.level[:, :, :1])
        self.slack_flow = TOLERANCE * np.abs(self.flow[:, :, :1])
        self.level = _zeros(batch, len(self.measures.mode_names), years)
        self.total = _zeros(batch, len(self.measures.names), years)
        self.running_cost = _zeros(batch, len(self.measures.names), years)
        self.benefit = _zeros(batch, len(self.measures.names), years)
        self.unit_cost = unit_cost(case)
        self.members = [np.flatnonzero(case.pool_of == pool) for pool in range(len(case.pools))]
        self.uses: list[list[tuple[int, int]]] = [[] for _ in case.activities]
        for index, (source, target) in enumerate(zip(case.use_activity, case.use_flow, strict=True)):
            self.uses[source].append((int(target), index))
        self.moves = _by_mode(self.measures.activity_moves, self.level.shape[1])
        self.draws = _by_mode(self.measures.pool_draws, self.level.shape[1])
        self.switches = _by_mode(self.measures.carrier_moves, self.level.shape[1])
        self.modes = [self.measures.modes_of(measure) for measure in range(len(self.measures.names))]
        self.ceilings = _ceilings(self.measures)

    def run(self) -> Outcome:
        for measure in self.measures.order:
            if np.any(self.request.level[:, measure]):
                self._carry_out(measure)
        return Outcome(self.level, self.activity, self.flow, self.running_cost, self.benefit)

    def _carry_out(self, measure: int) -> None:
        modes = self.modes[measure]
        wanted = np.minimum(self.request.level[:, measure], self._ceiling(measure))
        if len(modes) == 1:
            granted = {int(modes[0]): np.minimum(wanted, self._left(int(modes[0])))}
        else:
            granted = self._share_out(modes, wanted)
        for mode, level in granted.items():
            if len(modes) > 1:  # modes may take from the same thing
                granted[mode] = level = np.minimum(level, self._left(mode))
            self.level[:, mode] = level
            self._apply(measure, mode, level)
        self.total[:, measure] = sum(granted.values())

    def _share_out(self, modes: np.ndarray, wanted: FloatArray) -> dict[int, FloatArray]:
        """Levels by mode: as requested, or in proportion to what is left for each."""
        left = {int(mode): self._left(int(mode)) for mode in modes}
        said = {mode: self.request.by_mode[:, mode] for mode in left}
        weight = {mode: np.where(np.isfinite(room), room, wanted) for mode, room in left.items()}
        whole = sum(weight.values())
        ratio = np.divide(wanted, whole, out=np.zeros_like(wanted), where=whole > 0)
        granted = {}
        for mode in left:
            unsaid = np.isnan(said[mode])
            granted[mode] = np.where(unsaid, weight[mode] * np.minimum(ratio, 1.0), np.minimum(said[mode], left[mode]))
        # modes said one by one still obey the ceiling of their sum
        total = sum(granted.values())
        over = np.divide(wanted, total, out=np.ones_like(total), where=total > wanted * (1 + TOLERANCE))
        return {mode: level * over for mode, level in granted.items()}

    def _ceiling(self, measure: int) -> FloatArray:
        """Most units by potential and by what enables or is required, (batch, year)."""
        most = self.measures.potential[:, measure] * (1 + TOLERANCE)
        for other, ratio in self.ceilings.requires[measure]:
            there = self.measures.potential[:, other]
            share = np.divide(self.total[:, other], there, out=np.zeros_like(self.total[:, other]), where=there > 0)
            most = np.minimum(most, ratio * share * self.measures.potential[:, measure] * (1 + TOLERANCE))
        for enabling in self.ceilings.enables[measure]:
            room = enabling.room + sum(ratio * self.total[:, other] for other, ratio in enabling.enablers)
            most = np.minimum(most, np.maximum(room, 0.0) + TOLERANCE * np.abs(self.measures.potential[:, measure]))
        return most

    def _left(self, mode: int) -> FloatArray:
        """Most units for which there is enough of everything the mode takes, (batch, year)."""
        most = np.full((len(self.activity), self.activity.shape[2]), np.inf)
        for move in self.moves[mode]:
            room = self.activity[:, move.target] + self.slack_activity[:, move.target]
            _limit(most, room, -move.amount)
        for move in self.draws[mode]:
            members = self.members[move.target]
            room = (self.activity[:, members] + self.slack_activity[:, members]).sum(axis=1)
            _limit(most, room, move.amount)
        for move in self.switches[mode]:
            _limit(most, self.flow[:, move.target] + self.slack_flow[:, move.target], -move.amount)
        return most

    def _apply(self, measure: int, mode: int, level: FloatArray) -> None:
        for move in self.moves[mode]:
            self._move(measure, move.target, move.amount * level)
        for move in self.draws[mode]:
            members = self.members[move.target]
            there = self.activity[:, members].sum(axis=1)
            share = np.divide(move.amount * level, there, out=np.zeros_like(there), where=there > 0)
            for member in members:
                self._move(measure, int(member), -share * self.activity[:, member])
        for move in self.switches[mode]:
            moved = move.amount * level
            self.flow[:, move.target] += moved
            self.running_cost[:, measure] += moved * self.case.price[:, self.case.flow_carrier[move.target]]

    def _move(self, measure: int, activity: int, moved: FloatArray) -> None:
        self.activity[:, activity] += moved
        for flow, index in self.uses[activity]:
            self.flow[:, flow] += self.case.use[:, index] * moved
        self.running_cost[:, measure] += moved * self.unit_cost[:, activity]
        self.benefit[:, measure] -= moved * self.case.external_cost[:, activity, None]


def _copied(values: FloatArray, batch: int) -> FloatArray:
    """Values (1 or batch, ..., year) for the whole batch, thing by thing in memory."""
    whole = np.broadcast_to(values, (batch, *values.shape[1:]))
    return np.moveaxis(np.array(np.moveaxis(whole, 0, -2), order="C"), -2, 0)


def _zeros(batch: int, *shape: int) -> FloatArray:
    """Zeros (batch, ..., year), thing by thing in memory."""
    return np.moveaxis(np.zeros((*shape[:-1], batch, shape[-1])), -2, 0)


@dataclass(frozen=True)
class _Ceilings:
    """What limits a measure through others, by measure."""

    requires: list[list[tuple[int, float]]]
    enables: list[list[Enabling]]


def _ceilings(measures: Measures) -> _Ceilings:
    requires: list[list[tuple[int, float]]] = [[] for _ in measures.names]
    enables: list[list[Enabling]] = [[] for _ in measures.names]
    for measure, other, ratio in measures.requires:
        requires[measure].append((other, ratio))
    for enabling in measures.enables:
        enables[enabling.measure].append(enabling)
    return _Ceilings(requires, enables)


def _by_mode(moves: tuple[Move, ...], modes: int) -> list[list[Move]]:
    grouped: list[list[Move]] = [[] for _ in range(modes)]
    for move in moves:
        grouped[move.mode].append(move)
    return grouped


def _limit(most: FloatArray, room: FloatArray, need: FloatArray) -> None:
    """Lower `most` to room / need wherever the mode needs some."""
    needed = need > 0
    if np.any(needed):
        np.minimum(
            most,
            np.divide(np.maximum(room, 0.0), need, out=np.full_like(most, np.inf), where=needed),
            out=most,
        )


def emissions(case: Case, activity: FloatArray, flow: FloatArray, official: bool = False) -> FloatArray:
    """Emissions (batch, subsector, gas, year) in t of gas; `official`: as official statistics would see them."""
    factor = case.official_factor if official else case.factor
    batch, years = len(activity), activity.shape[2]
    total = _zeros(batch, len(case.subsectors), len(case.gases), years)
    emits = np.any(factor != 0, axis=(0, 3))
    for index, (source, gas) in enumerate(zip(case.direct_activity, case.direct_gas, strict=True)):
        total[:, case.subsector_of[source], gas] += case.direct[:, index] * activity[:, source]
    for index, (subsector, carrier) in enumerate(zip(case.flow_subsector, case.flow_carrier, strict=True)):
        for gas in np.flatnonzero(emits[carrier]):
            total[:, subsector, gas] += factor[:, carrier, gas] * flow[:, index]
    return total
