"""Does one colour mean one thing in all figures, and is it told apart from others by everybody?"""

import re
from itertools import combinations, pairwise

import numpy as np
import pytest
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle, StepPatch

from model import ROOT
from model.figures import comparison, frontier, pathways, payments, pots, roadmap, sectors
from model.figures.drawing import style
from model.figures.drawing.style import (
    COLOURS,
    FUTURE_COLOURS,
    FUTURES,
    LINES,
    PAYER_COLOURS,
    SCENARIO_COLOURS,
    SECTOR_COLOURS,
    luminance,
)
from tests.towns.analysed_town import analysed
from tests.towns.drawn_town import SECTORS, artists, world


def filled(figure: Figure, kind: type, gid: str) -> list[str]:
    """Colours of what is filled, each once, in the order of drawing."""
    colours = [each.get_facecolor() for each in artists(figure, kind, gid)]
    return list(dict.fromkeys(to_hex(np.reshape(each, -1)[:3]).upper() for each in colours))


def test_no_colour_means_two_things():
    every = [(meaning, colour) for meaning, colours in COLOURS.items() for colour in colours]
    for (one, a), (other, b) in combinations(every, 2):
        far = np.linalg.norm(seen(a, "normal") - seen(b, "normal"))
        assert far > 14, f"{a} ({one}) and {b} ({other}) are nearly alike"


def test_figures_take_their_colours_from_the_table():
    for path in (ROOT / "model/figures").glob("*.py"):
        assert re.findall(r"#[0-9A-Fa-f]{6}", path.read_text(encoding="utf-8")) == [], path.name


def test_a_thing_has_the_same_colour_in_all_figures_that_show_it():
    data = analysed()
    shown = [world(), data, analysed("unlimited").assign_attrs(kind="goal")]
    areas, placed = (
        filled(each(data, "sv"), StepPatch, gid) for each, gid in ((pots.draw, "used"), (roadmap.draw, "level"))
    )
    payers = set(PAYER_COLOURS.values())
    assert set(filled(payments.draw(data, "sv"), StepPatch, "paid")) <= payers | {"#FFFFFF"}
    assert set(areas) <= payers | set(style.AREA_COLOURS) | {"#FFFFFF"}
    assert set(placed) <= set(style.AREA_COLOURS) and len(set(placed) & set(areas)) > 2
    lines = {line.get_color() for line in artists(pathways.draw(shown, "sv"), Line2D, "path")}
    assert {mark.get_color() for mark in artists(frontier.draw(data, shown, "sv"), Line2D, "scenario")} < lines
    stack = filled(comparison.draw(shown, "sv"), Rectangle, "sector")
    assert filled(sectors.draw(data, "sv"), Rectangle, "observed") == stack == list(SECTOR_COLOURS[: len(stack)])


def test_neighbouring_sectors_differ_in_greyscale():
    assert len(set(SECTOR_COLOURS)) == len(SECTOR_COLOURS) == len(SECTORS)
    differences = [abs(luminance(a) - luminance(b)) for a, b in pairwise(SECTOR_COLOURS[:9])]
    assert min(differences) > 15, differences


MACHADO_2009 = {  # severity 1, linear RGB
    "normal": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}


def seen(colour: str, vision: str) -> np.ndarray:
    """CIE Lab of a colour as someone with a colour-vision deficiency sees it."""
    rgb = np.array(to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    linear = np.clip(np.array(MACHADO_2009[vision]) @ linear, 0, 1)
    to_xyz = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
    xyz = np.array(to_xyz) @ linear / [0.95047, 1.0, 1.08883]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("vision", MACHADO_2009)
def test_colours_are_told_apart_by_the_colour_blind(vision):
    def nearest(colours) -> float:
        labs = [seen(colour, vision) for colour in list(colours)]
        return min(float(np.linalg.norm(a - b)) for i, a in enumerate(labs) for b in labs[:i])

    assert nearest(SECTOR_COLOURS) > 12
    assert min(np.linalg.norm(seen(a, vision) - seen(b, vision)) for a, b in pairwise(SECTOR_COLOURS)) > 20
    assert nearest(PAYER_COLOURS.values()) > 12
    assert nearest(FUTURE_COLOURS) > 12
    assert nearest(SCENARIO_COLOURS) > 12, "and see the next test"


def test_lines_are_told_apart_without_colour():
    assert len({line.marker for line in LINES[:9]}) == len({line.colour for line in LINES[:9]}) == 9


def test_no_two_of_many_scenarios_or_futures_are_drawn_alike():
    for lines, few in ((LINES, 70), (FUTURES, 40)):
        assert len({(line.colour, line.marker) for line in lines}) == len(lines) > few
    assert [line.colour for line in LINES].count(style.INK) == 1, "the reference"
