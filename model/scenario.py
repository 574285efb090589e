"""Which scenarios are there, and do they make sense for this municipality? Reads and checks what a strategist wrote."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from model import constraints, units
from model.columns import (
    Debt,
    Effect,
    Fund,
    Mandate,
    Measure,
    Parameter,
    Population,
    Price,
    Relation,
    Row,
    Target,
    Valuation,
)
from model.debts import prices
from model.documents import Lines, read_document
from model.faults import Faults, Place, listing
from model.financing import Financing
from model.municipality import Municipality
from model.musts import contradictions
from model.schema import Found, Future, Goal, Portfolio, Study
from model.tables import shown
from model.vocabulary import DECIDED, MASS, ONE_MODE, FloatArray

QUANTITY = re.compile(r"^\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(\S.*?)?\s*$")
SHAPES = ("linear", "logistic", "step")


@dataclass(frozen=True)
class Scenario:
    """A portfolio or a goal, with its name and where its keys stand."""

    name: str
    content: Portfolio | Goal
    lines: Lines
    file: str

    def place(self, *path: str) -> Place:
        """Where a key stands; the nearest key above it if it does not."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return Place(self.file)


def names(root: Path, kind: str) -> list[str]:
    """The files of a kind: futures, portfolios, goals or studies."""
    return sorted(path.stem for path in (root / "scenarios" / kind).glob("*.yaml"))


def load_study(name: str, root: Path, faults: Faults) -> tuple[Study, Lines] | None:
    """A study and where its keys stand."""
    return read_document(root / "scenarios" / "studies" / f"{name}.yaml", Study, root, faults)


def check_study(study: Study, root: Path, lines: Lines, whole: Place, faults: Faults) -> None:
    """Note what a study names twice, or asks to be shown and does not run."""
    for kind, listed in (("futures", study.futures), ("scenarios", study.scenarios)):
        for number, name in enumerate(listed):
            if name in listed[:number]:
                place = lines.get((kind, str(number)), whole)
                faults.add(place, f"'{name}' twice", f"each of the {kind} once")
    for key, shown_one, known in (
        ("shown_future", study.shown_future, study.futures),
        ("fan_scenario", study.fan_scenario, study.scenarios),
    ):
        if shown_one is not None and shown_one not in known:
            allowed = f"one of those the study runs: {listing(known)}"
            faults.add(lines.get((key,), whole), f"'{shown_one}' for '{key}'", allowed, known, shown_one)
    goals = names(root, "goals")
    for key, known in (("only_shown", study.scenarios), ("explain", goals), ("frontier", goals)):
        for number, name in enumerate(getattr(study, key)):
            run = [each for each in study.scenarios if each in known]
            if name not in run:
                place, what = lines.get((key, str(number)), whole), "scenarios" if key == "only_shown" else "goals"
                allowed = f"one of the {what} the study runs: {listing(run)}"
                faults.add(place, f"'{name}' for '{key}'", allowed, run, name)


def load_future(
    name: str, root: Path, faults: Faults, town: Municipality | None = None, said: Place | None = None
) -> Future | None:
    """A future, or None with its faults noted; with `town`, its paths are looked up in the municipality's tables.

    `said` is where the name was given, if not on the command line.
    """
    known_futures = names(root, "futures")
    if said is not None and name not in known_futures:
        faults.add(said, f"future '{name}'", f"one of {listing(known_futures)}", known_futures, name)
        return None
    read = read_document(root / "scenarios" / "futures" / f"{name}.yaml", Future, root, faults)
    if read is None or town is None:
        return read[0] if read else None
    future, lines = read
    before = len(faults.found)
    for key, (kind, table) in _PATHS.items():
        known = {str(getattr(row, "path", "")) for row in town.rows(kind)} - {"observed", DECIDED, "all"}
        path, place = getattr(future, key), lines.get((key,), Place(f"scenarios/futures/{name}.yaml"))
        if known and path not in known:
            faults.add(place, f"'{path}' for '{key}'", f"one of {listing(known)}", known, path, rests_on=(table,))
    return future if len(faults.found) == before else None


_PATHS: dict[str, tuple[type[Row], str]] = {
    "mandate": (Mandate, "mandates"),
    "prices": (Price, "prices"),
    "population": (Population, "population"),
    "uptake": (Parameter, "parameters"),
}
"""Key of a future: the table in which its path must stand."""


def load_scenario(name: str, root: Path, faults: Faults, said: Place | None = None) -> Scenario | None:
    """A portfolio or goal by its name, or a portfolio file by its path (ending in .yaml), from here or from `root`.

    `said` is where the name was given, if not on the command line.
    """
    if name.endswith(".yaml"):
        path = Path(name) if Path(name).exists() else root / name
        return _read(path.stem, path, Portfolio, root, faults)
    for kind, folder in ((Portfolio, "portfolios"), (Goal, "goals")):
        path = root / "scenarios" / folder / f"{name}.yaml"
        if path.exists():
            return _read(name, path, kind, root, faults)
    known = names(root, "portfolios") + names(root, "goals")
    faults.add(said or Place("scenarios"), f"scenario '{name}'", f"one of {listing(known)}", known, name)
    return None


def _read(name: str, path: Path, kind: type[Portfolio | Goal], root: Path, faults: Faults) -> Scenario | None:
    read = read_document(path, kind, root, faults)
    if read is None:
        return None
    return Scenario(name, read[0], read[1], shown(path, root))


def with_options(scenario: Scenario, options: Mapping[str, Any]) -> Scenario:
    """A goal with options of the command line instead of its own keys; portfolios as they are."""
    given = {key: value for key, value in options.items() if value}
    content = scenario.content
    if not given or not isinstance(content, Goal):
        return scenario
    lines = dict(scenario.lines)
    if "budgets" in given:
        lines |= {("budgets", fund): Place(f"--budget {fund}={text}") for fund, text in given["budgets"].items()}
        given["budgets"] = ({} if content.budgets == "unlimited" else dict(content.budgets)) | given["budgets"]
    lines |= {("targets", str(n)): Place(f"--target {name}") for n, name in enumerate(given.get("targets", ()))}
    return replace(scenario, content=Goal.model_validate(content.model_dump() | given), lines=lines)


def check(scenario: Scenario, town: Municipality, faults: Faults) -> None:
    """Note everything in a scenario that the municipality's tables do not allow."""
    content = scenario.content
    if isinstance(content, Portfolio):
        _check_portfolio(scenario, content, town, faults)
    else:
        _check_goal(scenario, content, town, faults)
    if content.budgets != "unlimited":
        for fund, text in content.budgets.items():
            place = scenario.place("budgets", fund)
            pots = [row.fund for row in town.rows(Fund) if row.kind != "own"]
            _known(fund, pots, "fund", place, faults)
            amount(text, town, place, faults)
    for fund, text in content.lifts.items():
        place = scenario.place("lifts", fund)
        _known(fund, [row.fund for row in town.rows(Debt)], "debt", place, faults)
        amount(text, town, place, faults)
    if isinstance(content, Goal) and (content.objective == "best_value" or content.carbon_value is not None):
        carbon_value(content, town, scenario.place("carbon_value"), faults)


def amount(text: str, town: Municipality, place: Place, faults: Faults) -> float:
    """A yearly amount of money in MSEK, such as `100 MSEK/year`; the price year may be left out."""
    match = QUANTITY.match(str(text))
    allowed = "an amount with its unit, such as '100 MSEK/year'"
    if match is None or match.group(2) is None:
        faults.add(place, f"'{text}'", allowed)
        return 0.0
    unit = re.sub(r"\b([kM]?SEK)(?!_)", rf"\1_{town.settings.price_year}", match.group(2))
    try:
        value = float(match.group(1)) * units.factor(unit, f"{town.money}/year")
    except units.UnitError:
        faults.add(place, f"'{text}'", allowed)
        return 0.0
    if not 0 <= value < np.inf:
        faults.add(place, f"'{text}'", "an amount of at least 0")
    return value


def with_money(content: Portfolio | Goal, town: Municipality, financing: Financing) -> Financing:
    """Financing with a scenario's own yearly amounts and lifts, each real or nominal as its fund says."""
    budgets = {} if content.budgets == "unlimited" else content.budgets
    financing = financing.with_budgets(_yearly(budgets, town))
    return financing.with_lifts(_yearly(content.lifts, town)) if content.lifts else financing


def _yearly(amounts: Mapping[str, str], town: Municipality) -> dict[str, FloatArray]:
    """Yearly amounts by fund, (year,) in MSEK real."""
    rows = {row.fund: row for row in town.rows(Fund)}
    begun = town.years >= town.settings.first_decision_year  # nothing is saved up before anything can be decided
    return {
        fund: prices(town, rows[fund]) * amount(text, town, Place(""), Faults()) * begun
        for fund, text in amounts.items()
    }


def carbon_value(goal: Goal, town: Municipality, place: Place, faults: Faults) -> float:
    """What a tonne avoided is worth, in MSEK per t CO2e: the goal's own, else `co2` among the valuations."""
    canonical = f"{town.money}/{MASS}"
    if goal.carbon_value is None:
        rows = [row for row in town.rows(Valuation) if row.item == "co2"]
        if not rows:
            faults.add(
                place, "no value of carbon for 'best_value'", f"'carbon_value', or 'co2' in {town.files['valuations']}"
            )
            return 0.0
        return town.convert(rows[0], canonical)
    match = QUANTITY.match(goal.carbon_value)
    unit = re.sub(r"\b([kM]?SEK)(?!_)", rf"\1_{town.settings.price_year}", (match.group(2) or "") if match else "")
    try:
        value = float(match.group(1)) * units.factor(unit, canonical) if match else -1.0
    except units.UnitError:
        value = -1.0
    if not 0 <= value < np.inf:
        faults.add(
            place,
            f"'{goal.carbon_value}' for 'carbon_value'",
            "a value of at least 0 with its unit, such as '9.2 SEK/kg'",
        )
        return 0.0
    return value


def level(text: str, measure: Measure, place: Place, faults: Faults) -> tuple[float, bool]:
    """A typed level: (value, whether it is a share of the potential); `9000 cars`, `60 %` or a bare number."""
    match = QUANTITY.match(str(text))
    allowed = f"a number of '{measure.unit}', such as '10 {measure.unit}', or a share of its potential, such as '60 %'"
    if match is None:
        faults.add(place, f"'{text}'", allowed)
        return 0.0, False
    value, unit = float(match.group(1)), match.group(2) or ""
    if not 0 <= value < np.inf:
        faults.add(place, f"'{text}'", "a level of at least 0")
    if unit == "%":
        return value / 100, True
    if unit and unit not in (measure.unit, f"{measure.unit}s", measure.unit.replace("_", " ")):
        faults.add(place, f"'{text}'", allowed)
    return value, False


def _check_portfolio(scenario: Scenario, content: Portfolio, town: Municipality, faults: Faults) -> None:
    measures = {row.measure: row for row in town.rows(Measure)}
    if content.found is not None and content.levels:
        faults.add(scenario.place("levels"), "both 'levels' and 'found'", "one of them")
    for name, levels in content.levels.items():
        place = scenario.place("levels", name)
        if not _choosable(name, measures, place, faults):
            continue
        for key, text in levels.items():
            here = scenario.place("levels", name, str(key))
            if key == "shape":
                if text not in SHAPES:
                    faults.add(here, f"'{text}' for 'shape'", f"one of {', '.join(SHAPES)}", SHAPES, str(text))
            elif not isinstance(key, int) or not town.settings.base_year < key <= town.settings.last_year:
                span = f"a year from {town.settings.base_year + 1} to {town.settings.last_year}, or 'shape'"
                faults.add(here, f"key '{key}'", span, ["shape"], str(key))
            else:
                level(str(text), measures[name], here, faults)
        kinds = {str(text).strip().endswith("%") for key, text in levels.items() if key != "shape"}
        if len(kinds) > 1:
            faults.add(place, f"both shares and numbers for '{name}'", "one kind: all levels in % or all in units")
        if not set(levels) - {"shape"}:
            faults.add(place, f"no year for '{name}'", "at least one year with a level")
    if content.found is not None:
        _check_found(scenario, content.found, measures, town, faults)
    chosen = set(content.levels) | (set(content.found.new_units) if content.found else set())
    _check_relations(scenario, chosen, town, faults)


def _check_found(
    scenario: Scenario, found: Found, measures: dict[str, Measure], town: Municipality, faults: Faults
) -> None:
    """A found plan fits the tables it is run with, which may have changed since it was found."""
    funds = [row.fund for row in town.rows(Fund)]
    modes: dict[str, set[str]] = {}
    for row in town.rows(Effect):
        modes.setdefault(row.measure, set()).add(row.mode or ONE_MODE)
    series: dict[tuple[str, ...], Iterable[int]] = {("new_units", name): by for name, by in found.new_units.items()}
    for part, by_measure in (("levels", found.levels), ("payments", found.payments)):
        series |= {(part, name, key): years for name, by_key in by_measure.items() for key, years in by_key.items()}
    for (part, name, *key), years in series.items():
        if not _choosable(name, measures, scenario.place("found", part, name), faults):
            continue
        if part == "levels":
            known = modes.get(name, {ONE_MODE})
            if key[0] not in known:
                place, allowed = scenario.place("found", part, name, key[0]), f"one of {listing(known)}"
                faults.add(place, f"mode '{key[0]}' of '{name}'", allowed, known, key[0], rests_on=("effects",))
        elif part == "payments":
            _known(key[0], funds, "fund", scenario.place("found", part, name, key[0]), faults)
        for year in years:
            _check_year(year, scenario.place("found", part, name, *key, str(year)), town, faults)


def _check_year(year: int, place: Place, town: Municipality, faults: Faults) -> None:
    first, last = town.settings.base_year, town.settings.last_year
    if not first <= year <= last:
        faults.add(place, f"year {year}", f"a year from {first} to {last}")


def _check_relations(scenario: Scenario, chosen: set[str], town: Municipality, faults: Faults) -> None:
    for row in town.rows(Relation):
        if row.relation == "excludes" and {row.measure, row.other} <= chosen:
            place = scenario.place("levels", row.other)
            allowed = f"one of them: they exclude each other ({town.place(row)})"
            faults.add(place, f"both '{row.measure}' and '{row.other}'", allowed)


def _check_goal(scenario: Scenario, goal: Goal, town: Municipality, faults: Faults) -> None:
    targets = {row.target: row for row in town.rows(Target)}
    for number, name in enumerate(goal.targets):
        place = scenario.place("targets", str(number))
        if _known(name, targets, "target", place, faults) and targets[name].evaluable == "no":
            usable = [row.target for row in targets.values() if row.evaluable == "yes"]
            why = f" ({targets[name].note})" if targets[name].note else ""
            allowed = f"a target that can be computed: {listing(usable)}{why}"
            faults.add(place, f"'{name}', which cannot be computed", allowed)
    measures = {row.measure: row for row in town.rows(Measure)}
    for key in ("require", "exclude"):
        for number, name in enumerate(getattr(goal, key)):
            _choosable(name, measures, scenario.place(key, str(number)), faults)
    for number, name in enumerate(goal.constraints):
        place = scenario.place("constraints", str(number))
        if name in goal.constraints[:number]:
            faults.add(place, f"'{name}' twice", "each constraint once")
        else:
            constraints.check(name, town.root, place, faults)
    for name in sorted(set(goal.require) & set(goal.exclude)):
        faults.add(scenario.place("exclude"), f"'{name}' both required and excluded", "one of them")
    named = {
        key: {name: scenario.place(key, str(number)) for number, name in enumerate(getattr(goal, key))}
        for key in ("require", "exclude")
    }
    contradictions(named["require"], named["exclude"], town, faults)
    first, last = town.settings.first_decision_year, town.settings.last_year
    if goal.start is not None and not first <= goal.start <= last:
        faults.add(scenario.place("start"), f"'{goal.start}' for 'start'", f"a year from {first} to {last}")
    if goal.window is not None and not first <= goal.window[0] <= goal.window[1] <= last:
        found = f"'{goal.window[0]}, {goal.window[1]}' for 'window'"
        faults.add(scenario.place("window"), found, f"two years in order from {first} to {last}")


def _choosable(name: str, measures: dict[str, Measure], place: Place, faults: Faults) -> bool:
    if not _known(name, measures, "measure", place, faults):
        return False
    if measures[name].in_reference == "yes":
        faults.add(place, f"measure '{name}'", "a measure that is not already decided (in_reference is 'yes')")
        return False
    return True


def _known(name: str, known: Iterable[str] | Sequence[str], kind: str, place: Place, faults: Faults) -> bool:
    if name in known:
        return True
    allowed = f"one of {listing(known)}" if known else f"nothing: there is no {kind}"
    faults.add(place, f"{kind} '{name}'", allowed, known, name, rests_on=(f"{kind}s",))
    return False
