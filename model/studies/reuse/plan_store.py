"""Which plans are known already? A file for each plan, and for each answer, under the hash of all it depends on.

They stand in `.cache/plans/` of the folder that holds `outputs/`, and are taken from there whoever asks for them.
A file is written whole or not at all; one that is damaged, or cannot be read, costs the time to compute it again. When
all together are too large, those that have not been used for longest are removed.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import time
import zlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model.outputs.files import write_whole

MOST = 256 * 2**20
"""Bytes that all files may have together."""
LEFT = 0.75
"""Share of these that is left when files are removed."""
A_DAY = 24 * 60 * 60.0
SUFFIX = ".plan"
SEAL = hashlib.sha256().digest_size


@dataclass(frozen=True)
class PlanStore:
    """A folder of plans and answers; picklable, so that each process keeps what it has found at once."""

    folder: Path

    def get(self, key: str) -> Any:
        """What is kept under a key; None if there is nothing, or it is not as it was written."""
        path = self._path(key)
        with suppress(OSError):
            content = path.read_bytes()
            if hashlib.sha256(content[SEAL:]).digest() == content[:SEAL]:
                with suppress(OSError):
                    os.utime(path)  # it has been used
                return pickle.loads(zlib.decompress(content[SEAL:]))
        return None

    def put(self, key: str, value: Any) -> None:
        """Keep something under a key; where that cannot be written, nothing is kept."""
        content = zlib.compress(pickle.dumps(value), 1)
        seal = hashlib.sha256(content).digest()
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            write_whole(self._path(key), lambda path: path.write_bytes(seal + content))
            self._clean()

    def _path(self, key: str) -> Path:
        return self.folder / f"{key[:40]}{SUFFIX}"

    def _clean(self) -> None:
        """Remove what was used longest ago where there is too much, and what killed runs left half-written."""
        found = []
        with os.scandir(self.folder) as entries:
            for entry in entries:
                with suppress(OSError):  # another process may have removed it
                    found.append((entry.stat().st_mtime, entry.stat().st_size, Path(entry.path)))
        hidden = [each for each in found if each[2].name.startswith(".")]
        old = [path for used, _, path in hidden if used < time.time() - A_DAY]
        whole, size = sorted({*found} - {*hidden}), sum(size for _, size, _ in found)
        if size > MOST:
            for _, its_size, path in whole:
                if size <= LEFT * MOST:
                    break
                old.append(path)
                size -= its_size
        for path in old:
            with suppress(OSError):
                path.unlink()


def plan_store(root: Path) -> PlanStore:
    """The plans of a project's folder."""
    return PlanStore(root / ".cache" / "plans")
