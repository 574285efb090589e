"""The towns of `inputs/`, read and compiled once a process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from model import ROOT
from model.build import PreparedCase, build
from model.inputs.columns.base import Row
from model.inputs.faults import Faults
from model.inputs.municipality import Municipality, load
from model.scenarios.files import load_future
from model.studies.study import Batch, prepare
from model.vocabulary import CENTRAL


def shipped(name: str) -> Municipality:
    """A town of `inputs/`, which has its own list of faults."""
    return replace(_read(name), faults=Faults())


def with_rows(town: Municipality, table: str, rows: Sequence[Row]) -> Municipality:
    """A town with other rows in a table, even faulty ones, which notes faults where the town does."""
    return replace(town, tables={**town.tables, table: tuple(rows)})


@cache
def compiled(name: str, future: str = CENTRAL) -> PreparedCase:
    """A town of `inputs/` in one future."""
    town, faults = shipped(name), Faults()
    chosen = load_future(future, ROOT, faults, town)
    assert chosen is not None
    case = build(town, chosen)
    faults.stop_if_any()
    assert not town.faults.found
    return case


@cache
def batch(name: str, *scenarios: str) -> Batch:
    """Scenarios for a town of `inputs/` in the central future, read and checked, not run."""
    return prepare(name, name, scenarios, [CENTRAL], ROOT, Faults())


@cache
def _read(name: str) -> Municipality:
    faults = Faults()
    town = load(name, ROOT, faults)
    faults.stop_if_any()
    assert town is not None
    return town
