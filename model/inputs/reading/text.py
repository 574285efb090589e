"""What stands in a file, as text that can be read, shown and printed?

Whatever is wrong with a file as a whole is said here, once for tables, scenario files and constraints: that it cannot
be read, is not UTF-8, is far too long, or holds characters that steer a terminal instead of saying something.
"""

from __future__ import annotations

import re
from pathlib import Path

from model.inputs.faults import Faults, Place

MOST = 50_000_000
"""Bytes of the longest file that is read: a table of half a million rows."""
UNREADABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # what steers a terminal
    "\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"  # what turns text round, or breaks lines where no editor shows it
    "\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff]"  # what is no character
)

IN_EXCEL = " (in Excel: save as 'CSV UTF-8')"


def read_text(path: Path, file: str, saved_as: str, faults: Faults, most: int = MOST) -> str | None:
    """The text of a file shown as `file`, which should be `saved_as` (a CSV file); None with what is wrong noted."""
    place = Place(file)
    try:
        if not path.is_file():
            faults.add(place, "something that is no file", f"{saved_as} in UTF-8")
            return None
        size = path.stat().st_size
        if size > most:
            found, allowed = f"{size / 1e6:.0f} MB", f"{saved_as} of at most {most / 1e6:g} MB"
            faults.add(place, found, allowed)
            return None
        content = path.read_bytes()
    except OSError as error:
        faults.add(place, f"a file that cannot be read ({error.strerror})", f"{saved_as} that may be read")
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        found = f"bytes that are not UTF-8, the first of them {content[error.start : error.start + 1].hex()}"
        faults.add(Place(file, line), found, f"{saved_as} saved as UTF-8{IN_EXCEL if 'CSV' in saved_as else ''}")
        return None
    if hidden := UNREADABLE.search(text):
        said = f"a character that cannot be shown (U+{ord(hidden[0]):04X})"
        faults.add(Place(file, text.count("\n", 0, hidden.start()) + 1), said, "letters, digits and signs")
        return None
    return text
