"""How does the command line start, and what does it say when it cannot go on?"""

from __future__ import annotations

import os
import signal
import sys
import threading
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from model.cli.commands import app
from model.memory import collect_seldom, leave_as_it_is

INTERRUPTED = 130


def entry(arguments: list[str] | None = None) -> int:
    """Run the command line and give its exit code; no traceback reaches a user."""
    try:
        code = int(app(arguments, standalone_mode=False, prog_name="run.py") or 0)
    except KeyboardInterrupt:
        code = INTERRUPTED
    except Exception as error:
        code = _explain(error)
    if code == INTERRUPTED:
        from model.cli import console

        console.hint("Interrupted. What is in outputs/ is whole.")
    return code


def _explain(error: Exception) -> int:
    from model.cli import machine
    from model.inputs.faults import InputFaults

    if isinstance(error, InputFaults):
        from model.cli import console

        console.faults(error)
        return 1
    if hasattr(error, "exit_code") and hasattr(error, "show"):
        error.show()
        return 2
    if os.environ.get("CLIMATE_TRACEBACK"):
        raise error
    if (what := machine.said(error)) is not None:
        from model.cli import console

        console.hint(what)
        return 1
    from model.cli import console

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
