"""Which goals does a study make of one whose money it varies? One for each amount, each begun from the one below it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

from model.inputs.faults import Faults, Place
from model.scenarios.amounts import QUANTITY
from model.scenarios.files import Scenario, with_amounts, with_options

UNIT = "MSEK/year"
"""Of an amount without one."""
BETWEEN = "__"
"""Stands in the name of a variant between that of its goal and each amount."""


def variants(
    goal: Scenario, vary: Mapping[str, Sequence[Any]], places: Mapping[tuple[str, str], Place]
) -> list[Scenario]:
    """The goal with each combination of amounts, the least money first.

    `vary` are amounts by fund, `places` where each stands, by fund and position. A variant stands where one with less
    of every amount was, so that its plan begins with that one's and is no worse.
    """
    made: list[tuple[tuple[float, ...], Scenario]] = []
    amounts = {fund: [_with_unit(each) for each in given] for fund, given in vary.items()}
    for chosen in product(*(range(len(given)) for given in amounts.values())):
        budgets = {fund: given[at] for at, (fund, given) in zip(chosen, amounts.items(), strict=True)}
        at: dict[tuple[str, ...], Place] = {
            ("budgets", fund): places[fund, str(place)] for place, fund in zip(chosen, budgets, strict=True)
        }
        made.append((tuple(map(_number, budgets.values())), _variant(goal, budgets, at)))
    made.sort(key=lambda each: each[0])
    chained: list[tuple[tuple[float, ...], Scenario]] = []
    for sizes, variant in made:
        below = [each for each in chained if all(less <= more for less, more in zip(each[0], sizes, strict=True))]
        before = max(below, key=lambda each: sum(each[0]), default=None)
        chained.append((sizes, replace(variant, stands=None if before is None else before[1])))
    return [variant for _, variant in chained]


def _variant(goal: Scenario, budgets: Mapping[str, str], at: Mapping[tuple[str, ...], Place]) -> Scenario:
    """The goal with other amounts, its name and title after them."""
    changed = with_options(goal, {"budgets": budgets})
    content = changed.content.model_copy(update={"title": with_amounts(goal.content.title, budgets), "start_from": []})
    name = BETWEEN.join([goal.name, *(_short(text) for text in budgets.values())])
    return replace(changed, name=name, content=content, lines={**changed.lines, **at}, stands=None)


def check_vary(vary: Mapping[str, Sequence[Any]], place: Mapping[tuple[str, str], Place], faults: Faults) -> None:
    """Note amounts that stand there twice; what is no amount is noted where goals are checked."""
    for fund, amounts in vary.items():
        known = [_with_unit(each) for each in amounts]
        for number, text in enumerate(known):
            if text in known[:number]:
                faults.add(place[fund, str(number)], f"'{text}' twice", "each amount once")


def _with_unit(amount: Any) -> str:
    text = str(amount)
    match = QUANTITY.match(text)
    return f"{text} {UNIT}" if match is not None and match.group(2) is None else text


def _number(text: str) -> float:
    match = QUANTITY.match(text)
    return float(match.group(1)) if match is not None else 0.0


def _short(text: str) -> str:
    """An amount as it can stand in the name of a file."""
    return f"{_number(text):g}".replace(".", "p").replace("-", "m").replace("+", "")
