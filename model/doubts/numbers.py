"""Which numbers say of themselves that they can hardly be meant? Ranges, duties, and how sure an assumption is."""

from __future__ import annotations

from collections.abc import Iterator

from model.doubts.register import Known, doubt
from model.inputs.columns.activities import Parameter, Vehicle
from model.inputs.columns.base import Measured, Source, Sourced
from model.inputs.columns.energy import Blend, Mandate
from model.inputs.columns.parameters import FLEET
from model.inputs.doubt import Doubt

WHOLE = 100.0
"""Percent."""


@doubt
def value_outside_its_range(known: Known) -> Iterator[Doubt]:
    """A value outside its low and high, or a low above its high."""
    town = known.town
    for table, rows in town.tables.items():
        for row in rows:
            if isinstance(row, Measured):
                column, value, low, high = "value", row.value, row.low, row.high
            elif isinstance(row, Blend):
                column, value, low, high = "saving", row.saving, row.saving_low, row.saving_high
            else:
                continue
            least, most = (value if low is None else low), (value if high is None else high)
            if not least <= value <= most:
                yield Doubt(
                    row.place(town.files[table], column),
                    f"{value:g} with a range from {least:g} to {most:g}",
                    "a low of at most the value, and a high of at least the value",
                    "Check the three numbers",
                )


@doubt
def duty_above_everything(known: Known) -> Iterator[Doubt]:
    """A reduction duty of more than 100 %."""
    for row in known.town.rows(Mandate):
        if row.value > WHOLE:
            yield Doubt(
                known.town.place(row, "value"),
                f"a duty of {row.value:g} % for '{row.carrier}' in {row.year} on path '{row.path}'",
                "at most 100 %: no more can be avoided than all",
                "Check it",
            )


@doubt
def assumption_called_official(known: Known) -> Iterator[Doubt]:
    """A number with confidence A (official or primary) whose source is an assumption."""
    town = known.town
    assumed = {row.source: row for row in town.rows(Source) if row.kind == "assumption"}
    for table, rows in town.tables.items():
        for row in rows:
            if isinstance(row, Sourced) and row.confidence == "A" and row.source in assumed:
                yield Doubt(
                    row.place(town.files[table], "confidence"),
                    f"confidence A with source '{row.source}', which is an assumption",
                    "C for what we assume, B for what is derived from it",
                    f"Write C, or name the official source; kinds stand in {town.files['sources']}",
                )


@doubt
def unknown_parameter(known: Known) -> Iterator[Doubt]:
    """A parameter of vehicles that nothing asks for."""
    vehicles = known.town.rows(Vehicle)
    fleet = {row.vehicle_type for row in vehicles} | {f"{row.vehicle_type}_{row.technique}" for row in vehicles}
    asked = ", ".join(f"{name} ({each.unit}: {each.meaning})" for name, each in FLEET.items())
    for row in known.town.rows(Parameter):
        if row.of in fleet and row.parameter not in FLEET:
            yield Doubt(
                known.town.place(row, "parameter"),
                f"parameter '{row.parameter}' of '{row.of}', which nothing asks for",
                f"one of {asked}",
                "Mend its name, or take the row away",
            )
