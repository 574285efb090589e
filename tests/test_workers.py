"""Does one pool do all the work of a run, whoever asks for it, and does nothing depend on which process did it?"""

from __future__ import annotations

import operator
import os
import threading
import time
from collections.abc import Iterator

import pytest

from model import workers
from model.workers import Pool, side_by_side


def whose(_: object) -> int:
    """The process that does it."""
    time.sleep(0.05)
    return os.getpid()


def within(count: int) -> set[int]:
    """Who does work that is spread within a job."""
    return set(dict(workers.spread(whose, {number: (number,) for number in range(count)}, 2)).values())


@pytest.fixture
def pool() -> Iterator[Pool]:
    with Pool(2) as opened:
        yield opened


def test_all_work_of_a_run_is_done_by_the_same_processes(pool: Pool) -> None:
    jobs = {number: (whose, number) for number in range(6)}
    first, second = (set(dict(pool.each(jobs)).values()) for _ in range(2))
    assert first == second == within(6) and len(first) == 2 and os.getpid() not in first


def test_a_job_that_is_alone_is_done_here_and_may_use_the_others(pool: Pool) -> None:
    assert dict(pool.each({"alone": (whose, 0)})) == {"alone": os.getpid()} and not pool.started
    ((_, others),) = pool.each({"alone": (within, 4)})
    assert len(others) == 2 and os.getpid() not in others


def test_a_job_in_a_process_spreads_nothing_further(pool: Pool) -> None:
    for _, processes in pool.each(dict.fromkeys(range(2), (within, 3))):
        assert len(processes) == 1 and os.getpid() not in processes


@pytest.mark.parametrize("count", [1, 2])
def test_what_follows_comes_before_what_waits(count: int) -> None:
    def further(key: str, result: float) -> dict[str, workers.Job]:
        return {f"{key}'": (operator.neg, result)} if not key.endswith("'") else {}

    jobs = {str(number): (operator.neg, number) for number in range(4)}
    with Pool(count) as pool:
        done = dict(pool.each(jobs, further))
    assert done == {f"{n}{end}": value for n in range(4) for end, value in (("", -n), ("'", n))}
    if count == 1:
        assert list(done) == ["0", "0'", "1", "1'", "2", "2'", "3", "3'"]


def test_a_fault_in_one_job_stops_all_and_a_pool_can_go_on(pool: Pool) -> None:
    jobs = {"wrong": (operator.truediv, 1, 0), "long": (time.sleep, 60), "longer": (time.sleep, 60)}
    begun = time.monotonic()
    with pytest.raises(ZeroDivisionError):
        dict(pool.each(jobs))
    assert time.monotonic() - begun < 30
    assert dict(pool.each(dict.fromkeys("ab", (operator.neg, 1)))) == {"a": -1, "b": -1}


def test_tasks_side_by_side_give_what_they_give_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    met = threading.Barrier(2)
    tasks = [lambda number=number: (met.wait(10), number)[1] for number in range(2)]
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    assert side_by_side(*tasks) == [0, 1]  # each waits for the other
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    assert side_by_side(lambda: 3, lambda: 4) == [3, 4]


def test_after_a_fault_no_task_is_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[int] = []

    def fail() -> None:
        raise ValueError

    def slow() -> None:
        time.sleep(0.3)

    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    with pytest.raises(ValueError):
        side_by_side(fail, slow, slow, lambda: begun.append(1))
    assert not begun
