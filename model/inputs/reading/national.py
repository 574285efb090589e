"""Which national rows count in a municipality? Those of what it takes from the catalogue, unless it has its own.

A measure, activity or fund of the municipality without labels is the catalogue's: cells that its row leaves blank are
those of `inputs/common`, and the other national tables give what belongs to it. A row with labels is the
municipality's own; nothing national is added to it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from model.inputs.columns.activities import Activity, Parameter
from model.inputs.columns.base import Row, references
from model.inputs.columns.measures import Area, Effect, Measure
from model.inputs.columns.money import Eligibility
from model.inputs.reading.sheet import TableLine

CATALOGUED = ("measures", "activities", "funds")
"""Tables whose rows name what may be taken from the catalogue."""
NATIONAL = (
    *CATALOGUED, "areas", "owner_shares", "costs", "effects", "relations", "catalogue", "use", "direct_emissions",
    "parameters", "eligibility", "grants",
)  # fmt: skip
"""Tables that may stand in `inputs/common` as well as in the municipality's folder."""
LABELS = ("label_sv", "label_en")
ANY = "any"

Taken = Mapping[str, Collection[str]]
"""Table: what the municipality takes from the catalogue, in its own order."""


def is_taken(line: TableLine) -> bool:
    """Whether a row leaves to the catalogue what it names: it has no label."""
    return not any(line.cells.get(label) for label in LABELS)


def counting(rows: Iterable[Row], taken: Taken, measures: Iterable[Row]) -> list[Row]:
    """The national rows that belong to what the municipality takes; `measures` are all that it has."""
    known = [row for row in measures if isinstance(row, Measure)]
    areas = {row.category for row in known}
    national = {row.category for row in known if row.measure in taken["measures"]}
    return [row for row in rows if _counts(row, taken, areas, national)]


def _counts(row: Row, taken: Taken, areas: Collection[str], national: Collection[str]) -> bool:
    """Whether everything that a row names is taken; parameters belong to the activities as a whole."""
    for column, target in references(type(row)).items():
        table = target.partition(".")[0]
        if table in CATALOGUED and getattr(row, column) not in taken[table]:
            return False
    if isinstance(row, Parameter):
        return bool(taken["activities"])
    if isinstance(row, Area):
        return row.category in national
    if isinstance(row, Eligibility):
        return row.category == ANY or row.category in areas or row.category in taken["measures"]
    return True


def without_target(effects: Iterable[Row], activities: Iterable[Row]) -> dict[str, list[str]]:
    """Measure: activities and pools that it moves and the municipality does not have."""
    there = {name for row in activities if isinstance(row, Activity) for name in (row.activity, row.pool)}
    lost: dict[str, list[str]] = {}
    for row in effects:
        if isinstance(row, Effect) and row.kind != "carrier" and row.target not in there:
            lost.setdefault(row.measure, []).append(row.target)
    return {measure: list(dict.fromkeys(targets)) for measure, targets in lost.items()}


def without_flow(measure: str, carrier: str, subsector: str, town: str) -> tuple[str, str]:
    """What is found and what is allowed where a national measure takes from a use that the municipality has not."""
    found = f"'{measure}', which moves {carrier} in {subsector} (national catalogue), of which {town} has none"
    return found, f"an activity of {subsector} that uses {carrier} taken as well, or the measure left out"


def in_order(rows: Iterable[Row], position: Mapping[str, Mapping[str, int]]) -> tuple[Row, ...]:
    """Rows in the order in which the municipality names what they belong to, (table: name: position)."""
    return tuple(sorted(rows, key=lambda row: _place(row, position)))


def _place(row: Row, position: Mapping[str, Mapping[str, int]]) -> int:
    for column, target in references(type(row)).items():
        table = target.partition(".")[0]
        if table in CATALOGUED:
            return position[table].get(getattr(row, column), len(position[table]))
    return 0
