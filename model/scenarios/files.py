"""Which scenarios, futures and studies are there? Reads what a strategist wrote, and keeps where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from numbers import Integral
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ConfigDict

from model.inputs.columns.activities import Parameter, Population
from model.inputs.columns.base import Row
from model.inputs.columns.energy import Mandate, Price
from model.inputs.faults import Faults, Place, listing, shown
from model.inputs.municipality import Municipality
from model.inputs.naming import Labels, offered
from model.inputs.reading.documents import Lines, read_content, read_document
from model.inputs.schema import Document, Future, Goal, Portfolio, Title
from model.vocabulary import DECIDED

Content = TypeVar("Content", Portfolio, Goal)


@dataclass(frozen=True)
class Scenario:
    """A portfolio or a goal as it was written, with its name and where its keys stand."""

    name: str
    content: Portfolio | Goal
    lines: Lines = field(default_factory=dict)
    file: str = "scenario"
    stands: Scenario | None = None
    """as it stands in its file, where options are taken instead of keys of it"""

    def place(self, *path: str) -> Place:
        """Where a key stands; the nearest key above it if it does not."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return Place(self.file)


def names(root: Path, kind: str) -> list[str]:
    """The files of a kind: futures, portfolios, goals or studies."""
    return sorted(path.stem for path in (root / "scenarios" / kind).glob("*.yaml"))


def load_future(
    name: str, root: Path, faults: Faults, town: Municipality | None = None, named_at: Place | None = None
) -> Future | None:
    """A future, or None with its faults noted; with `town`, its paths are looked up in the municipality's tables.

    `named_at` is where the name was given, if not on the command line.
    """
    known_futures = names(root, "futures")
    if named_at is not None and name not in known_futures:
        faults.add(named_at, f"future '{name}'", f"one of {listing(known_futures)}", known_futures, name)
        return None
    read = read_document(root / "scenarios" / "futures" / f"{name}.yaml", Future, root, faults)
    if read is None or town is None:
        return read[0] if read else None
    future, lines = read
    before = len(faults.found)
    for key, (kind, table) in _PATHS.items():
        known = {str(getattr(row, "path", "")) for row in town.rows(kind)} - {"observed", DECIDED, "all"}
        path, place = getattr(future, key), lines.get((key,), Place(f"scenarios/futures/{name}.yaml"))
        if known and path not in known:
            found = f"'{path}' for '{key}'" if (key,) in lines else f"no '{key}', which is then '{path}'"
            faults.add(place, found, f"one of {listing(known)}", known, path, depends_on=(table,))
    return future if len(faults.found) == before else None


_PATHS: dict[str, tuple[type[Row], str]] = {
    "mandate": (Mandate, "mandates"),
    "prices": (Price, "prices"),
    "population": (Population, "population"),
    "uptake": (Parameter, "parameters"),
}
"""Key of a future: the table in which its path must stand."""


def load_scenario(name: str, root: Path, faults: Faults, named_at: Place | None = None) -> Scenario | None:
    """A portfolio or goal by its name, or a portfolio file by its path (ending in .yaml), from here or from `root`.

    `named_at` is where the name was given, if not on the command line.
    """
    if name.endswith(".yaml"):
        path = Path(name) if Path(name).exists() else root / name
        if not path.exists() and (named_at is not None or not path.parent.is_dir()):
            there = [shown(each, root) for each in sorted((root / "outputs").glob("*/portfolios/*.yaml"))]
            allowed = f"the path of a portfolio file{f': {listing(there)}' if there else ''}"
            faults.add(named_at or Place(name), f"no such file '{name}'", allowed, there, name)
            return None
        return _read(path.stem, path, Portfolio, root, faults)
    for kind, folder in ((Portfolio, "portfolios"), (Goal, "goals")):
        path = root / "scenarios" / folder / f"{name}.yaml"
        if path.exists():
            return _read(name, path, kind, root, faults)
    allowed, meant = offered(name, titles(root, "portfolios", "goals"))
    faults.add(named_at or Place("scenarios"), f"scenario '{name}'", allowed, meant, name)
    return None


def titles(root: Path, *kinds: str) -> Labels:
    """What the files of some kinds are called in figures; those that cannot be read have no title."""
    found: dict[str, tuple[str, ...]] = {}
    for folder in kinds:
        for name in names(root, folder):
            read = read_document(root / "scenarios" / folder / f"{name}.yaml", _Titled, root, Faults())
            found[name] = (read[0].title.en, read[0].title.sv) if read else ()
    return found


class _Titled(Document):
    """The title of a file, whatever else it says."""

    model_config = ConfigDict(extra="ignore")
    title: Title


def as_scenario(content: Content | Mapping[str, Any], kind: type[Content], faults: Faults) -> Scenario | None:
    """A scenario made in memory: a portfolio or a goal, or what the file of one says; without a title it has a name."""
    name = f"typed_in_{kind.__name__.lower()}"
    if isinstance(content, Portfolio):
        content = content.model_copy(update={"levels": _with_years(content.levels)})
    if isinstance(content, kind):
        return Scenario(name, content, file=name)
    untitled = {"title": {"sv": name, "en": name}}
    read = read_content(untitled | _with_years(content), kind, Place(name), faults)
    return None if read is None else Scenario(name, read, file=name)


def _with_years(given: Any) -> Any:
    """What was typed in, its keys as a file has them: years are whole numbers, also those of numpy and in quotes."""
    if not isinstance(given, Mapping):
        return given
    return {_year(key): _with_years(value) for key, value in given.items()}


def _year(key: Any) -> Any:
    is_number = isinstance(key, Integral) and not isinstance(key, bool)
    return int(key) if is_number or (isinstance(key, str) and key.isdecimal()) else key


def _read(name: str, path: Path, kind: type[Portfolio | Goal], root: Path, faults: Faults) -> Scenario | None:
    read = read_document(path, kind, root, faults)
    if read is None:
        return None
    return Scenario(name, read[0], read[1], shown(path, root))


def with_amounts(title: Title, amounts: Mapping[str, str]) -> Title:
    """A title, and yearly amounts by fund after it."""
    if not amounts:
        return title
    said = ", ".join(f"{fund} {text}" for fund, text in amounts.items())
    return Title(sv=f"{title.sv}: {said.replace('/year', '/år')}", en=f"{title.en}: {said}")


TYPED = {"budgets": "--budget {}={}", "targets": "--target {}"}
"""How what stands in for keys of a goal is named where it is faulty: as it is typed on the command line."""


def with_options(scenario: Scenario, options: Mapping[str, Any], typed: Mapping[str, str] = TYPED) -> Scenario:
    """A goal with options instead of its own keys, `typed` in this way; portfolios as they are."""
    given = {key: value for key, value in options.items() if value}
    content = scenario.content
    if not given or not isinstance(content, Goal):
        return scenario
    lines = dict(scenario.lines)
    if isinstance(given.get("budgets"), Mapping):
        named = {fund: typed["budgets"].format(fund, text) for fund, text in given["budgets"].items()}
        lines |= {("budgets", fund): Place(said) for fund, said in named.items()}
        given["budgets"] = ({} if content.budgets == "unlimited" else dict(content.budgets)) | given["budgets"]
    targets = enumerate(given.get("targets", ()))
    lines |= {("targets", str(number)): Place(typed["targets"].format(name)) for number, name in targets}
    own = content.model_dump()
    if (instead := Goal.model_validate(own | given)) == content:
        return replace(scenario, lines=lines)
    given["start_from"] = []  # those are for the goal as it stands there
    given["title"] = with_amounts(content.title, _other_amounts(content, instead)).model_dump()
    instead = Goal.model_validate(own | given)
    return replace(scenario, content=instead, lines=lines, stands=scenario)


def _other_amounts(goal: Goal, instead: Goal) -> dict[str, str]:
    """Amounts by fund that a goal has not got in its file."""
    if instead.budgets == "unlimited":
        return {}
    own = {} if goal.budgets == "unlimited" else goal.budgets
    return {fund: text for fund, text in instead.budgets.items() if own.get(fund) != text}
