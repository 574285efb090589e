"""What is run, written and drawn for what the user asked?"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import xarray as xr

from model.analyses.question import Question, Questions, usual
from model.inputs.faults import Faults, Place, listing
from model.inputs.options import Options
from model.inputs.schema import Goal
from model.outputs import staging, summary
from model.outputs.files import save
from model.scenarios import files
from model.studies.found import RunKey
from model.studies.options import GoalOptions, QuestionOptions, RunOptions, StudyOptions
from model.studies.plan_files import save_plan
from model.studies.progress import Progress, silent
from model.studies.study import Batch, prepare
from model.studies.study import run as run_batch
from model.studies.study_file import Study, check_study, load_study
from model.vocabulary import CENTRAL
from model.workers import call, spread

MAIN_STUDY = "main"
Results = dict[RunKey, xr.Dataset]
Writings = dict[str, tuple[Any, ...]]
"""What is written, by name: a function and its arguments."""
FEW = 15
"""So many files are written sooner than further processes are started."""


@dataclass(frozen=True)
class Ran:
    """What was run, what came of it, and the folder where it stands."""

    batch: Batch
    data: Results
    folder: Path


def run_study(name: str, root: Path, options: StudyOptions, progress: Progress = silent) -> Ran:
    """Run a study and write its results, summary, plans and figures to `outputs/<name>/`."""
    study, batch = study_batch(name, root)
    future = shown_future_of(study)
    wanted = {(goal, future): questions for goal, questions in study.asked.items()}

    def drawn(data: Results, hidden: Path) -> Writings:
        return study_figures(data, future, study, hidden / "figures", options.lang)

    return _into(root / "outputs" / name, batch, drawn, wanted, progress)


def run_scenarios(names: Sequence[str], root: Path, options: RunOptions, progress: Progress = silent) -> Ran:
    """Project or optimise scenarios and write results, summary and found plans to `outputs/<names>/`."""
    batch = scenario_batch(names, root, options)
    wanted = dict.fromkeys(batch.keys, usual())
    return _into(root / "outputs" / "+".join(batch.scenarios), batch, None, wanted, progress)


def run_question(
    question: Question, goal: str, root: Path, own: Options, options: QuestionOptions, progress: Progress = silent
) -> Ran:
    """Find a goal's plan, ask of it and write results, tables, plans and figures to `outputs/<question>_<goal>/`."""
    known_goal(goal, root)
    batch = scenario_batch([goal], root, options)
    faults = Faults()
    own.check(batch.town, faults)
    faults.stop_if_any()
    wanted = dict.fromkeys(batch.keys, usual() | {question.name: own})

    def drawn(data: Results, hidden: Path) -> Writings:
        return plan_figures(data, hidden / "figures", options.lang)

    return _into(root / "outputs" / f"{question.name}_{goal}", batch, drawn, wanted, progress)


def draw_study(name: str, root: Path, future: str | None, language: str, progress: Progress = silent) -> Path:
    """Draw the figures of a finished study for one of its futures; gives the folder."""
    faults = Faults()
    read = load_study(name, root, faults)
    faults.stop_if_any()
    assert read is not None
    data = staging.load_study(root / "outputs" / name, root)
    known = list(dict.fromkeys(each for _, each in data))
    shown_future = future or shown_future_of(read[0])
    if shown_future not in known:
        place, found = Place(f"outputs/{name}"), f"no results for future '{shown_future}'"
        faults.add(place, found, f"one of {listing(known)}", known, shown_future)
        faults.stop_if_any()
    folder = root / "outputs" / name / f"figures_{shown_future}_{language}"
    with staging.staging(folder) as hidden:
        write_all(study_figures(data, shown_future, read[0], hidden, language), progress)
    return folder


def scenario_batch(names: Sequence[str], root: Path, options: RunOptions) -> Batch:
    """Scenarios in the future asked for, else each in its own, with what is given of a goal put into goals."""
    faults = Faults()
    read = [each for name in names if (each := files.load_scenario(name, root, faults)) is not None]
    if not read:
        faults.stop_if_any()
    named_at = {("futures", each.content.future): each.place("future") for each in read}
    futures = [options.future] if options.future else sorted({each.content.future for each in read})
    town, stands = options.municipality or main_town(root), {} if options.future else named_at
    given = options.of_goal if isinstance(options, GoalOptions) else {}
    return prepare("+".join(names), town, names, futures, root, Faults(), stands, given)


def known_goal(goal: str, root: Path) -> None:
    """Stop if there is no such goal."""
    goals = files.names(root, "goals")
    if goal not in goals:
        faults = Faults()
        is_portfolio = goal.endswith(".yaml") or goal in files.names(root, "portfolios")
        found = f"portfolio '{goal}', which `run` projects" if is_portfolio else f"goal '{goal}'"
        faults.add(Place("scenarios/goals"), found, f"one of {listing(goals)}", [] if is_portfolio else goals, goal)
        faults.stop_if_any()


def study_batch(name: str, root: Path) -> tuple[Study, Batch]:
    """A study as its file says, and its batch, checked."""
    faults = Faults()
    read = load_study(name, root, faults)
    if read is None:
        faults.stop_if_any()
    assert read is not None
    chosen, lines = read
    whole = Place(f"scenarios/studies/{name}.yaml")
    named_at = {("municipality", chosen.municipality): lines.get(("municipality",), whole)}
    for kind in ("futures", "scenarios"):
        names = enumerate(getattr(chosen, kind))
        named_at |= {(kind, each): lines.get((kind, str(number)), whole) for number, each in names}
    check_study(chosen, root, lines, whole, faults)
    batch = prepare(name, chosen.municipality, chosen.scenarios, chosen.futures, root, faults, named_at)
    return chosen, replace(batch, only=dict.fromkeys(chosen.only_shown, shown_future_of(chosen)))


def main_town(root: Path) -> str:
    """The municipality of the main study."""
    faults = Faults()
    read = load_study(MAIN_STUDY, root, faults)
    faults.stop_if_any()
    assert read is not None
    return read[0].municipality


def shown_future_of(study: Study) -> str:
    """The future that figures of a study show."""
    return study.shown_future or (CENTRAL if CENTRAL in study.futures else study.futures[0])


def _into(
    folder: Path,
    batch: Batch,
    drawn: Callable[[Results, Path], Writings] | None,
    wanted: Mapping[RunKey, Questions],
    progress: Progress,
) -> Ran:
    """Run a batch and put all that is written of it in a folder, whole or not at all.

    `drawn` gives what is to be drawn of the results, into the folder where files stand until all is done.
    """
    with staging.staging(folder) as hidden:
        data = _written(hidden, batch, wanted, progress)
        writings: Writings = {
            f"{name}, {future}": (save, each, hidden / "results" / f"{name}.{future}.nc")
            for (name, future), each in data.items()
        }
        write_all(writings | (drawn(data, hidden) if drawn else {}), progress)
    return Ran(batch, data, folder)


def _written(folder: Path, batch: Batch, wanted: Mapping[RunKey, Questions], progress: Progress) -> Results:
    """The results of a batch; found plans and the summary are written."""
    goals = sum(isinstance(batch.scenarios[name].content, Goal) for name, _ in batch.keys)
    steps = len(batch.keys) + goals
    data: Results = {}
    with progress(steps, "running") as step:
        for key, dataset, found in run_batch(batch, os.cpu_count() or 1, step, wanted):
            data[key] = dataset
            if found is not None:
                save_plan(found, folder, f"{key[0]}.{key[1]}")
    data = dict(sorted(data.items(), key=lambda item: int(item[1].attrs["position"])))
    summary.write(data.values(), folder / "summary.csv")
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
