"""A municipality as somebody would hand it in: tables and scenarios written to a folder, read and checked again."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from model import ROOT
from model.inputs.columns.registry import TABLES
from model.inputs.faults import Faults
from model.studies.study import Batch, prepare

TITLE = {"sv": "prov", "en": "test"}
SOURCE = "made_up"
FILLED = {"source": SOURCE, "confidence": "C", "label_sv": "prov", "label_en": "test"}

Rows = Sequence[Mapping[str, Any]]


def write_town(
    root: Path, name: str, settings: Mapping[str, Any], tables: Mapping[str, Rows], goal: Mapping[str, Any]
) -> None:
    """Write `inputs/<name>`, the common tables (those in `tables` replaced), and a future, goal and study of the name.

    What every row needs (labels, source, confidence) is filled in. Numbers are written so that they are read back to
    the last bit.
    """
    folder, common, scenarios = root / "inputs" / name, root / "inputs" / "common", root / "scenarios"
    shutil.copytree(ROOT / "inputs" / "common", common)
    source = [{"source": SOURCE, "kind": "assumption", "title": "A town made up for a test"}]
    for table, rows in tables.items():
        _write_table((common if TABLES[table].common else folder) / f"{table}.csv", table, rows)
    _write_table(folder / "sources.csv", "sources", source)
    rest = {"label": TITLE, "price_year": 2026, "gwp_set": "ar5", "inflation": 0, "rates_source": "made up"}
    _write(folder / "municipality.yaml", rest | {"reconcile_vintage": "current"} | dict(settings))
    _write(scenarios / "futures" / "central.yaml", {"title": TITLE})
    _write(scenarios / "goals" / f"{name}.yaml", {"title": TITLE} | dict(goal))
    study = {"title": TITLE, "municipality": name, "futures": ["central"], "scenarios": [name]}
    _write(scenarios / "studies" / f"{name}.yaml", study)


def read_town(root: Path, name: str) -> Batch:
    """The written folder read and checked as a study is: any fault is raised."""
    return prepare(name, name, [name], ["central"], root, Faults())


def _write_table(path: Path, table: str, rows: Rows) -> None:
    fields = TABLES[table].row.model_fields
    whole = [{key: value for key, value in FILLED.items() if key in fields} | dict(row) for row in rows]
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(dict.fromkeys(key for row in whole for key in row)), restval="")
        writer.writeheader()
        writer.writerows(whole)


def _write(path: Path, document: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")  # JSON is YAML


def one_emitter(tonnes: float, base_year: int) -> dict[str, Rows]:
    """Tables of a town in which one activity emits `tonnes` of fossil CO2 a year, a tonne a unit, and nothing costs."""
    return {
        "activities": [
            {
                "activity": "smoke", "subsector": "industry_energy", "unit": "batch", "driver": "constant",
                "cost_unit": "MSEK_2026/batch",
            }
        ],
        "activity_levels": [{"activity": "smoke", "year": base_year, "value": tonnes, "unit": "batch"}],
        "direct_emissions": [
            {"activity": "smoke", "gas": "co2", "year": base_year, "value": 1, "unit": "t/batch"}
        ],
        "inventory": [
            {
                "year": base_year, "sector": "industry", "subsector": subsector, "gas": "co2e", "value": tonnes,
                "unit": "t_CO2e", "vintage": "current", "status": "assumed",
            }
            for subsector in ("", "industry_energy")
        ],
    }  # fmt: skip
