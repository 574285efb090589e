"""How does the help speak the language of the user? What typer made of verbs and options, its texts turned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import fill
from typing import Any

from model.cli.language import catalogue, said, translated

HELP = 78
"""Columns of text that a help has room for."""
ASKED = frozenset({"--help", "-h"})
TITLES = {
    "ARGUMENTS_PANEL_TITLE": "Arguments", "OPTIONS_PANEL_TITLE": "Options", "COMMANDS_PANEL_TITLE": "Commands",
    "REQUIRED_LONG_STRING": "[required]",
}  # fmt: skip
"""What typer writes above and beside, by where it keeps it."""
TEXTS = ("help", "short_help", "epilog", "options_metavar", "subcommand_metavar")
OF_A_PARAMETER = ("help", "metavar", "show_default")
USAGE = "Usage:"
OF_PYDANTIC = "Value error, "
"""How it begins what a validator says."""


def turn(command: Any, language: str, arguments: Sequence[str]) -> None:
    """Have a command, those beneath it and their options speak a language; their English is what they came with."""
    if ASKED & set(arguments):
        from typer import rich_utils

        for name, english in TITLES.items():
            setattr(rich_utils, name, said(english, language))
        rich_utils.DEFAULT_STRING = f"[{said('default', language)}: {{}}]"
    if language == "sv":
        for each in _all(command):
            _turn(each)


def usage_fault(error: Any) -> str:
    """What is wrong with what was typed, as typer says it, in Swedish."""
    lines = [translated(error.format_message().replace(OF_PYDANTIC, ""))]
    if (context := getattr(error, "ctx", None)) is not None:
        hint = said("Try '{command} --help' for help.", "sv", command=context.command_path)
        lines = [context.get_usage(), hint, "", *lines]
    return "\n".join(lines)


def turned(text: str) -> str:
    """A text of the help in Swedish, paragraph by paragraph; what nobody has turned stays."""
    return "\n\n".join(_paragraph(each) for each in text.split("\n\n"))


def _paragraph(text: str) -> str:
    swedish = catalogue().get(" ".join(text.split()))
    if swedish is None:
        return text
    return fill(swedish, HELP) if "\n" in text and "\n" not in swedish else swedish


def _all(command: Any) -> Iterator[Any]:
    yield command
    for each in getattr(command, "commands", {}).values():
        yield from _all(each)


def _turn(command: Any) -> None:
    _turn_texts(command, TEXTS)
    context: Any = command.context_class
    formatter: Any = context.formatter_class

    class Formatter(formatter):  # type: ignore[misc]
        def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
            super().write_usage(prog, args, prefix or f"{catalogue()[USAGE]} ")

    command.context_class = type("Context", (context,), {"formatter_class": Formatter})
    for each in command.params:
        _turn_texts(each, OF_A_PARAMETER)
    option_of = command.get_help_option

    def help_option(asking: Any) -> Any:
        option = option_of(asking)
        if option is not None:
            option.help = turned(option.help)
        return option

    command.get_help_option = help_option


def _turn_texts(owner: Any, names: Sequence[str]) -> None:
    for name in names:
        if isinstance(text := getattr(owner, name, None), str):
            setattr(owner, name, turned(text))
