"""What does the user have? Everything that has a name, and whether all of it is right."""

from __future__ import annotations

from pathlib import Path

from model.cli import console, doubts
from model.inputs.columns.emissions import Target
from model.inputs.columns.measures import Measure
from model.inputs.columns.money import Fund
from model.inputs.faults import Faults
from model.inputs.municipality import TEMPLATE, load
from model.inputs.reading import constraint_files
from model.inputs.skeletons import unfinished
from model.plain_text import thousands
from model.reference.reconciliation import Reconciled
from model.scenarios import files
from model.studies.run import main_town, study_batch
from model.studies.study import Batch

KINDS = ("studies", "futures", "portfolios", "goals")


def check(name: str, root: Path) -> None:
    """Check a study's input; print reconciliation, what is still to be filled in, and what is probably wrong."""
    _, batch = study_batch(name, root)
    reconciliation(batch)
    measures, scenarios, futures = len(batch.town.rows(Measure)), len(batch.scenarios), len(batch.futures)
    counted = f"{measures} measures, {_count(scenarios, 'scenario')} in {_count(futures, 'future')}"
    open_rows = unfinished(batch.town)
    if open_rows:
        console.out.print(f"{len(open_rows)} places hold placeholders:")
        for place, what in open_rows:
            console.out.print(f"  {place}: {what}")
    found = doubts.tell_all(batch.doubts)
    warned = f", {_count(found, 'warning')}" if found else ""
    console.out.print(f"No fault found{warned}: {counted}.")


def list_names(root: Path, town_name: str | None) -> None:
    """Everything that can be named on the command line or in a scenario file."""
    faults = Faults()
    town = load(town_name or main_town(root), root, faults)
    faults.stop_if_any()
    assert town is not None
    towns = [path.parent.name for path in (root / "inputs").glob("*/municipality.yaml")]
    named = {"municipalities": sorted(towns)} | {kind: files.names(root, kind) for kind in KINDS}
    named = {kind: [name for name in names if name.partition("_")[0] != TEMPLATE] for kind, names in named.items()}
    named["constraints"] = constraint_files.names(root)
    kinds = ((kind, ", ".join(names) or "none") for kind, names in named.items())
    console.table("everything that has a name", (("kind", "left"), ("names", "text")), kinds)
    console.out.print(f"\nof municipality {town.name}:\n", style="bold")
    targets = ((row.target, row.label_en, "" if row.evaluable == "yes" else row.note) for row in town.rows(Target))
    console.table("targets", (("target", "left"), ("what", "text"), ("not computed because", "text")), targets)
    funds = ((row.fund, row.label_en, row.pays) for row in town.rows(Fund))
    console.table("\nfunds", (("fund", "left"), ("who", "text"), ("pays", "left")), funds)
    rows = (
        (row.measure, row.label_en, row.unit, row.category + (", decided" if row.in_reference == "yes" else ""))
        for row in town.rows(Measure)
    )
    columns = (("measure", "left"), ("what", "text"), ("unit", "text"), ("development area", "text"))
    console.table("\nmeasures", columns, rows)


def reconciliation(batch: Batch) -> None:
    """How far each subsector was from the inventory before it was made to agree."""
    rows = next(iter(batch.built.values())).reconciled
    by_sector: dict[str, list[Reconciled]] = {}
    for row in rows:
        by_sector.setdefault(row.sector, []).append(row)
    lines = []
    for sector, parts in by_sector.items():
        modelled, observed = sum(part.modelled for part in parts), sum(part.inventory for part in parts)
        lines.append(_line(sector, modelled, observed))
        lines += [_line(f"  {part.subsector}", part.modelled, part.inventory) for part in parts if len(parts) > 1]
    modelled, observed = sum(row.modelled for row in rows), sum(row.inventory for row in rows)
    lines.append(_line("total", modelled, observed))
    year = batch.town.settings.base_year
    columns = [("sector", "left")]
    columns += [(heading, "right") for heading in ("modelled", "inventory", "factor")]
    console.table(f"Reconciliation with the inventory of {year} (t CO2e)", columns, lines)


def _line(sector: str, modelled: float, observed: float) -> tuple[str, str, str, str]:
    factor = observed / modelled if modelled else float("nan")
    return sector, thousands(modelled), thousands(observed), f"{factor:.3f}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
