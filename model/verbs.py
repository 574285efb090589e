"""What does each verb do? Puts batch, output, figures and console together."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from model import console, constraints, output, results, scenario, summary
from model.columns import Fund, Measure, Target
from model.faults import Faults, Place, listing
from model.municipality import load
from model.plans import save_plan
from model.reconciliation import Reconciled
from model.schema import Analyses, Goal, Study
from model.study import Batch, Key, prepare
from model.study import run as run_batch
from model.tables import shown
from model.vocabulary import CENTRAL, EMISSIONS, ENERGY
from model.workers import call, spread

MAIN_STUDY = "main"
Results = dict[Key, xr.Dataset]
Writings = dict[str, tuple[Any, ...]]
"""What is written, by name: a function and its arguments."""
FEW = 15
"""So many files are written sooner than further processes are started."""
OUT_OF_REACH = 3
MISSED = {EMISSIONS: 1.0, ENERGY: 0.01, "percent": 0.01}
"""Tonnes, GWh and percentage points by which a target must be missed to count as out of reach."""


def check(name: str, root: Path) -> None:
    """Check a study's input and print reconciliation."""
    _, batch = _study(name, root)
    reconciliation(batch)
    measures, scenarios, futures = len(batch.town.rows(Measure)), len(batch.scenarios), len(batch.futures)
    counted = f"{measures} measures, {_count(scenarios, 'scenario')} in {_count(futures, 'future')}"
    console.out.print(f"No fault found: {counted}.")


def run_study(name: str, root: Path, language: str, strict: bool) -> None:
    """Run a study, write results, summary and figures, print the overview."""
    chosen, batch = _study(name, root)
    folder = root / "outputs" / name
    shown_future = _shown_future(chosen)
    wanted = {(goal, shown_future): Analyses(gap=goal in chosen.explain, frontier=goal in chosen.frontier)
              for goal in (*chosen.explain, *chosen.frontier)}  # fmt: skip
    with output.staging(folder) as hidden:
        data = run_into(
            hidden, batch, lambda data: _figures(data, shown_future, chosen, hidden / "figures", language), wanted
        )
    year = comparison_year(data)
    console.overview(data, year)
    console.out.print(f"Results, summary.csv and figures: {shown(folder, root)}")
    console.out.print(f"Next: run.py check {name}, run.py figures {name} --future <name>, run.py --help")
    stop_if_missed(data, batch, strict)


@dataclass(frozen=True)
class Where:
    """What the command line says beside names: in which future and town, how strictly, in which language."""

    future: str | None = None
    town: str | None = None
    strict: bool = False
    lang: str = "sv"


def run(names: Sequence[str], root: Path, where: Where, options: Mapping[str, Any]) -> None:
    """Project or optimise scenarios, write results, summary and found plans, print the overview."""
    batch = scenario_batch(names, root, where, options)
    folder = root / "outputs" / "+".join(batch.scenarios)
    asked = dict.fromkeys(batch.keys, Analyses())
    with output.staging(folder) as hidden:
        data = run_into(hidden, batch, analyses=asked)
    console.overview(data, comparison_year(data))
    for path in sorted((folder / "portfolios").glob("*.yaml")):
        again = f"run.py run {shown(path, root)}" + (f" --municipality {where.town}" if where.town else "")
        console.out.print(f"Found portfolio: {shown(path, root)} (again: {again})")
    for path in sorted((folder / "plans").glob("*/certificate.txt")):
        console.out.print(path.read_text(encoding="utf-8").split("\n\n")[1].strip(), markup=False)
    console.out.print(f"Results, summary.csv and certificates: {shown(folder, root)}")
    stop_if_missed(data, batch, where.strict)


def scenario_batch(names: Sequence[str], root: Path, where: Where, options: Mapping[str, Any]) -> Batch:
    """Scenarios in the future asked for, else each in its own, with options of the command line put into goals."""
    faults = Faults()
    read = [each for name in names if (each := scenario.load_scenario(name, root, faults)) is not None]
    if not read:
        faults.stop_if_any()
    said = {("futures", each.content.future): each.place("future") for each in read}
    futures = [where.future] if where.future else sorted({each.content.future for each in read})
    town, stands = where.town or _main_town(root), {} if where.future else said
    return prepare("+".join(names), town, names, futures, root, Faults(), stands, options)


def optimise(goal: str, root: Path, where: Where, options: Mapping[str, Any]) -> None:
    """Find the plan for a goal; a portfolio is refused, because there is nothing to find."""
    known_goal(goal, root)
    run([goal], root, where, options)


def known_goal(goal: str, root: Path) -> None:
    """Stop if there is no such goal."""
    goals = scenario.names(root, "goals")
    if goal not in goals:
        faults = Faults()
        is_portfolio = goal.endswith(".yaml") or goal in scenario.names(root, "portfolios")
        found = f"portfolio '{goal}', which `run` projects" if is_portfolio else f"goal '{goal}'"
        faults.add(Place("scenarios/goals"), found, f"one of {listing(goals)}", [] if is_portfolio else goals, goal)
        faults.stop_if_any()


def check_funds(funds: Sequence[str], batch: Batch) -> None:
    """Stop if a pot named on the command line is none."""
    faults = Faults()
    pots = [row.fund for row in batch.town.rows(Fund) if row.kind != "own"]
    for fund in funds:
        if fund not in pots:
            faults.add(Place(f"--fund {fund}"), f"fund '{fund}'", f"one of {listing(pots)}", pots, fund)
    faults.stop_if_any()


def figures(name: str, root: Path, future: str | None, language: str) -> None:
    """Draw the figures of a finished study for any of its futures."""
    faults = Faults()
    read = scenario.load_study(name, root, faults)
    faults.stop_if_any()
    assert read is not None
    data = output.load_study(root / "outputs" / name, root)
    known = list(dict.fromkeys(each for _, each in data))
    shown_future = future or _shown_future(read[0])
    if shown_future not in known:
        place, found = Place(f"outputs/{name}"), f"no results for future '{shown_future}'"
        faults.add(place, found, f"one of {listing(known)}", known, shown_future)
        faults.stop_if_any()
    folder = root / "outputs" / name / f"figures_{shown_future}_{language}"
    with output.staging(folder) as hidden:
        _write(_figures(data, shown_future, read[0], hidden, language))
    console.out.print(f"Figures: {shown(folder, root)}")


def list_names(root: Path, town_name: str | None) -> None:
    """Everything that can be named on the command line or in a scenario file."""
    faults = Faults()
    town = load(town_name or _main_town(root), root, faults)
    faults.stop_if_any()
    assert town is not None
    towns = sorted(path.parent.name for path in (root / "inputs").glob("*/municipality.yaml"))
    console.out.print(f"[bold]municipalities[/bold]  {', '.join(towns)}")
    for kind in ("studies", "futures", "portfolios", "goals"):
        console.out.print(f"[bold]{kind}[/bold]  {', '.join(scenario.names(root, kind))}")
    own = constraints.names(root)
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


def comparison_year(data: Mapping[Key, xr.Dataset]) -> int:
    """The first year in which a target on emissions holds, or any target; the last year when there is none."""
    some = next(iter(data.values()))
    finite = np.isfinite(some.target_limit.values)
    for holds in (finite[:, summary.limits_emissions(some)].any(axis=1), finite.any(axis=1)):
        if holds.any():
            return int(some.year.values[holds][0])
    return int(some.year.values[-1])


def _study(name: str, root: Path) -> tuple[Study, Batch]:
    faults = Faults()
    read = scenario.load_study(name, root, faults)
    if read is None:
        faults.stop_if_any()
    assert read is not None
    chosen, lines = read
    whole = Place(f"scenarios/studies/{name}.yaml")
    said = {("municipality", chosen.municipality): lines.get(("municipality",), whole)}
    for kind in ("futures", "scenarios"):
        names = enumerate(getattr(chosen, kind))
        said |= {(kind, each): lines.get((kind, str(number)), whole) for number, each in names}
    scenario.check_study(chosen, root, lines, whole, faults)
    batch = prepare(name, chosen.municipality, chosen.scenarios, chosen.futures, root, faults, said)
    return chosen, replace(batch, only=dict.fromkeys(chosen.only_shown, _shown_future(chosen)))


def _main_town(root: Path) -> str:
    faults = Faults()
    read = scenario.load_study(MAIN_STUDY, root, faults)
    faults.stop_if_any()
    assert read is not None
    return read[0].municipality


def _shown_future(study: Study) -> str:
    return study.shown_future or (CENTRAL if CENTRAL in study.futures else study.futures[0])


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def run_into(
    folder: Path,
    batch: Batch,
    drawn: Callable[[Results], Writings] | None = None,
    analyses: Mapping[Key, Analyses] | None = None,
) -> Results:
    """Run a batch and write results, found plans, summary and what is `drawn` of them into a folder."""
    goals = sum(isinstance(batch.scenarios[name].content, Goal) for name, _ in batch.keys)
    steps = len(batch.keys) + goals
    data: Results = {}
    with console.progress(steps, "running") as step:
        for key, dataset, found in run_batch(batch, os.cpu_count() or 1, step, analyses):
            data[key] = dataset
            if found is not None:
                save_plan(found, folder, f"{key[0]}.{key[1]}")
    data = dict(sorted(data.items(), key=lambda item: int(item[1].attrs["position"])))
    summary.write(data.values(), folder / "summary.csv")
    writings: Writings = {
        f"{name}, {future}": (results.save, each, folder / "results" / f"{name}.{future}.nc")
        for (name, future), each in data.items()
    }
    _write(writings | (drawn(data) if drawn else {}))
    return data


def _write(writings: Writings) -> None:
    """Write files, each whole or not at all; many are written in several processes at once."""
    workers = (os.cpu_count() or 1) if len(writings) > FEW else 1
    with console.progress(len(writings), "writing") as step, closing(spread(call, writings, workers)) as in_turn:
        for name, _ in in_turn:
            step(name)


def _figures(data: Results, future: str, study: Study, folder: Path, language: str) -> Writings:
    """What is to be drawn of a study."""
    from model.figures import figure_jobs

    jobs = figure_jobs(data, future, study.fan_scenario or study.scenarios[0], language)
    return {job.name: (job.write, folder) for job in jobs}


def plan_figures(data: Results, folder: Path, language: str) -> Writings:
    """What is to be drawn of plans that were asked more about, in each future."""
    from model.figures import plan_jobs

    jobs = plan_jobs(data, language)
    return {job.name: (job.write, folder) for job in jobs}


def stop_if_missed(data: Mapping[Key, xr.Dataset], batch: Batch, strict: bool) -> None:
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
