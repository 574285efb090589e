"""How far can a plan be trusted? What was solved, how well it is known to be best, and every limit re-checked.

The certificate holds nothing that the solver says of itself but its bounds: limits, pots and owners are reckoned again
in numpy from the plan, emissions by the projection; its status follows from values and bounds. What is not known is
None.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from model.money.pots import KRONA, by_fund, keep_accounts
from model.optimiser.certificate_words import in_short, in_words, table_in_words
from model.optimiser.digits import settled_number
from model.optimiser.plan import AGREEMENT, Plan
from model.optimiser.problem import Problem
from model.optimiser.stages import StageResult
from model.optimiser.verification import TOLERANCE, Check, checks

DECIMALS, ORE = 6, 3
"""Decimals of MSEK and of shares, and of kronor."""
NOISE, OF_NOISE = 12, 3
"""Decimals and digits of what should be nothing: further ones differ between processors."""


def certify(name: str, future: str, problem: Problem, plan: Plan, hashes: Mapping[str, str]) -> dict[str, Any]:
    """The certificate of a plan as plain numbers and texts; `hashes` are those of the inputs by file."""
    checked = checks(problem, plan)
    content: dict[str, Any] = {
        "scenario": name,
        "future": future,
        "objective": problem.objective,
        "solver": "HiGHS",
        "status": plan.status,
        "stages": [_numbers(stage) for stage in plan.stages],
        "stopped_by_time_limit": plan.stopped,
        "projection": {
            "largest_difference": _off(plan.difference), "allowed": AGREEMENT, "of": "base-year emissions",
            "rounds": plan.rounds,
        },
        "limits": {name: _kept(check) for name, check in sorted(checked.items())},
        "largest_violation": _off(max((check.violation for check in checked.values()), default=0.0)),
        "allowed_violation": TOLERANCE,
        "money_limited": problem.money is not None,
        "pots": _pots(problem, plan),
        "inputs": dict(sorted(hashes.items())),
    }  # fmt: skip
    languages = ("en", "sv")
    return content | {
        "in_short": {language: in_short(content, language) for language in languages},
        "in_words": {language: in_words(content, language) for language in languages},
        "stages_in_words": {language: table_in_words(content, language) for language in languages},
    }


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
                str(year): _rounded(value / KRONA, ORE) for year, value in zip(years, wrong[fund], strict=True)
            },
        }
    return found


def _numbers(stage: StageResult) -> dict[str, Any]:
    """What is known of a stage; None where it is not known."""
    return {
        "stage": stage.name,
        "unit": stage.unit,
        "value": stage.value,
        "cannot_be_changed": stage.constant,
        "value_in_all": stage.value + stage.constant,
        "bound": stage.known_bound,
        "refuted_bound": stage.bound if stage.refuted else None,
        "bound_holds_for": stage.holds_for,
        "gap_asked": stage.asked,
        "gap_reached": stage.reached,
        "gap_is_share_of": stage.scale,
        "gap_met": stage.met,
    }


def _kept(check: Check) -> dict[str, float | None]:
    return {"violation": _off(check.violation), "slack": None if np.isinf(check.slack) else _rounded(check.slack)}


def _off(value: float) -> float:
    """What should be nothing, as far as it is more than last bits."""
    return settled_number(round(float(value), NOISE), digits=OF_NOISE)


def _rounded(value: float, decimals: int = DECIMALS) -> float:
    return round(float(value), decimals) + 0.0
