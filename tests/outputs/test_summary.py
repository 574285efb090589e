"""Does what is written look the same wherever it was computed?"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import ROOT
from model.plain_text import DIGITS, NOTHING, settled
from model.studies.plan_files import save_table, shown

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
