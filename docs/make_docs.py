"""Which parts of the documentation come from the code and from results, and are they up to date?

`python -m docs.make_docs`, with the Python of the project's environment, writes what comes from code and tables, which
a test compares:

    <!-- generated: name -->
    <!-- end: name -->

`--measured` writes what comes from the results of the main study as well: tables (`measured` in place of `generated`),
numbers in sentences (`docs/tools/numbers.py`) and the figures that pages show. It refuses where `outputs/main` is not
there or of other inputs or code, and where a sentence no longer holds (`docs/tools/claims.py`). `--check` writes
nothing and says what is stale, of what was measured too where `outputs/main` holds.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

from docs.tools import (
    architecture,
    asked,
    claims,
    door,
    evidence,
    fields,
    graph,
    measured,
    numbers,
    reference,
    results,
)
from model import ROOT, plot
from model.inputs import schema
from model.inputs.faults import InputFaults
from model.studies.study_file import study_kind
from model.vocabulary import CENTRAL

DOCS = ROOT / "docs"
PART = re.compile(r"<!-- (generated|measured): (\w+) -->\n.*?<!-- end: \2 -->", re.DOTALL)
KINDS = PART, numbers.MARK, claims.CLAIM

GENERATED: dict[str, Callable[[], str]] = {
    "modules": architecture.modules,
    "door": door.door,
    "goal_options": door.goal_options,
    "asked_of_plans": door.asked_of_plans,
    "drawn": door.drawn,
    "graph": graph.mermaid,
    "tables": fields.tables,
    "doubts": fields.doubts,
    "fleet_parameters": fields.fleet_parameters,
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
MEASURED: dict[str, Callable[[], str]] = {
    "headlines": measured.headlines,
    "envelopes": measured.envelopes,
    "closes_the_gap": measured.what_closes_the_gap,
    "agreement": measured.agreement,
    "plan_confidence": measured.plan_confidence,
}
FIGURES = ("pathways",)
"""What pages show of results, in `docs/figures`."""


def renewed(text: str, measured: bool) -> str:
    """A document with its generated parts made anew; with `measured`, what comes from results as well."""

    def part(found: re.Match[str]) -> str:
        kind, name = found.groups()
        if kind == "measured" and not measured:
            return found.group()
        made = (MEASURED if kind == "measured" else GENERATED)[name]()
        return f"<!-- {kind}: {name} -->\n\n{made.strip()}\n\n<!-- end: {name} -->"

    made = PART.sub(part, text)
    return numbers.renewed(made) if measured else made


def pages() -> list[Path]:
    """The pages that have generated or measured parts."""
    every = (ROOT / "README.md", ROOT / "ARCHITECTURE.md", *sorted(DOCS.glob("*.md")))
    return [path for path in every if any(kind.search(path.read_text(encoding="utf-8")) for kind in KINDS)]


def draw() -> None:
    """Draw the figures that pages show."""
    shown = [data for (_, future), data in results.results().items() if future == CENTRAL]
    with tempfile.TemporaryDirectory() as folder:
        for name in FIGURES:
            for path in getattr(plot, name)(shown, lang="en").save(folder):
                if path.suffix == ".png":
                    (DOCS / "figures" / f"{name}.png").write_bytes(path.read_bytes())


def main(arguments: Sequence[str] = ()) -> int:
    """Write generated parts, with `--measured` measured ones; or say what is stale. 1: something is wrong."""
    if find_spec("grimp") is None:
        print("Documents are made with what the tests need, too: python3 run.py test installs it.")
        return 1
    check, wanted = "--check" in arguments, "--measured" in arguments or "--check" in arguments
    try:
        broken = _broken() if wanted else []
    except InputFaults as fault:
        print(f"Nothing measured is {'compared' if check else 'written'}:\n{fault}")
        if not check:
            return 1
        broken, wanted = [], False
    print(*broken, sep="\n", end="\n" if broken else "")
    if broken and not check:
        return 1
    stale = [path for path in pages() if _page(path, wanted, check)]
    if wanted and not check:
        draw()
    return int(check and bool(stale or broken))


def _broken() -> list[str]:
    """Sentences that no longer hold."""
    results.results()
    texts = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in pages()}
    return [
        f"{name}: a sentence no longer holds: {each}" for name, text in texts.items() for each in claims.broken(text)
    ]


def _page(path: Path, measured: bool, check: bool) -> bool:
    """Write a page, or say that it is stale; whether it changes."""
    before = path.read_text(encoding="utf-8")
    after = renewed(before, measured)
    name = path.relative_to(ROOT)
    if not check:
        path.write_text(after, encoding="utf-8")
        print(f"{name}: {'as it was' if after == before else 'written anew'}")
    elif after != before:
        print(f"{name}: stale; python -m docs.make_docs writes it anew (--measured: from results)")
    return after != before


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
