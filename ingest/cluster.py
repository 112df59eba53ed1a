"""A cluster of Dask as engine: its scheduler at an address, and workers that have this very version of communique.

Shares of documents go out as tasks, and the scheduler gives those of a worker that died to another.  A task that ran twice gives the
same, and the one writer is here; so the store holds the same as from one machine.
"""

from __future__ import annotations

import logging
import socket
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from threading import Event
from typing import Any, Final

from distributed import Client, Future, KilledWorker, get_worker

from communique.errors import EngineError, UsageError
from communique.ingest.engine import SHARE, WAITING, Crew, Item, Result, Work, work_on
from communique.ingest.quads import lexicon_hash, software_version
from communique.ontology import ledger

PATIENCE: Final = {"scheduler": 10.0, "workers": 30.0}
"""Seconds to wait for a scheduler to answer, and for a worker where there is none."""
_COUNTED_EVERY = 5.0  # seconds; then workers that came or went change how much may wait
_FORM = "write it as dask://HOST:PORT, the address of a scheduler of Dask"
_AGAIN = "run the command again: what is stored stays, and the rest is taken up"
_INSTALL = "install the same communique on the scheduler and on every worker, and start them anew"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What decides what is read from a text: the version, the tables of names and words, and rules with the code that applies them."""

    version: str
    tables: str
    rules: str

    def differs(self, here: Stamp) -> str:
        """In what another process differs from this one; empty if in nothing."""
        if self.version != here.version:
            return f"communique is {self.version} there and {here.version} here"
        return "" if self == here else f"communique has other {'tables' if self.tables != here.tables else 'rules'} there than here"


@cache
def stamp() -> Stamp:
    """The stamp of this process."""
    found = sha256(ledger.version().encode())
    for name, file in sorted(_rules(files("communique.ingest"))):
        found.update(f"{name}\0".encode())
        found.update(file.read_bytes())
    return Stamp(software_version(), lexicon_hash(), found.hexdigest())


def _rules(folder: Traversable, above: str = "") -> Iterator[tuple[str, Traversable]]:
    """The programs and tables of a folder, by their names in it."""
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _rules(entry, f"{above}{entry.name}/")
        elif entry.name.endswith((".py", ".toml")):
            yield above + entry.name, entry


@dataclass(frozen=True, slots=True)
class Cluster:
    """The workers of the scheduler at ``host:port``."""

    host: str
    port: int

    @classmethod
    def at(cls, place: str) -> Cluster:
        """The cluster at ``host:port``.  Raises ``UsageError`` if that is no address."""
        host, _, port = place.rstrip("/").rpartition(":")
        if not (host and port.isascii() and port.isdigit() and 0 < int(port) < 1 << 16) or any(c in host for c in "/@?# "):
            raise UsageError("the address of the engine is none", where="--engine", todo=_FORM)
        return cls(host, int(port))

    def __str__(self) -> str:
        return f"dask://{self.host}:{self.port}"

    @contextmanager
    def crew(self, shared: object) -> Iterator[Crew]:
        """The workers; tasks that are not done at the end are withdrawn."""
        with _silence():
            self._reach()
            try:
                client = Client(f"tcp://{self.host}:{self.port}", timeout=PATIENCE["scheduler"], set_as_default=False, name="communique")
            except (OSError, ValueError) as error:
                raise self._unreachable() from error
            try:
                self._check(client)
                # The result of a task, and not data laid out beforehand: should all who hold it die, it is made again.
                held = client.submit(_held, shared, pure=False)
                yield _Dask(self, client, held)
            finally:
                client.close()

    def _reach(self) -> None:
        """Waits for the first bytes of a scheduler, which speaks first; the client would wait for them without end."""
        try:
            with socket.create_connection((self.host.strip("[]"), self.port), PATIENCE["scheduler"]) as line:
                line.settimeout(PATIENCE["scheduler"])
                frames = line.recv(8, socket.MSG_WAITALL)
        except OSError as error:
            raise self._unreachable() from error
        if not 0 < int.from_bytes(frames, "little") < 1 << 16:  # how many frames its message has
            raise EngineError("no scheduler of Dask answers", where=self, todo=_FORM)

    def _unreachable(self) -> EngineError:
        return EngineError("the engine cannot be reached", where=self, todo="check the address, and that its scheduler runs")

    def _check(self, client: Client) -> None:
        """Compares scheduler and workers with this process before anything is read."""
        with self.kept():
            if not client.nthreads():
                try:
                    client.wait_for_workers(1, timeout=PATIENCE["workers"])
                except TimeoutError as error:
                    raise EngineError("the engine has no workers", where=self, todo="start some, and run the command again") from error
            # The scheduler takes tasks apart, so it must know what they are made of.
            try:
                found: dict[str, Any] = {"the scheduler": client.run_on_scheduler(stamp)}
            except Exception as error:
                found = {"the scheduler": error}
            found |= {f"the worker at {name}": told for name, told in client.run(stamp, on_error="return").items()}
        for who, told in found.items():
            if fault := _fault(told):
                raise EngineError(f"{who} cannot help: {fault}", where=self, todo=_INSTALL)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Tells in a line that the connection was lost."""
        try:
            yield
        except (CancelledError, OSError, RuntimeError) as error:
            raise EngineError("the engine went away before its work was done", where=self, todo=_AGAIN) from error


def _fault(told: object) -> str:
    if isinstance(told, Stamp):
        return told.differs(stamp())
    if isinstance(told, Exception) and "ModuleNotFoundError" not in f"{type(told).__name__} {told}":
        return f"it answers with {type(told).__name__}: {told}"
    return "communique is not installed there, or another version of it"


@dataclass(slots=True)
class _Dask:
    """The workers as they come and go."""

    cluster: Cluster
    client: Client
    held: Future
    share: int = SHARE
    most: int = 0
    counted: float = 0.0

    def waiting(self) -> int:
        now = time.monotonic()
        if not self.most or now - self.counted > _COUNTED_EVERY:
            self.most, self.counted = max(1, self._threads()) * WAITING, now
        return self.most

    def submit(self, work: Work[Any, Item, Result], items: list[Item]) -> Callable[[], list[Result]]:
        with self.cluster.kept():
            future = self.client.submit(_task, stamp(), work, self.held, items, pure=False)
            done = Event()
            future.add_done_callback(lambda _: done.set())
        return partial(self._results, future, done)

    def _results(self, future: Future, done: Event) -> list[Result]:
        seen = time.monotonic()  # workers, the last time
        while True:
            if done.wait(1):
                try:
                    found: list[Result] = future.result(timeout=PATIENCE["workers"])
                    return found
                except KilledWorker as error:
                    what = "worker after worker ended at the same documents, the last one at " + str(error.last_worker.address)
                    raise EngineError(
                        what, where=self.cluster, todo="see what that worker has written, and whether it has enough memory"
                    ) from error
                except (CancelledError, OSError, RuntimeError) as error:
                    if future.status == "error":  # the work's own
                        raise
                    # What was done lies with its worker; if that leaves before it is fetched, it waits to be done again.
                    if not isinstance(error, TimeoutError):
                        with self.cluster.kept():
                            raise
            if self._threads():
                seen = time.monotonic()
            elif time.monotonic() - seen > PATIENCE["workers"]:
                raise EngineError("the engine has no workers any more", where=self.cluster, todo=_AGAIN)

    def _threads(self) -> int:
        with self.cluster.kept():
            return sum(self.client.nthreads().values())


def _held(shared: object) -> object:
    return shared


def _task(here: Stamp, work: Work[Any, Item, Result], shared: object, items: list[Item]) -> list[Result]:
    """One share, on a worker; it may have joined after the others were looked at."""
    if fault := stamp().differs(here):
        raise EngineError(f"the worker at {get_worker().address} cannot help: {fault}", todo=_INSTALL)
    return work_on(shared, work, items)


@contextmanager
def _silence() -> Iterator[None]:
    """Dask logs what it meets; what matters of it is told in a line of our own."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
