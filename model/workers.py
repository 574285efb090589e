"""How is work spread over processes that never outlive it? Spawned workers that end when they are not needed any more.

Ctrl-C in a terminal reaches every process of a program at once. The workers do not listen to it: only the main
process decides what to do, and stops them. Should it end without having done so, they end by themselves.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Generator, Hashable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
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
    pool = ProcessPoolExecutor(min(workers, len(jobs)), multiprocessing.get_context("spawn"), initializer=_watch_main_process)
    try:
        with _unheard():  # what is ignored when a process is started is ignored by it
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
def _unheard() -> Iterator[None]:
    """Ctrl-C does nothing for the moment."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)


def _watch_main_process() -> None:
    """In a worker: end with the main process, however it ends."""
    main = multiprocessing.parent_process()

    def follow() -> None:
        assert main is not None
        main.join()
        os._exit(1)

    threading.Thread(target=follow, daemon=True).start()
