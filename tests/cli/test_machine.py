"""Does it work, or say in one sentence what is wrong, on machines that are full, locked, foreign or half closed?"""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from model import ROOT
from model.cli import machine
from model.cli.language import translated
from model.outputs.placing import Unplaced
from tests.towns.broken_root import toy_root, tree

RUN = ("run", "toy_mix", "--municipality", "toy")
posix = pytest.mark.skipif(os.name == "nt", reason="as POSIX has it")


def started(
    root: Path, *arguments: str, shell: str = 'exec "$@"', flags: tuple[str, ...] = (), project: Path = ROOT,
    **environment: str | None,
) -> subprocess.CompletedProcess[str]:  # fmt: skip
    """The command line on a root, by way of a shell that may limit or redirect it; a variable of None is not there."""
    command = [sys.executable, *flags, "-P", "-m", "model.cli", "--root", str(root), *arguments]
    kept = {name: value for name, value in os.environ.items() if environment.get(name, "") is not None}
    given = {name: value for name, value in environment.items() if value is not None}
    return subprocess.run(
        ["sh", "-c", shell, "sh", *command], cwd=root, env=kept | {"PYTHONPATH": str(project)} | given,
        capture_output=True, text=True, errors="replace", timeout=120, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The toy town in a folder whose name has blanks and letters of its own; all tests leave its results there."""
    root = toy_root(tmp_path_factory.mktemp("machine") / "Östersunds kommun å ä")
    said = started(root, *RUN)
    assert (said.returncode, said.stderr) == (0, ""), said.stderr
    return root


@posix
@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "HOME": None, "XDG_CACHE_HOME": None},
        {"LC_ALL": "POSIX", "HOME": "/nowhere", "PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "TMPDIR": "/nowhere"},
        {"LC_CTYPE": "no_such.place", "LC_ALL": None, "LANG": None, "PYTHONWARNINGS": "error"},
    ],
    ids=" ".join,
)  # fmt: skip
def test_results_are_the_same_whatever_the_machine_is_set_to(done: Path, environment: dict[str, str | None]) -> None:
    before = tree(done / "outputs/toy_mix")
    said = started(done, *RUN, "--fresh", **environment)
    assert (said.returncode, said.stderr) == (0, "")
    now = tree(done / "outputs/toy_mix")
    assert {name for name in now if now[name] != before.get(name)} <= {"manifest.json"}


@posix
def test_figures_are_drawn_where_there_is_no_home_and_warnings_are_errors(tmp_path: Path) -> None:
    root = toy_root(tmp_path / "två ord")
    (root / "scenarios/studies/small.yaml").write_text(
        "title: {sv: Liten, en: Small}\nmunicipality: toy\nfutures: [central]\nscenarios: [toy_reference]\n", "utf-8"
    )
    said = started(root, "study", "small", flags=("-W", "error"), HOME="/proc/nowhere", XDG_CACHE_HOME=None)
    assert (said.returncode, said.stderr) == (0, "")
    assert (root / "outputs/small/figures/pathways.svg").exists()


@posix
def test_a_project_in_a_folder_with_blanks_and_letters_of_its_own_runs(tmp_path: Path) -> None:
    project = toy_root(tmp_path / "Klimat & miljö å")
    shutil.copytree(ROOT / "model", project / "model", ignore=shutil.ignore_patterns("__pycache__"))
    if (ROOT / ".cache/kernel").exists():
        shutil.copytree(ROOT / ".cache/kernel", project / ".cache/kernel")
    said = started(project, *RUN, project=project, LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert (said.returncode, (project / "outputs/toy_mix/results.nc").exists()) == (0, True), said.stderr


@posix
@pytest.mark.parametrize("blocks", [2, 40])
def test_where_no_more_can_be_written_old_results_stay_and_one_sentence_says_so(done: Path, blocks: int) -> None:
    """A limit on the size of files breaks writing off wherever it is, as a full disk does."""
    before = tree(done / "outputs")
    said = started(done, *RUN, "--fresh", shell=f'trap "" XFSZ; ulimit -f {blocks}; exec "$@"')
    assert (said.returncode, len(said.stderr.splitlines())) == (1, 1), said.stderr
    assert "raise the limit (ulimit -f) and start again. What was in outputs/ before is whole." in said.stderr
    assert tree(done / "outputs") == before


def mounting() -> bool:
    """Whether a file system may be mounted here, unseen by others."""
    try:
        command = ["unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


@pytest.mark.skipif(not mounting(), reason="no file system can be mounted")
@pytest.mark.parametrize(
    ("then", "told"),
    [
        ('dd if=/dev/zero of="{}/fill" bs=1k count=2000 2>/dev/null', "the disk is full; make room and start again"),
        ('mount -o remount,ro "{}"', "it can only be read there; let it be written, or copy the project"),
    ],
    ids=["full", "read-only"],
)
def test_a_disk_that_is_full_or_read_only_is_told_and_nothing_is_lost(
    done: Path, tmp_path: Path, then: str, told: str
) -> None:
    """Outputs stand on a small disk of their own, and are copied from there when all is done."""
    root, disk, after = tmp_path / "root", tmp_path / "root/outputs", tmp_path / "after"
    shutil.copytree(done, root)
    script = f'''mount -t tmpfs -o size=1m none "{disk}" && cp -a "{done}/outputs/." "{disk}" && {then.format(disk)}
"$@"; code=$?; cp -a "{disk}" "{after}"; exit $code'''
    said = started(root, *RUN, "--fresh", shell=f"exec unshare -m sh -c '{script}' sh \"$@\"")
    assert said.returncode == 1 and told in said.stderr and len(said.stderr.splitlines()) == 1, said.stderr
    (after / "fill").unlink(missing_ok=True)
    assert tree(after) == tree(done / "outputs")


@posix
@pytest.mark.parametrize(
    ("shell", "arguments"),
    [
        ('exec "$@" >&-', RUN),
        ('exec "$@" <&- >&- 2>&-', (*RUN, "--fresh")),
        ('"$@" | head -1 >/dev/null', ("list", "--municipality", "toy")),
        ('"$@" | true', ("list", "--municipality", "toy")),
        ('"$@" | true', RUN),
        ('"$@" | true', ("--help",)),
    ],
)
def test_where_nobody_listens_nothing_is_said_and_results_are_written(
    done: Path, shell: str, arguments: tuple[str, ...]
) -> None:
    before = tree(done / "outputs/toy_mix")
    said = started(done, *arguments, shell=shell)
    assert (said.returncode, said.stderr) == (0, "")
    assert tree(done / "outputs/toy_mix") == before


@posix
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no disk that is always full")
def test_output_that_cannot_be_written_is_told(done: Path) -> None:
    said = started(done, "list", "--municipality", "toy", shell='exec "$@" >/dev/full')
    assert said.returncode == 1
    assert said.stderr.startswith("The system says 'No space left on device': the disk is full; make room")
    assert len(said.stderr.splitlines()) == 1


@posix
def test_a_process_that_the_system_ends_is_told(done: Path) -> None:
    program = """
import signal, sys
from model import workers
from model.cli import __main__ as cli
from model.studies import run

def ended(*_, **__):
    with workers.Pool(2) as pool:
        list(pool.each({number: (signal.raise_signal, signal.SIGKILL) for number in range(2)}))

run.run_scenarios = ended
if __name__ == "__main__":
    sys.exit(cli.entry(sys.argv[1:]))
"""
    command = [sys.executable, "-c", program, "--root", str(done), *RUN, "--fresh"]
    env = dict(os.environ)  # what readline has set beside it (COLUMNS) is nobody's wish
    said = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    ended = (
        "The system has ended a process of this run: there is not enough memory; close other programs and start again."
    )
    assert (said.returncode, said.stderr) == (1, f"{ended} What was in outputs/ before is whole.\n")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(errno.ENOSPC, "No room"), "The system says 'No room': the disk is full; make room"),
        (
            OSError(errno.EROFS, "", "/x/outputs/.toy.12.abcd1234/.a.svg.abcd1234.svg"),
            "/x/outputs: it can only be read",
        ),
        (PermissionError(errno.EACCES, "", "/x/.local/a.csv"), "/x/.local/a.csv: it is not allowed; change"),
        (FileNotFoundError(errno.ENOENT, "No such file", "a.csv"), "a.csv: No such file. What was in outputs/"),
        (Unplaced(errno.EACCES, "", "outputs/a/summary.csv"), "outputs/a/summary.csv cannot be replaced: it is not"),
        (MemoryError(), "The system says 'out of memory': there is not enough memory;"),
        (BrokenProcessPool("ended"), "The system has ended a process of this run: there is not enough memory;"),
    ],
)
def test_what_the_machine_cannot_do_is_one_sentence_with_its_place(error: Exception, told: str) -> None:
    said = machine.said(error)
    assert said is not None and said.startswith(told)
    assert "\n" not in said
    assert translated(said) != said


@pytest.mark.parametrize("error", [ValueError("x"), OSError("a library says no more"), KeyError("x")])
def test_what_is_not_the_machines_is_not_put_down_to_it(error: Exception) -> None:
    assert machine.said(error) is None
