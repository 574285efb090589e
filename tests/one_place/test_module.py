"""Is a module one file? In a copy of the project one is added; the map of the architecture and the layers know it."""

from pathlib import Path

from tests.one_place.copy import project_copy, python, touched

MODULE = "model/money/inflation.py"
QUESTION = "How fast does money lose its worth?"
PAGE = "from docs.tools.architecture import modules; print(modules())"
LINT = "from importlinter.cli import lint_imports; print(lint_imports(no_cache=True))"


def test_a_module_is_a_file_that_opens_with_its_question(tmp_path: Path) -> None:
    root = project_copy(tmp_path, "docs", "pyproject.toml")
    (root / MODULE).write_text(
        f'"""{QUESTION}"""\n\nfrom model.inputs import units\n\nUNITS = units\n', encoding="utf-8"
    )
    assert touched(root) == {MODULE}
    assert f"| `inflation` | {QUESTION} |" in python(root, PAGE)
    assert python(root, LINT).split()[-1] == "0"


def test_an_import_against_the_way_of_a_number_is_found_without_a_list_of_files(tmp_path: Path) -> None:
    root = project_copy(tmp_path, "pyproject.toml")
    (root / MODULE).write_text(
        f'"""{QUESTION}"""\n\nfrom model.outputs import summary\n\nX = summary\n', encoding="utf-8"
    )
    said = python(root, LINT)
    assert "model.money.inflation -> model.outputs.summary" in said
