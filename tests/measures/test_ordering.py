"""In which order measures are replayed: what comes in before what goes out, ties settled, circles named."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.measures.ordering import CycleError, Touch, replay_order
from model.vocabulary import HIERARCHY

AVOID, SHIFT, ELECTRIFY, SWITCH, CAPTURE = range(len(HIERARCHY))

POOL_OF = np.array([0, 0, -1, -1])
"""Activities 0 and 1 share pool 0; 2 and 3 have none."""
FLOWS_OF = [[0], [1], [2], []]
"""Activity 0 uses flow 0, 1 uses flow 1, 2 uses flow 2, 3 none; flow 3 is used by none."""


def order(*touches: Touch, before: list[tuple[str, str]] | None = None) -> list[str]:
    names = [touch.name for touch in touches]
    pairs = [(names.index(earlier), names.index(later)) for earlier, later in before or []]
    return [names[index] for index in replay_order(touches, POOL_OF, FLOWS_OF, pairs)]


def test_hierarchy_is_the_ladder_of_the_design() -> None:
    assert HIERARCHY == ("avoid", "shift", "electrify", "switch", "capture")


def test_ties_are_settled_by_hierarchy_and_then_by_name() -> None:
    touches = [
        Touch("b", SHIFT, adds={3}),
        Touch("d", CAPTURE, adds={3}),
        Touch("a", SHIFT, adds={3}),
        Touch("c", AVOID, adds={3}),
    ]
    assert order(*touches) == ["c", "a", "b", "d"]


def test_all_that_adds_to_a_thing_comes_before_all_that_takes_from_it() -> None:
    takes, gives = Touch("takes", AVOID, takes={2}), Touch("gives", CAPTURE, adds={2})
    assert order(takes, gives) == ["gives", "takes"]
    chain = [Touch("x", AVOID, adds={3}, takes={2}), Touch("y", AVOID, takes={3}), Touch("z", CAPTURE, adds={2})]
    assert order(*chain) == ["z", "x", "y"]


def test_carriers_too() -> None:
    takes, gives = Touch("takes", AVOID, takes_flow={3}), Touch("gives", CAPTURE, adds_flow={3})
    assert order(takes, gives) == ["gives", "takes"]


def test_a_pools_own_conversions_come_before_what_draws_on_it() -> None:
    draws = Touch("draws", AVOID, draws={0})
    converts = Touch("converts", CAPTURE, takes={0}, adds={1})
    assert order(draws, converts) == ["converts", "draws"]


@pytest.mark.parametrize(
    "moves", [Touch("moves", CAPTURE, takes={0}), Touch("moves", CAPTURE, adds={0}), Touch("moves", CAPTURE, draws={0})]
)
def test_fuel_is_switched_on_what_activities_leave(moves: Touch) -> None:
    switches = Touch("switches", AVOID, takes_flow={0}, adds_flow={3})
    assert order(switches, moves) == ["moves", "switches"]


def test_what_moves_no_activity_goes_after_what_does_when_nothing_else_decides() -> None:
    assert order(Touch("fuel", AVOID, takes_flow={3}), Touch("move", CAPTURE, takes={2})) == ["move", "fuel"]


def test_enablers_and_required_measures_come_first() -> None:
    needs, enabler = Touch("needs", AVOID, adds={3}), Touch("enabler", CAPTURE)
    assert order(needs, enabler, before=[("enabler", "needs")]) == ["enabler", "needs"]


def test_a_circle_is_named_from_giver_to_taker() -> None:
    touches = [
        Touch("a", AVOID, takes={2}, adds={3}),
        Touch("outside", AVOID, takes={3}),
        Touch("b", AVOID, takes={3}, adds={2}),
        Touch("before", AVOID, adds={2}),
    ]
    with pytest.raises(CycleError) as caught:
        order(*touches)
    assert sorted(caught.value.names) == ["a", "b"]
    assert str(caught.value) in ("a -> b -> a", "b -> a -> b")


def test_a_circle_of_three_is_named_in_its_order() -> None:
    with pytest.raises(CycleError) as caught:
        order(Touch("c", AVOID), Touch("a", AVOID), Touch("b", AVOID), before=[("a", "b"), ("b", "c"), ("c", "a")])
    assert str(caught.value) in ("a -> b -> c -> a", "b -> c -> a -> b", "c -> a -> b -> c")


def test_an_enabler_that_is_fed_by_what_it_enables_is_a_circle() -> None:
    enabler, enabled = Touch("enabler", SWITCH, takes={2}), Touch("enabled", SHIFT, adds={2})
    with pytest.raises(CycleError):
        order(enabler, enabled, before=[("enabler", "enabled")])


@pytest.mark.parametrize(
    "touch",
    [
        Touch("self", SHIFT, adds={2}, takes={2}),
        Touch("self", SHIFT, adds={0}, draws={0}),
        Touch("self", SHIFT, takes={0}, takes_flow={0}),
        Touch("self", SHIFT, adds_flow={3}, takes_flow={3}),
    ],
)
def test_a_measure_that_takes_what_it_moves_itself_is_a_circle(touch: Touch) -> None:
    with pytest.raises(CycleError) as caught:
        order(touch)
    assert str(caught.value) == "self -> self"


def test_taking_twice_from_one_thing_is_none() -> None:
    both = Touch("both", SHIFT, takes={2})
    assert order(both, Touch("other", AVOID, takes={2})) == ["other", "both"]


TOUCHES = st.lists(
    st.tuples(
        st.integers(0, len(HIERARCHY) - 1),
        st.sets(st.integers(0, 3), max_size=2),
        st.sets(st.integers(0, 3), max_size=2),
        st.sets(st.just(0)),
        st.sets(st.integers(0, 3), max_size=1),
        st.sets(st.integers(0, 3), max_size=1),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=150)
@given(drawn=TOUCHES)
def test_an_order_keeps_every_rule_or_a_true_circle_is_named(drawn: list[tuple]) -> None:  # type: ignore[type-arg]
    touches = [Touch(f"m{index}", *parts) for index, parts in enumerate(drawn)]
    try:
        found = replay_order(touches, POOL_OF, FLOWS_OF, [])
    except CycleError as error:
        names = [*error.names, error.names[0]]
        by_name = {touch.name: touch for touch in touches}
        for earlier, later in pairwise(names):
            assert must_precede(by_name[earlier], by_name[later]), (earlier, later)
        return
    assert sorted(found) == list(range(len(touches)))
    for position, index in enumerate(found):
        for earlier in found[:position]:
            assert not must_precede(touches[index], touches[earlier]), (touches[index].name, touches[earlier].name)


def must_precede(one: Touch, other: Touch) -> bool:
    """The rules of the module, written out once more for two measures."""
    moved = one.adds | one.takes
    in_pool = bool(moved & {0, 1}) and 0 in other.draws
    drawn = {0, 1} if one.draws else set()
    feeds = any(set(FLOWS_OF[node]) & other.takes_flow for node in moved | drawn)
    return bool(one.adds & other.takes) or in_pool or feeds or bool(one.adds_flow & other.takes_flow)
