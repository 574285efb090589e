"""In which order are measures replayed? All that adds to a thing before all that takes from it.

A node is an activity or a flow. Edges run from a measure that adds to a node to each that takes from it, from a
pool's own conversions to what draws on the pool, and from enablers and required measures to what depends on them.
With this order a plan that keeps every level non-negative at the end is never cut on the way. Ties are settled by
the hierarchy avoid, shift, electrify, switch, capture, then by name; what moves activities goes before what only
switches carriers, so that fuel is switched on what is left.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from model.vocabulary import IntArray


@dataclass
class Touch:
    """What a measure adds to and takes from, by node index."""

    name: str
    rank: int
    adds: set[int] = field(default_factory=set)
    takes: set[int] = field(default_factory=set)
    draws: set[int] = field(default_factory=set)
    """pools drawn on"""
    adds_flow: set[int] = field(default_factory=set)
    takes_flow: set[int] = field(default_factory=set)


class CycleError(ValueError):
    """Measures that feed each other in a circle; `names` says which, in order."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        super().__init__(" -> ".join((*names, names[0])))


def replay_order(
    touches: Sequence[Touch],
    pool_of: IntArray,
    flows_of: Sequence[Sequence[int]],
    before: Sequence[tuple[int, int]],
) -> tuple[int, ...]:
    """Measure indices in replay order.

    `pool_of` is the pool of each activity (-1 none), `flows_of` the flows each activity uses, `before` further pairs
    (earlier, later). Raises `CycleError` when there is no such order.
    """
    later = _edges(touches, pool_of, flows_of, before)
    waiting = dict.fromkeys(range(len(touches)), 0)
    for node in later:
        for follower in later[node]:
            waiting[follower] += 1
    keys = [(not (t.adds or t.takes or t.draws), t.rank, t.name) for t in touches]
    ready = [(keys[node], node) for node, count in waiting.items() if count == 0]
    heapq.heapify(ready)
    order: list[int] = []
    while ready:
        _, node = heapq.heappop(ready)
        order.append(node)
        for follower in later[node]:
            waiting[follower] -= 1
            if waiting[follower] == 0:
                heapq.heappush(ready, (keys[follower], follower))
    if len(order) < len(touches):
        raise CycleError([touches[node].name for node in _cycle(later, set(waiting) - set(order))])
    return tuple(order)


def _edges(
    touches: Sequence[Touch],
    pool_of: IntArray,
    flows_of: Sequence[Sequence[int]],
    before: Sequence[tuple[int, int]],
) -> dict[int, set[int]]:
    takers: dict[int, set[int]] = defaultdict(set)
    flow_takers: dict[int, set[int]] = defaultdict(set)
    drawers: dict[int, set[int]] = defaultdict(set)
    for index, touch in enumerate(touches):
        for node in touch.takes:
            takers[node].add(index)
        for flow in touch.takes_flow:
            flow_takers[flow].add(index)
        for pool in touch.draws:
            drawers[pool].add(index)
    members: dict[int, list[int]] = defaultdict(list)
    for node, pool in enumerate(pool_of):
        members[int(pool)].append(node)
    later: dict[int, set[int]] = defaultdict(set)
    for index, touch in enumerate(touches):
        drawn = [node for pool in touch.draws for node in members[pool]]
        for node in touch.adds:
            later[index] |= takers[node]
        for node in touch.adds | touch.takes:
            if pool_of[node] >= 0:
                later[index] |= drawers[int(pool_of[node])]
        # fuel is switched on what is left: whoever moves an activity goes before whoever takes its carriers
        for node in {*touch.adds, *touch.takes, *drawn}:
            later[index] |= {taker for flow in flows_of[node] for taker in flow_takers[flow]}
        for flow in touch.adds_flow:
            later[index] |= flow_takers[flow]
    for earlier, follower in before:
        later[earlier].add(follower)
    for index, touch in enumerate(touches):
        if not _feeds_itself(touch, pool_of, flows_of, members):
            later[index].discard(index)
    return later


def _feeds_itself(
    touch: Touch, pool_of: IntArray, flows_of: Sequence[Sequence[int]], members: dict[int, list[int]]
) -> bool:
    """Whether a measure takes what it moves itself; taking twice from one thing is no circle."""
    moved = touch.adds | touch.takes
    drawn = {node for pool in touch.draws for node in members[pool]}
    flows = {flow for node in moved | drawn for flow in flows_of[node]}
    return bool(
        touch.adds & touch.takes
        or touch.adds_flow & touch.takes_flow
        or {int(pool_of[node]) for node in moved} & touch.draws
        or flows & touch.takes_flow
    )


def _cycle(later: dict[int, set[int]], stuck: set[int]) -> list[int]:
    """One circle among the stuck nodes."""
    stuck = {node for node in stuck if any(node in later[other] for other in stuck)}
    path: list[int] = []
    node = min(stuck)
    while node not in path:
        path.append(node)
        node = min(other for other in stuck if node in later[other])
    return path[path.index(node) :][::-1]
