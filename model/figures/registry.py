"""Which figures does a study get? Those that the files of this package declare, as jobs that write files whole."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, Literal, ParamSpec, get_args

import xarray as xr
from matplotlib.figure import Figure

import model.figures
from model.figures.drawing.style import applied, styled
from model.outputs.comparison import comparison_year
from model.outputs.files import write_whole

DPI = 200
PNG: dict[str, Any] = {"metadata": {"Software": None}, "pil_kwargs": {"compress_level": 3}}
Subject = Literal["scenarios", "futures", "scenario", "plan"]
"""What a figure shows, as its first argument: all scenarios of a study in the shown future, one scenario in all futures
(both a list of datasets), each scenario, or each plan that was found for a goal (one dataset)."""
SCENARIO = "scenario"
"""What a file name may hold in braces."""
LAST = 100
Arguments = ParamSpec("Arguments")


@dataclass(frozen=True)
class FigureJob:
    """A figure to be drawn: picklable, so that it may be drawn in another process."""

    name: str
    draw: Callable[..., Figure]
    arguments: tuple[Any, ...]

    def write(self, folder: Path) -> list[Path]:
        """Draw the figure once and write it as PNG and SVG."""
        return save(self.draw(*self.arguments), folder, self.name)


@dataclass(frozen=True)
class Declared:
    """A figure as its file declares it with `@figure`."""

    name: str
    draw: Callable[..., Figure]
    of: Subject
    when: Callable[[Any], bool]
    pages: Callable[[xr.Dataset, str], int] | None
    beside: bool
    order: int
    council: bool

    @property
    def kind(self) -> str:
        """What it is called by itself, whatever it shows: `pathways`, `payments`."""
        return self.draw.__module__.rpartition(".")[2]

    def jobs(self, subject: Any, shown: Sequence[xr.Dataset], language: str, year: int) -> list[FigureJob]:
        """Its jobs for a subject: none where there is nothing to draw, else one a page."""
        if not self.when(subject):
            return []
        first = subject if isinstance(subject, xr.Dataset) else subject[0]
        name = self.name.format(**{SCENARIO: first.attrs["scenario"]})
        arguments = (subject, shown, language, year) if self.beside else (subject, language, year)
        if self.pages is None:
            return [FigureJob(name, self.draw, arguments)]
        with applied():  # to count pages is to measure texts
            pages = range(self.pages(subject, language))
        return [FigureJob(f"{name}_{page + 1}" if page else name, self.draw, (*arguments, page)) for page in pages]


_declared: dict[str, Declared] = {}


def figure(
    name: str,
    of: Subject,
    when: Callable[[Any], bool] = lambda _: True,
    pages: Callable[[xr.Dataset, str], int] | None = None,
    beside: bool = False,
    order: int = LAST,
    council: bool = False,
) -> Callable[[Callable[Arguments, Figure]], Callable[Arguments, Figure]]:
    """Declare a drawing function a figure of every study: `@figure("debt_{scenario}", of="plan", when=...)`.

    The function is called with its subject, a language and the comparison year, and draws in the style of all figures.

    Args:
        name: its file's name, with `{scenario}` in it unless it shows all of them.
        of: what it shows; see `Subject`.
        when: whether there is anything to draw of a subject.
        pages: how many pages a subject takes; the function then gets the page's number, from 0, as last argument.
        beside: whether it gets all shown scenarios as second argument.
        order: place among figures of the same subject, which are drawn in turn; then by name.
        council: whether a council decides on what it shows: a study draws it without being asked to.

    Raises ValueError where a name is taken, or files of several scenarios would have the same.
    """
    fields = {field for _, field, _, _ in Formatter().parse(name) if field is not None}
    if fields != (set() if of == "scenarios" else {SCENARIO}):
        wanted = "no braces" if of == "scenarios" else f"{{{SCENARIO}}} and no other braces"
        raise ValueError(f"figure '{name}' of {of}: a name with {wanted} is needed")

    def declare(draw: Callable[Arguments, Figure]) -> Callable[Arguments, Figure]:
        drawn = styled(draw)
        if name in _declared and _declared[name].draw.__module__ != draw.__module__:
            raise ValueError(f"figure '{name}' is declared in {_declared[name].draw.__module__} and {draw.__module__}")
        _declared[name] = Declared(name, drawn, of, when, pages, beside, order, council)
        return drawn

    return declare


@cache
def figures() -> tuple[Declared, ...]:
    """All figures, by subject, in their order; every file of this package is read for them."""
    for module in pkgutil.iter_modules(model.figures.__path__, f"{model.figures.__name__}."):
        if not module.ispkg:
            importlib.import_module(module.name)
    subjects = get_args(Subject)
    return tuple(sorted(_declared.values(), key=lambda each: (subjects.index(each.of), each.order, each.name)))


def figure_jobs(
    data: Mapping[tuple[str, str], xr.Dataset],
    shown_future: str,
    fan_scenario: str,
    language: str,
    decided: str | None = None,
    only: Collection[str] = (),
) -> list[FigureJob]:
    """Every figure of a study of which there is anything to draw.

    `data` holds datasets by (scenario, future) in the order of the study, the reference first. With `decided`, the
    scenario that a council decides on, only what it is shown: of all scenarios, and of that one. With `only`, figures
    of these kinds (`kinds`), or of one file name (`payments_reference`). Raises KeyError where one is neither.
    """
    shown = [each for (_, future), each in data.items() if future == shown_future]
    futures = [each for (scenario, _), each in data.items() if scenario == fan_scenario]
    if not shown or not futures:
        raise KeyError(f"no results for future '{shown_future}' or scenario '{fan_scenario}'")
    year = comparison_year(shown[0])
    subjects: list[tuple[Subject, Any]] = [("scenarios", shown), ("futures", futures)]
    for each in shown:
        if decided in (None, each.attrs["scenario"]):
            subjects.append(("scenario", each))
            if each.attrs["kind"] == "goal":
                subjects.append(("plan", each))
    chosen = [each for each in figures() if each.council or decided is None]
    jobs = [(kind, job) for of, subject in subjects for kind, job in _jobs(chosen, of, subject, shown, language, year)]
    known = {*kinds(), *(job.name for _, job in jobs)}
    if unknown := [name for name in only if name not in known]:
        raise KeyError(f"no figure {', '.join(unknown)}; there are {', '.join(kinds())}")
    return [job for kind, job in jobs if not only or kind in only or job.name in only]


def kinds() -> tuple[str, ...]:
    """What figures can be drawn, by the name of their file here, in their order."""
    return tuple(each.kind for each in figures())


def plan_jobs(data: Mapping[tuple[str, str], xr.Dataset], language: str) -> list[FigureJob]:
    """What explains plans, in every future: money, roadmap, and what was asked beside them."""
    every = list(data.values())
    several = len({future for _, future in data}) > 1
    jobs = []
    for each in every:
        found = _jobs(figures(), "plan", each, every, language, comparison_year(each))
        end = f".{each.attrs['future']}" if several else ""
        jobs += [replace(job, name=job.name + end) for _, job in found]
    return jobs


def _jobs(
    chosen: Sequence[Declared], of: Subject, subject: Any, shown: Sequence[xr.Dataset], language: str, year: int
) -> list[tuple[str, FigureJob]]:
    """Jobs of a subject, each with its kind of figure."""
    return [(each.kind, job) for each in chosen if each.of == of for job in each.jobs(subject, shown, language, year)]


def save(figure: Figure, folder: Path, name: str) -> list[Path]:
    """Write a figure as PNG and SVG with the same bytes every time."""
    paths = [folder / f"{name}.png", folder / f"{name}.svg"]
    with applied():
        write_whole(paths[0], lambda path: figure.savefig(path, format="png", dpi=DPI, **PNG))
        write_whole(paths[1], lambda path: figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None}))
    return paths
