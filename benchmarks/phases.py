"""Where does the time of the main job go? One process, and whose code runs, looked at again and again.

Run with `python -m benchmarks.phases` (as long as the main job takes on one processor), or with another verb and its
arguments. Every 5 ms of the processor a
signal looks at the stack. Python handles it only after a call into a library returns, so the time since the last look
goes to the innermost frame of the project: what HiGHS takes goes to `optimiser/solver`, what matplotlib takes to
`figures`. Importing is counted by itself. Nothing is instrumented, so nothing here knows the code.
"""

from __future__ import annotations

import io
import os
import signal
import sys
import time
from collections import Counter
from contextlib import redirect_stderr, redirect_stdout
from types import FrameType

from model import ROOT

JOB = ["study", "main", "--fresh"]
EVERY = 0.005
"""Seconds of the processor between looks."""
HOME = f"{ROOT / 'model'}{os.sep}"
NAMES = {
    "optimiser/solver": "HiGHS, and what hands problems to it",
    "optimiser/limits": "formulating",
    "optimiser/formulation": "formulating",
    "optimiser": "searching, reading and certifying plans",
    "analyses": "questions to plans",
    "figures": "figures",
    "plot": "figures",
    "outputs": "writing results",
    "inputs": "reading inputs",
    "projection": "projecting",
}
"""Folder of the code: what it does; the longest that fits."""
IMPORTING = "importing"


class Looks:
    """Seconds of the processor by what was being done, for plans and for questions to them."""

    def __init__(self) -> None:
        self.seconds: Counter[tuple[str, str]] = Counter()
        self.last = time.process_time()

    def __call__(self, _: int, frame: FrameType | None) -> None:
        """Give the time since the last look to what is being done."""
        now = time.process_time()
        self.seconds[seen(frame)] += now - self.last
        self.last = now


def seen(frame: FrameType | None) -> tuple[str, str]:
    """(for what, what is done) of a stack."""
    innermost, purpose = "", "all else"
    while frame is not None:
        name = frame.f_code.co_filename
        if name.startswith("<frozen importlib"):
            return "all else", IMPORTING
        if name.startswith(HOME):
            place = name[len(HOME) :].replace(os.sep, "/")
            innermost = innermost or place
            if place.startswith("analyses/"):
                purpose = "questions to plans"
            elif place.startswith("optimiser/") and purpose == "all else":
                purpose = "plans"
        frame = frame.f_back
    fitting = [folder for folder in NAMES if innermost.startswith((f"{folder}/", f"{folder}.py"))]
    return purpose, NAMES[max(fitting, key=len)] if fitting else "the rest"


def main() -> None:
    """Run the main job and print where its time went."""
    looks = Looks()
    signal.signal(signal.SIGPROF, looks)
    signal.setitimer(signal.ITIMER_PROF, EVERY, EVERY)
    os.cpu_count = lambda: 1  # so that nothing is given to other processes
    begun = time.process_time()
    from model.cli.commands import app

    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        app(sys.argv[1:] or JOB, standalone_mode=False, prog_name="run.py")
    signal.setitimer(signal.ITIMER_PROF, 0)
    whole = time.process_time() - begun
    print(f"{whole:.1f} s of one processor, in one process")
    for (purpose, what), seconds in looks.seconds.most_common():
        if seconds > 0.002 * whole:
            print(f"{seconds:8.1f} s {seconds / whole:6.1%}  {what}" + f" ({purpose})" * (purpose != "all else"))


if __name__ == "__main__":
    main()
