"""How often does Python look for what nothing needs any more? Seldom: what a run makes lives nearly as long as it.

Python looks each time 700 objects more are made than let go, and through all of them once more at its end. A
formulation is many objects: without looking, a plan was there in 4.4 s instead of 5.6 s (measured on two cores).
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
