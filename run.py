"""Run the toolkit with nothing but Python: prepare its environment when a lock file changed, then hand over.

    python3 run.py [verb] [arguments]       the verbs of model.cli; without one, the main study
    python3 run.py test [arguments]         the tests, from the project's folder; arguments go to pytest

An active environment that already satisfies the locks is used as it is; CLIMATE_NO_VENV=1 uses this Python.
"""

import hashlib
import os
import sys
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "installed"  # a line per installed lock: its hash and its name
COMPILER = "model.projection.compilation"  # fills a cache; what it could not do, the first verb does
SAID = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
TYPED = " ".join(sys.argv).replace("=", " ")
SWEDISH = "--lang sv" in TYPED or ("--lang en" not in TYPED and next(filter(None, SAID), "").startswith("sv"))
UNFINISHED = VENV / "installing"  # becomes the stamp; where it is still there, an installation broke off


def words(english, swedish):
    """What is said, in the language of the machine or the one that is asked for."""
    return swedish if SWEDISH else english


def main(arguments):
    """Hand over to a verb, or to pytest, in an environment that satisfies the locks."""
    if sys.version_info < (3, 11):  # noqa: UP036 - any Python 3 may be asked to start this file
        this = f"{sys.version.split()[0]} ({sys.executable})"
        needs = words("needs Python 3.11 or newer; this is", "behöver Python 3.11 eller nyare; det här är")
        sys.exit(f"run.py: {needs} {this}")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    if arguments[:1] == ["test"]:
        python = interpreter("requirements.lock", "requirements-dev.lock")
        command = ["pytest", "-q", "-n", "auto", f"--rootdir={ROOT}", *arguments[1:]]
        os.chdir(ROOT)
    else:
        python = interpreter("requirements.lock")
        command = ["model.cli", *arguments]
    command = [python, "-P", "-m", *command]  # -P: a folder named `model` where the user stands is not ours
    if os.name == "nt":
        import subprocess

        sys.exit(subprocess.run(command).returncode)
    os.execv(python, command)


def interpreter(*names):
    """The Python to hand over to: this one when told or when it satisfies the locks, else that of `.venv`."""
    if os.environ.get("CLIMATE_NO_VENV", "0") not in ("", "0"):
        return sys.executable
    try:
        locks = {name: (ROOT / name).read_text(encoding="utf-8") for name in names}
    except OSError as error:
        cannot = words("cannot read", "kan inte läsa")
        back = words("put the file back and try again", "lägg tillbaka filen och försök igen")
        sys.exit(f"run.py: {cannot} {error.filename} ({error.strerror}); {back}")
    wanted = [f"{hashlib.sha256(text.encode()).hexdigest()} {name}" for name, text in locks.items()]
    active = sys.prefix != sys.base_prefix or "CONDA_PREFIX" in os.environ
    ready = installed(wanted)
    if active and not (ready and Path(sys.prefix) == VENV) and satisfied("\n".join(locks.values())):
        return sys.executable
    if not ready:
        prepare(names, wanted)
    return str(PYTHON)


def installed(wanted):
    """Whether `.venv` has been installed, to the end, from these locks."""
    return PYTHON.exists() and STAMP.exists() and {*wanted} <= {*STAMP.read_text().splitlines()}


def satisfied(lock):
    """Whether this interpreter has the pinned versions; a line with a marker (`; ...`) is an alternative.

    Hashes of files, on lines of their own after a backslash, are for pip: what is installed has none.
    """
    from importlib.metadata import PackageNotFoundError, version

    allowed = {}
    pins = (line.rstrip("\\ ") for line in lock.splitlines() if "==" in line)
    for pin, _, marker in (line.partition(";") for line in pins):
        name, _, pinned = pin.strip().partition("==")
        allowed.setdefault(name, set()).update([pinned, None] if marker else [pinned])
    for name, versions in allowed.items():
        found = None
        with suppress(PackageNotFoundError):
            found = version(name)
        if found not in versions:
            return False
    return True


def prepare(names, wanted):
    """Make `.venv` from the locks, anew where an earlier attempt broke off; the stamp comes last."""
    import shutil

    begun = words("preparing .venv; this takes about a minute", "förbereder .venv; det tar ungefär en minut")
    print(begun, file=sys.stderr, flush=True)
    with suppress(ImportError, OSError):  # of two starts at once, the second waits for the first
        import fcntl

        fcntl.flock(os.open(ROOT, os.O_RDONLY), fcntl.LOCK_EX)
    if installed(wanted):
        return
    try:
        if UNFINISHED.exists() or not PYTHON.exists():
            shutil.rmtree(VENV, ignore_errors=True)
        VENV.mkdir(exist_ok=True)
        UNFINISHED.write_text("\n".join(wanted))
        STAMP.unlink(missing_ok=True)
        if not PYTHON.exists():
            base = getattr(sys, "_base_executable", sys.executable)  # ours may just have gone with `.venv`
            step(words("creating it", "skapar den"), base, "-m", "venv", VENV)
        pip = ["-m", "pip", "install", "-q", "--compile", "--no-input", "--disable-pip-version-check"]
        installing = f"{words('installing', 'installerar')} {words(' and ', ' och ').join(names)}"
        step(installing, PYTHON, *pip, *(f"-r{ROOT / name}" for name in names))
        UNFINISHED.replace(STAMP)
        step(
            words("compiling the projection", "kompilerar framskrivningen"), PYTHON, "-P", "-m", COMPILER, needed=False
        )
    except OSError as error:
        sys.exit(f"run.py: {words('cannot prepare', 'kan inte förbereda')} .venv: {error}")


def step(title, *command, needed=True):
    """Run one command of the preparation with a sign of life; if it fails and is `needed`, its output is shown."""
    import tempfile
    import time
    from subprocess import DEVNULL, STDOUT, Popen, TimeoutExpired

    start = time.monotonic()
    with tempfile.TemporaryFile() as log, Popen(command, stdin=DEVNULL, stdout=log, stderr=STDOUT) as process:
        while process.poll() is None:
            seconds = time.monotonic() - start
            print(f"{words('preparing', 'förbereder')} .venv: {title} ... {seconds:.0f} s", file=sys.stderr, flush=True)
            with suppress(TimeoutExpired):
                process.wait(timeout=10)
        if process.returncode and needed:
            log.seek(0)
            print(log.read().decode(errors="replace"), file=sys.stderr)
            failed = words(
                "failed, see above; mend the cause and start again", "gick fel, se ovan; rätta orsaken och starta igen"
            )
            sys.exit(f"run.py: {title} {failed}")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(f"run.py: {words('interrupted', 'avbrutet')}")
