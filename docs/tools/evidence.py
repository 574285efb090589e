"""How well does the model meet the world, and what does it rest on? Numbers for `docs/validation.md`."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import xarray as xr

from docs.tools.text import percent, plain, share_of, table, tonnes
from model import ROOT
from model.build import PreparedCase, build
from model.inputs.columns.activities import Activity, ActivityLevel, CarrierUse
from model.inputs.columns.base import Source, Sourced
from model.inputs.columns.emissions import Pathway, Target
from model.inputs.columns.measures import Cost, Effect, Measure, Potential
from model.inputs.columns.registry import TABLES
from model.inputs.faults import Faults, InputFaults
from model.inputs.municipality import Municipality, load
from model.inputs.schema import Future
from model.outputs.overview import gap_reached
from model.outputs.staging import load_study
from model.reference import validation
from model.scenarios.files import load_future
from model.studies.study_file import load_study as read_study
from model.vocabulary import CENTRAL, EMISSIONS

STUDY = "main"
PLAUSIBLE = (75_000.0, 125_000.0)
"""t CO2e in the first target year: range for decided policy, depending on the duty, set before the model was built."""
CONFIDENCE = ("A", "B", "C")
FROM_INVENTORY = "derived_from_inventory"
"""Source of levels that are the inventory divided by a factor: their agreement with it says nothing."""


@dataclass(frozen=True)
class Town:
    """The municipality of the main study in its futures."""

    town: Municipality
    futures: dict[str, Future]
    built: dict[str, PreparedCase]


@lru_cache(maxsize=1)
def _town() -> Town:
    faults = Faults()
    read = read_study(STUDY, ROOT, faults)
    assert read is not None
    town = load(read[0].municipality, ROOT, faults)
    faults.stop_if_any()
    assert town is not None
    futures = {name: load_future(name, ROOT, faults, town) for name in read[0].futures}
    known = {name: future for name, future in futures.items() if future is not None}
    built = {name: build(town, future) for name, future in known.items()}
    faults.stop_if_any()
    return Town(town, known, built)


def base_year() -> str:
    """Each sector before reconciliation."""
    town = _town()
    found = validation.before_reconciliation(town.town, town.futures[CENTRAL])
    rows = [(name, tonnes(each.model), tonnes(each.reported), percent(each.deviation)) for name, each in found.items()]
    model, reported = (sum(getattr(each, part) for each in found.values()) for part in ("model", "reported"))
    rows.append(("**total**", tonnes(model), tonnes(reported), percent(model / reported - 1)))
    return table(("sector", "modelled, t CO2e", "inventory", "modelled is"), rows, right=(1, 2, 3))


def subsectors() -> str:
    """Each subsector before reconciliation, the factor, and whether its level came from the inventory itself."""
    town = _town()
    of = {row.activity: row.subsector for row in town.town.rows(Activity)}
    given = [(of[row.activity], row.source) for row in town.town.rows(ActivityLevel)]
    given += [(row.subsector, row.source) for row in town.town.rows(CarrierUse)]
    rows = []
    for row in town.built[CENTRAL].reconciled:
        own = [source == FROM_INVENTORY for subsector, source in given if subsector == row.subsector]
        circle = "the inventory" if own and all(own) else "partly the inventory" if any(own) else "elsewhere"
        numbers = (tonnes(row.modelled), tonnes(row.inventory), f"{row.factor:.3f}")
        rows.append((row.subsector, row.sector, *numbers, circle, f"{row.status}, {row.confidence}"))
    heads = ("subsector", "sector", "modelled", "inventory", "factor", "level taken from", "the inventory's row")
    return table(heads, rows, right=(2, 3, 4))


def blending() -> str:
    """What the sectors that burn blended fuel would emit in the base year if only the blend had changed."""
    town = _town()
    base = town.town.settings.base_year
    rows = []
    for sector in ("transport", "work_machines"):
        step = validation.blending_step(town.town, town.futures[CENTRAL], sector, base - 1, base)
        low, high = (percent(each / step.reported - 1) for each in (step.low, step.high))
        rows.append((sector, tonnes(step.model), tonnes(step.reported), percent(step.deviation), f"{low} to {high}"))
    heads = ("sector", f"{base - 1} with the blend of {base}", f"reported {base}", "deviation", "range")
    return table(heads, rows, right=(1, 2, 3))


def landfill() -> str:
    """What the decay fitted on the stated window says of the base year."""
    fit = validation.decay_fit(_town().town, "landfill_methane")
    found = fit.base_year
    return (
        f"Fitted on {fit.first_year}-{fit.last_year}: {100 * fit.rate:.2f} % a year. For "
        f"{_town().town.settings.base_year} it predicts {tonnes(found.model)} t of waste emissions, reported are "
        f"{tonnes(found.reported)} t: {percent(found.deviation)}."
    )


def outlook() -> str:
    """The reference in the first target year by future, and what others have published for that year."""
    town = _town()
    year = min(row.year for row in town.town.rows(Target) if row.evaluable == "yes")
    rows = []
    for name, future in town.futures.items():
        total = sum(validation.reference_by_sector(town.town, future).values())[year - town.town.settings.base_year]
        inside = "yes" if PLAUSIBLE[0] <= total <= PLAUSIBLE[1] else "**no**"
        rows.append((f"reference, {name}", tonnes(total), inside, future.title.en))
    for row in town.town.rows(Pathway):
        if row.year == year:
            rows.append((row.label_en, tonnes(town.town.convert(row, EMISSIONS)), "", row.boundary))
    low, high = (f"{each / 1000:.0f}" for each in PLAUSIBLE)
    return table((f"in {year}", "t CO2e", f"within {low}-{high} kt", ""), rows, right=(1,))


def confidence() -> str:
    """How sure the rows of every table are."""
    town = _town().town
    rows = []
    for name, each in TABLES.items():
        if issubclass(each.row, Sourced) and town.tables[name]:
            counted = Counter(row.confidence for row in town.rows(each.row))
            total = sum(counted.values())
            rows.append((name, total, *(share_of(counted[letter], total) for letter in CONFIDENCE)))
    kinds = Counter(row.kind for row in town.rows(Source))
    said = ", ".join(f"{number} {kind}" for kind, number in kinds.most_common())
    return table(("table", "rows", *CONFIDENCE), rows, right=(1, 2, 3, 4)) + f"\n\n{kinds.total()} sources: {said}."


def resting() -> str:
    """How much of the base year, and how many measures, rest on which confidence."""
    town = _town()
    split = Counter[str]()
    for row in town.built[CENTRAL].reconciled:
        split[row.confidence] += row.inventory  # type: ignore[assignment]
    total = sum(split.values())
    rows = [
        (
            "base-year emissions, by the inventory's split to subsectors",
            *(share_of(split[letter], total) for letter in CONFIDENCE),
        )
    ]
    names = {row.measure for row in town.town.rows(Measure) if row.in_reference == "no"}
    for kind, what in ((Effect, "effects"), (Cost, "costs"), (Potential, "potentials")):
        worst: dict[str, str] = {}
        for row in town.town.rows(kind):
            if row.measure in names:
                worst[row.measure] = max(worst.get(row.measure, "A"), row.confidence)
        counted = Counter(worst.values())
        shares = (share_of(counted[letter], counted.total()) for letter in CONFIDENCE)
        rows.append((f"measures, by the least sure row of their {what}", *shares))
    return table(("", *CONFIDENCE), rows, right=(1, 2, 3))


def agreement() -> str | None:
    """Optimiser and projection on every goal of the main study that has been run."""
    rows = []
    for (name, future), data in _results().items():
        if data.attrs["kind"] == "goal":
            attributes = data.attrs
            year = int(data.year[np.isfinite(data.target_limit.values).any(axis=1)][0])
            total = float(data.indicator.sel(indicator_name="ghg_total", year=year))
            numbers = (
                f"{float(attributes['difference']):.0e}",
                int(attributes["rounds"]),
                gap_reached(attributes),
            )
            rows.append((name, future, *numbers, attributes["status"], tonnes(total)))
    if not rows:
        return None
    year_heads = ("difference", "rounds", "gap to the best plan", "status", f"`ghg_total` {year}, t")
    return table(("goal", "future", *year_heads), rows, right=(2, 3, 4, 6))


def plan_confidence() -> str | None:
    """The investment of the goals' plans in the central future, by how sure the measures' cost and potential are."""
    town, rows = _town().town, []
    for (name, future), data in _results().items():
        if data.attrs["kind"] == "goal" and future == CENTRAL:
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
                rows.append((name, f"by the least sure row of {what}", tonnes(float(spent.sum())), *shares))
    return table(("plan", "", "MSEK", *CONFIDENCE), rows, right=(2, 3, 4, 5)) if rows else None


@lru_cache(maxsize=1)
def _results() -> dict[tuple[str, str], xr.Dataset]:
    try:
        return load_study(ROOT / "outputs" / STUDY, ROOT)
    except InputFaults as fault:
        print(f"Measured parts stay as they are, for want of results of the main study ({plain(str(fault))})")
        return {}
