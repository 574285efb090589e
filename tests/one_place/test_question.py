"""Is one file enough for a question to a plan?"""

from pathlib import Path

import xarray as xr

from tests.one_place.copy import command_line, project_copy, python, touched

GOAL = "toy_fossil_free"
FILE = "model/analyses/questions/idle.py"
STUDY = f"title: {{sv: a, en: a}}\nmunicipality: toy\nfutures: [central]\nscenarios: [{GOAL}]\nidle: "
QUESTION = '''"""How much of what was started does not operate?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from model.analyses.question import Answer, Labels, Shown, question
from model.inputs import options
from model.inputs.options import Flag
from model.plain_text import TextTable, thousands

if TYPE_CHECKING:
    import xarray as xr

    from model.analyses.ask import AnalysisInput


class Options(options.Options):
    """From how much it is told."""

    least: Annotated[float, Field(ge=0), Flag("UNITS", short="-l")] = 0.5
    """Least idle units."""


def display(data: xr.Dataset, language: str) -> Shown:
    """Measures with idle units."""
    rows = [(str(name), thousands(float(units))) for name, units in zip(data.measure.values, data.idle.values)]
    return [TextTable("Idle units", (("measure", "left"), ("units", "right")), rows), "That was all."]


def labels() -> Labels:
    """What is idle."""
    from model.labelling import Attribute, Variable

    words = "share of its potential that a measure does not use"
    return Labels(
        [Variable("idle", ("measure",), "1", words, lambda found: found["unused"])],
        attributes=[Attribute("idle_least", "units from which it is told", lambda found: found["least"])],
    )


@question("idle", "what stands idle?", labels, display, Options, writes="`idle.csv`")
def idle(given: AnalysisInput, wanted: Options) -> Answer:
    """Say what was started and does not operate."""
    from model.analyses.alternatives import use_of

    unused = 1 - use_of(given.problem, given.plan)
    rows = [{"measure": name, "share": share} for name, share in zip(given.problem.case.measures.names, unused)]
    return Answer({"unused": unused, "least": wanted.least}, {"idle": rows})
'''


def test_a_question_is_one_file_with_its_verb_options_study_key_variables_and_words(tmp_path: Path) -> None:
    root = project_copy(tmp_path, "docs")
    (root / FILE).write_text(QUESTION, encoding="utf-8")
    assert touched(root) == {FILE}

    with command_line(root) as run:
        assert "Say what was started and does not operate." in run("--help").out
        manual = run("idle", "--help").out
        assert "--least" in manual and "-l" in manual and "UNITS" in manual and "Least idle units." in manual
        assert "--budget" in manual and "outputs/idle_<goal>/" in manual
        assert "'--least' / '-l'" in run("idle", GOAL, "--least", "-1", code=2).err

        said = run("idle", GOAL, "--municipality", "toy", "--least", "2").out
        assert "Idle units" in said and "That was all." in said
        (root / "scenarios/studies/asked.yaml").write_text(STUDY + "[toy_mix]\n", encoding="utf-8")
        (fault,) = run("check", "asked", code=1).faults
        assert fault.startswith("scenarios/studies/asked.yaml:5: found 'toy_mix' for 'idle'; allowed: one of the goals")
        (root / "scenarios/studies/asked.yaml").write_text(STUDY + f"[{GOAL}]\n", encoding="utf-8")
        run("check", "asked")

    folder = root / f"outputs/idle_{GOAL}"
    with xr.open_dataset(folder / "results.nc", group=f"{GOAL}/central", engine="h5netcdf") as data:
        assert data.idle.dims == ("measure",) and data.idle.attrs["units"] == "1"
        assert data.idle.attrs["long_name"] == "share of its potential that a measure does not use"
        assert data.attrs["idle_least"] == 2
        assert "price_relaxed" in data, "prices are told with every question"
    assert (folder / f"plans/{GOAL}.central/idle.csv").exists()

    made = python(root, PAGE)
    assert "| `idle` | measure | 1 | share of its potential that a measure does not use |" in made
    assert "| `idle_least` | attribute |  | units from which it is told |" in made
    assert "| what stands idle? | `run.py idle <goal>` | `idle.csv` |" in made
    assert "| `--least`, `-l` | a number of at least 0 | `0.5` | Least idle units. |" in made


PAGE = "from docs.tools import asked; print(asked.variables(), asked.questions(), asked.options())"
