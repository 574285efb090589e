"""Who pays, and how is that drawn? Kinds of funds with their looks, what is available to each, and what is short."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr

from model.figures.drawing.quantities import LEAST, OWN_MONEY, money_unit
from model.figures.drawing.style import INK, PAYER_COLOURS
from model.figures.drawing.texts import quoted, rounded, text
from model.vocabulary import UNFUNDED, FloatArray, IntArray

DEBTS = ("loan", "green_bond")
PAYERS: dict[str, tuple[str, ...]] = {
    # name of a colour and of a shared text: kinds of funds; from the bottom of a stack
    "municipal_investment": ("municipal_investment",),
    "municipal_operating": ("municipal_operating",),
    "debt": DEBTS,
    "grant": ("grant",),
    "public": ("public",),
    "own_money": (OWN_MONEY,),
    "not_funded": (UNFUNDED,),
}
HATCHES = {"own_money": "////", "not_funded": "xxxx"}
CHARGE: dict[str, Any] = {"facecolor": "white", "edgecolor": INK, "hatch": "//////", "linewidth": 0.4}
"""Capital charge, whichever pot carries it."""
SEEN = 0.002
"""Share of all payments below which a payer is too little to be seen, and is not told in the key."""
HARDLY = 0.01
"""Share of a pot below which it is hardly used: said in a note, and no panel of its own."""


def payer(kind: str) -> str:
    """Who pays from a kind of fund; what is not known pays as other public bodies do."""
    return next((name for name, kinds in PAYERS.items() if kind in kinds), "public")


def looks(name: str) -> dict[str, Any]:
    """How what a payer pays is filled."""
    return {"facecolor": PAYER_COLOURS[name], "hatch": HATCHES.get(name, ""), "edgecolor": "white", "linewidth": 0.4}


def groups(data: xr.Dataset) -> list[tuple[str, FloatArray]]:
    """Each payer that pays anything with its payments (year,) in MSEK."""
    paid = data.payment.values.sum(axis=1)
    names = np.array([payer(str(kind)) for kind in data.fund_kind.values])
    sums = [(name, paid[:, names == name].sum(axis=1)) for name in PAYERS]
    return [(name, values) for name, values in sums if values.sum() > LEAST]


def seen(data: xr.Dataset) -> list[str]:
    """Payers that pay enough to be seen."""
    total = float(data.payment.sum())
    return [name for name, values in groups(data) if values.sum() > SEEN * total]


def charged(data: xr.Dataset) -> FloatArray:
    """Capital charge of each fund (year, fund) in MSEK; nothing where it is not kept."""
    return _flow(data, "charge")


def short(data: xr.Dataset) -> FloatArray:
    """What each fund is short of (year, fund) in MSEK."""
    return _flow(data, "overdrawn")


def covered(data: xr.Dataset, fund: int) -> tuple[FloatArray, FloatArray]:
    """Share of a fund's payments that it has money for (year,), and charge that it has (year,): payments go first."""
    paid, charge, missing = data.payment.values[:, :, fund].sum(axis=1), charged(data)[:, fund], short(data)[:, fund]
    unpaid = np.maximum(missing - charge, 0.0)
    return 1 - np.divide(unpaid, paid, out=np.zeros_like(paid), where=paid > 0), np.maximum(charge - missing, 0.0)


def used(data: xr.Dataset) -> FloatArray:
    """What each fund pays and carries in charges (year, fund) in MSEK."""
    return np.asarray(data.payment.values.sum(axis=1) + charged(data))


def available(data: xr.Dataset) -> FloatArray:
    """Money of each fund (year, fund): its budget and what waited, which is what was used, waits or lapsed."""
    if "waiting" not in data:
        return np.asarray(data.budget.values, dtype=float)
    held = used(data) + data.waiting.values + data.lapsed.values - short(data)
    return np.asarray(np.where(np.isfinite(held), held, data.budget.values), dtype=float)


def hardly(data: xr.Dataset) -> IntArray:
    """Funds that pay something, but next to nothing of what they have, and are short of nothing."""
    spent, budget = used(data).sum(axis=0), data.budget.values.sum(axis=0)
    little = np.isfinite(budget) & (spent < HARDLY * np.nan_to_num(budget, posinf=0.0))
    return np.flatnonzero(little & (spent > LEAST) & (short(data).sum(axis=0) <= LEAST))


def said(data: xr.Dataset, fund: int, unit: str, language: str) -> str:
    """What is used of a fund over all years, how much of that is charge, what is short and what is left over."""
    total, charge, missing = (float(each(data)[:, fund].sum()) for each in (used, charged, short))
    budget = float(data.budget.values[:, fund].sum())
    if np.isnan(budget):
        return f"{rounded(total, language)} {unit}"
    words = {"used": rounded(total, language), "unit": unit}
    parts = [text("used", language, budget=rounded(budget, language), **words) if np.isfinite(budget)
             else text("used_free", language, **words)]  # fmt: skip
    if charge > LEAST:
        parts.append(text("of_charge", language, charge=rounded(charge, language)))
    if missing > LEAST:
        parts.append(text("short", language, amount=rounded(missing, language)))
    lost = float(_flow(data, "lapsed")[:, fund].sum())
    if LEAST < lost < np.inf and str(data.fund_kind.values[fund]) not in DEBTS:
        parts.append(text("left_over", language, amount=rounded(lost, language)))
    return ", ".join(parts)


def shortage(data: xr.Dataset, language: str) -> str:
    """Sentences on what pots are short of to carry their charges; nothing where none is."""
    missing, charge, names = short(data).sum(axis=0), charged(data).sum(axis=0), data[f"fund_label_{language}"].values
    unit = money_unit(data)
    return " ".join(
        text("shortage", language, fund=quoted(str(names[fund]), language), unit=unit,
             short=rounded(float(missing[fund]), language), charge=rounded(float(charge[fund]), language))
        for fund in np.flatnonzero(missing > LEAST).tolist()
    )  # fmt: skip


def notes(data: xr.Dataset, shown: Sequence[int], language: str) -> list[str]:
    """Pots that are hardly used, each with its amount, and what nominal budgets are, where any is shown."""
    total, names = used(data).sum(axis=0), data[f"fund_label_{language}"].values
    few = [f"{names[fund]} ({rounded(float(total[fund]), language)})" for fund in hardly(data).tolist()]
    found = [text("hardly", language, names="; ".join(few))] if few else []
    spare = data.budget.values + short(data) - used(data) - _flow(data, "lapsed")
    if np.any(np.nan_to_num(spare[:, list(shown)].sum(axis=0), posinf=0.0) > LEAST):
        found.append(text("remains", language))
    if "fund_basis" in data.coords and (data.fund_basis.values[list(shown)] == "nominal").any():
        found.append(text("nominal", language))
    return found


def _flow(data: xr.Dataset, name: str) -> FloatArray:
    """A flow of funds (year, fund) in MSEK; nothing where there is none."""
    return np.nan_to_num(data[name].values) if name in data else np.zeros(data.budget.shape)
