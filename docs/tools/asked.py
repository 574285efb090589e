"""What can be asked of a plan, with which options, and what do results hold then? From the questions there are."""

from __future__ import annotations

import re

from docs.tools.text import table
from model.analyses import question
from model.inputs.options import Flag, Options
from model.inputs.wording import holds, if_blank, meaning
from model.studies.options import QuestionOptions


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
    """What results hold only where it was asked: variables, coordinates and attributes, as declared."""
    rows: list[tuple[str, str, str, str]] = []
    for each in question.questions().values():
        labels = each.labels()
        rows += [(f"`{v.name}`", ", ".join(v.dims), _unit(v.unit), v.words) for v in labels.variables]
        rows += [(f"`{c.name}`", c.dim, _unit(c.unit), c.words) for c in labels.coordinates]
        rows += [(f"`{a.name}`", "attribute", "", a.words) for a in labels.attributes]
    return table(("name", "along", "unit", "meaning"), rows)


def _unit(unit: str) -> str:
    """A unit, with the names of what it depends on."""
    return re.sub(r"\{0\.(\w+)\}", r"*\1*", unit)
