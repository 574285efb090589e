"""Are results whole and trusted after a kill at any moment? Kills processes that write them, and looks.

    python -m tests.outputs.kills              100 kills of the command line on the toy town (some minutes)
    python -m tests.outputs.kills --quick 50   50 kills of what writes files, without anything computed (seconds)

Every other kill is aimed at the moment of putting in place: at one of the calls that change the file system from its
beginning on. The others come at a random time. Only where processes can be forked.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from model.cli import __main__ as cli
from model.outputs import manifest, netcdf, placing, staging
from tests.towns.broken_root import toy_root, tree

CHANGES = ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.utime", "open", "shutil.rmtree")
"""Calls after which the file system may be another, as Python announces them."""
STUDY = """
title: {{sv: {0}, en: {0}}}
municipality: toy
futures: [central]
scenarios: [toy_reference, {1}]
"""
VERSIONS = (("Old", "toy_mix"), ("New", "toy_cheapest"))


@dataclass(frozen=True)
class Writer:
    """What writes one of two versions of results, 0 or 1, and where they are read."""

    write: Callable[[int], Any]
    folder: Path
    root: Path

    def whole(self) -> dict[str, str]:
        """The files with their hashes, as they are read; an error if they are not whole."""
        staging.load_study(self.folder, self.root)
        known = manifest.read(self.folder)
        assert known and not manifest.changed(self.folder, known[manifest.FILES])
        return tree(self.folder)


def fork(act: Callable[[], Any], seconds: float | None = None, call: int | None = None) -> tuple[int, int]:
    """Do something in a process that is killed after so many seconds, or at a call that changes files while placing.

    Gives the number of the signal it ended by (0: none) and how many such calls there were, if it was not killed.
    """
    told, tell = os.pipe()
    process = os.fork()
    if process == 0:
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        calls = _count(call)
        act()
        os.write(tell, str(calls[0]).encode())
        os._exit(0)
    os.close(tell)
    if seconds is not None:
        time.sleep(seconds)
        os.kill(process, signal.SIGKILL)
    _, status = os.waitpid(process, 0)
    said = os.read(told, 20)
    os.close(told)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "it failed"
    return os.WTERMSIG(status), int(said or 0)


def _count(call: int | None) -> list[int]:
    """Count calls that change files once placing has begun; the process kills itself before one of them."""
    calls, begun, place = [0], [False], placing.place

    def heard(event: str, _: Any) -> None:
        if begun[0] and event in CHANGES:
            calls[0] += 1
            if calls[0] == call:
                os.kill(os.getpid(), signal.SIGKILL)

    def placed(*arguments: Any) -> None:
        begun[0] = True
        place(*arguments)
        begun[0] = False

    placing.place = placed
    sys.addaudithook(heard)
    return calls


def kill(writer: Writer, number: int, seed: int) -> Counter[str]:
    """Kill a writer so many times; counts whether old or new results were there afterwards.

    Raises AssertionError, or what reading raises, where they were neither.
    """
    chance, found = random.Random(seed), Counter[str]()
    versions = []
    for version in (0, 1, 0):
        start = time.monotonic()
        assert fork(lambda version=version: writer.write(version))[0] == 0
        lasts = time.monotonic() - start
        versions.append(writer.whole())
    _, calls = fork(lambda: writer.write(1))
    there = 1
    assert versions[0] == versions[2] != versions[1] and calls
    while found.total() < number:
        aimed = bool(found.total() % 2)
        at: dict[str, Any] = {"call": chance.randint(1, calls)} if aimed else {"seconds": chance.uniform(0, lasts)}
        end, _ = fork(lambda wanted=1 - there: writer.write(wanted), **at)
        now = versions.index(writer.whole())
        if end == signal.SIGKILL:  # else it had come to its end
            found["old" if now == there else "new"] += 1
        there = now
    assert fork(lambda: writer.write(1 - there))[0] == 0
    left = [path.name for path in writer.folder.parent.iterdir()]
    assert left == [writer.folder.name], left
    return found


def command_line(folder: Path) -> Writer:
    """The whole way: a study of the toy town, of which title and a scenario change."""
    os.cpu_count = lambda: 1  # all in the process that is killed
    root = toy_root(folder)

    def write(version: int) -> None:
        (root / "scenarios/studies/killed.yaml").write_text(STUDY.format(*VERSIONS[version]), encoding="utf-8")
        assert cli.entry(["--root", str(root), "study", "killed"]) == 0

    return Writer(write, root / "outputs" / "killed", root)


def files_alone(folder: Path) -> Writer:
    """Some files, of which each version has one of its own, and a figure in a folder."""
    results = folder / "outputs" / "toy"

    def write(version: int) -> None:
        data = xr.Dataset({"emissions": ("year", np.full(3, version))}, {"year": [2024, 2025, 2026]})
        with staging.staging(results, {"asked": "the same"}) as hidden:
            (hidden / "figures").mkdir()
            for name in ("summary.csv", f"figures/only_{version}.svg", "figures/both.svg"):
                (hidden / name).write_text(f"{name} {version}", encoding="utf-8")
            about = {"scenario": "one", "future": "central", "position": 0}
            netcdf.save([data.assign_attrs(about)], hidden / staging.RESULTS)

    return Writer(write, results, folder)


def main(arguments: Sequence[str] | None = None) -> None:
    """Kill so many times and say what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("number", type=int, nargs="?", default=100)
    parser.add_argument("--quick", action="store_true", help="write files without computing anything")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        writer = (files_alone if given.quick else command_line)(Path(folder) / "root")
        found = kill(writer, given.number, given.seed)
    print(f"{given.number} kills: {found['old']} old and {found['new']} new results")


if __name__ == "__main__":
    main()
