"""What would close what is left of a target, and what is in the way?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from model.analyses.question import Answer, Fact, Rows, Shown, Values, question
from model.analyses.questions import prices
from model.inputs.options import Options
from model.plain_text import Table, thousands

if TYPE_CHECKING:
    import xarray as xr

    from model.analyses.ask import AnalysisInput
    from model.analyses.gap import Gap

LIFTED = {
    "money": "money: pots, and who may pay",
    "speed": "speed: ramps and lead times",
    "potential": "potential",
    "policy": "national policy",
}
"""What each kind of limits is called."""


def display(data: xr.Dataset) -> Shown:
    """The way from the plan to its target, and prices of pots."""
    if "gap_lifted" not in data:
        nothing = "Nothing to explain: that takes a target that limits emissions of single years from above."
        return [nothing, *prices.display(data)]
    about = data.attrs
    rows = [("the plan", thousands(about["gap_plan"]), "")]
    rows.append(("whole units and other aims", thousands(about["gap_least"] - about["gap_plan"]), ""))
    for kind in map(str, data.limit_kind.values):
        lifted, share = float(data.gap_lifted.sel(limit_kind=kind)), float(data.gap_shapley.sel(limit_kind=kind))
        rows.append((LIFTED[kind], thousands(-lifted), thousands(-share)))
    rows += [
        ("nothing here closes", thousands(-about["gap_rest"]), ""),
        ("the target", thousands(about["gap_limit"]), ""),
    ]
    title = f"\nFrom the plan to '{about['gap_target']}' in {about['gap_year']}, t CO2e, lifted in this order"
    shown: list[Table | str] = [
        Table(title, (("what", "text"), ("t", "right"), ("Shapley", "right")), rows),
        f"Differences below {thousands(about['gap_tolerance'])} t mean nothing: the search stops there.",
    ]
    if "gap_extra" in data:
        reach, more = thousands(about["gap_pots"]), thousands(about["gap_extra_money"])
        shown.append(
            f"With pots as large as wanted, but the same rules on who may pay, the least is {reach} t; "
            f"nearly all of that takes {more} MSEK more over all years."
        )
    return [*shown, *prices.display(data)]


@question(
    "explain", "what would close what is left?", display, Options, writes="`gap.csv`, figure `gap_<goal>`", order=1
)
def explain(given: AnalysisInput, _: Options) -> Answer:
    """Say what would close the gap that a goal's plan leaves.

    The limits of money, speed, potential and national policy are lifted in that
    order, and on average over all orders (Shapley). Prices say what one more
    unit of each limit is worth.
    """
    from model.analyses import gap

    found = gap.explain(given.problem, given.plan, given.strongest(), given.removes)
    if found is None:
        return Answer()
    variables, coordinates = _variables(found, given.problem.money is not None)
    return Answer(variables, coordinates, _attributes(found), {"gap": _table(found)})


def _variables(found: Gap, limited_money: bool) -> tuple[list[Values], list[Values]]:
    """Variables and coordinates."""
    import numpy as np

    from model.vocabulary import EMISSIONS

    subsets = sorted(found.least, key=lambda kinds: (len(kinds), kinds))
    along, together = ("limit_kind",), ("subset",)
    fall = "by how much the indicator falls when the kind is lifted"
    least = "least value of the indicator that can be reached with these lifted"
    variables = [
        Values("gap_lifted", along, EMISSIONS, f"{fall} as well as those before it", list(found.lifted.values())),
        Values("gap_shapley", along, EMISSIONS, f"{fall}, averaged over all orders", list(found.shapley.values())),
        Values("gap_subset", together, EMISSIONS, least, [found.least[kinds] for kinds in subsets]),
    ]
    if limited_money:
        words = "more money, over all years, that pots would need for 99 % of what money by its rules can do; "
        words += "blank: the fund is no pot"
        extra = np.append(found.extra, np.nan)
        variables.append(Values("gap_extra", ("fund",), "MSEK over all years", words, extra))
    kinds = "kinds of limits, in the order in which they are lifted"
    sets = "kinds of limits that are lifted together, such as money+speed; blank: none"
    return variables, [
        Values("limit_kind", along, "", kinds, list(found.lifted)),
        Values("subset", together, "", sets, ["+".join(each) for each in subsets]),
    ]


def _attributes(found: Gap) -> list[Fact]:
    from model.vocabulary import EMISSIONS

    said: dict[str, tuple[str, Any]] = {
        "gap_target": ("target that is explained", found.target),
        "gap_year": ("the plan's worst year of that target", found.year),
        "gap_plan": ("value of the plan in that year, t", found.plan),
        "gap_least": ("least value that can be reached with nothing lifted, t", found.least[()]),
        "gap_limit": ("limit of the target, t", found.limit),
        "gap_rest": ("t above the limit with all four lifted", found.rest),
        "gap_tolerance": (
            "t: what the search for whole units may have left; smaller differences mean nothing",
            found.tolerance,
        ),
        "gap_unit": ("unit of the values above", EMISSIONS),
        "gap_pots": (
            "least value with pots as large as wanted and the rules on who may pay kept, t",
            found.without_money_rules,
        ),
        "gap_extra_money": ("sum of `gap_extra`, MSEK", float(found.extra.sum())),
    }
    return [Fact(name, words, value) for name, (words, value) in said.items()]


def _table(found: Gap) -> Rows:
    rows: list[dict[str, Any]] = [{"part": "plan", "tonnes": found.plan, "shapley": ""}]
    rows.append({"part": "whole units and other aims", "tonnes": found.left_by_plan, "shapley": ""})
    shapley = found.shapley
    rows += [{"part": kind, "tonnes": fall, "shapley": shapley[kind]} for kind, fall in found.lifted.items()]
    pots = found.least[()] - found.without_money_rules
    return [
        *rows,
        {"part": "of money: pots alone", "tonnes": pots, "shapley": ""},
        {"part": "nothing here closes", "tonnes": found.rest, "shapley": ""},
        {"part": "target", "tonnes": found.limit, "shapley": ""},
    ]
