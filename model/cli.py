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
    if value is not None and not value > 0:
        raise typer.BadParameter(f"{value:g} is not a time above 0")
    return value


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
        help="Time for each stage of the objective; the best plan found by then is taken.",
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

    verbs.run(scenario, context.obj, future, municipality, strict, {})


@app.command()
def optimise(
    context: typer.Context,
    goal: Annotated[str, typer.Argument(metavar="GOAL", help="A file in scenarios/goals/.")],
    future: FutureOption = None,
    municipality: TownOption = None,
    gap: GapOption = None,
    time_limit: TimeOption = None,
    strict: StrictOption = False,
) -> None:
    """Find the best plan for a goal.

    The plan is re-projected and every limit checked, then saved as a portfolio
    file in outputs/<goal>/portfolios/ that runs again unchanged.
    """
    from model import verbs

    options = {"gap": gap, "time_limit": time_limit}
    verbs.optimise(goal, context.obj, future, municipality, strict, options)


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
