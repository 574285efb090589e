"""Is a variable of the results one record? In a copy of the project one is added, written and explained."""

from pathlib import Path

import xarray as xr

from model.outputs import netcdf
from tests.one_place.copy import command_line, project_copy, python, replace_in, touched

VARIABLES = "model/outputs/variables.py"
LAST = """)  # fmt: skip
\"\"\"Every variable of the results of a run.\"\"\"
"""
RECORD = f"""    Variable("reserve", BY_MEASURE, UNITS, "units that stand still", lambda run: (run.level > 0).T * 2.0),
{LAST}"""


def test_a_variable_is_one_record_that_the_file_and_the_manual_know(tmp_path: Path) -> None:
    root = project_copy(tmp_path, "docs")
    replace_in(root / VARIABLES, LAST, RECORD)
    assert touched(root) == {VARIABLES}

    with command_line(root) as run:
        run("run", "toy_mix", "--municipality", "toy")
    data = netcdf.load(root / "outputs/toy_mix/results.nc")["toy_mix", "central"]
    assert data.reserve.dims == ("year", "measure")
    assert data.reserve.attrs == {"units": "measure's own unit", "long_name": "units that stand still"}
    xr.testing.assert_equal(data.reserve, xr.where(data.level > 0, 2.0, 0.0))

    manual = python(root, "from docs.tools.reference import variables; print(variables())")
    assert "| `reserve` | year, measure | by run | measure's own unit | units that stand still |" in manual
