"""Is one function enough for a warning?"""

from pathlib import Path

from tests.one_place.copy import command_line, project_copy, touched

FILE = "model/doubts/ramps.py"
DOUBT = '''"""Which ramps can hardly be meant?"""

from __future__ import annotations

from collections.abc import Iterator

from model.doubts.register import Known, doubt
from model.inputs.doubt import Doubt


@doubt
def slow_ramp(known: Known) -> Iterator[Doubt]:
    """A ramp of at most two units a year."""
    for row in known.measures.values():
        if row.ramp is not None and row.ramp <= 2:
            yield Doubt(known.town.place(row, "ramp"), f"a ramp of {row.ramp:g}", "more than 2", "Check it")
'''


def test_a_warning_is_one_function_that_check_and_runs_tell(tmp_path: Path) -> None:
    root = project_copy(tmp_path)
    (root / FILE).write_text(DOUBT, encoding="utf-8")
    assert touched(root) == {FILE}
    warning = "Warning: inputs/toy/measures.csv:2 [ramp]: found a ramp of 2; usual: more than 2. Check it."
    with command_line(root) as run:
        assert run("check", "toy").err.splitlines() == [warning]
        assert warning in run("run", "toy_mix", "--municipality", "toy").err
