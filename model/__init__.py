"""A climate-transition planning toolkit for municipalities: project, optimise, explain.

    import model

    town = model.load("ostersund")
    model.check(town)
    results = model.project(town, "electrification")
    plan = model.optimise(town, "neutral_2030")
    model.plot.pathways([results, plan.data], lang="en")

`docs/api.md` says what each of them gives back.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from model import plot
    from model.api import InputFaults, Municipality, Plan, check, load, optimise, project

ROOT = Path(__file__).resolve().parent.parent
"""The folder of the project: `inputs/`, `scenarios/`, `outputs/` and `constraints/` stand in it."""

__version__ = "0.1.0"
__all__ = ["InputFaults", "Municipality", "Plan", "check", "load", "optimise", "plot", "project"]


def __getattr__(name: str) -> Any:
    """What can be done from Python, loaded when it is asked for: the command line starts without it."""
    if name == "plot":
        return import_module("model.plot")
    if name in __all__:
        return getattr(import_module("model.api"), name)
    raise AttributeError(f"module 'model' has no attribute '{name}'; it has {', '.join(__all__)}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
