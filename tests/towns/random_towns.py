"""Random small towns: cases with pools, modes, several sources, enablers, whole units and targets, for property tests.

Activities are numbered so that every measure moves from a lower to a higher number; then no measures feed each other
in a circle whatever is drawn.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from model.batch import select
from model.measures.catalogue import Enabling, Measures, Move
from model.measures.ordering import Touch, replay_order
from model.money.debts import Debts
from model.money.financing import Financing
from model.optimiser.problem import Problem, TargetLimit
from model.projection.case import Case
from model.projection.replay import Request
from model.vocabulary import HIERARCHY, FloatArray

YEARS = np.arange(2024, 2034)
FIRST = 2026


def random_case(seed: int, measures: int = 7, pools: bool = True, lumpy: bool = True, relations: bool = True) -> Case:
    """A town with two pools, two activities of their own and three carriers."""
    rng = np.random.default_rng(seed)
    years = len(YEARS)
    pool_of = np.array([0, 0, 0, 1, 1, -1, -1])
    subsector_of = np.array([0, 0, 0, 1, 1, 1, 2])
    activities = len(pool_of)
    trend = 1.0 + rng.uniform(-0.04, 0.02, (1, activities, 1)) * np.arange(years)
    level = rng.uniform(20, 200, (1, activities, 1)) * trend
    level[0, 2] *= 0.05  # a clean technique that is small yet
    flows = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)]
    use_activity, use_flow, use = [], [], []
    for source in range(6):
        kind = rng.integers(0, 2) if pool_of[source] >= 0 and source not in (2, 4) else 1
        use_activity.append(source)
        use_flow.append(flows.index((int(subsector_of[source]), int(kind))))
        use.append(np.full(years, rng.uniform(0.2, 1.5)))
    factor = np.zeros((1, 3, 2, years))
    factor[0, 0, 0] = 250.0 * (1 - 0.01 * np.arange(years))
    factor[0, 1, 0] = rng.uniform(0, 40)
    factor[0, 0, 1] = 0.05
    measure_arrays = _measures(
        rng, measures, pools, lumpy, relations, level[0], pool_of, flows, use_activity, use_flow, use
    )
    return Case(
        years=YEARS,
        first_decision_year=FIRST,
        activities=tuple(f"activity_{i}" for i in range(activities)),
        activity_units=("u",) * activities,
        pools=("pool_a", "pool_b"),
        subsectors=("k0", "k1", "k2"),
        carriers=("dirty", "clean", "bio"),
        gases=("co2", "ch4"),
        subsector_of=subsector_of,
        pool_of=pool_of,
        flow_subsector=np.array([k for k, _ in flows]),
        flow_carrier=np.array([c for _, c in flows]),
        level=level,
        other_use=np.concatenate([rng.uniform(0, 20, (1, len(flows), 1)) * np.ones(years)]),
        use_activity=np.array(use_activity),
        use_flow=np.array(use_flow),
        use=np.array(use)[None],
        direct_activity=np.array([6, 5]),
        direct_gas=np.array([1, 0]),
        direct=np.array([np.full(years, 3.0), np.full(years, rng.uniform(5, 60))])[None],
        factor=factor,
        official_factor=factor,
        gwp=np.array([1.0, 28.0]),
        price=rng.uniform(0.3, 1.5, (1, 3, 1)) * np.ones(years),
        running_cost=rng.uniform(0, 0.5, (1, activities)),
        external_cost=rng.uniform(0, 0.3, (1, activities)),
        social_rate=0.035,
        measures=measure_arrays,
    )


def _measures(rng, count, pools, lumpy, relations, level, pool_of, flows, use_activity, use_flow, use) -> Measures:  # type: ignore[no-untyped-def]
    years = level.shape[1]
    activity_moves, pool_draws, carrier_moves = [], [], []
    mode_measure: list[int] = []
    touches: list[Touch] = []
    kinds = ["convert", "draw", "carrier", "process", "modes", "enabler"]
    chosen = [kinds[i % len(kinds)] if i < len(kinds) else str(rng.choice(kinds)) for i in range(count)]

    def flat(value: float) -> FloatArray:
        return np.full((1, years), float(value))

    for index, kind in enumerate(chosen):
        touch = Touch(f"m{index}", int(rng.integers(0, len(HIERARCHY))))
        mode = len(mode_measure)
        mode_measure.append(index)
        if kind == "draw" and not pools:
            kind = "process"
        if kind == "convert":
            source, target = (0, 2) if rng.random() < 0.5 else (3, 4)
            activity_moves += [Move(mode, source, flat(-1)), Move(mode, target, flat(1))]
            touch.takes.add(source), touch.adds.add(target)
        elif kind == "modes":
            for offset, source in enumerate((0, 1)):
                if offset:
                    mode_measure.append(index)
                activity_moves += [Move(mode + offset, source, flat(-1)), Move(mode + offset, 2, flat(1))]
                touch.takes.add(source)
            touch.adds.add(2)
        elif kind == "draw":
            pool = int(rng.integers(0, 2))
            pool_draws.append(Move(mode, pool, flat(rng.uniform(0.5, 2))))
            touch.draws.add(pool)
            if pool == 0 and rng.random() < 0.7:
                activity_moves.append(Move(mode, 3, flat(0.3)))
                touch.adds.add(3)
        elif kind == "carrier":
            k = int(rng.integers(0, 2))
            taken, given = flows.index((k, 0)), flows.index((k, 2))
            carrier_moves += [Move(mode, taken, flat(-1)), Move(mode, given, flat(1))]
            touch.takes_flow.add(taken), touch.adds_flow.add(given)
        elif kind == "process":
            activity_moves.append(Move(mode, 6, flat(-0.5)))
            touch.takes.add(6)
        touches.append(touch)
    enables: tuple[Enabling, ...] = ()
    before: list[tuple[int, int]] = []
    requires: tuple[tuple[int, int, float], ...] = ()
    excludes: tuple[tuple[int, int], ...] = ()
    if relations and "enabler" in chosen and "convert" in chosen:
        enabler, enabled = chosen.index("enabler"), chosen.index("convert")
        room = np.full((1, years), rng.uniform(-8, 25)) - 0.5 * np.arange(years)
        enables = (Enabling(enabled, room, ((enabler, float(rng.uniform(1, 4))),)),)
        before.append((enabler, enabled))
        if rng.random() < 0.5:
            other = chosen.index("carrier")
            requires = ((chosen.index("process"), other, 1.5),)
            before.append((other, chosen.index("process")))
        if rng.random() < 0.5 and count > 6:
            excludes = ((chosen.index("modes"), 6),)
    flows_of = [[f for s, f in zip(use_activity, use_flow, strict=True) if s == a] for a in range(level.shape[0])]
    size = np.array([float(rng.choice([0, 5.0, 12.0])) if lumpy else 0.0 for _ in chosen])
    shape = (1, count, years)
    return Measures(
        names=tuple(t.name for t in touches),
        units=("unit",) * count,
        categories=("any",) * count,
        mode_names=tuple(str(i) for i in range(len(mode_measure))),
        mode_measure=np.array(mode_measure),
        activity_moves=tuple(activity_moves),
        pool_draws=tuple(pool_draws),
        carrier_moves=tuple(carrier_moves),
        potential=rng.uniform(10, 90, (1, count, 1)) * np.ones(years),
        ramp=np.where(rng.random(count) < 0.6, rng.uniform(5, 30, count), np.inf)[None],
        first_year=FIRST + rng.integers(0, 2, count),
        lead=rng.integers(0, 3, count),
        lifetime=np.where(rng.random(count) < 0.3, 1, rng.integers(3, 20, count)),
        unit_size=size,
        requires=requires,
        excludes=excludes,
        enables=enables,
        order=replay_order(touches, pool_of, flows_of, before),
        capital=rng.uniform(0, 2, (count, 1)) * np.ones(shape),
        fixed_cost=rng.uniform(-0.05, 0.3, (count, 1)) * np.ones(shape),
        fixed_benefit=np.zeros(shape),
    )


def in_futures(case: Case, count: int, seed: int) -> Case:
    """The same town in several futures side by side: every coefficient of each is up to a fifth more or less."""
    rng = np.random.default_rng(seed)
    several = select(case, [0] * count)
    measures = several.measures
    arrays = [
        several.level, several.other_use, several.use, several.direct, several.factor, several.official_factor,
        several.price, several.running_cost, several.external_cost, measures.potential, measures.fixed_cost,
        measures.fixed_benefit,
    ]  # fmt: skip
    arrays += [move.amount for move in (*measures.activity_moves, *measures.pool_draws, *measures.carrier_moves)]
    arrays += [enabling.room for enabling in measures.enables]
    for array in arrays:
        array *= rng.uniform(0.8, 1.2, array.shape)
    return several


def random_request(case: Case, seed: int, count: int = 1, said: float = 0.3) -> Request:
    """Requests up to twice the potential, some measures not asked for, a share of modes and years said one by one."""
    rng = np.random.default_rng(seed)
    potential, mode_measure = case.measures.potential[:1], case.measures.mode_measure
    shape, modes = (count, *potential.shape[1:]), (count, len(mode_measure), len(case.years))
    level = potential * rng.uniform(0, 2, shape) * (rng.random((count, shape[1], 1)) < 0.8)
    by_mode = rng.uniform(0, 1, modes) * level[:, mode_measure]
    return Request(level, np.where(rng.random(by_mode.shape) < said, by_mode, np.nan))


def random_financing(seed: int, case: Case, scale: float = 1.0) -> Financing:
    """Two pots, one for capital and one for support, and a grant that pays up to half of capital."""
    count, years = len(case.measures.names), len(case.years)
    rng = np.random.default_rng(seed + 10_000)
    capital, support = case.measures.capital[0], np.maximum(case.measures.fixed_cost, 0.0)
    claims = []
    for stake in range(count):
        claims += [(stake, 0, True, capital[stake]), (stake, 2, True, 0.5 * capital[stake])]
        claims.append((stake, 1, False, support[0, stake]))
    budget = scale * rng.uniform(2, 20, (1, 3, 1)) * np.ones(years)
    return plain_financing(
        case,
        funds=("investment", "operating", "grant"),
        own=(False, False, False),
        grant=(False, False, True),
        budget=budget,
        carry_over=np.array([rng.uniform(0, 10), 0.0, 0.0])[None, :, None] * np.ones(years),
        support=support,
        claim_stake=np.array([c[0] for c in claims]),
        claim_fund=np.array([c[1] for c in claims]),
        claim_capital=tuple(c[2] for c in claims),
        claim_limit=np.array([[c[3] for c in claims]]),
    )


def plain_financing(case: Case, **given: object) -> Financing:
    """Every measure is a municipal stake; nothing is charged or borrowed, no grant has terms, but for what is given."""
    count, years = len(case.measures.names), len(case.years)
    funds = len(given["funds"])  # type: ignore[arg-type]
    nothing = np.zeros((1, count, years))
    plain = {
        "keep": np.ones(funds),
        "charged_to": np.full(funds, -1),
        "charge": np.zeros((count, years, years)),
        "debts": no_debts(years),
        "own_share": np.zeros(funds),
        "stake_measure": np.arange(count),
        "stake_owner": ("municipality",) * count,
        "outside": np.zeros(count, dtype=bool),
        "owner_rate": np.zeros(count),
        "capital": case.measures.capital,
        "support": nothing,
        "saving": nothing,
        "saved_after": nothing,
        "deficit": case.measures.capital,
        "grant_limit": np.full((1, count, years), np.inf),
    }
    return Financing(**(plain | given))  # type: ignore[arg-type]


def no_debts(years: int) -> Debts:
    """No loans, no bonds."""
    none, by_year = np.zeros(0, dtype=int), np.zeros((1, 0, years))
    return Debts(none, none, by_year, np.zeros((0, years, years)), np.zeros((0, years, years)), by_year, by_year)


def random_problem(seed: int, case: Case, scale: float | None = 1.0, **changes: object) -> Problem:
    """Two targets with priorities on a random town; `scale` multiplies the budgets, None: no money limit."""
    rng = np.random.default_rng(seed + 20_000)
    weight = np.zeros((3, 2))
    weight[:, 0] = 1.0
    both = np.tile(case.gwp, (3, 1))
    years = len(case.years)
    bound = np.full(years, np.inf)
    bound[6:] = rng.uniform(0, 5000)
    later = np.full(years, np.inf)
    later[8:] = rng.uniform(0, 20000)
    problem = Problem(
        case=case,
        financing=None if scale is None else random_financing(seed, case, scale),
        objective="least_emissions",
        limits=(TargetLimit("first", weight, bound, 1), TargetLimit("second", both, later, 2)),
        counted=both,
        start=FIRST,
        window=(FIRST, int(case.years[-1])),
        gap=1e-6,
    )
    return replace(problem, **changes)  # type: ignore[arg-type]
