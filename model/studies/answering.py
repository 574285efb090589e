"""How does what is asked become a folder of results? Nothing is computed that there is, and all is written or none."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import xarray as xr

from model.analyses.question import Questions, Shown
from model.outputs import manifest, netcdf, runs, staging, summary
from model.outputs.overview import overview
from model.plain_text import TextTable
from model.studies.found import RunKey, Solved
from model.studies.missed import missed
from model.studies.plan_files import save_plan
from model.studies.planning import plans
from model.studies.progress import Hearing
from model.studies.reuse.asked import Asked
from model.studies.reuse.digest import digest, versions
from model.studies.reuse.lock import writing
from model.studies.reuse.plan_store import plan_store
from model.studies.reuse.standing import (
    FIGURES,
    PACKAGES,
    UNCHANGED,
    Answer,
    answer_of,
    read_by,
    standing,
    stop_if_other,
    typed_now,
)
from model.studies.study import Batch, goal_jobs, results
from model.texts import LANGUAGES
from model.workers import Pool

UNHEARD = Hearing()
CODE = "{file} is code of yours that was run: goal '{goal}' names it."
TAKEN = "{taken} of {count} plans taken from earlier runs; --fresh computes them anew."
REDRAWN = "Figures drawn of results that are there; --fresh computes them anew."
Results = dict[RunKey, xr.Dataset]
Writings = dict[str, tuple[Any, ...]]
"""What is written, by name: a function and its arguments."""
FEW = 15
"""So many files are written sooner than further processes are started."""


@dataclass(frozen=True)
class Work:
    """What is to be done for what was asked, once its files have been read and checked."""

    batch: Batch
    wanted: Mapping[RunKey, Questions]
    """what is asked of plans"""
    display: Callable[[xr.Dataset, str], Shown] = lambda _, __: ()
    """what is told of each result beside the overview, in a language"""
    drawn: Callable[[Results, Path], Writings] = lambda _, __: {}
    """what is drawn of the results, into a folder"""
    beside: Sequence[Any] = ()
    """what else results depend on"""
    future: str | None = None
    """the future whose results are told; None: of each scenario the first it was run in"""

    @property
    def depends(self) -> str:
        """Hash of everything that results and figures depend on, by content."""
        return digest(self.batch.fingerprint, sorted(self.wanted.items()), self.beside, versions(*PACKAGES))


def answered(asked: Asked, work: Callable[[], Work], fresh: bool, hear: Hearing) -> Answer:
    """The answer to what is asked, in its folder, whole or not at all; what is there already is taken.

    Raises `InputFaults` where the folder holds the answer to another question, and for all that is wrong with files.
    """
    stop_if_other(asked)
    with writing(asked.folder, asked.root, hear.say) as waited:
        stop_if_other(asked)
        if waited and not fresh and (there := standing(asked)):
            return there
        about: dict[str, Any] = {"asked": asked.words, "language": asked.language, "read": read_by(asked)}
        made = work()
        about["typed"] = typed_now(asked.root, made.batch.typed)
        about["depends"] = made.depends
        known = None if fresh else _still(asked, made)
        with Pool(os.cpu_count() or 1) as pool:
            return _computed(asked, made, fresh, about, pool, hear) if known is None else _redrawn(
                asked, made, known, about, pool, hear
            )  # fmt: skip


def _still(asked: Asked, made: Work) -> dict[str, Any] | None:
    """The manifest of what is there if it is the answer, and whole but for figures."""
    known = manifest.read(asked.folder)
    if known is None or (known.get("asked"), known.get("depends")) != (asked.words, made.depends):
        return None
    files = {name: each for name, each in known[manifest.FILES].items() if not name.startswith(FIGURES)}
    return None if manifest.changed(asked.folder, files) else known


def _redrawn(
    asked: Asked, made: Work, known: Mapping[str, Any], about: dict[str, Any], pool: Pool, hear: Hearing
) -> Answer:
    """What is there, with figures drawn of it where they are missing or in another language."""
    folder, files = asked.folder, known[manifest.FILES]
    drawn = known["language"] == asked.language and not manifest.changed(folder, files)
    answer = replace(answer_of(folder, known, UNCHANGED if drawn else REDRAWN), doubts=made.batch.doubts)
    about["said"] = answer.as_written
    with staging.staging(folder, about) as hidden:
        for name in files:
            if drawn or not name.startswith(FIGURES):
                (hidden / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(folder / name, hidden / name)
        if not drawn:
            write_all(made.drawn(staging.load_study(folder, asked.root), hidden / FIGURES), pool, hear)
    return answer


def _computed(asked: Asked, made: Work, fresh: bool, about: dict[str, Any], pool: Pool, hear: Hearing) -> Answer:
    """Plans, those taken that are kept, and all that is written of them."""
    batch, taken = made.batch, 0
    with staging.staging(asked.folder, about) as hidden:
        jobs = goal_jobs(batch, made.wanted)
        found: dict[RunKey, Solved] = {}
        with hear.progress(len(jobs) or len(batch.keys), "running") as step:
            for key, solved, was_taken in plans(jobs, pool, plan_store(asked.root), fresh):
                step("{} {}, {}".format("took" if was_taken else "optimised", *key))
                found[key] = solved
                taken += was_taken
            data = {key: each for key, each, _ in results(batch, found, (lambda _: None) if jobs else step)}
        for (name, future), solved in found.items():
            save_plan(solved, hidden, f"{name}.{future}")
        netcdf.save(data.values(), hidden / staging.RESULTS)
        summary.write(data.values(), hidden / "summary.csv")
        runs.write(data, {name: each.budgets for name, each in batch.scenarios.items()}, hidden / "runs.csv")
        write_all(made.drawn(data, hidden / FIGURES), pool, hear)
        told: dict[str, tuple[TextTable | str, ...]] = {
            language: (
                *overview(data, language, made.future),
                *(each for one in data.values() for each in made.display(one, language)),
            )
            for language in LANGUAGES
        }
        said = TAKEN.format(taken=taken, count=len(found)) if taken else ""
        answer = Answer(asked.folder, told, tuple(missed(data, batch)), batch.doubts, said)
        about["said"] = answer.as_written
    for scenario in batch.scenarios.values():
        for constraint in scenario.constraints:
            hear.say(CODE.format(file=constraint.place.file, goal=scenario.name))
    return answer


def write_all(writings: Writings, pool: Pool, hear: Hearing = UNHEARD) -> None:
    """Write files, each whole or not at all; many in several processes, which have to load what draws first."""
    chosen = pool if len(writings) > FEW else Pool(1)
    jobs = {name: tuple(each) for name, each in writings.items()}
    with hear.progress(len(writings), "writing") as step, closing(chosen.each(jobs)) as in_turn:
        for name, _ in in_turn:
            step(name)
