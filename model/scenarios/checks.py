"""Do scenarios make sense for this municipality?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from model.build import CARBON
from model.inputs.columns.emissions import Target
from model.inputs.columns.measures import Effect, Measure, Relation
from model.inputs.columns.money import Debt, Fund, Valuation
from model.inputs.faults import Faults, Place, listing
from model.inputs.municipality import Municipality
from model.inputs.naming import Labels, labels_of, offered
from model.inputs.reading import constraint_files
from model.inputs.reading.constraint_files import Constraint
from model.inputs.schema import Found, Goal, Portfolio
from model.scenarios.amounts import amount, carbon_value, level
from model.scenarios.checked import CheckedScenario, TypedLevels
from model.scenarios.contradictions import contradictions
from model.scenarios.files import Scenario, load_scenario
from model.scenarios.less_money import more_than_money
from model.vocabulary import ONE_MODE

SHAPES = ("linear", "logistic", "step")
"""Ways from one typed level to the next."""


def checked(content: Portfolio | Goal, town: Municipality, name: str = "scenario") -> CheckedScenario:
    """A portfolio or goal made in memory, checked. Raises `InputFaults`."""
    faults = Faults()
    scenario = check(Scenario(name, content), town, faults)
    faults.stop_if_any()
    return scenario


def check(scenario: Scenario, town: Municipality, faults: Faults, above: tuple[str, ...] = ()) -> CheckedScenario:
    """A scenario with its amounts read; what the municipality's tables do not allow is noted, and left out.

    `above` are goals that start from it.
    """
    content = scenario.content
    own_value: float | None = None
    constraints: tuple[Constraint, ...] = ()
    levels: dict[str, TypedLevels] = {}
    if isinstance(content, Portfolio):
        levels = _check_portfolio(scenario, content, town, faults)
    else:
        constraints = _check_goal(scenario, content, town, faults)
        own_value = _carbon_value(scenario, content, town, faults)
    funds = labels_of(town.rows(Fund), "fund")
    pots = {row.fund: funds[row.fund] for row in town.rows(Fund) if row.kind != "own"}
    debts = {row.fund: funds.get(row.fund, ()) for row in town.rows(Debt)}
    budgets = {} if content.budgets == "unlimited" else content.budgets
    read = CheckedScenario(
        scenario.name,
        content,
        scenario.lines,
        scenario.file,
        levels=levels,
        budgets=_amounts(scenario, "budgets", budgets, pots, "fund", town, faults),
        lifts=_amounts(scenario, "lifts", content.lifts, debts, "debt", town, faults),
        carbon_value=own_value,
        constraints=constraints,
    )
    starts = _starts(read, town, faults, (*above, read.name))
    return replace(read, starts=starts + _standing(scenario.stands, read, town))


def _starts(
    goal: CheckedScenario, town: Municipality, faults: Faults, above: tuple[str, ...]
) -> tuple[CheckedScenario, ...]:
    """The goals that a goal starts from."""
    found = []
    for number, name in enumerate(goal.content.start_from if isinstance(goal.content, Goal) else ()):
        place = goal.place("start_from", str(number))
        if name in above:
            faults.add(place, f"'{name}', which starts from this goal", "goals that lead back to none")
        elif (named := load_scenario(name, town.root, faults, place)) is not None:
            start = check(named, town, faults, above)
            if said := more_than_money(start, goal):
                faults.add(place, f"'{name}', which {said}", "a goal that differs only in having less money")
            found.append(start)
    return tuple(found)


def _standing(stands: Scenario | None, goal: CheckedScenario, town: Municipality) -> tuple[CheckedScenario, ...]:
    """The goal as it stands in its file, or else those it starts from there, if they have less money and else nothing.

    So a plan for more money is no worse than the one that is there, whether it was asked for in a file or as an option.
    """
    faults = Faults()  # of what options are taken instead of: none of theirs
    start = None if stands is None else check(stands, town, faults)
    if start is None or faults.found:
        return ()
    less = [each for each in (start, *start.starts) if not more_than_money(each, goal)]
    return (start,) if start in less else tuple(less)


def _amounts(
    scenario: Scenario, key: str, texts: Mapping[str, str], known: Labels, kind: str, town: Municipality,
    faults: Faults,
) -> dict[str, float]:  # fmt: skip
    """Yearly amounts of money by what they belong to, in MSEK; of what is not known nothing more is said."""
    places = {name: scenario.place(key, name) for name in texts}
    return {
        name: amount(text, town.settings.price_year, places[name], faults)
        for name, text in texts.items()
        if _known(name, known, kind, places[name], faults)
    }


def _carbon_value(scenario: Scenario, goal: Goal, town: Municipality, faults: Faults) -> float | None:
    """What a goal says itself of the worth of a tonne, MSEK; None: what the valuations say, if it is needed."""
    place = scenario.place("carbon_value")
    if goal.carbon_value is not None:
        return carbon_value(goal.carbon_value, town.settings.price_year, place, faults)
    if goal.objective == "best_value" and not any(row.item == CARBON for row in town.rows(Valuation)):
        allowed = f"'carbon_value', or '{CARBON}' in {town.files['valuations']}"
        faults.add(place, "no value of carbon for 'best_value'", allowed)
    return None


def _check_portfolio(
    scenario: Scenario, content: Portfolio, town: Municipality, faults: Faults
) -> dict[str, TypedLevels]:
    """The levels of a portfolio as numbers."""
    measures = {row.measure: row for row in town.rows(Measure)}
    if content.found is not None and content.levels:
        faults.add(scenario.place("levels"), "both 'levels' and 'found'", "one of them")
    read = {
        name: _levels(scenario, measures[name], levels, town, faults)
        for name, levels in content.levels.items()
        if _choosable(name, measures, scenario.place("levels", name), faults)
    }
    if content.found is not None:
        _check_found(scenario, content.found, measures, town, faults)
    chosen = set(content.levels) | (set(content.found.new_units) if content.found else set())
    _check_relations(scenario, chosen, town, faults)
    return read


def _levels(
    scenario: Scenario, measure: Measure, levels: Mapping[Any, Any], town: Municipality, faults: Faults
) -> TypedLevels:
    """What was typed in for a measure."""
    name, first, last = measure.measure, town.settings.base_year + 1, town.settings.last_year
    place, points = scenario.place("levels", name), {}
    for key, text in levels.items():
        here = scenario.place("levels", name, str(key))
        if key == "shape":
            if text not in SHAPES:
                faults.add(here, f"'{text}' for 'shape'", f"one of {', '.join(SHAPES)}", SHAPES, str(text))
        elif not isinstance(key, int) or not first <= key <= last:
            faults.add(here, f"key '{key}'", f"a year from {first} to {last}, or 'shape'", ["shape"], str(key))
        else:
            points[key] = level(str(text), measure.unit, here, faults)
    kinds = {str(text).strip().endswith("%") for key, text in levels.items() if key != "shape"}
    if len(kinds) > 1:
        faults.add(place, f"both shares and numbers for '{name}'", "one kind: all levels in % or all in units")
    if not set(levels) - {"shape"}:
        faults.add(place, f"no year for '{name}'", "at least one year with a level")
    return TypedLevels(points, levels.get("shape"))


def _check_found(
    scenario: Scenario, found: Found, measures: dict[str, Measure], town: Municipality, faults: Faults
) -> None:
    """A found plan fits the tables it is run with, which may have changed since it was found."""
    funds = labels_of(town.rows(Fund), "fund")
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


def _check_goal(scenario: Scenario, goal: Goal, town: Municipality, faults: Faults) -> tuple[Constraint, ...]:
    """The user's own constraints that a goal names."""
    targets = {row.target: row for row in town.rows(Target)}
    labels = labels_of(targets.values(), "target")
    for number, name in enumerate(goal.targets):
        place = scenario.place("targets", str(number))
        if _known(name, labels, "target", place, faults) and targets[name].evaluable == "no":
            usable = [row.target for row in targets.values() if row.evaluable == "yes"]
            why = f" ({targets[name].note})" if targets[name].note else ""
            allowed = f"a target that can be computed: {listing(usable)}{why}"
            faults.add(place, f"'{name}', which cannot be computed", allowed)
    _check_musts(scenario, goal, town, faults)
    first, last = town.settings.first_decision_year, town.settings.last_year
    if goal.start is not None and not first <= goal.start <= last:
        faults.add(scenario.place("start"), f"'{goal.start}' for 'start'", f"a year from {first} to {last}")
    if goal.window is not None and not first <= goal.window[0] <= goal.window[1] <= last:
        found = f"'{goal.window[0]}, {goal.window[1]}' for 'window'"
        faults.add(scenario.place("window"), found, f"two years in order from {first} to {last}")
    return _constraints(scenario, goal, town, faults)


def _check_musts(scenario: Scenario, goal: Goal, town: Municipality, faults: Faults) -> None:
    """What must and must not be in the plan can be chosen, and does not contradict itself."""
    measures = {row.measure: row for row in town.rows(Measure)}
    named = {
        key: {name: scenario.place(key, str(number)) for number, name in enumerate(getattr(goal, key))}
        for key in ("require", "exclude")
    }
    for places in named.values():
        for name, place in places.items():
            _choosable(name, measures, place, faults)
    for name in sorted(set(goal.require) & set(goal.exclude)):
        faults.add(scenario.place("exclude"), f"'{name}' both required and excluded", "one of them")
    contradictions(named["require"], named["exclude"], town, faults)


def _constraints(scenario: Scenario, goal: Goal, town: Municipality, faults: Faults) -> tuple[Constraint, ...]:
    """The user's own constraints, each once; their files are executed to see whether that can be done."""
    found = []
    for number, name in enumerate(goal.constraints):
        place = scenario.place("constraints", str(number))
        if name in goal.constraints[:number]:
            faults.add(place, f"'{name}' twice", "each constraint once")
        else:
            found.append(constraint_files.check(name, town.root, place, faults))
    return tuple(each for each in found if each is not None)


def _choosable(name: str, measures: dict[str, Measure], place: Place, faults: Faults) -> bool:
    if not _known(name, labels_of(measures.values(), "measure"), "measure", place, faults):
        return False
    if measures[name].in_reference == "yes":
        faults.add(place, f"measure '{name}'", "a measure that is not already decided (in_reference is 'yes')")
        return False
    return True


def _known(name: str, known: Labels, kind: str, place: Place, faults: Faults) -> bool:
    if name in known:
        return True
    allowed, meant = offered(name, known) if known else (f"nothing: there is no {kind}", ())
    faults.add(place, f"{kind} '{name}'", allowed, meant, name, depends_on=(f"{kind}s",))
    return False
