"""What is asked of the toolkit, and where does the answer belong? In the words of the command line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from model.inputs.faults import shown
from model.inputs.options import Flag, Options
from model.studies.options import QuestionOptions, RunOptions, StudyOptions

HOW = ("lang", "strict", "fresh", "into", "figures")
"""Options that are no part of a question: how it is answered, shown, and where."""
OF_A_PORTFOLIO = ".yaml"
"""How the path of a portfolio file ends."""


@dataclass(frozen=True)
class Asked:
    """A question in words that are the same whenever it is the same question, and the folder of its answer."""

    words: str
    root: Path
    name: str
    """of the folder in `outputs/`"""
    language: str = ""
    """of figures; blank: none are drawn"""
    typed: tuple[Path, ...] = ()
    """portfolio files that were given by their path"""

    @property
    def folder(self) -> Path:
        """Where the answer belongs."""
        return self.root / "outputs" / self.name


def asked_study(name: str, root: Path, options: StudyOptions) -> Asked:
    """A study is the same question whatever its file says."""
    return Asked(f"study {name}", root, options.into or name, options.lang)


def asked_run(names: Sequence[str], root: Path, options: RunOptions) -> Asked:
    """Scenarios, in a future, with what takes the place of keys of goals."""
    files = {name: found for name in names if name.endswith(OF_A_PORTFOLIO) and (found := _file(name, root))}
    said = [shown(files[name], root) if name in files else name for name in names]
    folder = "+".join(dict.fromkeys(Path(name).stem if name.endswith(OF_A_PORTFOLIO) else name for name in names))
    verb = "run" if all(name in RunOptions.model_fields for name in _given(options)) else "optimise"
    words = _joined([verb, *said, *_typed(options)])
    language = options.lang if options.figures else ""
    return Asked(words, root, options.into or folder, language, tuple(files.values()))


def asked_question(question: str, goal: str, root: Path, own: Options, options: QuestionOptions) -> Asked:
    """A question to a goal's plan, with its own options."""
    words = _joined([question, goal, *_typed(own), *_typed(options)])
    return Asked(words, root, options.into or f"{question}_{goal}", options.lang)


def asked_figures(
    name: str, root: Path, future: str, language: str, into: str | None, only: Sequence[str] = ()
) -> Asked:
    """Figures of a study or a run in one of its futures (blank: the first), all or `only` some."""
    words = _joined(["figures", name, "--future", future, *(word for each in only for word in ("--only", each))])
    folder = "_".join(filter(None, ["figures", future, language, *only]))
    return Asked(words, root, f"{into or name}/{folder}", language)


def _joined(words: Sequence[str]) -> str:
    """Words as they are typed: what holds blanks between double quotes, which all terminals understand."""
    return " ".join(f'"{word}"' if not word or any(each.isspace() for each in word) else word for word in words)


def _given(options: Options) -> list[str]:
    """Names of options, those that are left out and those that are no part of the question aside."""
    return [
        name
        for name, field in type(options).model_fields.items()
        if name not in HOW and getattr(options, name) != field.get_default(call_default_factory=True, validated_data={})
    ]


def _typed(options: Options) -> Iterator[str]:
    """Options that are given, as they are typed."""
    for name in _given(options):
        value, field = getattr(options, name), type(options).model_fields[name]
        flag = next((mark.name for mark in field.metadata if isinstance(mark, Flag)), "") or name.replace("_", "-")
        if isinstance(value, dict):
            values = [f"{key}={each}" for key, each in sorted(value.items())]
        else:
            values = [str(each) for each in (value if isinstance(value, list) else [value])]
        for each in values:
            yield from (f"--{flag}", each)


def _file(name: str, root: Path) -> Path | None:
    """A portfolio file from here or from the project's folder, as scenarios are looked up."""
    found = (Path(name) if Path(name).exists() else root / name).resolve()
    return found if found.is_file() else None
