"""Which verbs are there, and what does each take?"""

from __future__ import annotations

import signal
import sys
from inspect import cleandoc
from textwrap import fill
from typing import Annotated, Any

import typer

from model.analyses.question import Question, questions
from model.cli import new, show
from model.cli.manual import HELP
from model.cli.options import (
    MAIN_STUDY,
    PROJECT,
    GoalName,
    LangOption,
    ResultsName,
    RootOption,
    StudyName,
    TownOption,
    spread_out,
)
from model.inputs.options import Options
from model.outputs.placing import settle_all
from model.studies.options import FigureOptions, OptimiseOptions, QuestionOptions, RunOptions, StudyOptions

if __name__ == "__main__" and signal.getsignal(signal.SIGINT) != signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # while libraries are loaded there is nothing to tidy up
MANUAL = """Plan a municipality's way to its climate targets: project, optimise, show.

Without a verb the main study is run: every scenario in every future of
scenarios/studies/main.yaml, with results, summary.csv and figures in outputs/main/.

What stands where:
  scenarios/futures/     assumptions nobody here decides: fuel policy, prices
  scenarios/portfolios/  measures by year, as somebody has decided them
  scenarios/goals/       targets and money: a portfolio is to be found
  scenarios/studies/     which scenarios are run in which futures
  constraints/           further demands that a goal can make, in Python
  inputs/<municipality>/ what is known of a municipality, in tables
  outputs/<name>/        results; nothing is changed there until all is done

What has been computed is taken from earlier runs as long as nothing it depends
on has changed; --fresh computes it anew. Another question never overwrites
results: --name gives it a folder of its own.

Examples:
  python3 run.py                                  the main study
  python3 run.py check                            is all input right?
  python3 run.py run electrification mobility     two portfolios side by side
  python3 run.py optimise neutral_2030 --strict   the best plan for the money
  python3 run.py explain neutral_2030             what would close the gap?
  python3 run.py frontier neutral_2030            what does more money buy?
  python3 run.py alternatives neutral_2030        what else is as good?
  python3 run.py figures --future mandate_low --lang en

Exit codes:
  0    done
  1    a fault in your files: each one is shown with file and line
       (or the machine cannot go on: a disk that is full, and the like)
  2    wrong usage of the command line
  3    a target is out of reach, and --strict was given
  70   a fault of the toolkit itself
  130  interrupted; results from before are as they were
"""
EPILOGUE = "run.py <verb> --help explains a verb. README.md shows how to add a measure, a municipality and a sector."
app = typer.Typer(
    help=MANUAL, epilog=EPILOGUE, no_args_is_help=False, add_completion=False, rich_markup_mode="rich",
    pretty_exceptions_enable=False, context_settings={"help_option_names": ["-h", "--help"]},
)  # fmt: skip

app.add_typer(new.app, name="new")
app.add_typer(show.app, name="show")


@app.callback(invoke_without_command=True)
@spread_out
def main(context: typer.Context, options: StudyOptions, root: RootOption = None) -> None:
    """Find the project's folder; without a verb, run the main study."""
    if root is not None and not ((root / "inputs").is_dir() and (root / "scenarios").is_dir()):
        raise typer.BadParameter(f"'{root}' has no folders inputs/ and scenarios/", param_hint="--root")
    context.obj = PROJECT if root is None else root.resolve()
    settle_all(context.obj / "outputs")
    _hand_down(context)
    if context.invoked_subcommand is None:
        from model.cli import verbs

        verbs.study(MAIN_STUDY, context.obj, options)


def _hand_down(context: typer.Context) -> None:
    """Let options that are typed before a verb count for it; refuse those that it has not got."""
    verb, command = context.invoked_subcommand, context.command
    if verb is None or not isinstance(command, typer.core.TyperGroup):
        return
    for each in command.params:
        name = str(each.name)
        source = context.get_parameter_source(name)
        if source is not None and source.name == "COMMANDLINE" and name != "root":
            below = _having(command.commands[verb], name, context.params[name])
            if not below:
                raise typer.BadParameter(f"'{verb}' has no option {each.opts[0]}", param_hint=each.opts[0])
            context.default_map = {verb: {**(context.default_map or {}).get(verb, {}), **below}}


def _having(command: Any, name: str, value: Any) -> dict[str, Any]:
    """The option of a verb, or of all verbs below it, with a value; empty where there is none."""
    if below := getattr(command, "commands", None):
        return {verb: found for verb, each in below.items() if (found := _having(each, name, value))}
    return {name: value} if any(each.name == name for each in command.params) else {}


@app.command()
@spread_out
def study(context: typer.Context, name: StudyName, options: StudyOptions) -> None:
    """Run a study: every scenario in every future.

    Everything is checked first. Results, summary.csv, found portfolios and
    figures go to outputs/<study>/, where they replace those from before when
    all is done.
    """
    from model.cli import verbs

    verbs.study(name, context.obj, options)


@app.command()
def check(context: typer.Context, name: StudyName = MAIN_STUDY, lang: LangOption = None) -> None:
    """Check all input of a study.

    Shows every fault of tables and scenario files at once or, if there is none,
    how far the model is from the inventory before it is made to agree with it,
    and warns of what is probably wrong. Writes nothing.
    """
    from model.cli import listing

    listing.check(name, context.obj, lang)


@app.command()
@spread_out
def run(
    context: typer.Context,
    scenario: Annotated[
        list[str],
        typer.Argument(metavar="SCENARIO...", help="Portfolios or goals by name, or portfolio files (.yaml)."),
    ],
    options: RunOptions,
) -> None:
    """Project portfolios, and optimise goals, beside each other.

    Results and summary.csv go to outputs/<scenario>/ (names joined by +), or to
    the folder that --name gives. A portfolio that the optimiser has found is run
    again by its file.
    """
    from model.cli import verbs

    verbs.run(scenario, context.obj, options)


@app.command()
@spread_out
def optimise(context: typer.Context, goal: GoalName, options: OptimiseOptions) -> None:
    """Find the best plan for a goal.

    The plan is re-projected and every limit checked, then saved as a portfolio
    file in outputs/<goal>/portfolios/ that runs again unchanged, with its
    certificate and prices of limits in outputs/<goal>/plans/.
    """
    from model.cli import verbs

    verbs.optimise(goal, context.obj, options)


def ask(question: Question) -> None:
    """A verb for a question to a goal's plan."""

    def verb(context: typer.Context, goal: GoalName, own: Options, options: QuestionOptions) -> None:
        from model.cli import verbs

        verbs.ask(question, goal, context.obj, own, options)

    verb.__annotations__["own"] = question.options
    where = f"Tables and figures go to outputs/{question.name}_<goal>/; docs/questions.md tells how to read them."
    app.command(question.name, help=f"{cleandoc(question.manual)}\n\n{fill(where, HELP)}")(spread_out(verb))


for each in questions().values():
    if not each.usual:
        ask(each)


@app.command()
@spread_out
def figures(context: typer.Context, options: FigureOptions, name: ResultsName = MAIN_STUDY) -> None:
    """Draw figures of a study or a run that is there.

    A study draws what a council decides on: all scenarios, and its main goal.
    This draws the rest too, for any of its futures, in Swedish or English, to
    outputs/<name>/figures_<future>_<language>/.
    """
    from model.cli import verbs

    verbs.figures(name, context.obj, options)


@app.command("list")
def list_(context: typer.Context, municipality: TownOption = None, lang: LangOption = None) -> None:
    """List everything that has a name.

    Municipalities, studies, futures, portfolios, goals and constraints, and a
    municipality's targets, funds and measures.
    """
    from model.cli import listing

    listing.list_names(context.obj, municipality, lang)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []})
def test(context: typer.Context) -> None:
    """Run the tests (further arguments go to pytest)."""
    import subprocess

    command = [sys.executable, "-m", "pytest", "-q", "-n", "auto", *context.args]
    raise typer.Exit(subprocess.run(command, cwd=PROJECT, check=False).returncode)
