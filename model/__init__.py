"""A climate-transition planning toolkit for municipalities: project, optimise, explain."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The folder of the project: `inputs/`, `scenarios/`, `outputs/` and `constraints/` stand in it."""

__version__ = "0.1.0"
