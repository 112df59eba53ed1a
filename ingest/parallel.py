"""Work on documents in one process or several: the results come in the order of the documents, and only a few wait at a time."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import TypeVar

from communique.errors import CommuniqueError

Item = TypeVar("Item")
Result = TypeVar("Result")

# Documents that go to a worker together, and the shares that wait for each worker: enough that none stands idle, and no more.
_SHARE = 16
_WAITING = 3
# The workers are forked from a process that has loaded the tables; where that is not possible each loads them itself.
_START = "spawn" if sys.platform == "win32" else "forkserver"
_LOADED = "communique.ingest.ready"


def in_order(work: Callable[[Item], Result], items: Iterable[Item], jobs: int = 1) -> Generator[tuple[Item, Result], None, None]:
    """Each item with the result of ``work``, in the order of the items.

    ``jobs`` is the number of processes: 1 works in this one, 0 means one for each core.  ``work``, items and results travel between
    processes, so ``work`` is a function of a module (or a ``partial`` of one).

    Raises ``CommuniqueError`` if a worker process ends before its work is done.
    """
    jobs = jobs or os.cpu_count() or 1
    if jobs == 1:
        for item in items:
            yield item, work(item)
        return
    source = iter(items)
    multiprocessing.set_forkserver_preload(["__main__", _LOADED])
    pool = ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context(_START), initializer=_begin)
    waiting: deque[tuple[list[Item], Future[list[Result]]]] = deque()
    try:
        while True:
            while len(waiting) < jobs * _WAITING and (share := list(islice(source, _SHARE))):
                waiting.append((share, pool.submit(_all, work, share)))
            if not waiting:
                return
            share, made = waiting.popleft()
            yield from zip(share, made.result(), strict=True)
    except BrokenProcessPool as error:
        raise CommuniqueError(
            "a worker process ended before its work was done", todo="run the command again, with fewer --jobs if memory was short"
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _begin() -> None:
    """A worker leaves an interruption to the process that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _all(work: Callable[[Item], Result], share: list[Item]) -> list[Result]:
    return [work(item) for item in share]
