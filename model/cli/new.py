"""How does the user begin something new? Skeleton rows of a measure, the first tables of a municipality."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from model.cli.options import LangOption, TownOption

app = typer.Typer(help="Begin a measure or a municipality: rows that load, marked to be filled in.")


@app.command()
def measure(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="ID", help="What the measure is to be called in the tables.")],
    like: Annotated[
        str, typer.Option(metavar="ID", help="A measure whose rows are copied.", show_default="placeholders")
    ] = "",
    municipality: TownOption = None,
    lang: LangOption = None,
) -> None:
    """Add the rows of a measure to a municipality's tables.

    A measure of the national catalogue (inputs/common/measures.csv) needs only
    what is local. Any other gets a row in every table that a measure needs, with
    placeholders that load and change nothing; run.py check lists what is still
    to be filled in. Nothing that is there is changed.
    """
    from model.cli import console
    from model.inputs import skeletons
    from model.inputs.faults import Faults
    from model.inputs.municipality import load
    from model.outputs.files import write_together
    from model.studies.run import main_town

    console.speak(lang)
    root: Path = context.obj
    faults = Faults()
    town = load(municipality or main_town(root), root, faults)
    faults.stop_if_any()
    assert town is not None
    files = skeletons.new_measure(town, name, like, faults)
    faults.stop_if_any()
    write_together(files)
    changed = load(town.name, root, Faults())
    assert changed is not None
    old = set(skeletons.unfinished(town))
    console.tell("New rows of measure {name}, to be filled in:", name=name)
    for place, what in skeletons.unfinished(changed):
        if (place, what) not in old:
            console.out.print(f"  {place}: {console.phrase(what)}")
    console.tell("relations.csv as well, if it requires, excludes or enables another measure.")
    where = f" --municipality {municipality}" if municipality else ""
    said = "Next: fill them in, run.py check <study>, run.py show measure {name}{town}"
    console.tell(said, name=name, town=where)


@app.command()
def municipality(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What its folder in inputs/ is to be called.")],
    lang: LangOption = None,
) -> None:
    """Begin a municipality: the smallest tables there are, and a study.

    They load and run at once, on invented round numbers; run.py check lists what
    is to be filled in. docs/your_own_municipality.md is the guide.
    """
    from model.cli import console
    from model.inputs import skeletons
    from model.inputs.faults import Faults, shown
    from model.outputs.files import write_together

    console.speak(lang)
    root: Path = context.obj
    faults = Faults()
    files = skeletons.new_municipality(root, name, faults)
    faults.stop_if_any()
    write_together(files)
    console.tell("New municipality {name}:", name=name)
    for path in files:
        console.out.print(f"  {shown(path, root)}")
    console.tell("Next: run.py check {name}, run.py study {name}, and docs/your_own_municipality.md", name=name)
