"""Which question does each module answer? The table of ARCHITECTURE.md, from the first line of each."""

from __future__ import annotations

import ast
from pathlib import Path

from docs.tools.text import table
from model import ROOT

PACKAGES = (
    *("inputs", "reference", "measures", "projection", "money", "scenarios", "doubts"),
    *("optimiser", "analyses", "outputs", "figures", "studies", "cli"),
)
"""In the order of the way of a number; what lies directly in `model/` comes first."""


def modules() -> str:
    """A table a package: its question, and each of its modules with its own."""
    folder = ROOT / "model"
    parts = [table(("in `model/`", "question"), [(f"`{path.stem}`", _question(path)) for path in _modules(folder)])]
    for package in PACKAGES:
        home = folder / package
        rows = [(f"`{path.stem}`", _question(path)) for path in _modules(home)]
        for inner in sorted(path.parent for path in home.glob("*/__init__.py")):
            rows += [(f"`{inner.name}/{path.stem}`", _question(path)) for path in _modules(inner)]
        parts.append(f"**`{package}/`** {_question(home / '__init__.py')}\n\n{table(('module', 'question'), rows)}")
    return "\n\n".join(parts)


def _modules(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.glob("*.py")) if path.stem != "__init__"]


def _question(path: Path) -> str:
    """The first paragraph of a module's docstring."""
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return " ".join(text.split("\n\n")[0].split())
