"""How does the command line start, and what does it say when it cannot go on?"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Sequence
from io import TextIOWrapper
from itertools import pairwise
from pathlib import Path
from typing import Any

from typer.main import get_command

from model.cli import manual
from model.cli.commands import app
from model.memory import collect_seldom, leave_as_it_is
from model.texts import LANGUAGES, usual_language

INTERRUPTED = 130


def entry(arguments: list[str] | None = None) -> int:
    """Run the command line and give its exit code; no traceback reaches a user."""
    typed = sys.argv[1:] if arguments is None else arguments
    try:
        command, language = get_command(app), _language(typed)
        if language != "en" or manual.ASKED & set(typed):
            manual.turn(command, language, typed)
        code = int(command(typed, standalone_mode=False, prog_name="run.py") or 0)
    except KeyboardInterrupt:
        code = INTERRUPTED
    except Exception as error:
        code = _explain(error, _language(typed))
    if code == INTERRUPTED:
        from model.cli import console

        console.hint("Interrupted. What is in outputs/ is whole.")
    return code


def _language(typed: Sequence[str]) -> str:
    """The language that is asked for, whatever else is typed; the machine's where none is."""
    pairs = [*pairwise(typed), *(each.split("=", 1) for each in typed if "=" in each)]
    asked = [value for option, value in pairs if option == "--lang" and value in LANGUAGES]
    return asked[-1] if asked else usual_language()


def _explain(error: Exception, language: str) -> int:
    from model.cli import console, machine
    from model.inputs.faults import InputFaults

    console.speak(language)
    if isinstance(error, InputFaults):
        console.faults(error)
        return 1
    if hasattr(error, "exit_code") and hasattr(error, "show"):
        if language == "sv":
            console.warn(manual.usage_fault(error))
        else:
            error.show()
        return 2
    if os.environ.get("CLIMATE_TRACEBACK"):
        raise error
    if (what := machine.said(error)) is not None:
        console.hint(what)
        return 1
    console.hint("This is a fault of the toolkit, not of your files: {error}", error=f"{type(error).__name__}: {error}")
    console.hint("Please report it with the command you ran; CLIMATE_TRACEBACK=1 shows where it happened.")
    return 70


def _press_again() -> None:
    if hasattr(signal, "pthread_kill"):  # else a main thread that waits would not wake up
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    else:
        signal.raise_signal(signal.SIGINT)


def _listen() -> None:
    """Ctrl-C, a request to end and a terminal that is closed interrupt what is being done, wherever it is."""

    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    def again(lost: Any) -> None:
        if lost.exc_type is KeyboardInterrupt:  # it came where Python swallows exceptions, e.g. amid an import
            threading.Timer(0.01, _press_again).start()
        else:
            sys.__unraisablehook__(lost)

    for number in (getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)):
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, interrupt)
    sys.unraisablehook = again
    # workers that are stopped leave semaphores behind; Python removes them, and need not say so
    os.environ.setdefault("PYTHONWARNINGS", "ignore:resource_tracker")


def _streams() -> None:
    """Standard streams are there and take every letter: what was closed leads nowhere, what is unknown becomes `?`."""
    spare = os.open(os.devnull, os.O_RDWR)
    while spare <= 2:  # else the next file that is opened would be what libraries print to
        os.set_inheritable(spare, True)
        spare = os.open(os.devnull, os.O_RDWR)
    os.close(spare)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - until the end
        elif isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def _told() -> bool:
    """Whether all that was printed has been; where nobody listens any more, nothing is to be said of it."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return False
    return True


if __name__ == "__main__":
    _streams()
    _listen()
    collect_seldom()
    code = entry()
    if not _told():
        code = code or 1
    leave_as_it_is()
    sys.exit(code)
