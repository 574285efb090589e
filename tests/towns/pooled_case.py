"""A random town of few years: two pools, of three and of two kinds of activity, heat and a process; and its measures.

What provokes: walking, which costs little and takes a large share of a pool, beside conversions within the pool and
measures outside of it at nearly the same price a tonne; walking from the first pool that adds to the second.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from model.measures.catalogue import Enabling, Measures, Move
from model.measures.ordering import Touch, replay_order
from model.projection.case import Case
from model.vocabulary import HIERARCHY, FloatArray

BASE, FIRST = 2024, 2025
OLD, WORN, CLEAN, CARS, TRAMS, HEAT, PROCESS = range(7)
POOL_OF = np.array([0, 0, 0, 1, 1, -1, -1])
SUBSECTOR_OF = np.array([0, 0, 0, 1, 1, 1, 2])
DIRTY, POWER, BIO = range(3)
FLOWS = [(k, c) for k in range(3) for c in range(3)]
USED = {OLD: DIRTY, WORN: DIRTY, CLEAN: POWER, CARS: DIRTY, TRAMS: POWER, HEAT: DIRTY}

KINDS = ("convert", "draw", "carrier", "process", "modes", "save", "enabler")
PROVOKING = ("convert", "draw", "process", "modes", "draw", "save")


def pooled_case(rng: np.random.Generator, years: np.ndarray, provoking: bool) -> Case:
    count, activities = len(years), len(POOL_OF)
    level = rng.uniform(40, 200, (1, activities, 1)) * (
        1 + rng.uniform(-0.04, 0.02, (1, activities, 1)) * (years - BASE)
    )
    level[0, [CLEAN, TRAMS]] *= 0.05 if rng.random() < 0.5 else 0.5
    most = {DIRTY: 1.2, POWER: 0.5}  # so that no conversion saves next to nothing: its price a tonne would be huge
    use = np.array([np.full(count, rng.uniform(0.2, most[carrier])) for carrier in USED.values()])
    factor = np.zeros((1, 3, 2, count))
    factor[0, DIRTY, 0] = 250.0 * (1 - 0.01 * (years - BASE))
    factor[0, POWER, 0] = rng.uniform(0, 40)
    factor[0, DIRTY, 1] = 0.05
    direct = np.array([np.full(count, rng.uniform(50, 250)), np.full(count, rng.uniform(0, 2))])
    return Case(
        years=years,
        first_decision_year=FIRST,
        activities=("old", "worn", "clean", "cars", "trams", "heat", "process"),
        activity_units=("u",) * activities,
        pools=("journeys", "errands"),
        subsectors=("roads", "town", "works"),
        carriers=("dirty", "power", "bio"),
        gases=("co2", "ch4"),
        subsector_of=SUBSECTOR_OF,
        pool_of=POOL_OF,
        flow_subsector=np.array([k for k, _ in FLOWS]),
        flow_carrier=np.array([c for _, c in FLOWS]),
        level=level,
        other_use=rng.uniform(0, 10, (1, len(FLOWS), 1)) * np.ones(count),
        use_activity=np.array(list(USED)),
        use_flow=np.array([_flow(s, c) for s, c in USED.items()]),
        use=use[None],
        direct_activity=np.array([PROCESS, HEAT]),
        direct_gas=np.array([0, 1]),
        direct=direct[None],
        factor=factor,
        official_factor=factor,
        gwp=np.array([1.0, 28.0]),
        price=rng.uniform(0.3, 1.5, (1, 3, 1)) * np.ones(count),
        running_cost=rng.uniform(0, 0.5, (1, activities)),
        external_cost=rng.uniform(0, 0.3, (1, activities)),
        social_rate=0.035,
        measures=_measures(rng, level[0], use, factor[0, :, 0], float(direct[0, 0]), provoking),
    )


def _flow(activity: int, carrier: int) -> int:
    return FLOWS.index((int(SUBSECTOR_OF[activity]), carrier))


# --- what can be decided -------------------------------------------------------------------------------


@dataclass
class _Draft:
    """Measures while they are being made."""

    rng: np.random.Generator
    level: FloatArray
    tonnes: FloatArray
    """(activity,) t CO2e of a unit in the base year"""
    provoking: bool
    mode_measure: list[int] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    draws: list[Move] = field(default_factory=list)
    switches: list[Move] = field(default_factory=list)
    touches: list[Touch] = field(default_factory=list)
    most: list[float] = field(default_factory=list)
    """units there can be"""
    saved: list[float] = field(default_factory=list)
    """t a unit saves a year, were nothing else done; 0: nothing by itself"""

    def add(self, kind: str) -> None:
        """A measure of a kind."""
        self.touches.append(Touch(f"{kind}_{len(self.touches)}", int(self.rng.integers(0, len(HIERARCHY)))))
        getattr(self, f"_{kind}")(self._mode())

    def _mode(self) -> int:
        self.mode_measure.append(len(self.touches) - 1)
        return len(self.mode_measure) - 1

    def _move(self, mode: int, target: int, amount: float) -> None:
        self.moves.append(Move(mode, target, self._flat(amount)))
        (self.touches[-1].adds if amount > 0 else self.touches[-1].takes).add(target)

    def _flat(self, value: float) -> FloatArray:
        return np.full((1, self.level.shape[1]), float(value))

    def _done(self, most: float, saved: float) -> None:
        self.most.append(float(most))
        self.saved.append(max(float(saved), 0.0))

    def _convert(self, mode: int) -> None:
        source, target = ((OLD, CLEAN), (CARS, TRAMS))[int(self.rng.integers(0, 2))]
        self._move(mode, source, -1)
        self._move(mode, target, 1)
        self._done(self.rng.uniform(0.4, 1.1) * self.level[source].min(), self.tonnes[source] - self.tonnes[target])

    def _modes(self, mode: int) -> None:
        self._move(mode, OLD, -1)
        self._move(mode, CLEAN, 1)
        second = self._mode()
        self._move(second, WORN, -1)
        self._move(second, CLEAN, 1)
        worth = self.tonnes[[OLD, WORN]].mean() - self.tonnes[CLEAN]
        self._done(self.rng.uniform(0.3, 0.9) * self.level[[OLD, WORN]].sum(axis=0).min(), worth)

    def _draw(self, mode: int) -> None:
        pool = int(self.rng.integers(0, 2))
        amount, share = (
            self.rng.uniform(0.5, 2),
            self.rng.uniform(0.3, 0.8) if self.provoking else self.rng.uniform(0.05, 0.3),
        )
        self.draws.append(Move(mode, pool, self._flat(amount)))
        self.touches[-1].draws.add(pool)
        members = np.flatnonzero(pool == POOL_OF)
        if pool == 0 and self.rng.random() < 0.5:
            self._move(mode, CARS if self.rng.random() < 0.5 else TRAMS, 0.3 * amount)
        mean = (self.tonnes[members] * self.level[members, 0]).sum() / self.level[members, 0].sum()
        self._done(share * self.level[members].sum(axis=0).min() / amount, amount * mean)

    def _carrier(self, mode: int) -> None:
        source = (OLD, HEAT)[int(self.rng.integers(0, 2))]
        taken, given = _flow(source, DIRTY), _flow(source, BIO)
        self.switches += [Move(mode, taken, self._flat(-1)), Move(mode, given, self._flat(1))]
        self.touches[-1].takes_flow.add(taken)
        self.touches[-1].adds_flow.add(given)
        self._done(self.rng.uniform(10, 60), 250)

    def _process(self, mode: int) -> None:
        self._move(mode, PROCESS, -0.5)
        self._done(self.rng.uniform(0.5, 1.5) * self.level[PROCESS].min(), 0.5 * self.tonnes[PROCESS])

    def _save(self, mode: int) -> None:
        self._move(mode, HEAT, -1)
        self._done(self.rng.uniform(0.2, 0.8) * self.level[HEAT].min(), self.tonnes[HEAT])

    def _enabler(self, mode: int) -> None:
        self._done(self.rng.uniform(10, 60), 0)


def _measures(
    rng: np.random.Generator, level: FloatArray, use: FloatArray, factor: FloatArray, smoke: float, provoking: bool
) -> Measures:
    """`use` (use, year), `factor` (carrier, year) of fossil CO2, `smoke`: t a unit of the process emits."""
    years, tonnes = level.shape[1], np.zeros(len(level))
    tonnes[PROCESS] = smoke
    for row, (activity, carrier) in enumerate(USED.items()):
        tonnes[activity] += use[row, 0] * factor[carrier, 0]
    draft, kinds = _Draft(rng, level, tonnes, provoking), PROVOKING if provoking else KINDS
    chosen = [*kinds, *(str(rng.choice(kinds)) for _ in range(int(rng.integers(0, 3))))]
    for kind in chosen:
        draft.add(kind)
    relations = _relations(rng, chosen, draft, years)
    flows_of = [[_flow(s, USED[s])] if s in USED else [] for s in range(len(level))]
    count, most, saved = len(chosen), np.array(draft.most), np.array(draft.saved)
    lumps = np.where(rng.random(count) < (0.4 if provoking else 0.3), most / rng.integers(2, 7, count), 0.0)
    price = rng.uniform(0.4, 1.2, count) if provoking else rng.lognormal(0, 0.7, count)
    walking = np.array([kind == "draw" for kind in chosen])
    price[walking & (rng.random(count) < (0.8 if provoking else 0.3))] *= 0.02
    capital = np.where(saved > 0, saved, 50.0) * price * 0.01
    shape = (1, count, years)
    fixed = capital * (rng.uniform(-0.02, 0.02, count) if provoking else rng.uniform(-0.05, 0.1, count))
    return Measures(
        names=tuple(touch.name for touch in draft.touches),
        units=("unit",) * count,
        categories=("any",) * count,
        mode_names=tuple(str(mode) for mode in range(len(draft.mode_measure))),
        mode_measure=np.array(draft.mode_measure),
        activity_moves=tuple(draft.moves),
        pool_draws=tuple(draft.draws),
        carrier_moves=tuple(draft.switches),
        potential=most[None, :, None] * np.linspace(rng.uniform(0.7, 1.0), 1.0, years),
        ramp=np.where(rng.random(count) < (0.1 if provoking else 0.5), np.maximum(0.4 * most, lumps), np.inf)[None],
        first_year=FIRST + (rng.random(count) < 0.2).astype(int),
        lead=(rng.random(count) < (0.1 if provoking else 0.3)).astype(int),
        lifetime=np.where(rng.random(count) < 0.2, 1, rng.integers(2, 20, count)),
        unit_size=lumps,
        **relations,
        order=replay_order(draft.touches, POOL_OF, flows_of, _before(relations)),
        capital=capital[:, None] * np.ones(shape),
        fixed_cost=fixed[:, None] * np.ones(shape),
        fixed_benefit=rng.uniform(0, 0.1, (count, 1)) * capital[:, None] * np.ones(shape),
    )


def _relations(rng: np.random.Generator, chosen: list[str], draft: _Draft, years: int) -> dict[str, Any]:
    """One measure may enable, require or exclude another; rarely where pools are to be provoked."""
    found: dict[str, Any] = {"requires": (), "excludes": (), "enables": ()}
    if "enabler" in chosen:
        enabler, enabled = chosen.index("enabler"), chosen.index("convert")
        room = (rng.uniform(-0.1, 0.4) - 0.02 * np.arange(years))[None] * draft.most[enabled]
        ratio = float(rng.uniform(0.3, 1.0)) * draft.most[enabled] / draft.most[enabler]
        found["enables"] = (Enabling(enabled, room, ((enabler, ratio),)),)
    if rng.random() < (0.1 if draft.provoking else 0.4):
        found["requires"] = ((chosen.index("process"), chosen.index("save"), 1.5),)
    if rng.random() < (0.1 if draft.provoking else 0.3):
        found["excludes"] = ((chosen.index("convert"), chosen.index("modes")),)
    return found


def _before(relations: dict[str, Any]) -> list[tuple[int, int]]:
    enabled = [(other, each.measure) for each in relations["enables"] for other, _ in each.enablers]
    return enabled + [(other, m) for m, other, _ in relations["requires"]]
