"""A climate-transition planning toolkit for municipalities: project, optimise, explain."""

__version__ = "0.1.0"
