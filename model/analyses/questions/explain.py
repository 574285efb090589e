"""What would close what is left of a target, and what is in the way?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from model.analyses.question import Answer, Labels, Shown, TableRows, question
from model.analyses.questions import prices
from model.inputs.options import Options
from model.plain_text import Column, TextTable, decimals_for, thousands
from model.texts import Texts

if TYPE_CHECKING:
    import xarray as xr

    from model.analyses.ask import AnalysisInput
    from model.analyses.gap import Gap

text = Texts({
    "nothing": (
        "Inget att förklara: det kräver ett mål som begränsar enskilda års utsläpp uppåt.",
        "Nothing to explain: that takes a target that limits emissions of single years from above.",
    ),
    "title": (
        "\n{target}: vägen dit från planen {year}, ton CO2e; gränser lyfta i denna ordning",
        "\n{target}: the way there from the plan in {year}, t CO2e; limits lifted in this order",
    ),
    "what": ("vad", "what"),
    "tonnes": ("ton", "t"),
    "shapley": ("Shapley", "Shapley"),
    "plan": ("planen", "the plan"),
    "whole": ("hela enheter och andra mål", "whole units and other aims"),
    "money": ("pengar: budgetar, och vem som får betala", "money: pots, and who may pay"),
    "speed": ("takt: upptrappning och ledtider", "speed: ramps and lead times"),
    "potential": ("potential", "potential"),
    "policy": ("nationell politik", "national policy"),
    "rest": ("inget här räcker till", "nothing here closes"),
    "target": ("målet", "the target"),
    "tolerance": (
        "Skillnader under {tonnes} ton betyder inget: sökningen slutar där.",
        "Differences below {tonnes} t mean nothing: the search stops there.",
    ),
    "pots": (
        "Med hur stora budgetar som helst, men samma regler för vem som får betala, är det minsta {reach} ton; nästan "
        "allt av det kräver {more} MSEK mer över alla år.",
        "With pots as large as wanted, but the same rules on who may pay, the least is {reach} t; nearly all of that "
        "takes {more} MSEK more over all years.",
    ),
    "no_pots": (
        "Hur stora budgetar som helst skulle inte ändra något med samma regler för vem som får betala.",
        "Pots as large as wanted would change nothing while the rules on who may pay are the same.",
    ),
})  # fmt: skip


def display(data: xr.Dataset, language: str) -> Shown:
    """The way from the plan to its target, and prices of pots."""
    if "gap_lifted" not in data:
        return [text("nothing", language), *prices.display(data, language)]
    about, tolerance = data.attrs, float(data.attrs["gap_tolerance"])

    def row(name: str, value: float, share: float | None = None) -> tuple[str, str, str]:
        return text(name, language), thousands(value), "" if share is None else thousands(share)

    rows = [row("plan", about["gap_plan"]), row("whole", about["gap_least"] - about["gap_plan"])]
    for kind in map(str, data.limit_kind.values):
        lifted, share = float(data.gap_lifted.sel(limit_kind=kind)), float(data.gap_shapley.sel(limit_kind=kind))
        rows.append(row(kind, -lifted, -share))
    rows += [row("rest", -about["gap_rest"]), row("target", about["gap_limit"])]
    named = data[f"target_label_{language}"].sel(target=about["gap_target"]).values
    title = text("title", language, target=named, year=about["gap_year"])
    heads: tuple[Column, ...] = (
        (text("what", language), "text"), (text("tonnes", language), "right"), (text("shapley", language), "right"),
    )  # fmt: skip
    shown: list[TextTable | str] = [
        TextTable(title, heads, rows),
        text("tolerance", language, tonnes=thousands(tolerance, decimals_for(tolerance), language)),
    ]
    if "gap_extra" in data:
        reach, more = thousands(about["gap_pots"]), thousands(about["gap_extra_money"])
        gained = about["gap_least"] - about["gap_pots"] > about["gap_tolerance"]
        shown.append(text("pots", language, reach=reach, more=more) if gained else text("no_pots", language))
    return [*shown, *prices.display(data, language)]


def labels() -> Labels:
    """What is lifted, what that gives, and between which numbers."""
    import numpy as np

    from model.labelling import Attribute, Coordinate, Variable
    from model.vocabulary import EMISSIONS

    kind, together = ("limit_kind",), ("subset",)
    fall, least = "by how much the indicator falls when the kind is lifted", "least value of the indicator"
    money = "more money, over all years, that pots would need for 99 % of what money by its rules can do; "
    money += "blank: the fund is no pot"
    return Labels(
        [
            Variable("gap_lifted", kind, EMISSIONS, f"{fall} as well as those before it",
                     lambda gap: list(gap.lifted.values())),
            Variable("gap_shapley", kind, EMISSIONS, f"{fall}, averaged over all orders of lifting",
                     lambda gap: list(gap.shapley.values())),
            Variable("gap_subset", together, EMISSIONS, f"{least} that can be reached with these lifted",
                     lambda gap: [gap.least[kinds] for kinds in _subsets(gap)]),
            Variable("gap_extra", ("fund",), "MSEK over all years", money,
                     lambda gap: np.append(gap.extra, np.nan) if gap.extra.size else None),
        ],
        [
            Coordinate("limit_kind", "limit_kind", "`money`, `speed`, `potential`, `policy`: kinds of limits, in the "
                       "order in which they are lifted", lambda gap: list(gap.lifted)),
            Coordinate("subset", "subset", "kinds of limits that are lifted together, such as `money+speed`; "
                       "blank: none", lambda gap: ["+".join(kinds) for kinds in _subsets(gap)]),
        ],
        [
            Attribute("gap_target", "target that is explained", lambda gap: gap.target),
            Attribute("gap_year", "the plan's worst year of that target", lambda gap: gap.year),
            Attribute("gap_plan", "value of the plan in that year, t", lambda gap: gap.plan),
            Attribute("gap_least", "least value that can be reached with nothing lifted, t", lambda gap: gap.least[()]),
            Attribute("gap_limit", "limit of the target, t", lambda gap: gap.limit),
            Attribute("gap_rest", "t above the limit with all four lifted", lambda gap: gap.rest),
            Attribute("gap_tolerance", "t: what the search for whole units may have left; smaller differences mean "
                      "nothing", lambda gap: gap.tolerance),
            Attribute("gap_unit", "unit of the values above", lambda _: EMISSIONS),
            Attribute("gap_pots", "least value with pots as large as wanted and the rules on who may pay kept, t",
                      lambda gap: gap.without_money_rules),
            Attribute("gap_extra_money", "sum of `gap_extra`, MSEK", lambda gap: float(gap.extra.sum())),
        ],
    )  # fmt: skip


def _subsets(gap: Gap) -> list[tuple[str, ...]]:
    """Kinds that are lifted together, fewest first."""
    return sorted(gap.least, key=lambda kinds: (len(kinds), kinds))


@question(
    "explain", "what would close what is left?", labels, display, Options,
    writes="`gap.csv`, figure `gap_<goal>`", order=1,
)  # fmt: skip
def explain(given: AnalysisInput, _: Options) -> Answer:
    """Say what would close the gap that a goal's plan leaves.

    The limits of money, speed, potential and national policy are lifted in that
    order, and on average over all orders (Shapley). ShadowPrices say what one more
    unit of each limit is worth.
    """
    from model.analyses import gap

    found = gap.explain(given.search, given.plan, given.stronger, given.removes)
    return Answer() if found is None else Answer(found, {"gap": _table(found)})


def _table(found: Gap) -> TableRows:
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
