"""Do the pages under `docs/` say what the code does? Generated parts are made again, examples are read and run."""

from __future__ import annotations

import importlib.util
import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import Field

from docs import make_docs
from docs.tools import fields, reference
from docs.tools.text import percent, share_of, table, tonnes
from model import ROOT
from model.inputs.columns.base import Row
from model.inputs.faults import Faults
from model.inputs.schema import Goal, Portfolio
from model.inputs.wording import holds, if_blank
from model.outputs import netcdf
from model.scenarios.portfolio import decide
from model.studies.study import Batch, prepare
from model.studies.study_file import load_study

DOCS = ROOT / "docs"
PAGES = [path.relative_to(ROOT).as_posix() for path in make_docs.pages()]
EXAMPLE = re.compile(r"```yaml\n# (scenarios/\w+/(\w+)\.yaml)\n(.*?)```", re.DOTALL)
SUFFIXES = ("md", "csv", "py", "toml", "yaml")
POINTER = re.compile(r"`(?:\w+/)*([a-z_]+)\.(\w+)`")


@pytest.mark.parametrize("page", PAGES)
def test_generated_parts_are_up_to_date(page: str) -> None:
    """If this fails: python -m docs.make_docs"""
    text = (ROOT / page).read_text(encoding="utf-8")
    assert make_docs.renewed(text, measured=False) == text


def test_every_generated_part_stands_on_a_page_once() -> None:
    named = [name for path in make_docs.pages() for _, name in make_docs.PART.findall(path.read_text(encoding="utf-8"))]
    assert sorted(named) == sorted([*make_docs.GENERATED, *make_docs.MEASURED])
    assert {"ARCHITECTURE.md", "docs/tables.md", "docs/scenarios.md", "docs/results.md", "docs/validation.md"} <= set(
        PAGES
    )


def test_what_somebody_typed_into_a_generated_part_is_noticed() -> None:
    text = (DOCS / "results.md").read_text(encoding="utf-8")
    typed = text.replace("units that operate", "units that might operate")
    assert typed != text
    assert make_docs.renewed(typed, measured=False) == text


def test_measured_parts_are_kept_where_nothing_was_measured() -> None:
    text = "<!-- measured: agreement -->\n\nas it was\n\n<!-- end: agreement -->"
    assert make_docs.renewed(text, measured=False) == text


def test_a_column_is_described_by_its_type_and_default() -> None:
    class Kind(Row):
        name: str
        number: float = Field(default=0.5, ge=0, le=1)
        whole: int | None = None

    columns = {name: (holds(field), if_blank(field)) for name, field in Kind.model_fields.items()}
    assert columns["name"] == ("a text", "not allowed")
    assert columns["number"] == ("a number from 0 to 1", "`0.5`")
    assert columns["whole"] == ("a whole number", "allowed")


def test_the_docstring_beneath_a_column_is_its_manual() -> None:
    row = "| `lead` | a whole number from 0 to 1000 | not allowed | Years from start to operation. |"
    assert row in fields.tables()


def test_numbers_are_written_as_they_are_read_aloud() -> None:
    assert tonnes(134610.4) == "134 610"
    assert percent(-0.0176) == "−1.8 %"
    assert percent(0.0004) == percent(-0.0004) == "0.0 %"
    assert share_of(1, 3) == "33 %"
    assert table(("a", "b"), [("x|y", 1)], right=(1,)) == "| a | b |\n| --- | --: |\n| x\\|y | 1 |"


@pytest.fixture(scope="module")
def example_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's inputs and scenarios with the examples of the pages added."""
    root = tmp_path_factory.mktemp("examples")
    for folder in ("inputs", "scenarios"):
        shutil.copytree(ROOT / folder, root / folder)
    for page in (DOCS / "scenarios.md", ROOT / "README.md"):
        found = EXAMPLE.findall(page.read_text(encoding="utf-8"))
        assert found, page
        for file, _, text in found:
            (root / file).write_text(text, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def example_study(example_root: Path) -> Batch:
    """The study of the page, read and checked: faults would be raised."""
    faults = Faults()
    read = load_study("half_budget", example_root, faults)
    faults.stop_if_any()
    assert read is not None
    study = read[0]
    return prepare("half_budget", study.municipality, study.scenarios, study.futures, example_root, faults)


def test_every_example_can_be_read_and_checked(example_root: Path) -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in (DOCS / "scenarios.md", ROOT / "README.md"))
    names = [name for file, name, _ in EXAMPLE.findall(text) if "/portfolios/" in file or "/goals/" in file]
    batch = prepare("examples", "ostersund", list(dict.fromkeys(names)), ["dear_fuel"], example_root, Faults())
    assert set(batch.scenarios) == set(names)


def test_the_examples_mean_what_the_page_says(example_study: Batch) -> None:
    portfolio = example_study.scenarios["buses_and_cycling"]
    goal = example_study.scenarios["half_the_money"].content
    assert isinstance(portfolio.content, Portfolio)
    assert isinstance(goal, Goal)
    assert goal.budgets == {"municipal_investment": "50 MSEK/year", "municipal_operating": "15 MSEK/year"}
    built = example_study.built["central"]
    measures, case = built.case.measures, built.case
    asked = decide(portfolio, built).requested[0]
    buses, paths, package = (asked[measures.names.index(name)] for name in ("EV08", "MO01", "MO04"))
    at = case.year_index
    assert (buses[at(2030)], buses[at(2035)], buses[at(2045)]) == (20, 40, 40)
    np.testing.assert_allclose(buses[at(2032)], 28)  # a straight line from 20 to 40 in five years
    potential = measures.potential[0, measures.names.index("MO01")]
    np.testing.assert_allclose(paths[at(2030) :], 0.6 * potential[at(2030) :])
    assert set(package) == {0.0, 1.0}


def test_the_example_of_reading_results_runs(tmp_path: Path) -> None:
    code = re.search(r"```python\n(.*?)```", (DOCS / "results.md").read_text(encoding="utf-8"), re.DOTALL)
    assert code is not None
    data = reference.pencil_results()[1]
    netcdf.save(reference.pencil_results(), tmp_path / "results.nc")
    names: dict[str, Any] = {}
    pencil = code.group(1).replace("outputs/main/results.nc", str(tmp_path / "results.nc"))
    exec(pencil.replace("neutral_2030", data.attrs["scenario"]), names)
    total = data.indicator.sel(indicator_name="ghg_total")
    np.testing.assert_allclose(names["by_sector"].sum("sector"), total)
    np.testing.assert_array_equal(names["every"].sel(scenario=data.attrs["scenario"], future="central"), total)
    assert names["plan"].attrs["status"] == data.attrs["status"]
    assert names["paid"].columns[-1] == "unfunded"
    names["results"].close()
    names["plan"].close()


@pytest.mark.parametrize(("page", "least"), [("docs/model.md", 15), ("ARCHITECTURE.md", 10)])
def test_every_function_and_number_a_page_points_to_is_there(page: str, least: int) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    pointers = {each for each in POINTER.findall(text) if each[0] != "model" and each[1] not in SUFFIXES}
    assert len(pointers) > least
    for module, name in sorted(pointers):
        paths = [path.relative_to(ROOT).with_suffix("") for path in (ROOT / "model").rglob(f"{module}.py")]
        found = [".".join(path.parts) for path in paths]
        assert any(hasattr(importlib.import_module(each), name) for each in found), f"{module}.{name}"


def test_every_decision_is_in_the_index() -> None:
    folder = DOCS / "decisions"
    named = re.findall(r"\[(.+)\]\((.+\.md)\)", (folder / "README.md").read_text(encoding="utf-8"))
    titles = {path.name: path.read_text(encoding="utf-8").splitlines()[0] for path in folder.glob("0*.md")}
    assert {file: f"# {title}" for title, file in named} == titles


@pytest.mark.parametrize("page", sorted(path.name for path in DOCS.glob("*.md")))
def test_files_a_page_names_are_there(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    named = re.findall(r"`((?:docs|model|inputs|tests|scenarios)/[\w/.]+\.(?:md|py|csv|yaml))`", text)
    missing = [name for name in named if not (ROOT / name).exists()]
    assert not missing
