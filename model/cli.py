"""Plan a municipality's way to its climate targets: project, optimise, show.

Without a verb the main study is run: every scenario in every future, results, summary and figures in
outputs/main/. Exit codes: 0 done, 1 a fault in your files, 2 wrong usage, 3 a target is out of reach and --strict
was given.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

MAIN_STUDY = "main"
EPILOGUE = (
    "Inputs stand in inputs/<municipality>/ and scenarios/; results go to outputs/. "
    "README.md shows how to add a measure, a municipality and a sector."
)
app = typer.Typer(
    help=__doc__, epilog=EPILOGUE, no_args_is_help=False, add_completion=False, rich_markup_mode="rich",
    pretty_exceptions_enable=False, context_settings={"help_option_names": ["-h", "--help"]},
)  # fmt: skip

FutureOption = Annotated[str | None, typer.Option(help="A file in scenarios/futures/; default: the scenario's own.")]
TownOption = Annotated[str | None, typer.Option(help="A folder in inputs/; default: that of the main study.")]
LangOption = Annotated[str, typer.Option(help="Language of figures: sv or en.")]
StrictOption = Annotated[bool, typer.Option("--strict", help="Exit with 3 if a target is out of reach.")]


@app.callback(invoke_without_command=True)
def main(context: typer.Context, lang: LangOption = "sv", strict: StrictOption = False) -> None:
    if context.invoked_subcommand is None:
        _run_study(MAIN_STUDY, _language(lang), strict)


@app.command()
def study(
    name: Annotated[str, typer.Argument(help="A file in scenarios/studies/.")],
    lang: LangOption = "sv",
    strict: StrictOption = False,
) -> None:
    """Run a study: every scenario in every future, with figures, to outputs/<study>/."""
    _run_study(name, _language(lang), strict)


@app.command()
def check(
    name: Annotated[str, typer.Argument(help="A file in scenarios/studies/.")] = MAIN_STUDY,
) -> None:
    """Check all input of a study and show how far the model is from the inventory before reconciliation."""
    from model import verbs

    verbs.check(name)


@app.command()
def run(
    scenario: Annotated[list[str], typer.Argument(help="Portfolios or goals by name, or a portfolio file.")],
    future: FutureOption = None,
    municipality: TownOption = None,
    strict: StrictOption = False,
) -> None:
    """Project scenarios and write results and summary to outputs/<scenario>/ (goals are optimised)."""
    from model import verbs

    verbs.run(scenario, future, municipality, strict, {})


@app.command()
def optimise(
    goal: Annotated[str, typer.Argument(help="A file in scenarios/goals/.")],
    future: FutureOption = None,
    municipality: TownOption = None,
    gap: Annotated[float | None, typer.Option(help="Relative gap at which the search may stop, e.g. 0.01.")] = None,
    time_limit: Annotated[float | None, typer.Option(help="Seconds for each stage of the objective.")] = None,
    strict: StrictOption = False,
) -> None:
    """Find the plan for a goal, check it and save it as a portfolio file that runs again unchanged."""
    from model import verbs

    verbs.run([goal], future, municipality, strict, {"gap": gap, "time_limit": time_limit})


@app.command()
def figures(
    name: Annotated[str, typer.Argument(help="A study that has been run.")] = MAIN_STUDY,
    future: FutureOption = None,
    lang: LangOption = "sv",
) -> None:
    """Draw the figures of a study that has been run, for any future, in Swedish or English."""
    from model import verbs

    verbs.figures(name, future, _language(lang))


@app.command("list")
def list_(municipality: TownOption = None) -> None:
    """List municipalities, studies, futures, portfolios, goals, targets, funds and measures."""
    from model import verbs

    verbs.list_names(municipality)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def test(context: typer.Context) -> None:
    """Run the tests (further arguments go to pytest)."""
    import subprocess

    root = Path(__file__).resolve().parent.parent
    command = [sys.executable, "-m", "pytest", "-q", "-n", "auto", *context.args]
    raise typer.Exit(subprocess.run(command, cwd=root, check=False).returncode)


def _run_study(name: str, language: str, strict: bool) -> None:
    from model import verbs

    verbs.run_study(name, language, strict)


def _language(lang: str) -> str:
    if lang not in ("sv", "en"):
        raise typer.BadParameter(f"'{lang}' is not a language of the figures; choose sv or en", param_hint="--lang")
    return lang


def entry(arguments: list[str] | None = None) -> int:
    """Run the command line and give its exit code; no traceback reaches a user."""
    try:
        result: Any = app(arguments, standalone_mode=False)
        return int(result or 0)
    except KeyboardInterrupt:
        print("Interrupted. Results from before are as they were.", file=sys.stderr)
        return 130
    except Exception as error:
        return _explain(error)


def _explain(error: Exception) -> int:
    from model.faults import InputFaults

    if isinstance(error, InputFaults):
        from model import console

        console.faults(error)
        return 1
    if hasattr(error, "exit_code") and hasattr(error, "show"):
        error.show()
        return 2
    if type(error).__name__ == "Abort":
        return 130
    print(f"This is a fault of the toolkit, not of your files: {type(error).__name__}: {error}", file=sys.stderr)
    print("Please report it with the command you ran; CLIMATE_TRACEBACK=1 shows where it happened.", file=sys.stderr)
    import os

    if os.environ.get("CLIMATE_TRACEBACK"):
        raise error
    return 70


if __name__ == "__main__":
    sys.exit(entry())
