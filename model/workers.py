"""How is work spread over processors? Processes that are started once a run and end with it, and threads.

Ctrl-C in a terminal reaches every process of a program at once. The workers do not listen to it: only the main
process decides what to do, and stops them. Should it end without having done so, they end by themselves.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Generator, Hashable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from contextlib import contextmanager
from multiprocessing import resource_tracker
from typing import Any, TypeVar

from model.memory import collect_seldom

KeyType = TypeVar("KeyType", bound=Hashable)
Result = TypeVar("Result")
Job = tuple[Any, ...]
"""A function and its arguments."""


class Pool:
    """Processes for the whole of a run, started when there is first something for several of them to do.

    As a context it stops them at the end, at once when it is left by an exception. With fewer than two `workers`
    everything is done in this process.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._executor: ProcessPoolExecutor | None = None
        self._processes: set[multiprocessing.process.BaseProcess] = set()

    def __enter__(self) -> Pool:
        _open.append(self)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        _open.remove(self)
        self._stop(at_once=kind is not None)

    @property
    def started(self) -> bool:
        """Whether there are processes already."""
        return self._executor is not None

    def each(
        self,
        jobs: Mapping[KeyType, Job],
        further: Callable[[KeyType, Any], Mapping[KeyType, Job]] = lambda _, __: {},
    ) -> Generator[tuple[KeyType, Any], None, None]:
        """Each job's key with what it gave, in the order in which they are done.

        `further` gives the jobs that follow from one that is done; they come before those that wait. A job that is
        alone is done in this process, unless there are others already. Leaving early, by an exception or by closing
        the iterator, stops all at once.
        """
        waiting: dict[KeyType, Job] = dict(jobs)
        running: dict[Future[Any], KeyType] = {}
        try:
            while waiting or running:
                if self.workers < 2 or (len(waiting) == 1 and not self.started):
                    key = next(iter(waiting))
                    done = [(key, call(*waiting.pop(key)))]
                else:
                    while waiting and len(running) < self.workers:
                        key = next(iter(waiting))
                        running[self._submit(waiting.pop(key))] = key
                    finished = wait(running, return_when=FIRST_COMPLETED).done
                    done = [(running.pop(each), each.result()) for each in list(running) if each in finished]
                for key, result in done:
                    waiting = {**further(key, result), **waiting}
                    yield key, result
        except BaseException:
            self._stop(at_once=True)
            raise

    def _submit(self, job: Job) -> Future[Any]:
        if self._executor is None:
            spawn = multiprocessing.get_context("spawn")
            self._executor = ProcessPoolExecutor(self.workers, spawn, initializer=_begin)
        before = set(multiprocessing.active_children())
        try:
            with _undisturbed(), _without_main():  # what is blocked when a process is started stays blocked in it
                return self._executor.submit(call, *job)
        finally:
            self._processes |= set(multiprocessing.active_children()) - before

    def _stop(self, at_once: bool) -> None:
        executor, self._executor = self._executor, None
        if executor is None:
            return
        if at_once:
            for process in self._processes:
                process.kill()
            _let_go(executor)
        self._processes.clear()
        executor.shutdown(cancel_futures=True)


def _let_go(executor: ProcessPoolExecutor) -> None:
    """Let nothing wait for a job to be taken that nobody takes any more.

    Before Python 3.11.5 the thread that hands jobs over waits for ever where its worker was killed (CPython issue
    94777). Later ones close this end by themselves, in a thread of their own: closed here at the same time, it would be
    closed twice.
    """
    if sys.version_info >= (3, 11, 5):
        return
    reader = getattr(getattr(executor, "_call_queue", None), "_reader", None)
    if reader is not None and not reader.closed:
        reader.close()


_open: list[Pool] = []
"""Pools of the runs that are going on in this process."""


def spread(
    function: Callable[..., Result], jobs: Mapping[KeyType, tuple[Any, ...]], workers: int
) -> Generator[tuple[KeyType, Result], None, None]:
    """Each job's key with `function(*arguments)`, in the order in which they are done.

    The processes are those of the run that is going on, if there is one. In one of these everything is done in turn:
    the others are busy with the same run.
    """
    calls = {key: (function, *arguments) for key, arguments in jobs.items()}
    if workers < 2 or len(jobs) < 2 or multiprocessing.parent_process() is not None:
        yield from Pool(1).each(calls)
    elif _open:
        yield from _open[-1].each(calls)
    else:
        with Pool(min(workers, len(jobs))) as pool:
            yield from pool.each(calls)


def side_by_side(*tasks: Callable[[], Any]) -> list[Any]:
    """What each task gives, in their order, found in threads: for what leaves Python alone most of the time.

    Tasks must not share what they change. A worker does them in turn: the other processors are busy.
    """
    if len(tasks) < 2 or not _free():
        return [task() for task in tasks]
    executor = ThreadPoolExecutor(os.cpu_count())
    try:
        return [each.result() for each in [executor.submit(task) for task in tasks]]
    finally:
        executor.shutdown(cancel_futures=True)  # after an exception nothing more is begun


def _free() -> bool:
    """Whether there is a processor that nothing of this run has been given."""
    alone = multiprocessing.parent_process() is None and not any(pool.started for pool in _open)
    return alone and (os.cpu_count() or 1) > 1


def call(function: Callable[..., Result], *arguments: Any) -> Result:
    """What a function gives: for jobs that each have a function of their own."""
    return function(*arguments)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Ctrl-C and requests to end wait until this is done (where there is no such thing, they do not)."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # starting it later would let them through
    both = signal.SIGINT, signal.SIGTERM
    came: list[int] = []
    before = signal.pthread_sigmask(signal.SIG_BLOCK, set(both))
    handlers = {}
    if threading.current_thread() is threading.main_thread():  # another thread may take them for this one
        handlers = {number: signal.signal(number, lambda its, _: came.append(its)) for number in both}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler or signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        for caught in came:
            signal.raise_signal(caught)


@contextmanager
def _without_main() -> Iterator[None]:
    """Processes started meanwhile do not run the main script again: a user's own need not be made for it."""
    main = sys.modules["__main__"]
    missing = object()
    kept = {name: getattr(main, name, missing) for name in ("__file__", "__spec__")}
    main.__spec__ = None
    vars(main).pop("__file__", None)
    try:
        yield
    finally:
        for name, value in kept.items():
            if value is not missing:
                setattr(main, name, value)


def _begin() -> None:
    """In a worker: look seldom for what nothing needs, and end with the main process, however it ends."""
    collect_seldom()
    main = multiprocessing.parent_process()

    def follow() -> None:
        assert main is not None
        main.join()
        os._exit(1)

    threading.Thread(target=follow, daemon=True).start()
