"""Which arrays stand side by side? The batch axis: futures, scenarios or draws, computed at once.

A record (a dataclass of arrays) declares the axis on its fields: `level: Batched` is an array whose first axis is the
batch, of length 1 (the same for all) or n. Whatever is not declared is one thing for the whole batch, and records
that disagree in it are refused: nothing is ever joined in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Annotated, Any, TypeVar, cast, get_type_hints

import numpy as np

from model.vocabulary import FloatArray, IntArray

Record = TypeVar("Record")
BATCH = "batch"
Batched = Annotated[FloatArray, BATCH]
"""An array of a record whose first axis is the batch axis."""


class Mismatch(ValueError):
    """Records that cannot stand side by side, because they differ in what a batch has only one of."""


def batch_length(record: Any) -> int:
    """Length of the batch axis: the longest among the fields of a record and of the records in it."""
    return max((len(value) for value in _batched_values(record)), default=1)


def stack(records: Sequence[Record]) -> Record:
    """Records of one structure side by side along the batch axis.

    Raises `Mismatch`, which names the field, when they differ in anything that is not declared to be batched.
    """
    first = records[0]
    return first if len(records) == 1 else cast(Record, _stacked(list(records), type(first).__name__.lower()))


def select(record: Record, index: Sequence[int] | IntArray) -> Record:
    """The record with only these entries of the batch axis, repeated as asked for."""
    positions = np.asarray(index, dtype=int)

    def chosen(value: FloatArray) -> FloatArray:
        # one thing of the whole batch in one block of memory, as the projection works on it
        at = np.zeros_like(positions) if len(value) == 1 else positions
        if value.ndim == 1:
            return np.asarray(value[at])
        return np.moveaxis(np.ascontiguousarray(np.moveaxis(value, 0, -2)[..., at, :]), -2, 0)

    return cast(Record, _mapped(record, chosen))


def entry(record: Record, position: int = 0) -> Record:
    """One entry of the batch, without the axis."""
    return cast(Record, _mapped(record, lambda value: value[0 if len(value) == 1 else position]))


@cache
def _batched(kind: Any) -> frozenset[str]:
    """The fields of a kind of record that have the axis."""
    hints = get_type_hints(kind, include_extras=True)
    return frozenset(name for name, hint in hints.items() if BATCH in getattr(hint, "__metadata__", ()))


def _records(value: Any) -> tuple[Any, ...]:
    """The records that a field holds: one, a tuple of them, or none."""
    if is_dataclass(value):
        return (value,)
    return value if isinstance(value, tuple) and value and is_dataclass(value[0]) else ()


def _batched_values(record: Any) -> list[FloatArray]:
    found: list[FloatArray] = []
    for item in fields(record):
        value = getattr(record, item.name)
        if item.name in _batched(cast(Any, type(record))):
            found.append(value)
        for part in _records(value):
            found += _batched_values(part)
    return found


def _mapped(record: Any, change: Callable[[FloatArray], FloatArray]) -> Any:
    changes: dict[str, Any] = {}
    for item in fields(record):
        value = getattr(record, item.name)
        if item.name in _batched(cast(Any, type(record))):
            changes[item.name] = change(value)
        elif parts := _records(value):
            mapped = tuple(_mapped(part, change) for part in parts)
            changes[item.name] = mapped[0] if is_dataclass(value) else mapped
    return replace(record, **changes)


def _stacked(parts: list[Any], name: str) -> Any:
    lengths = [batch_length(part) for part in parts]
    changes: dict[str, Any] = {}
    for item in fields(parts[0]):
        values, where = [getattr(part, item.name) for part in parts], f"{name}.{item.name}"
        if item.name in _batched(cast(Any, type(parts[0]))):
            whole = [np.broadcast_to(value, (n, *value.shape[1:])) for value, n in zip(values, lengths, strict=True)]
            if len({value.shape[1:] for value in whole}) > 1:
                raise Mismatch(f"{where} has different shapes: {', '.join(str(value.shape[1:]) for value in whole)}")
            changes[item.name] = np.concatenate(whole)
        elif is_dataclass(values[0]):
            changes[item.name] = _stacked([_as_long(value, n) for value, n in zip(values, lengths, strict=True)], where)
        elif isinstance(values[0], tuple) and values[0] and is_dataclass(values[0][0]):
            if len({len(value) for value in values}) > 1:
                raise Mismatch(f"{where} has different lengths: {', '.join(str(len(value)) for value in values)}")
            groups = zip(*values, strict=True)
            changes[item.name] = tuple(
                _stacked([_as_long(each, n) for each, n in zip(group, lengths, strict=True)], f"{where}[{number}]")
                for number, group in enumerate(groups)
            )
        elif not all(_same(values[0], value) for value in values[1:]):
            raise Mismatch(f"{where} is not the same in all of them, and a batch has only one")
    return replace(parts[0], **changes)


def _as_long(record: Any, length: int) -> Any:
    """A record inside another, with its batch axis as long as that of the whole."""
    return _mapped(record, lambda value: np.broadcast_to(value, (length, *value.shape[1:])))


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray):
        return one.shape == other.shape and bool(np.array_equal(one, other, equal_nan=one.dtype.kind == "f"))
    return bool(one == other)
