"""A cluster of Dask on loopback: real processes, each ended with its ``with`` statement."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from distributed import Client

_SCHEDULER = ("-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show")
_WORKER = ("--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", "--no-dashboard", "--death-timeout", "60")
_BESIDE = ("-m", "distributed.cli.dask_worker")
_CHANGED = ("-c", "import sys; {}; from distributed.cli.dask_worker import main; main()")

LACKING = "sys.modules['communique'] = None"
OLDER = "from communique.ingest import cluster; cluster.software_version = lambda: '0.0.1'"
OTHER_TABLES = "from communique.ingest import cluster; cluster.lexicon_hash = lambda: 'other'"
OTHER_RULES = "from communique.ontology import ledger; ledger.version = lambda: 'other'"


@dataclass
class Local:
    """A scheduler and its workers."""

    address: str
    scheduler: subprocess.Popen[bytes]
    _all: ExitStack
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    changed: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def place(self) -> str:
        return f"dask://{self.address}"

    def have(self, number: int) -> None:
        """So many workers at least; each takes seconds to start, so those that are there from before count."""
        for _ in range(number - len(self.workers)):
            self.join()

    def join(self, changed: str = "") -> None:
        """One more worker, which runs some code first if told to."""
        start = (_CHANGED[0], _CHANGED[1].format(changed)) if changed else _BESIDE
        started = self._all.enter_context(_process(*start, f"tcp://{self.address}", *_WORKER))
        (self.changed if changed else self.workers).append(started)
        with Client(f"tcp://{self.address}", set_as_default=False) as client:
            client.wait_for_workers(len(self.workers) + len(self.changed), timeout=60)

    def leave(self, but: Collection[subprocess.Popen[bytes]] = ()) -> None:
        """The workers end."""
        for worker in [*self.workers, *self.changed]:
            if worker not in but:
                worker.kill()
                worker.wait()
        self.workers, self.changed = [w for w in self.workers if w in but], []
        with Client(f"tcp://{self.address}", set_as_default=False) as client:
            while len(client.nthreads()) != len(self.workers):
                time.sleep(0.05)

    def settle(self) -> None:
        """Only sound workers stay."""
        self.leave(but=[worker for worker in self.workers if worker.poll() is None])


@contextmanager
def local(folder: Path, workers: int = 0) -> Iterator[Local]:
    """A scheduler on a free port, with so many workers."""
    about = folder / "scheduler.json"
    with ExitStack() as stack:
        scheduler = stack.enter_context(_process(*_SCHEDULER, "--scheduler-file", str(about)))
        while not (about.is_file() and about.read_text(encoding="utf-8").rstrip().endswith("}")):
            assert scheduler.poll() is None, "the scheduler ended"
            time.sleep(0.05)
        address = json.loads(about.read_text(encoding="utf-8"))["address"].removeprefix("tcp://")
        made = Local(address, scheduler, stack)
        for _ in range(workers):
            made.join()
        yield made


@contextmanager
def _process(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
