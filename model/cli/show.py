"""What does the user want to see of one thing? A measure: its rows, what a unit does, what it is worth in plans."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from model.cli.options import MAIN_STUDY, LangOption, TownOption
from model.plain_text import thousands

if TYPE_CHECKING:
    from model.build import PreparedCase
    from model.inputs.municipality import Municipality
    from model.outputs.measure_card import Fact, InPlan, UnitYear

app = typer.Typer(help="Show all there is on one thing.")
WIDTH = 80
DECIMAL = re.compile(r"(?<=\d)\.(?=\d)")
SMALL_SHARE = 0.005
"""Share of what is paid below which a payer is not named."""


@app.command()
def measure(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="ID", help="A measure of the municipality.")],
    municipality: TownOption = None,
    future: Annotated[
        str | None, typer.Option(metavar="NAME", help="A file in scenarios/futures/.", show_default="central")
    ] = None,
    study: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="A study in whose plans it is shown.", show_default="the main study, or the town's own"
        ),
    ] = None,
    year: Annotated[
        int | None,
        typer.Option(metavar="YEAR", help="The year that is looked at.", show_default="that of the first target"),
    ] = None,
    lang: LangOption = None,
) -> None:
    """Show a measure: its rows in all tables, what a unit does, what it is worth.

    What it is worth in a plan is what the plan would emit more, and cost less, in
    the year without it. Plans that an optimiser found are taken from
    outputs/<study>/, if they are there. Writes nothing.
    """
    from model.cli import console
    from model.inputs.columns.measures import Measure
    from model.outputs import measure_card
    from model.studies.run import main_town
    from model.vocabulary import CENTRAL

    console.speak(lang)
    root, future = context.obj, future or CENTRAL
    town_name = municipality or main_town(root)
    town, built = _built(town_name, future, name, root)
    row = next(row for row in town.rows(Measure) if row.measure == name)
    at = year if year is not None else _year(town)
    if not town.years[0] <= at <= town.years[-1]:
        raise typer.BadParameter(f"{at} is not a year from {town.years[0]} to {town.years[-1]}", param_hint="--year")
    labels = (row.label_sv, row.label_en) if console.language() == "sv" else (row.label_en, row.label_sv)
    console.out.print(f"{name}  {labels[0]}\n{' ' * len(name)}  {labels[1]}", style="bold")
    _print_rows(measure_card.facts(town, name))
    if row.in_reference == "yes":
        console.out.print()
        console.tell("Already decided: part of the reference, not to be chosen.")
        return
    _print_unit(measure_card.unit_year(built, name, at), row.unit, future)
    chosen = study or _study_of(town_name, root)
    if chosen:
        plans, more = _plans(name, town, future, chosen, at, root)
        _print_plans(plans, name, row.unit, chosen, at)
        if more:
            console.tell("Plans that an optimiser finds are shown when run.py study {study} has run.", study=chosen)


def _built(town_name: str, future: str, measure: str, root: Path) -> tuple[Municipality, PreparedCase]:
    """The municipality and its case in a future; a faulty input, or a measure that is not there, stops."""
    from model.inputs.columns.measures import Measure
    from model.inputs.faults import Faults, Place
    from model.inputs.naming import labels_of, offered
    from model.studies.study import prepare

    batch = prepare("show", town_name, [], [future], root, Faults())
    known = labels_of(batch.town.rows(Measure), "measure")
    faults = Faults()
    if measure not in known:
        place = Place(batch.town.files["measures"])
        allowed, meant = offered(measure, known)
        faults.add(place, f"no measure '{measure}'", allowed, meant, measure)
    faults.stop_if_any()
    return batch.town, batch.built[future]


def _year(town: Municipality) -> int:
    """The first year of a target that counts after the first decision year; the last model year if there is none."""
    from model.inputs.columns.emissions import Target

    first, last = town.settings.first_decision_year, town.settings.last_year
    years = [row.year for row in town.rows(Target) if row.evaluable == "yes" and first < row.year <= last]
    return min(years, default=last)


def _study_of(town: str, root: Path) -> str:
    """The main study if it is the town's, else the first that is; blank if there is none."""
    from model.inputs.faults import Faults
    from model.scenarios import files
    from model.studies.study_file import load_study

    for name in (MAIN_STUDY, *files.names(root, "studies")):
        read = load_study(name, root, Faults())
        if read is not None and read[0].municipality == town:
            return name
    return ""


def _plans(
    measure: str, town: Municipality, future: str, study: str, year: int, root: Path
) -> tuple[dict[str, InPlan], bool]:
    """What the measure does in every portfolio of a study; whether plans of its goals are still to be found."""
    from model.inputs.faults import Faults
    from model.outputs.measure_card import in_plan
    from model.scenarios import files
    from model.studies.study_file import load_study
    from model.studies.without import with_and_without

    faults = Faults()
    read = load_study(study, root, faults)
    faults.stop_if_any()
    assert read is not None
    typed, found = files.names(root, "portfolios"), root / "outputs" / study / "portfolios"
    paths = {name: name if name in typed else str(found / f"{name}.{future}.yaml") for name in read[0].scenarios}
    wanted = {name: path for name, path in paths.items() if path == name or Path(path).exists()}
    pairs = with_and_without(measure, wanted, town.name, future, root) if wanted else {}
    first, last = town.settings.first_decision_year, town.settings.last_year
    years = sorted({first, year, last} | set(range(first - first % 5 + 5, last, 5)))
    plans = {name: in_plan(data, other, measure, year, years) for name, (data, other) in pairs.items()}
    return plans, len(wanted) < len(paths)


def who_pays(paid: Mapping[str, float]) -> str:
    """The two who pay most with their shares, and always what nobody pays; a dash where nothing is paid."""
    from model.vocabulary import UNFUNDED

    total = sum(paid.values())
    named = [name for name in sorted(paid, key=lambda name: -paid[name]) if paid[name] > SMALL_SHARE * total]
    shown = named[:2] + [name for name in named[2:] if name == UNFUNDED]
    return ", ".join(f"{name} {paid[name] / total:.0%}" for name in shown) or "-"


def _print_rows(facts: Sequence[Fact]) -> None:
    """Rows grouped by file, and the sources they rest on."""
    from model.cli import console

    sources = {source: number for number, source in enumerate(dict.fromkeys(fact.source for fact in facts), 1)}
    for file in dict.fromkeys(fact.place.file for fact in facts):
        console.out.print(f"\n{file}", style="bold")
        mine = [fact for fact in facts if fact.place.file == file]
        wide = min(max(len(fact.what) for fact in mine), 34)
        for fact in mine:
            spread = fact.spread.replace(" to ", f" {console.phrase('to')} ")
            value = DECIMAL.sub(console.number("."), fact.value + (f" ({spread})" if spread else ""))
            end = f"{fact.confidence} [{sources[fact.source]}]"
            head = f"{fact.place.line:4}  {fact.what:{wide}}  "
            first, *more = textwrap.wrap(value, WIDTH - len(head) - 8) or [""]
            console.out.print(f"{head + first:{WIDTH - 8}} {end}")
            for line in more:
                console.out.print(" " * len(head) + line)
    console.out.print("\n" + console.phrase("sources"), style="bold")
    for source, number in sources.items():
        console.out.print(textwrap.fill(f"[{number}] {source}", WIDTH, subsequent_indent="    "))


def _print_unit(unit: UnitYear, name: str, future: str) -> None:
    """What one unit does and costs."""
    from model.cli import console

    head = console.phrase(
        "one {unit} in {year} (future {future}, at the reference mix)", unit=name, year=unit.year, future=future
    )
    console.out.print(f"\n{head}", style="bold")
    for mode, what, amount, of in unit.moves:
        by_mode = "  " + console.phrase("(mode {mode})", mode=mode) if mode else ""
        console.out.print(f"  {console.number(f'{amount:+12.6g}')} {of:8} {what}{by_mode}")
    for carrier, energy in unit.energy.items():
        console.out.print(f"  {console.number(f'{energy:+12.4g}')} MWh      {carrier}")
    for ledger, tonnes in unit.avoided.items():
        if abs(tonnes) > 1e-9:
            console.out.print(f"  {console.number(f'{-tonnes:+12.4g}')} t CO2e   {console.phrase(ledger)}")
    if abs(unit.enabled) > 1e-9:
        by = console.phrase("by what it enables")
        console.out.print(f"  {console.number(f'{-unit.enabled:+12.4g}')} t CO2e   {by}")
    rows = (
        ("capital, once", unit.capital), ("capital as equal yearly amounts", unit.charge),
        ("fixed cost", unit.fixed), ("running cost of its moves", unit.running), ("cost a year", unit.cost),
        ("co-benefits a year", unit.benefit),
    )  # fmt: skip
    for what, amount in rows:
        console.out.print(f"  {console.number(thousands(amount, 1)):>12} kSEK     {console.phrase(what)}")
    per = console.phrase("per t CO2e avoided or removed")
    console.out.print(f"  {thousands(unit.per_tonne):>12} SEK      {per}")


def _print_plans(plans: Mapping[str, InPlan], measure: str, unit: str, study: str, year: int) -> None:
    """Levels by year, and what the measure is worth in each plan."""
    from model.cli import console

    if not plans:
        console.out.print()
        console.tell("In no plan of study {study} that is there.", study=study)
        return
    years = list(next(iter(plans.values())).level)
    columns = [(console.phrase("scenario"), "left"), *((str(each), "right") for each in years)]
    levels = [[name, *(thousands(each) for each in plan.level.values())] for name, plan in plans.items()]
    title = console.phrase("{unit} that operate in plans of study {study}", unit=unit, study=study)
    console.table(f"\n{title}", columns, levels)
    rows: list[list[Any]] = []
    for name, plan in plans.items():
        numbers = (plan.capital, plan.avoided, plan.per_tonne)
        rows.append([name, *(thousands(each) for each in numbers), who_pays(plan.payers)])
    words = [console.phrase(each) for each in ("scenario", "capital", "t less", "who pays")]
    heads = ((words[0], "left"), (f"{words[1]}\nMSEK", "right"), (f"{words[2]}\n{year}", "right"), ("SEK/t", "right"))
    title = console.phrase("what {measure} is worth in them", measure=measure)
    console.table(f"\n{title}", (*heads, (words[3], "text")), rows)
    said = "t less, SEK/t: what the plan would emit more, and cost less, in {year} without it;"
    console.tell(said, year=year)
    console.tell("capital as equal yearly amounts, energy at market prices.")
