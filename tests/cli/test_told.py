"""Is what is wrong, and what is cut, told where it is read, and within the width there is?"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.towns.broken_root import call

TOY = ("--municipality", "toy")


def test_faults_are_folded_to_the_width_there_is_and_one_a_line_in_a_file(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "inputs/toy/costs.csv").unlink()
    whole = call(capsys, root, "check", "toy")
    assert len(whole.faults) == 1 and len(whole.faults[0]) > 80
    monkeypatch.setenv("COLUMNS", "80")
    folded = call(capsys, root, "check", "toy")
    assert max(map(len, folded.err.splitlines())) <= 80
    assert folded.err.split() == whole.err.split()


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize(("language", "said"), [("en", "this is cut: asked (PATH)"), ("sv", "kapas: asked (PATH)")])
def test_what_is_cut_is_told(language: str, said: str, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "title: {sv: a, en: a}\nlevels: {PATH: {2030: 150 %}}\n"
    (root / "scenarios/portfolios/asked.yaml").write_text(text, encoding="utf-8")
    assert said in " ".join(call(capsys, root, "run", "asked", *TOY, "--lang", language).out.split())
