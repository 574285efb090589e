"""Do all shipped tables say the same when a Swedish spreadsheet has saved them?"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from model.inputs.columns.base import Measured, NonNegative, Row
from model.inputs.columns.registry import TABLES
from model.inputs.faults import Faults
from model.inputs.municipality import load
from model.inputs.reading.decimals import COMMA, _is_number
from model.studies.fingerprint import town_hashes
from tests.towns.broken_root import toy_root


def saved_in_swedish(content: str) -> str:
    """Semicolons between columns, commas in numbers, line ends of Windows, and the mark of UTF-8."""
    rows = [[_with_comma(cell) for cell in row] for row in csv.reader(io.StringIO(content))]
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(rows)
    return "\ufeff" + out.getvalue()


def _with_comma(cell: str) -> str:
    try:
        float(cell)
    except ValueError:
        return cell
    return cell.replace(".", COMMA)


@pytest.mark.parametrize("town", ["toy", "ostersund", "template"])
def test_every_table_of_a_town_is_read_the_same(town: str, tmp_path: Path) -> None:
    root = toy_root(tmp_path / "root", *({town} - {"toy"}))
    before = load(town, root, Faults())
    for path in (*(root / "inputs" / town).glob("*.csv"), *(root / "inputs/common").glob("*.csv")):
        path.write_bytes(saved_in_swedish(path.read_text(encoding="utf-8")).encode())
    faults = Faults()
    after = load(town, root, faults)
    assert not faults.found and before is not None and after is not None
    assert town_hashes(after) == town_hashes(before)


class Numbers(Row):
    """A table with a column of each kind."""

    required: NonNegative
    optional: NonNegative | None = None
    whole: int | None = None
    words: str | None = None


def test_a_column_holds_numbers_whatever_limits_it_has_and_whether_or_not_it_may_be_blank() -> None:
    assert [_is_number(Numbers, name) for name in ("required", "optional", "whole", "words")] == [True] * 3 + [False]
    measured = [table.row for table in TABLES.values() if issubclass(table.row, Measured)]
    assert measured and all(_is_number(kind, name) for kind in measured for name in ("value", "low", "high"))
