"""Is a table read the same whether a text editor, a Swedish spreadsheet or a careless hand has written it?"""

from __future__ import annotations

from pathlib import Path

import pytest

from model.inputs.columns.measures import Cost
from model.inputs.faults import Faults, Place
from model.inputs.reading.cells import read_sheet
from model.inputs.reading.sheet import Sheet

HEAD = "measure,item,year,value,unit,source,confidence,note\n# a, comment; here\n"
COMMAS = HEAD + 'A,capital,2026,1234.5,SEK,x,C,"one; two"\n'
SWEDISH = (
    "measure;item;year;value;unit;source;confidence;note\n# a, comment; here\n"
    'A;capital;2026;1 234,5;SEK;x;C;"one; two"\n'
)
WAYS = (SWEDISH, SWEDISH.replace("\n", "\r\n"), "\ufeff" + SWEDISH, SWEDISH.replace(" 234", "\u00a0234"))


def read(folder: Path, content: str | bytes) -> tuple[Sheet | None, list[str]]:
    path, faults = folder / "costs.csv", Faults()
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return read_sheet(path, Cost, Place("costs.csv"), faults), [str(each) for each in faults.found]


@pytest.mark.parametrize(
    "content", [SWEDISH, SWEDISH.replace("\n", "\r\n"), "\ufeff" + SWEDISH, SWEDISH.replace(" 234", "\u00a0234")]
)
def test_semicolons_and_decimal_commas_say_the_same_as_commas_and_points(tmp_path: Path, content: str) -> None:
    wanted, found = read(tmp_path, COMMAS), read(tmp_path, content)
    assert wanted[1] == found[1] == []
    assert wanted[0] is not None and found[0] is not None
    assert [each.cells for each in found[0].lines] == [each.cells for each in wanted[0].lines]
    assert found[0].lines[0].place.line == 3


def test_a_decimal_comma_in_a_text_stays(tmp_path: Path) -> None:
    sheet, faults = read(tmp_path, SWEDISH.replace('"one; two"', "3,5"))
    assert sheet is not None and sheet.lines[0].cells["note"] == "3,5" and not faults


def test_a_quotation_mark_that_is_never_closed_swallows_no_lines(tmp_path: Path) -> None:
    lines = COMMAS + 'A,fixed,2026,1,SEK,x,C,"open\nA,capital,2027,2,SEK,x,C,after\n'
    sheet, faults = read(tmp_path, lines)
    assert sheet is not None and [each.place.line for each in sheet.lines] == [3, 5] and not sheet.whole
    assert len(faults) == 1 and faults[0].startswith("costs.csv:4: ")


@pytest.mark.parametrize(
    ("content", "line", "word"),
    [(COMMAS.replace("one", "o\x00e"), 3, "U+0000"), (COMMAS.replace("one", "o\u202ee"), 3, "U+202E"),
     (COMMAS.encode("utf-16"), 1, "UTF-8"), (COMMAS.replace("one", "x" * 200_000), 3, "characters")],
)  # fmt: skip
def test_what_cannot_be_read_is_said_with_its_line(tmp_path: Path, content: str | bytes, line: int, word: str) -> None:
    _, (fault,) = read(tmp_path, content)
    assert fault.startswith(f"costs.csv:{line}: ") and word in fault


def test_a_file_that_is_far_too_long_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.inputs.reading.text.read_text.__defaults__", (1000,))
    _, (fault,) = read(tmp_path, COMMAS + "# more\n" * 1000)
    assert "MB" in fault and "at most" in fault


def test_a_folder_with_the_name_of_a_table_is_no_table(tmp_path: Path) -> None:
    (tmp_path / "costs.csv").mkdir()
    faults = Faults()
    assert read_sheet(tmp_path / "costs.csv", Cost, Place("costs.csv"), faults) is None
    assert "no file" in str(faults.found[0])
