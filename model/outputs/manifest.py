"""What does a folder of results say of itself? Its files with their hashes, what was asked, and what it was made from.

Told from files alone: nothing heavy is loaded for it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from model.outputs import placing

MANIFEST = "manifest.json"
FILES = "files"


def read(folder: Path) -> dict[str, Any] | None:
    """The manifest of a folder, with the hash of each file under `files`; None when there is none that can be read.

    What was begun to be put there is finished first. Raises `placing.Unplaced` where it cannot be.
    """
    placing.settle(folder)
    try:
        content = dict(json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
        return content | {FILES: {str(name): str(digest) for name, digest in content[FILES].items()}}
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None


def write(folder: Path, content: Mapping[str, Any]) -> None:
    """Write a manifest, also where the system has names of files that are no text."""
    text = json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8", errors="backslashreplace")


def changed(folder: Path, files: Mapping[str, str]) -> Collection[str]:
    """The files that are not as they were written, or not there."""
    return [name for name, digest in files.items() if not (folder / name).is_file() or hash_of(folder / name) != digest]


def hash_of(path: Path) -> str:
    """Hash of what stands in a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
