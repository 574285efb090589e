"""Which sentences rest on results without a number in them? What must hold for them to stand."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator

from docs.tools import quantities as q
from docs.tools.results import GOAL, of, results
from model.vocabulary import CENTRAL

CLAIM = re.compile(r"<!-- holds: (\w+) -->")
SMALLER, LARGER, BONDS = f"{GOAL}_40", f"{GOAL}_200", f"{GOAL}_bonds"
MUSTS = ("require", "EV08"), ("exclude", "NE04")


def broken(text: str) -> Iterator[str]:
    """Claims of a page that do not hold."""
    return (f"{name}: {inspect.getdoc(CLAIMS[name])}" for name in CLAIM.findall(text) if not CLAIMS[name]())


def no_zero() -> bool:
    """No plan reaches zero fossil CO2, in any future and with any money."""
    return all(q.emitted(data, "fossil_co2") > q.may_miss() for data in results().values())


def investment_is_left() -> bool:
    """Of the investment budget more than a third stays unused, at all three sizes."""
    return all(q.unused(goal, "municipal_investment") > 1 / 3 for goal in (SMALLER, GOAL, LARGER))


def operating_is_short() -> bool:
    """A krona more in the operating budget is worth a hundred times one in the investment budget."""
    return q.price_of_pot("municipal_operating") > 100 * q.price_of_pot("municipal_investment")


def smallest_does_most() -> bool:
    """The smallest envelope brings nine tenths of what the middle one brings, and more money is never worse."""
    reference, first, middle, last = map(q.fossil, ("reference", SMALLER, GOAL, LARGER))
    return reference - first > 0.9 * (reference - middle) and first >= middle >= last


def others_pay_more() -> bool:
    """In every plan of the central future the municipality pays the smaller part."""
    plans = (data for (_, future), data in results().items() if data.attrs["kind"] == "goal" and future == CENTRAL)
    return all(2 * q.paid_by_kinds(data, *q.MUNICIPAL) < q.paid(data) for data in plans)


def potential_is_most() -> bool:
    """Potential is more than half of what is left, and rules on who may pay are more than larger pots."""
    return 2 * q.lifted("potential") > q.left() and q.lifted("money") > 2 * q.larger_pots()


def policy_last_is_little() -> bool:
    """Speed, and policy in its place at the end, close less than a plan may miss."""
    return max(q.lifted("policy"), q.lifted("speed")) < q.may_miss()


def value_nearly_as_far() -> bool:
    """The plan of most social value saves money, and leaves little more than the plan for the target."""
    return q.net_cost("best_value") < 0 and q.fossil("best_value") - q.fossil(GOAL) < 2 * q.may_miss()


def musts_cost_little() -> bool:
    """The must and the must-not cost less than one per cent of what is paid."""
    return all(q.price_of_must(kind, name) < 0.01 * q.paid(of(GOAL)) for kind, name in MUSTS)


def nothing_else_helps() -> bool:
    """A lifted ceiling, and more grants, change less than a plan may miss."""
    return all(abs(q.fossil(name) - q.fossil(GOAL)) < q.may_miss() for name in (BONDS, "more_grants"))


def rule_is_worth_doubling() -> bool:
    """The rule on capital charges is worth between half and double of what doubling both budgets is."""
    rule, doubled = (q.fossil(GOAL) - q.fossil(name) for name in ("charges_elsewhere", LARGER))
    return 0.5 * doubled < rule < 2 * doubled


CLAIMS: dict[str, Callable[[], bool]] = {
    each.__name__: each
    for each in (
        no_zero, investment_is_left, operating_is_short, smallest_does_most, others_pay_more, potential_is_most,
        policy_last_is_little, value_nearly_as_far, musts_cost_little, nothing_else_helps, rule_is_worth_doubling,
    )
}  # fmt: skip
