"""Which sums do targets and headlines look at? Indicators of emissions, of energy, and shares of activities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from model.inputs import units
from model.inputs.columns.activities import Activity
from model.inputs.columns.emissions import IndicatorPart, SharePart, Subsector, Target
from model.inputs.faults import listing
from model.inputs.municipality import Municipality
from model.projection.case import Case
from model.vocabulary import QUANTITIES, FloatArray, Quantity

AnyPart = TypeVar("AnyPart", IndicatorPart, SharePart)


@dataclass(frozen=True)
class Indicator:
    """What an indicator counts, ready to be computed."""

    quantity: Quantity
    weight: FloatArray
    """emissions: (subsector, gas) t CO2e per t; energy: (flow,); share: (activity,) of what is counted"""
    denominator: FloatArray | None = None
    """share: (activity,) of all it is a share of"""


@dataclass(frozen=True)
class CompiledIndicator:
    """An indicator as it is declared: what it counts, and what results say of it."""

    name: str
    counts: Indicator
    accounting: str
    """`activity`, or `official` (as statistics would show it)"""
    perspective: str
    """the ledger it looks at; `net` if its rule puts several together, blank for a share"""
    label_sv: str
    label_en: str

    @property
    def unit(self) -> str:
        """Unit of its values."""
        return QUANTITIES[self.counts.quantity]


@dataclass(frozen=True)
class CompiledTarget:
    """A target that can be computed: a limit on an indicator over the model years."""

    name: str
    indicator: CompiledIndicator
    limit: FloatArray
    """(year,) in the unit of its indicator; inf where it does not hold"""
    sense: str
    """`at_most` or `at_least`"""
    hold: str
    """`from` a year on, `only` in it, or `cumulative`"""
    since: int | None
    """first year a cumulative target adds up; None if years count by themselves"""
    priority: int
    label_sv: str
    label_en: str

    @property
    def sign(self) -> int:
        """1 for a limit from above, -1 for one from below."""
        return -1 if self.sense == "at_least" else 1


def compile_indicators(town: Municipality, case: Case) -> dict[str, CompiledIndicator]:
    """Every declared indicator by name; faults are noted in `town.faults`."""
    sums, shares = _by_name(town.rows(IndicatorPart)), _by_name(town.rows(SharePart))
    found = {}
    for name, parts in sums.items():
        if name not in shares:
            ledgers = {str(row.perspective) for row in parts}
            ledger = ledgers.pop() if len(ledgers) == 1 else "net"
            last = parts[-1]
            weigh = _gas_weights if parts[0].quantity == "emissions" else _flow_weights
            counts = Indicator(parts[0].quantity, weigh(town, case, parts))
            found[name] = CompiledIndicator(name, counts, last.accounting, ledger, last.label_sv, last.label_en)
    for name, of in shares.items():
        found[name] = CompiledIndicator(name, _share(town, case, of), "activity", "", of[-1].label_sv, of[-1].label_en)
    return found


def compile_targets(
    town: Municipality, case: Case, indicators: Mapping[str, CompiledIndicator]
) -> dict[str, CompiledTarget]:
    """The targets that can be computed, by name; faults are noted in `town.faults`."""
    found = {}
    for row in town.rows(Target):
        limit = _limit(town, row, case, indicators)
        if row.evaluable == "yes" and row.indicator in indicators:
            since = (row.since or town.settings.first_decision_year) if row.hold == "cumulative" else None
            found[row.target] = CompiledTarget(
                row.target, indicators[row.indicator], limit, row.sense, row.hold, since, row.priority,
                row.label_sv, row.label_en,
            )  # fmt: skip
    return found


def _by_name(rows: Iterable[AnyPart]) -> dict[str, list[AnyPart]]:
    """The rows of each indicator."""
    found: dict[str, list[AnyPart]] = {}
    for row in rows:
        found.setdefault(row.indicator, []).append(row)
    return found


def _gas_weights(town: Municipality, case: Case, parts: Sequence[IndicatorPart]) -> FloatArray:
    """How many t CO2e of an indicator one tonne counts, (subsector, gas); ledgers are never mixed by accident."""
    weight = np.zeros((len(case.subsectors), len(case.gases)))
    perspective = np.array([row.perspective for row in town.rows(Subsector)])
    _check_parts(town, case, parts)
    for row in parts:
        chosen = perspective == row.perspective
        if row.subsector:
            chosen &= np.array(case.subsectors) == row.subsector
        gas = np.array([row.gas in ("all", name) for name in case.gases])
        weight[np.ix_(chosen, gas)] = case.gwp[gas]
    return weight


def _flow_weights(town: Municipality, case: Case, parts: Sequence[IndicatorPart]) -> FloatArray:
    """Which carrier use an indicator counts, (flow,); what several rows name counts once."""
    weight = np.zeros(len(case.flow_carrier))
    perspective = np.array([row.perspective for row in town.rows(Subsector)])
    subsector, carrier = np.array(case.subsectors)[case.flow_subsector], np.array(case.carriers)[case.flow_carrier]
    _check_parts(town, case, parts)
    for row in parts:
        chosen = perspective[case.flow_subsector] == row.perspective
        for wanted, names in ((row.subsector, subsector), (row.carrier, carrier)):
            chosen &= (names == wanted) if wanted else True
        weight[chosen] = 1.0
    return weight


def _check_parts(town: Municipality, case: Case, parts: Sequence[IndicatorPart]) -> None:
    """What the rows of a sum name must be there."""
    for row in parts:
        for value, known, column, table in (
            (row.gas, (*case.gases, "all"), "gas", "gases"),
            (row.carrier, case.carriers, "carrier", "carriers"),
            (row.subsector, case.subsectors, "subsector", "subsectors"),
        ):
            if value and value not in known:
                place, allowed = town.place(row, column), f"one of {listing(known)}"
                town.faults.add(place, f"'{value}'", allowed, known, value, depends_on=(table,))


def _share(town: Municipality, case: Case, rows: Sequence[SharePart]) -> Indicator:
    """A share of activities; there must be something to be a share of in every year of the reference."""
    weight, of = np.zeros(len(case.activities)), np.zeros(len(case.activities))
    unit = {row.activity: row.unit for row in town.rows(Activity)}
    same = f"({rows[0].unit})*({unit[rows[0].activity]})"
    for row in rows:
        try:
            size = row.weight * units.factor(f"({row.unit})*({unit[row.activity]})", same)
        except units.UnitError:
            allowed = f"a unit that times {unit[row.activity]} turns into {same}, as in line {rows[0].line}"
            town.faults.add(town.place(row, "unit"), f"'{row.unit}'", allowed)
            continue
        of[case.activities.index(row.activity)] = size
        weight[case.activities.index(row.activity)] = size if row.counted == "yes" else 0.0
    total = of @ case.level[0]
    if np.any(total <= 0):
        year, place = int(case.years[np.argmin(total)]), town.place(rows[0], "indicator")
        found, allowed = f"'{rows[0].indicator}', a share of nothing in {year}", "activities with a level in every year"
        town.faults.add(place, found, allowed, depends_on=("activity_levels", "activities", "shares"))
    return Indicator("share", weight, of)


def value(weight: FloatArray, emissions: FloatArray) -> FloatArray:
    """A sum of emissions over the years, t CO2e: weight (subsector, gas) on emissions (..., subsector, gas, year)."""
    return np.asarray(np.einsum("kg,...kgy->...y", weight, emissions))


def series(indicator: Indicator, tonnes: FloatArray, activity: FloatArray, flow: FloatArray) -> FloatArray:
    """An indicator over the years (..., year) in its unit: t CO2e, GWh or percent.

    From emissions (..., subsector, gas, year), activities (..., activity, year) and flows (..., flow, year). A share
    of nothing is 0.
    """
    if indicator.quantity == "emissions":
        return value(indicator.weight, tonnes)
    if indicator.denominator is None:
        return np.asarray(np.einsum("f,...fy->...y", indicator.weight, flow))
    counted, whole = (np.einsum("s,...sy->...y", each, activity) for each in (indicator.weight, indicator.denominator))
    return np.asarray(100 * np.divide(counted, whole, out=np.zeros_like(whole), where=whole > 0))


def accumulated(values: FloatArray, since: int | None, case: Case) -> FloatArray:
    """Values (..., year) as a target looks at them: as they are, or added up from a year on (0 before)."""
    return values if since is None else np.asarray(np.cumsum(np.where(case.years >= since, values, 0.0), axis=-1))


def missed(values: FloatArray, limit: FloatArray, sense: int) -> FloatArray:
    """By how much a target is missed: above its limit, or below if `sense` is -1; 0 where it does not hold."""
    return np.asarray(np.maximum(sense * (values - np.where(np.isfinite(limit), limit, values)), 0.0))


def _limit(town: Municipality, target: Target, case: Case, indicators: Mapping[str, CompiledIndicator]) -> FloatArray:
    """The limit over the model years (year,) in the unit of its indicator; inf where the target does not hold."""
    limit = np.full(len(case.years), np.inf)
    if target.evaluable == "no" or target.limit is None:
        return limit
    if target.indicator not in indicators:
        place = town.place(target, "indicator")
        found, allowed = f"'{target.indicator}'", f"one of {listing(indicators)}"
        town.faults.add(place, found, allowed, indicators, target.indicator, depends_on=("indicators", "shares"))
        return limit
    indicator = indicators[target.indicator]
    if indicator.accounting == "official":
        allowed = "an indicator with accounting 'activity': official statistics hardly show what is decided here"
        town.faults.add(town.place(target, "indicator"), f"'{target.indicator}'", allowed)
    if indicator.counts.quantity == "share" and target.hold == "cumulative":
        allowed = "'from' or 'only': shares of different years are not added up"
        town.faults.add(town.place(target, "hold"), "'cumulative' for a share", allowed)
    bound = town.convert(target, indicator.unit, target.limit)
    holds = case.years >= target.year if target.hold == "from" else case.years == target.year
    limit[holds] = bound
    return limit
