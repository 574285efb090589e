"""What is said of results as a whole? One record an attribute: name, words, and its value for a run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from model.labelling import Attribute, Kind
from model.outputs.run import Run


def _own(name: str, words: str, of: Kind = "plan", several: bool = False) -> Attribute[Run]:
    """What whoever ran the scenario says of it; not there where it was not said."""
    return Attribute(name, words, lambda run: run.attributes.get(name), of, several)


def _history_note(language: str) -> Callable[[Run], str | None]:
    """What figures say under observed emissions."""

    def value(run: Run) -> str | None:
        note = run.prepared.settings.history_note
        return None if note is None else str(getattr(note, language))

    return value


def _setting(name: str, words: str) -> Attribute[Run]:
    """A setting of the municipality."""
    value: Callable[[Run], Any] = lambda run: getattr(run.prepared.settings, name)  # noqa: E731
    return Attribute(name, words, value, "study")


ATTRIBUTES: tuple[Attribute[Run], ...] = (
    Attribute("Conventions", "of the names of attributes", lambda _: "CF-1.11", "study"),
    Attribute("title", "scenario and future", lambda run: f"{run.title.en} / {run.future_title.en}", "run"),
    Attribute("scenario", "name of the scenario's file", lambda run: run.scenario, "scenario"),
    Attribute("scenario_sv", "what the scenario is called in Swedish", lambda run: run.title.sv, "scenario"),
    Attribute("scenario_en", "and in English", lambda run: run.title.en, "scenario"),
    Attribute("future", "name of the future's file", lambda run: run.future, "future"),
    Attribute("future_sv", "what the future is called in Swedish", lambda run: run.future_title.sv, "future"),
    Attribute("future_en", "and in English", lambda run: run.future_title.en, "future"),
    Attribute("kind", "`portfolio` or `goal`", lambda run: run.kind, "scenario"),
    Attribute("municipality", "folder under `inputs/`", lambda run: run.prepared.name, "study"),
    Attribute(
        "municipality_sv",
        "what the municipality is called in Swedish",
        lambda run: run.prepared.settings.label.sv,
        "study",
    ),
    Attribute("municipality_en", "and in English", lambda run: run.prepared.settings.label.en, "study"),
    Attribute(
        "history_note_sv",
        "what the municipality says of its observed emissions, in Swedish; not there: nothing",
        _history_note("sv"),
        "study",
    ),
    Attribute("history_note_en", "and in English", _history_note("en"), "study"),
    _setting("base_year", "first model year, reconciled with the inventory"),
    _setting("first_decision_year", "first year in which something can be started"),
    _setting("price_year", "of all money"),
    Attribute("price_basis", "in words", lambda run: f"real, prices of {run.prepared.settings.price_year}", "study"),
    _setting("gwp_set", "set of warming potentials"),
    _setting("social_rate", "real discount rate"),
    _own(
        "fingerprint",
        "hash of all input tables, scenarios, futures, code and solver version the study depends on",
        "study",
    ),
    _own("changes", "numbers changed in memory after the tables were read; blank: none", "study"),
    _own("version", "of the toolkit", "study"),
    _own("seed", "of random draws; 0: central values only", "study"),
    _own("position", "of the scenario and future in the study", "run"),
    _own("solver", "goals only, as all that follows: which solver"),
    _own("status", "what is known of the plan, by the worst of its stages (`docs/questions.md`)"),
    _own(
        "gap",
        "largest gap reached of all stages but cost: distance from the bound as share of base-year emissions, energy "
        "or 100 points, in every year that counts; NaN: not known",
    ),
    _own("cost_gap", "gap reached of cost, as share of itself; NaN: not known"),
    _own("stages", "stages of the objective with their units, in order; the five that follow have one value each"),
    _own("objectives", "value of each stage, without what no measure can change", several=True),
    _own("constants", "what no measure can change of it: with it the value is the whole", several=True),
    _own("bounds", "what no plan as good at the stages before can be better than; NaN: not known", several=True),
    _own("gaps_asked", "distance from the bound at which the search might stop, as a share", several=True),
    _own("gaps_reached", "distance from the bound, as a share; NaN: not known", several=True),
    _own("bounds_hold_for", "for which proportions of pools bounds hold"),
    _own("rounds", "how often the problem was solved until optimiser and projection agreed"),
    _own("difference", "largest difference of optimiser and projection in a year, as share of the base year"),
    _own("objective", "`least_emissions`, `least_cost` or `best_value`"),
    _own("asked", "what was asked of the plan: each question with all its options"),
)
"""Every attribute of the results of a run."""
