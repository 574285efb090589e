"""What may a table or a YAML file hold? Its manual, made from the fields of its class and their docstrings."""

from __future__ import annotations

import inspect
import re

from pydantic.fields import FieldInfo

from docs.tools.text import plain, table
from model.doubts.register import declared
from model.inputs.columns import registry
from model.inputs.columns.base import Sourced
from model.inputs.columns.parameters import FLEET
from model.inputs.reading.national import NATIONAL
from model.inputs.schema import Document
from model.inputs.wording import holds, if_blank, meaning


def tables() -> str:
    """Every table: where it stands, what a row is, and what each column may hold."""
    parts = []
    for name, each in registry.TABLES.items():
        kind = each.row
        folder = "inputs/common" if each.common else "inputs/<municipality>"
        both = " National rows stand in `inputs/common`." if name in NATIONAL else ""
        left_out = " A municipality may do without it." if each.optional else ""
        what = inspect.cleandoc(kind.__doc__ or "").replace("\n", " ").replace("  ", "\n\n")
        once = f"One row for each {', '.join(f'`{key}`' for key in kind.key)}."
        shared = Sourced.model_fields if issubclass(kind, Sourced) else {}
        own = {
            column: kind.model_fields[column] for column in kind.columns() if column not in shared or column in kind.key
        }
        also = "\n\nAnd `source`, `confidence`, `note`." if shared else ""
        rows = _described("column", "if blank", own)
        stands = f"`{folder}/{name}.csv`. {once}{left_out}{both}"
        parts.append(f"### {name}\n\n{what}\n\n{stands}\n\n{rows}{also}")
    return "\n\n".join(parts)


def doubts() -> str:
    """Everything that is warned of, one a line."""
    return "\n".join(f"* {plain(look.__doc__)}" for look in declared().values())


def fleet_parameters() -> str:
    """What is asked of vehicles."""
    rows = ((f"`{name}`", each.of, each.meaning, each.unit, each.where) for name, each in FLEET.items())
    return table(("parameter", "of", "meaning", "unit", "where from"), rows)


def keys(kind: type[Document]) -> str:
    """The keys of a kind of YAML file."""
    return f"{plain(kind.__doc__)}\n\n{_described('key', 'if left out', kind.model_fields)}"


def _described(what: str, left_out: str, fields: dict[str, FieldInfo]) -> str:
    """A table of fields: name, what it may hold, what if it is left out, what it means."""
    rows = ((f"`{name}`", _linked(holds(each)), if_blank(each), meaning(each)) for name, each in fields.items())
    return table((what, "holds", left_out, "meaning"), rows)


def _linked(words: str) -> str:
    """The table that a column refers to, as a link to it on the same page."""
    return re.sub(r"(?<=` of )`(\w+)`$", r"[\1](#\1)", words)
