"""A dataset with pots, debt, the gap explained and trade-off curves, made from that of the other figures' tests."""

from typing import Any

import numpy as np
import xarray as xr

from tests.towns.drawn_town import YEARS, world

FIRST = 2027
AREAS = {  # id: (sv, en)
    "sustainable_travel": ("Hållbara resor och transporter", "Sustainable travel and transport"),
    "fossil_free_machines": ("Fossilfria arbetsmaskiner", "Fossil-free machines"),
    "renewable_energy": ("Förnybar energi", "Renewable energy"),
    "efficient_energy": ("Energieffektivisering", "Efficient energy"),
    "land_and_farming": ("Jord, skog och mark", "Land and farming"),
    "carbon_removal": ("Koldioxidupptag", "Carbon removal"),
}
UNITS = ("charge_point", "package", "thousand_litre", "hundred_cars")
MODEST = 0.2
"""Share of the money of `world` that is spent here, so that pots last."""
CAPITAL_YEARS, RATE, INFLATION = 20, 0.02, 0.02
FUND_COLUMNS = {  # fund: (pays, pot it finances, pot that carries its charge)
    "investment": ("capital", "", "operating"),
    "bond": ("capital", "investment", "operating"),
    "operating": ("support", "", ""),
}


def analysed(scenario: str = "goal", future: str = "central", scale: float = 1.0) -> xr.Dataset:
    """`world` with everything that is known of an analysed scenario."""
    data = world(scenario, future, scale)
    return curves(gap(money(measures(data)), scale), scale)


def measures(data: xr.Dataset) -> xr.Dataset:
    """Areas, units, lead times, and levels that rise, with one measure that ends and one that is all at once."""
    count = data.sizes["measure"]
    names = list(AREAS)
    area = [names[min(index // 4, index % 6)] for index in range(count)]
    lead = np.arange(count) % 3
    share = np.clip((YEARS[:, None] - FIRST - lead + 1) / (3 + np.arange(count) % 5), 0, 1)
    level = share * (1 + 37.5 * (np.arange(count) % 4)) * (YEARS[:, None] >= FIRST + lead)
    level[:, 3] = YEARS >= 2029
    level[YEARS > 2036, 5] = 0.0
    started = data.capital > 0
    return data.assign(level=data.level * level, new_units=data.new_units * started).assign_coords(
        category=("measure", area),
        category_label_sv=("measure", [AREAS[name][0] for name in area]),
        category_label_en=("measure", [AREAS[name][1] for name in area]),
        measure_unit=("measure", [UNITS[index % 4] for index in range(count)]),
        measure_lead=("measure", lead),
    )


def money(data: xr.Dataset) -> xr.Dataset:
    """Pots whose uses add up to what was available, and the debt of a bond that pays a third of the investment pot."""
    funds = list(data.fund.values)
    payment = data.payment.values * MODEST
    pot, bond, operating = (funds.index(name) for name in ("investment", "bond", "operating"))
    payment[:, :, bond] = payment[:, :, pot] / 3
    payment[:, :, pot] -= payment[:, :, bond]
    payment[:, :, funds.index("own_business")] += payment[:, :, -1]
    payment[:, :, -1] = 0.0
    paid, budget = payment.sum(axis=1), data.budget.values
    annuity = RATE / (1 - (1 + RATE) ** -CAPITAL_YEARS)
    charge = np.full(budget.shape, np.nan)
    charge[:, np.isfinite(budget).all(axis=0)] = 0.0
    borrowed = paid[:, bond]
    for year in range(len(YEARS)):
        charge[year, operating] = annuity * paid[: year + 1, [pot, bond]].sum() / 6
    waiting, lapsed, overdrawn = (np.full(budget.shape, np.nan) for _ in range(3))
    carried = np.zeros(budget.shape[1])
    cap = np.where(np.arange(len(funds)) == pot, 80.0, 0.0)
    for year in range(len(YEARS)):
        left = budget[year] + carried / (1 + INFLATION) - paid[year] - charge[year]
        overdrawn[year] = np.maximum(-left, 0.0)
        waiting[year] = np.clip(left, 0.0, cap)
        lapsed[year] = np.maximum(left - waiting[year], 0.0)
        carried = np.nan_to_num(waiting[year])
    debt, service, ceilings = (np.full(budget.shape, np.nan) for _ in range(3))
    debt[:, bond] = np.cumsum(borrowed) * 0.93 ** np.arange(len(YEARS))
    service[:, bond] = 0.08 * debt[:, bond]
    ceilings[:, bond] = 150.0
    lift = np.where(np.arange(len(funds)) == bond, 0.0, np.nan) + np.zeros(budget.shape)
    series = {"charge": charge, "waiting": waiting, "lapsed": lapsed, "overdrawn": overdrawn, "lift": lift,
              "debt": debt, "debt_service": service, "debt_ceiling": ceilings,
              "service_ceiling": np.where(np.isnan(ceilings), np.nan, np.inf)}  # fmt: skip
    units = data.payment.attrs
    columns = [FUND_COLUMNS.get(name, ("capital", "", "")) for name in funds]
    return data.assign(
        payment=(("year", "measure", "fund"), payment, units),
        capital=(data.capital * MODEST).assign_attrs(units),
        **{name: (("year", "fund"), values, units) for name, values in series.items()},
    ).assign_coords(
        {name: ("fund", [row[place] for row in columns])
         for place, name in enumerate(("fund_pays", "fund_pot", "fund_charged_to"))}
    )  # fmt: skip


def gap(data: xr.Dataset, scale: float = 1.0, lifted: tuple[float, ...] = (4e3, 21e3, -900.0, 12e3)) -> xr.Dataset:
    """The gap to the first target explained; `lifted` in t for money, speed, potential and policy, in that order."""
    plan = float(data.target_value.sel(target="fossil", year=2030))
    own, each = 120.0 * scale, np.array(lifted) * scale
    attributes: dict[str, Any] = {
        "gap_target": "fossil", "gap_year": 2030, "gap_plan": plan, "gap_least": plan - own, "gap_limit": 0.0,
        "gap_rest": plan - own - each.sum(), "gap_tolerance": 160.0 * scale, "gap_unit": "t_CO2e",
    }  # fmt: skip
    shapley = each.mean() + 0.8 * (each - each.mean())
    return data.assign(
        gap_lifted=("limit_kind", each, {"units": "t_CO2e"}), gap_shapley=("limit_kind", shapley, {"units": "t_CO2e"})
    ).assign_coords(limit_kind=["money", "speed", "potential", "policy"]).assign_attrs(attributes)  # fmt: skip


def curves(data: xr.Dataset, scale: float = 1.0) -> xr.Dataset:
    """Emissions against the yearly budget, and cumulative emissions against net cost."""
    plan = float(data.target_value.sel(target="fossil", year=2030))
    budget = np.linspace(0, 300, 61)
    relaxed = plan * (0.86 + 0.3 * np.exp(-budget / 90))
    whole = np.array([0.0, 50, 100, 150, 200, 300])
    found = np.interp(whole, budget, relaxed) + plan * 0.011
    emitted = np.linspace(1350, 2050, 41) * scale
    cost = 40 + 9000 * np.exp(-(emitted / scale - 1350) / 190)
    fixed = np.where(emitted < 1480 * scale, np.nan, cost * 1.04 + 30)
    series = {
        "sweep_budget": ("sweep", budget), "sweep_relaxed": ("sweep", relaxed),
        "sweep_fixed": ("sweep", relaxed + plan * 0.02 * (1 + budget / 200)),
        "sweep_whole_budget": ("sweep_whole", whole), "sweep_whole": ("sweep_whole", found),
        "sweep_whole_bound": ("sweep_whole", found - plan * np.linspace(0.002, 0.009, 6)),
        "trade_emissions": ("trade", emitted), "trade_relaxed": ("trade", cost), "trade_fixed": ("trade", fixed),
    }  # fmt: skip
    return data.assign(series).assign_attrs(
        sweep_target="fossil", sweep_year=2030, sweep_funds="investment,operating", sweep_gap=150.0 * scale
    )
