"""Which numbers of results stand in sentences? Each by the words of its mark, made anew by the command.

A mark is a comment that a reader of the page does not see: the name of a number and what it is of.

    With 100 million a year <!--=fossil neutral_2030-->57.5<!--=--> kt are left.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from docs.tools import quantities as q
from docs.tools.evidence import sector_deviation
from docs.tools.results import GOAL, of
from docs.tools.text import tonnes
from model.vocabulary import CENTRAL

MARK = re.compile(r"<!--=(?P<call>[^>]+?)-->(?P<shown>.*?)<!--=-->", re.DOTALL)
NOTHING = 0.05
"""MSEK, or tonnes, that are shown as none."""


def renewed(text: str) -> str:
    """A page with its numbers made anew."""
    return MARK.sub(lambda found: f"<!--={found['call']}-->{number(found['call'])}<!--=-->", text)


def number(call: str) -> str:
    """What stands at a mark: the name of a number, and what it is of, divided by spaces."""
    name, *given = call.split()
    return NUMBERS[name](*given)


def kt(value: float, digits: int = 1) -> str:
    """Thousand tonnes as pages show them."""
    return tonnes(value) if digits == 0 else f"{round(value, digits) + 0.0:.{digits}f}".replace("-", "−")


def base() -> str:
    """All gases in the base year, kt CO2e."""
    data = of(GOAL)
    return kt(q.KT * float(data.indicator.sel(indicator_name="ghg_total", year=data.attrs["base_year"])))


def fossil(scenario: str, future: str = CENTRAL) -> str:
    """Fossil CO2, kt."""
    return kt(q.fossil(scenario, future))


def all_gases(scenario: str, future: str = CENTRAL) -> str:
    """All gases, kt CO2e."""
    return kt(q.all_gases(scenario, future))


def less(scenario: str, than: str, digits: str = "1") -> str:
    """By how much less fossil CO2 one leaves than another, kt."""
    return kt(q.fossil(than) - q.fossil(scenario), int(digits))


def less_all(scenario: str, than: str) -> str:
    """The same of all gases, in whole kt."""
    return kt(q.all_gases(than) - q.all_gases(scenario), 0)


def between_futures(one: str, other: str) -> str:
    """By how much the plan's emissions differ between two futures, in whole kt."""
    return kt(abs(q.all_gases(GOAL, one) - q.all_gases(GOAL, other)), 0)


def borrowed(scenario: str) -> str:
    """What is borrowed in all years, in words."""
    amount = q.paid_by_kinds(of(scenario), *q.BORROWED)
    return "nothing is borrowed" if amount < NOTHING else f"{kt(amount)} million are borrowed in all years together"


def of_pot(scenario: str, what: str, fund: str) -> str:
    """An amount of a pot in all years, MSEK."""
    return tonnes(q.of_pot(scenario, what, fund))


def used(scenario: str, fund: str) -> str:
    """Share of a pot that pays for something, per cent."""
    return f"{100 - 100 * q.unused(scenario, fund):.0f}"


def unused(scenario: str, fund: str) -> str:
    """Share of a pot that pays for nothing, per cent."""
    return f"{100 * q.unused(scenario, fund):.0f}"


def saves(scenario: str) -> str:
    """What a plan saves, MSEK discounted, in round tens."""
    return tonnes(round(-q.net_cost(scenario), -1))


def benefit(scenario: str) -> str:
    """Co-benefits, MSEK discounted, in round tens."""
    return tonnes(round(q.benefit(scenario), -1))


def may_miss() -> str:
    """What a plan may be from the best in a year, kt."""
    return kt(q.may_miss())


def lifted(kind: str) -> str:
    """What lifting a kind of limits closes, kt."""
    return kt(q.lifted(kind))


def lifted_share(kind: str) -> str:
    """The same as a share of what is left, per cent."""
    return f"{100 * q.lifted(kind) / q.left():.0f}"


def gap_rest() -> str:
    """What is left with all limits lifted, kt."""
    return kt(q.KT * float(of(GOAL).attrs["gap_rest"]))


def larger_pots() -> str:
    """What larger pots alone close, kt."""
    return kt(q.larger_pots())


def rules() -> str:
    """What rules on who may pay close beyond larger pots, kt."""
    return kt(q.lifted("money") - q.larger_pots())


def extra_money() -> str:
    """More money that larger pots would take, in all years, MSEK."""
    return tonnes(float(of(GOAL).attrs["gap_extra_money"]))


def price(limit: str, name: str, column: str = "relaxed", digits: str = "0") -> str:
    """The price of a limit, the largest over the years, in t."""
    return kt(q.price((limit,), name, column), int(digits))


def price_kt(limit: str, name: str, column: str = "relaxed") -> str:
    """The same in kt."""
    return kt(q.KT * q.price((limit,), name, column))


def price_of_pot(fund: str) -> str:
    """The price of a pot or its ceiling in any year, in words."""
    found = q.price_of_pot(fund)
    return "nothing in any year" if found < NOTHING else f"at most {kt(found)} t in any year"


def price_of_must(kind: str, name: str) -> str:
    """What the plan would save without a must or a must-not, MSEK discounted."""
    return kt(q.price_of_must(kind, name))


def price_of_target(target: str) -> str:
    """What a tonne less costs, SEK discounted, in round thousands."""
    return tonnes(round(1e6 * q.price(("target",), target, "relaxed"), -3))


def too_much(sector: str) -> str:
    """By how much the model is above the inventory before the two are made to agree, per cent."""
    return f"{100 * sector_deviation(sector):.0f}"


NUMBERS: dict[str, Callable[..., str]] = {
    each.__name__: each
    for each in (
        base, fossil, all_gases, less, less_all, between_futures, borrowed, of_pot, used, unused, saves, benefit,
        may_miss, lifted, lifted_share, gap_rest, larger_pots, rules, extra_money, price, price_kt,
        price_of_pot, price_of_must, price_of_target, too_much,
    )
}  # fmt: skip
