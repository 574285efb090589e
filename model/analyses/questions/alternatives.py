"""Which other plans are as good, and what do all of them share?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from model.analyses.question import Answer, Labels, Shown, question
from model.inputs import options
from model.inputs.options import Flag
from model.plain_text import thousands
from model.texts import Texts

if TYPE_CHECKING:
    import xarray as xr

    from model.analyses.alternatives import Alternative, Range
    from model.analyses.ask import AnalysisInput

EXTREMES = ("least", "most")
ROLES = ("must_have", "never", "swing")


class Options(options.Options):
    """How many other plans are looked for, and how much worse they may be."""

    number: Annotated[int, Field(ge=1, le=50), Flag("K", short="-k")] = 5
    """How many other plans."""
    loss: Annotated[float, Field(ge=0, allow_inf_nan=False), Flag("SHARE")] = 0.01
    """How much worse they may be: share of base-year emissions, each year."""
    cost_loss: Annotated[float, Field(ge=0, allow_inf_nan=False), Flag("SHARE")] = 0.1
    """How much dearer they may be: 0.1 is a tenth."""


text = Texts({
    "must_have": ("måste vara med ({count}): {names}", "must have ({count}): {names}"),
    "never": ("aldrig ({count}): {names}", "never ({count}): {names}"),
    "swing": ("kan väljas ({count}): {names}", "swing ({count}): {names}"),
    "none": ("Inga andra planer.", "No other plans."),
    "others": (
        "Andra planer: {count}; medelavstånd i användning till den närmaste före: {distances}",
        "Other plans: {count}; mean distance of uses to the nearest before: {distances}",
    ),
})  # fmt: skip


def display(data: xr.Dataset, language: str) -> Shown:
    """Measures by their role, and how different the plans are."""
    lines = []
    for role in ROLES:
        names = [str(name) for name in data.measure.values[data.role.values == role]]
        lines.append(text(role, language, count=len(names), names=", ".join(names) or "-"))
    distances = "; ".join(thousands(float(each), 2, language) for each in data.distance.values[1:])
    others = len(data.alternative) - 1
    return [*lines, text("others", language, count=others, distances=distances) if others else text("none", language)]


@dataclass(frozen=True)
class Others:
    """The plan and others like it, how much each measure can be used in such plans, and what was asked for."""

    plans: tuple[Alternative, ...]
    span: Range
    measures: tuple[str, ...]
    wanted: Options

    @property
    def roles(self) -> list[str]:
        """Of each measure."""
        return [self.span.role(number) for number in range(len(self.measures))]


def labels() -> Labels:
    """How much each measure is used, and has to be."""
    import numpy as np

    from model.labelling import Attribute, Coordinate, Variable

    measure, plan = ("measure",), ("alternative",)
    least, most = (f"{much} use that a plan within the loss can have, whole units relaxed" for much in EXTREMES)
    return Labels(
        [
            Variable("use", (*plan, *measure), "1", "mean over years of level by potential, 0 to 1",
                     lambda others: np.array([each.use for each in others.plans])),
            Variable("use_least", measure, "1", least, lambda others: others.span.least),
            Variable("use_most", measure, "1", most, lambda others: others.span.most),
            Variable("role", measure, "", "`must_have`, `never` or `swing`", lambda others: others.roles),
            Variable("distance", plan, "1", "mean difference of uses to the nearest plan before it, 0 to 1",
                     lambda others: [each.distance for each in others.plans]),
        ],
        [
            Coordinate("alternative", "alternative", "0 is the plan itself, then the others in the order in which "
                       "they were found", lambda others: np.arange(len(others.plans))),
        ],
        [
            Attribute("alternatives_loss", "how much worse they may be, as share of base-year emissions",
                      lambda others: others.wanted.loss),
            Attribute("alternatives_cost_loss", "how much dearer, relative", lambda others: others.wanted.cost_loss),
        ],
    )  # fmt: skip


@question(
    "alternatives", "which other plans are as good, and what do all of them share?", labels, display, Options,
    writes="`alternatives.csv`, portfolios of the others", order=3,
)  # fmt: skip
def alternatives(given: AnalysisInput, wanted: Options) -> Answer:
    """Find plans as different as can be that are hardly worse.

    And what such plans share: measures that none can do without (must have) or
    none uses (never); the rest is a choice (swing). The plans are written as
    portfolios, too.
    """
    from model.analyses.alternatives import alternatives as different
    from model.analyses.alternatives import ranges

    problem, plan = given.problem, given.plan
    plans = tuple(different(given.search, plan, wanted.number, wanted.loss, wanted.cost_loss))
    span = ranges(given.search, plan, wanted.loss, wanted.cost_loss)
    found = Others(plans, span, tuple(problem.case.measures.names), wanted)
    rows = [
        {"measure": name, "role": role, "least": span.least[m], "most": span.most[m]}
        | {f"plan_{number}": each.use[m] for number, each in enumerate(plans)}
        for m, (name, role) in enumerate(zip(found.measures, found.roles, strict=True))
    ]
    return Answer(found, {"alternatives": rows}, plans[1:])
