"""Is what a user calls something text in every figure, whatever is in it?"""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
import xarray as xr
from matplotlib.figure import Figure
from matplotlib.text import Text

from model.figures.drawing.style import applied
from model.figures.registry import figure_jobs, plan_jobs, save
from tests.towns.analysed_town import analysed
from tests.towns.drawn_town import world, written

NAME = "<script>a()</script> $x^2$ {0} %s \\frac & \U0001f68c"
"""Mark-up, mathematics, places of templates, and a sign that the font has not."""
SHAPES = {
    "svg", "g", "path", "defs", "use", "clipPath", "rect", "style", "metadata", "RDF", "Work", "type", "format",
    "pattern", "title", "date", "creator", "Agent",
}  # fmt: skip
"""What there may be in the SVG of a figure: text is drawn as paths."""


def renamed(data: xr.Dataset) -> xr.Dataset:
    """The same results of things that are all called by the name."""
    called = {name: (each.dims, [NAME] * each.size) for name, each in data.coords.items() if "label_" in str(name)}
    titles = {name: NAME for name in data.attrs if str(name).endswith(("_sv", "_en"))}
    return data.assign_coords(called).assign_attrs(titles)


def drawn() -> dict[str, Figure]:
    """Every figure of a study and of a plan in which everything has the name."""
    shown = [renamed(each) for each in (world(), world("mobility"), analysed())]
    data = {(each.attrs["scenario"], "central"): each for each in shown}
    jobs = [*figure_jobs(data, "central", "reference", "sv"), *plan_jobs({("goal", "central"): shown[-1]}, "en")]
    return {job.name: job.draw(*job.arguments) for job in jobs}


def test_names_are_text_in_all_figures_and_no_script_in_svg(tmp_path: Path, recwarn: pytest.WarningsRecorder) -> None:
    figures = drawn()
    assert len(figures) > 10
    for name, figure in figures.items():
        with applied():
            assert not [each for each in figure.findobj(Text) if each.get_parse_math()], name
        _, svg = save(figure, tmp_path, name)
        root = ElementTree.fromstring(svg.read_text(encoding="utf-8"))
        assert {each.tag.rpartition("}")[2] for each in root.iter()} <= SHAPES
        assert not [key for each in root.iter() for key in each.attrib if key.lower().startswith("on")]
    assert "$x^2$" in written(figures["pathways"])
    assert not [str(each.message) for each in recwarn.list]
