"""Does everything stop when it is told to, with old results left whole and no process behind?"""

from __future__ import annotations

import operator
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from model import ROOT, workers
from model.outputs import staging
from tests.towns.broken_root import toy_root, tree

LARGER = """
title: {sv: Större, en: Larger}
municipality: toy
futures: [central]
scenarios: [toy_reference, toy_low_from, toy_low_once]
"""


@pytest.fixture
def root(root: Path) -> Path:
    """The toy town with a study of two goals, which have not been run."""
    (root / "scenarios/studies/larger.yaml").write_text(LARGER, encoding="utf-8")
    return root


def test_work_is_spread_and_every_job_comes_back() -> None:
    jobs = {f"job {value}": (float(value),) for value in range(5)}
    assert dict(workers.spread(operator.neg, jobs, 2)) == {key: -value for key, (value,) in jobs.items()}


def test_an_interrupt_that_python_swallows_comes_again() -> None:
    """An exception in `__del__` is only reported; the interrupt must not be lost there."""
    program = """
import signal, time
from model.cli import __main__ as cli

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell has jobs in the background ignore it

class Swallowing:
    def __del__(self):
        signal.raise_signal(signal.SIGINT)

cli._listen()
try:
    Swallowing()
    time.sleep(60)
except KeyboardInterrupt:
    print("interrupted")
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("interrupted\n", "")


posix = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")


def members(session: int) -> list[int]:
    """Living processes of a session."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, its_session = path.read_text(encoding="utf-8").rpartition(")")[2].split()[:4]
        except OSError:  # it has just ended
            continue
        if int(its_session) == session and state != "Z":
            found.append(int(path.parent.name))
    return found


@contextmanager
def started(root: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """The command line in a session of its own, as from a terminal, whose Ctrl-C reaches all its processes."""
    process = subprocess.Popen(
        [sys.executable, "-m", "model.cli", "--root", str(root), *arguments],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    try:
        yield process
    finally:
        if members(process.pid):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def wait_until(true: Callable[[], object], seconds: float = 60.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.02)
    return False


def finished(root: Path) -> Path:
    """Results as of an earlier run: what they hold does not matter, only whether they stay."""
    folder = root / "outputs" / "larger"
    with staging.staging(folder) as hidden:
        for name in (staging.RESULTS, "summary.csv"):
            (hidden / name).write_bytes(name.encode())
    return folder


@posix
def test_ctrl_c_at_any_moment_leaves_the_old_results_and_no_process(tmp_path: Path) -> None:
    """Three runs side by side, interrupted after 0.7, 1.4 and 2.1 seconds; a fast machine may be done by then."""
    roots = [toy_root(tmp_path / str(number)) for number in range(3)]
    for root in roots:
        (root / "scenarios/studies/larger.yaml").write_text(LARGER, encoding="utf-8")
    before = [tree(finished(root).parent) for root in roots]
    with ExitStack() as stack:
        processes = [stack.enter_context(started(root, "study", "larger")) for root in roots]
        for process in processes:
            time.sleep(0.7)
            os.killpg(process.pid, signal.SIGINT)
        for process, root, old in zip(processes, roots, before, strict=True):
            out, err = process.communicate(timeout=60)
            if process.returncode == 0:
                assert staging.load_study(root / "outputs" / "larger", root)
            else:
                assert process.returncode in (130, -signal.SIGINT), (out, err)
                assert err in ("", "Interrupted. What is in outputs/ is whole.\n")
                assert tree(root / "outputs") == old
            assert wait_until(lambda session=process.pid: not members(session))


@posix
@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one processor: no process of its own for a solver")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_solvers_end_with_the_run_and_the_next_run_tidies_up(root: Path, number: signal.Signals) -> None:
    """The main process alone is told to stop while its workers are busy."""
    before = tree(finished(root))
    with started(root, "study", "larger") as process:
        assert wait_until(lambda: len(members(process.pid)) >= 4), "main process, its tracker and two workers"
        os.kill(process.pid, number)
        _, err = process.communicate(timeout=60)
        assert wait_until(lambda: not members(process.pid))
    if number == signal.SIGKILL:
        assert process.returncode == -number
    else:
        assert (process.returncode, err) == (130, "Interrupted. What is in outputs/ is whole.\n")
    assert tree(root / "outputs" / "larger") == before
    hidden = [path.name for path in (root / "outputs").iterdir() if path.name != "larger"]
    assert len(hidden) == (number == signal.SIGKILL)
    finished(root)
    assert [path.name for path in (root / "outputs").iterdir()] == ["larger"]
