"""Does every fault in the user's files give one clear message, all of them in one pass, and is nothing touched?

Each row of `BROKEN` breaks one thing in a copy of the toy town and says where the message must point and what it must
name. Lines are not counted here: a fault is expected in the line that was changed, or in one that holds a given text.
"""

from __future__ import annotations

import csv
import io
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from model.inputs.faults import Fault, Faults, InputFaults, Place, nearest
from tests.towns.broken_root import PROJECT, Said, call, toy_root, tree

TOY, COMMON = "inputs/toy", "inputs/common"
MIX, GOAL = "scenarios/portfolios/toy_mix.yaml", "scenarios/goals/toy_fossil_free.yaml"
TITLE = "title: {sv: a, en: a}\n"
OF_MEASURES = {f"{TOY}/{table}.csv" for table in ("effects", "relations", "potentials", "owner_shares", "costs")}
FOUND = "found: {goal: g, future: central, new_units: {PATH: {2030: 1}}, levels: {}}\n"


@dataclass(frozen=True)
class Broken:
    """One thing broken: `old` becomes `new` in a file (None: the whole file; no `new`: it is removed)."""

    name: str
    file: str
    old: str | None
    new: str | bytes | None
    words: tuple[str, ...]
    column: str = ""
    line: int | None = None
    at: tuple[str, str] | None = None
    """(file, text in the line) where the message points, if not at the changed line"""
    also: tuple[tuple[str, str | None, str | None], ...] = ()
    """(file, old, new) what else is changed for it"""
    alone: bool = False
    """whether it hides other faults: what is not read is not checked"""

    @property
    def files(self) -> set[str]:
        """Files that are changed, pointed at or, as they belong to a measure that is refused, not looked at."""
        files = {self.file, *(file for file, _, _ in self.also), *([self.at[0]] if self.at else [])}
        return files | (OF_MEASURES if f"{TOY}/measures.csv" in files else set())

    def apply(self, root: Path) -> str:
        """Break it, and give the place that the message must begin with."""
        for file, old, new in self.also:
            Broken(self.name, file, old, new, ()).apply(root)
        path = root / self.file
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        if self.old is None:
            if isinstance(self.new, bytes):
                path.write_bytes(self.new)
            elif self.new is not None:
                path.write_text(self.new, encoding="utf-8")
            else:
                path.unlink()
            line = self.line
        else:
            assert isinstance(self.new, str) and before.count(self.old) == 1, (self.name, self.old)
            path.write_text(before.replace(self.old, self.new), encoding="utf-8")
            line = self.line or before[: before.index(self.old)].count("\n") + 1
        file = self.file
        if self.at is not None:
            file, text = self.at
            content = (root / file).read_text(encoding="utf-8")
            assert content.count(text) == 1, (self.name, text)
            line = content[: content.index(text)].count("\n") + 1
        return f"{file}{f':{line}' if line else ''}{f' [{self.column}]' if self.column else ''}: found "


def cell(name: str, table: str, old: str, new: str, column: str, *words: str) -> Broken:
    """One cell of a toy table changed."""
    return Broken(name, f"{TOY}/{table}.csv", old, new, words, column)


def whole(name: str, file: str, text: str, line: int, *words: str) -> Broken:
    """A whole file replaced."""
    return Broken(name, file, None, text, words, line=line)


def portfolio(name: str, text: str, line: int, *words: str) -> Broken:
    """Another content of a portfolio of the study; its title is line 1."""
    return whole(name, MIX, TITLE + text, line, *words)


def goal(name: str, text: str, line: int, *words: str) -> Broken:
    """Another content of a goal of the study; its title, objective and targets are lines 1 to 3."""
    return whole(name, GOAL, f"{TITLE}objective: least_emissions\ntargets: [fossil_free]\n{text}", line, *words)


COST = "PATH,capital,2026,4,MSEK_2026,toy,C,"
TWO_MODES = (
    "BIO,,activity,bio_heat,,amount,,1,GWh,2027,toy,C,\n"
    "BIO,two,activity,oil_heat,,amount,,-1,GWh,2027,toy,C,\nBIO,two,activity,bio_heat,,amount,,1,GWh,2027,toy,C,\n"
)
BACK_AGAIN = (
    "POINT,,activity,oil_heat,,amount,,1,GWh,2027,toy,C,\nPOINT,,activity,bio_heat,,amount,,-1,GWh,2027,toy,C,\n"
)

FUNDS = (
    "fund,label_sv,label_en,kind,pays,order,carry_over,carry_over_unit,price_basis,charged_to,source,confidence,note\n"
)
POTS = (
    "households,a,a,own,capital,1,0,MSEK_2026,real,,toy,C,\n",
    "investment,a,a,municipal_investment,capital,2,0,MSEK_2026,real,,toy,C,\n",
    "operating,a,a,municipal_operating,support,3,0,MSEK_2026,real,,toy,C,\n",
)
DEBTS = "fund,pot,lift,rate,years,repayment,unit,source,confidence,note\n"
TERMS = "fund,only_unprofitable,least_effect,effect_unit,own_share,application_years,source,confidence,note\n"
LABELLED = (PROJECT / TOY / "measures.csv").read_text(encoding="utf-8").replace(",source", ",green_label,source")
LABELLED = LABELLED.replace(",toy,C,", ",,toy,C,").replace(",,toy,C,one", ",renewable_enrgy,toy,C,one")
CATEGORIES = "green_label,label_sv,label_en,source,confidence,note\nrenewable_energy,a,a,toy,C,\n"


def funds(*changes: tuple[str, str], more: str = "") -> str:
    """The toy town's funds with parts of them changed, and more of them."""
    text = FUNDS + "".join(POTS) + more
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def funded(name: str, column: str, line: int, text: str, *words: str, **more: Any) -> Broken:
    """Other funds of the toy town."""
    return Broken(name, f"{TOY}/funds.csv", None, text, words, column, line, **more)


def owed(name: str, column: str, row: str, *words: str) -> Broken:
    """One debt, and a loan 'extra'."""
    also = ((f"{TOY}/funds.csv", None, funds(more=fund_row("loan"))),)
    return Broken(name, f"{TOY}/debts.csv", None, f"{DEBTS}{row},MSEK_2026,toy,C,\n", words, column, 2, also=also)


def granted(name: str, column: str, row: str, *words: str, pays: str = "capital") -> Broken:
    """Terms of one fund, and a grant 'extra'."""
    also = ((f"{TOY}/funds.csv", None, funds(more=fund_row("grant", pays))),)
    return Broken(name, f"{TOY}/grants.csv", None, f"{TERMS}{row},toy,C,\n", words, column, 2, also=also)


def fund_row(kind: str, pays: str = "capital", carry_over: int = 0, name: str = "extra") -> str:
    return f"{name},a,a,{kind},{pays},4,{carry_over},MSEK_2026,real,,toy,C,\n"


PRICES = "".join(
    line
    for line in (PROJECT / COMMON / "prices.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    if "electricity,market" not in line
)

CARRIERS = (
    "indicator,label_sv,label_en,perspective,gas,quantity,carrier,source,confidence\n"
    "ghg_total,a,a,territorial,all,,,derived_here,B\nghg_net,a,a,territorial,all,,,derived_here,B\n"
    "fossil_co2,a,a,territorial,co2,,,derived_here,B\nghg_official,a,a,territorial,all,,,derived_here,B\n"
    "oil,a,a,territorial,,energy,desel,derived_here,B\n"
)

BROKEN = [
    # --- files and columns
    Broken("missing file", f"{TOY}/costs.csv", None, None, ("no such file", "measure, item")),
    Broken("file with another name", f"{TOY}/cost.csv", None, "", ("table 'cost'", "'costs'?"),
           also=((f"{TOY}/costs.csv", None, None),)),
    Broken("table in the wrong folder", f"{TOY}/prices.csv", None, "path,item\n", ("'prices'", f"{COMMON}/prices.csv")),
    Broken("not UTF-8", f"{TOY}/measures.csv", None, "measure\nVäg".encode("latin-1"), ("not UTF-8", "e4"), line=2,
           alone=True),
    whole("empty file", f"{TOY}/costs.csv", "", 1, "no columns", "measure, item"),
    whole("semicolons", f"{TOY}/costs.csv", "measure;item;year\nPATH;capital;2026\n", 1, "semicolons", "commas"),
    whole("no header", f"{TOY}/costs.csv", f"{COST}\n", 1, "does not name the columns", "measure, item"),
    Broken("unknown column", f"{TOY}/costs.csv", "value,unit", "vaule,unit", ("'vaule'", "Did you mean 'value'?")),
    Broken("column of another name", f"{TOY}/costs.csv", "value,unit", "amount,unit", ("'amount'", "'value'?")),
    Broken("missing column", f"{TOY}/owner_shares.csv", None,
           "measure,owner,source,confidence\nPATH,municipality,toy,C\n", ("no column 'share'", "owner"), line=1),
    Broken("column twice", f"{TOY}/budgets.csv", ",note\n", ",fund\n", ("column 'fund' twice",)),
    cell("wrong number of cells", "costs", COST, COST + ",", "", "9 values", "8 values"),
    cell("decimal comma without quotes", "costs", "2026,4,", "2026,4,5,", "", "9 values", "point"),
    # --- cells
    cell("text for a number", "costs", "2026,4,", "2026,four,", "value", "'four'", "a number"),
    cell("decimal comma", "costs", "2026,4,", '2026,"4,5",', "value", "'4,5'", "point as decimal sign"),
    cell("NaN", "costs", "2026,4,", "2026,NaN,", "value", "'NaN'", "finite"),
    cell("infinite", "costs", "2026,4,", "2026,1e999,", "value", "'1e999'", "finite"),
    cell("empty required cell", "costs", "2026,4,", "2026,,", "value", "nothing", "a number"),
    cell("empty text", "measures", "BIO,Biovärme", "BIO,", "label_sv", "nothing", "a value"),
    cell("name with a space", "measures", "renewable_energy,switch", "renewable energy,switch", "category",
         "'renewable energy'", "identifier"),
    cell("negative potential", "potentials", "2027,10,km", "2027,-10,km", "value", "'-10'", "at least 0"),
    cell("negative capital cost", "costs", "2026,4,", "2026,-4,", "value", "'-4'", "at least 0"),
    cell("share above 1", "owner_shares", "CAR,household,1", "CAR,household,1.5", "share", "'1.5'", "at most 1"),
    cell("lifetime of no year", "measures", "GWh,1,0", "GWh,0,0", "lifetime", "'0'", "at least 1"),
    cell("half a year", "measures", "GWh,1,0", "GWh,1,0.5", "lead", "'0.5'", "whole number"),
    cell("year is not a number", "potentials", "PATH,2027", "PATH,soon", "year", "'soon'", "whole number"),
    cell("year outside range", "potentials", "PATH,2027", "PATH,20277", "year", "'20277'", "at most 2200"),
    cell("word that is not offered", "measures", "renewable_energy,switch", "renewable_energy,swich", "hierarchy",
         "'swich'", "avoid, shift", "Did you mean 'switch'?"),
    cell("confidence", "costs", "toy,C,a kilometre", "toy,D,a kilometre", "confidence", "'D'", "A, B, C"),
    # --- units
    cell("wrong unit", "potentials", "10,km", "10,hour", "unit", "'hour'", "turns into km"),
    cell("other price year", "costs", "2026,4,MSEK_2026", "2026,4,MSEK_2024", "unit", "'MSEK_2024'", "MSEK_2026"),
    cell("budget of no year", "budgets", "10,MSEK_2026/year", "10,MSEK_2026", "unit", "'MSEK_2026'", "/year"),
    cell("no unit", "direct_emissions", "200,t/Mkm", "200,t/Mkm/", "unit", "'t/Mkm/'", "t/(Mkm)"),
    cell("inventory in another unit", "inventory", "16000,t_CO2e,current,official",
         "16000,GWh,current,official", "unit", "'GWh'", "t_CO2e"),
    cell("pool of two units", "activities", "Electric car,cars,car_km,Mkm", "Electric car,cars,car_km,km", "unit",
         "'km'", "'Mkm'", "petrol_car_km"),
    # --- keys and references
    Broken("key twice", f"{TOY}/costs.csv", COST, f"{COST}\n{COST}again",
           ("measure 'PATH'", "again", "first in inputs/toy/costs.csv:2"), at=(f"{TOY}/costs.csv", f"{COST}again")),
    Broken("source twice, in two files", f"{TOY}/sources.csv", "toy,assumption",
           "emissions_database,official,Again,,,\ntoy,assumption",
           ("'emissions_database' again", f"{COMMON}/sources.csv")),
    cell("unknown source", "costs", "toy,C,a kilometre", "tyo,C,a kilometre", "source", "'tyo'",
         f"{COMMON}/sources.csv or {TOY}/sources.csv", "'toy'?"),
    cell("source missing", "costs", "toy,C,a kilometre", ",C,a kilometre", "source", "nothing", "one of the sources"),
    cell("effect of an unknown measure", "effects", "BIO,,activity,oil_heat", "BOI,,activity,oil_heat", "measure",
         "'BOI'", "'BIO'?"),
    cell("effect on an unknown activity", "effects", "CAR,,activity,petrol_car_km", "CAR,,activity,petrol_car",
         "target", "activity 'petrol_car'", "'petrol_car_km'?"),
    cell("effect on an unknown pool", "effects", "pool,car_km", "pool,cars_km", "target", "pool 'cars_km'",
         "'car_km'?"),
    cell("effect on an unknown carrier", "effects", "BIO,,activity,oil_heat,,",
         "BIO,,carrier,heating_oli,residential_heating,", "target", "'heating_oli'", "'heating_oil'?"),
    cell("effect in an unknown subsector", "effects", "BIO,,activity,oil_heat,,",
         "BIO,,carrier,heating_oil,residental_heating,", "subsector", "'residental_heating'", "'residential_heating'?"),
    cell("effect on a carrier that nobody uses", "effects", "BIO,,activity,oil_heat,,",
         "BIO,,carrier,heating_oil,residential_heating,", "target", "'heating_oil'", "there is no carrier"),
    cell("effect as share of an unknown activity", "effects", "CAR,,activity,electric",
         "POINT,,activity,bio_heat,,share,oil_heet,0.1,fraction,2027,toy,C,\nCAR,,activity,electric", "share_of",
         "'oil_heet'", "'oil_heat'?"),
    cell("relation to an unknown measure", "relations", "enables,CAR", "requires,CARS", "other", "'CARS'", "'CAR'?"),
    cell("relation to itself", "relations", "enables,CAR", "requires,POINT", "other", "'POINT'", "another measure"),
    cell("unknown owner", "owner_shares", "CAR,household", "CAR,houshold", "owner", "'houshold'", "'household'?"),
    cell("unknown fund in budgets", "budgets", "operating,2027", "operatin,2027", "fund", "'operatin'", "'operating'?"),
    cell("unknown category", "eligibility", "investment,municipality,any", "investment,municipality,sustainable_travle",
         "category", "'sustainable_travle'", "'sustainable_travel'?"),
    cell("unknown indicator", "targets", "Fossil free,fossil_co2", "Fossil free,fosil_co2", "indicator",
         "'fosil_co2'", "'fossil_co2'?"),
    cell("unknown reference activity", "measures", "no,0,electric_car_km", "no,0,electric_cars", "reference_activity",
         "'electric_cars'", "'electric_car_km'?"),
    cell("inventory of an unknown sector", "inventory", "2024,waste,,", "2024,wast,,", "sector", "'wast'", "'waste'?"),
    cell("inventory of a subsector elsewhere", "inventory", "2024,waste,biological_treatment", "2024,waste,cars",
         "subsector", "'cars'", "subsector of 'waste'"),
    Broken("unknown item in prices", f"{COMMON}/prices.csv", "\nall,jet_fuel,market,2026",
           "\nall,jet_fule,market,2026", ("'jet_fule'", "'jet_fuel'?"), "item",
           at=(f"{COMMON}/prices.csv", "all,jet_fule,market,2026")),
    Broken("unknown gas in an indicator", f"{COMMON}/indicators.csv", "Fossil carbon dioxide,territorial,co2,",
           "Fossil carbon dioxide,territorial,co3,", ("'co3'", "'co2'?"), "gas"),
    # --- tables that do not fit together
    cell("pool that is added to", "effects", "pool,car_km,,amount,,-1", "pool,car_km,,amount,,1", "value",
         "'1' of pool 'car_km'", "negative"),
    cell("column filled in vain", "effects", "CAR,,activity,petrol_car_km,,", "CAR,,activity,petrol_car_km,cars,",
         "subsector", "'cars'", "'carrier' for 'kind'"),
    Broken("amounts and shares in one series", f"{TOY}/effects.csv", "CAR,,activity,petrol_car_km",
           "CAR,,activity,petrol_car_km,,share,,-0.1,fraction,2030,toy,C,\nCAR,,activity,petrol_car_km",
           ("'amount'", "'share' as in line 4"), "basis", at=(f"{TOY}/effects.csv", "petrol_car_km,,amount")),
    Broken("cycle of measures", f"{TOY}/effects.csv", "PATH,,pool", f"{BACK_AGAIN}PATH,,pool",
           ("feed each other", "BIO", "POINT", "->"), "measure"),
    Broken("modes with one source", f"{TOY}/effects.csv", "BIO,,activity,bio_heat,,amount,,1,GWh,2027,toy,C,\n",
           TWO_MODES, ("'' and 'two' of 'BIO'", "'oil_heat'"), "mode",
           at=(f"{TOY}/effects.csv", "BIO,two,activity,oil_heat")),
    Broken("owner shares", f"{TOY}/owner_shares.csv", "CAR,household,1", "CAR,household,0.5",
           ("'CAR'", "add up to 0.5", f"{TOY}/owner_shares.csv"), "measure", at=(f"{TOY}/measures.csv", "CAR,Elbilar")),
    Broken("no owner", f"{TOY}/owner_shares.csv", "CAR,household,1,toy,C,\n", "", ("'CAR'", "add up to 0"), "measure",
           at=(f"{TOY}/measures.csv", "CAR,Elbilar")),
    Broken("no potential", f"{TOY}/potentials.csv", "POINT,2027,40,ten_points,additional,toy,C,\n", "",
           ("no potential of 'POINT'", f"{TOY}/potentials.csv"), "measure", at=(f"{TOY}/measures.csv", "POINT,")),
    Broken("no level", f"{TOY}/activity_levels.csv", "compost_methane,2024,50,t,toy,C,", "",
           ("'compost_methane' without a level", "activity_levels.csv"), "driver",
           at=(f"{TOY}/activities.csv", "compost_methane")),
    cell("target without a limit", "targets", "2030,0,t_CO2e", "2030,,t_CO2e", "limit", "nothing", "'evaluable'"),
    cell("target on what statistics show", "targets", "Fossil free,fossil_co2", "Fossil free,ghg_official", "indicator",
         "'ghg_official'", "accounting 'activity'"),
    cell("first year of a target that is not added up", "targets", "15000,t_CO2e,from,1,yes,,",
         "15000,t_CO2e,from,1,yes,2027,", "since", "'2027'", "'cumulative' for 'hold'"),
    cell("budget that begins after its year", "targets", "2032,60,kt_CO2e,cumulative,1,yes,2027",
         "2032,60,kt_CO2e,cumulative,1,yes,2033", "since", "'2033'", "2024", "2032"),
    cell("budget that begins before the base year", "targets", "cumulative,1,yes,2027", "cumulative,1,yes,2020",
         "since", "'2020'", "2024 (the base year)"),
    cell("budget over before decisions begin", "targets", "2032,60,kt_CO2e,cumulative,1,yes,2027",
         "2025,60,kt_CO2e,cumulative,1,yes,", "since", "means 2027", "2025"),
    cell("budget of shares", "targets", "15,percent,from,2,yes,,", "15,percent,cumulative,2,yes,,", "hold",
         "'cumulative' for a share", "not added up"),
    cell("share in tonnes", "targets", "15,percent,from", "15,t_CO2e,from", "unit", "'t_CO2e'", "percent"),
    cell("sense that is not offered", "targets", "at_least", "atleast", "sense", "'atleast'", "'at_least'?"),
    cell("share of an unknown activity", "shares", "cycling_km,1", "cycling,1", "activity", "'cycling'",
         "'cycling_km'?"),
    cell("share in two units", "shares", "electric_car_km,1,fraction", "electric_car_km,1,trip/km", "unit",
         "'trip/km'", "(fraction)*(Mkm)", "line 2"),
    cell("share that counts nothing", "shares", "1,fraction,yes", "1,fraction,no", "counted", "only 'no'", "both"),
    Broken("share of nothing", f"{TOY}/shares.csv", None,
           "indicator,label_sv,label_en,activity,weight,unit,counted,source,confidence\n"
           "cycling_share,a,a,bio_heat,1,fraction,yes,toy,C\ncycling_share,a,a,bio_heat_2,1,fraction,no,toy,C\n",
           ("a share of nothing in 2024", "every year"), "indicator", line=2,
           also=((f"{TOY}/activities.csv", "compost_methane,",
                  "bio_heat_2,a,a,residential_heating,,GWh,none,0,0,MSEK_2026/GWh,toy,C,\ncompost_methane,"),)),
    Broken("share with the name of a sum", f"{COMMON}/indicators.csv", "certificates,Köpta", "cycling_share,Köpta",
           ("'cycling_share' again", "indicators.csv"), "indicator",
           at=(f"{TOY}/shares.csv", "cycling_km,")),
    Broken("sum of emissions and energy", f"{COMMON}/indicators.csv", "activity,energy,",
           "activity,energy,derived_here,B,\nenergy,a,a,removals,co2_removed,forest_uptake,activity,emissions,",
           ("'emissions'", "'energy' as in line"), "quantity",
           at=(f"{COMMON}/indicators.csv", "activity,emissions,")),
    Broken("emissions of no gas", f"{COMMON}/indicators.csv", "Fossil carbon dioxide,territorial,co2,",
           "Fossil carbon dioxide,territorial,,", ("nothing", "'all'"), "gas"),
    Broken("gas of energy", f"{COMMON}/indicators.csv", "Energy used in the area,territorial,,",
           "Energy used in the area,territorial,co2,", ("'co2'", "'emissions' for 'quantity'"), "gas"),
    Broken("energy as statistics show it", f"{COMMON}/indicators.csv", "activity,energy,", "official,energy,",
           ("'official' for energy", "'activity'"), "accounting"),
    Broken("unknown carrier in an indicator", f"{COMMON}/indicators.csv", None, CARRIERS,
           ("'desel'", "'diesel'?"), "carrier", at=(f"{COMMON}/indicators.csv", "desel")),
    Broken("carrier of emissions", f"{COMMON}/indicators.csv", None, CARRIERS.replace(",,energy,desel", ",all,,diesel"),
           ("'diesel'", "'energy' for 'quantity'"), "carrier", at=(f"{COMMON}/indicators.csv", "diesel")),
    cell("year gap before the first level", "activity_levels", "cycling_km,2024", "cycling_km,2026", "year",
         "'2026'", "2024"),
    Broken("year gap in the inventory", f"{TOY}/inventory.csv", "2024,transport,,",
           "2023,transport,,co2e,1,t_CO2e,current,official,toy,C,,,\n2022,waste,,co2e,1,t_CO2e,current,official,toy,C,,,\n"
           "2024,transport,,", ("'waste' for 2023 after that of 2022",), "year",
           at=(f"{TOY}/inventory.csv", "2022,waste")),
    Broken("inventory of a subsector missing", f"{TOY}/inventory.csv",
           "2024,waste,biological_treatment,co2e,1400,t_CO2e,current,derived,toy,C,,,\n", "",
           ("only a total of 'waste'", "subsectors of 'waste'"), "subsector",
           at=(f"{TOY}/inventory.csv", "2024,waste,,")),
    Broken("inventory of a sector missing", f"{TOY}/inventory.csv",
           "2024,waste,,co2e,1400,t_CO2e,current,official,toy,C,,,\n"
           "2024,waste,biological_treatment,co2e,1400,t_CO2e,current,derived,toy,C,,,\n", "",
           ("'biological_treatment' that emits", f"{TOY}/inventory.csv"), "subsector",
           at=(f"{COMMON}/subsectors.csv", "biological_treatment,waste")),
    cell("inventory of what does not emit", "inventory", "2024,waste,biological_treatment,co2e,1400",
         "2024,waste,landfill,co2e,10,t_CO2e,current,derived,toy,C,,,\n2024,waste,biological_treatment,co2e,1390",
         "value", "'10'", "'landfill'"),
    Broken("two sets of warming potentials", f"{COMMON}/gases.csv", "ch4,ar5", "ch4,ar4",
           ("'ar4' for gas 'ch4'", "'ar5'"), "gwp_set"),
    Broken("no price for a carrier", f"{COMMON}/prices.csv", None, PRICES,
           ("no price 'electricity'", "'market'", "'all'")),
    # --- who pays
    funded("charged to a fund that pays capital", "charged_to", 3,
           funds(("capital,2,0,MSEK_2026,real,,", "capital,2,0,MSEK_2026,real,households,")), "'households'",
           "a fund that pays support: operating"),
    funded("charged to an unknown fund", "charged_to", 3,
           funds(("capital,2,0,MSEK_2026,real,,", "capital,2,0,MSEK_2026,real,operatin,")), "'operatin'",
           "'operating'?"),
    funded("support that is charged", "charged_to", 4,
           funds(("support,3,0,MSEK_2026,real,,", "support,3,0,MSEK_2026,real,operating,")),
           "'operating' for a fund that pays support", "nothing"),
    funded("own money that is charged", "charged_to", 2,
           funds(("capital,1,0,MSEK_2026,real,,", "capital,1,0,MSEK_2026,real,operating,")),
           "'operating' for a fund that pays an owner's own money"),
    Broken("no internal rate", f"{TOY}/municipality.yaml", None,
           (PROJECT / TOY / "municipality.yaml").read_text(encoding="utf-8"),
           ("no 'internal_rate'", "extra, investment", "0.0275"),
           also=((f"{TOY}/funds.csv", None,
                  funds(("capital,2,0,MSEK_2026,real,,", "capital,2,0,MSEK_2026,real,operating,"),
                        ("capital,4,0,MSEK_2026,real,,", "capital,4,0,MSEK_2026,real,operating,"),
                        more=fund_row("public"))),)),
    funded("own money that pays support", "pays", 5, funds(more=fund_row("own", "support")), "'support' for kind 'own'",
           "'capital'"),
    funded("loan that pays support", "pays", 5, funds(more=fund_row("loan", "support")), "'support' for kind 'loan'",
           also=((f"{TOY}/debts.csv", None, f"{DEBTS}extra,investment,0,0.03,5,straight,MSEK_2026,toy,C,\n"),)),
    funded("loan without terms", "kind", 5, funds(more=fund_row("loan")), "'loan' without terms", "'extra'",
           f"{TOY}/debts.csv"),
    funded("loan that waits", "carry_over", 5, funds(more=fund_row("loan", carry_over=5)), "'5'", "0: what is not",
           also=((f"{TOY}/debts.csv", None, f"{DEBTS}extra,investment,0,0.03,5,annuity,MSEK_2026,toy,C,\n"),)),
    funded("green bond without categories", "kind", 5, funds(more=fund_row("green_bond")),
           "'green_bond', but no green categories", f"{TOY}/green_categories.csv",
           also=((f"{TOY}/debts.csv", None, f"{DEBTS}extra,investment,0,0.03,5,bullet,MSEK_2026,toy,C,\n"),)),
    Broken("debt of a fund that is no loan", f"{TOY}/debts.csv", None,
           f"{DEBTS}operating,investment,0,0.03,5,bullet,MSEK_2026,toy,C,\n",
           ("'operating' of kind", "green_bond, loan"), "fund", 2),
    owed("debt for a pot that is no investment pot", "pot", "extra,operating,0,0.03,5,bullet", "'operating' of kind",
         "'municipal_investment': investment"),
    owed("debt for an unknown pot", "pot", "extra,investmnt,0,0.03,5,bullet", "'investmnt'", "'investment'?"),
    owed("debt repaid in no known way", "repayment", "extra,investment,0,0.03,5,anuity", "'anuity'", "'annuity'?"),
    owed("interest above 1", "rate", "extra,investment,0,3,5,bullet", "'3'", "at most 1"),
    owed("negative lift", "lift", "extra,investment,-1,0.03,5,bullet", "'-1'", "at least 0"),
    granted("effect of a grant in no unit", "effect_unit", "extra,no,0.5,kg/SEK_2026,0,0", "'kg/SEK_2026'", "t_CO2e/"),
    granted("own share above 1", "own_share", "extra,no,0,kg_CO2e/SEK_2026,1.2,0", "'1.2'", "at most 1"),
    granted("negative effect", "least_effect", "extra,no,-1,kg_CO2e/SEK_2026,0,0", "'-1'", "at least 0"),
    granted("application of half a year", "application_years", "extra,no,0,kg_CO2e/SEK_2026,0,0.5", "'0.5'", "whole"),
    granted("terms of an unknown fund", "fund", "househlds,no,0,kg_CO2e/SEK_2026,0,0", "'househlds'", "'households'?"),
    granted("terms of what is no grant", "fund", "operating,no,0,kg_CO2e/SEK_2026,0,0",
            "'operating' of kind 'municipal_operating'", "'grant': extra"),
    granted("own share of support", "own_share", "extra,no,0,kg_CO2e/SEK_2026,0.3,0",
            "'0.3' for a grant that pays support", "0: ", pays="support"),
    Broken("unknown green label", f"{TOY}/measures.csv", None, LABELLED,
           ("'renewable_enrgy'", f"{TOY}/green_categories.csv", "'renewable_energy'?"), "green_label", 5,
           also=((f"{TOY}/green_categories.csv", None, CATEGORIES),)),
    # --- settings and futures
    Broken("unknown set of warming potentials", f"{TOY}/municipality.yaml", "gwp_set: ar5", "gwp_set: ar6",
           ("'ar6'", "'ar5'?"), alone=True),
    Broken("unknown vintage", f"{TOY}/municipality.yaml", "vintage: current", "vintage: curent",
           ("'curent'", "'current'?")),
    Broken("base year without inventory", f"{TOY}/municipality.yaml", "base_year: 2024", "base_year: 2023",
           ("'2023'", "2024"), alone=True),
    Broken("decisions before the base year", f"{TOY}/municipality.yaml", "first_decision_year: 2027",
           "first_decision_year: 2020", ("'2020'", "after the base year")),
    Broken("misspelt key of the settings", f"{TOY}/municipality.yaml", "base_year:", "base_yaer:",
           ("'base_yaer'", "'base_year'?")),
    Broken("unknown path in a future", "scenarios/futures/central.yaml", "mandate: central", "mandate: centrl",
           ("'centrl' for 'mandate'", "'central'?")),
    Broken("misspelt key of a future", "scenarios/futures/central.yaml", "prices: central", "price: central",
           ("key 'price'", "'prices'?")),
    # --- portfolios
    portfolio("misspelt key", "levles: {PATH: {2030: 8 km}}\n", 2, "'levles'", "'levels'?"),
    whole("misspelt key below another", MIX, "title: {sv: a, enn: b}\n", 1, "'title.enn'", "'en'?"),
    whole("missing key", MIX, "title: {sv: a}\n", 1, "no key 'title.en'", "required"),
    portfolio("YAML syntax", "levels: {PATH: {2030: 8 km}\n", 3, "bad YAML", "YAML 1.2"),
    portfolio("tab", "levels:\n\tPATH: {}\n", 3, "\\t", "spaces"),
    portfolio("YAML key twice", "levels: {}\nlevels: {}\n", 3, "duplicate key", "levels", "each key once"),
    Broken("YAML that is not UTF-8", MIX, None, "title: {sv: å}".encode("latin-1"), ("not UTF-8",), line=1),
    whole("a list for a document", MIX, "- PATH\n", 1, "no keys", "keys and values"),
    portfolio("extends itself", "extends: toy_mix\n", 2, "'toy_mix', which extends this file"),
    portfolio("extends nothing", "extends: toy_referense\n", 2, "'toy_referense'", "'toy_reference'?"),
    portfolio("unknown measure", "levels:\n  PAHT: {2030: 8 km}\n", 3, "measure 'PAHT'", "'PATH'?"),
    portfolio("level in another unit", "levels:\n  PATH: {2030: 8 cars}\n", 3, "'8 cars'", "'10 km'"),
    portfolio("level with a decimal comma", "levels:\n  PATH:\n    2030: 8,5 km\n", 4, "'8,5 km'", "'10 km'"),
    portfolio("negative level", "levels:\n  PATH: {2030: -8 km}\n", 3, "'-8 km'", "at least 0"),
    portfolio("shares and numbers", "levels:\n  PATH: {2030: 8 km, 2032: 80 %}\n", 3, "shares and numbers", "one kind"),
    portfolio("level without a year", "levels:\n  PATH: {shape: step}\n", 3, "no year for 'PATH'"),
    portfolio("level in a year outside", "levels:\n  PATH: {2050: 8 km}\n", 3, "'2050'", "2025 to 2032"),
    portfolio("level in no year", "levels:\n  PATH: {soon: 8 km}\n", 3, "'soon'", "2025 to 2032"),
    portfolio("unknown shape", "levels:\n  PATH: {2030: 8 km, shape: linaer}\n", 3, "'linaer'", "'linear'?"),
    portfolio("level that is no level", "levels:\n  PATH: 8 km\n", 3, "'8 km' for 'levels.PATH'", "keys with values"),
    portfolio("budget without unit", "budgets:\n  investment: 10\n", 3, "'10'", "'100 MSEK/year'"),
    portfolio("budget of wrong unit", "budgets:\n  investment: 10 km/year\n", 3, "'10 km/year'", "'100 MSEK/year'"),
    portfolio("budget of an unknown fund", "budgets:\n  investmnt: 1 MSEK/year\n", 3, "'investmnt'", "'investment'?"),
    Broken("levels that exclude each other", MIX, None,
           f"{TITLE}levels:\n  POINT: {{2030: 1 ten_points}}\n  CAR: {{2030: 1 hundred_cars}}\n",
           ("both 'POINT' and 'CAR'", f"{TOY}/relations.csv:2"), line=4,
           also=((f"{TOY}/relations.csv", "enables,CAR", "excludes,CAR"),)),
    portfolio("levels and found", f"levels: {{CAR: {{2030: 1}}}}\n{FOUND}", 2, "both 'levels' and 'found'"),
    portfolio("found with a misspelt key", FOUND.replace("goal", "gaol"), 2, "'found.gaol'", "'goal'?"),
    portfolio("found in a year outside", FOUND.replace("2030", "2050"), 2, "year 2050", "2024 to 2032"),
    portfolio("found in an unknown mode", FOUND.replace("levels: {}", "levels: {PATH: {b: {2030: 1}}}"), 2,
              "mode 'b' of 'PATH'"),
    # --- goals and studies
    whole("unknown objective", GOAL, f"{TITLE}objective: least_emission\n", 2, "'least_emission'",
          "'least_emissions'?"),
    whole("unknown target", GOAL, f"{TITLE}objective: least_cost\ntargets:\n- fossil_fre\n", 4, "'fossil_fre'",
          "'fossil_free'?"),
    whole("targets that are no list", GOAL, f"{TITLE}objective: least_cost\ntargets: fossil_free\n", 3, "'targets'",
          "a list"),
    Broken("target that cannot be computed", f"{TOY}/targets.csv", "30,15000,t_CO2e,only,1,yes",
           "30,15000,t_CO2e,only,1,no", ("'low_once', which cannot be computed", "fossil_free"),
           at=("scenarios/goals/toy_low_once.yaml", "targets")),
    goal("unknown measure required", "require: [PAHT]\n", 4, "'PAHT'", "'PATH'?"),
    goal("lift of an unknown fund", "lifts: {bonds: 5 MSEK/year}\n", 4, "'bonds'", "nothing: there is no debt"),
    goal("lift of what is no debt", "lifts: {operating: 5 MSEK/year}\n", 4, "debt 'operating'"),
    goal("carbon value in no unit", "carbon_value: 9 km\n", 4, "'9 km' for 'carbon_value'", "'9.2 SEK/kg'"),
    goal("negative carbon value", "carbon_value: -9 SEK/kg\n", 4, "'-9 SEK/kg'", "at least 0"),
    Broken("no carbon value", GOAL, None, f"{TITLE}objective: best_value\n", ("no value of carbon", "'co2'"),
           also=((f"{COMMON}/valuations.csv", "co2,9.2", "co2_old,9.2"),)),
    goal("required and excluded", "require: [PATH]\nexclude: [PATH]\n", 5, "'PATH' both required and excluded"),
    goal("start before decisions", "start: 2020\n", 4, "'2020' for 'start'", "2027 to 2032"),
    goal("window that runs backwards", "window: [2032, 2030]\n", 4, "'2032, 2030'", "2027 to 2032"),
    goal("gap above 1", "gap: 2\n", 4, "'2' for 'gap'", "below 1"),
    goal("budgets of one word", "budgets: unlimitd\n", 4, "'unlimitd'", "unlimited"),
    Broken("required without what it requires", GOAL, None,
           f"{TITLE}objective: least_cost\nrequire: [POINT]\nexclude: [CAR]\n",
           ("'POINT' required without 'CAR'", f"{TOY}/relations.csv:2"), line=4,
           also=((f"{TOY}/relations.csv", "enables,CAR", "requires,CAR"),)),
    Broken("required and excluding each other", GOAL, None, f"{TITLE}objective: least_cost\nrequire: [POINT, CAR]\n",
           ("both 'POINT' and 'CAR'", f"{TOY}/relations.csv:2"), line=3,
           also=((f"{TOY}/relations.csv", "enables,CAR", "excludes,CAR"),)),
    Broken("required without any potential", GOAL, None, f"{TITLE}objective: least_cost\nrequire:\n- BIO\n",
           ("'BIO', which has no potential",), line=4, also=((f"{TOY}/potentials.csv", "20,GWh", "0,GWh"),)),
    Broken("decided already", GOAL, None, f"{TITLE}objective: least_cost\nrequire:\n- POINT\n",
           ("'POINT'", "in_reference is 'yes'"), line=4,
           also=((f"{TOY}/measures.csv", "5,,no,5", "5,,yes,5"),)),
    Broken("unknown future", "scenarios/studies/toy.yaml", "[central]", "[centrl]", ("future 'centrl'", "'central'?"),
           alone=True),
    Broken("unknown scenario", "scenarios/studies/toy.yaml", "toy_cheapest", "toy_cheapset",
           ("scenario 'toy_cheapset'", "'toy_cheapest'?")),
    Broken("unknown municipality", "scenarios/studies/toy.yaml", "municipality: toy", "municipality: tyo",
           ("'inputs/tyo'", "'toy'?"), alone=True),
    Broken("misspelt key of a study", "scenarios/studies/toy.yaml", "futures:", "future:",
           ("key 'future'", "'futures'?")),
    Broken("unknown scenario shown only", "scenarios/studies/toy.yaml", "municipality: toy",
           "only_shown: [toy_mx]\nmunicipality: toy",
           ("'toy_mx' for 'only_shown'", "one of the scenarios the study runs", "'toy_mix'?")),
    Broken("explaining a portfolio", "scenarios/studies/toy.yaml", "municipality: toy",
           "explain: [toy_mix]\nmunicipality: toy",
           ("'toy_mix' for 'explain'", "one of the goals the study runs: toy_cheapest")),
    Broken("a curve of a goal that is not run", "scenarios/studies/toy.yaml", "municipality: toy",
           "frontier: [toy_little_bio_heat]\nmunicipality: toy",
           ("'toy_little_bio_heat' for 'frontier'", "one of the goals the study runs")),
    Broken("scenario twice", "scenarios/studies/toy.yaml", "toy_cheapest", "toy_reference",
           ("'toy_reference' twice", "each of the scenarios once")),
]  # fmt: skip


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The toy town with results of an earlier run."""
    folder = toy_root(tmp_path / "root")
    results = folder / "outputs" / "toy" / "results"
    results.mkdir(parents=True)
    (results / "toy_mix.central.nc").write_bytes(b"from before")
    (results.parent / "manifest.json").write_text("{}", encoding="utf-8")
    return folder


def checked(said: Said, count: int) -> list[str]:
    """The faults of a call that must have found so many, and nothing else."""
    assert said.code == 1, said
    assert said.out == "" and "Traceback" not in said.err
    counted = f"{count} fault{'s' if count > 1 else ''} in the input. Nothing was computed, nothing was changed."
    assert said.err.splitlines()[-1] == counted, said.err
    return said.faults


def matches(fault: str, place: str, broken: Broken) -> bool:
    return fault.startswith(place) and "; allowed: " in fault and all(word in fault for word in broken.words)


def test_names_are_unique() -> None:
    assert len({broken.name for broken in BROKEN}) == len(BROKEN) >= 25


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.name)
def test_one_fault_gives_one_message_and_touches_nothing(
    broken: Broken, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = broken.apply(root)
    before = tree(root)
    (fault,) = checked(call(capsys, root, "study", "toy"), 1)
    assert matches(fault, place, broken), (fault, place)
    assert tree(root) == before


def rounds() -> list[list[Broken]]:
    """All faults that do not hide others, in few groups; those of a group are in different files."""
    groups: list[list[Broken]] = []
    for broken in BROKEN:
        if broken.alone:
            continue
        for group in groups:
            if not any(broken.files & other.files for other in group):
                group.append(broken)
                break
        else:
            groups.append([broken])
    return groups


@pytest.mark.parametrize("group", rounds(), ids=lambda group: f"{len(group)} faults")
def test_all_faults_come_in_one_pass(group: list[Broken], root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    places = [broken.apply(root) for broken in group]
    faults = checked(call(capsys, root, "study", "toy"), len(group))
    for place, broken in zip(places, group, strict=True):
        assert sum(matches(fault, place, broken) for fault in faults) == 1, (place, broken.name, faults)


def test_faults_in_the_terms_of_several_grants_come_in_one_pass(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    more = fund_row("grant") + fund_row("grant", name="other")
    (root / TOY / "funds.csv").write_text(funds(more=more), encoding="utf-8")
    rows = "extra,no,0.5,kg/SEK_2026,0,0,toy,C,\nother,no,0.5,kg_CO2e/SEK_2020,0,0,toy,C,\noperating,no,0,,0,0,toy,C,\n"
    (root / TOY / "grants.csv").write_text(TERMS + rows, encoding="utf-8")
    faults = checked(call(capsys, root, "study", "toy"), 3)
    for line, words in ((2, "'kg/SEK_2026'"), (3, "'kg_CO2e/SEK_2020'"), (4, "'operating' of kind")):
        assert sum(fault.startswith(f"{TOY}/grants.csv:{line} ") and words in fault for fault in faults) == 1, faults


def test_musts_that_cannot_all_be_had_are_found_by_the_solver_and_touch_nothing(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Bio heat costs more than oil heat each year, so somebody must pay for operating it; nobody may."""
    text = "objective: least_emissions\nbudgets: {operating: 0 MSEK/year}\nrequire: [BIO]\n"
    (root / GOAL).write_text(TITLE + text, encoding="utf-8")
    before = tree(root / "outputs")
    (fault,) = checked(call(capsys, root, "optimise", "toy_fossil_free", "--municipality", "toy"), 1)
    assert fault.startswith(f"{GOAL}:4: found ") and f"'BIO' is required ({GOAL}:4)" in fault
    assert f"a unit needs 0.5 MSEK of support a year; fund 'operating' gives 0 MSEK a year ({GOAL}:3)" in fault
    assert tree(root / "outputs") == before


def test_faults_of_a_real_municipality(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Tables that the toy town does without."""
    root = toy_root(tmp_path, "ostersund")
    town = "inputs/ostersund"
    changes = {
        f"{town}/fleet.csv": ("electric_car_km", "electric_cars_km", "[activity]: found 'electric_cars_km'"),
        f"{town}/use.csv": (",kWh/km,", ",kWh,", "[unit]: found 'kWh'"),
        f"{town}/carrier_use.csv": ("industry_energy,", "industry_enrgy,", "Did you mean 'industry_energy'?"),
        f"{town}/parameters.csv": ("mean_life,car,", "mean_live,car,", "no parameter 'mean_life' of 'car'"),
        f"{town}/pathways.csv": ("t_CO2e", "GWh", "[unit]: found 'GWh'"),
        f"{town}/catalogue.csv": ("\nEV01,", "\nEV91,", "[measure]: found 'EV91'"),
        f"{COMMON}/blends.csv": ("petrol,", "pertol,", "Did you mean 'petrol'?"),
        "scenarios/portfolios/mobility.yaml": ("levels:\n", "levels:\n  XX99: {2030: 1 km}\n", "measure 'XX99'"),
    }
    for file, (old, new, _) in changes.items():
        text = (root / file).read_text(encoding="utf-8")
        assert old in text, file
        (root / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    said = call(capsys, root, "check")
    assert said.code == 1 and len(said.faults) == len(changes), said.err
    for file, (_, _, words) in changes.items():
        assert sum(fault.startswith(file) and words in fault for fault in said.faults) == 1, (file, said.faults)


JUNK = ("", "nan", "-1", "x", "1e400", "0", "€", "2024;3", '"', "1,5", "toy", "PATH", "car_km", "2024", "co2", "GWh")


def damaged(seed: int, root: Path) -> None:
    """One cell of a table overwritten, or one row doubled or lost."""
    rng = random.Random(seed)
    path = rng.choice(sorted((root / "inputs").rglob("*.csv")))
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    line = rng.randrange(len(rows))
    what = rng.choice(("cell", "cell", "cell", "doubled", "lost"))
    if what == "cell":
        rows[line][rng.randrange(len(rows[line]))] = rng.choice(JUNK)
    elif what == "doubled":
        rows.insert(line, rows[line])
    else:
        rows.pop(line)
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")


def test_whatever_is_damaged_nothing_worse_than_a_fault_comes_of_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two damages at a time in towns of their own: found, or harmless, never a fault of the toolkit."""
    for seed in range(40):
        root = toy_root(tmp_path / str(seed))
        damaged(2 * seed, root)
        damaged(2 * seed + 1, root)
        said = call(capsys, root, "check", "toy")
        assert said.code in (0, 1), (seed, said.err)
        assert "Traceback" not in said.err and bool(said.faults) == bool(said.code), (seed, said.err)


def test_a_fault_repeated_down_a_column_is_shown_once(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = root / TOY / "potentials.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",toy,C,", ",toy,D,"), encoding="utf-8")
    said = call(capsys, root, "check", "toy")
    (line,) = said.faults
    assert line.startswith(f"{TOY}/potentials.csv:2 [confidence]: found 'D'")
    assert line.endswith("The same in lines 3, 4, 5 (4 in all).")
    assert said.err.splitlines()[-1].startswith("4 faults")


# --- the collector ---------------------------------------------------------------------------------


def test_what_follows_from_a_refused_row_is_not_said_again() -> None:
    faults, place = Faults(), Place("file.csv", 2)
    faults.reject("owners", ["household", "1"])
    faults.add(place, "'household'", "an owner", ["farm"], "household", depends_on=("owners",))
    faults.add(place, "shares that add up to 0.5", "1", depends_on=("owners",))
    assert not faults
    faults.add(place, "'houshold'", "an owner", ["farm"], "houshold", depends_on=("owners",))
    faults.add(place, "'household'", "an owner", ["farm"], "household", depends_on=("measures",))
    faults.add(place, "shares that add up to 0.5", "1")
    assert [(fault.found, fault.nearest) for fault in faults.found] == [
        ("'houshold'", "household"),
        ("'household'", ""),
        ("shares that add up to 0.5", ""),
    ]
    faults.incomplete.add("measures")
    faults.add(place, "'nobody'", "a measure", ["somebody"], "nobody", depends_on=("measures",))
    assert len(faults.found) == 3


def test_faults_are_sorted_and_the_same_is_said_once() -> None:
    later, sooner = Fault(Place("b.csv", 3), "x", "y"), Fault(Place("b.csv", 2, "unit"), "x", "y", "z")
    other = Fault(Place("a.csv"), "x", "y")
    error = InputFaults([later, sooner, later, other])
    assert [str(fault) for fault in error.faults] == [
        "a.csv: found x; allowed: y.",
        "b.csv:2 [unit]: found x; allowed: y. Did you mean 'z'?",
        "b.csv:3: found x; allowed: y.",
    ]


@pytest.mark.parametrize(("name", "expected"), [("EV011", "EV01"), ("ev01", "EV01"), ("zzz", ""), ("", "")])
def test_nearest_name(name: str, expected: str) -> None:
    assert nearest(name, ["EV01", "EV12", "HVO"]) == expected
