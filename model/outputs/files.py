"""How are results written and read, whole or not at all?"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import xarray as xr


def save(data: xr.Dataset, path: Path) -> None:
    """Write a dataset as netCDF-4, whole or not at all."""
    encoding = {name: {"zlib": True, "complevel": 1} for name in data.data_vars if data[name].dtype.kind == "f"}
    write_whole(path, lambda temporary: data.to_netcdf(temporary, engine="h5netcdf", encoding=encoding))


def load(path: Path) -> xr.Dataset:
    """Read a dataset back into memory."""
    with xr.open_dataset(path, engine="h5netcdf") as data:
        return data.load()


def write_whole(path: Path, write: Any) -> None:
    """Let `write(temporary path)` write a file beside `path` and rename it, so that `path` is never half-written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=path.suffix, dir=path.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        write(temporary)
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_together(contents: Mapping[Path, bytes]) -> None:
    """Write several files, all or none: what stood there before is put back when one of them cannot be written."""
    before = {path: path.read_bytes() if path.exists() else None for path in contents}
    folders = [path.parent for path in contents if not path.parent.exists()]
    try:
        for path, content in contents.items():
            write_whole(path, lambda temporary, content=content: temporary.write_bytes(content))
    except BaseException:
        for path, old in before.items():
            if old is None:
                path.unlink(missing_ok=True)
            elif path.read_bytes() != old:
                path.write_bytes(old)
        for folder in dict.fromkeys(folders):
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
        raise
