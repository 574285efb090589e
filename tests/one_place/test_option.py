"""Is one field enough for an option of every verb that finds a plan?"""

from pathlib import Path

import xarray as xr

from tests.one_place.copy import command_line, project_copy, replace_in, touched

GOAL = "toy_fossil_free"
FILE = "model/studies/options.py"
FIELD = """    targets: Annotated[list[str]"""
OPTION = f'''    start: Annotated[int | None, Field(ge=2000), Flag("YEAR", left_out=GOALS_OWN)] = None
    """First decisions."""
{FIELD}'''


def test_an_option_is_one_field_that_every_verb_for_goals_has_and_the_goal_heeds(tmp_path: Path) -> None:
    root = project_copy(tmp_path)
    replace_in(root / FILE, FIELD, OPTION)
    assert touched(root) == {FILE}
    with command_line(root) as run:
        for verb in ("optimise", "explain", "frontier", "alternatives"):
            manual = run(verb, "--help").out
            assert "--start" in manual and "YEAR" in manual and "First decisions." in manual
        assert "--start" not in run("run", "--help").out
        assert "'--start'" in run("optimise", GOAL, "--start", "20", code=2).err
        run("optimise", GOAL, "--municipality", "toy", "--start", "2030")

    with xr.open_dataset(root / f"outputs/{GOAL}/results.nc", engine="h5netcdf") as data:
        started = data.new_units.sum("measure")
        assert float(started.sel(year=slice(None, 2029)).sum()) == 0 < float(started.sum())
