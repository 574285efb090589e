"""How does the command line start, and what does it say when it cannot go on?"""

from __future__ import annotations

import os
import signal
import sys
import threading
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
        print("Interrupted. What is in outputs/ is whole.", file=sys.stderr)
    return code


def _explain(error: Exception) -> int:
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
    if isinstance(error, OSError) and error.filename is not None:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        return 1
    print(f"This is a fault of the toolkit, not of your files: {type(error).__name__}: {error}", file=sys.stderr)
    print("Please report it with the command you ran; CLIMATE_TRACEBACK=1 shows where it happened.", file=sys.stderr)
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


if __name__ == "__main__":
    _listen()
    collect_seldom()
    code = entry()
    leave_as_it_is()
    sys.exit(code)
