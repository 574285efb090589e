"""What do many tests begin with? The toy town in a folder of its own, a shipped town, a study without its figures."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from model.cli import console
from model.inputs.municipality import Municipality
from model.studies import drawing, run
from model.studies.options import FigureOptions
from tests.towns.broken_root import toy_root
from tests.towns.shipped import shipped

os.environ["LC_ALL"] = "C.UTF-8"  # what tests read is in English, whatever language the machine speaks
settings.register_profile("same every time", deadline=None, derandomize=True)
settings.register_profile("searching", deadline=None)  # pytest --hypothesis-profile searching
settings.load_profile("same every time")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long is begun first, so that no process is left alone with it in the end."""
    items.sort(key=lambda item: "long" not in item.keywords)


@pytest.fixture(autouse=True)
def plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing says how wide a terminal is, or its language, but a test: those side by side have COLUMNS."""
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setattr(console, "_spoken", [])


@pytest.fixture(autouse=True)
def one_processor(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests run side by side already: nothing they call starts processes, but in tests marked `processes`."""
    if "processes" not in request.keywords:
        monkeypatch.setattr(os, "cpu_count", lambda: 1)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The toy town, the common tables and all scenarios in a folder that a test may change."""
    return toy_root(tmp_path / "root")


@pytest.fixture
def toy() -> Municipality:
    """The toy town."""
    return shipped("toy")


@pytest.fixture
def ostersund() -> Municipality:
    """The town of the main study."""
    return shipped("ostersund")


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures are files that say what would be drawn; drawing them is tested elsewhere."""

    def figures(data: run.Results, future: str, _: object, folder: Path, language: str) -> run.Writings:
        return {"pathways": (_note, folder, f"{len(data)} {future} {language}")}

    def every(data: run.Results, future: str, study: object, folder: Path, options: FigureOptions) -> run.Writings:
        return figures(data, future, study, folder, options.lang)

    monkeypatch.setattr(run, "study_figures", figures)
    monkeypatch.setattr(run, "plan_figures", lambda *_: {})
    monkeypatch.setattr(drawing, "_jobs", every)


def _note(folder: Path, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pathways.svg").write_text(text, encoding="utf-8")
