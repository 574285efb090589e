"""To add a measure is to write its rows: `new measure` begins them, filled in they are a plan."""

from __future__ import annotations

from pathlib import Path

from tests.one_place.copy import command_line, project_copy, replace_in, touched

TABLES = {f"inputs/toy/{table}.csv" for table in ("measures", "effects", "costs", "potentials", "owner_shares")}


def test_a_measure_is_rows_and_nothing_else(tmp_path: Path) -> None:
    """A bus line for 3 MSEK takes 2 Mkm a year out of the cars, 200 t a petrol Mkm."""
    root = project_copy(tmp_path)
    with command_line(root) as run:
        run("new", "measure", "LINE", "--municipality", "toy")
        assert touched(root) == TABLES
        fill_in(root)
        assert "placeholders" not in run("check", "toy").out
        run("run", "lines", "toy_reference", "--municipality", "toy")
        card = run("show", "measure", "LINE", "--municipality", "toy").out

    rows = (root / "outputs/lines+toy_reference/summary.csv").read_text(encoding="utf-8").splitlines()
    columns = rows[0].split(",")
    values = {
        (row["scenario"], row["indicator"], row["year"]): float(row["value"])
        for row in (dict(zip(columns, line.split(","), strict=False)) for line in rows[1:])
    }
    saved = values["toy_reference", "ghg_total", "2030"] - values["lines", "ghg_total", "2030"]
    petrol_share = 68 / 100  # 80 Mkm in 2024, two less a year
    assert abs(saved - 2 * 2 * 200 * petrol_share) < 1e-6
    assert sum(values["lines", "investment", str(year)] for year in range(2027, 2033)) == 6
    assert "Bus line" in card and "-2 Mkm" in card and "inputs/toy/costs.csv" in card


def fill_in(root: Path) -> None:
    """The numbers of the measure, and a portfolio that has two units of it."""
    toy = root / "inputs/toy"
    replace_in(toy / "measures.csv", "LINE,LINE,LINE,", "LINE,Busslinje,Bus line,")
    replace_in(
        toy / "effects.csv",
        "LINE,,activity,petrol_car_km,,amount,,0,Mkm,2024",
        "LINE,,pool,car_km,,amount,,-2,Mkm,2024",
    )
    replace_in(toy / "costs.csv", "LINE,capital,2026,0,SEK_2026", "LINE,capital,2026,3,MSEK_2026")
    replace_in(toy / "potentials.csv", "LINE,2027,0,", "LINE,2027,5,")
    for table in TABLES:
        path = root / table
        path.write_text(path.read_text(encoding="utf-8").replace("fill in:", "as a test says:"), encoding="utf-8")
    portfolio = "title: {sv: Bussar, en: Buses}\nlevels:\n  LINE: {2030: 2 piece, shape: step}\n"
    (root / "scenarios/portfolios/lines.yaml").write_text(portfolio, encoding="utf-8")
