"""What does each verb do? Puts batch, output, figures and console together."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from model import console, output, results, scenario, summary
from model.columns import Fund, Measure, Target
from model.faults import Faults
from model.municipality import load
from model.reconciliation import Reconciled
from model.schema import Goal, Portfolio, Study
from model.study import Batch, Key, prepare
from model.study import run as run_batch
from model.vocabulary import CENTRAL, ROOT

MAIN_STUDY = "main"
OUT_OF_REACH = 3


def check(name: str) -> None:
    """Check a study's input and print reconciliation."""
    _, batch = _study(name)
    reconciliation(batch)
    measures, scenarios = len(batch.town.rows(Measure)), len(batch.scenarios)
    console.out.print(f"No fault found: {measures} measures, {scenarios} scenarios in {len(batch.futures)} futures.")


def run_study(name: str, language: str, strict: bool) -> None:
    """Run a study, write results, summary and figures, print the overview."""
    chosen, batch = _study(name)
    folder = ROOT / "outputs" / name
    shown = _shown_future(chosen)
    with output.staging(folder) as hidden:
        data = _run_into(hidden, batch)
        _draw(data, shown, chosen, hidden / "figures", language)
    year = comparison_year(data)
    console.overview(data, year)
    console.out.print(f"Results, summary.csv and figures: {_relative(folder)}. Next: run.py figures --future ..., run.py check")
    _stop_if_missed(data, batch, year, strict)


def run(names: Sequence[str], future: str | None, town: str | None, strict: bool, options: Mapping[str, Any]) -> None:
    """Project or optimise scenarios, write results, summary and found portfolios, print the overview."""
    faults = Faults()
    read = [scenario.load_scenario(name, ROOT, faults) for name in names]
    faults.stop_if_any()
    futures = [future] if future else sorted({each.content.future for each in read if each is not None})
    batch = prepare("+".join(names), town or _main_town(), list(names), futures, ROOT, Faults())
    batch = _with_options(batch, options)
    folder = ROOT / "outputs" / "+".join(batch.scenarios)
    with output.staging(folder) as hidden:
        data = _run_into(hidden, batch)
    year = comparison_year(data)
    console.overview(data, year)
    found = sorted((folder / "portfolios").glob("*.yaml")) if (folder / "portfolios").exists() else []
    for path in found:
        console.out.print(f"Found portfolio: {_relative(path)} (run.py run {_relative(path)} repeats it)")
    console.out.print(f"Results and summary.csv: {_relative(folder)}")
    _stop_if_missed(data, batch, year, strict)


def figures(name: str, future: str | None, language: str) -> None:
    """Draw the figures of a finished study for any of its futures."""
    faults = Faults()
    read = scenario.load_study(name, ROOT, faults)
    faults.stop_if_any()
    assert read is not None
    data = output.load_study(ROOT / "outputs" / name, ROOT)
    known = list(dict.fromkeys(each for _, each in data))
    shown = future or _shown_future(read[0])
    if shown not in known:
        from model.faults import Place, listing

        faults.add(Place(f"outputs/{name}"), f"no results for future '{shown}'", listing(known), known, shown)
        faults.stop_if_any()
    folder = ROOT / "outputs" / name / f"figures_{shown}_{language}"
    with output.staging(folder) as hidden:
        _draw(data, shown, read[0], hidden, language)
    console.out.print(f"Figures: {_relative(folder)}")


def list_names(town_name: str | None) -> None:
    """Everything that can be named on the command line or in a scenario file."""
    towns = sorted(path.parent.name for path in (ROOT / "inputs").glob("*/municipality.yaml"))
    console.out.print(f"[bold]municipalities[/bold]  {', '.join(towns)}")
    for kind in ("studies", "futures", "portfolios", "goals"):
        console.out.print(f"[bold]{kind}[/bold]  {', '.join(scenario.names(ROOT, kind))}")
    faults = Faults()
    town = load(town_name or _main_town(), ROOT, faults)
    faults.stop_if_any()
    assert town is not None
    targets = ((row.target, row.label_en, "" if row.evaluable == "yes" else row.note) for row in town.rows(Target))
    console.table("targets", (("target", "left"), ("what", "left"), ("not computed because", "left")), targets)
    funds = ((row.fund, row.label_en, row.pays) for row in town.rows(Fund))
    console.table("funds", (("fund", "left"), ("who", "left"), ("pays", "left")), funds)
    rows = ((row.measure, row.label_en, row.category, row.unit) for row in town.rows(Measure))
    columns = (("measure", "left"), ("what", "left"), ("development area", "left"), ("unit", "left"))
    console.table("measures", columns, rows)


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
    columns = (("sector", "left"), ("subsector", "left"), ("modelled", "right"), ("inventory", "right"), ("factor", "right"))
    console.table(f"Reconciliation with the inventory of {year} (t CO2e)", columns, lines)


def _line(sector: str, subsector: str, modelled: float, observed: float) -> tuple[str, str, str, str, str]:
    factor = observed / modelled if modelled else float("nan")
    return sector, subsector, console.thousands(modelled), console.thousands(observed), f"{factor:.3f}"


def comparison_year(data: Mapping[Key, xr.Dataset]) -> int:
    """The first year in which a target holds; the last year when there is none."""
    some = next(iter(data.values()))
    holds = np.isfinite(some.target_limit.values).any(axis=1)
    return int(some.year.values[holds][0] if holds.any() else some.year.values[-1])


def _study(name: str) -> tuple[Study, Batch]:
    faults = Faults()
    read = scenario.load_study(name, ROOT, faults)
    faults.stop_if_any()
    assert read is not None
    chosen = read[0]
    return chosen, prepare(name, chosen.municipality, chosen.scenarios, chosen.futures, ROOT, faults)


def _main_town() -> str:
    faults = Faults()
    read = scenario.load_study(MAIN_STUDY, ROOT, faults)
    faults.stop_if_any()
    assert read is not None
    return read[0].municipality


def _shown_future(study: Study) -> str:
    return study.shown_future or (CENTRAL if CENTRAL in study.futures else study.futures[0])


def _with_options(batch: Batch, options: Mapping[str, Any]) -> Batch:
    """The batch with options of the command line put into its goals."""
    from dataclasses import replace

    given = {key: value for key, value in options.items() if value is not None}
    if not given:
        return batch
    changed = {
        name: replace(each, content=Goal.model_validate(each.content.model_dump() | given))
        if isinstance(each.content, Goal)
        else each
        for name, each in batch.scenarios.items()
    }
    return replace(batch, scenarios=changed)


def _run_into(folder: Path, batch: Batch) -> dict[Key, xr.Dataset]:
    """Run a batch and write results, found portfolios and summary into a folder."""
    goals = sum(isinstance(each.content, Goal) for each in batch.scenarios.values())
    steps = len(batch.futures) * (len(batch.scenarios) + goals)
    data: dict[Key, xr.Dataset] = {}
    with console.progress(steps, "running") as step:
        for key, dataset, found in run_batch(batch, os.cpu_count() or 1, step):
            data[key] = dataset
            results.save(dataset, folder / "results" / f"{key[0]}.{key[1]}.nc")
            if found is not None:
                save_portfolio(found, folder / "portfolios" / f"{key[0]}.{key[1]}.yaml")
    data = dict(sorted(data.items(), key=lambda item: int(item[1].attrs["position"])))
    summary.write(data.values(), folder / "summary.csv")
    return data


def save_portfolio(portfolio: Portfolio, path: Path) -> None:
    """Write a portfolio as YAML, every number in full."""
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.default_flow_style = None
    yaml.width = 200
    content = portfolio.model_dump(exclude_defaults=True)

    def to_file(temporary: Path) -> None:
        with temporary.open("w", encoding="utf-8") as file:
            file.write("# Found by the optimiser; run it again with: run.py run <this file>\n")
            yaml.dump(content, file)

    results.write_whole(path, to_file)


def _draw(data: Mapping[Key, xr.Dataset], future: str, study: Study, folder: Path, language: str) -> None:
    from model.figures import draw_all

    fan = study.fan_scenario or study.scenarios[0]
    with console.progress(3 * len(study.scenarios) + 3, "drawing") as step:
        draw_all(data, future, fan, folder, language, step)


def _stop_if_missed(data: Mapping[Key, xr.Dataset], batch: Batch, year: int, strict: bool) -> None:
    """With --strict: exit code 3 when a goal's target is missed in a year it holds."""
    import typer

    for (name, future), each in data.items():
        content = batch.scenarios[name].content
        for target in content.targets if isinstance(content, Goal) else ():
            missing = each.shortfall.sel(target=target)
            if strict and float(missing.max()) > 1.0:
                worst = int(missing.year[int(missing.argmax())])
                tonnes = console.thousands(float(missing.max()))
                console.err.print(f"{name}, {future}: target '{target}' is out of reach by {tonnes} t in {worst}.")
                raise typer.Exit(OUT_OF_REACH)


def _relative(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


