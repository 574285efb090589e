"""Which sums do targets and headlines look at? Indicators as declared sums over (subsector, gas)."""

from __future__ import annotations

import numpy as np

from model.case import Case
from model.columns import IndicatorPart, Subsector, Target
from model.faults import listing
from model.municipality import Municipality
from model.vocabulary import EMISSIONS, FloatArray


def indicators(town: Municipality) -> dict[str, str]:
    """Every declared indicator and its accounting: `activity`, or `official` (as statistics would show it)."""
    return {row.indicator: row.accounting for row in town.rows(IndicatorPart)}


def weights(town: Municipality, case: Case, indicator: str) -> FloatArray:
    """How many t CO2e of an indicator one tonne counts, (subsector, gas); ledgers are never mixed by accident."""
    weight = np.zeros((len(case.subsectors), len(case.gases)))
    perspective = np.array([row.perspective for row in town.rows(Subsector)])
    for row in town.rows(IndicatorPart):
        if row.indicator != indicator:
            continue
        for value, known, column, table in (
            (row.gas, (*case.gases, "all"), "gas", "gases"),
            (row.subsector, (*case.subsectors, ""), "subsector", "subsectors"),
        ):
            if value not in known:
                place, allowed = town.place(row, column), f"one of {listing(set(known) - {''})}"
                town.faults.add(place, f"'{value}'", allowed, known, value, rests_on=(table,))
        chosen = perspective == row.perspective
        if row.subsector:
            chosen &= np.array(case.subsectors) == row.subsector
        gas = np.array([row.gas in ("all", name) for name in case.gases])
        weight[np.ix_(chosen, gas)] = case.gwp[gas]
    return weight


def value(weight: FloatArray, emissions: FloatArray) -> FloatArray:
    """An indicator over the years: weight (subsector, gas) on emissions (..., subsector, gas, year), in t CO2e."""
    return np.asarray(np.einsum("kg,...kgy->...y", weight, emissions))


def target_limit(town: Municipality, target: Target, case: Case) -> FloatArray:
    """The limit over the model years in t CO2e (year,); inf where the target does not hold."""
    limit = np.full(len(case.years), np.inf)
    if target.evaluable == "no" or target.limit is None:
        return limit
    known = indicators(town)
    if target.indicator not in known:
        place = town.place(target, "indicator")
        found, allowed = f"'{target.indicator}'", f"one of {listing(known)}"
        town.faults.add(place, found, allowed, known, target.indicator, rests_on=("indicators",))
        return limit
    if known[target.indicator] == "official":
        allowed = "an indicator with accounting 'activity': official statistics hardly show what is decided here"
        town.faults.add(town.place(target, "indicator"), f"'{target.indicator}'", allowed)
    bound = town.convert(target, EMISSIONS, target.limit)
    holds = case.years >= target.year if target.hold == "from" else case.years == target.year
    limit[holds] = bound
    return limit
