"""How do all runs of a study stand in one file? Along `scenario` and `future`, with what only a plan has in a group.

What `VARIABLES`, `COORDINATES` and `ATTRIBUTES` declare stands at the top: variables along scenario and future, missing
where a scenario was not run, and once where it is the same for all. What else a run has, such as answers to questions,
stands in its group `<scenario>/<future>`, as does what is not alike in all runs. Reading gives each run as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import h5netcdf
import numpy as np
import xarray as xr

from model.outputs.attributes import ATTRIBUTES
from model.outputs.coordinates import COORDINATES
from model.outputs.files import write_whole
from model.outputs.variables import VARIABLES

RUN = ("scenario", "future")
"""Dimensions along which runs stand."""
ALONG = {"scenario": ("scenario",), "future": ("future",), "run": RUN}
PLACED = {each.name: ALONG[each.of] for each in ATTRIBUTES if each.of in ALONG}
"""Attributes of runs that are coordinates of the file, and along what."""
COMMON = frozenset(each.name for each in ATTRIBUTES if each.of == "study")
LISTS = frozenset(each.name for each in ATTRIBUTES if each.several)
LABELS = frozenset(each.name for each in COORDINATES)
TOP = LABELS | {each.name for each in VARIABLES}
ONCE = LABELS | {each.name for each in VARIABLES if each.same}
NOT_RUN: dict[type, Any] = {str: "", int: -1}
"""What stands in such coordinates where a scenario was not run in a future."""
ResultKey = tuple[str, str]
Runs = Mapping[ResultKey, xr.Dataset]


def save(datasets: Iterable[xr.Dataset], path: Path) -> None:
    """Write the results of runs as one netCDF-4 file, whole or not at all."""
    runs = {key_of(data): data for data in datasets}
    top = _alike(list(runs.values()))
    whole = _together(runs, top)
    parts = {"/".join(key): _own(data, top, whole) for key, data in runs.items()}

    memory = BytesIO()  # a disk that is full, or gone, makes the library that writes netCDF fall
    _write(whole, memory, "w", None)
    with h5netcdf.File(memory, "a") as file:
        for name, part in parts.items():
            if part.attrs:
                file.create_group(name).attrs.update(part.attrs)
    for name, part in parts.items():
        if part.variables:
            _write(part.drop_attrs(deep=False), memory, "a", name)
    write_whole(path, lambda temporary: temporary.write_bytes(memory.getbuffer()))


def load(path: Path) -> dict[ResultKey, xr.Dataset]:
    """The results of each run in a file as they were when they were written, (scenario, future) -> dataset."""
    groups = xr.open_groups(BytesIO(path.read_bytes()), engine="h5netcdf", decode_timedelta=False)
    try:
        whole = groups["/"].load()
        position = whole["position"].values
        scenarios, futures = (whole[name].values for name in RUN)
        places = sorted(zip(*np.nonzero(position >= 0), strict=True), key=lambda place: int(position[place]))
        parts = {place: groups.get(f"/{scenarios[place[0]]}/{futures[place[1]]}", xr.Dataset()) for place in places}
        found = [_run(whole, dict(zip(RUN, place, strict=True)), part.load()) for place, part in parts.items()]
    finally:
        for group in groups.values():
            group.close()
    return {key_of(data): data for data in found}


def key_of(data: xr.Dataset) -> ResultKey:
    """Scenario and future of a run."""
    return str(data.attrs["scenario"]), str(data.attrs["future"])


def _alike(runs: Sequence[xr.Dataset]) -> tuple[str, ...]:
    """Variables and coordinates that stand at the top: all runs have them, along the same labels."""
    first = runs[0]
    dims = {dim for dim in first.indexes if all(_same(first.variables[dim], each.variables.get(dim)) for each in runs)}
    return tuple(
        str(name)
        for name, mine in first.variables.items()
        if name in TOP and dims.issuperset(mine.dims) and all(_fits(mine, each.variables.get(name)) for each in runs)
    )


def _fits(mine: xr.Variable, other: xr.Variable | None) -> bool:
    """Whether two runs' variables can stand in one: numbers of the same kind, or the same values."""
    alike = other is not None and (mine.dims, mine.dtype, mine.attrs) == (other.dims, other.dtype, other.attrs)
    return (alike and mine.dtype.kind == "f") or _same(mine, other)


def _same(mine: xr.Variable, other: xr.Variable | None) -> bool:
    """Whether two runs' variables have the same values, of the same kind, along the same dimensions and in words."""
    if other is None or (mine.dims, mine.dtype.kind, mine.attrs) != (other.dims, other.dtype.kind, other.attrs):
        return False
    return bool(np.array_equal(mine.values, other.values, equal_nan=mine.dtype.kind == "f"))


def _together(runs: Runs, top: Sequence[str]) -> xr.Dataset:
    """What stands at the top of the file."""
    first = next(iter(runs.values()))
    labels = {dim: list(dict.fromkeys(key[at] for key in runs)) for at, dim in enumerate(RUN)}
    at = {key: tuple(labels[dim].index(name) for dim, name in zip(RUN, key, strict=True)) for key in runs}
    sizes = tuple(map(len, labels.values()))
    placed: dict[str, xr.Variable] = {dim: xr.Variable(dim, names) for dim, names in labels.items()}
    placed |= _coordinates(runs, at, sizes)
    for name in top:
        mine = first.variables[name]
        if name in ONCE and all(_same(mine, each.variables[name]) for each in runs.values()):
            placed[name] = mine
            continue
        values = np.full((*sizes, *mine.shape), np.nan, dtype=mine.dtype)
        for key, data in runs.items():
            values[at[key]] = data.variables[name].values
        placed[name] = xr.Variable((*RUN, *mine.dims), values, mine.attrs)
    common = {
        name: value
        for name, value in first.attrs.items()
        if name in COMMON and all(_equal(value, data.attrs.get(name)) for data in runs.values())
    }
    coordinates = [name for name in placed if name in first.coords or name in PLACED]
    return xr.Dataset(placed, attrs=common).set_coords(coordinates)


def _coordinates(runs: Runs, at: Mapping[ResultKey, tuple[int, ...]], sizes: tuple[int, ...]) -> dict[str, xr.Variable]:
    """Attributes of runs as coordinates along scenario, future or both, where every run has one."""
    words = {each.name: {"long_name": each.words} for each in ATTRIBUTES}
    found = {}
    for name, along in PLACED.items():
        values = {key: data.attrs[name] for key, data in runs.items() if name in data.attrs}
        if name in RUN or len(values) < len(runs):
            continue
        kept = [dim in along for dim in RUN]
        kind = type(next(iter(values.values())))
        held = np.full([size for size, keep in zip(sizes, kept, strict=True) if keep], NOT_RUN[kind], dtype=object)
        for key, value in values.items():
            held[tuple(place for place, keep in zip(at[key], kept, strict=True) if keep)] = value
        found[name] = xr.Variable(along, held.astype(kind), words[name])
    return found


def _own(data: xr.Dataset, top: Sequence[str], whole: xr.Dataset) -> xr.Dataset:
    """What stands in a run's own group, with the labels along its dimensions."""
    rest = data.drop_vars([name for name in top if name in data.variables and name not in data.indexes])
    used = {dim for name, each in rest.variables.items() if name not in top for dim in each.dims}
    rest = rest.drop_vars([name for name in top if name in rest.variables and name not in used])
    attrs = {name: value for name, value in data.attrs.items() if name not in whole.attrs and name not in whole.coords}
    return rest.drop_attrs(deep=False).assign_attrs(attrs)


def _run(whole: xr.Dataset, place: Mapping[str, Any], part: xr.Dataset) -> xr.Dataset:
    """A run as it was: its place at the top of the file, and its own group."""
    attrs = dict(whole.attrs)
    variables: dict[Any, xr.Variable] = {}
    for name, each in whole.variables.items():
        mine = each.isel({dim: at for dim, at in place.items() if dim in each.dims})
        if name in PLACED:
            attrs[str(name)] = mine.values
        else:
            variables[name] = _as_written(mine)
    variables |= {name: _as_written(each) for name, each in part.variables.items()}
    coordinates = [name for name in variables if name in whole.coords or name in part.coords]
    said = {name: _said(str(name), value) for name, value in (attrs | part.attrs).items()}
    return xr.Dataset(variables, attrs=said).set_coords(coordinates)


def _as_written(variable: xr.Variable) -> xr.Variable:
    """Without what the file says of how it holds it; text as text."""
    values = variable.values
    return xr.Variable(variable.dims, values.astype(str) if values.dtype.kind in "OT" else values, variable.attrs)


def _said(name: str, value: Any) -> Any:
    """An attribute as Python's own numbers; the file does not tell a list of one from what is in it."""
    own = value.tolist() if isinstance(value, np.generic | np.ndarray) else value
    return [own] if name in LISTS and not isinstance(own, list) else own


def _equal(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(np.array_equal(one, other))


def _write(data: xr.Dataset, memory: BytesIO, mode: Any, group: str | None) -> None:
    encoding = {name: {"zlib": True, "complevel": 1} for name, each in data.data_vars.items() if each.dtype.kind == "f"}
    data.to_netcdf(memory, mode=mode, group=group, engine="h5netcdf", encoding=encoding)
