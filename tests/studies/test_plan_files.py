"""Is a found portfolio written so that it is read back as it was?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from model.inputs.schema import Found, Portfolio, Title
from model.studies.plan_files import save_portfolio

USUAL = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,6}", fullmatch=True)
NAMES = st.one_of(USUAL, st.sampled_from(["NO", "null", "1e3", "é"]))
YEARS = st.dictionaries(st.integers(2000, 2100), st.floats(0, 1e12), min_size=1, max_size=3)
VISIBLE = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12)
TEXTS = VISIBLE.map(lambda text: f"{text} : # {text}")


def written(portfolio: Portfolio, path: Path) -> dict[str, Any]:
    save_portfolio(portfolio, path)
    content = YAML(typ="safe").load(path)
    assert isinstance(content, dict)
    return content


@given(
    st.dictionaries(NAMES, YEARS, max_size=3),
    st.dictionaries(NAMES, st.dictionaries(NAMES, YEARS, min_size=1, max_size=2), max_size=3),
    TEXTS,
)
def test_a_found_portfolio_comes_back_as_it_was(
    tmp_path_factory: Any, new_units: dict[str, Any], levels: dict[str, Any], words: str
) -> None:
    found = Found(goal="best", future="central", new_units=new_units, levels=levels)
    budgets = {"pot": "40 MSEK/year", "other": "0.5 MSEK/year"}
    portfolio = Portfolio(title=Title(sv=words, en="plan: found"), future="high", found=found, budgets=budgets)
    content = written(portfolio, tmp_path_factory.getbasetemp() / "found.yaml")
    assert content == portfolio.model_dump(exclude_defaults=True)
    assert Portfolio.model_validate(content) == portfolio
