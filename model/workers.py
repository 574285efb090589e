"""How is work spread over processes that never outlive it? Spawned workers that end when they are not needed any more.

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
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing import resource_tracker
from typing import Any, TypeVar

KeyType = TypeVar("KeyType", bound=Hashable)
Result = TypeVar("Result")


def spread(
    function: Callable[..., Result], jobs: Mapping[KeyType, tuple[Any, ...]], workers: int
) -> Generator[tuple[KeyType, Result], None, None]:
    """Each job's key with `function(*arguments)`, in the order in which they are done.

    Leaving early, by an exception or by closing the iterator, stops all workers at once.
    """
    if workers < 2 or len(jobs) < 2:
        for key, arguments in jobs.items():
            yield key, function(*arguments)
        return
    before = set(multiprocessing.active_children())
    spawn = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(min(workers, len(jobs)), spawn, initializer=_watch_main_process)
    try:
        with _undisturbed(), _without_main():  # what is blocked when a process is started stays blocked in it
            waiting = {pool.submit(function, *arguments): key for key, arguments in jobs.items()}
        for done in as_completed(waiting):
            yield waiting[done], done.result()
    except BaseException:
        for process in set(multiprocessing.active_children()) - before:
            process.kill()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


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
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


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


def _watch_main_process() -> None:
    """In a worker: end with the main process, however it ends."""
    main = multiprocessing.parent_process()

    def follow() -> None:
        assert main is not None
        main.join()
        os._exit(1)

    threading.Thread(target=follow, daemon=True).start()
