"""A dataset made by hand with all that figures must cope with, and what can be read off a figure."""

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Annotation, Text

from model.figures.drawing.style import applied
from model.texts import LANGUAGES

YEARS = np.arange(2024, 2046)


SECTORS = {  # name: (sv, en, kt in the base year, yearly change)
    "transport": ("Transporter", "Transport", 67.1, 0.96),
    "work_machines": ("Arbetsmaskiner", "Work machines", 24.8, 0.99),
    "agriculture": ("Jordbruk", "Agriculture", 20.4, 0.995),
    "waste": ("Avfall och avlopp", "Waste and wastewater", 8.3, 0.95),
    "product_use": ("Produktanvändning", "Product use", 6.7, 0.97),
    "electricity_district_heat": ("El och fjärrvärme", "Electricity and district heat", 3.6, 1.0),
    "heating": ("Egen uppvärmning", "Own heating", 2.1, 1.0),
    "industry": ("Industri", "Industry", 1.3, 1.0),
    "international_transport": ("Utrikes transporter", "International transport", 0.2, 1.0),
    "land_and_removals": ("Mark och upptag", "Land and removals", 0.0, 1.0),
    "consumption": ("Konsumtion", "Consumption", 300.0, 1.0),
}


SCENARIOS = {  # name: (sv, en, how much of the emissions goes in ten years)
    "reference": ("Beslutad politik", "Decided policy", 0.0),
    "electrification": ("Elektrifiering", "Electrification", 0.15),
    "biofuels": ("Biodrivmedel", "Biofuels", 0.16),
    "mobility": ("Resor och transporter på nya sätt", "Mobility shift", 0.05),
    "strategy": ("Klimatstrategin som vi läser den", "The climate strategy as we read it", 0.2),
    "goal": ("Klimatneutralt 2030 för de pengar som finns", "Climate neutral 2030 for the money there is", 0.4),
    "unlimited": ("Klimatneutralt 2030 utan gräns för pengar", "Climate neutral 2030 without a limit on money", 0.5),
}


FUTURES = {
    "low": ("Låg reduktionsplikt och billigt bränsle", "Low reduction duty and cheap fuel", 1.05),
    "central": ("Dagens reduktionsplikt", "Today's reduction duty", 1.0),
    "high": ("Hög reduktionsplikt och dyrt bränsle", "High reduction duty and dear fuel", 0.88),
}


FUNDS = {  # name: (sv, en, kind, yearly amount, share it pays)
    "own_household": ("Hushållens egna medel", "Households' own money", "own", np.nan, 0.05),
    "own_business": ("Företagens egna medel", "Firms' own money", "own", np.nan, 0.15),
    "grant": ("Klimatklivet", "Klimatklivet (local climate investment grant)", "grant", 50, 0.2),
    "eu": ("EU-medel: regional utveckling och landsbygd", "EU funds: regional and rural development", "grant", 15, 0.1),
    "unused": ("Statens avtal om återvätning och skog", "State agreements on rewetting and forest", "public", 10, 0),
    "investment": (
        "Kommunens investeringsbudget för klimat",
        "Municipal investment budget",
        "municipal_investment",
        100,
        0.3,
    ),
    "operating": ("Kommunens driftbudget för klimat", "Municipal operating budget", "municipal_operating", 30, 0.1),
    "bond": ("Gröna obligationer", "Green bonds", "green_bond", 60, 0),
    "unfunded": ("Ofinansierat", "Not funded", "unfunded", np.nan, 0.1),
}


TARGETS = {
    "fossil": ("Noll fossil koldioxid i området 2030", "No fossil carbon dioxide in the area by 2030"),
    "positive": ("Klimatpositivt område 2040", "Climate-positive area by 2040"),
}


PATHWAYS = {
    "trend": ("Trendlinje (Klimatkollen)", "Trend line (Klimatkollen)"),
    "goal_line": ("Stadens mållinje (CADS)", "City goal line (CADS)"),
}


MEASURES = [
    ("Energirenovering av allmännyttan och offentliga hus", "Energy renovation of public and rental buildings"),
    ("Elskotrar och elfyrhjulingar i besöksnäringen", "Electric snowmobiles and ATVs in tourism"),
    ("Gårdar och skogsfastigheter: biobränsle i stället för olja", "Farm premises: biomass instead of oil"),
    ("Stadsbuss: tätare trafik, busskörfält och hållplatser", "City bus: frequency, priority lanes and stops"),
    *((f"Åtgärd nummer {index}", f"Measure number {index}") for index in range(14)),
]


TERRITORIAL = list(SECTORS.values())[:9]


SUBSECTORS = [f"{name}_{part}" for name in list(SECTORS)[:9] for part in ("a", "b")]
SUBSECTORS += ["biochar", "certificates", "purchases"]


HISTORY_YEARS = [1990, 2000, 2005, 2010, 2015, 2020, 2021, 2022, 2023, 2024]


MONEY, EMITTED = "MSEK_2026", "t_CO2e"


Variables = dict[str, tuple[tuple[str, ...], np.ndarray, str]]
"""Dimensions, values and unit by name."""


USUAL = {"unit": "t_CO2e", "hold": "from", "sense": "at_most"}
"""What kind of target figures draw."""


def world(scenario: str = "reference", future: str = "central", scale: float = 1.0) -> xr.Dataset:
    """A dataset with the structure of `model.outputs.dataset`: small, but with all that figures must cope with."""
    place, (territorial, removed) = list(SCENARIOS).index(scenario), emitted(scenario, future, scale)
    co2e = np.array(
        [part * values for values in territorial for part in (0.7, 0.3)]
        + [removed, 0 * removed, 3e5 + 0 * removed]
    )  # fmt: skip
    indicators = indicator_rows(co2e[:18].sum(axis=0), removed, place)
    variables = emission_variables(co2e, indicators) | money_variables(place) | observed_variables(scale)
    data = xr.Dataset(
        {name: (dims, values, {"units": unit}) for name, (dims, values, unit) in variables.items()},
        coordinates() | labels(indicators),
    )
    return data.assign_attrs(attributes(scenario, future))


def emitted(scenario: str, future: str, scale: float) -> tuple[list[np.ndarray], np.ndarray]:
    """Emissions of each territorial sector and what is removed, by year in t."""
    since = np.clip(YEARS - 2026, 0, None)
    factor = (1 - SCENARIOS[scenario][2] * np.clip(since / 10, 0, 1)) * FUTURES[future][2] ** np.clip(since / 4, 0, 1)
    territorial = [1e3 * scale * size * trend ** (YEARS - 2024) * factor for _, _, size, trend in TERRITORIAL]
    return territorial, -30e3 * scale * np.clip((YEARS - 2038) / 4, 0, 1) * (list(SCENARIOS).index(scenario) > 4)


def indicator_rows(total: np.ndarray, removed: np.ndarray, place: int) -> dict[str, tuple[str, str, np.ndarray]]:
    """Indicators: (sv, en, t by year)."""
    return {
        "fossil_co2": ("Fossil koldioxid", "Fossil carbon dioxide", 0.71 * total),
        "ghg_total": ("Växthusgaser, brutto", "Greenhouse gases, gross", total),
        "ghg_official": ("Växthusgaser, officiellt", "Greenhouse gases, official", total * (1.1 if place > 1 else 1)),
        "ghg_net": ("Växthusgaser, netto", "Greenhouse gases, net", total + removed),
        "removals": ("Upptag och lagring", "Removals", removed),
    }


def emission_variables(co2e: np.ndarray, indicators: dict[str, tuple[str, str, np.ndarray]]) -> Variables:
    """Emissions (subsector, year) in the variables of a dataset, indicators and targets."""
    limits = np.full((len(YEARS), 2), np.inf)
    limits[YEARS >= 2030, 0] = limits[YEARS >= 2040, 1] = 0.0
    by_target = [indicators[name][2] for name in ("fossil_co2", "ghg_net")]
    return {
        "activity_level": (("year", "activity"), np.ones((len(YEARS), 1)), "activity's own unit"),
        "emissions": (("year", "subsector", "gas"), co2e.T[:, :, None] * [0.7, 0.3], "t of gas"),
        "emissions_co2e": (("year", "subsector"), co2e.T, EMITTED),
        "emissions_official": (("year", "subsector"), co2e.T, EMITTED),
        "inventory": (("year", "subsector"), np.where(YEARS[:, None] == 2024, co2e.T, np.nan), EMITTED),
        "carrier_use": (("year", "subsector", "carrier"), np.ones((len(YEARS), len(co2e), 1)), "GWh"),
        "indicator": (("year", "indicator_name"), np.array([row[2] for row in indicators.values()]).T, EMITTED),
        "target_value": (("year", "target"), np.array(by_target).T, EMITTED),
        "target_limit": (("year", "target"), limits, EMITTED),
        "shortfall": (("year", "target"), np.zeros(limits.shape), EMITTED),
    }


def money_variables(place: int) -> Variables:
    """What is done and paid: more the further on a scenario stands, one lumpy measure, nothing in the first."""
    capital = np.zeros((len(YEARS), len(MEASURES)))
    if place:
        started = YEARS >= 2027
        capital[started] = (200.0 * place / (1 + np.arange(len(MEASURES))) ** 1.3) * (
            0.9 ** (YEARS[started, None] - 2027)
        )
        capital[started, 3] = 0.0
        capital[3, 3] = 1276.0  # a lumpy one
    share, amount = (
        np.array([fund[4] for fund in FUNDS.values()]),
        np.array([float(fund[3]) for fund in FUNDS.values()]),
    )
    budget = np.where(YEARS[:, None] >= 2027, amount, 0.0)
    budget[:, np.isnan(amount)] = np.nan
    of_measure, by_measure, own = ("year", "measure"), np.ones_like(capital), "measure's own unit"
    return {
        **dict.fromkeys(("level", "new_units", "installed"), (of_measure, by_measure * bool(place), own)),
        "cut": (of_measure, by_measure * (place == 1), own),
        "payment": (("year", "measure", "fund"), capital[:, :, None] * share, MONEY),
        "budget": (("year", "fund"), budget, MONEY),
        "capital": (of_measure, capital, MONEY),
        **dict.fromkeys(("capital_charge", "fixed_cost", "running_cost", "benefit"), (of_measure, by_measure, MONEY)),
    }


def observed_variables(scale: float) -> Variables:
    """Observed emissions of the territorial sectors, and pathways that others have published, with gaps."""
    history = np.full((len(HISTORY_YEARS), len(SECTORS)), np.nan)
    for column, (_, _, size, _) in enumerate(TERRITORIAL):
        history[:, column] = 1e3 * scale * size * np.array([2.5, 2, 1.9, 1.7, 1.4, 0.97, 0.96, 0.87, 0.85, 1])
    published = np.full((23, 2), np.nan)
    published[[6, 12, 20], 0] = [134e3 * scale, 77e3 * scale, 1e3 * scale]
    published[:, 1] = 184e3 * scale * 0.91 ** np.arange(23)
    return {
        "history": (("history_year", "sector_name"), history, EMITTED),
        "pathway": (("pathway_year", "pathway_name"), published, EMITTED),
    }


def coordinates() -> dict[str, Any]:
    """Coordinates but for labels."""
    names, count = list(SECTORS), len(MEASURES)
    return {
        "year": YEARS, "subsector": SUBSECTORS, "gas": ["co2", "ch4"], "carrier": ["diesel"], "activity": ["driving"],
        "measure": [f"M{index:02}" for index in range(count)], "fund": list(FUNDS), "target": list(TARGETS),
        "history_year": HISTORY_YEARS, "sector_name": names, "pathway_year": range(2018, 2041),
        "pathway_name": list(PATHWAYS),
        "perspective": ("subsector", ["territorial"] * 18 + ["removals", "removals", "consumption"]),
        "sector": ("subsector", [name for name in names[:9] for _ in range(2)]
                   + ["land_and_removals", "land_and_removals", "consumption"]),
        "category": ("measure", ["travel"] * count), "measure_unit": ("measure", ["unit"] * count),
        "fund_kind": ("fund", [fund[2] for fund in FUNDS.values()]),
        "target_indicator": ("target", ["fossil_co2", "ghg_net"]),
        **{f"target_{name}": ("target", [usual] * 2) for name, usual in USUAL.items()},
    }  # fmt: skip


def labels(indicators: dict[str, tuple[str, str, np.ndarray]]) -> dict[str, Any]:
    """The indicators and labels of everything in every language."""
    named = {
        "measure_label": ("measure", MEASURES), "fund_label": ("fund", FUNDS.values()),
        "target_label": ("target", TARGETS.values()), "indicator_label": ("indicator_name", indicators.values()),
        "sector_label": ("sector_name", SECTORS.values()), "pathway_label": ("pathway_name", PATHWAYS.values()),
        "label": ("subsector", [(name, name) for name in SUBSECTORS]),
    }  # fmt: skip
    return {"indicator_name": list(indicators)} | {
        f"{name}_{language}": (dim, [row[column] for row in rows])
        for column, language in enumerate(LANGUAGES)
        for name, (dim, rows) in named.items()
    }


def attributes(scenario: str, future: str) -> dict[str, Any]:
    """What is known of the dataset as a whole."""
    known = {"scenario": scenario, "future": future, "kind": "goal" if list(SCENARIOS).index(scenario) > 4
             else "portfolio", "municipality": "town", "base_year": 2024, "first_decision_year": 2027,
             "price_year": 2026, "price_basis": "real, prices of 2026", "gwp_set": "ar5",
             "fingerprint": "0123456789abcdef"}  # fmt: skip
    for column, language in enumerate(LANGUAGES):
        known |= {f"municipality_{language}": "Östersund", f"scenario_{language}": SCENARIOS[scenario][column],
                  f"future_{language}": FUTURES[future][column]}  # fmt: skip
    return known


def artists(figure: Figure, kind: type, gid: str) -> list:
    return figure.findobj(lambda artist: isinstance(artist, kind) and artist.get_gid() == gid)


def written(figure: Figure) -> str:
    return "\n".join(each.get_text() for each in figure.findobj(Text))


def overlaps(figure: Figure) -> list[str]:
    """Pairs of texts that cover each other, and texts that leave the page."""
    renderer = FigureCanvasAgg(figure).get_renderer()
    with applied():
        for each in figure.findobj(Annotation):
            each.update_positions(renderer)
        texts = [each for each in figure.findobj(Text) if each.get_text().strip() and each.get_visible()]
        boxes = [Text.get_window_extent(each, renderer).padded(-0.5) for each in texts]
    page = figure.bbox.padded(1)
    found = [f"outside: {t.get_text()}" for t, b in zip(texts, boxes, strict=True)
             if b.x0 < page.x0 or b.x1 > page.x1 or b.y0 < page.y0 or b.y1 > page.y1]  # fmt: skip
    for i, one in enumerate(boxes):
        found += [f"{texts[i].get_text()!r} over {texts[j].get_text()!r}" for j in range(i) if one.overlaps(boxes[j])]
    return found
