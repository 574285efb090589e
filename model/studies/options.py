"""Which options do runs share? Each is declared here once, for every verb that takes it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from model.inputs.options import Amount, Flag, Options
from model.texts import Language, usual_language

GOALS_OWN = "the goal's own"
OWN_NAME = "the name of what is run"


class AnyRunOptions(Options):
    """Of everything that is run: where results go, what is computed anew, and how strictly."""

    into: Annotated[str | None, Field(pattern=r"^\w[\w+.-]*$"), Flag("NAME", "name", left_out=OWN_NAME)] = None
    """Folder in outputs/ for the results."""
    fresh: bool = False
    """Compute everything anew, also what is there from earlier runs."""
    strict: bool = False
    """Exit with 3 if a target is out of reach."""
    lang: Annotated[Language, Flag(left_out="that of the machine")] = Field(default_factory=usual_language)
    """Language of figures and of what is told."""


class StudyOptions(AnyRunOptions):
    """Of a study as a whole."""


class FigureOptions(Options):
    """Of figures that are drawn of results that are there."""

    future: Annotated[str | None, Flag("NAME", left_out="the one the study shows")] = None
    """A future of the results."""
    only: Annotated[list[str], Flag("FIGURE")] = Field(default_factory=list)
    """Draw only figures of this kind, such as pathways, or of this name, such as payments_neutral_2030."""
    into: Annotated[str | None, Flag("NAME", "name", left_out="the name of what was run")] = None
    """Folder in outputs/ with the results."""
    fresh: bool = False
    """Draw anew what is there."""
    lang: Annotated[Language, Flag(left_out="that of the machine")] = Field(default_factory=usual_language)
    """Language of figures and of what is told."""


class RunOptions(AnyRunOptions):
    """Where scenarios are run."""

    figures: bool = False
    """Draw every figure as well."""
    future: Annotated[str | None, Flag("NAME", left_out="the scenario's own")] = None
    """A file in scenarios/futures/."""
    municipality: Annotated[str | None, Flag("NAME", left_out="that of the main study")] = None
    """A folder in inputs/."""


class GoalOptions(RunOptions):
    """Of every verb that finds a plan for a goal: a field with the name of a key of `Goal` takes its place."""

    budgets: Annotated[
        dict[str, Amount] | Literal["unlimited"] | None,
        Flag("FUND=AMOUNT", "budget", left_out=GOALS_OWN, example='"municipal_investment=40 MSEK/year"'),
    ] = None
    """Yearly amounts of pots, e.g. "municipal_investment=40 MSEK/year"."""
    targets: Annotated[list[str] | None, Flag("TARGET", "target", left_out=GOALS_OWN)] = None
    """Targets that the plan shall keep."""
    gap: Annotated[float | None, Field(gt=0, lt=1, allow_inf_nan=False), Flag("SHARE", left_out=GOALS_OWN)] = None
    """Share of base-year emissions from the best plan at which the search may stop, e.g. 0.01."""
    time_limit: Annotated[float | None, Field(gt=0, allow_inf_nan=False), Flag("SECONDS", left_out=GOALS_OWN)] = None
    """Time for the plan; the best one found by then is taken."""

    @property
    def of_goal(self) -> dict[str, Any]:
        """Keys of the goal that are given here."""
        from model.inputs.schema import Goal

        own = Goal.model_fields.keys() - RunOptions.model_fields.keys()
        return {name: value for name, value in self if name in own and value}


class OptimiseOptions(GoalOptions):
    """Of a plan that nothing more is asked of."""

    objective: Annotated[Literal["least_emissions", "least_cost", "best_value"] | None, Flag(left_out=GOALS_OWN)] = None
    """What is best."""


class QuestionOptions(GoalOptions):
    """Of a plan that more is asked of: its figures are always drawn."""
