"""Which figures are drawn of results, and where? With a study, with a run, or afterwards from what stands there."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from model.inputs.faults import Faults, Place, listing
from model.outputs import manifest, staging
from model.scenarios import files
from model.studies.answering import UNHEARD, Results, Writings, write_all
from model.studies.options import FigureOptions
from model.studies.progress import Hearing
from model.studies.reuse.asked import asked_figures
from model.studies.reuse.digest import code, digest
from model.studies.reuse.lock import writing
from model.studies.study_file import Study, load_study, name_of, shown_future_of
from model.workers import Pool


def draw(name: str, root: Path, options: FigureOptions, hear: Hearing = UNHEARD) -> tuple[Path, bool]:
    """Draw figures of results that are there, of a study or a run; gives the folder, and whether they were there.

    Raises `InputFaults` where there are no results, or none for a future or a figure that is asked for.
    """
    folder = root / "outputs" / (options.into or name)
    study = _study(name, root)
    with writing(folder, root, hear.say):
        future = options.future or (shown_future_of(study) if study else "")
        asked = asked_figures(name, root, future, options.lang, options.into, options.only)
        depends = digest(asked.words, _results(folder), study, code(""))
        known = manifest.read(asked.folder) or {}
        there = known.get("depends") == depends and not manifest.changed(asked.folder, known[manifest.FILES])
        if there and not options.fresh:
            return asked.folder, True
        data = staging.load_study(folder, root)
        future = _known_future(data, future, folder)
        about = {"asked": asked.words, "language": options.lang, "depends": depends}
        with Pool(os.cpu_count() or 1) as pool, staging.staging(asked.folder, about) as hidden:
            write_all(_jobs(data, future, study, hidden, options), pool, hear)
    return asked.folder, False


def study_figures(data: Results, future: str, study: Study, folder: Path, language: str) -> Writings:
    """What is drawn of a study without being asked for: what a council decides on, of its main goal."""
    from model.figures.registry import figure_jobs

    goals = [name for (name, _), each in data.items() if each.attrs["kind"] == "goal"]
    main = next(iter([*study.asked, *goals, next(iter(data))[0]]))
    jobs = figure_jobs(data, future, _fan(data, study), language, main)
    return {job.name: (job.write, folder) for job in jobs}


def run_figures(data: Results, folder: Path, language: str) -> Writings:
    """What is drawn of scenarios that were run beside each other: every figure, in the first future."""
    from model.figures.registry import figure_jobs

    scenario, future = next(iter(data))
    return {job.name: (job.write, folder) for job in figure_jobs(data, future, scenario, language)}


def plan_figures(data: Results, folder: Path, language: str) -> Writings:
    """What is drawn of plans that were asked more about, in each future."""
    from model.figures.registry import plan_jobs

    return {job.name: (job.write, folder) for job in plan_jobs(data, language)}


def _study(name: str, root: Path) -> Study | None:
    """The study of a name; None: results are those of a run. Raises `InputFaults` if there is neither."""
    faults = Faults()
    if name not in files.names(root, "studies"):
        known = [path.parent.name for path in sorted((root / "outputs").glob(f"*/{manifest.MANIFEST}"))]
        if name not in known:
            studies = files.names(root, "studies")
            allowed = f"a study that has been run, or results in outputs/: {listing({*studies, *known}, 30)}"
            faults.add(Place(f"outputs/{name}"), f"no results '{name}'", allowed, {*studies, *known}, name)
            faults.stop_if_any()
        return None
    read = load_study(name, root, faults)
    faults.stop_if_any()
    assert read is not None
    return read[0]


def _known_future(data: Results, future: str, folder: Path) -> str:
    """The future that is shown: the one asked for, else the first there is."""
    futures = list(dict.fromkeys(each for _, each in data))
    if future and future not in futures:
        faults, found = Faults(), f"no results for future '{future}'"
        faults.add(Place(f"outputs/{folder.name}"), found, f"one of {listing(futures)}", futures, future)
        faults.stop_if_any()
    return future or futures[0]


def _jobs(data: Results, future: str, study: Study | None, folder: Path, options: FigureOptions) -> Writings:
    """Every figure, or those asked for."""
    from model.figures.registry import figure_jobs, kinds

    fan = _fan(data, study) if study else next(scenario for scenario, each in data if each == future)
    try:
        jobs = figure_jobs(data, future, fan, options.lang, only=options.only)
    except KeyError as error:
        faults, every = Faults(), figure_jobs(data, future, fan, options.lang)
        names = [*kinds(), *(job.name for job in every)]
        for name in (each for each in options.only if each not in names):
            faults.add(Place(f"--only {name}"), f"figure '{name}'", f"one of {listing(kinds(), 30)}", names, name)
        if not faults:
            raise error
        faults.stop_if_any()
    return {job.name: (job.write, folder) for job in jobs}


def _fan(data: Results, study: Study) -> str:
    """The scenario that is shown over all futures."""
    return name_of(study.fan_scenario) if study.fan_scenario else next(iter(data))[0]


def _results(folder: Path) -> dict[str, str]:
    """The files of results with their hash as they are, by name; those that are gone are not in it."""
    known = (manifest.read(folder) or {manifest.FILES: {}})[manifest.FILES]
    there: Sequence[Path] = [folder / name for name in known if name.endswith(".nc") and (folder / name).is_file()]
    return {path.name: manifest.hash_of(path) for path in there}
