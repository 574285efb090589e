"""How often does Python look for what nothing needs any more? Seldom: what a run makes lives nearly as long as it.

Python looks each time 700 objects more are made than let go, and through all of them once more at its end; a
formulation is a million objects, so that looking took a fifth of the time in which a plan is found.
"""

from __future__ import annotations

import gc

EVERY = 50_000, 20, 20
"""Objects more than before for a look through the youngest, and looks for one through the next older ones."""


def collect_seldom() -> None:
    """Let this process look seldom."""
    gc.set_threshold(*EVERY)


def leave_as_it_is() -> None:
    """Before a process ends: everything goes with it, and need not be looked through."""
    gc.freeze()
