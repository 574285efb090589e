"""Is a sector rows and no code? In a copy of the project one is added, with two drivers, and run."""

from __future__ import annotations

import csv
from pathlib import Path

from numpy.testing import assert_allclose

from tests.one_place.copy import command_line, project_copy, touched

ROWS = {
    "inputs/common/sectors.csv": ["mining,Gruvor,Mining"],
    "inputs/common/subsectors.csv": ["pit,mining,territorial,,,Dagbrott,Open pit,reporting_categories,B,"],
    "inputs/toy/activities.csv": [
        "seam_gas,Gruvgas,Seam gas,pit,,t,decay,0,0,MSEK_2026/t,toy,C,",
        "blasting,Sprängning,Blasting,pit,,t,series,0,0,MSEK_2026/t,toy,C,",
    ],
    "inputs/toy/activity_levels.csv": [
        "seam_gas,2024,100,t,toy,C,",
        "blasting,2024,300,t,toy,C,",
        "blasting,2032,140,t,toy,C,",
    ],
    "inputs/toy/direct_emissions.csv": ["seam_gas,ch4,2024,1,t/t,toy,C,", "blasting,co2,2024,2,t/t,toy,C,"],
    "inputs/toy/inventory.csv": [
        "2024,mining,,co2e,6800,t_CO2e,current,official,toy,C,,,",
        "2024,mining,pit,co2e,6800,t_CO2e,current,derived,toy,C,,,",
    ],
}
"""2 800 t CO2e of methane that decays by half each year, 600 t of carbon dioxide that falls by 40 t a year.

The official total is twice as much.
"""
PARAMETERS = "parameter,of,value,unit,source,confidence,note\n"
HALVED = "decay_rate,seam_gas,0.69314718055994530942,1/year,toy,C,\ndeposit,seam_gas,0,t/year,toy,C,\n"


def test_a_sector_is_rows_in_the_tables(tmp_path: Path) -> None:
    root = project_copy(tmp_path)
    for file, rows in ROWS.items():
        with (root / file).open("a", encoding="utf-8") as table:
            table.writelines(f"{row}\n" for row in rows)
    parameters = root / "inputs/toy/parameters.csv"
    assert not parameters.exists()
    parameters.write_text(PARAMETERS + HALVED, encoding="utf-8")
    assert touched(root) == {*ROWS, "inputs/toy/parameters.csv"}  # no code

    with command_line(root) as run:
        run("check", "toy")
        run("run", "toy_reference", "--municipality", "toy")
    found = emissions_of(root, "ghg:mining")
    years = range(2024, 2033)
    assert list(found) == list(years)
    assert_allclose([found[year] for year in years], [2 * (2800 * 0.5**y + 600 - 40 * y) for y in range(9)])


def emissions_of(root: Path, indicator: str) -> dict[int, float]:
    """Year: value of an indicator in the summary of the only run there is."""
    (file,) = (root / "outputs").rglob("summary.csv")
    with file.open(encoding="utf-8", newline="") as table:
        return {int(row["year"]): float(row["value"]) for row in csv.DictReader(table) if row["indicator"] == indicator}
