"""Does any spoilt file make the toolkit fall, or believe nonsense without a word?

    python -m tests.attack.attack --count 20000        (make fuzz)

A copy of the toy town is read with one file spoilt, and run where it is accepted. Every outcome is one of: *accepted*,
and the results are numbers; *warned*, accepted, and something is probably wrong; *refused*, every fault with its file,
and its line where there is one. Anything else - an exception, a warning of Python's, a result that is no number, more
time or memory than reading takes - is unexplained.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import traceback
import warnings
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from model.inputs.faults import InputFaults
from model.studies.run import study_batch
from model.studies.study import results, run
from tests.attack.mutations import Mutation, mutation
from tests.towns.broken_root import toy_root

SECONDS = 30
"""Time after which reading and running a toy town is unexplained."""
PART = 250
"""Mutations of one town, before it is made anew."""
PLANNED = 8
"""Of so many accepted mutations one has its goals planned as well."""
OWN = (
    "toy",
    "gases",
    "sectors",
    "subsectors",
    "carriers",
    "emission_factors",
    "prices",
    "indicators",
    "valuations",
    "owners",
)
"""Parts of names of the files that are spoilt: what the toy town rests on."""


@dataclass
class Tally:
    """What came of the mutations so far."""

    count: Counter[str] = field(default_factory=Counter)
    unexplained: list[str] = field(default_factory=list)


class Attack:
    """A toy town of which one file at a time is spoilt."""

    def __init__(self, folder: Path, planned: int = PLANNED) -> None:
        self.planned = planned
        self.root = toy_root(folder / "root")
        paths = [path for path in sorted(self.root.rglob("*")) if path.suffix in (".csv", ".yaml")]
        names = {path.relative_to(self.root).as_posix(): path for path in paths}
        self.files = {
            name: path.read_bytes()
            for name, path in names.items()
            if any(part in name for part in OWN) or name.endswith("central.yaml")
        }

    def one(self, seed: int, tally: Tally) -> None:
        """Carry out the mutation of a seed, note what comes of it, and mend the file."""
        done = mutation(seed, self.files)
        path = self.root / done.file
        try:
            if done.content is None:
                path.unlink()
            else:
                path.write_bytes(done.content)
            outcome = self._outcome(seed, done)
        finally:
            path.write_bytes(self.files[done.file])
        tally.count[outcome.partition(":")[0]] += 1
        if not outcome.startswith(("accepted", "warned", "refused")):
            tally.unexplained.append(f"seed {seed}, {done.file}, {done.way}: {outcome}")

    def _outcome(self, seed: int, done: Mutation) -> str:
        try:
            with _limited(SECONDS), warnings.catch_warnings():
                warnings.simplefilter("error")
                return self._run(seed)
        except InputFaults as error:
            return self._refused(error)
        except BaseException as error:  # whatever it is, it is what we look for
            if isinstance(error, KeyboardInterrupt):
                raise
            where = traceback.extract_tb(error.__traceback__)[-1]
            return f"{type(error).__name__}: {str(error)[:200]} ({Path(where.filename).name}:{where.lineno})"

    def _run(self, seed: int) -> str:
        _, batch = study_batch("toy", self.root)
        done = run(batch, 1, lambda _: None) if seed % self.planned == 0 else results(batch, {}, lambda _: None)
        for key, data, _ in done:
            for name in ("indicator", "activity_level", "carrier_use", "capital", "payment", "emissions_co2e"):
                if not np.isfinite(data[name].values).all():
                    return f"no number: '{name}' of {key}"
        for doubt in batch.doubts:
            if not doubt.place.line or len(str(doubt)) > 4000 or not str(doubt).isprintable():
                return f"badly doubted: {str(doubt)[:300]!r}"
        return "warned" if batch.doubts else "accepted"

    def _refused(self, error: InputFaults) -> str:
        for fault in error.faults:
            there = self.root / fault.place.file
            if not fault.found or not fault.allowed or len(str(fault)) > 4000 or not str(fault).isprintable():
                return f"badly said: {str(fault)[:300]!r}"
            if there.suffix in (".csv", ".yaml") and there.exists() and there.stat().st_size and not _placed(fault):
                return f"no line: {fault}"
        return "refused"


def _placed(fault: Any) -> bool:
    """Whether a fault says where it is, or is one of a whole file."""
    whole = ("no ", "several documents", "UTF-16", "bad YAML", "a file", "table '", "something")
    return bool(fault.place.line) or fault.found.startswith(whole)


@contextmanager
def _limited(seconds: int) -> Iterator[None]:
    """An error after so many seconds of the processor: how busy the machine is does not count."""

    def stop(*_: Any) -> None:
        raise TimeoutError(f"not done after {seconds} s")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def attack(seeds: range, planned: int = PLANNED) -> Tally:
    """What comes of the mutations of these seeds; of so many accepted ones one has its goals planned."""
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        town = Attack(Path(folder), planned)
        for seed in seeds:
            town.one(seed, tally)
    return tally


def main() -> int:
    """Attack from the command line; 1: something is unexplained."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--first", type=int, default=0)
    given = parser.parse_args()

    parts = [
        range(at, min(at + 250, given.first + given.count)) for at in range(given.first, given.first + given.count, 250)
    ]
    whole = Tally()
    with ProcessPoolExecutor() as pool:
        for number, tally in enumerate(pool.map(attack, parts), 1):
            whole.count += tally.count
            whole.unexplained += tally.unexplained
            print(f"{number * PART} mutations: {dict(whole.count)}", file=sys.stderr)
    print(*whole.unexplained, sep="\n")
    print(f"{sum(whole.count.values())} mutations: {dict(whole.count)}; {len(whole.unexplained)} unexplained")
    return int(bool(whole.unexplained))


if __name__ == "__main__":
    sys.exit(main())
