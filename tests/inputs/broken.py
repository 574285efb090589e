"""How is one thing broken in a copy of the toy town, and where must the message point?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model import ROOT

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
    """whether it hides other faults (what is not read is not checked), or is said otherwise where others are"""

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
LABELLED = (ROOT / TOY / "measures.csv").read_text(encoding="utf-8").replace(",source", ",green_label,source")
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
    for line in (ROOT / COMMON / "prices.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    if "electricity,market" not in line
)

CARRIERS = (
    "indicator,label_sv,label_en,perspective,gas,quantity,carrier,source,confidence\n"
    "ghg_total,a,a,territorial,all,,,derived_here,B\nghg_net,a,a,territorial,all,,,derived_here,B\n"
    "fossil_co2,a,a,territorial,co2,,,derived_here,B\nghg_official,a,a,territorial,all,,,derived_here,B\n"
    "oil,a,a,territorial,,energy,desel,derived_here,B\n"
)
