"""What does each verb do? Runs, and says in the terminal what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import typer

from model.analyses.question import Question
from model.cli import console
from model.inputs.columns.emissions import Target
from model.inputs.columns.measures import Measure
from model.inputs.columns.money import Fund
from model.inputs.faults import Faults, shown
from model.inputs.municipality import TEMPLATE, load
from model.inputs.options import Options
from model.inputs.reading import constraint_files
from model.inputs.skeletons import unfinished
from model.plain_text import thousands
from model.projection import compilation
from model.reference.reconciliation import Reconciled
from model.scenarios import files
from model.studies.missed import missed
from model.studies.options import OptimiseOptions, QuestionOptions, RunOptions, StudyOptions
from model.studies.run import (
    Ran,
    draw_study,
    known_goal,
    main_town,
    run_question,
    run_scenarios,
    run_study,
    study_batch,
)
from model.studies.study import Batch
from model.vocabulary import EMISSIONS

OUT_OF_REACH = 3
KINDS = ("studies", "futures", "portfolios", "goals")


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
        console.out.print(f"{len(open_rows)} places hold placeholders:")
        for place, what in open_rows:
            console.out.print(f"  {place}: {what}", markup=False)
    console.out.print(f"No fault found: {counted}.")


def study(name: str, root: Path, options: StudyOptions) -> None:
    """Run a study and print the overview."""
    make_kernel()
    ran = run_study(name, root, options, console.progress)
    console.overview(ran.data)
    console.out.print(f"Results, summary.csv and figures: {shown(ran.folder, root)}")
    console.out.print(f"Next: run.py check {name}, run.py figures {name} (all figures), run.py --help")
    stop_if_missed(ran, options.strict)


def run(names: Sequence[str], root: Path, options: RunOptions) -> None:
    """Project or optimise scenarios, print the overview, where found plans are and how far they can be trusted."""
    make_kernel()
    ran = run_scenarios(names, root, options, console.progress)
    console.overview(ran.data)
    for path in sorted((ran.folder / "portfolios").glob("*.yaml")):
        town = f" --municipality {options.municipality}" if options.municipality else ""
        console.out.print(f"Found portfolio: {shown(path, root)} (again: run.py run {shown(path, root)}{town})")
    for path in sorted((ran.folder / "plans").glob("*/certificate.txt")):
        console.say(path.read_text(encoding="utf-8").split("\n\n")[1].strip())
    console.out.print(f"Results, summary.csv and certificates: {shown(ran.folder, root)}")
    stop_if_missed(ran, options.strict)


def optimise(goal: str, root: Path, options: OptimiseOptions) -> None:
    """Find the plan for a goal; a portfolio is refused, because there is nothing to find."""
    known_goal(goal, root)
    run([goal], root, options)


def ask(question: Question, goal: str, root: Path, own: Options, options: QuestionOptions) -> None:
    """Find the plan for a goal, ask a question of it and print the answer in each future."""
    make_kernel()
    ran = run_question(question, goal, root, own, options, console.progress)
    console.overview(ran.data)
    console.out.print(f"Results, tables and figures: {shown(ran.folder, root)}")
    for each in ran.data.values():
        console.show(question.display(each))
    stop_if_missed(ran, options.strict)


def figures(name: str, root: Path, future: str | None, language: str) -> None:
    """Draw all figures of a finished study for any of its futures."""
    folder = draw_study(name, root, future, language, console.progress)
    console.out.print(f"Figures: {shown(folder, root)}")


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


def stop_if_missed(ran: Ran, strict: bool) -> None:
    """With --strict: say which goals' targets are out of reach, and exit with code 3."""
    out_of_reach = missed(ran.data, ran.batch) if strict else []
    for each in out_of_reach:
        far = f"{thousands(each.by, 0 if each.unit == EMISSIONS else 2)} {console.UNITS[each.unit]} in {each.year}"
        said = f"{each.scenario}, {each.future}: target '{each.target}' is out of reach by {far}."
        console.err.print(said, markup=False)
    if out_of_reach:
        raise typer.Exit(OUT_OF_REACH)
