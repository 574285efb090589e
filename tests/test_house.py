"""Does the house stay one to live in? Files and functions of a size, modules that open with their question."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from model import ROOT

LINES, OF_A_FUNCTION = 300, 60
MODULES = sorted((ROOT / "model").rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_file_is_one_noun_and_a_function_fits_on_a_page(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LINES
    tree = ast.parse(text)
    functions = [each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = {each.name: each.end_lineno - each.lineno + 1 for each in functions if each.end_lineno}
    assert not {name: length for name, length in long.items() if length > OF_A_FUNCTION}
    first = (ast.get_docstring(tree) or "").split("\n\n")[0]
    assert "?" in first or path == ROOT / "model/__init__.py", first


def test_nothing_that_runs_prints() -> None:
    """Only the command line talks: what is below it calls back."""
    talking = {
        path.relative_to(ROOT / "model").parts[0]
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print")
        or (isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in ("rich", "typer"))
    }
    assert talking == {"cli"}
