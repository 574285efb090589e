"""Plan a municipality's way to its climate targets: project, optimise, show.

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
  2    wrong usage of the command line
  3    a target is out of reach, and --strict was given
  70   a fault of the toolkit itself
  130  interrupted; results from before are as they were
"""

from __future__ import annotations

import signal
import sys
from typing import Annotated

import typer

from model.cli import new, show
from model.cli.options import (
    MAIN_STUDY,
    PROJECT,
    BudgetOption,
    FutureOption,
    GapOption,
    GoalName,
    LangOption,
    ObjectiveOption,
    RootOption,
    ShownOption,
    StrictOption,
    StudyName,
    TargetOption,
    TimeOption,
    TownOption,
    finite,
    goal_options,
)

if __name__ == "__main__" and signal.getsignal(signal.SIGINT) != signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # while libraries are loaded there is nothing to tidy up
EPILOGUE = "run.py <verb> --help explains a verb. README.md shows how to add a measure, a municipality and a sector."
app = typer.Typer(
    help=__doc__, epilog=EPILOGUE, no_args_is_help=False, add_completion=False, rich_markup_mode="rich",
    pretty_exceptions_enable=False, context_settings={"help_option_names": ["-h", "--help"]},
)  # fmt: skip

app.add_typer(new.app, name="new")
app.add_typer(show.app, name="show")


@app.callback(invoke_without_command=True)
def main(
    context: typer.Context, lang: LangOption = "sv", strict: StrictOption = False, root: RootOption = None
) -> None:
    """Find the project's folder; without a verb, run the main study."""
    if root is not None and not ((root / "inputs").is_dir() and (root / "scenarios").is_dir()):
        raise typer.BadParameter(f"'{root}' has no folders inputs/ and scenarios/", param_hint="--root")
    context.obj = PROJECT if root is None else root.resolve()
    if context.invoked_subcommand is None:
        study(context, MAIN_STUDY, lang, strict)


@app.command()
def study(context: typer.Context, name: StudyName, lang: LangOption = "sv", strict: StrictOption = False) -> None:
    """Run a study: every scenario in every future.

    Everything is checked first. Results, summary.csv, found portfolios and
    figures go to outputs/<study>/, where they replace those from before when
    all is done.
    """
    from model.cli import verbs

    verbs.run_study(name, context.obj, lang, strict)


@app.command()
def check(context: typer.Context, name: StudyName = MAIN_STUDY) -> None:
    """Check all input of a study.

    Shows every fault of tables and scenario files at once or, if there is none,
    how far the model is from the inventory before it is made to agree with it.
    Writes nothing.
    """
    from model.cli import verbs

    verbs.check(name, context.obj)


@app.command()
def run(
    context: typer.Context,
    scenario: Annotated[
        list[str],
        typer.Argument(metavar="SCENARIO...", help="Portfolios or goals by name, or portfolio files (.yaml)."),
    ],
    future: FutureOption = None,
    municipality: TownOption = None,
    strict: StrictOption = False,
) -> None:
    """Project portfolios, and optimise goals, beside each other.

    Results and summary.csv go to outputs/<scenario>/ (names joined by +). A
    portfolio that the optimiser has found is run again by its file.
    """
    from model.cli import verbs
    from model.studies import run as run_module

    verbs.run(scenario, context.obj, run_module.RunOptions(future, municipality, strict), {})


@app.command()
def optimise(
    context: typer.Context,
    goal: GoalName,
    future: FutureOption = None,
    municipality: TownOption = None,
    objective: ObjectiveOption = None,
    budget: BudgetOption = None,
    target: TargetOption = None,
    gap: GapOption = None,
    time_limit: TimeOption = None,
    strict: StrictOption = False,
) -> None:
    """Find the best plan for a goal.

    The plan is re-projected and every limit checked, then saved as a portfolio
    file in outputs/<goal>/portfolios/ that runs again unchanged, with its
    certificate and prices of limits in outputs/<goal>/plans/.
    """
    from model.cli import verbs
    from model.studies import run as run_module

    options = goal_options(objective, budget, target, gap, time_limit)
    verbs.optimise(goal, context.obj, run_module.RunOptions(future, municipality, strict), options)


@app.command()
def explain(
    context: typer.Context,
    goal: GoalName,
    future: FutureOption = None,
    municipality: TownOption = None,
    budget: BudgetOption = None,
    target: TargetOption = None,
    gap: GapOption = None,
    time_limit: TimeOption = None,
    lang: LangOption = "sv",
    strict: StrictOption = False,
) -> None:
    """Say what would close the gap that a goal's plan leaves.

    The limits of money, speed, potential and national policy are lifted in that
    order, and on average over all orders (Shapley). Prices say what one more
    unit of each limit is worth. Tables and a figure go to
    outputs/explain_<goal>/; docs/questions.md tells how to read them.
    """
    from model.cli import answers
    from model.studies import run as run_module

    options = goal_options(None, budget, target, gap, time_limit)
    answers.explain(goal, context.obj, run_module.RunOptions(future, municipality, strict, lang), options)


@app.command()
def frontier(
    context: typer.Context,
    goal: GoalName,
    fund: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FUND", help="A pot whose amount is varied; may be repeated.", show_default="all municipal pots"
        ),
    ] = None,
    most: Annotated[
        float,
        typer.Option(metavar="TIMES", min=0.1, callback=finite, help="Up to how many times their yearly amounts."),
    ] = 2.0,
    points: Annotated[int, typer.Option(metavar="NUMBER", min=2, max=1000, help="Points of each curve.")] = 50,
    whole_points: Annotated[
        int, typer.Option(metavar="NUMBER", min=0, max=100, help="Points with a plan of their own, each searched anew.")
    ] = 8,
    future: FutureOption = None,
    municipality: TownOption = None,
    budget: BudgetOption = None,
    target: TargetOption = None,
    gap: GapOption = None,
    time_limit: TimeOption = None,
    lang: LangOption = "sv",
    strict: StrictOption = False,
) -> None:
    """Draw what more or less money, or a higher cost, buys.

    Two curves: if projects could be divided, and with the projects of the plan;
    and points for which projects are chosen anew. Table and figure go to
    outputs/frontier_<goal>/; docs/questions.md tells how to read them.
    """
    from model.cli import answers
    from model.inputs.schema import Analyses
    from model.studies import run as run_module

    options = goal_options(None, budget, target, gap, time_limit)
    asked = Analyses(frontier=True, funds=fund or [], most=most, points=points, whole_points=whole_points)
    answers.frontier(goal, context.obj, run_module.RunOptions(future, municipality, strict, lang), options, asked)


@app.command()
def alternatives(
    context: typer.Context,
    goal: GoalName,
    number: Annotated[
        int, typer.Option("--number", "-k", metavar="K", min=1, max=50, help="How many other plans.")
    ] = 5,
    loss: Annotated[
        float,
        typer.Option(
            metavar="SHARE",
            min=0.0,
            callback=finite,
            help="How much worse they may be: share of base-year emissions, each year.",
        ),
    ] = 0.01,
    cost_loss: Annotated[
        float,
        typer.Option(metavar="SHARE", min=0.0, callback=finite, help="How much dearer they may be: 0.1 is a tenth."),
    ] = 0.1,
    future: FutureOption = None,
    municipality: TownOption = None,
    budget: BudgetOption = None,
    target: TargetOption = None,
    gap: GapOption = None,
    time_limit: TimeOption = None,
    lang: LangOption = "sv",
    strict: StrictOption = False,
) -> None:
    """Find plans as different as can be that are hardly worse.

    And what such plans share: measures that none can do without (must have) or
    none uses (never); the rest is a choice (swing). Tables and the plans go to
    outputs/alternatives_<goal>/; docs/questions.md tells how to read them.
    """
    from model.cli import answers
    from model.inputs.schema import Analyses
    from model.studies import run as run_module

    options = goal_options(None, budget, target, gap, time_limit)
    asked = Analyses(alternatives=number, loss=loss, cost_loss=cost_loss)
    answers.alternatives(goal, context.obj, run_module.RunOptions(future, municipality, strict, lang), options, asked)


@app.command()
def figures(
    context: typer.Context, name: StudyName = MAIN_STUDY, future: ShownOption = None, lang: LangOption = "sv"
) -> None:
    """Draw the figures of a study that has been run.

    For any of its futures, in Swedish or English, to
    outputs/<study>/figures_<future>_<language>/.
    """
    from model.cli import verbs

    verbs.figures(name, context.obj, future, lang)


@app.command("list")
def list_(context: typer.Context, municipality: TownOption = None) -> None:
    """List everything that has a name.

    Municipalities, studies, futures, portfolios, goals and constraints, and a
    municipality's targets, funds and measures.
    """
    from model.cli import verbs

    verbs.list_names(context.obj, municipality)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []})
def test(context: typer.Context) -> None:
    """Run the tests (further arguments go to pytest)."""
    import subprocess

    command = [sys.executable, "-m", "pytest", "-q", "-n", "auto", *context.args]
    raise typer.Exit(subprocess.run(command, cwd=PROJECT, check=False).returncode)
