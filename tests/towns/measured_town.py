"""A town of cars, bicycles and sheds to which a test adds measures; its numbers are easy to do by hand.

Every year from 2024 to 2032: 60 Mkm by petrol, 20 by diesel and 20 by electric car in one pool, 10 Mkm by bicycle,
and 10 GWh of diesel in sheds that no activity explains. A Mkm takes 0.5 GWh of petrol, 0.4 of diesel or 0.2 of
electricity. A GWh of petrol or diesel emits 250 t of fossil CO2 and costs 2 MSEK, of HVO nothing and 3, of electricity
nothing and 1; households pay twice as much for each. A Mkm by car costs 0.5 MSEK beside energy (0.3 if electric) and
others 0.2; by bicycle it is worth 5 to them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from model.build import PreparedCase, build
from model.inputs.municipality import Municipality
from model.projection.replay import Request
from model.vocabulary import FloatArray
from tests.towns.small_town import FUTURE, activity, gases, sectors, small_town, subsectors, use

LAST = 2032
YEARS = np.arange(2024, LAST + 1)
CARRIERS = {"petrol": 2, "diesel": 2, "hvo": 3, "electricity": 1}
"""MSEK per GWh excluding VAT"""
OWNERS = {
    "municipality": ("yes", "market", 0.01, 30),
    "household": ("no", "household", 0.05, 7),
    "firm": ("no", "market", 0.1, 4),
}
"""municipal, price set, rate, payback years"""

_LEVELS = {"petrol_km": 60, "diesel_km": 20, "electric_km": 20, "cycling_km": 10}
_INVENTORY = {"cars": 9500, "sheds": 2500}

Rows = list[dict[str, Any]]


def measured_town(measures: Rows, effects: Rows, **tables: Rows) -> Municipality:
    """The town with these measures. Other tables of measures may be given; by default each measure belongs to the
    municipality, may have 100 units, and nobody pays.
    """
    names = [row["measure"] for row in measures]
    car = {"pool": "car_km", "running_cost": 0.5, "external_cost": 0.2, "cost_unit": "MSEK_2026/Mkm"}
    bicycle = {"external_cost": -5, "cost_unit": "MSEK_2026/Mkm"}
    base: dict[str, Rows] = {
        "sectors": sectors("transport", "heating"),
        "subsectors": subsectors(cars="transport", paths="transport", sheds="heating"),
        "gases": gases(co2=1),
        "carriers": [{"carrier": name} for name in CARRIERS],
        "emission_factors": [
            {"carrier": name, "gas": "co2", "year": 2000, "value": 250, "unit": "t/GWh"}
            for name in ("petrol", "diesel")
        ],
        "prices": [
            {
                "path": "all",
                "item": name,
                "price_set": kind,
                "year": 2026,
                "value": value * more,
                "unit": "MSEK_2026/GWh",
            }
            for name, value in CARRIERS.items()
            for kind, more in (("market", 1), ("household", 2))
        ],
        "activities": [
            activity("petrol_km", "cars", "constant", "Mkm", **car),
            activity("diesel_km", "cars", "constant", "Mkm", **car),
            activity("electric_km", "cars", "constant", "Mkm", **(car | {"running_cost": 0.3})),
            activity("cycling_km", "paths", "constant", "Mkm", **bicycle),
        ],
        "activity_levels": [
            {"activity": name, "year": 2024, "value": value, "unit": "Mkm"} for name, value in _LEVELS.items()
        ],
        "use": [
            use("petrol_km", "petrol", 0.5, "GWh/Mkm"),
            use("diesel_km", "diesel", 0.4, "GWh/Mkm"),
            use("electric_km", "electricity", 0.2, "GWh/Mkm"),
        ],
        "carrier_use": [{"subsector": "sheds", "carrier": "diesel", "year": 2024, "value": 10, "unit": "GWh"}],
        "inventory": [
            {
                "year": 2024,
                "sector": sector,
                "subsector": subsector,
                "gas": "co2e",
                "value": _INVENTORY[subsector],
                "unit": "t_CO2e",
                "vintage": "current",
                "status": "derived",
            }
            for subsector, sector in (("cars", "transport"), ("sheds", "heating"))
        ],
        "owners": [
            {"owner": name, "municipal": municipal, "price_set": price_set, "rate": rate, "payback_years": years}
            for name, (municipal, price_set, rate, years) in OWNERS.items()
        ],
        "indicators": [
            {"indicator": "fossil_co2", "perspective": "territorial", "gas": "co2"},
            {"indicator": "ghg_total", "perspective": "territorial", "gas": "all"},
            {"indicator": "ghg_net", "perspective": "territorial", "gas": "all"},
        ],
        "potentials": [potential(name, 100) for name in names],
        "owner_shares": [share(name) for name in names],
    }
    return small_town(last=LAST, **(base | {"measures": measures, "effects": effects} | tables))


def built(town: Municipality) -> PreparedCase:
    """The town as arrays. What is wrong with it stays in `town.faults`."""
    return build(town, FUTURE)


def measure(name: str, **more: Any) -> dict[str, Any]:
    """A row of `measures`: units of ten years that can be started from 2025 on, without ramp."""
    usual = {
        "category": "travel", "hierarchy": "shift", "unit": "unit", "lifetime": 10, "lead": 0, "first_year": 2025,
        "in_reference": "no",
    }  # fmt: skip
    return {"measure": name, **usual, **more}


def effect(name: str, kind: str, target: str, value: float, unit: str = "Mkm", **more: Any) -> dict[str, Any]:
    """A row of `effects`: an amount per unit."""
    row = {"measure": name, "kind": kind, "target": target, "value": value, "unit": unit}
    return row | {"basis": "amount", "year": 2024} | more


def convert(name: str, source: str = "petrol_km", target: str = "electric_km", **more: Any) -> Rows:
    """Effects of a measure that moves a Mkm per unit from one kind of car to another."""
    return [effect(name, "activity", source, -1, **more), effect(name, "activity", target, 1, **more)]


def switch(name: str, subsector: str = "cars", mode: str = "") -> Rows:
    """Effects of a measure that replaces a GWh of diesel by HVO per unit."""
    where = {"unit": "GWh", "subsector": subsector, "mode": mode}
    return [effect(name, "carrier", "diesel", -1, **where), effect(name, "carrier", "hvo", 1, **where)]


def potential(
    name: str, value: float, year: int = 2025, basis: str = "additional", unit: str = "unit"
) -> dict[str, Any]:
    """A row of `potentials`."""
    return {"measure": name, "year": year, "value": value, "unit": unit, "basis": basis}


def share(name: str, owner: str = "municipality", value: float = 1.0) -> dict[str, Any]:
    """A row of `owner_shares`."""
    return {"measure": name, "owner": owner, "share": value}


def cost(name: str, item: str, value: float, year: int = 2026) -> dict[str, Any]:
    """A row of `costs` in MSEK."""
    return {"measure": name, "item": item, "year": year, "value": value, "unit": "MSEK_2026"}


def relation(name: str, kind: str, other: str, **more: Any) -> dict[str, Any]:
    """A row of `relations`."""
    return {"measure": name, "relation": kind, "other": other, **more}


def request(case_: PreparedCase, **levels: float | list[float]) -> Request:
    """A request for levels by measure, the same in all years or by year."""
    measures = case_.case.measures
    level = np.zeros((1, len(measures.names), len(YEARS)))
    for name, value in levels.items():
        level[0, measures.names.index(name)] = value
    return Request(level, np.full((1, len(measures.mode_names), len(YEARS)), np.nan))


def of(case_: PreparedCase, array: FloatArray, year: int = 2030) -> dict[str, float]:
    """Activity levels (batch, activity, year) of a year by name."""
    at = array[0, :, int(year - YEARS[0])]
    return {name: float(value) for name, value in zip(case_.case.activities, at, strict=True)}


def flow(case_: PreparedCase, array: FloatArray, subsector: str, carrier: str, year: int = 2030) -> float:
    """Carrier use (batch, flow, year) of a subsector in a year, GWh."""
    case = case_.case
    pairs = zip(case.flow_subsector, case.flow_carrier, strict=True)
    names = [(case.subsectors[k], case.carriers[c]) for k, c in pairs]
    return float(array[0, names.index((subsector, carrier)), int(year - YEARS[0])])
