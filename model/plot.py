"""How do results look? Every figure by its name, from Python: `plot.pathways([reference, electric], lang="en")`."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

import xarray as xr
from matplotlib.figure import Figure

from model.figures.drawing.style import applied
from model.figures.registry import Declared, figures, save
from model.outputs.comparison import comparison_year

Results = xr.Dataset | Sequence[xr.Dataset]
Language = Literal["sv", "en"]
SEVERAL = ("scenarios", "futures")
"""Subjects of figures that show results of several runs beside each other."""
ONE_OF = {"scenarios": ("municipality",), "futures": ("municipality", "scenario")}
"""What is said once of all results in such a figure, so that it has to be the same."""
FUTURES = {"sv": "flera framtider, se namnen", "en": "several futures, see the names"}
CHANGED = {"sv": "med ändrade tal", "en": "with changed numbers"}
"""What is said of results that a figure of scenarios usually has in common."""


@dataclass(frozen=True)
class Drawing:
    """A drawn figure: a notebook shows it, `save` writes it, `figure` is matplotlib's."""

    name: str
    figure: Figure

    def save(self, folder: Path | str) -> list[Path]:
        """Write it as PNG and SVG into a folder, with the same bytes every time; gives the paths."""
        return save(self.figure, Path(folder), self.name)

    def _repr_png_(self) -> bytes:
        content = io.BytesIO()
        with applied():
            self.figure.savefig(content, format="png", dpi=110)
        return content.getvalue()


@cache
def _by_name() -> dict[str, Declared]:
    """Figures by the name of their file."""
    return {each.kind: each for each in figures()}


def __getattr__(name: str) -> Callable[..., Drawing]:
    """The figure of a name as a function of results."""
    if name.startswith("_") or name not in _by_name():
        raise AttributeError(f"there is no figure '{name}'; there are {', '.join(_by_name())}")
    declared = _by_name()[name]

    def draw(results: Results, lang: Language = "sv", page: int = 0) -> Drawing:
        if lang not in get_args(Language):
            raise ValueError(f"figure '{name}': language '{lang}'; there are {', '.join(get_args(Language))}")
        subject, shown = _subject(name, declared, results)
        jobs = declared.jobs(subject, shown, lang, comparison_year(shown[0]))
        if not jobs:
            raise ValueError(f"figure '{name}': nothing to draw in these results")
        if page not in range(len(jobs)):
            raise ValueError(f"figure '{name}': page {page}; it has pages 0 to {len(jobs) - 1}")
        job = jobs[page]
        return Drawing(job.name, job.draw(*job.arguments))

    draw.__name__, draw.__doc__ = name, declared.draw.__doc__
    return draw


def __dir__() -> list[str]:
    return ["Drawing", *_by_name()]


def _subject(name: str, declared: Declared, results: Results) -> tuple[Any, list[xr.Dataset]]:
    """What a figure is drawn of, and all results that are shown beside each other."""
    shown = [results] if isinstance(results, xr.Dataset) else list(results) if isinstance(results, Iterable) else []
    if not shown or not all(isinstance(each, xr.Dataset) and "fingerprint" in each.attrs for each in shown):
        raise TypeError(f"figure '{name}': results are datasets, such as `project` gives, or `plan.data`")
    for what in ONE_OF.get(declared.of, ()):
        found = {str(each.attrs[what]): None for each in shown}
        if len(found) > 1:
            raise ValueError(f"figure '{name}': it shows results of one {what}, and was given {', '.join(found)}")
    if declared.of in SEVERAL:
        told = _told_apart(shown) if declared.of == "scenarios" else shown
        return told, told
    if len(shown) > 1 and not declared.beside:
        raise TypeError(f"figure '{name}': it shows the results of one run, and was given those of {len(shown)}")
    return shown[0], shown


def _told_apart(shown: list[xr.Dataset]) -> list[xr.Dataset]:
    """The same results, named also by their future or by changed numbers where these are not the same for all."""
    futures, changes = ({str(each.attrs[what]) for each in shown} for what in ("future", "changes"))
    told = []
    for each in shown:
        attrs = dict(each.attrs)
        for language in get_args(Language):
            parts = [attrs[f"scenario_{language}"]]
            parts += [attrs[f"future_{language}"]] * (len(futures) > 1)
            parts += [CHANGED[language]] * (len(changes) > 1 and bool(attrs["changes"]))
            attrs[f"scenario_{language}"] = ", ".join(map(str, parts))
            if len(futures) > 1:
                attrs[f"future_{language}"] = FUTURES[language]
        told.append(each.assign_attrs(attrs))
    return told
