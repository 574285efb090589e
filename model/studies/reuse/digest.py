"""Is it the same as before? One hash of all that something depends on, by content."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel

from model import ROOT


def digest(*values: Any) -> str:
    """A hash of values: arrays to the last bit, records field by field, mappings in their order, sets in none.

    Raises TypeError for what has no content of its own, such as a function.
    """
    found = hashlib.sha256()
    for value in values:
        for part in _parts(value):
            found.update(len(part).to_bytes(8, "little") + part)
    return found.hexdigest()


def _parts(value: Any) -> Iterator[bytes]:
    """What a value consists of, each part after a mark of its kind."""
    if value is None or isinstance(value, bool | int | float | str | bytes):
        yield f"{type(value).__name__} {value!r}".encode()
    elif isinstance(value, np.ndarray) and not value.dtype.hasobject:
        yield f"array {value.dtype.str} {value.shape}".encode()
        yield np.ascontiguousarray(value).tobytes()
    elif isinstance(value, np.generic):
        yield from _parts(value.item())
    elif isinstance(value, BaseModel):
        yield f"{type(value).__name__} {value.model_dump_json()}".encode()
    elif is_dataclass(value) and not isinstance(value, type):
        yield f"record {type(value).__name__}".encode()
        for item in fields(value):
            yield item.name.encode()
            yield from _parts(getattr(value, item.name))
    elif isinstance(value, Mapping):
        yield f"mapping {len(value)}".encode()
        for key, each in value.items():
            yield from _parts(key)
            yield from _parts(each)
    elif isinstance(value, frozenset | set):
        yield f"set {sorted(digest(each) for each in value)}".encode()
    elif isinstance(value, Sequence):
        yield f"sequence {len(value)}".encode()
        for each in value:
            yield from _parts(each)
    else:
        raise TypeError(f"{type(value).__name__} has no content that could be hashed")


@cache
def code(*parts: str, model: Path = ROOT / "model") -> str:
    """Hash of what stands in files and packages of the toolkit, given by their path in `model/`."""
    paths = (
        path for part in parts for path in ([model / part] if part.endswith(".py") else (model / part).rglob("*.py"))
    )
    return digest([(path.relative_to(model).as_posix(), path.read_bytes()) for path in sorted(paths)])


@cache
def versions(*packages: str) -> tuple[str, ...]:
    """The versions of packages that are installed."""
    return tuple(f"{name} {metadata.version(name)}" for name in packages)
