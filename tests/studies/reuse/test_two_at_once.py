"""Do runs at the same time, and runs that were killed, leave each other's results and plans whole?"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from model import ROOT
from model.outputs import manifest
from model.projection import compilation
from model.studies.reuse.lock import writing
from model.studies.reuse.plan_store import PlanStore

TOY = ("--municipality", "toy")


def started(root: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "model.cli", "--root", str(root), *arguments],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def whole(folder: Path) -> bool:
    known = manifest.read(folder)
    return known is not None and not manifest.changed(folder, known[manifest.FILES])


def test_of_two_that_ask_the_same_the_second_waits_and_takes_what_is_there(root: Path) -> None:
    """The lock is held here until both have asked."""
    with ExitStack() as stack:
        with writing(root / "outputs/toy_cheapest", root, print):
            both = [stack.enter_context(started(root, "optimise", "toy_cheapest", *TOY)) for _ in range(2)]
            for process in both:
                assert process.stderr is not None
                said = process.stderr.readline()
                if "Compiling" in said:
                    said = process.stderr.readline()
                assert said == f"outputs/toy_cheapest is being written by process {os.getpid()}; waiting for it.\n"
        told = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    unchanged = ["Nothing has changed since these results were written" in out for out, _ in told]
    assert sorted(unchanged) == [False, True] and whole(root / "outputs/toy_cheapest")
    assert not (root / ".cache/locks").exists()


def test_two_that_ask_different_things_spoil_nothing(root: Path) -> None:
    """Of the same goal, so that both look for the same plan."""
    with ExitStack() as stack:
        asked = (["optimise", "toy_cheapest"], ["run", "toy_mix", "toy_cheapest"])
        both = [stack.enter_context(started(root, *each, *TOY)) for each in asked]
        told = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    names = ("toy_cheapest", "toy_mix+toy_cheapest")
    assert all(whole(root / "outputs" / name) for name in names)
    one, other = ((root / f"outputs/{name}/portfolios/toy_cheapest.central.yaml").read_bytes() for name in names)
    assert one == other
    kept = list((root / ".cache/plans").glob("*.plan"))
    assert len(kept) == 2, "the plan, and the answer to what is asked of every plan"
    assert all(PlanStore(path.parent).get(path.stem) is not None for path in kept)


@pytest.mark.skipif(os.name == "nt", reason="there is no such signal")
def test_after_a_kill_the_plans_that_were_found_are_taken(root: Path) -> None:
    """Killed when the first plan has been kept, or a little later."""
    folder = root / ".cache/plans"
    names = ("toy_cheapest", "toy_fossil_free", "toy_low_from", "toy_low_once")
    with started(root, "run", *names, *TOY) as process:
        end = time.monotonic() + 120
        while not any(folder.glob("[!.]*.plan")) and time.monotonic() < end:
            time.sleep(0.01)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    assert any(folder.glob("[!.]*.plan")) and not (root / "outputs" / "+".join(names)).exists()
    with started(root, "run", *names, *TOY) as process:
        out, err = process.communicate(timeout=120)
    assert process.returncode == 0 and " of 4 plans taken from earlier runs" in out, err
    assert whole(root / "outputs" / "+".join(names))


def test_two_that_compile_the_projection_at_once_leave_it_whole(tmp_path: Path) -> None:
    """Each is slow to write what it has compiled; the machine code is that of the project's cache."""
    code = compilation.interpreter() and compilation.file().read_bytes()
    program = f"""
import time
from pathlib import Path
from model.projection import compilation

there = compilation.file()
code = compilation._intact(there.read_bytes())
compilation.ROOT = Path({str(tmp_path)!r})
write = Path.write_bytes

def slowly(path, content):
    write(path, content[:1000])
    time.sleep(0.5)
    write(path, content)

Path.write_bytes = slowly
compilation._compiled = lambda: code
compilation.interpreter()
"""
    both = [subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stderr=subprocess.PIPE) for _ in range(2)]
    assert [(process.communicate()[1], process.returncode) for process in both] == [(b"", 0)] * 2
    (kept,) = (tmp_path / ".cache/kernel").iterdir()
    assert kept.read_bytes() == code


def test_a_lock_is_gone_with_the_process_that_had_it(root: Path) -> None:
    program = f"""
import os
from pathlib import Path
from model.studies.reuse.lock import writing

with writing(Path({str(root / "outputs/main")!r}), Path({str(root)!r}), print):
    os._exit(1)
"""
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False)
    assert any((root / ".cache/locks").iterdir())
    with writing(root / "outputs/main", root, print) as waited:
        assert not waited


def test_one_at_a_time_in_each_folder_and_folders_do_not_wait_for_each_other(root: Path) -> None:
    inside, most = [0], [0]

    def work() -> None:
        for _ in range(5):
            with writing(root / "outputs/one", root, lambda _: None):
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                time.sleep(0.01)
                inside[0] -= 1

    with writing(root / "outputs/other", root, print):
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert most == [1]


def test_without_a_place_for_locks_there_is_none(root: Path) -> None:
    shutil.rmtree(root / ".cache", ignore_errors=True)
    (root / ".cache").write_text("a file", encoding="utf-8")
    with writing(root / "outputs/main", root, print) as waited:
        assert not waited
