"""Habits of a newcomer: hooks that need no network, and a graph of packages without what follows from it."""

from __future__ import annotations

from docs.tools import graph
from model import ROOT


def test_hooks_are_local_and_use_the_tools_of_the_environment() -> None:
    text = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    hooks = text.count("- {id: ")
    assert text.count("- repo: ") == text.count("- repo: local") == 1
    assert hooks == text.count("language: system") == 5


def test_arrows_that_follow_from_others_are_left_out() -> None:
    whole = {"top": {"middle", "bottom", "side"}, "middle": {"bottom"}, "side": set(), "bottom": set()}
    assert graph.reduced(whole) == {"top": {"middle", "side"}, "middle": {"bottom"}, "side": set(), "bottom": set()}
    assert graph.floors(graph.reduced(whole)) == [["top"], ["middle"], ["side", "bottom"]]


def test_the_drawing_has_every_package() -> None:
    drawn = graph.svg()
    packages = [path.parent.name for path in (ROOT / "model").glob("*/__init__.py")]
    assert packages and all(f">{name}</text>" in drawn for name in packages)


def test_the_guide_names_every_parameter_of_cars() -> None:
    """National ones, and those that a municipality gives itself."""
    guide = (ROOT / "docs/your_own_municipality.md").read_text(encoding="utf-8")
    for folder in ("common", "ostersund"):
        lines = (ROOT / "inputs" / folder / "parameters.csv").read_text(encoding="utf-8").splitlines()
        named = {line.split(",")[0] for line in lines if line.split(",")[1].split("_")[0] == "car"}
        assert named and all(f"| `{name}` |" in guide for name in named)
