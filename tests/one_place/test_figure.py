"""Is one file enough for a figure?"""

from pathlib import Path

from tests.one_place.copy import command_line, project_copy, touched

FIGURE = '''"""How many measures operate, year by year?"""

from __future__ import annotations

import xarray as xr
from matplotlib.figure import Figure

from model.figures.drawing import quantities, sheet, style
from model.figures.drawing.texts import Texts
from model.figures.registry import figure

text = Texts({  # key: (sv, en)
    "title": ("Vad är i drift? {title}", "What operates? {title}"),
    "lead": ("{count} åtgärder är i drift {year}.", "{count} measures operate in {year}."),
    "axis": ("Åtgärder i drift", "Measures that operate"),
})  # fmt: skip


@figure("operating_{scenario}", of="scenario", when=lambda data: bool((data.level > 0).any()))
def draw(data: xr.Dataset, language: str, year: int) -> Figure:
    """A bar a year: measures that operate."""
    running = (data.level > 0).sum("measure")
    lead = text("lead", language, count=int(running.sel(year=year)), year=year)
    title = text("title", language, title=quantities.title(data, language))
    figure, top = sheet.page(6.0, title, lead, quantities.footer(data, language))
    axes = sheet.panel(figure, 1.0, top + 0.6, style.WIDTH - 1.5, 4.8)
    sheet.year_axis(axes, data.year.values[0] - 0.5, data.year.values[-1] + 0.5)
    sheet.value_axis(axes, 0.0, 1.1 * float(running.max()), language)
    sheet.axis_title(axes, text("axis", language))
    axes.bar(data.year.values, running.values, color=style.FAINT)
    return figure
'''
STUDY = """title: {sv: Liten, en: Small}
municipality: toy
futures: [central]
scenarios: [toy_reference, toy_mix]
"""


def test_a_figure_is_one_file_with_its_texts_and_a_study_draws_it_where_there_is_anything(tmp_path: Path) -> None:
    root = project_copy(tmp_path)
    (root / "model/figures/operating.py").write_text(FIGURE, encoding="utf-8")
    assert touched(root) == {"model/figures/operating.py"}
    (root / "scenarios/studies/small.yaml").write_text(STUDY, encoding="utf-8")
    with command_line(root) as run:
        run("study", "small")
        run("figures", "small")
    drawn = {path.name for path in (root / "outputs/small/figures_central_sv").iterdir()}
    assert {"operating_toy_mix.png", "operating_toy_mix.svg"} <= drawn
    assert "operating_toy_reference.png" not in drawn, "nothing operates in it"
    assert {"pathways.png", "sectors_toy_mix.svg"} <= drawn, "beside those that were there"
