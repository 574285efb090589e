"""How is it said what a field may contain? In faults, from what pydantic complains of; in manuals, from the field."""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from model.inputs.columns.base import EARLIEST, Ref

SIGNS = {"ge": "of at least", "gt": "above", "le": "of at most", "lt": "below"}
"""Limits of a number as pydantic names them, in words."""


def words(kind: type[Any], name: str) -> list[str]:
    """The words a column or key allows, if it allows only some."""
    annotation = kind.model_fields[name].annotation if name in kind.model_fields else None
    return [word for word in get_args(annotation) if isinstance(word, str)]


def allowed_by(problem: Mapping[str, Any]) -> str:
    """What is allowed, in plain words, for one of pydantic's complaints."""
    kind, context = str(problem["type"]), dict(problem.get("ctx") or {})
    plain = {
        "float_parsing": "a number, with a point as decimal sign",
        "float_type": "a number",
        "int_parsing": "a whole number",
        "int_type": "a whole number",
        "int_from_float": "a whole number",
        "finite_number": "a finite number",
        "string_too_short": "a value",
        "string_pattern_mismatch": "an identifier: letters a-z, digits and _ only, starting with a letter",
        "string_type": "a text",
        "dict_type": "keys with values",
        "model_type": "keys with values",
        "list_type": "a list",
        "tuple_type": "a list",
        "too_short": "a list that is not empty",
        "invalid_key": "a word as a key",
        "string_too_long": f"at most {context.get('max_length')} characters",
    }
    if kind in plain:
        return plain[kind]
    if kind == "literal_error":
        return f"one of {context.get('expected', '')}".replace(" or ", ", ").replace("'", "")
    for limit, sign in SIGNS.items():
        if limit in context:
            return f"a number {sign} {context[limit]:g}"
    return str(problem.get("msg", kind)).removeprefix("Value error, ")


def meaning(field: FieldInfo) -> str:
    """The docstring beneath a field, on one line."""
    return " ".join((field.description or "").split())


def if_blank(field: FieldInfo) -> str:
    """Whether a field may be left out, and what it is then: `not allowed`, `allowed` or its default."""
    default = field.get_default(call_default_factory=True, validated_data={})
    if field.is_required():
        return "not allowed"
    if default is None or default in ("", {}, []):
        return "allowed"
    return f"`{default:g}`" if isinstance(default, float) else f"`{default}`"


def holds(field: FieldInfo) -> str:
    """What a field may contain, in plain words; words to be typed stand between `` ` ``."""
    return _holds(field.annotation, field.metadata)


def _holds(annotation: Any, metadata: Sequence[Any]) -> str:
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        inner = [mark.metadata if isinstance(mark, FieldInfo) else [mark] for mark in parts[1:]]
        return _holds(parts[0], [*metadata, *(mark for marks in inner for mark in marks)])
    if origin in (Union, types.UnionType):
        return " or ".join(_holds(each, metadata) for each in parts if each is not type(None))
    if origin is Literal:
        return ", ".join(f"`{each}`" for each in parts)
    if origin is list:
        return f"a list of {_holds(parts[0], []).removeprefix('a ')}s"
    if origin is tuple:
        return f"[{', '.join(_holds(part, []) for part in parts)}]"
    if origin is dict:
        return "keys with values"
    if reference := next((mark.target for mark in metadata if isinstance(mark, Ref)), ""):
        table, _, column = reference.partition(".")
        return f"{'an' if column[0] in 'aeiou' else 'a'} `{column}` of `{table}`"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return f"keys {', '.join(f'`{key}`' for key in annotation.model_fields)}"
    return _plain_type(annotation, metadata)


def _plain_type(annotation: Any, metadata: Sequence[Any]) -> str:
    """A number, text or name and its limits."""
    limits = {sign: getattr(mark, sign) for mark in metadata for sign in SIGNS if getattr(mark, sign, None) is not None}
    if limits.get("ge") == EARLIEST:
        return "a year"
    bounds = " and ".join(f"{SIGNS[limit]} {value:g}" for limit, value in limits.items())
    if limits.keys() == {"ge", "le"}:
        bounds = f"from {limits['ge']:g} to {limits['le']:g}"
    if limits.keys() == {"gt", "lt"}:
        bounds = f"between {limits['gt']:g} and {limits['lt']:g}"
    if name := {int: "a whole number", float: "a number"}.get(annotation, ""):
        return f"{name} {bounds}".strip()
    is_name = any(getattr(mark, "pattern", None) for mark in metadata)
    return "a name" if is_name else "a text" if annotation is str else "a value"
