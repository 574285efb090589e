"""What do the user's files say? Reads CSV tables and YAML documents and keeps file and line of every value.

Every fault is noted with its place and reading goes on, so that all faults come out in one pass. This is the
only door through which input enters.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from model.columns import TABLES, Ref, Row, Table
from model.faults import Faults, Place, listing

Rows = dict[str, tuple[Row, ...]]
Lines = dict[tuple[str, ...], Place]
DocumentType = TypeVar("DocumentType", bound=BaseModel)


def read_tables(root: Path, folder: Path, common: Path, faults: Faults) -> tuple[Rows, dict[str, str]]:
    """All tables of a municipality, common ones included, and the file each stands in (relative to `root`).

    `sources` may stand in both folders; every other table stands where `columns.TABLES` says.
    """
    rows: Rows = {}
    files: dict[str, str] = {}
    for name, table in TABLES.items():
        path = (common if table.common else folder) / f"{name}.csv"
        files[name] = _shown(path, root)
        rows[name] = read_table(path, table, root, faults)
        if name == "sources" and (folder / path.name).exists():
            rows[name] += read_table(folder / path.name, table, root, faults)
    for path in sorted(folder.glob("*.csv")) + sorted(common.glob("*.csv")):
        if path.stem not in TABLES:
            faults.add(Place(_shown(path, root)), f"table '{path.stem}'", listing(TABLES, 40), TABLES, path.stem)
    _check_keys(rows, files, faults)
    _check_references(rows, files, faults)
    return rows, files


def read_table(path: Path, table: Table, root: Path, faults: Faults) -> tuple[Row, ...]:
    """The valid rows of one table; what is wrong with the others goes to `faults`."""
    shown = _shown(path, root)
    if not path.exists():
        if not table.optional:
            faults.add(Place(shown), "no such file", f"a table with columns {', '.join(_columns(table.row))}")
        return ()
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        faults.add(Place(shown), f"bytes that are not UTF-8 at position {error.start}", "a CSV file saved as UTF-8")
        return ()
    reader = csv.reader(io.StringIO(text, newline=""))
    header = [name.strip() for name in next(reader, [])]
    if not _header_is_right(header, table.row, shown, faults):
        return ()
    rows: list[Row] = []
    last = reader.line_num
    for values in reader:
        line, last = last + 1, reader.line_num
        if not any(value.strip() for value in values):
            continue
        if len(values) != len(header):
            faults.add(Place(shown, line), f"{len(values)} values", f"{len(header)} values, one a column")
            continue
        row = _row(dict(zip(header, values, strict=True)), table.row, Place(shown, line), faults)
        if row is not None:
            rows.append(row)
    return tuple(rows)


def _columns(row: type[Row]) -> list[str]:
    return [name for name in row.model_fields if name != "line"]


def _header_is_right(header: list[str], row: type[Row], shown: str, faults: Faults) -> bool:
    known = _columns(row)
    before = len(faults.found)
    for name in header:
        if name not in known:
            faults.add(Place(shown, 1), f"column '{name}'", f"columns {', '.join(known)}", known, name)
    for name in sorted({name for name in header if header.count(name) > 1}):
        faults.add(Place(shown, 1), f"column '{name}' twice", "each column once")
    for name, field in row.model_fields.items():
        if name not in header and name != "line" and field.is_required():
            faults.add(Place(shown, 1), f"no column '{name}'", f"columns {', '.join(known)}", header, name)
    return len(faults.found) == before


def _row(values: dict[str, str], kind: type[Row], place: Place, faults: Faults) -> Row | None:
    """One validated row; blank cells mean 'left out' where the column has a default."""
    fields = kind.model_fields
    given: dict[str, Any] = {}
    for name, value in values.items():
        text = value.strip()
        if text or fields[name].is_required():
            given[name] = text
    given["line"] = place.line
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        for problem in error.errors():
            column = str(problem["loc"][0]) if problem["loc"] else ""
            found = f"'{values.get(column, '')}'" if values.get(column, "").strip() else "nothing"
            names = _choices(kind, column)
            faults.add(Place(place.file, place.line, column), found, _allowed(problem), names, values.get(column, ""))
        return None


def _choices(kind: type[BaseModel], name: str) -> list[str]:
    """The words a column allows, if it allows only some."""
    annotation = kind.model_fields[name].annotation if name in kind.model_fields else None
    return [word for word in get_args(annotation) if isinstance(word, str)]


def _allowed(problem: Mapping[str, Any]) -> str:
    """What is allowed, in plain words, for one of pydantic's complaints."""
    kind, context = str(problem["type"]), dict(problem.get("ctx") or {})
    plain = {
        "float_parsing": "a number, with a point as decimal sign",
        "float_type": "a number",
        "int_parsing": "a whole number",
        "int_type": "a whole number",
        "int_from_float": "a whole number",
        "finite_number": "a finite number",
        "missing": "a value: this key is required",
        "string_too_short": "a value",
        "string_pattern_mismatch": "an identifier: letters a-z, digits and _ only, starting with a letter",
        "string_type": "a text",
        "dict_type": "keys with values",
        "list_type": "a list",
    }
    if kind in plain:
        return plain[kind]
    if kind == "literal_error":
        return f"one of {context.get('expected', '')}"
    bounds = {"greater_than_equal": "at least {ge}", "greater_than": "more than {gt}",
              "less_than_equal": "at most {le}", "less_than": "less than {lt}"}  # fmt: skip
    if kind in bounds:
        return "a number " + bounds[kind].format(**context)
    return str(problem.get("msg", kind)).removeprefix("Value error, ")


def _check_keys(rows: Rows, files: Mapping[str, str], faults: Faults) -> None:
    """Each key once: the second row that repeats one is the fault."""
    for name, table_rows in rows.items():
        seen: dict[tuple[Any, ...], int] = {}
        for row in table_rows:
            key = tuple(getattr(row, column) for column in row.key)
            if key in seen:
                shown = ", ".join(f"{column} '{value}'" for column, value in zip(row.key, key, strict=True))
                faults.add(Place(files[name], row.line), f"{shown} again", f"each once (first in line {seen[key]})")
            seen.setdefault(key, row.line)


def _check_references(rows: Rows, files: Mapping[str, str], faults: Faults) -> None:
    """What a column refers to must stand in the other table."""
    names: dict[str, set[str]] = {}
    for name, table_rows in rows.items():
        for column, field in TABLES[name].row.model_fields.items():
            target = next((mark.target for mark in field.metadata if isinstance(mark, Ref)), "")
            if not target:
                continue
            table, _, key = target.partition(".")
            known = names.setdefault(target, {str(getattr(row, key)) for row in rows[table]})
            for row in table_rows:
                value = str(getattr(row, column))
                if value not in known:
                    allowed = f"a {key} in {files[table]}: {listing(known)}"
                    faults.add(Place(files[name], row.line, column), f"'{value}'", allowed, known, value)


def read_document(
    path: Path, kind: type[DocumentType], root: Path, faults: Faults
) -> tuple[DocumentType, Lines] | None:
    """A YAML document as `kind` with the place of each key, or None with the faults noted.

    `extends:` takes another file of the same folder and overrides its keys.
    """
    content = _load(path, root, faults, ())
    if content is None:
        return None
    data, lines = content
    try:
        return kind.model_validate(data), lines
    except ValidationError as error:
        for problem in error.errors():
            _note(problem, kind, lines, Place(_shown(path, root)), faults)
        return None


def _note(problem: Mapping[str, Any], kind: type[BaseModel], lines: Lines, whole: Place, faults: Faults) -> None:
    path = tuple(str(part) for part in problem["loc"] if part not in ("constrained-str",))
    place = whole
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            place = lines[path[:length]]
            break
    dotted = ".".join(path)
    if problem["type"] == "extra_forbidden":
        known = _keys_at(kind, path[:-1])
        faults.add(place, f"key '{dotted}'", f"keys {', '.join(known)}", known, path[-1])
    elif problem["type"] == "missing":
        faults.add(place, f"no key '{dotted}'", "a value: this key is required")
    else:
        faults.add(place, f"'{problem.get('input')}' for '{dotted}'", _allowed(problem), _choices(kind, path[0]))


def _keys_at(kind: type[BaseModel], path: Sequence[str]) -> list[str]:
    """The keys allowed at a place in a document."""
    for part in path:
        field = kind.model_fields.get(part)
        inner = [field.annotation, *get_args(field.annotation)] if field else []
        nested = next((each for each in inner if isinstance(each, type) and issubclass(each, BaseModel)), None)
        if nested is None:
            return []
        kind = nested
    return list(kind.model_fields)


def _load(path: Path, root: Path, faults: Faults, above: tuple[Path, ...]) -> tuple[dict[str, Any], Lines] | None:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError

    shown = _shown(path, root)
    if not path.exists():
        names = sorted(each.stem for each in path.parent.glob("*.yaml"))
        faults.add(Place(shown), "no such file", f"one of {listing(names)}", names, path.stem)
        return None
    if path in above:
        faults.add(Place(shown), "a file that extends itself", "a chain of extends that ends")
        return None
    try:
        data = YAML(typ="rt").load(path.read_text(encoding="utf-8-sig"))
    except (MarkedYAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "bytes that are not UTF-8"
        faults.add(Place(shown, mark.line + 1 if mark else 0), str(problem), "YAML 1.2, each key once, indented by spaces")
        return None
    if not isinstance(data, dict):
        faults.add(Place(shown, 1), "no keys", "a YAML document of keys and values")
        return None
    lines: Lines = {}
    _lines(data, shown, (), lines)
    plain: dict[str, Any] = _plain(data)
    parent = plain.pop("extends", None)
    if parent is None:
        return plain, lines
    base = _load((path.parent / f"{parent}").with_suffix(".yaml"), root, faults, (*above, path))
    if base is None:
        return None
    return _merged(base[0], plain), base[1] | lines


def _lines(node: Any, shown: str, path: tuple[str, ...], lines: Lines) -> None:
    items: Iterable[tuple[Any, Any, int]]
    if isinstance(node, dict):
        items = [(key, value, node.lc.key(key)[0]) for key, value in node.items()]  # type: ignore[attr-defined]
    elif isinstance(node, list):
        items = [(index, value, node.lc.item(index)[0]) for index, value in enumerate(node)]  # type: ignore[attr-defined]
    else:
        return
    for key, value, line in items:
        here = (*path, str(key))
        lines[here] = Place(shown, line + 1)
        _lines(value, shown, here, lines)


def _plain(node: Any) -> Any:
    """Ruamel's containers and scalars as Python's own."""
    if isinstance(node, dict):
        return {(str(key) if isinstance(key, str) else key): _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(value) for value in node]
    if isinstance(node, str):
        return str(node)
    if isinstance(node, bool) or node is None:
        return node
    return float(node) if isinstance(node, float) else int(node) if isinstance(node, int) else node


def _merged(base: Any, over: Any) -> Any:
    """`over` on top of `base`, key by key."""
    if isinstance(base, dict) and isinstance(over, dict):
        return base | {key: _merged(base.get(key), value) for key, value in over.items()}
    return over


def _shown(path: Path, root: Path) -> str:
    """A path as the user would type it."""
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
