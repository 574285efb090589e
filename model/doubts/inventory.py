"""Where is the inventory unlike what it is compared with? Sectors unlike their parts, or unlike what is modelled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from model.doubts.register import Known, doubt
from model.inputs.columns.emissions import TOTAL, Inventory
from model.inputs.doubt import Doubt
from model.plain_text import thousands
from model.vocabulary import EMISSIONS, MASS

LEAST_FACTOR, MOST_FACTOR = 0.5, 2.0
UNLIKE = 0.05
"""Share of a sector's total by which its parts may differ from it."""


@doubt
def reconciliation_factor(known: Known) -> Iterator[Doubt]:
    """A subsector whose modelled emissions are scaled by less than 0.5 or more than 2 to agree with the inventory."""
    town = known.town
    chosen = (town.settings.base_year, town.settings.reconcile_vintage, TOTAL)
    rows = {
        row.subsector: row
        for row in town.rows(Inventory)
        if (row.year, row.vintage, row.gas) == chosen and row.subsector
    }
    for each in known.cases[0].reconciled if known.cases else ():
        if each.inventory and not LEAST_FACTOR <= each.factor <= MOST_FACTOR:
            yield Doubt(
                town.place(rows[each.subsector], "value"),
                f"{thousands(each.inventory)} t CO2e for '{each.subsector}', where the model gives "
                f"{thousands(each.modelled)}: a factor of {each.factor:.3g}",
                f"a factor from {LEAST_FACTOR:g} to {MOST_FACTOR:g}",
                f"Check levels and units of its activities in {town.files['activity_levels']}, and their use of energy",
            )


@doubt
def sector_unlike_its_parts(known: Known) -> Iterator[Doubt]:
    """A sector whose official total differs by more than 5 % from the sum of its subsectors."""
    town = known.town
    parts: dict[tuple[str, str, str], dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for row in town.rows(Inventory):
        if row.subsector:
            parts[row.sector, row.gas, row.vintage][row.year] += _amount(known, row)
    unlike: dict[tuple[str, str, str], list[tuple[Inventory, float]]] = defaultdict(list)
    for row in town.rows(Inventory):
        series = (row.sector, row.gas, row.vintage)
        total = _amount(known, row)
        if not row.subsector and row.year in parts[series] and abs(parts[series][row.year] - total) > UNLIKE * total:
            unlike[series].append((row, parts[series][row.year]))
    for (sector, gas, vintage), rows in unlike.items():
        row, found = rows[0]
        more = f", and others in {len(rows) - 1} more years" if len(rows) > 1 else ""
        yield Doubt(
            town.place(row, "value"),
            f"{_amount(known, row):g} t for '{sector}' in {row.year} ({gas}, {vintage}), {found:g} for its parts{more}",
            f"parts that add up to the total, within {100 * UNLIKE:g} %",
            "Check the rows of its subsectors; those of the base year are scaled to the total",
        )


def _amount(known: Known, row: Inventory) -> float:
    return known.town.convert(row, EMISSIONS if row.gas == TOTAL else MASS)
