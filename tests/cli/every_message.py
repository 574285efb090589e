"""Which texts does the code hand to those who tell the user something? Found in its syntax, not by running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from model import ROOT

TOLD = {
    "add": ("found", "allowed"), "Fault": ("found", "allowed"), "NotReadable": ("found", "", "allowed"),
    "fault": ("found", "allowed"), "Doubt": ("found", "usual", "do"), "UnsatisfiableConstraint": ("", "found"),
    "BadParameter": ("message",), "tell": ("text",), "hint": ("text",), "begin": ("text",), "phrase": ("text",),
    "progress": ("", "title"), "step": ("what",),
}  # fmt: skip
"""What is called, and its parts that are said, in order; a blank is a part that is not."""
PLACED = frozenset({"add", "Fault", "Doubt"})
"""Whose first part is the place."""
RETURNED = ("_tell", "allowed_by", "holds", "_of_a_unit", "more_than_money", "_larger", "offered")
"""How functions begin or end that return what is said."""
FILLED = "Qq"
"""How what is filled in begins, and nothing else does."""
MOST = 60


def functions_of(path: Path) -> dict[str, ast.FunctionDef]:
    """The functions of a file by name."""
    walked = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return {each.name: each for each in walked if isinstance(each, ast.FunctionDef)}


TOLD_OF_A_CLASH = functions_of(ROOT / "model/optimiser/limits/words.py")


@dataclass(frozen=True)
class Said:
    """A text, with something for what is filled in, and where it stands."""

    file: str
    line: int
    text: str


@dataclass(frozen=True)
class Given:
    """A value that a name is given, and the lines of the block in which that is done."""

    value: ast.expr
    line: int
    begin: int
    end: int


def every_message() -> Iterator[Said]:
    """Each text that is said by `model/`."""
    for path in sorted((ROOT / "model").rglob("*.py")):
        yield from _of_file(path)


def _of_file(path: Path) -> Iterator[Said]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = functions_of(path)
    shared = _given([each for each in tree.body if isinstance(each, ast.Assign)])
    found = set()
    for function in functions.values():
        texts = _Texts(function, functions, shared)
        for part in _said_in(function):
            found |= {
                Said(str(path.relative_to(ROOT)), part.lineno, text.removesuffix(": ")) for text in texts.of(part)
            }
    yield from sorted(found, key=lambda each: (each.line, each.text))


def _said_in(function: ast.FunctionDef) -> Iterator[ast.expr]:
    for each in ast.walk(function):
        if isinstance(each, ast.Call):
            yield from _parts(each)
        elif isinstance(each, ast.Return) and each.value and function.name.startswith(RETURNED):
            yield from each.value.elts[:1] if isinstance(each.value, ast.Tuple) else [each.value]
        elif isinstance(each, ast.Raise) and isinstance(each.exc, ast.Call) and _name(each.exc) == "ValueError":
            yield from each.exc.args if function.decorator_list else ()  # of a field: what is allowed


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _parts(call: ast.Call) -> Iterator[ast.expr]:
    """What of a call is said."""
    name, of = _name(call), ast.unparse(call.func.value) if isinstance(call.func, ast.Attribute) else ""
    if name not in TOLD or (name == "add" and not of.endswith("faults")) or (name == "tell" and of != "console"):
        return
    names = ("", *TOLD[name]) if name in PLACED else TOLD[name]
    for wanted, given in zip(names, call.args, strict=False):
        if wanted and not isinstance(given, ast.Starred):
            yield given
    yield from (each.value for each in call.keywords if each.arg in TOLD[name])


def _given(body: Sequence[ast.stmt]) -> dict[str, list[Given]]:
    """What names are given, in the order of lines."""
    found: dict[str, list[Given]] = {}
    blocks = [body]
    while blocks:
        block = blocks.pop()
        for each in block:
            for name, value in _assigned(each):
                begin, end = block[0].lineno, block[-1].end_lineno or 0
                found.setdefault(name, []).append(Given(value, each.lineno, begin, end))
            inner = (getattr(each, part, []) for part in ("body", "orelse", "finalbody"))
            blocks += [stmts for stmts in inner if isinstance(stmts, list) and stmts]
            blocks += [case.body for case in getattr(each, "handlers", [])]
    return {name: sorted(values, key=lambda each: each.line) for name, values in found.items()}


def _assigned(each: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(each, ast.Assign):
        for target in each.targets:
            if isinstance(target, ast.Name):
                yield target.id, each.value
            elif isinstance(target, ast.Tuple) and isinstance(each.value, ast.Tuple):
                pairs = zip(target.elts, each.value.elts, strict=False)
                yield from ((name.id, value) for name, value in pairs if isinstance(name, ast.Name))
    elif isinstance(each, ast.AugAssign) and isinstance(each.target, ast.Name) and isinstance(each.op, ast.Add):
        before = ast.Name(each.target.id, lineno=each.lineno - 1)
        yield each.target.id, ast.BinOp(before, ast.Add(), each.value, lineno=each.lineno)
    elif isinstance(each, ast.If):
        yield from ((one.target.id, one.value) for one in ast.walk(each.test) if isinstance(one, ast.NamedExpr))


class _Texts:
    """What an expression in a function can be as a text."""

    def __init__(
        self, function: ast.FunctionDef, functions: Mapping[str, ast.FunctionDef], shared: Mapping[str, list[Given]]
    ) -> None:
        self.names = {**shared, **_given(function.body)}
        self.functions, self.shared, self.count = functions, shared, 0

    def of(self, part: ast.expr, within: tuple[str, ...] = ()) -> list[str]:
        """Every text it can be, at most so many."""
        return list(dict.fromkeys(self._of(part, within)))[:MOST]

    def _of(self, part: ast.expr, within: tuple[str, ...]) -> list[str]:
        match part:
            case ast.Constant(value=str(text)):
                return [text]
            case ast.JoinedStr(values=values):
                return ["".join(each) for each in product(*(self.of(each, within) for each in values))]
            case ast.FormattedValue(value=value):
                return self.of(value, within)
            case ast.IfExp(body=body, orelse=orelse):
                return [*self.of(body, within), *self.of(orelse, within)]
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return ["".join(each) for each in product(self.of(left, within), self.of(right, within))]
            case ast.BoolOp(values=values) | ast.List(elts=values):
                return [text for each in values for text in self.of(each, within)]
            case ast.Name(id=name) if name in self.names and len(within) < 8:
                values = self._reaching(name, part.lineno)
                return [text for each in values for text in self.of(each, (*within, name))]
            case ast.Call(func=ast.Name(id=name)) if name in self.functions and name not in within:
                function = self.functions[name]
                there = _Texts(function, self.functions, self.shared)
                returned = [each.value for each in ast.walk(function) if isinstance(each, ast.Return) and each.value]
                return [text for each in returned for text in there.of(each, (*within, name))]
            case ast.Call(func=ast.Attribute(value=ast.Name(id="told"), attr=name)) if name in TOLD_OF_A_CLASH:
                there = _Texts(TOLD_OF_A_CLASH[name], TOLD_OF_A_CLASH, {})
                returned = [each for each in ast.walk(TOLD_OF_A_CLASH[name]) if isinstance(each, ast.Return)]
                return [text for each in returned if each.value for text in there.of(each.value, within)]
            case ast.Call(
                func=ast.Attribute(value=ast.Constant(value=""), attr="join"), args=[ast.GeneratorExp(elt=elt)]
            ):
                return ["", *self.of(elt, within)]
            case ast.Subscript(value=ast.Dict(values=values)):
                return [text for each in values for text in self.of(each, within)]
            case ast.Subscript(value=ast.Name(id=name)) if isinstance(known := self._dict(name), ast.Dict):
                return [text for each in known.values for text in self.of(each, within)]
        self.count += 1
        return [f"{FILLED}{self.count}"]

    def _dict(self, name: str) -> ast.expr | None:
        return self.names[name][-1].value if name in self.names else None

    def _reaching(self, name: str, line: int) -> Iterator[ast.expr]:
        """What a name can have been given by a line: the last, and those before it as long as it may not be so."""
        for each in reversed([each for each in self.names[name] if each.line <= line]):
            yield each.value
            if each.begin <= line <= each.end:
                return
        if name in self.shared:
            yield from (each.value for each in self.shared[name])
