"""What can be asked of a plan? Questions that declare themselves with `@question`, and what an answer is.

A question is one file in `model/analyses/questions/`: its options, the function that answers it, and how the answer is
shown. Its verb on the command line, the key of a study, the method in Python and the tables of the docs follow from
that. This module and those files load nothing heavy: `run.py --help` reads them all.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import model.analyses.questions
from model.inputs.options import Options
from model.plain_text import TextTable

if TYPE_CHECKING:
    import xarray as xr

    from model.analyses.alternatives import Alternative
    from model.analyses.ask import AnalysisInput
    from model.labelling import Attribute, Coordinate, Variable

TableRows = Sequence[Mapping[str, Any]]
Shown = Sequence[TextTable | str]
"""What the terminal shows: tables and lines."""
Questions = Mapping[str, Options]
"""What is asked of a plan: options by the name of the question."""
LAST = 100


@dataclass(frozen=True)
class Labels:
    """What results hold of a question, each a function of what its answer found."""

    variables: Sequence[Variable[Any]] = ()
    coordinates: Sequence[Coordinate[Any]] = ()
    """along dimensions that results have not got; or of one they have, where the answer may have another order"""
    attributes: Sequence[Attribute[Any]] = ()


@dataclass(frozen=True)
class Answer:
    """What a question found; without `found` there is nothing to say."""

    found: Any = None
    """what its labels are functions of"""
    tables: Mapping[str, TableRows] = field(default_factory=dict)
    """by the name of the file"""
    plans: tuple[Alternative, ...] = ()


AnyOptions = TypeVar("AnyOptions", bound=Options)


@dataclass(frozen=True)
class Question:
    """A question as its file declares it with `@question`."""

    name: str
    title: str
    manual: str
    """docstring of the function: help of the verb"""
    options: type[Options]
    answer: Callable[[AnalysisInput, Any], Answer]
    labels: Callable[[], Labels]
    display: Callable[[xr.Dataset, str], Shown]
    writes: str
    study: Mapping[str, Any]
    usual: bool
    order: int

    @property
    def in_study(self) -> Options:
        """Its options where a study asks it."""
        return self.options.model_validate(dict(self.study))


_declared: dict[str, Question] = {}


def question(
    name: str,
    title: str,
    labels: Callable[[], Labels],
    display: Callable[[xr.Dataset, str], Shown],
    options: type[AnyOptions],
    writes: str,
    study: Mapping[str, Any] | None = None,
    usual: bool = False,
    order: int = LAST,
) -> Callable[[Callable[[AnalysisInput, AnyOptions], Answer]], Callable[[AnalysisInput, AnyOptions], Answer]]:
    """Declare a function the answer to a question: `@question("explain", "what would close ...?", ...)`.

    The function is called with a problem and its plan and with the options; its docstring is the help of the verb.

    Args:
        name: of the verb, the key in a study, and the method of a plan.
        title: the question in words, in small letters.
        labels: variables, coordinates and attributes of the results, when they are wanted.
        display: what the terminal shows, from the results dataset, in a language.
        options: the model of its options.
        writes: which tables and figures it gives, for the docs.
        study: options where a study asks it, if not the defaults.
        usual: it has no verb; it is asked of every plan of which something is asked, and of those of `optimise`.
        order: its place among questions, also in the help; then by name.

    Raises ValueError where a name is taken.
    """

    def declare(answer: Callable[[AnalysisInput, AnyOptions], Answer]) -> Callable[[AnalysisInput, AnyOptions], Answer]:
        if name in _declared and _declared[name].answer.__module__ != answer.__module__:
            raise ValueError(f"question '{name}': in {_declared[name].answer.__module__} and {answer.__module__}")
        manual = answer.__doc__ or ""
        _declared[name] = Question(
            name, title, manual, options, answer, labels, display, writes, study or {}, usual, order
        )
        return answer

    return declare


@cache
def questions() -> Mapping[str, Question]:
    """All questions by name, in their order; every file of `questions/` is read for them."""
    package = model.analyses.questions
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        importlib.import_module(module.name)
    ordered = sorted(_declared.values(), key=lambda each: (each.order, each.name))
    return {each.name: each for each in ordered}


def usual() -> dict[str, Options]:
    """What is asked of every plan of which something is asked."""
    return {each.name: each.in_study for each in questions().values() if each.usual}
