"""What else is asked than the plan? Questions answered, labelled for the results dataset.

Everything shown of them is a function of these variables; tables hold the same numbers for readers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from model.analyses.question import Answer, Question, Questions, TableRows, questions
from model.inputs.options import Options, read_options
from model.optimiser.plan import Plan
from model.optimiser.problem import Problem
from model.optimiser.search import Search
from model.vocabulary import BoolArray

if TYPE_CHECKING:
    import xarray as xr

    from model.analyses.alternatives import Alternative


@dataclass(frozen=True)
class AnalysisInput:
    """The problem, its plan, and the same problem as it would be otherwise; each is formulated once, for all questions.

    Questions work on copies of `search` and `stronger`: no answer depends on what was asked before.
    """

    problem: Problem
    plan: Plan
    strongest: Callable[[], Problem]
    """in the future with the strongest national policy"""
    mandate: str | None
    """its path of mandates; None: the future has it already"""
    removes: BoolArray
    """(measure,) whether it is a removal"""
    municipal_pots: tuple[str, ...]
    """funds of the municipality, in their order"""
    found_by: Search | None = None
    """what found the plan; None: the problem is formulated when something is asked"""

    @cached_property
    def search(self) -> Search:
        """The problem, kept ready."""
        return self.found_by or Search(self.problem)

    @cached_property
    def stronger(self) -> Search:
        """The problem in the future with the strongest national policy, kept ready."""
        other = self.strongest()
        return self.search if other is self.problem else Search(other)


@dataclass(frozen=True)
class Analysis:
    """What was found: variables for the dataset, tables by name, and other plans."""

    data: xr.Dataset
    tables: Mapping[str, TableRows]
    plans: tuple[Alternative, ...]


def analyse(wanted: Questions, given: AnalysisInput) -> Analysis:
    """All that is wanted of a plan."""
    return together(wanted, {name: answered(name, options, given) for name, options in wanted.items()})


def answered(name: str, options: Options, given: AnalysisInput) -> Answer:
    """The answer to one question, not labelled yet: a process that only answers need not load what labels."""
    return questions()[name].answer(given, options)


def together(wanted: Questions, answers: Mapping[str, Answer]) -> Analysis:
    """The answers to all that is wanted of a plan as one, labelled, with what was asked."""
    import xarray as xr

    asked = [name for name in questions() if name in wanted]
    parts = [_labelled(questions()[name], answers[name]) for name in asked]
    data = xr.merge(parts, combine_attrs="no_conflicts", join="outer", compat="no_conflicts")
    said = {name: wanted[name].model_dump_json() for name in asked}
    return Analysis(
        data.assign_attrs({"asked": "; ".join(f"{name} {options}" for name, options in said.items())} if said else {}),
        {table: rows for name in asked for table, rows in answers[name].tables.items()},
        tuple(plan for name in asked for plan in answers[name].plans),
    )


def ask(name: str, given: AnalysisInput, **options: Any) -> Analysis:
    """One question, with options by their names.

    Raises KeyError where there is no such question, `InputFaults` with all that is wrong with the options.
    """
    return analyse({name: read_options(questions()[name].options, options)}, given)


def _labelled(question: Question, answer: Answer) -> xr.Dataset:
    """An answer as a dataset; empty where there is none."""
    import xarray as xr

    from model.labelling import labelled

    if answer.found is None:
        return xr.Dataset()
    labels = question.labels()
    return labelled(answer.found, labels.variables, labels.coordinates, labels.attributes)
