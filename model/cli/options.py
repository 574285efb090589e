"""How do models of options become options of the command line?"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import typer
from pydantic import Field, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from model import ROOT
from model.inputs.options import Flag, Options
from model.studies.options import RunOptions, StudyOptions

MAIN_STUDY = "main"
PROJECT = ROOT
LIMITS = ("ge", "le")
"""As the model names them: at least, at most; typer shows them in the help."""
StudyName = Annotated[str, typer.Argument(metavar="STUDY", help="A file in scenarios/studies/.")]
ResultsName = Annotated[str, typer.Argument(metavar="NAME", help="A study, or a folder in outputs/.")]
GoalName = Annotated[str, typer.Argument(metavar="GOAL", help="A file in scenarios/goals/.")]
RootOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER", show_default="the project's own",
        help="Folder that holds inputs/, scenarios/ and outputs/; given before the verb.",
    ),
]  # fmt: skip


def spread_out(verb: Callable[..., None]) -> Callable[..., None]:
    """A verb that takes models of options as one that takes each option by itself, which typer can read.

    The options of the first model come first, flags last. Raises ValueError where two models have the same option.
    """
    hints = get_type_hints(verb, include_extras=True)
    models = {name: kind for name, kind in hints.items() if inspect.isclass(kind) and issubclass(kind, Options)}
    given = inspect.signature(verb).parameters.values()
    parameters = [each.replace(annotation=hints[each.name]) for each in given if each.name not in models]
    fields = [(name, field) for kind in models.values() for name, field in kind.model_fields.items()]
    if twice := {name for name, _ in fields if sum(name == other for other, _ in fields) > 1}:
        raise ValueError(f"{verb.__name__}: options {', '.join(sorted(twice))} twice")
    fields.sort(key=lambda each: each[1].annotation is bool)
    parameters += [_parameter(name, field) for name, field in fields]

    def spread(**values: Any) -> None:
        built = {
            name: kind.model_validate(
                {name: _value(field, values.pop(name)) for name, field in kind.model_fields.items()}
            )
            for name, kind in models.items()
        }
        verb(**values, **built)

    spread.__name__, spread.__doc__ = verb.__name__, verb.__doc__
    spread.__annotations__ = {each.name: each.annotation for each in parameters}
    spread.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in parameters]
    )
    return spread


def option(kind: type[Options], name: str) -> Any:
    """One option of a model by itself, as the annotation of a parameter."""
    return _annotation(name, kind.model_fields[name])


def _parameter(name: str, field: FieldInfo) -> inspect.Parameter:
    default = field.get_default(call_default_factory=True, validated_data={})
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=_annotation(name, field)
    )  # fmt: skip


def _annotation(name: str, field: FieldInfo) -> Any:
    """A field as typer wants it: what it is called, its limits, its help."""
    flag = _flag(field)
    names = [f"--{flag.name or name.replace('_', '-')}", *filter(None, [flag.short])]
    limits = {sign: getattr(mark, sign) for mark in field.metadata for sign in LIMITS if hasattr(mark, sign)}
    least, most = map(limits.get, LIMITS)

    def checked(typed: Any) -> Any:
        _value(field, typed)
        return typed

    manual = " ".join((field.description or "").split())
    if _has_keys(field) or any(get_origin(each) is list for each in (field.annotation, *get_args(field.annotation))):
        manual = f"{manual.removesuffix('.')}; may be repeated."
    declared = typer.Option(
        *names, metavar=flag.metavar or None, callback=checked, min=least, max=most,
        help=manual, show_default=flag.left_out or True,
    )  # fmt: skip
    return Annotated[list[str] | None if _has_keys(field) else field.annotation, declared]


def _value(field: FieldInfo, typed: Any) -> Any:
    """What was typed as the model takes it. Raises `BadParameter` where it does not."""
    if not typed and not isinstance(typed, int | float):
        return field.get_default(call_default_factory=True, validated_data={})
    value = _pairs(typed, _flag(field)) if _has_keys(field) else typed
    wanted: Any = Annotated[field.annotation, Field(), *field.metadata]
    try:
        return TypeAdapter(wanted).validate_python(value)
    except ValidationError as error:
        from model.inputs.wording import holds

        said = f"{value:g}" if isinstance(value, int | float) else f"'{value}'"
        allowed = holds(field)
        if error.errors()[0]["type"] == "finite_number":
            allowed = allowed.replace("a number", "a finite number")
        raise typer.BadParameter(f"{said} is not {allowed}") from None


def _pairs(typed: Sequence[str], flag: Flag) -> dict[str, str]:
    """Keys and their values. Raises `BadParameter` where a key is there twice."""
    pairs = [_pair(each, flag) for each in typed]
    if twice := sorted({key for key, _ in pairs if sum(key == other for other, _ in pairs) > 1}):
        raise typer.BadParameter(f"'{twice[0]}' twice; each once")
    return dict(pairs)


def _pair(text: str, flag: Flag) -> tuple[str, str]:
    """A key and its value, typed with `=` between them."""
    key, _, value = (part.strip() for part in text.partition("="))
    if not key or not value:
        raise typer.BadParameter(f"'{text}' is not {flag.metavar}, such as {flag.example}")
    return key, value


def _flag(field: FieldInfo) -> Flag:
    return next((mark for mark in field.metadata if isinstance(mark, Flag)), Flag())


def _has_keys(field: FieldInfo) -> bool:
    """Whether an option is typed as keys with values, `KEY=VALUE`."""
    return any(get_origin(each) is dict for each in (field.annotation, *get_args(field.annotation)))


TownOption = option(RunOptions, "municipality")
LangOption = option(StudyOptions, "lang")
