"""Do scenarios make sense for this municipality?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from model.inputs import constraint_files
from model.inputs.columns.emissions import Target
from model.inputs.columns.measures import Effect, Measure, Relation
from model.inputs.columns.money import Debt, Fund
from model.inputs.faults import Faults, Place, listing
from model.inputs.municipality import Municipality
from model.inputs.schema import Found, Goal, Portfolio
from model.scenarios.amounts import SHAPES, amount, carbon_value, level
from model.scenarios.contradictions import contradictions
from model.scenarios.files import Scenario
from model.vocabulary import ONE_MODE


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
                faults.add(place, f"mode '{key[0]}' of '{name}'", allowed, known, key[0], depends_on=("effects",))
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
            constraint_files.check(name, town.root, place, faults)
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
    faults.add(place, f"{kind} '{name}'", allowed, known, name, depends_on=(f"{kind}s",))
    return False
