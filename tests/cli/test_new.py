"""Beginning a measure or a municipality: rows that load, nothing overwritten, all or nothing."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path

import pytest

from model import ROOT
from model.inputs.faults import Faults
from model.inputs.municipality import Municipality, load
from model.inputs.skeletons import MARK, unfinished
from model.outputs import files
from tests.towns.broken_root import call, tree


@pytest.fixture
def newtown(root: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    said = call(capsys, root, "new", "municipality", "uppby")
    assert said.code == 0, said.err
    return root


def town(root: Path, name: str) -> Municipality:
    faults = Faults()
    loaded = load(name, root, faults)
    assert loaded is not None and not faults
    return loaded


def test_a_new_measure_loads_and_changes_no_result(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call(capsys, root, "run", "toy_mix", "--municipality", "toy")
    before = (root / "outputs/toy_mix/summary.csv").read_text(encoding="utf-8")
    said = call(capsys, root, "new", "measure", "TRAM", "--municipality", "toy")
    assert said.code == 0, said.err
    for table in ("measures", "effects", "costs", "potentials", "owner_shares"):
        assert f"inputs/toy/{table}.csv:" in said.out
    call(capsys, root, "run", "toy_mix", "--municipality", "toy")
    assert (root / "outputs/toy_mix/summary.csv").read_text(encoding="utf-8") == before


def test_what_stands_in_the_tables_stays_byte_for_byte(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = root / "inputs/toy/costs.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n").rstrip(b"\r\n"))
    before = {each.name: each.read_bytes() for each in (root / "inputs/toy").iterdir()}
    assert call(capsys, root, "new", "measure", "TRAM", "--municipality", "toy").code == 0
    after = {each.name: each.read_bytes() for each in (root / "inputs/toy").iterdir()}
    assert all(after[name].startswith(content) for name, content in before.items())
    assert before["costs.csv"] + b"\r\nTRAM," in after["costs.csv"] and after["costs.csv"].endswith(b"\r\n")
    assert {name for name in after if after[name] != before[name]} == {
        "measures.csv", "effects.csv", "costs.csv", "potentials.csv", "owner_shares.csv",
    }  # fmt: skip


def test_check_lists_placeholders_until_they_are_filled_in(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "placeholders" not in call(capsys, root, "check", "toy").out
    call(capsys, root, "new", "measure", "TRAM", "--municipality", "toy")
    said = call(capsys, root, "check", "toy")
    assert said.code == 0 and "6 places hold placeholders" in said.out and "inputs/toy/measures.csv:6:" in said.out
    for path in (root / "inputs/toy").glob("*.csv"):
        path.write_text(path.read_text(encoding="utf-8").replace(MARK, ""), encoding="utf-8")
    assert "placeholders" not in call(capsys, root, "check", "toy").out


def test_a_measure_like_another_has_its_rows(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(capsys, root, "new", "measure", "WAY", "--like", "PATH", "--municipality", "toy").code == 0
    tables = town(root, "toy").tables
    for table in ("measures", "effects", "costs", "potentials", "owner_shares"):
        rows = {
            name: [row.model_dump(exclude={"line", "measure", "note"}) for row in tables[table] if row.measure == name]  # type: ignore[attr-defined]
            for name in ("PATH", "WAY")
        }
        assert rows["PATH"] == rows["WAY"] != []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("measure", "PATH"), "inputs/toy/measures.csv:2 [measure]: found measure 'PATH' already"),
        (("measure", "1ST"), "found '1ST'; allowed: an identifier"),
        (("measure", "WAY", "--like", "PAHT"), "Did you mean 'PATH'?"),
        (
            ("municipality", "toy"),
            "found municipality 'toy', which is there already; allowed: a name that",
        ),
        (("municipality", "common"), "found 'common'"),
        (("municipality", "my town"), "found 'my town'"),
    ],
)
def test_what_is_there_is_never_overwritten(
    root: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    before = tree(root)
    where = ("--municipality", "toy") if arguments[0] == "measure" else ()
    heard = call(capsys, root, "new", *arguments, *where)
    assert heard.code == 1 and said in heard.err
    assert tree(root) == before


def test_a_scenario_of_that_name_is_in_the_way(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "scenarios/goals/uppby_goal.yaml").write_text("title: {sv: a, en: a}\n", encoding="utf-8")
    before = tree(root)
    heard = call(capsys, root, "new", "municipality", "uppby")
    assert heard.code == 1 and "scenarios/goals/uppby_goal.yaml: found a file already" in heard.err
    assert tree(root) == before


@pytest.mark.parametrize("interrupted", [False, True])
def test_files_are_written_all_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, interrupted: bool) -> None:
    (tmp_path / "one.csv").write_bytes(b"before")
    before = tree(tmp_path)
    contents = {tmp_path / "one.csv": b"a", tmp_path / "new" / "two.csv": b"b", tmp_path / "three.csv": b"c"}
    whole = Path.replace

    def breaks(path: Path, target: Path) -> Path:
        if target.name == "three.csv" and not interrupted:
            raise OSError("disk full")
        if interrupted:  # again and again, also while files are put back
            signal.raise_signal(signal.SIGINT)
        return whole(path, target)

    monkeypatch.setattr(Path, "replace", breaks)
    with pytest.raises(KeyboardInterrupt if interrupted else OSError, match=None if interrupted else "disk full"):
        files.write_together(contents)
    assert tree(tmp_path) == before


def test_a_new_municipality_runs_and_has_nothing_of_another(newtown: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = call(capsys, newtown, "check", "uppby")
    assert said.code == 0 and "No fault found, warnings: 0. Measures: 3, scenarios: 3," in said.out
    assert "places hold placeholders" in said.out
    for key, line in (("what it is called", 2), ("where the municipality's own rates stand", 11)):
        assert f"inputs/uppby/municipality.yaml:{line}: {key}" in said.out
    assert call(capsys, newtown, "run", "uppby_first", "uppby_goal", "--municipality", "uppby").code == 0
    content = b"".join(path.read_bytes() for path in newtown.rglob("*uppby*/*") if path.is_file())
    assert b"stersund" not in content and b"template" not in content


def test_a_measure_of_the_catalogue_needs_only_what_is_local(newtown: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = call(capsys, newtown, "new", "measure", "EV02", "--municipality", "uppby")
    assert said.code == 0 and "measures.csv:7" in said.out and "potentials.csv:7" in said.out
    assert "costs.csv" not in said.out
    measures = {row.measure: row for row in town(newtown, "uppby").tables["measures"]}  # type: ignore[attr-defined]
    assert measures["EV02"].label_en == "Public charge points (11-22 kW)"  # type: ignore[attr-defined]


def test_a_measure_of_the_catalogue_says_which_activities_it_needs(
    newtown: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = tree(newtown)
    said = call(capsys, newtown, "new", "measure", "EV08", "--municipality", "uppby")
    assert said.code == 1 and "no 'diesel_bus_km', which 'EV08' moves" in said.err
    assert tree(newtown) == before


def test_a_measure_of_the_catalogue_that_finds_no_use_to_take_from_is_refused_and_told_at_the_towns_own_row(
    newtown: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, words = (
        tree(newtown),
        "'BF01', which moves diesel in heavy_trucks (national catalogue), of which uppby has none",
    )
    said = call(capsys, newtown, "new", "measure", "BF01", "--municipality", "uppby")
    assert said.code == 1 and words in said.err
    assert tree(newtown) == before
    for table, row in (
        ("measures", "BF01" + "," * 8 + "2027" + "," * 7 + "assumed_here,C,"),
        ("potentials", "BF01,2026,0,,,thousand_litre,additional,assumed_here,C,"),
    ):
        path = newtown / f"inputs/uppby/{table}.csv"
        path.write_text(f"{path.read_text(encoding='utf-8')}{row}\n", encoding="utf-8")
    said = call(capsys, newtown, "check", "uppby")
    assert any(each.startswith("inputs/uppby/measures.csv:7 [measure]: found " + words) for each in said.faults)
    assert "inputs/common" not in said.err


def test_a_fleet_needs_only_vehicles_and_entries_of_its_own(newtown: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As docs/your_own_municipality.md says: everything else about cars is national."""
    folder, said = newtown / "inputs/uppby", "assumed_here,C,"
    activities = (folder / "activities.csv").read_text(encoding="utf-8")
    (folder / "activities.csv").write_text(activities.replace("constant", ""), encoding="utf-8")
    levels = (folder / "activity_levels.csv").read_text(encoding="utf-8").splitlines()
    kept = [line for line in levels if "car_km" not in line]
    (folder / "activity_levels.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    stock = {"petrol": (3000, 2800, 2600), "diesel": (2500, 2400, 2300), "electric": (100, 200, 400)}
    rows = [
        f"car,{technique},{year},in_traffic,{number},vehicle,{technique}_car_km,{said}"
        for technique, numbers in stock.items()
        for year, number in zip((2023, 2024, 2025), numbers, strict=True)
    ]
    rows.append(f"car,petrol,2025,newly_registered,120,vehicle,petrol_car_km,{said}")
    head = "vehicle_type,technique,year,status,value,unit,activity,source,confidence,note"
    (folder / "fleet.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    people = [f"observed,2024,9000,person,{said}", f"central,2045,9000,person,{said}"]
    (folder / "population.csv").write_text(
        "\n".join(["path,year,value,unit,source,confidence,note", *people]) + "\n", encoding="utf-8"
    )
    heard = call(capsys, newtown, "check", "uppby")
    lacking = {line.split("found ")[1].split(";")[0] for line in heard.faults}
    assert lacking == {
        f"no parameter 'entry_weight' of 'car_{each}' for path 'central'" for each in ("petrol", "diesel")
    }
    weights = [
        f"entry_weight,car_{each},all,,{value},fraction,{said}" for each, value in (("petrol", 0.6), ("diesel", 0.4))
    ]
    (folder / "parameters.csv").write_text(
        "\n".join(["parameter,of,path,year,value,unit,source,confidence,note", *weights]) + "\n", encoding="utf-8"
    )
    assert call(capsys, newtown, "check", "uppby").code == 0


def test_shipped_municipalities_have_no_placeholders_but_the_template() -> None:
    for name in ("ostersund", "toy"):
        assert unfinished(town(ROOT, name)) == []
    assert unfinished(town(ROOT, "template"))


def test_the_template_of_the_project_is_used_where_the_root_has_none(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(root / "inputs/template", ignore_errors=True)
    assert call(capsys, root, "new", "municipality", "uppby").code == 0
