"""What is run, written and drawn for what the user asked?"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from model.analyses.question import Question, usual
from model.inputs.faults import Faults, Place, listing
from model.inputs.options import Options
from model.outputs import manifest, staging
from model.scenarios import files
from model.studies.answering import UNHEARD, Results, Work, Writings, answered, write_all
from model.studies.options import GoalOptions, QuestionOptions, RunOptions, StudyOptions
from model.studies.progress import Hearing
from model.studies.reuse.asked import Asked, asked_figures
from model.studies.reuse.digest import code, digest
from model.studies.reuse.lock import writing
from model.studies.reuse.standing import Answer
from model.studies.study import Batch, prepare
from model.studies.study_file import Study, check_study, load_study
from model.vocabulary import CENTRAL
from model.workers import Pool

MAIN_STUDY = "main"


def run_study(name: str, asked: Asked, options: StudyOptions, hear: Hearing = UNHEARD) -> Answer:
    """Run a study and write its results, summary, plans and figures."""

    def work() -> Work:
        study, batch = study_batch(name, asked.root)
        future = shown_future_of(study)
        wanted = {(goal, future): questions for goal, questions in study.asked.items()}

        def drawn(data: Results, folder: Path) -> Writings:
            return study_figures(data, future, study, folder, options.lang)

        return Work(batch, wanted, drawn=drawn, beside=(study,))

    return answered(asked, work, options.fresh, hear)


def run_scenarios(
    names: Sequence[str], asked: Asked, options: RunOptions, hear: Hearing = UNHEARD, only_goals: bool = False
) -> Answer:
    """Project or optimise scenarios and write results, summary and found plans; portfolios are refused if asked to."""

    def work() -> Work:
        for name in names if only_goals else ():
            known_goal(name, asked.root)
        batch = scenario_batch(names, asked.root, options)
        return Work(batch, dict.fromkeys(batch.keys, usual()))

    return answered(asked, work, options.fresh, hear)


def run_question(
    question: Question, goal: str, asked: Asked, own: Options, options: QuestionOptions, hear: Hearing = UNHEARD
) -> Answer:
    """Find a goal's plan, ask of it and write results, tables, plans and figures."""

    def work() -> Work:
        known_goal(goal, asked.root)
        batch = scenario_batch([goal], asked.root, options)
        faults = Faults()
        own.check(batch.town, faults)
        faults.stop_if_any()
        wanted = dict.fromkeys(batch.keys, usual() | {question.name: own})

        def drawn(data: Results, folder: Path) -> Writings:
            return plan_figures(data, folder, options.lang)

        return Work(batch, wanted, question.display, drawn)

    return answered(asked, work, options.fresh, hear)


def draw_study(
    name: str, root: Path, future: str | None, language: str, into: str | None, fresh: bool, hear: Hearing = UNHEARD
) -> tuple[Path, bool]:
    """Draw all figures of a finished study for one of its futures; gives the folder, and whether they were there."""
    faults, results = Faults(), root / "outputs" / (into or name)
    read = load_study(name, root, faults)
    faults.stop_if_any()
    assert read is not None
    shown_future = future or shown_future_of(read[0])
    asked = asked_figures(name, root, shown_future, language, into)
    with writing(results, root, hear.say):
        depends = digest(asked.words, _results(results), read[0], code(""))
        known = manifest.read(asked.folder) or {}
        if not fresh and known.get("depends") == depends and not manifest.changed(asked.folder, known[manifest.FILES]):
            return asked.folder, True
        data = staging.load_study(results, root)
        futures = list(dict.fromkeys(each for _, each in data))
        if shown_future not in futures:
            place, found = Place(f"outputs/{results.name}"), f"no results for future '{shown_future}'"
            faults.add(place, found, f"one of {listing(futures)}", futures, shown_future)
            faults.stop_if_any()
        about = {"asked": asked.words, "language": language, "depends": depends}
        with Pool(os.cpu_count() or 1) as pool, staging.staging(asked.folder, about) as hidden:
            write_all(study_figures(data, shown_future, read[0], hidden, language, every=True), pool, hear)
    return asked.folder, False


def _results(folder: Path) -> dict[str, str]:
    """The files of results with their hash as they are, by name; those that are gone are not in it."""
    known = (manifest.read(folder) or {manifest.FILES: {}})[manifest.FILES]
    there = [folder / name for name in known if name.endswith(".nc") and (folder / name).is_file()]
    return {path.name: manifest.hash_of(path) for path in there}


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


def study_figures(
    data: Results, future: str, study: Study, folder: Path, language: str, every: bool = False
) -> Writings:
    """What is to be drawn of a study: what a council decides on, of its main goal, or every figure."""
    from model.figures.registry import figure_jobs

    goals = [name for (name, _), each in data.items() if each.attrs["kind"] == "goal"]
    main = next(iter([*study.asked, *goals, study.scenarios[0]]))
    jobs = figure_jobs(data, future, study.fan_scenario or study.scenarios[0], language, None if every else main)
    return {job.name: (job.write, folder) for job in jobs}


def plan_figures(data: Results, folder: Path, language: str) -> Writings:
    """What is to be drawn of plans that were asked more about, in each future."""
    from model.figures.registry import plan_jobs

    jobs = plan_jobs(data, language)
    return {job.name: (job.write, folder) for job in jobs}
