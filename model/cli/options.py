"""Which options do the verbs share?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from model import ROOT

MAIN_STUDY = "main"
PROJECT = ROOT
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


def finite(value: float) -> float:
    """A finite number, as the option needs it."""
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


def goal_options(
    objective: str | None, budget: list[str] | None, target: list[str] | None, gap: float | None, seconds: float | None
) -> dict[str, Any]:
    """Keys of a goal that the command line gives."""
    pairs = (text.split("=", 1) for text in budget or ())
    budgets = {fund.strip(): amount.strip() for fund, amount in pairs}
    return {"objective": objective, "budgets": budgets, "targets": target, "gap": gap, "time_limit": seconds}
