"""What is a larger town like? Problems with any number of measures, the same for the same seed.

A town is made of neighbourhoods of eight measures. In each, a pool of techniques (two that burn fuel, one clean) can be
converted, drawn on and helped by an enabler; beside it stand a heated activity with fuel to switch and a process with
emissions of its own. Every fifth measure comes in whole units. Money is short and the target is missed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

import numpy as np

from model.measures.catalogue import Enabling, Measures, Move
from model.measures.ordering import Touch, replay_order
from model.money.debts import Debts
from model.money.economics import straight_line_charge
from model.money.financing import Financing
from model.money.savings import over_life, yearly_cost
from model.optimiser.problem import Problem, TargetLimit
from model.projection.case import Case
from model.vocabulary import HIERARCHY, FloatArray

YEARS = np.arange(2025, 2041)
FIRST = 2026
CARRIERS = ("oil", "gas", "electricity", "biofuel")
GASES = ("co2", "ch4", "n2o")
OLD, WORN, CLEAN, HEATED, PROCESS = range(5)
"""Activities of a neighbourhood; the first three are its pool."""
KINDS = ("convert", "convert_any", "draw", "enabler", "switch", "process", "save", "biofuel")
FUNDS = ("investment", "operating", "grant", "own")
OWNER_RATE, PAYBACK, INTERNAL_RATE = 0.08, 7, 0.0275
"""Rate and years by which owners outside the municipality judge, and the rate on the book value of what it owns."""
SHORT = (0.3, 0.15, 0.25)
"""Pots a year, as share of what doing everything evenly would ask of them."""
LEFT = 0.15
"""Share of the emissions of the first year that the target leaves."""


def town(measures: int, seed: int = 0, gap: float = 0.01, time_limit: float = 60.0) -> Problem:
    """A problem with so many measures, 15 decision years and four funds."""
    rng = np.random.default_rng([seed, measures])
    blocks = -(-measures // len(KINDS))
    case = _case(rng, measures, blocks)
    weight = np.tile(case.gwp, (len(case.subsectors), 1))
    whole = float((_base(case) * case.gwp[None, :]).sum())
    bound = np.full(len(YEARS), np.inf)
    bound[-6:] = LEFT * whole
    capped = np.full(len(YEARS), np.inf)
    capped[5:] = 0.5 * whole
    return Problem(
        case=case,
        financing=_financing(rng, case),
        objective="least_emissions",
        limits=(TargetLimit("late", weight, bound, 1), TargetLimit("early", weight, capped, 2)),
        counted=weight,
        start=FIRST,
        window=(FIRST, int(YEARS[-1])),
        gap=gap,
        time_limit=time_limit,
    )


def _base(case: Case) -> FloatArray:
    """Emissions of the first year, (subsector, gas) in t."""
    from model.projection.coefficients import reference_flow
    from model.projection.replay import emissions

    return np.asarray(emissions(case, case.level, reference_flow(case))[0][:, :, 0])


def _case(rng: np.random.Generator, count: int, blocks: int) -> Case:
    years, activities = len(YEARS), 5 * blocks
    trend = 1.0 + rng.uniform(-0.02, 0.01, (activities, 1)) * np.arange(years)
    level = rng.lognormal(4.5, 0.6, (activities, 1)) * trend
    level[CLEAN::5] *= 0.1
    pool_of = np.full(activities, -1)
    for place in (OLD, WORN, CLEAN):
        pool_of[place::5] = np.arange(blocks)
    block = np.arange(activities) // 5
    subsector_of = np.where(np.arange(activities) % 5 < HEATED, 2 * block, 2 * block + 1)
    flows = [(k, c) for k in range(2 * blocks) for c in range(len(CARRIERS))]
    used = {OLD: (0, 0), WORN: (0, 1), CLEAN: (0, 2), HEATED: (1, 1)}
    pairs = [
        (5 * b + place, flows.index((2 * b + side, c))) for b in range(blocks) for place, (side, c) in used.items()
    ]
    use = rng.uniform(0.3, 1.2, (len(pairs), 1)) * (1.0 - 0.005 * np.arange(years))
    factor = np.zeros((1, len(CARRIERS), len(GASES), years))
    factor[0, 0, 0], factor[0, 1, 0], factor[0, 2, 0] = 265.0, 205.0, 30.0 * np.linspace(1, 0.2, years)
    factor[0, :, 1], factor[0, :, 2] = 0.02, 0.005
    process = np.arange(PROCESS, activities, 5)
    measures = _measures(rng, count, level, pool_of, flows, pairs)
    return Case(
        years=YEARS,
        first_decision_year=FIRST,
        activities=tuple(f"activity_{s}" for s in range(activities)),
        activity_units=("u",) * activities,
        pools=tuple(f"pool_{b}" for b in range(blocks)),
        subsectors=tuple(f"subsector_{k}" for k in range(2 * blocks)),
        carriers=CARRIERS,
        gases=GASES,
        subsector_of=subsector_of,
        pool_of=pool_of,
        flow_subsector=np.array([k for k, _ in flows]),
        flow_carrier=np.array([c for _, c in flows]),
        level=level[None],
        other_use=rng.uniform(0, 3, (1, len(flows), 1)) * np.ones(years),
        use_activity=np.array([s for s, _ in pairs]),
        use_flow=np.array([flow for _, flow in pairs]),
        use=use[None],
        direct_activity=np.concatenate([process, process]),
        direct_gas=np.repeat([0, 1], blocks),
        direct=np.concatenate([rng.uniform(20, 150, (blocks, 1)), rng.uniform(0, 3, (blocks, 1))])[None]
        * np.ones(years),
        factor=factor,
        official_factor=factor,
        gwp=np.array([1.0, 28.0, 265.0]),
        price=np.array([1.1, 0.9, 0.8, 1.4])[None, :, None] * np.ones(years),
        running_cost=rng.uniform(0, 0.3, (1, activities)),
        external_cost=np.zeros((1, activities)),
        social_rate=0.035,
        measures=measures,
    )


@dataclass
class _Draft:
    """What measures move, while they are being made."""

    mode_measure: list[int] = field(default_factory=list)
    activity: list[Move] = field(default_factory=list)
    draws: list[Move] = field(default_factory=list)
    carrier: list[Move] = field(default_factory=list)
    touches: list[Touch] = field(default_factory=list)
    most: list[float] = field(default_factory=list)
    """largest sensible number of units"""


def _kinds(count: int) -> Iterator[tuple[int, int, str]]:
    """(measure, neighbourhood, kind)."""
    every = ((b, kind) for b in range(count) for kind in KINDS)
    for index, (b, kind) in enumerate(islice(every, count)):
        yield index, b, kind


def _measures(
    rng: np.random.Generator,
    count: int,
    level: FloatArray,
    pool_of: np.ndarray,
    flows: list[tuple[int, int]],
    pairs: list[tuple[int, int]],
) -> Measures:
    years = level.shape[1]
    draft = _Draft()
    for index, b, kind in _kinds(count):
        _draft(draft, rng, index, b, kind, level)
    potential = np.array(draft.most)[:, None] * np.linspace(0.7, 1.0, years)
    lumpy = np.arange(count) % 5 == 4
    size = np.where(lumpy, potential.min(axis=1) / rng.integers(1, 7, count), 0.0)
    by_kind = {(b, kind): index for index, b, kind in _kinds(count)}
    enables, requires, excludes, before = [], [], [], []
    for (b, kind), m in by_kind.items():
        enabler = by_kind.get((b, "enabler"))
        if kind == "convert" and enabler is not None:
            room = (0.3 * draft.most[m] - 0.01 * draft.most[m] * np.arange(years))[None]
            enables.append(Enabling(m, room, ((enabler, float(draft.most[m] / draft.most[enabler])),)))
            before.append((enabler, m))
        if kind == "save" and b % 4 == 0:
            excludes.append((m, by_kind[b, "switch"]))
        if kind == "process" and b % 3 == 0:
            requires.append((m, by_kind[b, "enabler"], 1.5))
            before.append((by_kind[b, "enabler"], m))
    flows_of = [[flow for s, flow in pairs if s == activity] for activity in range(len(level))]
    lifetime = rng.integers(8, 30, count)
    value = rng.lognormal(-0.3, 0.7, count)
    return Measures(
        names=tuple(touch.name for touch in draft.touches),
        units=("unit",) * count,
        categories=("any",) * count,
        mode_names=tuple(str(mode) for mode in range(len(draft.mode_measure))),
        mode_measure=np.array(draft.mode_measure),
        activity_moves=tuple(draft.activity),
        pool_draws=tuple(draft.draws),
        carrier_moves=tuple(draft.carrier),
        potential=potential[None],
        ramp=np.where(rng.random(count) < 0.7, np.maximum(potential.max(axis=1) * rng.uniform(0.08, 0.3, count), size),
                      np.inf)[None],
        first_year=FIRST + rng.integers(0, 3, count),
        lead=rng.integers(0, 4, count),
        lifetime=lifetime,
        unit_size=size,
        requires=tuple(requires),
        excludes=tuple(excludes),
        enables=tuple(enables),
        order=replay_order(draft.touches, pool_of, flows_of, before),
        capital=(value[:, None] * np.linspace(1.0, 0.8, years))[None],
        fixed_cost=(value * rng.uniform(-0.05, 0.06, count))[None, :, None] * np.ones(years),
        fixed_benefit=np.zeros((1, count, years)),
    )  # fmt: skip


def _draft(draft: _Draft, rng: np.random.Generator, index: int, b: int, kind: str, level: FloatArray) -> None:
    """Add a measure of a neighbourhood: what it moves and how much of it there can be."""

    def flat(value: float) -> FloatArray:
        return np.full((1, level.shape[1]), float(value))

    touch = Touch(f"{kind}_{b}", int(rng.integers(0, len(HIERARCHY))))
    old, worn, clean, heated, process = (5 * b + place for place in range(5))
    transport, buildings = 2 * b * len(CARRIERS), (2 * b + 1) * len(CARRIERS)
    mode, most = len(draft.mode_measure), 1.0
    draft.mode_measure.append(index)
    if kind in ("convert", "convert_any"):
        sources = (old,) if kind == "convert" else (old, worn)
        for offset, source in enumerate(sources):
            if offset:
                draft.mode_measure.append(index)
            draft.activity += [Move(mode + offset, source, flat(-1)), Move(mode + offset, clean, flat(1))]
            touch.takes.add(source)
            most *= 1.0 if offset else 0.7 * level[source].min()
        touch.adds.add(clean)
    elif kind == "draw":
        draft.draws.append(Move(mode, b, flat(1)))
        touch.draws.add(b)
        most = 0.3 * float(level[[old, worn, clean]].sum(axis=0).min())
    elif kind in ("switch", "biofuel"):
        taken, given = (buildings + 1, buildings + 2) if kind == "switch" else (transport, transport + 3)
        saved = rng.uniform(0.3, 0.9) if kind == "switch" else 1.0
        draft.carrier += [Move(mode, taken, flat(-1)), Move(mode, given, flat(saved))]
        touch.takes_flow.add(taken), touch.adds_flow.add(given)
        most = 0.4 * float(level[heated if kind == "switch" else old].min())
    elif kind == "save":
        draft.activity.append(Move(mode, heated, flat(-1)))
        touch.takes.add(heated)
        most = 0.4 * float(level[heated].min())
    elif kind == "process":
        draft.activity.append(Move(mode, process, flat(-1)))
        touch.takes.add(process)
        most = 0.6 * float(level[process].min())
    else:
        most = float(rng.uniform(10, 60))
    draft.touches.append(touch)
    draft.most.append(most)


def _financing(rng: np.random.Generator, case: Case) -> Financing:
    """Municipal pots for investment and running, which carries the capital charge, a grant that pays up to half, and
    owners' own money.
    """
    measures, count = case.measures, len(case.measures.names)
    running = yearly_cost(case)[0]
    municipal = rng.random(count) < 0.4
    saving, horizon = np.maximum(-running, 0.0), np.minimum(PAYBACK, measures.lifetime)
    worth, after = over_life(saving, measures.lead, horizon, np.full(count, OWNER_RATE))
    capital, support = measures.capital[0], np.maximum(running, 0.0)
    contribution = np.where(municipal[:, None], 0.0, np.minimum(capital, worth))
    claims: list[tuple[int, int, bool, FloatArray]] = []
    for stake in range(count):
        claims.append((stake, 0, True, capital[stake] if municipal[stake] else 0.6 * capital[stake]))
        claims.append((stake, 2, True, 0.5 * capital[stake]))
        if contribution[stake].max() > 0:
            claims.append((stake, 3, True, contribution[stake]))
        if support[stake].max() > 0:
            claims.append((stake, 1, False, support[stake]))
    full, decisions = measures.potential[0].max(axis=1), len(YEARS) - 1
    everything = float((full * (capital - contribution)[:, 0]).sum()) / decisions
    years = len(YEARS)
    charge = straight_line_charge(INTERNAL_RATE, 0.0, measures.lead, measures.lifetime, years)
    run_all = float((full * support.mean(axis=1)).sum()) + 0.5 * everything * float(charge[:, 0].sum(axis=1).mean())
    budget = np.array([SHORT[0] * everything, SHORT[1] * run_all, SHORT[2] * everything, 0.0])
    none, by_year, per_krona = np.zeros(0, dtype=int), np.zeros((1, 0, years)), np.zeros((0, years, years))
    return Financing(
        funds=FUNDS,
        own=(False, False, False, True),
        grant=(False, False, True, False),
        budget=budget[None, :, None] * np.linspace(1.0, 1.2, years),
        carry_over=np.array([0.5 * budget[0], 0.0, 0.0, 0.0])[None, :, None] * np.ones(years),
        keep=np.ones(len(FUNDS)),
        charged_to=np.array([1, -1, -1, -1]),
        charge=charge,
        debts=Debts(none, none, by_year, per_krona, per_krona, by_year, by_year),
        own_share=np.zeros(len(FUNDS)),
        outside=~municipal,
        owner_rate=np.full(count, OWNER_RATE),
        saving=saving[None],
        saved_after=after[None],
        grant_limit=np.full((1, count, years), np.inf),
        stake_measure=np.arange(count),
        stake_owner=tuple("municipality" if each else "private" for each in municipal),
        capital=capital[None],
        support=support[None],
        deficit=(capital - contribution)[None],
        claim_stake=np.array([claim[0] for claim in claims]),
        claim_fund=np.array([claim[1] for claim in claims]),
        claim_capital=tuple(claim[2] for claim in claims),
        claim_limit=np.array([[claim[3] for claim in claims]]),
    )
