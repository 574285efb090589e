"""What does each verb do? Takes what is there, else runs, and says in the terminal what came of it.

What is there is told from files alone: what runs is loaded only when something has to be run.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import typer

from model.analyses.question import Question
from model.cli import console, doubts
from model.inputs.faults import shown
from model.inputs.options import Options
from model.plain_text import thousands
from model.studies.options import FigureOptions, OptimiseOptions, QuestionOptions, RunOptions, StudyOptions
from model.studies.progress import Hearing
from model.studies.reuse.asked import asked_question, asked_run, asked_study
from model.studies.reuse.standing import Answer, standing

OUT_OF_REACH = 3
READING = "Reading and checking inputs ..."
HEAR = Hearing(console.progress, console.hint)


def make_kernel() -> None:
    """Where the projection is not compiled yet, say so once and have it done while inputs are read."""
    from model.projection import compilation

    if not compilation.cached():
        console.hint("Compiling the projection for this machine: some seconds, once.")
        compilation.begin()


def study(name: str, root: Path, options: StudyOptions) -> None:
    """Run a study and print the overview."""
    console.speak(options.lang)
    asked = asked_study(name, root, options)
    answer = None if options.fresh else standing(asked)
    if answer is None:
        console.begin(READING)
        from model.studies.run import run_study

        make_kernel()
        answer = run_study(name, asked, options, HEAR)
    tell(answer)
    console.tell("Results, summary.csv and figures: {folder}", folder=shown(answer.folder, root))
    console.tell("Next: run.py check {name}, run.py figures {name} (all figures), run.py --help", name=name)
    stop_if_missed(answer, options.strict)


def run(names: Sequence[str], root: Path, options: RunOptions, only_goals: bool = False) -> None:
    """Project or optimise scenarios, print the overview, where found plans are and how far they can be trusted."""
    console.speak(options.lang)
    asked = asked_run(names, root, options)
    answer = None if options.fresh else standing(asked)
    if answer is None:
        console.begin(READING)
        from model.studies.run import run_scenarios

        make_kernel()
        answer = run_scenarios(names, asked, options, HEAR, only_goals)
    tell(answer)
    tell_plans(answer, root, options)
    said = "Results, summary.csv and figures" if options.figures else "Results, summary.csv and certificates"
    console.tell(f"{said}: {{folder}}", folder=shown(answer.folder, root))
    if not options.figures:
        console.tell("Next: run.py figures {name} (all figures)", name=answer.folder.name)
    stop_if_missed(answer, options.strict)


def tell_plans(answer: Answer, root: Path, options: RunOptions) -> None:
    """Where found plans stand, and what is known of each."""
    again = "Plan found, as a portfolio that runs again: run.py run {file}{town}"
    for path in sorted((answer.folder / "portfolios").glob("*.yaml")):
        town = f" --municipality {options.municipality}" if options.municipality else ""
        console.tell(again, file=shown(path, root), town=town)
    for path in sorted((answer.folder / "plans").glob("*/certificate.json")):
        certificate = json.loads(path.read_text(encoding="utf-8"))
        console.say(certificate["in_short"][options.lang])
        heads, *stages = certificate["stages_in_words"][options.lang]
        console.table("", [(head, "right" if place else "text") for place, head in enumerate(heads)], stages)
        console.tell("What else was checked: {file}", file=shown(path.with_suffix(".txt"), root))


def optimise(goal: str, root: Path, options: OptimiseOptions) -> None:
    """Find the plan for a goal; a portfolio is refused, because there is nothing to find."""
    run([goal], root, options, only_goals=True)


def ask(question: Question, goal: str, root: Path, own: Options, options: QuestionOptions) -> None:
    """Find the plan for a goal, ask a question of it and print the answer in each future."""
    console.speak(options.lang)
    asked = asked_question(question.name, goal, root, own, options)
    answer = None if options.fresh else standing(asked)
    if answer is None:
        console.begin(READING)
        from model.studies.run import run_question

        make_kernel()
        answer = run_question(question, goal, asked, own, options, HEAR)
    tell(answer)
    console.tell("Results, tables and figures: {folder}", folder=shown(answer.folder, root))
    stop_if_missed(answer, options.strict)


def figures(name: str, root: Path, options: FigureOptions) -> None:
    """Draw figures of results that are there."""
    console.speak(options.lang)
    console.begin(READING)
    from model.studies.drawing import draw

    folder, there = draw(name, root, options, HEAR)
    console.tell("Figures: {folder}", folder=shown(folder, root))
    if there:
        console.tell("They are as they were; --fresh draws them anew.")


def tell(answer: Answer) -> None:
    """What is probably wrong, the overview, what a question has found, and what was not computed for it."""
    doubts.tell(answer.doubts)
    console.show(answer.told[console.language()])
    if answer.taken:
        console.tell(answer.taken)


def stop_if_missed(answer: Answer, strict: bool) -> None:
    """With --strict: say which goals' targets are out of reach, and exit with code 3."""
    out_of_reach = answer.missed if strict else ()
    for each in out_of_reach:
        console.hint(
            "{scenario}, {future}: target '{target}' is out of reach by {by} {unit} in {year}.",
            scenario=each.scenario, future=each.future, target=each.target,
            by=thousands(each.by, each.digits, console.language()), unit=console.phrase(each.unit), year=each.year,
        )  # fmt: skip
    if out_of_reach:
        raise typer.Exit(OUT_OF_REACH)
