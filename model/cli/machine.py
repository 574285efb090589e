"""What is said when the machine cannot go on? What could not be done, where, and what to do about it."""

from __future__ import annotations

import errno
import os
import re
from concurrent.futures import BrokenExecutor
from pathlib import Path

from model.outputs.placing import Unplaced

HIDDEN = re.compile(r"\..+\.\w{8}(\.\w+)?")
"""Names under which files and folders are written before they take their places."""
FULL = "the disk is full; make room and start again"
READ_ONLY = "it can only be read there; let it be written, or copy the project to where it can"
NOT_ALLOWED = "it is not allowed; change who may read and write it, or close the program that has it open"
TOO_MANY = "too many files are open; close other programs, or raise the limit (ulimit -n)"
MEMORY = "there is not enough memory; close other programs and start again"
CAUSES = {
    errno.ENOSPC: FULL,
    getattr(errno, "EDQUOT", errno.ENOSPC): FULL,
    errno.EFBIG: "no file of that size may be written; raise the limit (ulimit -f) and start again",
    errno.EROFS: READ_ONLY,
    errno.EACCES: NOT_ALLOWED,
    errno.EPERM: NOT_ALLOWED,
    errno.EMFILE: TOO_MANY,
    errno.ENFILE: TOO_MANY,
    errno.ENOMEM: MEMORY,
    errno.EAGAIN: "no more processes may be started; close other programs and start again",
    errno.EIO: "the disk or the network fails; try again, or copy the project to another disk",
}
"""What is wrong and what helps, by number of the system's error."""
WHOLE = "What was in outputs/ before is whole."


def said(error: BaseException) -> str | None:
    """What is to be said where an error is the machine's; None where it is not."""
    if isinstance(error, MemoryError):
        return f"The system says 'out of memory': {MEMORY}. {WHOLE}"
    if isinstance(error, BrokenExecutor):
        return f"The system has ended a process of this run: {MEMORY}. {WHOLE}"
    if not isinstance(error, OSError) or error.errno is None:
        return None
    cause = CAUSES.get(error.errno, str(error.strerror))
    if isinstance(error, Unplaced):
        next_time = "The new results are whole, and the next start puts them in place."
        return f"{error.filename} cannot be replaced: {cause}. {next_time}"
    if error.filename is None:
        return f"The system says '{error.strerror}': {cause}. {WHOLE}"
    return f"{_shown(error.filename)}: {cause}. {WHOLE}"


def _shown(filename: str | bytes | int) -> str:
    """Where it is: of what is hidden, the folder that it would have come to stand in."""
    path = Path(os.fsdecode(filename) if isinstance(filename, str | bytes) else str(filename))
    hidden = next((number for number, part in enumerate(path.parts) if HIDDEN.fullmatch(part)), None)
    return str(path if hidden is None else Path(*path.parts[:hidden]))
