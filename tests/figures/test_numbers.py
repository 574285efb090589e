"""Do the texts of figures, as they are written to SVG, say the numbers of `summary.csv`?"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
import xarray as xr

from model import ROOT
from model.figures.drawing.style import applied
from model.figures.drawing.texts import number, rounded
from model.figures.registry import figure_jobs
from model.inputs.faults import Faults
from model.outputs import summary
from model.studies.study import prepare, run
from model.texts import LANGUAGES

Results = dict[tuple[str, str], xr.Dataset]
Series = dict[int, float]
YEAR, SECTORS_FROM = 2030, 5e-4
NUMBER = re.compile("−?\\d[\\d\u2009.,]*")
STUDIES = {
    "ostersund": (("reference", "electrification", "biofuels"), ("central", "mandate_high")),
    "toy": (("toy_reference", "toy_mix", "toy_low_from"), ("central",)),
}


class Table:
    """`summary.csv` as it was written."""

    def __init__(self, path: Path) -> None:
        self.series: dict[tuple[str, str, str], Series] = defaultdict(dict)
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                self.series[row["scenario"], row["future"], row["indicator"]][int(row["year"])] = float(row["value"])

    def of(self, data: xr.Dataset, indicator: str) -> Series:
        """A series of a run; nothing in all years where no row is written of it."""
        found = self.series.get((data.attrs["scenario"], data.attrs["future"], indicator))
        return found or dict.fromkeys(map(int, data.year.values), 0.0)

    def total(self, data: xr.Dataset, indicator: str) -> float:
        """A series summed over the years."""
        return sum(self.of(data, indicator).values())


def said(path: Path) -> set[str]:
    """Numbers in the texts of an SVG file: they are drawn as curves, each with the words in a comment."""
    words = " ".join(re.findall(r"<!-- (.*?) -->", path.read_text(encoding="utf-8"), re.DOTALL))
    return {each.rstrip(".,\u2009") for each in NUMBER.findall(words)}


def wanted(kind: str, data: Results, of: xr.Dataset, table: Table, language: str) -> Iterator[tuple[str, str]]:
    """What a figure must say, by the summary: what it is, and the number as it is written."""
    shown = [each for (_, future), each in data.items() if future == "central"]
    ghg = max(table.of(of, "ghg_total").values())

    def kt(what: str, value: float) -> tuple[str, str]:
        return what, number(value / 1e3, language, 1) if ghg >= 5e3 else number(value, language)

    def money(what: str, value: float) -> list[tuple[str, str]]:
        return [(what, rounded(value, language))] if value > 0.05 else []

    limited = str(of.target_indicator.values[0])
    target = str(of.target.values[0])
    base, last = int(of.attrs["base_year"]), int(of.year.values[-1])
    if kind in ("pathways", "comparison"):
        yield kt("base year", table.of(of, "ghg_total")[base])
        for each in shown:
            yield kt(f"{each.attrs['scenario']} ghg", table.of(each, "ghg_total")[YEAR])
            if kind == "pathways" and limited != "ghg_total":
                yield kt(f"{each.attrs['scenario']} {limited}", table.of(each, limited)[YEAR])
            if kind == "comparison":
                yield kt(f"{each.attrs['scenario']} shortfall", table.of(each, f"shortfall:{target}")[YEAR])
    if kind == "gap":
        yield from (kt(name, table.of(of, name)[YEAR]) for name in (limited, f"shortfall:{target}"))
    if kind == "fan":
        every = [table.of(each, "ghg_total")[YEAR] for (name, _), each in data.items() if name == of.attrs["scenario"]]
        yield from (kt("low", min(every)), kt("high", max(every)), kt("difference", max(every) - min(every)))
    if kind == "sectors":
        names = [f"ghg:{name}" for name in of.sector_name.values]
        several = [name for name in names if max(table.of(of, name).values()) > SECTORS_FROM * ghg]
        removed = ["removals", "ghg_net"] if min(table.of(of, "removals").values()) < 0 else []
        for name in (*several, *removed, "ghg_total", *([limited] if limited != "ghg_total" else [])):
            yield from (kt(f"{name} {year}", table.of(of, name)[year]) for year in (base, YEAR, last))
    if kind == "investment":
        spent = table.of(of, "investment")
        yield from money("all", sum(spent.values()))
        yield from money("soon", sum(value for year, value in spent.items() if year <= YEAR))
        yield from (each for year, value in list(spent.items())[3:13] for each in money(str(year), value))
    if kind in ("payments", "pots"):
        for fund, of_kind in zip(map(str, of.fund.values), of.fund_kind.values, strict=True):
            paid, charge = (table.total(of, f"{flow}:{fund}") for flow in ("payment", "charge"))
            budget = float(of.budget.sel(fund=fund).sum(skipna=False))
            if kind == "pots" and of_kind not in ("municipal_investment", "municipal_operating"):
                continue
            yield from money(f"{fund} uses", paid + charge)
            yield from money(f"{fund} charge", charge)
            yield from money(f"{fund} lacks", table.total(of, f"overdrawn:{fund}"))
            if paid + charge > 0.01 * budget:
                yield from money(f"{fund} loses", table.total(of, f"lapsed:{fund}"))
        yield from money("all", sum(table.total(of, f"payment:{fund}") for fund in of.fund.values))


def told(
    data: Results, table: Table, language: str, folder: Path, only: tuple[str, ...] = ()
) -> Iterator[tuple[str, list[str], int]]:
    """Each figure, what it does not say although the summary does, and how many numbers were compared."""
    first = next(iter(data.values()))
    by_scenario = {name: each for (name, future), each in data.items() if future == "central"}
    for job in figure_jobs(data, "central", str(first.attrs["scenario"]), language, only=only):
        kind, _, name = job.name.partition("_")
        pairs = list(wanted(kind, data, by_scenario.get(name, first), table, language))
        if pairs:
            path = folder / f"{job.name}.svg"
            with applied():
                job.draw(*job.arguments).savefig(path, format="svg")
            there = said(path)
            yield job.name, [f"{what}: {value}" for what, value in pairs if value not in there], len(pairs)


@pytest.fixture(scope="module", params=STUDIES)
def study(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Results, Table]:
    batch = prepare("figures", request.param, *STUDIES[request.param], ROOT, Faults())
    data = {(each.attrs["scenario"], each.attrs["future"]): each for _, each, _ in run(batch, 1, lambda _: None)}
    path = tmp_path_factory.mktemp("summary") / "summary.csv"
    summary.write(data.values(), path)
    return data, Table(path)


@pytest.mark.parametrize("language", LANGUAGES)
def test_figures_say_the_numbers_of_the_summary(study: tuple[Results, Table], language: str, tmp_path: Path) -> None:
    found = list(told(*study, language, tmp_path))
    assert [(name, lacking) for name, lacking, _ in found if lacking] == []
    assert sum(count for *_, count in found) > 50
    assert {"pathways", "comparison"} < {name for name, *_ in found}


def test_a_number_that_a_figure_does_not_say_is_found(study: tuple[Results, Table], tmp_path: Path) -> None:
    data, table = study
    other = Table.__new__(Table)
    other.series = {key: {year: 1.02 * value for year, value in each.items()} for key, each in table.series.items()}
    wrong = ("pathways", "comparison", "investment")
    found = list(told(data, other, "sv", tmp_path, wrong))
    assert len(found) > 2 and all(missing for _, missing, _ in found)
