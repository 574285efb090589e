"""What is run, written and drawn for what the user asked?"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import xarray as xr

from model.inputs.columns.money import Fund
from model.inputs.faults import Faults, Place, listing
from model.inputs.schema import Analyses, Goal, Study
from model.outputs import summary
from model.outputs.files import save
from model.scenarios import files
from model.studies.plan_files import save_plan
from model.studies.progress import Progress, silent
from model.studies.study import Batch, RunKey, prepare
from model.studies.study import run as run_batch
from model.vocabulary import CENTRAL
from model.workers import call, spread

MAIN_STUDY = "main"
Results = dict[RunKey, xr.Dataset]
Writings = dict[str, tuple[Any, ...]]
"""What is written, by name: a function and its arguments."""
FEW = 15
"""So many files are written sooner than further processes are started."""


@dataclass(frozen=True)
class RunOptions:
    """What the command line says beside names: in which future and town, how strictly, in which language."""

    future: str | None = None
    town: str | None = None
    strict: bool = False
    lang: str = "sv"


def scenario_batch(names: Sequence[str], root: Path, where: RunOptions, options: Mapping[str, Any]) -> Batch:
    """Scenarios in the future asked for, else each in its own, with options of the command line put into goals."""
    faults = Faults()
    read = [each for name in names if (each := files.load_scenario(name, root, faults)) is not None]
    if not read:
        faults.stop_if_any()
    named_at = {("futures", each.content.future): each.place("future") for each in read}
    futures = [where.future] if where.future else sorted({each.content.future for each in read})
    town, stands = where.town or main_town(root), {} if where.future else named_at
    return prepare("+".join(names), town, names, futures, root, Faults(), stands, options)


def known_goal(goal: str, root: Path) -> None:
    """Stop if there is no such goal."""
    goals = files.names(root, "goals")
    if goal not in goals:
        faults = Faults()
        is_portfolio = goal.endswith(".yaml") or goal in files.names(root, "portfolios")
        found = f"portfolio '{goal}', which `run` projects" if is_portfolio else f"goal '{goal}'"
        faults.add(Place("scenarios/goals"), found, f"one of {listing(goals)}", [] if is_portfolio else goals, goal)
        faults.stop_if_any()


def check_funds(funds: Sequence[str], batch: Batch) -> None:
    """Stop if a pot named on the command line is none."""
    faults = Faults()
    pots = [row.fund for row in batch.town.rows(Fund) if row.kind != "own"]
    for fund in funds:
        if fund not in pots:
            faults.add(Place(f"--fund {fund}"), f"fund '{fund}'", f"one of {listing(pots)}", pots, fund)
    faults.stop_if_any()


def study_batch(name: str, root: Path) -> tuple[Study, Batch]:
    """A study as its file says, and its batch, checked."""
    faults = Faults()
    read = files.load_study(name, root, faults)
    if read is None:
        faults.stop_if_any()
    assert read is not None
    chosen, lines = read
    whole = Place(f"scenarios/studies/{name}.yaml")
    named_at = {("municipality", chosen.municipality): lines.get(("municipality",), whole)}
    for kind in ("futures", "scenarios"):
        names = enumerate(getattr(chosen, kind))
        named_at |= {(kind, each): lines.get((kind, str(number)), whole) for number, each in names}
    files.check_study(chosen, root, lines, whole, faults)
    batch = prepare(name, chosen.municipality, chosen.scenarios, chosen.futures, root, faults, named_at)
    return chosen, replace(batch, only=dict.fromkeys(chosen.only_shown, shown_future_of(chosen)))


def main_town(root: Path) -> str:
    """The municipality of the main study."""
    faults = Faults()
    read = files.load_study(MAIN_STUDY, root, faults)
    faults.stop_if_any()
    assert read is not None
    return read[0].municipality


def shown_future_of(study: Study) -> str:
    """The future that figures of a study show."""
    return study.shown_future or (CENTRAL if CENTRAL in study.futures else study.futures[0])


def run_into(
    folder: Path,
    batch: Batch,
    drawn: Callable[[Results], Writings] | None = None,
    analyses: Mapping[RunKey, Analyses] | None = None,
    progress: Progress = silent,
) -> Results:
    """Run a batch and write results, found plans, summary and what is `drawn` of them into a folder."""
    goals = sum(isinstance(batch.scenarios[name].content, Goal) for name, _ in batch.keys)
    steps = len(batch.keys) + goals
    data: Results = {}
    with progress(steps, "running") as step:
        for key, dataset, found in run_batch(batch, os.cpu_count() or 1, step, analyses):
            data[key] = dataset
            if found is not None:
                save_plan(found, folder, f"{key[0]}.{key[1]}")
    data = dict(sorted(data.items(), key=lambda item: int(item[1].attrs["position"])))
    summary.write(data.values(), folder / "summary.csv")
    writings: Writings = {
        f"{name}, {future}": (save, each, folder / "results" / f"{name}.{future}.nc")
        for (name, future), each in data.items()
    }
    write_all(writings | (drawn(data) if drawn else {}), progress)
    return data


def write_all(writings: Writings, progress: Progress = silent) -> None:
    """Write files, each whole or not at all; many are written in several processes at once."""
    workers = (os.cpu_count() or 1) if len(writings) > FEW else 1
    with progress(len(writings), "writing") as step, closing(spread(call, writings, workers)) as in_turn:
        for name, _ in in_turn:
            step(name)


def study_figures(data: Results, future: str, study: Study, folder: Path, language: str) -> Writings:
    """What is to be drawn of a study."""
    from model.figures.registry import figure_jobs

    jobs = figure_jobs(data, future, study.fan_scenario or study.scenarios[0], language)
    return {job.name: (job.write, folder) for job in jobs}


def plan_figures(data: Results, folder: Path, language: str) -> Writings:
    """What is to be drawn of plans that were asked more about, in each future."""
    from model.figures.registry import plan_jobs

    jobs = plan_jobs(data, language)
    return {job.name: (job.write, folder) for job in jobs}
