"""In which ways can a table or a scenario file be spoilt? One way at a time, drawn from a seed.

Half of it is what people do (a wrong cell, a line twice, a column left out, another separator), half what a fuzzer
does (bytes, nesting, aliases, numbers that no machine holds).
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from dataclasses import dataclass

NUMBERS = (
    "0", "-1", "1e20", "-1e20", "1e300", "1e-300", "1e999", "nan", "inf", "-inf", "0.5", "2,5", "1 000", "٣",
    "0x10", "1_000", "9" * 400, "100000000000000000000", "1.5e", "--1", "1e15", "-0", "1000000", "0.0000001",
    "2030", "2019", "2400", "1800",
)  # fmt: skip
TEXTS = (
    "", " ", "x", "any", "all", "PATH", "CAR", "toy", "co2", "electricity", "=1+1", "+cmd|' /C calc'!A0",
    "@SUM(A1)", "-2+3", "[/bold]", "[red]x", "<script>alert(1)</script>", "$x^2$", "\\frac{1}{2}", "å" * 300,
    "a\x00b", "\x1b[31m", "‮x", '"', '""', "'", "{}", "{x}", "%s", "#", "null", "true", "yes", "no",
    "../../etc/passwd", "/dev/zero", "a" * 5000, "😀", "\ufeff", "None", "-",
)  # fmt: skip
UNITS = (
    "9**9**9**9**9*t", "t**99", "(((((((((t", "t/t/t", "km", "GWh", "MSEK_2026", "MSEK_2024", "SEK", "percent",
    "t)", "1/0", "t*", "__import__('os')", "lambda: 0", "kkm", "meter", "t·km", "°C", "€", "t^-3", "year", "car",
    "1e9 t",
)  # fmt: skip
SCRIPTS = (
    "&a [*a]", "*a", "!!python/object:os.system x", "!!omap [a: 1]", "!!set {a}", "!x y", "<<: {a: 1}",
    "? [a, b]\n: c", "[" * 2000, "{a: " * 40, "- " * 100, "|\n  text", ">\n  text", "@x", "`x`", "%YAML 1.1",
    "---\na: 1\n---\nb: 2", "a: b: c", "2030-01-01", "1:30:00", "0o17", "0x1F", "1e400", "~", "[]", "{}", "[1, 2]",
    "{a: 1}", "'", '"', "true", "-5", "0", "1e20", "99999999999999999999", "60 %", "-60 %", "1e400 %",
    "40 MSEK/year", "40 MSEK", "-40 MSEK/year", "40 kg", "1e300 MSEK/year", "unlimited", "x" * 3000,
)  # fmt: skip
BOMB = "".join(
    f"{name}: &{name} [{', '.join([f'*{before}' if before else 'x'] * 9)}]\n"
    for name, before in zip("abcdefgh", ("", *"abcdefg"), strict=True)
)
"""A few lines that are millions of values for who follows them."""
KEYS = ("gap", "start", "window", "time_limit", "levels", "extends", "budgets", "lifts", "found", "constraints")
MORE = (
    "exclude: [CAR]", "gap: 1e-300", "start: 2040", "extends: toy_cheapest", "window: [2030, 2020]", "start_from: [x]",
    "require: [CAR, CAR]", "budgets: {x: 1}", "constraints: [../x]", "carbon_value: 1e300 SEK/kg", "time_limit: 1e300",
)  # fmt: skip
Spoil = Callable[[random.Random, str], str]


@dataclass(frozen=True)
class Mutation:
    """What was done to which file; `content` None: it is gone."""

    file: str
    way: str
    content: bytes | None


def mutation(seed: int, files: dict[str, bytes]) -> Mutation:
    """The mutation of a seed of one of these files."""
    chance = random.Random(seed)
    file = chance.choice(sorted(files))
    text = files[file].decode("utf-8")
    ways = TABLE_WAYS if file.endswith(".csv") else YAML_WAYS
    if chance.random() < 0.15:
        way = chance.choice(sorted(FILE_WAYS))
        return Mutation(file, way, FILE_WAYS[way](chance, files[file]))
    way = chance.choice(sorted(ways))
    return Mutation(file, way, ways[way](chance, text).encode("utf-8", "surrogatepass"))


# --- whole files --------------------------------------------------------------------------------


def _flipped(chance: random.Random, content: bytes) -> bytes:
    spoilt = bytearray(content)
    for _ in range(chance.choice((1, 1, 1, 5))):
        spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
    return bytes(spoilt)


FILE_WAYS: dict[str, Callable[[random.Random, bytes], bytes | None]] = {
    "gone": lambda _, content: None,
    "empty": lambda _, content: b"",
    "bytes flipped": _flipped,
    "bytes flipped again": _flipped,
    "cut off": lambda chance, content: content[: chance.randrange(len(content))],
    "with a mark of byte order": lambda _, content: b"\xef\xbb\xbf" + content,
    "with line ends of Windows": lambda _, content: content.replace(b"\n", b"\r\n"),
    "in Latin 1": lambda _, content: content.decode("utf-8").encode("latin-1", "replace"),
    "in UTF-16": lambda _, content: content.decode("utf-8").encode("utf-16"),
    "twice": lambda _, content: content + content,
}

# --- tables -------------------------------------------------------------------------------------


def _table(spoil: Callable[[random.Random, list[list[str]]], None]) -> Spoil:
    """A way that works on the cells of a table."""

    def spoilt(chance: random.Random, text: str) -> str:
        rows = [row for row in csv.reader(io.StringIO(text)) if row]
        spoil(chance, rows)
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows(rows)
        return out.getvalue()

    return spoilt


def _set(values: tuple[str, ...], numeric: bool | None) -> Spoil:
    """A cell (of numbers, of texts, or of either) with another value."""

    def spoil(chance: random.Random, rows: list[list[str]]) -> None:
        places = [(at, column) for at, row in enumerate(rows[1:], 1) for column in range(len(row))]
        places = [(at, column) for at, column in places if numeric is None or _is_number(rows[at][column]) == numeric]
        if places:
            at, column = chance.choice(places)
            rows[at][column] = chance.choice(values)

    return _table(spoil)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _scaled(chance: random.Random, rows: list[list[str]]) -> None:
    places = [
        (at, column) for at, row in enumerate(rows[1:], 1) for column in range(len(row)) if _is_number(row[column])
    ]
    if places:
        at, column = chance.choice(places)
        rows[at][column] = repr(float(rows[at][column]) * chance.choice((-1, 0.001, 10, 1000, 1e9)))


def _exchanged(chance: random.Random, rows: list[list[str]]) -> None:
    (at, column), (other, another) = (
        (row := chance.randrange(len(rows)), chance.randrange(len(rows[row]))) for _ in range(2)
    )
    rows[at][column], rows[other][another] = rows[other][another], rows[at][column]


def _in_units(chance: random.Random, rows: list[list[str]]) -> None:
    columns = [column for column, name in enumerate(rows[0]) if name == "unit" or name.endswith("_unit")]
    if columns and len(rows) > 1:
        row, column = chance.choice(rows[1:]), chance.choice(columns)
        if column < len(row):
            row[column] = chance.choice(UNITS)


def _without_column(chance: random.Random, rows: list[list[str]]) -> None:
    gone = chance.randrange(len(rows[0]))
    for row in rows:
        del row[gone : gone + 1]


def _renamed(chance: random.Random, rows: list[list[str]]) -> None:
    rows[0][chance.randrange(len(rows[0]))] = chance.choice(TEXTS)


def _with_semicolons(chance: random.Random, text: str) -> str:
    rows = list(csv.reader(io.StringIO(text)))
    out = io.StringIO()
    decimal = chance.choice((".", ","))
    changed = [[cell.replace(".", decimal) if _is_number(cell) else cell for cell in row] for row in rows]
    csv.writer(out, delimiter=";", lineterminator="\n").writerows(changed)
    return out.getvalue()


def _with_quote(chance: random.Random, text: str) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + '"' + text[at:]


TABLE_WAYS: dict[str, Spoil] = {
    "number spoilt": _set(NUMBERS, True),
    "another number": _set(NUMBERS, True),
    "text for a number": _set(TEXTS, True),
    "text spoilt": _set(TEXTS, False),
    "another text": _set(TEXTS, False),
    "number for a text": _set(NUMBERS, False),
    "any cell blank": _set(("",), None),
    "number scaled": _table(_scaled),
    "cells exchanged": _table(_exchanged),
    "unit spoilt": _table(_in_units),
    "line gone": _table(lambda chance, rows: rows.__delitem__(chance.randrange(len(rows)))),
    "line twice": _table(lambda chance, rows: rows.append(list(chance.choice(rows)))),
    "column gone": _table(_without_column),
    "name of a column": _table(
        lambda chance, rows: rows[0].__setitem__(chance.randrange(len(rows[0])), chance.choice(TEXTS))
    ),
    "semicolons": _with_semicolons,
    "a quotation mark": _with_quote,
}

# --- YAML ---------------------------------------------------------------------------------------


def _lines(spoil: Callable[[random.Random, list[str]], None]) -> Spoil:
    """A way that works on the lines of a file."""

    def spoilt(chance: random.Random, text: str) -> str:
        lines = text.splitlines()
        spoil(chance, lines)
        return "\n".join(lines) + "\n"

    return spoilt


def _value(chance: random.Random, lines: list[str]) -> None:
    at = chance.randrange(len(lines))
    key, colon, _ = lines[at].partition(":")
    lines[at] = f"{key}{colon} {chance.choice((*SCRIPTS, *TEXTS, *NUMBERS))}"


def _inside(chance: random.Random, lines: list[str]) -> None:
    at = chance.randrange(len(lines))
    place = chance.randrange(len(lines[at]) + 1)
    lines[at] = lines[at][:place] + chance.choice((*SCRIPTS, *TEXTS)) + lines[at][place:]


def _key(chance: random.Random, lines: list[str]) -> None:
    at = chance.randrange(len(lines))
    _, colon, value = lines[at].partition(":")
    lines[at] = f"{chance.choice((*TEXTS, *SCRIPTS, *KEYS))}{colon}{value}"


YAML_WAYS: dict[str, Spoil] = {
    "value spoilt": _lines(_value),
    "another value": _lines(_value),
    "text inside": _lines(_inside),
    "key spoilt": _lines(_key),
    "line gone": _lines(lambda chance, lines: lines.__delitem__(chance.randrange(len(lines)))),
    "line twice": _lines(lambda chance, lines: lines.insert(chance.randrange(len(lines)), chance.choice(lines))),
    "indented": _lines(lambda chance, lines: lines.__setitem__(at := chance.randrange(len(lines)), "  " + lines[at])),
    "a line more": _lines(lambda chance, lines: lines.append(chance.choice((*SCRIPTS, *MORE)))),
    "a bomb": lambda _, text: BOMB + text,
    "deep": lambda _, text: text + "deep: " + "[" * 2500 + "]" * 2500 + "\n",
}
