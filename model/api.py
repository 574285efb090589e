"""What can be done from Python? Read a town, project what is decided, find a plan and ask it, draw what came out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xarray as xr

from model import ROOT
from model.analyses.question import questions
from model.inputs.doubt import Doubt
from model.inputs.faults import Faults, InputFaults, Place
from model.inputs.municipality import Municipality
from model.inputs.options import read_options
from model.inputs.schema import Goal, Portfolio
from model.outputs import netcdf, staging, summary
from model.outputs.comparison import comparison_year
from model.outputs.dataset import with_analysis
from model.scenarios.files import Scenario, as_scenario, load_scenario, with_options
from model.studies.options import OptimiseOptions, RunOptions
from model.studies.study import Batch, goal_jobs, prepare, results, stronger_policy

if TYPE_CHECKING:
    from model.analyses.ask import AnalysisInput
    from model.studies.found import Solved

Heard = Callable[[str], None]
"""Called with what has just been done."""
TYPED = {"budgets": "budgets of {}: {}", "targets": "target {}"}


def load(name: str, root: Path | str | None = None) -> Municipality:
    """A municipality by the name of its folder under `inputs/`, read and checked.

    `root` is the folder that holds `inputs/`, `scenarios/` and `constraints/`, if not the project's own. Raises
    `InputFaults` with every fault of its tables at once. It never changes; `change` gives another one.
    """
    return prepare(str(name), str(name), (), (), ROOT if root is None else Path(root).resolve(), Faults()).town


def check(
    town: Municipality,
    scenario: str | Path | Portfolio | Goal | Mapping[str, Any] | None = None,
    future: str | None = None,
) -> tuple[Doubt, ...]:
    """What is probably wrong, though it can be computed with: warnings, which stop nothing.

    Of a town as it is in memory and, if one is given, of a scenario. Each has its `place` (file, line, column), what
    was `found`, what is `usual`, what to `do`, and what its note says if it has been `checked`. Raises `InputFaults`
    where something is wrong for certain.
    """
    if scenario is None:
        return prepare(town.name, town, (), [future] if future else (), town.root, Faults()).doubts
    is_goal = isinstance(scenario, Goal) or (isinstance(scenario, Mapping) and "objective" in scenario)
    return _batch(town, _read(town, scenario, Goal if is_goal else Portfolio), future).doubts


def project(
    town: Municipality,
    scenario: str | Path | Portfolio | Mapping[str, Any],
    future: str | None = None,
    *,
    progress: Heard | None = None,
) -> xr.Dataset:
    """What becomes of a portfolio in a future, as the labelled dataset of `docs/results.md`.

    `scenario` is the name of a portfolio, the path of a portfolio file, or what such a file says, as a dictionary.
    Without a `future` it is run in its own. Raises `InputFaults` with all that is wrong with it.
    """
    read = _read(town, scenario, Portfolio)
    if isinstance(read.content, Goal):
        faults = Faults()
        faults.add(read.place(), f"goal '{read.name}'", "a portfolio; `optimise` finds the plan for a goal")
        faults.stop_if_any()
    batch = _batch(town, read, future)
    ((_, data, _),) = results(batch, {}, progress or _nobody)
    return data


def optimise(
    town: Municipality,
    goal: str | Goal | Mapping[str, Any],
    future: str | None = None,
    *,
    progress: Heard | None = None,
    **options: Any,
) -> Plan:
    """The best plan for a goal in a future.

    `goal` is the name of a goal, or what the file of one says, as a dictionary. `options` take the place of its keys:
    `objective`, `budgets` (`{"fund": "40 MSEK/year"}`, or `"unlimited"`), `targets`, `gap`, `time_limit`. Raises
    `InputFaults` with all that is wrong, and with the smallest set of demands that clash where no plan keeps all.
    """
    from model.studies.goal_run import find

    heard = progress or _nobody
    read = _read(town, goal, Goal)
    if isinstance(read.content, Portfolio):
        faults = Faults()
        faults.add(read.place(), f"portfolio '{read.name}', which `project` takes", "a goal")
        faults.stop_if_any()
    given = read_options(OptimiseOptions, options, without=RunOptions.model_fields).of_goal
    batch = _batch(town, with_options(read, given, TYPED), future)
    ((key, job),) = goal_jobs(batch, {}).items()
    solved, asked_of = find(replace(job, stronger=stronger_policy(batch, key[1])))
    heard("optimised {}, {}".format(*key))
    ((_, data, _),) = results(batch, {key: solved}, heard)
    return Plan(data, solved, batch, asked_of)


@dataclass(frozen=True)
class Plan:
    """A plan that was found for a goal. Every question that can be asked of it is a method: `plan.explain()`."""

    _data: xr.Dataset
    _solved: Solved
    _batch: Batch
    _given: AnalysisInput

    @cached_property
    def data(self) -> xr.Dataset:
        """Its results, labelled: a copy to work with, whose changes reach no answer and no file."""
        return self._data.copy(deep=True)

    @property
    def portfolio(self) -> Portfolio:
        """The plan as a portfolio: `project(town, plan.portfolio)` gives the same results."""
        return self._solved.portfolio.model_copy(deep=True)

    @property
    def certificate(self) -> Mapping[str, Any]:
        """How far the plan can be trusted: status, bounds, what was re-checked, in numbers and in words."""
        return deepcopy(self._solved.certificate)

    def ask(self, question: str, **options: Any) -> xr.Dataset:
        """The results of the plan with the answer to a question (`docs/questions.md`), given by its name."""
        from model.analyses.ask import ask

        known, faults = questions(), Faults()
        if question not in known:
            faults.add(Place("question"), f"question '{question}'", f"one of {', '.join(known)}", known, question)
            faults.stop_if_any()
        read_options(known[question].options, options).check(self._batch.town, faults)
        faults.stop_if_any()
        return with_analysis(self._data.copy(deep=True), ask(question, self._given, **options).data)

    def save(self, folder: Path | str) -> Path:
        """Write results, summary, the plan as a portfolio and its certificate into a folder, all or nothing.

        Answers to questions are datasets of their own, which their `to_netcdf` saves.
        """
        from model.studies.plan_files import save_plan

        folder, name = Path(folder), f"{self._data.attrs['scenario']}.{self._data.attrs['future']}"
        with staging.staging(folder) as hidden:
            save_plan(self._solved, hidden, name)
            netcdf.save([self._data], hidden / staging.RESULTS)
            summary.write([self._data], hidden / "summary.csv")
        return folder

    def __getattr__(self, name: str) -> Callable[..., xr.Dataset]:
        """A question by its name."""
        known = questions()
        if name.startswith("_") or name not in known:
            raise AttributeError(f"a plan has no '{name}'; what can be asked of it: {', '.join(known)}")

        def asked(*unnamed: Any, **options: Any) -> xr.Dataset:
            if unnamed:
                named = ", ".join(f"{option}=..." for option in known[name].options.model_fields)
                allowed = f"takes its options by name: plan.{name}({named})" if named else "takes no options"
                raise TypeError(f"plan.{name} {allowed}, not {', '.join(map(repr, unnamed))}")
            return self.ask(name, **options)

        asked.__name__, asked.__doc__ = name, known[name].manual
        return asked

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *questions()]

    def __repr__(self) -> str:
        return f"Plan({self._data.attrs['title']}: {self.certificate['in_words']['en']})"

    @cached_property
    def _headline(self) -> str:
        data, year = self._data, comparison_year(self._data)
        left = data.indicator.sel(year=year)
        kinds = zip(left.indicator_name.values, left.indicator_unit.values, left.values, strict=True)
        return "".join(f"<tr><td>{escape(str(n))}</td><td>{v:,.0f} {escape(str(u))}</td></tr>" for n, u, v in kinds)

    def _repr_html_(self) -> str:
        title, year = escape(str(self._data.attrs["title"])), comparison_year(self._data)
        words = escape(self.certificate["in_words"]["en"])
        return f"<b>Plan: {title}</b><table><tr><th></th><th>{year}</th></tr>{self._headline}</table><p>{words}</p>"


def _read(town: Municipality, scenario: Any, kind: type[Portfolio] | type[Goal]) -> Scenario:
    """A scenario as named, as read from a file, or as given."""
    if not isinstance(town, Municipality):
        raise TypeError(f"a town is what `load` gives, not {type(town).__name__} {town!r}")
    given: object = scenario
    if not isinstance(given, str | Path | Portfolio | Goal | Mapping):
        wanted = f"a {kind.__name__.lower()} is a name, or what its file says as a dictionary"
        hint = "; the portfolio of a plan is `plan.portfolio`" if isinstance(given, Plan) else ""
        raise TypeError(f"{wanted}, not {type(given).__name__}{hint}")
    faults = Faults()
    if isinstance(scenario, str | Path):
        found = load_scenario(str(scenario), town.root, faults)
    else:
        found = as_scenario(scenario, kind, faults)
    faults.stop_if_any()
    assert found is not None
    return found


def _batch(town: Municipality, scenario: Scenario, future: str | None) -> Batch:
    chosen = future or scenario.content.future
    named_at = {} if future else {("futures", chosen): scenario.place("future")}
    return prepare(scenario.name, town, (scenario,), (chosen,), town.root, Faults(), named_at)


def _nobody(_: str) -> None:
    """Nobody hears."""


__all__ = ["InputFaults", "Municipality", "Place", "Plan", "check", "load", "optimise", "project"]
