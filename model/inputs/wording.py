"""How is it said what a field may contain?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args


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
    }
    if kind in plain:
        return plain[kind]
    if kind == "literal_error":
        return f"one of {context.get('expected', '')}".replace(" or ", ", ").replace("'", "")
    bounds = {"greater_than_equal": "of at least {ge:g}", "greater_than": "above {gt:g}",
              "less_than_equal": "of at most {le:g}", "less_than": "below {lt:g}"}  # fmt: skip
    if kind in bounds:
        return "a number " + bounds[kind].format(**context)
    return str(problem.get("msg", kind)).removeprefix("Value error, ")
