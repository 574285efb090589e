"""What does each verb do? Puts batch, output, figures and console together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from model.cli import console
from model.inputs import constraint_files
from model.inputs.columns.emissions import Target
from model.inputs.columns.measures import Measure
from model.inputs.columns.money import Fund
from model.inputs.faults import Faults, Place, listing, shown
from model.inputs.municipality import load
from model.inputs.schema import Analyses, Goal
from model.inputs.skeletons import unfinished
from model.outputs import staging
from model.projection import compilation
from model.reference.reconciliation import Reconciled
from model.scenarios import files
from model.studies.run import (
    RunOptions,
    known_goal,
    main_town,
    run_into,
    scenario_batch,
    shown_future_of,
    study_batch,
    study_figures,
    write_all,
)
from model.studies.study import Batch, RunKey
from model.vocabulary import EMISSIONS, ENERGY

OUT_OF_REACH = 3
MISSED = {EMISSIONS: 1.0, ENERGY: 0.01, "percent": 0.01}
"""Tonnes, GWh and percentage points by which a target must be missed to count as out of reach."""


def make_kernel() -> None:
    """Where the projection is not compiled yet, say so once and have it done while inputs are read."""
    if not compilation.cached():
        console.err.print("Compiling the projection for this machine: some seconds, once.")
        compilation.begin()


def check(name: str, root: Path) -> None:
    """Check a study's input and print reconciliation."""
    _, batch = study_batch(name, root)
    reconciliation(batch)
    measures, scenarios, futures = len(batch.town.rows(Measure)), len(batch.scenarios), len(batch.futures)
    counted = f"{measures} measures, {_count(scenarios, 'scenario')} in {_count(futures, 'future')}"
    open_rows = unfinished(batch.town)
    if open_rows:
        console.out.print(f"{len(open_rows)} rows are placeholders:")
        for place, what in open_rows:
            console.out.print(f"  {place}: {what}", markup=False)
    console.out.print(f"No fault found: {counted}.")


def run_study(name: str, root: Path, language: str, strict: bool) -> None:
    """Run a study, write results, summary and figures, print the overview."""
    make_kernel()
    chosen, batch = study_batch(name, root)
    folder = root / "outputs" / name
    shown_future = shown_future_of(chosen)
    wanted = {(goal, shown_future): Analyses(gap=goal in chosen.explain, frontier=goal in chosen.frontier)
              for goal in (*chosen.explain, *chosen.frontier)}  # fmt: skip
    with staging.staging(folder) as hidden:
        data = run_into(
            hidden,
            batch,
            lambda data: study_figures(data, shown_future, chosen, hidden / "figures", language),
            wanted,
            console.progress,
        )
    console.overview(data)
    console.out.print(f"Results, summary.csv and figures: {shown(folder, root)}")
    console.out.print(f"Next: run.py check {name}, run.py figures {name} --future <name>, run.py --help")
    stop_if_missed(data, batch, strict)


def run(names: Sequence[str], root: Path, where: RunOptions, options: Mapping[str, Any]) -> None:
    """Project or optimise scenarios, write results, summary and found plans, print the overview."""
    make_kernel()
    batch = scenario_batch(names, root, where, options)
    folder = root / "outputs" / "+".join(batch.scenarios)
    asked = dict.fromkeys(batch.keys, Analyses())
    with staging.staging(folder) as hidden:
        data = run_into(hidden, batch, analyses=asked, progress=console.progress)
    console.overview(data)
    for path in sorted((folder / "portfolios").glob("*.yaml")):
        again = f"run.py run {shown(path, root)}" + (f" --municipality {where.town}" if where.town else "")
        console.out.print(f"Found portfolio: {shown(path, root)} (again: {again})")
    for path in sorted((folder / "plans").glob("*/certificate.txt")):
        console.out.print(path.read_text(encoding="utf-8").split("\n\n")[1].strip(), markup=False)
    console.out.print(f"Results, summary.csv and certificates: {shown(folder, root)}")
    stop_if_missed(data, batch, where.strict)


def optimise(goal: str, root: Path, where: RunOptions, options: Mapping[str, Any]) -> None:
    """Find the plan for a goal; a portfolio is refused, because there is nothing to find."""
    known_goal(goal, root)
    run([goal], root, where, options)


def figures(name: str, root: Path, future: str | None, language: str) -> None:
    """Draw the figures of a finished study for any of its futures."""
    faults = Faults()
    read = files.load_study(name, root, faults)
    faults.stop_if_any()
    assert read is not None
    data = staging.load_study(root / "outputs" / name, root)
    known = list(dict.fromkeys(each for _, each in data))
    shown_future = future or shown_future_of(read[0])
    if shown_future not in known:
        place, found = Place(f"outputs/{name}"), f"no results for future '{shown_future}'"
        faults.add(place, found, f"one of {listing(known)}", known, shown_future)
        faults.stop_if_any()
    folder = root / "outputs" / name / f"figures_{shown_future}_{language}"
    with staging.staging(folder) as hidden:
        write_all(study_figures(data, shown_future, read[0], hidden, language), console.progress)
    console.out.print(f"Figures: {shown(folder, root)}")


def list_names(root: Path, town_name: str | None) -> None:
    """Everything that can be named on the command line or in a scenario file."""
    faults = Faults()
    town = load(town_name or main_town(root), root, faults)
    faults.stop_if_any()
    assert town is not None
    towns = sorted(path.parent.name for path in (root / "inputs").glob("*/municipality.yaml"))
    console.out.print(f"[bold]municipalities[/bold]  {', '.join(towns)}")
    for kind in ("studies", "futures", "portfolios", "goals"):
        console.out.print(f"[bold]{kind}[/bold]  {', '.join(files.names(root, kind))}")
    own = constraint_files.names(root)
    console.out.print(f"[bold]constraints[/bold]  {', '.join(own) if own else 'none'}")
    console.out.print(f"\nof municipality [bold]{town.name}[/bold]:\n")
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
        lines.append(_line(sector, "", modelled, observed))
        lines += [_line("", part.subsector, part.modelled, part.inventory) for part in parts if len(parts) > 1]
    modelled, observed = sum(row.modelled for row in rows), sum(row.inventory for row in rows)
    lines.append(_line("total", "", modelled, observed))
    year = batch.town.settings.base_year
    columns = [("sector", "left"), ("subsector", "left")]
    columns += [(heading, "right") for heading in ("modelled", "inventory", "factor")]
    console.table(f"Reconciliation with the inventory of {year} (t CO2e)", columns, lines)


def _line(sector: str, subsector: str, modelled: float, observed: float) -> tuple[str, str, str, str, str]:
    factor = observed / modelled if modelled else float("nan")
    return sector, subsector, console.thousands(modelled), console.thousands(observed), f"{factor:.3f}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def stop_if_missed(data: Mapping[RunKey, xr.Dataset], batch: Batch, strict: bool) -> None:
    """With --strict: exit code 3 when a goal's target is missed in a year it holds."""
    import typer

    missed = []
    for (name, future), each in data.items():
        content = batch.scenarios[name].content
        for target in content.targets if isinstance(content, Goal) else ():
            missing = each.shortfall.sel(target=target)
            unit = str(missing.target_unit.values)
            if float(missing.max()) > MISSED[unit]:
                worst = int(missing.year[int(np.argmax(missing.values))])
                much = console.thousands(float(missing.max()), 0 if unit == EMISSIONS else 2)
                far = f"{much} {console.UNITS[unit]} in {worst}"
                missed.append(f"{name}, {future}: target '{target}' is out of reach by {far}.")
    if strict and missed:
        for line in missed:
            console.err.print(line, markup=False)
        raise typer.Exit(OUT_OF_REACH)
