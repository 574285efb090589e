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
from model.studies.options import OptimiseOptions, QuestionOptions, RunOptions, StudyOptions
from model.studies.progress import Hearing
from model.studies.reuse.asked import asked_question, asked_run, asked_study
from model.studies.reuse.standing import Answer, standing

OUT_OF_REACH = 3
HEAR = Hearing(console.progress, console.hint)


def make_kernel() -> None:
    """Where the projection is not compiled yet, say so once and have it done while inputs are read."""
    from model.projection import compilation

    if not compilation.cached():
        console.err.print("Compiling the projection for this machine: some seconds, once.")
        compilation.begin()


def study(name: str, root: Path, options: StudyOptions) -> None:
    """Run a study and print the overview."""
    asked = asked_study(name, root, options)
    answer = None if options.fresh else standing(asked)
    if answer is None:
        from model.studies.run import run_study

        make_kernel()
        answer = run_study(name, asked, options, HEAR)
    tell(answer)
    console.out.print(f"Results, summary.csv and figures: {shown(answer.folder, root)}")
    console.out.print(f"Next: run.py check {name}, run.py figures {name} (all figures), run.py --help")
    stop_if_missed(answer, options.strict)


def run(names: Sequence[str], root: Path, options: RunOptions, only_goals: bool = False) -> None:
    """Project or optimise scenarios, print the overview, where found plans are and how far they can be trusted."""
    asked = asked_run(names, root, options)
    answer = None if options.fresh else standing(asked)
    if answer is None:
        from model.studies.run import run_scenarios

        make_kernel()
        answer = run_scenarios(names, asked, options, HEAR, only_goals)
    tell(answer)
    for path in sorted((answer.folder / "portfolios").glob("*.yaml")):
        town = f" --municipality {options.municipality}" if options.municipality else ""
        console.out.print(f"Found portfolio: {shown(path, root)} (again: run.py run {shown(path, root)}{town})")
    for path in sorted((answer.folder / "plans").glob("*/certificate.json")):
        certificate = json.loads(path.read_text(encoding="utf-8"))
        console.say(certificate["in_words"]["en"])
        heads, *stages = certificate["stages_in_words"]["en"]
        console.table("", [(head, "right" if place else "left") for place, head in enumerate(heads)], stages)
    console.out.print(f"Results, summary.csv and certificates: {shown(answer.folder, root)}")
    stop_if_missed(answer, options.strict)


def optimise(goal: str, root: Path, options: OptimiseOptions) -> None:
    """Find the plan for a goal; a portfolio is refused, because there is nothing to find."""
    run([goal], root, options, only_goals=True)


def ask(question: Question, goal: str, root: Path, own: Options, options: QuestionOptions) -> None:
    """Find the plan for a goal, ask a question of it and print the answer in each future."""
    asked = asked_question(question.name, goal, root, own, options)
    answer = None if options.fresh else standing(asked)
    if answer is None:
        from model.studies.run import run_question

        make_kernel()
        answer = run_question(question, goal, asked, own, options, HEAR)
    tell(answer)
    console.out.print(f"Results, tables and figures: {shown(answer.folder, root)}")
    console.show(answer.shown)
    stop_if_missed(answer, options.strict)


def figures(name: str, root: Path, future: str | None, language: str, into: str | None, fresh: bool) -> None:
    """Draw all figures of a finished study for any of its futures."""
    from model.studies.run import draw_study

    folder, there = draw_study(name, root, future, language, into, fresh, HEAR)
    console.out.print(f"Figures: {shown(folder, root)}{' (as they were; --fresh draws them anew)' if there else ''}")


def tell(answer: Answer) -> None:
    """What is probably wrong, the overview, and what was not computed for it."""
    doubts.tell(answer.doubts)
    console.show([answer.overview])
    if answer.taken:
        console.say(answer.taken)


def stop_if_missed(answer: Answer, strict: bool) -> None:
    """With --strict: say which goals' targets are out of reach, and exit with code 3."""
    out_of_reach = answer.missed if strict else ()
    for each in out_of_reach:
        far = f"{thousands(each.by, each.digits)} {each.unit} in {each.year}"
        said = f"{each.scenario}, {each.future}: target '{each.target}' is out of reach by {far}."
        console.err.print(said, markup=False)
    if out_of_reach:
        raise typer.Exit(OUT_OF_REACH)
