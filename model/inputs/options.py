"""How is an option declared, once for the command line and for Python? A model whose docstrings are its manual."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

if TYPE_CHECKING:
    from model.inputs.faults import Faults
    from model.inputs.municipality import Municipality


def _as_text(value: Any) -> Any:
    """A number without unit is let through as text: what is allowed is said where amounts are read."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


Amount = Annotated[str, BeforeValidator(_as_text)]
"""Money with its unit: `100 MSEK/year`."""


class Options(BaseModel):
    """Options that are given together: a field each, with its limits, its default and its docstring as the help."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True, defer_build=True)

    def check(self, town: Municipality, faults: Faults) -> None:
        """Note what does not fit a municipality; most options know of none."""


@dataclass(frozen=True)
class Flag:
    """How an option is typed on the command line, where that does not follow from its field."""

    metavar: str = ""
    """what stands for the value in the help"""
    name: str = ""
    """`--name`, if another than the field's"""
    short: str = ""
    """`-n`"""
    left_out: str = ""
    """what holds where it is left out, if the default does not say it"""
    example: str = ""
    """what can be typed, of an option with keys and values"""


OptionsType = TypeVar("OptionsType", bound=Options)


def read_options(kind: type[OptionsType], given: Mapping[str, Any], without: Collection[str] = ()) -> OptionsType:
    """Options as given in Python, but for those `without`. Raises `InputFaults` with all that is wrong with them."""
    from model.inputs.faults import Faults, Place
    from model.inputs.wording import allowed_by

    known, faults = [name for name in kind.model_fields if name not in without], Faults()
    allowed = f"one of {', '.join(known)}" if known else "none"
    for key in (key for key in given if key in without):
        faults.add(Place(f"option {key}"), f"option '{key}'", allowed, known, key)
    faults.stop_if_any()
    try:
        return kind.model_validate(dict(given))
    except ValidationError as error:
        for problem in error.errors():
            key = str(problem["loc"][0])
            if problem["type"] == "extra_forbidden":
                faults.add(Place(f"option {key}"), f"option '{key}'", allowed, known, key)
            else:
                faults.add(Place(f"option {key}"), f"'{problem['input']}'", allowed_by(dict(problem)))
        faults.stop_if_any()
        raise
