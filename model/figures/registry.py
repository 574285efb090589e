"""Which figures does a study get? Jobs, each a drawing function with its datasets, and files written whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import xarray as xr
from matplotlib.figure import Figure

from model.figures import comparison, debt, fan, frontier, gap, investment, pathways, payments, pots, roadmap, sectors
from model.figures.drawing.quantities import comparison_year
from model.figures.drawing.style import applied
from model.outputs.files import write_whole

DPI = 200
PNG: dict[str, Any] = {"metadata": {"Software": None}, "pil_kwargs": {"compress_level": 3}}
LEAST = 0.05
"""MSEK below which there is nothing to draw."""


@dataclass(frozen=True)
class Job:
    """A figure to be drawn: picklable, so that it may be drawn in another process."""

    name: str
    draw: Callable[..., Figure]
    arguments: tuple[Any, ...]

    def write(self, folder: Path) -> list[Path]:
        """Draw the figure once and write it as PNG and SVG."""
        return save(self.draw(*self.arguments), folder, self.name)


def draw_all(
    data: Mapping[tuple[str, str], xr.Dataset],
    shown_future: str,
    fan_scenario: str,
    folder: Path,
    language: str,
    progress: Callable[[str], None] | None = None,
) -> list[Path]:
    """Draw every figure of a study into a folder, and give back what was written.

    `data` holds datasets by (scenario, future) in the order of the study, the reference first.
    """
    written = []
    for job in figure_jobs(data, shown_future, fan_scenario, language):
        written += job.write(folder)
        if progress is not None:
            progress(job.name)
    return written


def figure_jobs(
    data: Mapping[tuple[str, str], xr.Dataset], shown_future: str, fan_scenario: str, language: str
) -> list[Job]:
    """Every figure of a study; money only where there is any."""
    shown = [each for (_, future), each in data.items() if future == shown_future]
    futures = [each for (scenario, _), each in data.items() if scenario == fan_scenario]
    if not shown or not futures:
        raise KeyError(f"no results for future '{shown_future}' or scenario '{fan_scenario}'")
    year = comparison_year(shown[0])
    jobs = [Job("pathways", pathways.draw, (shown, language, year)),
            Job("comparison", comparison.draw, (shown, language, year)),
            Job(f"fan_{fan_scenario}", fan.draw, (futures, language, year))]  # fmt: skip
    return jobs + [job for each in shown for job in _of_scenario(each, shown, language, year)]


def plan_jobs(data: Mapping[tuple[str, str], xr.Dataset], language: str) -> list[Job]:
    """What explains plans, in every future: money, roadmap, and what was asked beside them."""
    every = list(data.values())
    found = [job for each in every for job in _of_plan(each, every, language, comparison_year(each))]
    several = len({future for _, future in data}) > 1
    names = [f"{job.name}.{job.arguments[0].attrs['future']}" if several else job.name for job in found]
    return [replace(job, name=name) for job, name in zip(found, names, strict=True)]


def _of_scenario(data: xr.Dataset, shown: Sequence[xr.Dataset], language: str, year: int) -> Sequence[Job]:
    name, arguments = data.attrs["scenario"], (data, language, year)
    jobs = [Job(f"sectors_{name}", sectors.draw, arguments)]
    if float(data.capital.sum()) > LEAST:
        jobs.append(Job(f"investment_{name}", investment.draw, arguments))
    if float(data.payment.sum()) > LEAST:
        jobs.append(Job(f"payments_{name}", payments.draw, arguments))
    return [*jobs, *_of_plan(data, shown, language, year)] if data.attrs["kind"] == "goal" else jobs


def _of_plan(data: xr.Dataset, shown: Sequence[xr.Dataset], language: str, year: int) -> Sequence[Job]:
    name, arguments, jobs = data.attrs["scenario"], (data, language, year), list[Job]()
    if "charge" in data and pots.in_order(data):
        jobs.append(Job(f"pots_{name}", pots.draw, arguments))
    if "debt" in data and debt.funds(data):
        jobs.append(Job(f"debt_{name}", debt.draw, arguments))
    if roadmap.started(data).any():
        for page in range(len(roadmap.pages(data, language))):
            number = f"_{page + 1}" if page else ""
            jobs.append(Job(f"roadmap_{name}{number}", roadmap.draw, (*arguments, page)))
    if "gap_lifted" in data:
        jobs.append(Job(f"gap_{name}", gap.draw, arguments))
    if "sweep_relaxed" in data:
        jobs.append(Job(f"frontier_{name}", frontier.draw, (data, shown, language, year)))
    return jobs


def save(figure: Figure, folder: Path, name: str) -> list[Path]:
    """Write a figure as PNG and SVG with the same bytes every time."""
    paths = [folder / f"{name}.png", folder / f"{name}.svg"]
    with applied():
        write_whole(paths[0], lambda path: figure.savefig(path, format="png", dpi=DPI, **PNG))
        write_whole(paths[1], lambda path: figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None}))
    return paths
