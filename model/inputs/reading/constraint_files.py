"""Which constraints has the user written? Finds them by the name of their file and loads them when a goal names them.

A constraint is one function in `constraints/<name>.py` that has the file's name. What can be seen without executing
the file is read from its text, so that files no goal names are never executed.
"""

from __future__ import annotations

import ast
import sys
import traceback
import types
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from model.inputs.faults import Fault, Faults, InputFaults, Place, listing, shown
from model.inputs.reading.text import read_text

FOLDER = "constraints"
LONGEST = 1_000_000
"""Bytes of the longest file that is read."""
ALLOWED = "a file with one function '{name}(f)' whose docstring says what it demands, then formula and unit"


@dataclass(frozen=True)
class Constraint:
    """A user's own constraint: where it stands, and what it says of itself."""

    name: str
    path: Path
    place: Place
    says: str
    """first line of its docstring"""
    text: str
    """what stands in the file"""

    def load(self) -> Callable[[Any], Any]:
        """The function. Raises `InputFaults` when the file cannot be executed."""
        try:
            return _load(self.name, self.path, self.text)
        except (Exception, SystemExit) as error:
            raise self.fault_of(error) from error

    def fault_of(self, error: BaseException) -> InputFaults:
        """What the user's code raised, as a fault at the line of it that was being executed."""
        lines = [each.lineno for each in traceback.extract_tb(error.__traceback__) if each.filename == str(self.path)]
        line = error.lineno if isinstance(error, SyntaxError) else lines[-1] if lines else self.place.line
        said = f"{type(error).__name__}: {error}".strip().rstrip(":")
        return InputFaults([Fault(Place(self.place.file, line or 0), said, "code that runs without an error")])

    def fault(self, found: str, allowed: str) -> InputFaults:
        """Something wrong with what the function yields."""
        return InputFaults([Fault(self.place, found, allowed)])


def names(root: Path) -> list[str]:
    """The constraints that a goal can name."""
    return sorted(path.stem for path in (root / FOLDER).glob("[!_.]*.py"))


def find(name: str, root: Path, named_at: Place, faults: Faults) -> Constraint | None:
    """The constraint of this name, or None with what is wrong noted; `named_at` is where a goal names it."""
    known = names(root)
    if name not in known:
        allowed = f"one of {listing(known)}" if known else f"nothing: there is no file in {FOLDER}/"
        faults.add(named_at, f"constraint '{name}'", allowed, known, name)
        return None
    path = root / FOLDER / f"{name}.py"
    file, allowed = shown(path, root), ALLOWED.format(name=name)
    if not path.resolve().is_relative_to((root / FOLDER).resolve()):
        faults.add(Place(file), "a link to a file that stands elsewhere", f"a file of its own in {FOLDER}/: it is code")
        return None
    content = read_text(path, file, "a Python file", faults, LONGEST)
    if content is None:
        return None
    try:
        tree = ast.parse(content, str(path))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        place = Place(file, getattr(error, "lineno", 0) or 0)
        faults.add(place, f"what is not Python ({getattr(error, 'msg', error)})", allowed)
        return None
    functions = {each.name: each for each in tree.body if isinstance(each, ast.FunctionDef)}
    if name not in functions:
        faults.add(Place(file), f"no function '{name}'", allowed, functions, name)
        return None
    place, text = Place(file, functions[name].lineno), ast.get_docstring(functions[name])
    if not text:
        faults.add(place, f"function '{name}' without a docstring", allowed)
        return None
    return Constraint(name, path, place, text.splitlines()[0], content)


def check(name: str, root: Path, named_at: Place, faults: Faults) -> Constraint | None:
    """The constraint, with everything noted that keeps it from being loaded; its file is executed."""
    constraint = find(name, root, named_at, faults)
    if constraint is not None:
        try:
            constraint.load()
        except InputFaults as error:
            faults.found.extend(error.faults)
    return constraint


@lru_cache(maxsize=64)
def _load(name: str, path: Path, text: str) -> Callable[[Any], Any]:
    module = types.ModuleType(f"{FOLDER}_{name}")
    module.__file__ = str(path)
    sys.modules[module.__name__] = module  # dataclasses and the like look their module up
    exec(compile(text, str(path), "exec"), module.__dict__)
    function: Callable[[Any], Any] = getattr(module, name)
    return function
