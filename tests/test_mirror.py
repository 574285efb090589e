"""Does each package have tests where its name leads, and does each file of tests stand on its own?"""

from __future__ import annotations

import ast

import pytest

from model import ROOT

TESTS = ROOT / "tests"
PACKAGES = sorted(
    path.parent.relative_to(ROOT / "model").as_posix()
    for path in (ROOT / "model").rglob("__init__.py")
    if path.parent.name != "model"
)
OTHERS = {"towns", "one_place", "attack", "optimiser/global_method"}
"""Towns that tests build, tests that add a thing in one place, spoilt files, and another way of finding plans."""


@pytest.mark.parametrize("package", PACKAGES)
def test_each_package_has_tests_of_its_own(package: str) -> None:
    assert list((TESTS / package).glob("test_*.py")), f"write tests/{package}/test_<what>.py"


def test_each_folder_of_tests_is_that_of_a_package() -> None:
    folders = {path.parent.relative_to(TESTS).as_posix() for path in TESTS.rglob("*.py")} - {"."}
    assert folders == {*PACKAGES} | OTHERS


def test_what_tests_share_is_no_test() -> None:
    """It stands in the one conftest, in the towns, or in a file of its own beside the tests that need it."""
    files = [path for path in TESTS.rglob("*.py") if path.name != "conftest.py"]
    assert list(TESTS.rglob("conftest.py")) == [TESTS / "conftest.py"]
    for path in files:
        for name in imported(path.read_text(encoding="utf-8")):
            last = name.rpartition(".")[2]
            assert not last.startswith("test_") and last != "conftest", f"{path} imports {name}"


def imported(text: str) -> set[str]:
    """Modules of the tests that a file imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {str(node.module), *(f"{node.module}.{each.name}" for each in node.names)}
    return {name for name in names if name.startswith("tests.")}
