"""A worker that is not forked but started: it opens the store itself, and is asked and answers through pipes.

It has no lock: ``SERVICE`` is refused by its text, as everywhere, and nothing beneath that keeps a query from files and other machines.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import sys
import threading
from dataclasses import asdict, dataclass, field
from typing import Final

from communique.errors import CommuniqueError
from communique.server.meter import Limits, fingerprint
from communique.server.workers import frames
from communique.server.workers.answer import Out, answered
from communique.store import EmbeddedStore, directory_of, open_here
from communique.store.directory import state

_FEW: Final = 300_000


@dataclass(frozen=True, slots=True)
class Task:
    """What a worker is to answer from; ``servers`` are those that queries may ask, ``version`` names the data if its ``state`` is this.

    A store of ``few`` quads is read into the memory of each worker; a larger one is asked where it lies, which is several times slower.
    """

    store: str
    limits: Limits = field(default_factory=Limits)
    servers: tuple[str, ...] = ()
    few: int = _FEW
    state: str = ""
    version: str = ""

    def written(self) -> str:
        """The task as JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def read(cls, text: str) -> Task:
        """The task that ``written`` wrote."""
        told = json.loads(text)
        return cls(**{**told, "limits": Limits(**told["limits"]), "servers": tuple(told["servers"])})


class Pipes:
    """Two pipes as a connection."""

    def __init__(self, incoming: int, outgoing: int) -> None:
        self._incoming = incoming
        self._outgoing = outgoing

    def recv(self, size: int, _flags: int = 0, /) -> bytes:
        """Some bytes; none at the end."""
        return os.read(self._incoming, size)

    def sendall(self, data: bytes, /) -> None:
        """All of these bytes."""
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._outgoing, rest) :]


def main() -> None:
    """``python -m communique.server.workers.alone TASK``: frames on standard input and output, until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, whose end ends the input
    task = Task.read(sys.argv[1])
    connection = Pipes(os.dup(0), os.dup(1))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    try:
        store, seen = _opened(task.store, task.few)
        version = task.version if task.state == seen else fingerprint(store.dump())
        told = {"state": seen, "version": version, "triples": store.count()}
    except CommuniqueError as error:
        connection.sendall(frames.told(frames.FAILED, frames.of_error(error)))
        raise SystemExit(error.exit_code) from None
    connection.sendall(frames.told(frames.STATUS, told))
    asked: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_serve, args=(store.asking(task.servers), connection, asked, task.limits), daemon=True).start()
    incoming = frames.Frames(connection)
    while (frame := incoming.next()) is not None:
        asked.put(frame[1])
    os._exit(0)  # whatever is still being computed: nobody waits for it


def _opened(place: str, few: int) -> tuple[EmbeddedStore, str]:
    """The store, and which state of it that is."""
    while True:
        seen = state(directory_of(place))
        store = open_here(place, read_only=True)
        if seen == state(directory_of(place)):
            break
        store.close()
    if store.count() > few:
        return store, seen
    with store:
        return store.in_memory(), seen


def _serve(store: EmbeddedStore, connection: Pipes, asked: queue.SimpleQueue[bytes], limits: Limits) -> None:
    try:
        while True:
            out = Out(connection)
            out.end(answered(store, frames.read(asked.get()), out, limits))
    finally:
        os._exit(1)


if __name__ == "__main__":
    main()
