"""How is it declared what results hold? Name, dimensions, unit, words and value of each thing, in one record.

The dataset, what is written beside every number in it, and the manual are all made by going over such records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

import xarray as xr

Of = TypeVar("Of")
"""What values are a function of."""
Kind = Literal["study", "scenario", "future", "run", "plan"]
"""What an attribute is the same for; `plan`: only a run with a found plan has it, or what was asked of one."""


@dataclass(frozen=True)
class Variable(Generic[Of]):
    """A variable of results."""

    name: str
    dims: tuple[str, ...]
    unit: str
    """may name what it depends on: `{0.money}` is the attribute `money` of what the value is a function of"""
    words: str
    """what it is"""
    value: Callable[[Of], Any]
    """values in the order of `dims`; None: there is no such thing"""
    same: bool = False
    """whether it is a matter of the municipality alone: the same in every scenario and future"""


@dataclass(frozen=True)
class Coordinate(Generic[Of]):
    """Labels along a dimension, or what else is known along it."""

    name: str
    dim: str
    words: str
    """what it is"""
    value: Callable[[Of], Any]
    """one value an entry; None: there is no such dimension"""
    unit: str = ""


@dataclass(frozen=True)
class Attribute(Generic[Of]):
    """What is known of results as a whole."""

    name: str
    words: str
    """what it is"""
    value: Callable[[Of], Any]
    """None: there is no such thing"""
    of: Kind = "plan"
    """what it is the same for"""
    several: bool = False
    """whether it is a list, even of one"""


def labelled(
    of: Of,
    variables: Iterable[Variable[Of]] = (),
    coordinates: Iterable[Coordinate[Of]] = (),
    attributes: Iterable[Attribute[Of]] = (),
) -> xr.Dataset:
    """The dataset of what is declared, with units and words on every variable and coordinate."""
    arrays = {
        each.name: (each.dims, value, _said(of, each.unit, each.words))
        for each in variables
        if (value := each.value(of)) is not None
    }
    labels = {
        each.name: (each.dim, value, _said(of, each.unit, each.words))
        for each in coordinates
        if (value := each.value(of)) is not None
    }
    known = {each.name: value for each in attributes if (value := each.value(of)) is not None}
    return xr.Dataset(arrays, labels, known)


def _said(of: Any, unit: str, words: str) -> dict[str, str]:
    """What is written beside the numbers."""
    return ({"units": unit.format(of)} if unit else {}) | {"long_name": words}
