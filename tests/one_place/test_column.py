"""Is a column one field with its docstring beneath it? In a copy of the project one is added and used."""

from __future__ import annotations

import csv
from pathlib import Path

from tests.one_place.copy import command_line, project_copy, python, replace_in, touched

MEASURES = "model/inputs/columns/measures.py"
FIELD = """    reference_activity: str = ""
"""
COLUMN = f'''    quiet: NonNegative = 0.0
    """Decibels that a unit takes from its street."""
{FIELD}'''


def test_a_column_is_one_field_with_its_docstring_beneath(tmp_path: Path) -> None:
    root = project_copy(tmp_path, "docs")
    replace_in(root / MEASURES, FIELD, COLUMN)
    assert touched(root) == {MEASURES}

    manual = python(root, "from docs.tools.fields import tables; print(tables())")
    assert "| `quiet` | a number of at least 0 | `0` | Decibels that a unit takes from its street. |" in manual

    with command_line(root) as run:
        fill(root / "inputs/toy/measures.csv", "3", "3")
        run("check", "toy")
        fill(root / "inputs/toy/measures.csv", "3", "-3")
        (fault,) = run("check", "toy", code=1).faults
    assert fault == "inputs/toy/measures.csv:5 [quiet]: found '-3'; allowed: a number of at least 0."


def fill(file: Path, value: str, last: str) -> None:
    """Give each measure this value in the new column, and the last one another."""
    with file.open(encoding="utf-8", newline="") as table:
        rows = [row | {"quiet": value} for row in csv.DictReader(table)]
    rows[-1]["quiet"] = last
    with file.open("w", encoding="utf-8", newline="") as table:
        writer = csv.DictWriter(table, rows[0])
        writer.writeheader()
        writer.writerows(rows)
