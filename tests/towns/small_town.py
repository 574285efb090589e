"""Towns built in the test itself: only the rows that a case needs, every other table empty."""

from __future__ import annotations

from typing import Any

from model.inputs.columns.base import Row
from model.inputs.columns.registry import TABLES
from model.inputs.municipality import Municipality
from model.inputs.schema import Future, MunicipalitySettings, Title

TITLE = Title(sv="prov", en="test")
FUTURE = Future(title=TITLE)
SOURCED = {"source": "test", "confidence": "C"}


def small_town(base: int = 2024, last: int = 2027, **tables: list[dict[str, Any]]) -> Municipality:
    """A municipality with these rows by table; what every row needs is filled in, lines count from 2."""
    settings = MunicipalitySettings(
        label=TITLE,
        base_year=base,
        last_year=last,
        first_decision_year=base + 1,
        price_year=2026,
        gwp_set="ar5",
        social_rate=0.0,
        inflation=0.0,
        rates_source="test",
        reconcile_vintage="current",
    )
    built = {name: tuple(_row(name, row, line) for line, row in enumerate(tables.get(name, []), 2)) for name in TABLES}
    return Municipality("small", settings, built, {name: f"{name}.csv" for name in TABLES})


def _row(table: str, values: dict[str, Any], line: int) -> Row:
    kind = TABLES[table].row
    labels = {"label_sv": "prov", "label_en": "test"}
    common = {name: value for name, value in (labels | SOURCED).items() if name in kind.model_fields}
    return kind.model_validate(common | values | {"line": line})


def sectors(*names: str) -> list[dict[str, Any]]:
    """Rows of `sectors`."""
    return [{"sector": name} for name in names]


def subsectors(**sector_of: str) -> list[dict[str, Any]]:
    """Territorial rows of `subsectors`."""
    return [{"subsector": name, "sector": sector, "perspective": "territorial"} for name, sector in sector_of.items()]


def gases(**potential: float) -> list[dict[str, Any]]:
    """Rows of `gases`."""
    return [{"gas": name, "gwp_set": "ar5", "value": value, "unit": "t_CO2e/t"} for name, value in potential.items()]


def activity(name: str, subsector: str, driver: str, unit: str = "GWh", **more: Any) -> dict[str, Any]:
    """A row of `activities`."""
    return {
        "activity": name, "subsector": subsector, "driver": driver,
        "unit": unit, "cost_unit": f"SEK_2026/{unit}", **more
    }  # fmt: skip


def parameter(name: str, value: float, of: str = "", unit: str = "fraction", **more: Any) -> dict[str, Any]:
    """A row of `parameters`."""
    return {"parameter": name, "of": of, "value": value, "unit": unit, **more}


def price(item: str, value: float, unit: str, path: str = "all", year: int = 2026) -> dict[str, Any]:
    """A row of `prices`, excluding VAT."""
    return {"path": path, "item": item, "price_set": "market", "year": year, "value": value, "unit": unit}


def use(activity: str, carrier: str, value: float, unit: str, year: int = 2024) -> dict[str, Any]:
    """A row of `use`."""
    return {"activity": activity, "carrier": carrier, "year": year, "value": value, "unit": unit}


def faults_of(town: Municipality) -> list[str]:
    """What was found wrong, as it would be printed."""
    return [str(fault) for fault in town.faults.found]
