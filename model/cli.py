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

import os
import signal
import sys
import threading

if __name__ == "__main__" and signal.getsignal(signal.SIGINT) != signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # while libraries are loaded there is nothing to tidy up

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

MAIN_STUDY = "main"
INTERRUPTED = 130
PROJECT = Path(__file__).resolve().parent.parent
EPILOGUE = "run.py <verb> --help explains a verb. README.md shows how to add a measure, a municipality and a sector."

app = typer.Typer(
    help=__doc__, epilog=EPILOGUE, no_args_is_help=False, add_completion=False, rich_markup_mode="rich",
    pretty_exceptions_enable=False, context_settings={"help_option_names": ["-h", "--help"]},
)  # fmt: skip

StudyName = Annotated[str, typer.Argument(metavar="STUDY", help="A file in scenarios/studies/.")]
FutureOption = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="A file in scenarios/futures/.", show_default="the scenario's own"),
]
ShownOption = Annotated[
    str | None,
    typer.Option("--future", metavar="NAME", help="A future of the study.", show_default="the one the study shows"),
]
TownOption = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="A folder in inputs/.", show_default="that of the main study"),
]
LangOption = Annotated[Literal["sv", "en"], typer.Option(help="Language of the figures.")]
StrictOption = Annotated[bool, typer.Option("--strict", help="Exit with 3 if a target is out of reach.")]


def _share(value: float | None) -> float | None:
    if value is not None and not 0 < value < 1:
        raise typer.BadParameter(f"{value:g} is not a share between 0 and 1")
    return value


def _seconds(value: float | None) -> float | None:
    if value is not None and not 0 < value < float("inf"):
        raise typer.BadParameter(f"{value:g} is not a time above 0")
    return value


def _finite(value: float) -> float:
    if not value < float("inf"):
        raise typer.BadParameter(f"{value:g} is not a finite number")
    return value


def _amounts(values: list[str] | None) -> list[str] | None:
    for value in values or ():
        if "=" not in value or not all(part.strip() for part in value.split("=", 1)):
            raise typer.BadParameter(f"'{value}' is not FUND=AMOUNT, such as municipal_investment='40 MSEK/year'")
    return values


GoalName = Annotated[str, typer.Argument(metavar="GOAL", help="A file in scenarios/goals/.")]
ObjectiveOption = Annotated[
    Literal["least_emissions", "least_cost", "best_value"] | None,
    typer.Option(help="What is best.", show_default="the goal's own"),
]
BudgetOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="FUND=AMOUNT", callback=_amounts, show_default="the goal's own",
        help="A pot's yearly amount, e.g. municipal_investment='40 MSEK/year'; may be repeated.",
    ),
]  # fmt: skip
TargetOption = Annotated[
    list[str] | None,
    typer.Option(metavar="TARGET", help="A target; may be repeated.", show_default="the goal's own"),
]
GapOption = Annotated[
    float | None,
    typer.Option(
        metavar="SHARE", callback=_share, show_default="the goal's own",
        help="Share of base-year emissions from the best plan at which the search may stop, e.g. 0.01.",
    ),
]  # fmt: skip
TimeOption = Annotated[
    float | None,
    typer.Option(
        metavar="SECONDS", callback=_seconds, show_default="the goal's own",
        help="Time for the plan; the best one found by then is taken.",
    ),
]  # fmt: skip
RootOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER", show_default="the project's own",
        help="Folder that holds inputs/, scenarios/ and outputs/; given before the verb.",
    ),
]  # fmt: skip


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
    from model import verbs

    verbs.run_study(name, context.obj, lang, strict)


@app.command()
def check(context: typer.Context, name: StudyName = MAIN_STUDY) -> None:
    """Check all input of a study.

    Shows every fault of tables and scenario files at once or, if there is none,
    how far the model is from the inventory before it is made to agree with it.
    Writes nothing.
    """
    from model import verbs

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
    from model import verbs

    verbs.run(scenario, context.obj, verbs.Where(future, municipality, strict), {})


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
    from model import verbs

    options = _options(objective, budget, target, gap, time_limit)
    verbs.optimise(goal, context.obj, verbs.Where(future, municipality, strict), options)


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
    from model import questions, verbs

    options = _options(None, budget, target, gap, time_limit)
    questions.explain(goal, context.obj, verbs.Where(future, municipality, strict, lang), options)


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
        typer.Option(metavar="TIMES", min=0.1, callback=_finite, help="Up to how many times their yearly amounts."),
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
    from model import questions, verbs
    from model.schema import Analyses

    options = _options(None, budget, target, gap, time_limit)
    asked = Analyses(frontier=True, funds=fund or [], most=most, points=points, whole_points=whole_points)
    questions.frontier(goal, context.obj, verbs.Where(future, municipality, strict, lang), options, asked)


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
            callback=_finite,
            help="How much worse they may be: share of base-year emissions, each year.",
        ),
    ] = 0.01,
    cost_loss: Annotated[
        float,
        typer.Option(metavar="SHARE", min=0.0, callback=_finite, help="How much dearer they may be: 0.1 is a tenth."),
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
    from model import questions, verbs
    from model.schema import Analyses

    options = _options(None, budget, target, gap, time_limit)
    asked = Analyses(alternatives=number, loss=loss, cost_loss=cost_loss)
    questions.alternatives(goal, context.obj, verbs.Where(future, municipality, strict, lang), options, asked)


def _options(
    objective: str | None, budget: list[str] | None, target: list[str] | None, gap: float | None, seconds: float | None
) -> dict[str, Any]:
    """Keys of a goal that the command line gives."""
    pairs = (text.split("=", 1) for text in budget or ())
    budgets = {fund.strip(): amount.strip() for fund, amount in pairs}
    return {"objective": objective, "budgets": budgets, "targets": target, "gap": gap, "time_limit": seconds}


@app.command()
def figures(
    context: typer.Context, name: StudyName = MAIN_STUDY, future: ShownOption = None, lang: LangOption = "sv"
) -> None:
    """Draw the figures of a study that has been run.

    For any of its futures, in Swedish or English, to
    outputs/<study>/figures_<future>_<language>/.
    """
    from model import verbs

    verbs.figures(name, context.obj, future, lang)


@app.command("list")
def list_(context: typer.Context, municipality: TownOption = None) -> None:
    """List everything that has a name.

    Municipalities, studies, futures, portfolios, goals and constraints, and a
    municipality's targets, funds and measures.
    """
    from model import verbs

    verbs.list_names(context.obj, municipality)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []})
def test(context: typer.Context) -> None:
    """Run the tests (further arguments go to pytest)."""
    import subprocess

    command = [sys.executable, "-m", "pytest", "-q", "-n", "auto", *context.args]
    raise typer.Exit(subprocess.run(command, cwd=PROJECT, check=False).returncode)


def entry(arguments: list[str] | None = None) -> int:
    """Run the command line and give its exit code; no traceback reaches a user."""
    try:
        code = int(app(arguments, standalone_mode=False, prog_name="run.py") or 0)
    except KeyboardInterrupt:
        code = INTERRUPTED
    except Exception as error:
        code = _explain(error)
    if code == INTERRUPTED:
        print("Interrupted. What is in outputs/ is whole.", file=sys.stderr)
    return code


def _explain(error: Exception) -> int:
    from model.faults import InputFaults

    if isinstance(error, InputFaults):
        from model import console

        console.faults(error)
        return 1
    if hasattr(error, "exit_code") and hasattr(error, "show"):
        error.show()
        return 2
    if os.environ.get("CLIMATE_TRACEBACK"):
        raise error
    if isinstance(error, OSError) and error.filename is not None:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        return 1
    print(f"This is a fault of the toolkit, not of your files: {type(error).__name__}: {error}", file=sys.stderr)
    print("Please report it with the command you ran; CLIMATE_TRACEBACK=1 shows where it happened.", file=sys.stderr)
    return 70


def _press_again() -> None:
    if hasattr(signal, "pthread_kill"):  # else a main thread that waits would not wake up
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    else:
        signal.raise_signal(signal.SIGINT)


def _listen() -> None:
    """Ctrl-C and a request to end interrupt what is being done, wherever it is."""

    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    def again(lost: Any) -> None:
        if lost.exc_type is KeyboardInterrupt:  # it came where Python swallows exceptions, e.g. amid an import
            threading.Timer(0.01, _press_again).start()
        else:
            sys.__unraisablehook__(lost)

    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, interrupt)
    sys.unraisablehook = again
    # workers that are stopped leave semaphores behind; Python removes them, and need not say so
    os.environ.setdefault("PYTHONWARNINGS", "ignore:resource_tracker")


if __name__ == "__main__":
    _listen()
    sys.exit(entry())
