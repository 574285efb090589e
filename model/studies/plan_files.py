"""What is written of a found plan? The portfolio that runs again, its certificate, and tables of what was asked."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.inputs.schema import Portfolio
from model.optimiser.certificate_words import as_text
from model.outputs.files import write_whole
from model.plain_text import settled

if TYPE_CHECKING:
    from model.studies.found import Solved


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

    def to_file(temporary: Path) -> None:
        with temporary.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(rows[0] if rows else ())
            writer.writerows([shown(value) for value in row.values()] for row in rows)

    write_whole(path, to_file)


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
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.default_flow_style = None
    yaml.width = 200
    content = portfolio.model_dump(exclude_defaults=True)

    def to_file(temporary: Path) -> None:
        with temporary.open("w", encoding="utf-8") as file:
            file.write("# Found by the optimiser; run it again with: run.py run <this file>\n")
            yaml.dump(content, file)

    write_whole(path, to_file)
