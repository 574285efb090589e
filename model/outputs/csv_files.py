"""How is a table written as CSV, so that text in it stays text, whatever program opens it?"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from model.outputs.files import write_whole

FORMULA = re.compile(r"(^|[;,\t\r\n])(?=[=+\-@\t\r])")
"""Where a spreadsheet would see a formula begin: at the start of a cell, also where it separates by another sign."""
NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?", re.IGNORECASE | re.ASCII)


def as_text(cell: str) -> str:
    """A text with an apostrophe before what a spreadsheet would take for a formula; a number as it is."""
    return cell if NUMBER.fullmatch(cell) else FORMULA.sub(r"\1'", cell)


def write_csv(path: Path, rows: Iterable[Iterable[Any]]) -> None:
    """Write rows, the heading first, whole or not at all; no text in them is a formula."""
    _write(path, rows, ",", "utf-8")


def write_swedish_csv(path: Path, rows: Iterable[Iterable[Any]]) -> None:
    """Write rows beside `path`, ending in `.sv.csv`, as a Swedish spreadsheet opens them into columns.

    That is with semicolons, decimal commas, and the mark that tells it that the file is UTF-8.
    """
    commas = ([_with_comma(cell) for cell in row] for row in rows)
    _write(path.with_suffix(f".sv{path.suffix}"), commas, ";", "utf-8-sig")


def _with_comma(cell: Any) -> Any:
    return cell.replace(".", ",") if isinstance(cell, str) and NUMBER.fullmatch(cell) else cell


def _write(path: Path, rows: Iterable[Iterable[Any]], separator: str, encoding: str) -> None:
    def to_file(temporary: Path) -> None:
        with temporary.open("w", newline="", encoding=encoding) as file:
            writer = csv.writer(file, delimiter=separator, lineterminator="\n")
            writer.writerows([as_text(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)

    write_whole(path, to_file)
