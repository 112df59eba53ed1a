"""Where documents are worked on: in this process, in several of this machine, or on a cluster.

The results come in the order of the documents wherever they are made, and only a few wait at a time.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from multiprocessing.process import BaseProcess
from threading import Timer
from typing import Any, Final, Protocol, TypeVar

from communique.errors import EngineError, UsageError

Shared = TypeVar("Shared")
Item = TypeVar("Item")
Result = TypeVar("Result")
Work = Callable[[Shared, Item], Result]
"""What is done with an item; a function of a module (or a ``partial`` of one), since it travels to other processes."""

SHARE = 16
"""Documents that go to a worker together."""
WAITING = 3
"""Shares that wait for each worker: enough that none stands idle, and no more."""
# The workers are forked from a process that has loaded the tables; where that is not possible each loads them itself.
_START = "spawn" if sys.platform == "win32" else "forkserver"
_LOADED = "communique.ingest.ready"
_PATIENCE: Final = 10.0  # seconds, for workers that have no more to do


class Crew(Protocol):
    """Workers at work, all of whom have what was shared with them."""

    @property
    def share(self) -> int:
        """How many documents make a share."""

    def waiting(self) -> int:
        """How many shares may wait."""

    def submit(self, work: Work[Any, Item, Result], items: list[Item]) -> Callable[[], list[Result]]:
        """Has a share worked on; what is returned waits for its results.  Raises ``EngineError`` if the workers are gone."""


class Engine(Protocol):
    """A place to work at."""

    def crew(self, shared: object) -> AbstractContextManager[Crew]:
        """Its workers, until the end of the ``with`` statement; ``shared`` is sent to each once, and is the first argument of the work."""


def engine(place: str | None = None, jobs: int | None = None) -> Engine:
    """The engine at an address, ``dask://host:port``; without one, ``jobs`` processes of this machine (1: this one; 0: one for each core).

    Raises ``UsageError`` for an address that is none, and for both.
    """
    if place is None:
        jobs = (1 if jobs is None else jobs) or os.cpu_count() or 1
        return HERE if jobs == 1 else Processes(jobs)
    if jobs is not None:
        raise UsageError("an engine has its own number of workers", where="--jobs", todo="leave out --jobs or --engine")
    scheme, colon, rest = place.partition("://")
    if not colon or scheme != "dask":
        raise UsageError(f"'{scheme if colon else place}' is no kind of engine", where="--engine", todo="write it as dask://HOST:PORT")
    try:
        from communique.ingest.cluster import Cluster  # what only a few need is not loaded for all
    except ModuleNotFoundError as error:
        raise EngineError("Dask is not installed here", where="--engine", todo="pip install 'communique[cluster]'") from error
    return Cluster.at(rest)


def in_order(
    work: Work[Shared, Item, Result],
    items: Iterable[Item],
    engine: Engine,
    shared: Shared,
    wanted: Callable[[Item], bool] = lambda _: True,
) -> Generator[tuple[Item, Result | None], None, None]:
    """Each item with the result of ``work``, in the order of the items; those that are not ``wanted`` stay here and have none.

    Raises what ``work`` raises, and ``EngineError`` if the workers end before their work is done.
    """
    source = iter(items)
    waiting: deque[tuple[list[tuple[Item, bool]], Callable[[], list[Result]]]] = deque()
    with engine.crew(shared) as crew:
        while True:
            while len(waiting) < crew.waiting() and (share := [(item, wanted(item)) for item in islice(source, crew.share)]):
                due = [item for item, is_due in share if is_due]
                waiting.append((share, crew.submit(work, due) if due else list))
            if not waiting:
                return
            share, results = waiting.popleft()
            made = iter(results())
            for item, is_due in share:
                yield item, next(made) if is_due else None


def work_on(shared: Shared, work: Work[Shared, Item, Result], items: Sequence[Item]) -> list[Result]:
    """The results of one share."""
    return [work(shared, item) for item in items]


@dataclass(frozen=True, slots=True)
class Here:
    """The process that asks: one document at a time, as its result is asked for."""

    @contextmanager
    def crew(self, shared: object) -> Iterator[Crew]:
        """Nobody else."""
        yield _Alone(shared)


HERE: Final = Here()


@dataclass(frozen=True, slots=True)
class _Alone:
    shared: object
    share: int = 1

    def waiting(self) -> int:
        return 1

    def submit(self, work: Work[Any, Item, Result], items: list[Item]) -> Callable[[], list[Result]]:
        return partial(work_on, self.shared, work, items)


@dataclass(frozen=True, slots=True)
class Processes:
    """So many processes of this machine."""

    jobs: int

    @contextmanager
    def crew(self, shared: object) -> Iterator[Crew]:
        """The processes, which end with the ``with`` statement."""
        multiprocessing.set_forkserver_preload(["__main__", _LOADED])
        context = multiprocessing.get_context(_START)
        before = set(multiprocessing.active_children())
        pool = ProcessPoolExecutor(self.jobs, mp_context=context, initializer=_begin, initargs=(shared,))
        try:
            yield _Pool(pool, self.jobs * WAITING)
        except BrokenProcessPool as error:
            todo = "run the command again, with fewer --jobs if memory was short"
            raise EngineError("a worker process ended before its work was done", todo=todo) from error
        finally:
            # One that was killed may have held the lock under which the others hear that there is no more work.
            impatience = Timer(_PATIENCE, _terminate, (before,))
            impatience.start()
            pool.shutdown(cancel_futures=True)
            impatience.cancel()


def _terminate(but: set[BaseProcess]) -> None:
    for process in set(multiprocessing.active_children()) - but:
        process.terminate()


@dataclass(frozen=True, slots=True)
class _Pool:
    pool: ProcessPoolExecutor
    most: int
    share: int = SHARE

    def waiting(self) -> int:
        return self.most

    def submit(self, work: Work[Any, Item, Result], items: list[Item]) -> Callable[[], list[Result]]:
        return self.pool.submit(_work_on, work, items).result


_shared: object = None  # of a worker process, which does one job in its life


def _begin(shared: object) -> None:
    """A worker keeps what is shared, and leaves an interruption to the process that started it."""
    global _shared  # noqa: PLW0603  # an initializer has no other way to hand something to the work
    _shared = shared
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _work_on(work: Work[Any, Item, Result], items: list[Item]) -> list[Result]:
    return work_on(_shared, work, items)
