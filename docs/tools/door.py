"""What can be called from Python? Signatures and docstrings of everything that `model` exports."""

from __future__ import annotations

import inspect
import re

import model
from docs.tools.text import table
from model.analyses.question import questions
from model.figures.registry import figures
from model.inputs.options import Options
from model.studies.options import OptimiseOptions, RunOptions

SHOWN = {"Municipality": ("change", "changes"), "Plan": ("data", "portfolio", "certificate", "ask", "save")}
"""What of a class is for users."""


def door() -> str:
    """Everything in `model.__all__` but modules, functions first."""
    things = [getattr(model, name) for name in model.__all__ if not inspect.ismodule(getattr(model, name))]
    functions = [each for each in things if inspect.isfunction(each)]
    classes = [each for each in things if inspect.isclass(each)]
    return "\n\n".join([*map(_function, functions), *map(_class, classes)])


def goal_options() -> str:
    """What stands in for keys of a goal in `optimise`."""
    own = OptimiseOptions.model_fields.keys() - RunOptions.model_fields.keys()
    return _options(OptimiseOptions, [name for name in OptimiseOptions.model_fields if name in own])


def asked_of_plans() -> str:
    """Every question as a method of a plan, with its options."""
    rows = []
    for each in questions().values():
        fields = each.options.model_fields.items()
        given = ", ".join(f"{name}={field.get_default(call_default_factory=True)!r}" for name, field in fields)
        rows.append((f"`plan.{each.name}({given})`", each.title))
    return table(("method", "question"), rows)


def drawn() -> str:
    """Every figure as a function of results."""
    of = {
        "scenarios": "a list of results, or one",
        "futures": "one scenario's results in several futures",
        "scenario": "results of one run",
        "plan": "results of a goal's plan",
    }
    rows = []
    for each in figures():
        words = " ".join((inspect.getdoc(each.draw) or "").split("\n\n")[0].split())
        rows.append((f"`plot.{each.draw.__module__.rpartition('.')[2]}`", of[each.of], words))
    return table(("function", "of", "shows"), rows)


def _options(kind: type[Options], names: list[str]) -> str:
    rows = [(f"`{name}`", kind.model_fields[name].description or "") for name in names]
    return table(("option", "meaning"), rows)


def _function(function: object, of: str = "") -> str:
    signature = re.sub(r"(: |-> )'([^']+)'", r"\1\2", str(inspect.signature(function)))  # type: ignore[arg-type]
    name = f"{of}{function.__name__}"  # type: ignore[attr-defined]
    return f"### `{name}{signature.replace('self, ', '').replace('(self)', '()')}`\n\n{inspect.getdoc(function)}"


def _class(kind: type) -> str:
    parts = [f"### `{kind.__name__}`\n\n{inspect.getdoc(kind)}"]
    for name in SHOWN.get(kind.__name__, ()):
        each = inspect.getattr_static(kind, name, None)
        if inspect.isfunction(each):
            parts.append(_function(each, f"{kind.__name__}.").replace("###", "####", 1))
        elif isinstance(each, property):
            parts.append(f"#### `{kind.__name__}.{name}`\n\n{inspect.getdoc(each)}")
    return "\n\n".join(parts)
