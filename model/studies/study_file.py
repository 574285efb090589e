"""What may a study say, and does it make sense? A batch of scenarios, and what is asked of the plans of goals."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field, create_model

from model.analyses.question import Questions, questions, usual
from model.inputs.columns.base import Id
from model.inputs.faults import Faults, Place, listing
from model.inputs.options import Amount, Options
from model.inputs.reading.documents import Lines, read_document
from model.inputs.schema import Document, Title
from model.scenarios.files import Scenario, names
from model.vocabulary import CENTRAL


def _is_named(value: str) -> str:
    """A name, or the path of a portfolio file."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,59}", value) and not value.endswith(PORTFOLIO):
        raise ValueError(f"a name in scenarios/, or the path of a portfolio file ({PORTFOLIO})")
    return value


PORTFOLIO = ".yaml"
ScenarioName = Annotated[str, AfterValidator(_is_named)]
ASKED = "Goals of which is asked, in the shown future"


class Study(Document):
    """A batch: every scenario in every future."""

    title: Title
    """What it is called in figures."""
    municipality: Id
    """Folder under `inputs/`."""
    futures: Annotated[list[Id], Field(min_length=1)]
    """Files under `scenarios/futures/`."""
    scenarios: Annotated[list[ScenarioName], Field(min_length=1)]
    """Files under `scenarios/portfolios/` or `scenarios/goals/`, or portfolio files by their path, such as a found plan
    (`outputs/neutral_2030/portfolios/neutral_2030.central.yaml`)."""
    vary: dict[Id, Annotated[list[Amount], Field(min_length=1)]] = Field(default_factory=dict)
    """Fund: amounts a year, in MSEK where no unit is given. Every goal with limited money is run once with each, or
    with each combination of several funds' amounts; a plan for more money is no worse than one for less."""
    only_shown: list[ScenarioName] = Field(default_factory=list)
    """Scenarios that are run in the shown future only."""
    shown_future: Id | None = None
    """Future that the figures show; the first one named `central`, or the first, if left out."""
    fan_scenario: ScenarioName | None = None
    """Scenario shown over all futures in the fan figure; the first if left out."""

    def goals_asked(self, question: str) -> list[str]:
        """The goals of which a question is asked; they stand under its name."""
        return list(getattr(self, question))

    @property
    def goals_with_questions(self) -> list[str]:
        """The goals of which anything is asked."""
        return [goal for name in questions() for goal in self.goals_asked(name)]

    @property
    def asked(self) -> dict[str, Questions]:
        """Goal: what is asked of its plan in the shown future."""
        found: dict[str, dict[str, Options]] = {}
        for name, each in questions().items():
            for goal in self.goals_asked(name):
                found.setdefault(goal, dict(usual()))[name] = each.in_study
        return dict(found)


@cache
def study_kind() -> type[Study]:
    """The class of study files: a study with a key for each question."""
    keys: dict[str, Any] = {
        name: (
            list[Id],
            Field(default_factory=list, description=f"{ASKED}: {each.title}"),
        )
        for name, each in questions().items()
    }
    return create_model(Study.__name__, __base__=Study, __doc__=Study.__doc__, **keys)


def shown_future_of(study: Study) -> str:
    """The future that figures of a study show."""
    return study.shown_future or (CENTRAL if CENTRAL in study.futures else study.futures[0])


def name_of(scenario: str | Scenario) -> str:
    """What a scenario is called in results: its name, or that of its file."""
    if isinstance(scenario, Scenario):
        return scenario.name
    return Path(scenario).stem if scenario.endswith(PORTFOLIO) else scenario


def load_study(name: str, root: Path, faults: Faults) -> tuple[Study, Lines] | None:
    """A study and where its keys stand."""
    return read_document(root / "scenarios" / "studies" / f"{name}.yaml", study_kind(), root, faults)


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
    goals = [name for name in study.scenarios if name in names(root, "goals")]
    if study.vary and not goals:
        faults.add(lines.get(("vary",), whole), "no goal whose money can be varied", "a goal among the scenarios")
    varied = {name for name in goals if study.vary and name in (*study.goals_with_questions,)}
    for name in sorted(varied):
        found = f"'{name}', whose money the study varies, and a question to its plan"
        faults.add(lines.get(("vary",), whole), found, "a study of its own for one of both")
    listed_keys = {"only_shown": study.only_shown} | {name: study.goals_asked(name) for name in questions()}
    for key, listed in listed_keys.items():
        run, what = (study.scenarios, "scenarios") if key == "only_shown" else (goals, "goals")
        for number, name in enumerate(listed):
            if name not in run:
                place, allowed = (
                    lines.get((key, str(number)), whole),
                    f"one of the {what} the study runs: {listing(run)}",
                )
                faults.add(place, f"'{name}' for '{key}'", allowed, run, name)
