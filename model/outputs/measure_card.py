"""What is there to know of a measure? Its rows in all tables, what a unit does and costs, its worth in a plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import xarray as xr

from model.build import PreparedCase
from model.inputs.columns.base import Row, Source, references
from model.inputs.columns.measures import Measure
from model.inputs.columns.money import Eligibility
from model.inputs.faults import Place
from model.inputs.municipality import Municipality
from model.money.economics import annuity
from model.money.savings import made_by_moves, yearly_abatement
from model.outputs.summary import yearly_net_cost
from model.projection.coefficients import unit_cost
from model.vocabulary import CONSUMPTION, REMOVALS, TERRITORIAL, FloatArray

ASIDE = ("line", "source", "confidence", "note", "value", "low", "high", "unit")
"""Columns of a row that are not what it is about."""
TONNES = "ghg_total"
KILO = 1e3
"""kSEK a MSEK, and MWh a GWh."""


GROUPED = 10_000
"""From here on digits are shown in groups of three; years and small counts are not."""


@dataclass(frozen=True)
class Fact:
    """One number or word that the tables say of a measure."""

    table: str
    place: Place
    what: str
    value: str
    spread: str
    """low to high, blank where the table has none"""
    source: str
    """its title and year"""
    confidence: str


def facts(town: Municipality, measure: str) -> list[Fact]:
    """Everything the tables say of a measure, table by table, national rows and its own."""
    titles = {row.source: f"{row.title}{f' ({row.year})' if row.year else ''}" for row in town.rows(Source)}
    return [
        fact
        for table, rows in town.tables.items()
        for row in rows
        if _is_about(row, measure)
        for fact in _facts_of(town, table, row, measure, titles)
    ]


def _is_about(row: Row, measure: str) -> bool:
    named = [getattr(row, column) for column, target in references(type(row)).items() if target == "measures.measure"]
    if isinstance(row, Measure):
        named.append(row.measure)
    if isinstance(row, Eligibility):
        named.append(row.category)
    return measure in named


def _facts_of(town: Municipality, table: str, row: Row, measure: str, titles: Mapping[str, str]) -> Iterable[Fact]:
    """A row with a value is one fact; of any other, each column that is not blank."""
    cells = {column: getattr(row, column) for column in type(row).model_fields}
    rest = {column: value for column, value in cells.items() if column not in ASIDE and value not in ("", None)}
    sure = titles.get(str(cells.get("source")), ""), str(cells.get("confidence", ""))
    keys = [str(rest[column]) for column in row.key if column in rest and rest[column] != measure]
    others = {column: value for column, value in rest.items() if column not in row.key}
    if "value" in cells:
        low, high = cells.get("low"), cells.get("high")
        numbers = (cells["value"], low, high)
        grouped = any(abs(number) >= GROUPED for number in numbers if number is not None)
        spread = "" if low is None and high is None else f"{_number(low, grouped)} to {_number(high, grouped)}"
        how = [str(value) for column, value in others.items() if column in ("basis", "share_of", "mode")]
        value = f"{_number(cells['value'], grouped)} {cells['unit']}"
        yield Fact(table, town.place(row), " ".join([*keys, *how]), value, spread, *sure)
    elif isinstance(row, Measure):
        given = {**others, "unit": row.unit}
        for column, value in given.items():
            yield Fact(table, town.place(row, column), column, _number(value), "", *sure)
    else:
        said = ", ".join(f"{column} {_number(value)}" for column, value in others.items())
        yield Fact(table, town.place(row), " ".join(keys), said, "", *sure)


def _number(value: Any, grouped: bool = False) -> str:
    """A value as it is shown; `grouped`: with blanks between thousands, as others beside it."""
    if value is None:
        return "?"
    if not isinstance(value, int | float):
        return str(value)
    return f"{value:,.10g}".replace(",", " ") if grouped or abs(value) >= GROUPED else f"{value:.10g}"


@dataclass(frozen=True)
class UnitYear:
    """What one operating unit does in a year, at the reference mix; money in kSEK, energy in MWh."""

    year: int
    moves: tuple[tuple[str, str, float, str], ...]
    """(mode, what is moved, amount, unit)"""
    energy: Mapping[str, float]
    """carrier: MWh used more; negative: less"""
    avoided: Mapping[str, float]
    """perspective: t CO2e less, of its own moves"""
    enabled: float
    """territorial t CO2e less by what others can do only because it is there"""
    capital: float
    """of a unit started in the year"""
    charge: float
    """the same as equal yearly amounts over its lifetime"""
    fixed: float
    running: float
    """what its moves make; negative: saves"""
    benefit: float

    @property
    def cost(self) -> float:
        """Capital charge, fixed and running cost."""
        return self.charge + self.fixed + self.running

    @property
    def per_tonne(self) -> float:
        """SEK per t CO2e avoided in the territory or removed; NaN where nothing is."""
        tonnes = self.avoided[TERRITORIAL] + self.avoided[REMOVALS]
        return self.cost * KILO / tonnes if tonnes > 0 else float("nan")


def unit_year(built: PreparedCase, measure: str, year: int) -> UnitYear:
    """What a unit of a measure does in a year: the mean over its modes, pools at the reference mix."""
    case, measures = built.case, built.case.measures
    index, at = measures.names.index(measure), case.year_index(year)
    perspective = {row.subsector: row.perspective for row in built.described.subsectors}
    alone = replace(case, measures=replace(measures, enables=()))
    avoided = {}
    for ledger in (TERRITORIAL, REMOVALS, CONSUMPTION):
        counted = np.array([perspective[name] == ledger for name in case.subsectors])
        avoided[ledger] = float(yearly_abatement(alone, counted)[0, index, at])
    territorial = np.array([perspective[name] == TERRITORIAL for name in case.subsectors])
    whole = float(yearly_abatement(case, territorial)[0, index, at])
    none = np.zeros_like(case.price)
    external = np.broadcast_to(case.external_cost[..., None], case.level.shape)
    charge = annuity(case.social_rate, int(measures.lifetime[index])) * measures.capital[0, index, at]
    energy = _energy(built, index, at)
    return UnitYear(
        year=year,
        moves=tuple(_moves(built, index, at)),
        energy={name: value for name, value in energy.items() if abs(value) > 1e-9},
        avoided=avoided,
        enabled=whole - avoided[TERRITORIAL],
        capital=KILO * float(measures.capital[0, index, at]),
        charge=KILO * float(charge),
        fixed=KILO * float(measures.fixed_cost[0, index, at]),
        running=KILO * float(made_by_moves(case, unit_cost(case), case.price)[0, index, at]),
        benefit=KILO * float(measures.fixed_benefit[0, index, at] - made_by_moves(case, external, none)[0, index, at]),
    )


def _moves(built: PreparedCase, index: int, at: int) -> Iterable[tuple[str, str, float, str]]:
    case, measures = built.case, built.case.measures
    for mode in measures.modes_of(index):
        name = measures.mode_names[mode]
        for move in measures.activity_moves:
            if move.mode == mode:
                unit = case.activity_units[move.target]
                yield name, case.activities[move.target], float(move.amount[0, at]), unit
        for move in measures.pool_draws:
            if move.mode == mode:
                unit = case.activity_units[int(np.flatnonzero(case.pool_of == move.target)[0])]
                yield name, f"pool {case.pools[move.target]}", -float(move.amount[0, at]), unit
        for move in measures.carrier_moves:
            if move.mode == mode:
                carrier = case.carriers[case.flow_carrier[move.target]]
                where = case.subsectors[case.flow_subsector[move.target]]
                yield name, f"{carrier} in {where}", float(move.amount[0, at]), "GWh"


def _energy(built: PreparedCase, index: int, at: int) -> dict[str, float]:
    """Carrier: MWh that a unit uses more a year."""
    case, energy = built.case, {}
    for number, carrier in enumerate(case.carriers):
        of_carrier = np.zeros_like(case.price)
        of_carrier[:, number] = 1.0
        of_activity: FloatArray = np.zeros_like(case.level)
        for use, (source, flow) in enumerate(zip(case.use_activity, case.use_flow, strict=True)):
            if case.flow_carrier[flow] == number:
                of_activity[:, source] += case.use[:, use]
        energy[carrier] = KILO * float(made_by_moves(case, of_activity, of_carrier)[0, index, at])
    return energy


@dataclass(frozen=True)
class InPlan:
    """What a measure does in a plan, and what the plan would be without it."""

    level: Mapping[int, float]
    """year: units that operate"""
    capital: float
    """MSEK, of all units started"""
    payers: Mapping[str, float]
    """fund: MSEK in all years, largest first"""
    avoided: float
    """t CO2e a year (territory, gross) that the plan would emit more without it"""
    cost: float
    """MSEK that year by which the plan is dearer with it"""

    @property
    def per_tonne(self) -> float:
        """SEK per t CO2e; NaN where nothing is avoided."""
        return self.cost * 1e6 / self.avoided if self.avoided > 1e-6 else float("nan")


def in_plan(data: xr.Dataset, other: xr.Dataset, measure: str, year: int, years: Iterable[int]) -> InPlan:
    """A measure in the results of a plan; `other` is the same plan without it."""
    mine = data.sel(measure=measure)
    paid = mine.payment.sum("year")
    sums = {str(fund): float(paid.sel(fund=fund)) for fund in paid.fund.values}
    tonnes = (each.indicator.sel(indicator_name=TONNES, year=year) for each in (other, data))
    position = int(np.flatnonzero(data.year.values == year)[0])
    return InPlan(
        level={each: float(mine.level.sel(year=each)) for each in years},
        capital=float(mine.capital.sum()),
        payers={fund: value for fund, value in sorted(sums.items(), key=lambda item: -item[1]) if value > 1e-9},
        avoided=float(next(tonnes)) - float(next(tonnes)),
        cost=float(yearly_net_cost(data)[position] - yearly_net_cost(other)[position]),
    )
