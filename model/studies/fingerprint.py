"""What do results depend on? Hashes of contents as they are in memory: files may have changed since."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from importlib import metadata

from model import ROOT, __version__
from model.inputs.municipality import Municipality
from model.inputs.schema import Future
from model.scenarios.checked import CheckedScenario


def input_hashes(
    town: Municipality, scenarios: Mapping[str, CheckedScenario], futures: Mapping[str, Future]
) -> dict[str, str]:
    """Hash of everything results depend on: tables by file, scenarios, futures, own constraints, code and solver."""
    hashes = town_hashes(town)
    own = {each.place.file: each.text for scenario in scenarios.values() for each in scenario.constraints}
    hashes |= {file: _hash(text) for file, text in own.items()}
    hashes |= {f"scenario {name}": _hash(said_by(each)) for name, each in scenarios.items()}
    hashes |= {f"future {name}": _hash(future.model_dump_json()) for name, future in futures.items()}
    return hashes | {"code": _code(), "version": __version__, "solver": f"HiGHS {metadata.version('highspy')}"}


def town_hashes(town: Municipality) -> dict[str, str]:
    """Hash of what a municipality's settings and tables say, by the file in which it stands, changes included."""
    said: dict[str, list[str]] = {}
    for table, rows in town.tables.items():
        for row in rows:
            for file, cells in row.by_file(town.files[table]).items():
                said.setdefault(file, []).append(f"{table} {cells}")
    hashes = {file: _hash("\n".join(rows)) for file, rows in said.items()}
    return hashes | {f"inputs/{town.name}/municipality.yaml": _hash(town.settings.model_dump_json())}


def said_by(scenario: CheckedScenario) -> str:
    """What a scenario says, and what those say that it starts from."""
    return "\n".join([scenario.content.model_dump_json(), *map(said_by, scenario.starts)])


def fingerprint(hashes: Mapping[str, str]) -> str:
    """One hash of all."""
    return _hash(repr(sorted(hashes.items())))


def _code() -> str:
    """Of the whole toolkit, wherever its modules stand."""
    files = sorted((ROOT / "model").rglob("*.py"))
    return hashlib.sha256(b"".join(path.name.encode() + path.read_bytes() for path in files)).hexdigest()


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
