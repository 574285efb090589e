"""How do the headline numbers open in a Swedish spreadsheet? The overview with semicolons, decimal commas and words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import xarray as xr

from model.outputs.csv_files import write_swedish_csv
from model.plain_text import settled

HEADINGS = (
    "scenario", "scenariots titel", "framtid", "indikator", "vad det är", "år", "värde", "enhet", "perspektiv",
    "prisbas", "status",
)  # fmt: skip
FAMILIES = {
    "ghg": ("Växthusgaser: {}", "sector_name", "sector_label_sv"),
    "energy": ("Energi: {}", "carrier", "carrier_label_sv"),
    "payment": ("Betalas av: {}", "fund", "fund_label_sv"),
    "charge": ("Kapitalkostnad som bärs av: {}", "fund", "fund_label_sv"),
    "overdrawn": ("Saknas i potten: {}", "fund", "fund_label_sv"),
    "lapsed": ("Oanvända pengar som går förlorade: {}", "fund", "fund_label_sv"),
    "shortfall": ("Saknas till målet: {}", "target", "target_label_sv"),
    "cut": ("Enheter som inte kommer i drift: {}", "measure", "measure_label_sv"),
    "idle": ("Enheter som står oanvända: {}", "measure", "measure_label_sv"),
    "": ("{}", "indicator_name", "indicator_label_sv"),
}
"""Of indicators `<family>:<name>`, and of those without a family: what they are, and where names are put in words."""
NAMES = {
    "cumulative": "Växthusgaser, brutto, summa från basåret",
    "investment": "Investeringar som påbörjas, vem som än betalar",
    "payment:unfunded": "Ofinansierat",
    "net_cost": "Nettokostnad: kapitalkostnad, fast och rörlig kostnad jämfört med beslutad politik",
    "net_benefit": "Nettonytta: nyttor minus nettokostnad",
}
WORDS = {
    "reconciled": "avstämt mot statistiken", "projected": "beräknat", "planned": "planerat",
    "territorial": "territoriellt", "consumption": "konsumtion", "organisation": "organisationen",
    "removals": "upptag och lagring", "net": "netto",
    "t_CO2e": "ton CO2e", "percent": "procent", "percent_point": "procentenheter",
}  # fmt: skip
"""Words of the columns unit, perspective and status."""


Row = tuple[str, str, str, int, float, str, str, str, str]
"""As in the overview: scenario, future, indicator, year, value, unit, perspective, price basis and status."""


def write(datasets: Iterable[tuple[xr.Dataset, Iterable[Row]]], path: Path) -> None:
    """Write rows of the overview of each dataset beside `path`, ending in `.sv.csv`, whole or not at all."""

    def lines() -> Iterator[Iterable[str | int]]:
        yield HEADINGS
        for data, rows in datasets:
            words, title = called(data), str(data.attrs["scenario_sv"])
            basis = f"reala priser, {data.attrs['price_year']} års nivå"
            for scenario, future, name, year, value, unit, perspective, money, status in rows:
                yield (
                    scenario, title, future, name, words.get(name, name), year, settled(value), in_swedish(unit),
                    WORDS.get(perspective, perspective),
                    basis if money else "", WORDS.get(status, status),
                )  # fmt: skip

    write_swedish_csv(path, lines())


def in_swedish(unit: str) -> str:
    """A unit in Swedish words."""
    return WORDS.get(unit, unit.replace("_", " "))


def called(data: xr.Dataset) -> Mapping[str, str]:
    """What each indicator is, in Swedish words."""
    found = {}
    for family, (said, names, labels) in FAMILIES.items():
        for name, label in zip(data[names].values, data[labels].values, strict=True):
            found[f"{family}:{name}" if family else str(name)] = said.format(label)
    return found | NAMES
