"""What does the user have? Everything that has a name, and whether all of it is right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from model.cli import console, doubts
from model.inputs.columns.base import Labelled
from model.inputs.columns.emissions import Sector, Subsector, Target
from model.inputs.columns.measures import Area, Measure
from model.inputs.columns.money import Fund
from model.inputs.faults import Faults
from model.inputs.municipality import TEMPLATE, Municipality, load
from model.inputs.reading import constraint_files
from model.inputs.skeletons import unfinished
from model.plain_text import thousands
from model.reference.reconciliation import Reconciled
from model.scenarios import files
from model.studies.run import main_town, study_batch
from model.studies.study import Batch

KINDS = ("studies", "futures", "portfolios", "goals")


def check(name: str, root: Path, lang: str | None = None) -> None:
    """Check a study's input; print reconciliation, what is still to be filled in, and what is probably wrong."""
    console.speak(lang)
    _, batch = study_batch(name, root)
    reconciliation(batch)
    open_rows = unfinished(batch.town)
    if open_rows:
        console.tell("{count} places hold placeholders:", count=len(open_rows))
        for place, what in open_rows:
            console.say(f"  {place}: {console.phrase(what)}")
    found = doubts.tell_all(batch.doubts)
    console.tell(
        "No fault found, warnings: {warnings}. Measures: {measures}, scenarios: {scenarios}, futures: {futures}.",
        warnings=found, measures=len(batch.town.rows(Measure)), scenarios=len(batch.scenarios),
        futures=len(batch.futures),
    )  # fmt: skip


def list_names(root: Path, town_name: str | None, lang: str | None = None) -> None:
    """Everything that can be named on the command line or in a scenario file."""
    console.speak(lang)
    faults = Faults()
    town = load(town_name or main_town(root), root, faults)
    faults.stop_if_any()
    assert town is not None
    towns = [path.parent.name for path in (root / "inputs").glob("*/municipality.yaml")]
    plain = {"municipalities": sorted(name for name in towns if name != TEMPLATE)}
    plain["constraints"] = constraint_files.names(root)
    for kind, names in plain.items():
        console.say(f"{console.phrase(kind)}: {', '.join(names) or console.phrase('none')}")
    for kind in KINDS:
        titles = files.titles(root, kind).items()
        shown = ((name, _of_two(title)) for name, title in titles if name.partition("_")[0] != TEMPLATE)
        _table(kind, ("name", "title"), shown)
    console.out.print("\n" + console.phrase("Of municipality {name}:", name=town.name), style="bold")
    _table("targets", ("target", "what", "not computed because"), _targets(town))
    _table(
        "funds", ("fund", "who", "pays"), ((row.fund, _label(row), console.phrase(row.pays)) for row in town.rows(Fund))
    )
    _table("measures", ("measure", "what", "unit", "development area"), _measures(town))


def _targets(town: Municipality) -> Iterator[tuple[str, ...]]:
    for row in town.rows(Target):
        yield row.target, _label(row), "" if row.evaluable == "yes" else row.note


def _measures(town: Municipality) -> Iterator[tuple[str, ...]]:
    areas = {row.category: _label(row) for row in town.rows(Area)}
    for row in town.rows(Measure):
        decided = f", {console.phrase('decided')}" if row.in_reference == "yes" else ""
        yield row.measure, _label(row), row.unit, areas.get(row.category, row.category) + decided


def reconciliation(batch: Batch) -> None:
    """How far each subsector was from the inventory before it was made to agree."""
    rows = next(iter(batch.built.values())).reconciled
    sectors = {row.sector: _label(row) for row in batch.town.rows(Sector)}
    subsectors = {row.subsector: _label(row) for row in batch.town.rows(Subsector)}
    by_sector: dict[str, list[Reconciled]] = {}
    for row in rows:
        by_sector.setdefault(row.sector, []).append(row)
    lines = []
    for sector, parts in by_sector.items():
        lines.append(_line(sectors.get(sector, sector), parts))
        lines += [_line(f"  {subsectors[part.subsector]}", [part]) for part in parts if len(parts) > 1]
    lines.append(_line(console.phrase("total"), rows))
    title = console.phrase("Reconciliation with the inventory of {year} (t CO2e)", year=batch.town.settings.base_year)
    columns = [(console.phrase("sector"), "left")]
    columns += [(console.phrase(heading), "right") for heading in ("modelled", "inventory", "factor")]
    console.table(title, columns, lines)


def _line(what: str, parts: Iterable[Reconciled]) -> tuple[str, str, str, str]:
    modelled, observed = (sum(amounts) for amounts in zip(*((p.modelled, p.inventory) for p in parts), strict=True))
    factor = observed / modelled if modelled else float("nan")
    language = console.language()
    return (
        what, thousands(modelled, 0, language), thousands(observed, 0, language), thousands(factor, 3, language),
    )  # fmt: skip


def _table(title: str, heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    columns = [(console.phrase(head), "text" if number else "left") for number, head in enumerate(heads)]
    console.table(f"\n{console.phrase(title)}", columns, rows)


def _label(row: Labelled) -> str:
    return _of_two((row.label_en, row.label_sv))


def _of_two(words: tuple[str, ...]) -> str:
    """The one of (English, Swedish) that is spoken; blank where there is none."""
    return "" if not words else words[1] if console.language() == "sv" else words[0]
