"""Does what is written look the same wherever it was computed?"""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import ROOT
from model.inputs.faults import Faults
from model.outputs import summary, swedish_summary
from model.outputs.csv_files import NUMBER, as_text
from model.plain_text import DIGITS, NOTHING, settled
from model.studies.plan_files import save_table, shown
from model.studies.study import prepare, run
from tests.towns.broken_root import call

PROGRAM = """
import sys
from pathlib import Path
from model import ROOT
from model.inputs.faults import Faults
from model.outputs import summary
from model.studies.study import prepare, run

written = []
for town, names in (("toy", ("toy_reference", "toy_mix")), ("ostersund", ("electrification", "climate_strategy"))):
    batch = prepare(town, town, names, ("central", "mandate_low"), ROOT, Faults())
    written += [data for _, data, _ in run(batch, 1, lambda _: None)]
summary.write(written, Path(sys.argv[1]))
"""
PROCESSORS = [
    {},
    {"OPENBLAS_CORETYPE": "Nehalem", "PYTHONHASHSEED": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
    {"OPENBLAS_CORETYPE": "Haswell", "PYTHONHASHSEED": "2", "OPENBLAS_NUM_THREADS": "2"},
    {"NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3 AVX512F AVX512_SKX", "PYTHONHASHSEED": "3"},
]
"""Settings with which numpy takes the paths of other processors."""


def written(path: Path, settings: dict[str, str]) -> bytes:
    """The summary of typed-in portfolios as a process with such settings writes it."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("OPENBLAS", "NPY"))}
    command = [sys.executable, "-W", "ignore", "-c", PROGRAM, str(path)]
    subprocess.run(command, cwd=ROOT, env=environment | settings, check=True, capture_output=True)
    return path.read_bytes()


def test_the_summary_of_portfolios_is_the_same_to_the_byte_on_other_processors(tmp_path: Path) -> None:
    first, *others = (written(tmp_path / f"{number}.csv", each) for number, each in enumerate(PROCESSORS))
    assert first.count(b"\n") > 1000
    for settings, other in zip(PROCESSORS[1:], others, strict=True):
        assert other == first, settings


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"), (-0.0, "0"), (9.9e-7, "0"), (-9.9e-7, "0"), (1e-6, "1e-06"), (1234567.89, "1234568"),
        (-0.12345678, "-0.1234568"), (123456789.0, "123456800"),
        (0.1, "0.1"), (float("nan"), ""), (float("inf"), "inf"), (112.0, "112"),
    ],
)  # fmt: skip
def test_numbers_are_written_with_the_digits_that_are_settled(value: float, text: str) -> None:
    assert settled(value) == text == shown(value)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_what_is_written_is_near_what_was_meant_and_never_minus_nothing(value: float) -> None:
    text = settled(value)
    assert text != "-0"
    assert abs(float(text) - value) <= max(abs(value) * 0.5 * 10.0 ** (1 - DIGITS) * (1 + 1e-9), NOTHING)


def test_tables_of_plans_are_written_alike(tmp_path: Path) -> None:
    save_table([{"what": "pot", "year": 2030, "price": -1e-9, "other": 1 / 3}], tmp_path / "prices.csv")
    with (tmp_path / "prices.csv").open(encoding="utf-8") as file:
        assert list(csv.reader(file)) == [["what", "year", "price", "other"], ["pot", "2030", "0", "0.3333333"]]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("=1+1", "'=1+1"), ("+46 63", "'+46 63"), ("-", "'-"), ("@SUM(A1)", "'@SUM(A1)"), ("\t=1", "'\t'=1"),
        ("\r", "'\r"), ("bus;=cmd()", "bus;'=cmd()"), ("bus,@x", "bus,'@x"), ("bus\n=x", "bus\n'=x"),
        ("-5", "-5"), ("+5.25", "+5.25"), ("-5,25", "-5,25"), ("-1e-06", "-1e-06"), ("-.5", "-.5"),
        ("a=b", "a=b"), ("climate-neutral", "climate-neutral"), ("", ""), ("'=1", "'=1"),
    ],
)  # fmt: skip
def test_no_text_is_a_formula(cell: str, text: str) -> None:
    assert as_text(cell) == text


def test_no_table_that_is_written_holds_a_formula(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A goal with such a file name, title, fund, measure and target, asked about: every table of its plan."""
    town = root / "inputs/toy"
    for name, old, new in (("funds", "Investeringsbudget", "=1+1"), ("measures", "Elbilar", "@SUM(A1)"),
                           ("targets", "Fossilfritt", "+cmd|x")):  # fmt: skip
        text = (town / f"{name}.csv").read_text(encoding="utf-8")
        assert old in text
        (town / f"{name}.csv").write_text(text.replace(old, new), encoding="utf-8")
    goal = (root / "scenarios/goals/toy_fossil_free.yaml").read_text(encoding="utf-8")
    title = re.sub(r"^title:.*", 'title: {sv: "=2+2", en: "=2+2"}', goal, count=1, flags=re.MULTILINE)
    (root / "scenarios/goals/=evil.yaml").write_text(title, encoding="utf-8")
    assert call(capsys, root, "alternatives", "=evil", "--municipality", "toy", "--name", "evil").code == 0
    tables = {path: path.read_text(encoding="utf-8-sig") for path in (root / "outputs/evil").rglob("*.csv")}
    assert len(tables) > 3
    for path, text in tables.items():
        separator = ";" if path.name == "summary.sv.csv" else ","
        cells = {cell for row in csv.reader(text.splitlines(), delimiter=separator) for cell in row}
        assert not {each for each in cells if each[:1] in tuple("=+-@") and not NUMBER.fullmatch(each)}, path
    assert "'=2+2" in tables[root / "outputs/evil/summary.sv.csv"]


def test_the_swedish_summary_says_the_same_in_columns_that_excel_opens(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(capsys, root, "run", "toy_mix", "toy_cheapest", "--municipality", "toy", "--name", "both").code == 0
    content = (root / "outputs/both/summary.sv.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfscenario;") and content.count(b"\r") == 0
    swedish = list(csv.DictReader(content.decode("utf-8-sig").splitlines(), delimiter=";"))
    with (root / "outputs/both/summary.csv").open(encoding="utf-8") as file:
        tidy = list(csv.DictReader(file))
    same = {"scenario": "scenario", "future": "framtid", "indicator": "indikator", "year": "år"}
    assert [[row[key] for key in same] for row in tidy] == [[row[key] for key in same.values()] for row in swedish]
    assert [row["value"].replace(".", ",") for row in tidy] == [row["värde"] for row in swedish]
    assert len(swedish) > 500 and all(len(row) == len(swedish_summary.HEADINGS) for row in swedish)
    with (root / "outputs/both/runs.csv").open(encoding="utf-8") as file:
        runs = list(csv.reader(file))
    opened = (root / "outputs/both/runs.sv.csv").read_text(encoding="utf-8-sig").splitlines()
    swedish_runs = list(csv.reader(opened, delimiter=";"))
    assert swedish_runs[0][:4] == ["scenario", "framtid", "titel", "Fossil koldioxid (ton CO2e, 2030)"]
    assert "Betalas av: Driftbudget (MSEK 2026, summa)" in swedish_runs[0]
    assert [[each.replace(".", ",") for each in row[4:]] for row in runs[1:]] == [row[3:] for row in swedish_runs[1:]]
    assert {row["scenariots titel"] for row in swedish} == {"Cykel bredvid elbilar", "Låga utsläpp till lägsta kostnad"}


@pytest.mark.parametrize("town", ["toy", "ostersund"])
def test_every_indicator_unit_and_status_has_swedish_words(town: str) -> None:
    scenarios = {"toy": "toy_mix", "ostersund": "climate_strategy"}
    batch = prepare(town, town, [scenarios[town]], ["central"], ROOT, Faults())
    ((_, data, _),) = run(batch, 1, lambda _: None)
    called = swedish_summary.called(data)
    rows = list(summary.rows(data))
    assert {row[2] for row in rows} <= {*called}
    assert {word for row in rows for word in (row[6], row[8]) if word} <= {*swedish_summary.WORDS}
