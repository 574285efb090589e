"""What is run, written and drawn for what the user asked?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from model.analyses.question import Question, usual
from model.inputs.faults import Faults, Place
from model.inputs.naming import offered
from model.inputs.options import Options
from model.inputs.schema import Goal
from model.scenarios import files
from model.scenarios.files import Scenario
from model.studies.answering import UNHEARD, Results, Work, Writings, answered
from model.studies.drawing import plan_figures, run_figures, study_figures
from model.studies.options import GoalOptions, QuestionOptions, RunOptions, StudyOptions
from model.studies.progress import Hearing
from model.studies.reuse.asked import Asked
from model.studies.reuse.standing import Answer
from model.studies.study import Batch, prepare
from model.studies.study_file import Study, check_study, load_study, name_of, shown_future_of
from model.studies.variants import check_vary, variants

MAIN_STUDY = "main"


def run_study(name: str, asked: Asked, options: StudyOptions, hear: Hearing = UNHEARD) -> Answer:
    """Run a study and write its results, summary, plans and figures."""

    def work() -> Work:
        study, batch = study_batch(name, asked.root)
        future = shown_future_of(study)
        wanted = {(goal, future): questions for goal, questions in study.asked.items()}

        def drawn(data: Results, folder: Path) -> Writings:
            return study_figures(data, future, study, folder, options.lang)

        return Work(batch, wanted, drawn=drawn, beside=(study,), future=future)

    return answered(asked, work, options.fresh, hear)


def run_scenarios(
    names: Sequence[str], asked: Asked, options: RunOptions, hear: Hearing = UNHEARD, only_goals: bool = False
) -> Answer:
    """Project or optimise scenarios and write results, summary and found plans; portfolios are refused if asked to."""

    def work() -> Work:
        for name in names if only_goals else ():
            known_goal(name, asked.root)
        batch = scenario_batch(names, asked.root, options)

        def drawn(data: Results, folder: Path) -> Writings:
            return run_figures(data, folder, options.lang) if options.figures else {}

        return Work(batch, dict.fromkeys(batch.keys, usual()), drawn=drawn)

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
        allowed, meant = offered(goal, files.titles(root, "goals"))
        faults.add(Place("scenarios/goals"), found, allowed, () if is_portfolio else meant, goal)
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
    amounts = {
        (fund, str(at)): lines["vary", fund, str(at)] for fund, given in chosen.vary.items() for at in range(len(given))
    }
    check_vary(chosen.vary, amounts, faults)
    named = {each: _scenarios_of(each, chosen, amounts, root) for each in chosen.scenarios}
    every = [each for several in named.values() for each in several]
    batch = prepare(name, chosen.municipality, every, chosen.futures, root, faults, named_at)
    only = [name_of(each) for listed in chosen.only_shown for each in named.get(listed, ())]
    return chosen, replace(batch, only=dict.fromkeys(only, shown_future_of(chosen)))


def _scenarios_of(
    name: str, study: Study, amounts: Mapping[tuple[str, str], Place], root: Path
) -> list[str | Scenario]:
    """What a study runs under a name in its list: itself, or a goal with each amount of money that is varied."""
    goal = files.load_scenario(name, root, Faults()) if study.vary else None
    if goal is None or not isinstance(goal.content, Goal) or goal.content.budgets == "unlimited":
        return [name]
    return [*variants(goal, study.vary, amounts)]


def main_town(root: Path) -> str:
    """The municipality of the main study."""
    faults = Faults()
    read = load_study(MAIN_STUDY, root, faults)
    faults.stop_if_any()
    assert read is not None
    return read[0].municipality
