"""The engine of a server, as the settings want it: a pool of workers over a store in a directory, or the store in this process."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from communique.config import Settings
from communique.errors import ServerError
from communique.server import journal, writer
from communique.server.access import loopback
from communique.server.engine import Engine, InProcess
from communique.server.meter import Limits
from communique.server.serve import FIGURES_VARIABLE
from communique.server.writer import DirectoryWriter, MemoryWriter, Writer
from communique.store import EmbeddedStore, open_here, open_store

FORKS: Final = sys.platform == "linux"
"""Whether workers are forked from one process that has the data; else each is started by itself."""
_PATIENCE: Final = 10.0


def limits(settings: Settings) -> Limits:
    """What one query may take."""
    return Limits(settings.timeout, settings.memory * 1_000_000, settings.max_rows, settings.max_answer * 1_000_000)


def workers(settings: Settings) -> int:
    """How many queries are answered at once."""
    return settings.workers or max(2, os.cpu_count() or 2)


def federation(settings: Settings) -> frozenset[str]:
    """The servers that queries may ask."""
    return frozenset(settings.federation.split())


@contextmanager
def running(settings: Settings, *, allow_update: bool = False) -> Iterator[tuple[Engine, Writer | None]]:
    """The engine over the store of ``settings``, for as long as it is needed, and what writes to it if that is allowed.

    A store on another server is asked there, and one in memory is of this process.  Raises ``ServerError`` where queries cannot be kept
    apart and the server would be open to others, ``StoreError``.
    """
    local = settings.store != "memory:" and not settings.store.startswith("sparql+")
    if local and settings.isolation == "workers":
        if not FORKS and not loopback(settings.host):
            what = "on this system nothing but its text keeps a query from files and other machines"
            raise ServerError(what, where="--host", todo="listen on 127.0.0.1, or say that you mean it with '--isolation none'")
        if allow_update:
            writer.run(settings.store, "", "")  # made, if it is not there: who writes need not have read
        with _pool(settings) if FORKS else _spawned(settings) as pool:
            yield pool, DirectoryWriter(settings.store, pool) if allow_update else None
        return
    with open_here(settings.store) if local and allow_update else open_store(settings.store, in_memory=local) as store:
        if isinstance(store, EmbeddedStore):
            store.asking(federation(settings))
        engine = InProcess(store, limits(settings), at_once=workers(settings), patience=_PATIENCE, record=journal.present)
        engine.version()  # all quads are hashed: before anyone is answered, and not while the first one waits
        if allow_update and isinstance(store, EmbeddedStore):
            yield engine, MemoryWriter(store, engine)
        else:
            yield engine, None


@contextmanager
def _pool(settings: Settings) -> Iterator[Engine]:
    from communique.server.workers import keeper
    from communique.server.workers.door import Doors
    from communique.server.workers.plan import Plan
    from communique.server.workers.pool import Pool

    folder = Path(tempfile.mkdtemp(prefix="communique-pool-"))
    if len(os.fsencode(folder)) > keeper.LONGEST:
        folder.rmdir()
        raise ServerError("the path is too long for sockets", where=str(folder.parent), todo="set TMPDIR to a directory with a shorter one")
    wanted = limits(settings)
    figures = folder / "figures"
    figures.mkdir()
    os.environ[FIGURES_VARIABLE] = str(figures)
    servers = tuple(sorted(federation(settings)))
    plan = Plan(settings.store, "", workers(settings), settings.queue, _PATIENCE, settings.budget, wanted, servers)
    try:
        with keeper.keeping(plan, folder), closing(Pool(Doors(folder), wanted, journal.present)) as pool:
            yield pool
    finally:
        os.environ.pop(FIGURES_VARIABLE, None)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _spawned(settings: Settings) -> Iterator[Engine]:
    from communique.server.workers.alone import Task
    from communique.server.workers.pool import Pool
    from communique.server.workers.spawned import Spawned

    wanted = limits(settings)
    task = Task(settings.store, wanted, tuple(sorted(federation(settings))))
    lender = Spawned(task, workers=workers(settings), queue=settings.queue, patience=_PATIENCE, budget=settings.budget)
    with closing(Pool(lender, wanted, journal.present)) as pool:
        yield pool
