"""Which other plans are as good, and what do all of them share?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from model.analyses.question import Answer, Fact, Shown, Values, question
from model.inputs import options
from model.inputs.options import Flag

if TYPE_CHECKING:
    import xarray as xr

    from model.analyses.ask import AnalysisInput

ROLES = ("must_have", "never", "swing")


class Options(options.Options):
    """How many other plans are looked for, and how much worse they may be."""

    number: Annotated[int, Field(ge=1, le=50), Flag("K", short="-k")] = 5
    """How many other plans."""
    loss: Annotated[float, Field(ge=0, allow_inf_nan=False), Flag("SHARE")] = 0.01
    """How much worse they may be: share of base-year emissions, each year."""
    cost_loss: Annotated[float, Field(ge=0, allow_inf_nan=False), Flag("SHARE")] = 0.1
    """How much dearer they may be: 0.1 is a tenth."""


def display(data: xr.Dataset) -> Shown:
    """Measures by their role, and how different the plans are."""
    lines = []
    for role in ROLES:
        names = [str(name) for name in data.measure.values[data.role.values == role]]
        lines.append(f"{role.replace('_', ' ')} ({len(names)}): {', '.join(names) or '-'}")
    distances = ", ".join(f"{float(each):.2f}" for each in data.distance.values[1:])
    others = len(data.alternative) - 1
    said = f"{others} other plan{'' if others == 1 else 's'}"
    return [*lines, f"{said}, mean distance of uses to the nearest before: {distances}" if others else said]


@question(
    "alternatives", "which other plans are as good, and what do all of them share?", display, Options,
    writes="`alternatives.csv`, portfolios of the others", order=3,
)  # fmt: skip
def alternatives(given: AnalysisInput, wanted: Options) -> Answer:
    """Find plans as different as can be that are hardly worse.

    And what such plans share: measures that none can do without (must have) or
    none uses (never); the rest is a choice (swing). The plans are written as
    portfolios, too.
    """
    import numpy as np

    from model.analyses.alternatives import alternatives as others
    from model.analyses.alternatives import ranges

    problem, plan = given.problem, given.plan
    found = tuple(others(problem, plan, wanted.number, wanted.loss, wanted.cost_loss))
    span = ranges(problem, plan, wanted.loss, wanted.cost_loss)
    names = problem.case.measures.names
    roles = [span.role(m) for m in range(len(names))]
    rows = [
        {"measure": name, "role": roles[m], "least": span.least[m], "most": span.most[m]}
        | {f"plan_{number}": each.use[m] for number, each in enumerate(found)}
        for m, name in enumerate(names)
    ]
    use, within = "mean over years of level by potential, 0 to 1", "use within the loss, whole units relaxed"
    nearest = "mean difference of uses to the nearest plan before it, 0 to 1"
    order = "0 is the plan itself, then the others in the order in which they were found"
    return Answer(
        [
            Values("use", ("alternative", "measure"), "1", use, np.array([each.use for each in found])),
            Values("use_least", ("measure",), "1", f"least {within}", span.least),
            Values("use_most", ("measure",), "1", f"most {within}", span.most),
            Values("role", ("measure",), "", "must_have, never or swing", roles),
            Values("distance", ("alternative",), "1", nearest, [each.distance for each in found]),
        ],
        [
            Values("alternative", ("alternative",), "", order, np.arange(len(found))),
            Values("measure", ("measure",), "", "", list(names)),
        ],
        [
            Fact("alternatives_loss", "how much worse they may be, as share of base-year emissions", wanted.loss),
            Fact("alternatives_cost_loss", "how much dearer, relative", wanted.cost_loss),
        ],
        {"alternatives": rows},
        found[1:],
    )
