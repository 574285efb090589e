"""What is written of a found plan? The portfolio that runs again, its certificate, and tables of what was asked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.inputs.schema import Portfolio
from model.optimiser.certificate_words import as_text
from model.outputs.csv_files import write_csv
from model.outputs.files import write_whole
from model.plain_text import settled

if TYPE_CHECKING:
    from model.studies.found import Solved

PLAIN = re.compile(r"(?!(?:true|false|null|yes|no|on|off|y|n)$)[A-Za-z_]\w*", re.IGNORECASE | re.ASCII)
"""Text that YAML takes for a text without quotation marks."""


def save_plan(solved: Solved, folder: Path, name: str) -> None:
    """Write `portfolios/<name>.yaml` and, in `plans/<name>/`, the certificate in numbers and in words, and tables."""
    save_portfolio(solved.portfolio, folder / "portfolios" / f"{name}.yaml")
    for number, other in enumerate(solved.others, 1):
        save_portfolio(other, folder / "portfolios" / f"{name}.alternative_{number}.yaml")
    place = folder / "plans" / name
    text = json.dumps(solved.certificate, indent=1, ensure_ascii=False)
    write_text(place / "certificate.json", text + "\n")
    write_text(place / "certificate.txt", as_text(solved.certificate))
    for table, rows in solved.analysis.tables.items():
        save_table(rows, place / f"{table}.csv")


def save_table(rows: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Write rows with the same keys as CSV; numbers with the digits that are settled, what was not asked blank."""
    write_csv(path, [rows[0] if rows else (), *([shown(value) for value in row.values()] for row in rows)])


def shown(value: Any) -> Any:
    """A value as tables show it."""
    if isinstance(value, str | int):
        return value
    return settled(float(value))


def write_text(path: Path, text: str) -> None:
    """Write a text, whole or not at all."""
    write_whole(path, lambda temporary: temporary.write_text(text, encoding="utf-8"))


def save_portfolio(portfolio: Portfolio, path: Path) -> None:
    """Write a portfolio as YAML, every number in full."""
    text = "# Found by the optimiser; run it again with: run.py run <this file>\n"
    write_text(path, text + "".join(_lines(portfolio.model_dump(exclude_defaults=True), "")))


def _lines(content: Mapping[Any, Any], indent: str) -> Iterator[str]:
    """A mapping as YAML, a line for each that holds no other; far quicker than a library that knows all of YAML."""
    for key, value in content.items():
        name = f"{indent}{_scalar(key)}:"
        if isinstance(value, Mapping) and any(isinstance(each, Mapping) for each in value.values()):
            yield f"{name}\n"
            yield from _lines(value, f"{indent}  ")
        elif isinstance(value, Mapping):
            yield f"{name} {{{', '.join(f'{_scalar(each)}: {_scalar(held)}' for each, held in value.items())}}}\n"
        else:
            yield f"{name} {_scalar(value)}\n"


def _scalar(value: Any) -> str:
    """A name, a text or a number in full, as YAML reads it back."""
    if isinstance(value, str):
        return value if PLAIN.fullmatch(value) else json.dumps(value, ensure_ascii=False)
    return repr(value)
