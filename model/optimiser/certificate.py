"""How far can a plan be trusted? What was solved, how well it is known to be best, and every limit re-checked.

The certificate holds nothing that the solver says of itself but its status and bounds: limits, pots and owners are
reckoned again in numpy from the plan, emissions by the projection.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from model.money.pots import KRONA, by_fund, keep_accounts
from model.optimiser.formulation.variables import Formulation
from model.optimiser.plan import AGREEMENT, Plan
from model.optimiser.problem import Problem
from model.optimiser.verification import TOLERANCE, checks


def certify(
    name: str, future: str, problem: Problem, plan: Plan, formulation: Formulation, hashes: Mapping[str, str]
) -> dict[str, Any]:
    """The certificate of a plan as plain numbers and texts; `hashes` are those of the inputs by file."""
    checked = checks(problem, plan)
    stages = [
        {"stage": stage.name, "value": value, "bound": _known(bound), "unit": stage.unit}
        for stage, value, bound in zip(formulation.stages, plan.objectives, plan.bounds, strict=False)
    ]
    content: dict[str, Any] = {
        "scenario": name,
        "future": future,
        "objective": problem.objective,
        "solver": "HiGHS",
        "status": plan.status,
        "stages": stages,
        "gap": {"found": plan.gap, "asked": problem.gap, "of": "base-year emissions, in every year a stage counts"},
        "cost_gap": {
            "found": plan.cost_gap if np.isfinite(plan.bounds[-1]) else None, "asked": 4 * problem.gap,
            "of": "discounted cost",
        },
        "projection": {
            "largest_difference": plan.difference, "allowed": AGREEMENT, "of": "base-year emissions",
            "rounds": plan.rounds,
        },
        "limits": {
            name: {"violation": check.violation, "slack": None if np.isinf(check.slack) else check.slack}
            for name, check in sorted(checked.items())
        },
        "largest_violation": max((check.violation for check in checked.values()), default=0.0),
        "allowed_violation": TOLERANCE,
        "pots": _pots(problem, plan),
        "inputs": dict(sorted(hashes.items())),
    }  # fmt: skip
    return content | {"in_words": {"en": in_words(content, problem, "en"), "sv": in_words(content, problem, "sv")}}


def _pots(problem: Problem, plan: Plan) -> dict[str, Any]:
    """Sources minus uses by pot and year in kronor, and what was given and used in MSEK."""
    money = problem.money
    if money is None:
        return {}
    ledger = keep_accounts(money, by_fund(money, plan.payment, len(problem.case.measures.names)))
    wrong = ledger.imbalance(money)
    years = [int(year) for year in problem.case.years]
    found = {}
    for fund, name in enumerate(money.funds):
        if money.own[fund] or not (money.budget[fund].any() or ledger.payment[fund].any()):
            continue
        found[name] = {
            "paid": _rounded(ledger.payment[fund].sum()),
            "charged": _rounded(ledger.charge[fund].sum()),
            "lapsed": _rounded(ledger.lapsed[fund, problem.first :].sum()),
            "sources_minus_uses_in_kronor": {
                str(year): _rounded(value / KRONA) for year, value in zip(years, wrong[fund], strict=True)
            },
        }
    return found


def _known(bound: float) -> float | None:
    """A bound, or None where a stage has none: JSON knows no infinity."""
    return bound if np.isfinite(bound) else None


def _rounded(value: float) -> float:
    return round(float(value), 6) + 0.0


_WORDS = {
    "en": (
        "The plan for '{scenario}' in future '{future}' was found with {solver} ({status}). At the first stage, "
        "{stage}, it reaches {value} {unit}, and no plan can be better than {bound} {unit} at the same proportions of "
        "the pools; the search stopped {gap} of base-year emissions from its bounds ({asked} was asked for). Projected "
        "again without the optimiser, its emissions differ by at most {difference} of base-year emissions ({agreement} "
        "is allowed). {count} kinds of limits were re-checked outside the solver; the largest violation is {violation} "
        "of what is limited ({tolerance} is allowed). {pots}"
    ),
    "sv": (
        "Planen för '{scenario}' i framtiden '{future}' hittades med {solver} ({status}). I första steget, {stage}, "
        "når den {value} {unit}, och ingen plan kan vara bättre än {bound} {unit} vid samma sammansättning av "
        "poolerna; sökningen slutade {gap} av basårets utsläpp från sina gränser ({asked} begärdes). Räknad om utan "
        "optimeraren skiljer sig utsläppen med högst {difference} av basårets utsläpp ({agreement} tillåts). {count} "
        "slags gränser har kontrollerats om utanför lösaren; den största avvikelsen är {violation} av det som "
        "begränsas ({tolerance} tillåts). {pots}"
    ),
}
_POTS = {
    "en": (
        "There was no limit on money.",
        "In every pot and year, sources are uses, to {kronor} kronor.",
    ),
    "sv": ("Pengarna var inte begränsade.", "I varje fond och år är in lika med ut, på {kronor} kronor när."),
}
_STAGES_IN_SWEDISH = {
    "worst shortfall, priority": "största avstånd till mål, prioritet",
    "summed shortfall, priority": "summa av avstånd till mål, prioritet",
    "energy": "energi",
    "share": "andel",
    "cumulative emissions": "summa av utsläpp",
    "discounted cost": "diskonterad kostnad",
    "social cost less benefits": "samhällskostnad minus nytta",
}


def in_words(content: Mapping[str, Any], problem: Problem, language: str) -> str:
    """The certificate as a paragraph."""
    nothing: dict[str, Any] = {"stage": "-", "value": 0.0, "bound": 0.0, "unit": ""}
    first: dict[str, Any] = content["stages"][0] if content["stages"] else nothing
    off = [abs(v) for pot in content["pots"].values() for v in pot["sources_minus_uses_in_kronor"].values()]

    def number(value: float, form: str) -> str:
        text = f"{value + 0.0:{form}}"
        return text.replace(".", ",").replace("%", " %") if language == "sv" else text

    none, some = _POTS[language]
    pots = none if problem.money is None else some.format(kronor=number(max(off, default=0.0), ".2g"))
    return _WORDS[language].format(
        scenario=content["scenario"], future=content["future"], solver=content["solver"], status=content["status"],
        stage=_stage(first["stage"], language), value=number(first["value"], ".2f"),
        bound="-" if first["bound"] is None else number(first["bound"], ".2f"), unit=first["unit"],
        gap=number(content["gap"]["found"], ".2%"), asked=number(content["gap"]["asked"], ".2%"),
        difference=number(content["projection"]["largest_difference"], ".1e"), agreement=number(AGREEMENT, ".0e"),
        count=len(content["limits"]), violation=number(content["largest_violation"], ".1e"),
        tolerance=number(TOLERANCE, ".0e"), pots=pots,
    )  # fmt: skip


def _stage(name: str, language: str) -> str:
    if language == "sv":
        for english, swedish in _STAGES_IN_SWEDISH.items():
            name = name.replace(english, swedish)
    return name
