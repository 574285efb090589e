"""Which musts of a goal contradict each other by relations alone? Chains of what requires what, before any solving."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations_with_replacement

from model.inputs.columns.measures import Measure, Relation
from model.inputs.faults import Faults, Place
from model.inputs.municipality import Municipality

Chain = tuple[Relation, ...]
"""Rows that lead from a required measure to what it requires, through what that requires, and so on."""


def contradictions(
    required: Mapping[str, Place], excluded: Mapping[str, Place], town: Municipality, faults: Faults
) -> None:
    """Note each contradiction between measures required and excluded (with where they stand), by its shortest chain."""
    decided = {row.measure for row in town.rows(Measure) if row.in_reference == "yes"}
    rows = [row for row in town.rows(Relation) if not {row.measure, row.other} & decided]
    chains = {name: _required_by(name, rows, excluded) for name in required if name not in excluded}
    for name, place in excluded.items():
        found = [(root, chain[name]) for root, chain in chains.items() if name in chain]
        if found:
            root, chain = min(found, key=lambda each: len(each[1]))
            links = [_is_required(root, required), *_links(chain, town), f"'{name}' is excluded ({place})"]
            faults.add(place, f"'{root}' required without '{name}'", f"not all of these: {', '.join(links)}")
    for row in rows:
        if row.relation == "excludes":
            _exclusion(row, chains, required, town, faults)


def _exclusion(
    row: Relation, chains: Mapping[str, Mapping[str, Chain]], required: Mapping[str, Place], town: Municipality,
    faults: Faults,
) -> None:  # fmt: skip
    """Note when what is required needs both of two measures that exclude each other."""
    found = []
    for pair in combinations_with_replacement(chains, 2):
        for one, two in (pair, pair[::-1]):
            if row.measure in chains[one] and row.other in chains[two]:
                steps = tuple(dict.fromkeys(chains[one][row.measure] + chains[two][row.other]))
                found.append((len(steps) + len({one, two}), tuple(dict.fromkeys((one, two))), steps))
    if found:
        _, roots, steps = min(found, key=lambda each: each[0])
        links = [*(_is_required(root, required) for root in roots), *_links(steps, town)]
        allowed = f"one of them: {', '.join(links)}, but they exclude each other ({town.place(row)})"
        faults.add(required[roots[0]], f"both '{row.measure}' and '{row.other}'", allowed)


def _required_by(root: str, rows: list[Relation], excluded: Mapping[str, Place]) -> dict[str, Chain]:
    """Everything that has to operate where a measure does, each by its shortest chain; an excluded one ends it."""
    chains: dict[str, Chain] = {root: ()}
    waiting = [root]
    for name in waiting:  # grows while it is gone through: nearest first
        for row in rows:
            if row.relation == "requires" and row.measure == name and row.other not in chains:
                chains[row.other] = (*chains[name], row)
                if row.other not in excluded:
                    waiting.append(row.other)
    return chains


def _is_required(name: str, required: Mapping[str, Place]) -> str:
    return f"'{name}' is required ({required[name]})"


def _links(chain: Chain, town: Municipality) -> list[str]:
    return [f"'{row.measure}' requires '{row.other}' ({town.place(row)})" for row in chain]
