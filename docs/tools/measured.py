"""Which tables are made of results? Those of the plans, of what money buys and of what closes the gap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import xarray as xr

from docs.tools import quantities as q
from docs.tools.evidence import CONFIDENCE, study_town
from docs.tools.numbers import kt
from docs.tools.results import GOAL, goal, of, results
from docs.tools.text import share_of, table, tonnes
from model.inputs.columns.measures import Cost, Potential
from model.outputs.comparison import comparison_year
from model.outputs.overview import gap_reached
from model.vocabulary import CENTRAL, UNFUNDED

INVESTMENT, OPERATING = "municipal_investment", "municipal_operating"
LIFTED = {
    "money": "money: pots, and who may pay",
    "speed": "speed: ramps and lead times",
    "potential": "potential: ten times as much to do",
    "policy": "national policy: the strongest duty in the tables",
}


def _shown() -> Iterator[xr.Dataset]:
    """Every scenario in the central future, as the study names them."""
    return (data for (_, future), data in results().items() if future == CENTRAL)


def _goals() -> Iterator[xr.Dataset]:
    return (data for data in _shown() if data.attrs["kind"] == "goal")


def _is_unlimited(data: xr.Dataset) -> bool:
    return data.attrs["kind"] == "goal" and q.paid(data, UNFUNDED) > 0


def headlines() -> str:
    """What each scenario comes to in the year of comparison, and what it costs."""
    rows = []
    for data in _shown():
        year = comparison_year(data)
        soon = float(data.capital.sel(year=slice(None, year)).sum())
        missing = f"{tonnes(q.paid(data, UNFUNDED))} of {tonnes(q.paid(data))}" if q.paid(data) else "-"
        charge, short = (tonnes(float(data[each].sum())) for each in ("charge", "overdrawn"))
        charged = f"{short} of {charge}" if q.paid(data) else "-"
        emissions = (kt(q.emitted(data, name)) for name in ("ghg_total", "ghg_official", "fossil_co2"))
        title, name = (str(data.attrs[each]) for each in ("scenario_en", "scenario"))
        words = f"best plan for *{title}*" if data.attrs["kind"] == "goal" else title
        rows.append((f"{words} (`{name}`)", *emissions, tonnes(soon), missing, charged))
    heads = (
        "scenario", f"kt CO2e in {year}", "as official statistics would show", "fossil CO2, kt",
        f"invested by {year}, MSEK", f"of capital and support to {int(data.year[-1])}, not funded",
        "of capital charges, not funded",
    )  # fmt: skip
    return table(heads, rows, right=range(1, len(heads)))


def envelopes() -> str:
    """What plans reach with less and more money."""
    reference = of("reference")
    rows = [("decided policy only", *_emitted(reference), *["-"] * 4)]
    for data in _goals():
        name = data.attrs["scenario"]
        if _is_unlimited(data):
            rows.append(("no limit on money, anyone may pay", *_emitted(data), *_spent(data), "-", "-"))
            continue
        budgets = goal(name).budgets
        yearly = " / ".join(budgets[fund].removesuffix(" MSEK/year") for fund in (INVESTMENT, OPERATING))
        used = f"{tonnes(q.paid(data, INVESTMENT))} of {tonnes(q.of_pot(name, 'budget', INVESTMENT))}"
        rows.append((yearly, *_emitted(data), *_spent(data), used, tonnes(q.of_pot(name, "charge", OPERATING))))
    heads = (
        "municipal investment / operating, MSEK a year", "greenhouse gases, kt", "fossil CO2, kt", "invested in all",
        "paid by all funds", "of the investment budget used", "capital charge",
    )  # fmt: skip
    return table(heads, rows, right=range(1, len(heads)))


def _emitted(data: xr.Dataset) -> tuple[str, str]:
    return kt(q.emitted(data, "ghg_total")), kt(q.emitted(data, "fossil_co2"))


def _spent(data: xr.Dataset) -> tuple[str, str]:
    return tonnes(float(data.capital.sum())), tonnes(q.paid(data))


def what_closes_the_gap() -> str:
    """What each kind of limits closes when it is lifted."""
    data = of(GOAL)
    whole = q.KT * float(data.attrs["gap_plan"] - data.attrs["gap_least"])
    rows: list[tuple[str, str, str]] = [("whole units, and other aims of the plan", kt(whole), "")]
    for kind, words in LIFTED.items():
        rows.append((words, kt(q.lifted(kind)), kt(q.KT * float(data.gap_shapley.sel(limit_kind=kind)))))
    rows.append(("nothing here closes", kt(q.KT * float(data.attrs["gap_rest"])), ""))
    return table(("what is lifted", "kt", "on average (Shapley)"), rows, right=(1, 2))


def agreement() -> str:
    """Optimiser and projection on every goal of the main study, and what is known of its plans."""
    rows = []
    for (name, future), data in results().items():
        if data.attrs["kind"] == "goal":
            numbers = f"{float(data.attrs['difference']):.0e}", int(data.attrs["rounds"]), gap_reached(data.attrs)
            total = tonnes(q.emitted(data, "ghg_total") / q.KT)
            rows.append((name, future, *numbers, data.attrs["status"], total))
            year = comparison_year(data)
    year_heads = ("difference", "rounds", "gap at the worst stage", "status", f"`ghg_total` {year}, t")
    return table(("goal", "future", *year_heads), rows, right=(2, 3, 4, 6))


def plan_confidence() -> str:
    """The investment of the goals' plans in the central future, by how sure the measures' cost and potential are."""
    town, rows = study_town().town, []
    for data in _goals():
        spent = data.capital.sum("year").to_series()
        for kind, what in ((Cost, "cost"), (Potential, "potential")):
            worst: dict[str, str] = {}
            for row in town.rows(kind):
                if getattr(row, "item", "capital") == "capital":
                    worst[row.measure] = max(worst.get(row.measure, "A"), row.confidence)
            split = Counter[str]()
            for measure, amount in spent.items():
                split[worst.get(str(measure), "C")] += float(amount)  # type: ignore[assignment]
            shares = (share_of(split[letter], float(spent.sum())) for letter in CONFIDENCE)
            rows.append((data.attrs["scenario"], f"by the least sure row of {what}", tonnes(spent.sum()), *shares))
    return table(("plan", "", "MSEK", *CONFIDENCE), rows, right=(2, 3, 4, 5))
