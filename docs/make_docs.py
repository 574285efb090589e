"""Which parts of the documentation come from the code, and are they up to date?

`python -m docs.make_docs`, with the Python of the project's environment, writes them anew; `--check` says which are
stale; `--measured` writes the measured parts as well. A generated part stands between two comments in its file:

    <!-- generated: name -->
    <!-- end: name -->

`generated` parts follow from code and tables alone, and a test compares them. `measured` parts come from the results
of the main study in `outputs/main`, which differ from machine to machine by what a solver accepts; they are written
only when that is asked for and those results are there, and never compared.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from docs.tools import architecture, asked, door, evidence, fields, graph, reference
from model import ROOT
from model.inputs import schema
from model.studies.study_file import study_kind

DOCS = ROOT / "docs"
PART = re.compile(r"<!-- (generated|measured): (\w+) -->\n.*?<!-- end: \2 -->", re.DOTALL)

GENERATED: dict[str, Callable[[], str]] = {
    "modules": architecture.modules,
    "door": door.door,
    "goal_options": door.goal_options,
    "asked_of_plans": door.asked_of_plans,
    "drawn": door.drawn,
    "graph": graph.mermaid,
    "tables": fields.tables,
    "future": lambda: fields.keys(schema.Future),
    "portfolio": lambda: fields.keys(schema.Portfolio),
    "found": lambda: fields.keys(schema.Found),
    "goal": lambda: fields.keys(schema.Goal),
    "study": lambda: fields.keys(study_kind()),
    "municipality": lambda: fields.keys(schema.MunicipalitySettings),
    "variables": reference.variables,
    "coordinates": reference.coordinates,
    "attributes": reference.attributes,
    "asked": asked.variables,
    "questions": asked.questions,
    "question_options": asked.options,
    "summary": reference.summary_rows,
    "indicators": reference.indicators,
    "base_year": evidence.base_year,
    "subsectors": evidence.subsectors,
    "blending": evidence.blending,
    "landfill": evidence.landfill,
    "outlook": evidence.outlook,
    "confidence": evidence.confidence,
    "resting": evidence.resting,
}
MEASURED: dict[str, Callable[[], str | None]] = {
    "agreement": evidence.agreement,
    "plan_confidence": evidence.plan_confidence,
}


def renewed(text: str, measured: bool) -> str:
    """A document with its generated parts made anew; with `measured`, those from results as well."""

    def part(found: re.Match[str]) -> str:
        kind, name = found.groups()
        if kind == "measured":
            made = MEASURED[name]() if measured else None
            return found.group() if made is None else _framed(kind, name, made)
        return _framed(kind, name, GENERATED[name]())

    return PART.sub(part, text)


def _framed(kind: str, name: str, made: str) -> str:
    return f"<!-- {kind}: {name} -->\n\n{made.strip()}\n\n<!-- end: {name} -->"


def pages() -> list[Path]:
    """The pages that have generated parts."""
    every = (ROOT / "ARCHITECTURE.md", *sorted(DOCS.glob("*.md")))
    return [path for path in every if PART.search(path.read_text(encoding="utf-8"))]


def stale() -> list[Path]:
    """Pages whose generated parts are not what they would be if they were made now."""
    return [path for path in pages() if renewed(text := path.read_text(encoding="utf-8"), measured=False) != text]


def main(arguments: Sequence[str] = ()) -> int:
    """Write all generated parts; with `--check` only say which are stale, and return 1 if there are any."""
    if "--check" in arguments:
        old = stale()
        for path in old:
            print(f"{path.relative_to(ROOT)}: stale; python -m docs.make_docs writes it anew")
        return int(bool(old))
    for path in pages():
        before = path.read_text(encoding="utf-8")
        after = renewed(before, measured="--measured" in arguments)
        path.write_text(after, encoding="utf-8")
        print(f"{path.relative_to(ROOT)}: {'as it was' if after == before else 'written anew'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
