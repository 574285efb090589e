"""How is an amount of a measure said? What its units are called, one and many, in both languages."""

from __future__ import annotations

from model.figures.drawing.texts import number, rounded
from model.texts import LANGUAGES

UNITS: dict[str, tuple[str, str, str, str]] = {
    # unit of measures: (sv one, sv many, en one, en many); other units are written as they are named
    "bus": ("buss", "bussar", "bus", "buses"),
    "car": ("bil", "bilar", "car", "cars"),
    "charge_point": ("laddpunkt", "laddpunkter", "charge point", "charge points"),
    "cow": ("ko", "kor", "cow", "cows"),
    "depot": ("depå", "depåer", "depot", "depots"),
    "dwelling": ("bostad", "bostäder", "dwelling", "dwellings"),
    "e_bike": ("elcykel", "elcyklar", "e-bike", "e-bikes"),
    "farm": ("gård", "gårdar", "farm", "farms"),
    "ha": ("hektar", "hektar", "hectare", "hectares"),
    "m2": ("m²", "m²", "m²", "m²"),
    "machine": ("maskin", "maskiner", "machine", "machines"),
    "million_meals": ("miljon måltider", "miljoner måltider", "million meals", "million meals"),
    "package": ("paket", "paket", "package", "packages"),
    "participant": ("deltagare", "deltagare", "participant", "participants"),
    "percent_point": ("procentenhet", "procentenheter", "percentage point", "percentage points"),
    "plant": ("anläggning", "anläggningar", "plant", "plants"),
    "shared_car": ("delad bil", "delade bilar", "shared car", "shared cars"),
    "site": ("plats", "platser", "site", "sites"),
    "station": ("station", "stationer", "station", "stations"),
    "stove": ("vedspis", "vedspisar", "stove", "stoves"),
    "t": ("ton", "ton", "t", "t"),
    "t_CO2": ("ton CO₂", "ton CO₂", "t CO₂", "t CO₂"),
    "t_CO2e": ("ton CO₂e", "ton CO₂e", "t CO₂e", "t CO₂e"),
    "t_biochar": ("ton biokol", "ton biokol", "t biochar", "t biochar"),
    "thousand_litre": ("m³", "m³", "m³", "m³"),
    "truck": ("lastbil", "lastbilar", "truck", "trucks"),
    "van": ("lätt lastbil", "lätta lastbilar", "van", "vans"),
    "works": ("verk", "verk", "works", "works"),
}


def amount(value: float, unit: str, language: str) -> str:
    """An amount of a measure with its unit in words; a whole number without decimals."""
    whole = value == 0 or (abs(value - round(value)) < 0.05 and round(value) != 0)
    one, many = UNITS.get(unit, (unit.replace("_", " "),) * 4)[2 * LANGUAGES.index(language) :][:2]
    written = number(value, language) if whole else rounded(value, language)
    if 0 < value < 0.05:
        written = "<" + number(0.1, language, 1)
    return f"{written} {one if whole and round(value) == 1 else many}"
