"""What do the user's YAML documents say? Reads them into the classes of `schema.py` and keeps the line of every key.

Every fault is noted with its place. A document is then mended as well as can be (a misspelt key is taken for what it
was meant to be, a value that is not allowed is left out), so that what stands in the rest of it is checked as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from model.inputs.faults import Faults, Place, listing, nearest, shown
from model.inputs.reading.text import read_text
from model.inputs.reading.yaml import NotReadable, parsed
from model.inputs.wording import allowed_by, words

Lines = dict[tuple[str, ...], Place]
Keys = tuple[Any, ...]
DocumentType = TypeVar("DocumentType", bound=BaseModel)
LONGEST = 2_000_000
"""Bytes of the longest YAML file that is read."""
NOT_TAKEN_OVER = ("start_from",)
"""Keys of a file itself, which one that extends it does not have."""


def read_document(
    path: Path, kind: type[DocumentType], root: Path, faults: Faults
) -> tuple[DocumentType, Lines] | None:
    """A YAML document as `kind` with the place of each key, or None when nothing can be made of it.

    `extends:` takes another file of the same folder and overrides its keys.
    """
    if not path.exists():
        names = sorted(each.stem for each in path.parent.glob("*.yaml"))
        faults.add(Place(shown(path, root)), "no such file", f"one of {listing(names)}", names, path.stem)
        return None
    content = _load(path, root, faults, ())
    if content is None:
        return None
    data, lines = content
    found = read_content(data, kind, Place(shown(path, root)), faults, lines)
    return None if found is None else (found, lines)


def read_content(
    data: dict[str, Any], kind: type[DocumentType], whole: Place, faults: Faults, lines: Lines | None = None
) -> DocumentType | None:
    """What a document says, as `kind`; `lines` say where its keys stand, `whole` where it stands itself."""
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        mended = _mend(error, data, kind, lines or {}, whole, faults)
    try:
        return kind.model_validate(mended)
    except ValidationError:
        return None


def _load(path: Path, root: Path, faults: Faults, above: tuple[Path, ...]) -> tuple[dict[str, Any], Lines] | None:
    file = shown(path, root)
    text = read_text(path, file, "a YAML file", faults, LONGEST)
    if text is None:
        return None
    try:
        plain, places = parsed(text)
    except NotReadable as error:
        faults.add(Place(file, error.line), error.found, error.allowed)
        return None
    if not isinstance(plain, dict):
        faults.add(Place(file, 1), "no keys", "a YAML document of keys and values")
        return None
    lines = {key: Place(file, line) for key, line in places.items()}
    if "extends" not in plain:
        return plain, lines
    parent, place = str(plain.pop("extends")), lines["extends",]
    names = sorted(each.stem for each in path.parent.glob("*.yaml") if each != path)
    other = path.parent / f"{parent.removesuffix('.yaml')}.yaml"
    if other in (*above, path):
        faults.add(place, f"'{parent}', which extends this file", "a chain of 'extends' that ends")
        return None
    if not other.exists():
        faults.add(place, f"'{parent}' for 'extends'", f"one of {listing(names)}", names, parent)
        return None
    base = _load(other, root, faults, (*above, path))
    if base is None:
        return None
    taken = {key: value for key, value in base[0].items() if key not in NOT_TAKEN_OVER}
    return _merged(taken, plain), base[1] | lines


def _mend(
    error: ValidationError, data: dict[str, Any], kind: type[BaseModel], lines: Lines, whole: Place, faults: Faults
) -> dict[str, Any]:
    """Note what is wrong in a document, once for every key, and give back what can be made of it."""
    mended: dict[str, Any] = _plain(data)
    problems: list[tuple[Keys, dict[str, Any]]] = [
        (_path(data, problem["loc"]), dict(problem)) for problem in error.errors()
    ]
    missing = [(*path, problem["loc"][-1]) for path, problem in problems if problem["type"] == "missing"]
    wrong: dict[Keys, list[dict[str, Any]]] = {}
    for path, problem in problems:
        if problem["type"] == "extra_forbidden":
            known = _keys_at(kind, path[:-1])
            parent = _at(mended, path[:-1])
            other = getattr(kind, "elsewhere", {}).get(path[0], "") if len(path) == 1 else ""
            meant = "" if other else nearest(str(path[-1]), [key for key in known if key not in parent])
            found, allowed = f"key '{_dotted(path)}'", other or f"keys {', '.join(known)}"
            names = () if other else (meant,) if meant else known
            faults.add(_place(path, lines, whole), found, allowed, names, str(path[-1]))
            missing = [each for each in missing if each != (*path[:-1], meant)]
            value = parent.pop(path[-1])
            if meant:
                parent[meant] = value
        elif problem["type"] != "missing":
            wrong.setdefault(path, []).append(problem)
    for path in missing:
        one_of = words(kind, str(path[0])) if len(path) == 1 else []
        what = f"one of {', '.join(one_of)}" if one_of else "a value"
        allowed = f"{what}: this key is required{_such_as(kind, str(path[0]))}"
        faults.add(_place(path, lines, whole), f"no key '{_dotted(path)}'", allowed)
    for path in reversed(wrong):  # from the end of a list, so that what is left out does not move the others
        if not path or any(other[: len(path)] == path for other in wrong if len(other) > len(path)):
            continue  # a union complains of the whole as well as of the part that is wrong
        value = wrong[path][0].get("input")
        allowed = " or ".join(dict.fromkeys(allowed_by(problem) for problem in wrong[path]))
        allowed += _such_as(kind, str(path[0]))
        found = f"{_said(value)} for '{_dotted(path)}'"
        faults.add(_place(path, lines, whole), found, allowed, words(kind, str(path[0])), str(value))
        del _at(mended, path[:-1])[path[-1]]
    return mended


def _such_as(kind: type[BaseModel], key: str) -> str:
    """How a key with keys of its own may be written; blank where there is no example."""
    field = kind.model_fields.get(key)
    example = getattr(field.annotation, "example", "") if field else ""
    return f", such as {key}: {example}" if example else ""


def _said(value: Any) -> str:
    """A value as a message shows it."""
    if value is None:
        return "nothing"
    return "a list" if isinstance(value, list) else "keys with values" if isinstance(value, dict) else f"'{value}'"


def _path(data: Any, loc: Iterable[Any]) -> Keys:
    """What of pydantic's location stands in the document; members of a union and the like do not."""
    path: list[Any] = []
    for part in loc:
        if isinstance(data, dict) and part not in data and str(part).isdecimal() and int(part) in data:
            part = int(part)  # pydantic complains of a whole number as a key by its text
        there = part in data if isinstance(data, dict) else isinstance(data, list) and part in range(len(data))
        if there:
            data = data[part]
            path.append(part)
    return tuple(path)


def _at(data: Any, path: Keys) -> Any:
    for part in path:
        data = data[part]
    return data


def _dotted(path: Keys) -> str:
    return ".".join(str(part) for part in path)


def _place(path: Keys, lines: Lines, whole: Place) -> Place:
    """Where a key stands; the nearest key above it if it does not."""
    names = tuple(str(part) for part in path)
    above = (lines[names[:length]] for length in range(len(names), 0, -1) if names[:length] in lines)
    return next(above, whole)


def _keys_at(kind: type[BaseModel], path: Keys) -> list[str]:
    """The keys allowed at a place in a document."""
    for part in path:
        field = kind.model_fields.get(part)
        inner = [field.annotation, *get_args(field.annotation)] if field else []
        nested = next((each for each in inner if isinstance(each, type) and issubclass(each, BaseModel)), None)
        if nested is None:
            return []
        kind = nested
    return list(kind.model_fields)


def _plain(content: Any) -> Any:
    """Content that may be mended without changing what was given."""
    if isinstance(content, Mapping):
        return {key: _plain(value) for key, value in content.items()}
    return [_plain(value) for value in content] if isinstance(content, list) else content


def _merged(base: Any, over: Any) -> Any:
    """`over` on top of `base`, key by key."""
    if isinstance(base, dict) and isinstance(over, dict):
        return base | {key: _merged(base.get(key), value) for key, value in over.items()}
    return over
