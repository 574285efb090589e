"""What can be asked of a plan, with which options, and what do results hold then? From the questions there are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import docs.tools.reference as reference
from docs.tools.text import table
from model import ROOT
from model.analyses import question
from model.inputs.faults import Faults
from model.inputs.options import Flag, Options
from model.inputs.wording import holds, if_blank, meaning
from model.studies.options import QuestionOptions
from model.studies.study import prepare, run

FEWER: Mapping[str, Mapping[str, Any]] = {
    "frontier": {"points": 3, "whole_points": 1},
    "alternatives": {"number": 1},
}
"""Options with which a question is asked here, to be quick and yet give all there is."""


def questions() -> str:
    """Every question: its command, and which files it adds."""
    rows = [
        (
            each.title,
            "any of them, or `optimise`" if each.usual else f"`run.py {each.name} <goal>`",
            each.writes,
        )
        for each in sorted(question.questions().values(), key=lambda each: each.usual)
    ]
    return table(("you ask", "command", "new in `outputs/<verb>_<goal>/`"), rows)


def options() -> str:
    """The options of each verb that asks, and those that all of them have."""
    parts = [
        f"`{each.name}`:\n\n{_options(each.options)}"
        for each in question.questions().values()
        if each.options.model_fields
    ]
    return "\n\n".join([*parts, f"All of them:\n\n{_options(QuestionOptions)}"])


def _options(kind: type[Options]) -> str:
    rows = []
    for name, field in kind.model_fields.items():
        flag = next((mark for mark in field.metadata if isinstance(mark, Flag)), Flag())
        flags = [f"--{flag.name or name.replace('_', '-')}", *filter(None, [flag.short])]
        what = f"`{flag.metavar}`" if flag.example else "" if field.annotation is bool else holds(field)
        left_out = flag.left_out or ("" if field.annotation is bool else if_blank(field))
        rows.append((", ".join(f"`{each}`" for each in flags), what, left_out, meaning(field)))
    return table(("option", "holds", "if left out", "meaning"), rows)


def variables() -> str:
    """What results hold only where it was asked: variables, coordinates and attributes, found by asking for all."""
    plain = reference.pencil_results()[0]
    goal = reference.PENCIL_RUN[1]
    batch = prepare("docs", reference.PENCIL, [goal], ["central"], ROOT, Faults())
    everything = {
        name: each.options.model_validate({**each.study, **FEWER.get(name, {})})
        for name, each in question.questions().items()
    }
    ((_, data, solved),) = run(batch, 1, lambda _: None, {(goal, "central"): everything})
    assert solved is not None
    rows = [
        (f"`{name}`", ", ".join(map(str, each.dims)), each.attrs.get("units", ""), each.attrs["long_name"])
        for kind in ("data_vars", "coords")
        for name, each in getattr(data, kind).items()
        if name not in getattr(plain, kind)
    ]
    rows += [(f"`{name}`", "attribute", "", words) for name, words in solved.analysis.attribute_words.items()]
    return table(("name", "along", "unit", "meaning"), rows)
