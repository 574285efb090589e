"""How well does the model meet the world, and what does it rest on? Numbers for `docs/validation.md`."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from docs.tools.results import STUDY
from docs.tools.text import percent, share_of, table, tonnes
from model import ROOT
from model.build import PreparedCase, build
from model.inputs.columns.activities import Activity, ActivityLevel, CarrierUse
from model.inputs.columns.base import Source, Sourced
from model.inputs.columns.emissions import Pathway, Target
from model.inputs.columns.measures import Cost, Effect, Measure, Potential
from model.inputs.columns.registry import TABLES
from model.inputs.faults import Faults
from model.inputs.municipality import Municipality, load
from model.inputs.schema import Future
from model.reference import validation
from model.scenarios.files import load_future
from model.studies.study_file import load_study as read_study
from model.vocabulary import CENTRAL, EMISSIONS

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
def study_town() -> Town:
    """The municipality of the main study, read and built once."""
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
    town = study_town()
    found = validation.before_reconciliation(town.town, town.futures[CENTRAL])
    rows = [(name, tonnes(each.model), tonnes(each.reported), percent(each.deviation)) for name, each in found.items()]
    model, reported = (sum(getattr(each, part) for each in found.values()) for part in ("model", "reported"))
    rows.append(("**total**", tonnes(model), tonnes(reported), percent(model / reported - 1)))
    return table(("sector", "modelled, t CO2e", "inventory", "modelled is"), rows, right=(1, 2, 3))


def sector_deviation(sector: str) -> float:
    """By which share the model is above a sector's inventory before reconciliation."""
    town = study_town()
    return validation.before_reconciliation(town.town, town.futures[CENTRAL])[sector].deviation


def subsectors() -> str:
    """Each subsector before reconciliation, the factor, and whether its level came from the inventory itself."""
    town = study_town()
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
    town = study_town()
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
    fit = validation.decay_fit(study_town().town, "landfill_methane")
    found = fit.base_year
    return (
        f"Fitted on {fit.first_year}-{fit.last_year}: {100 * fit.rate:.2f} % a year. For "
        f"{study_town().town.settings.base_year} it predicts {tonnes(found.model)} t of waste emissions, reported are "
        f"{tonnes(found.reported)} t: {percent(found.deviation)}."
    )


def outlook() -> str:
    """The reference in the first target year by future, and what others have published for that year."""
    town = study_town()
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
    town = study_town().town
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
    town = study_town()
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
