"""The newest snapshot of a store, from a process of its own, which writes it as N-Quads, so that the zygote opens no file.

The lines come sorted in long runs, so that things with names alike lie side by side in the memory of who reads them: an answer of many
rows takes four fifths of the time that it takes over quads in the order of their hashes.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from typing import BinaryIO, Final

import pyoxigraph as ox

from communique.errors import CommuniqueError
from communique.server.meter import Fingerprint
from communique.store import EmbeddedStore, open_here

_RUN: Final = 32_000_000


class Runs:
    """Lines on their way, sorted in runs of ``most`` bytes: one run is sorted and read while the next one is still to come."""

    def __init__(self, out: BinaryIO, most: int = _RUN) -> None:
        self._out = out
        self._most = most
        self._pieces: list[bytes] = []
        self._size = 0
        self._pool = ThreadPoolExecutor(max_workers=1)
        self._before: Future[None] | None = None

    def write(self, data: bytes) -> int:
        """Some more bytes."""
        self._pieces.append(data)
        self._size += len(data)
        if self._size >= self._most:
            self.flush()
        return len(data)

    def flush(self) -> None:
        """Hand on the whole lines that have come; no more than one run is on its way while another one comes."""
        *lines, rest = b"".join(self._pieces).split(b"\n")
        self._pieces, self._size = [rest], len(rest)
        self._wait()
        self._before = self._pool.submit(self._sorted, lines)

    def close(self) -> None:
        """Hand on what is left, and wait until all is written."""
        self.flush()
        self._wait()
        self._pool.shutdown()

    def _wait(self) -> None:
        if self._before is not None:
            self._before.result()

    def _sorted(self, lines: list[bytes]) -> None:
        lines.sort()
        self._out.write(b"".join(line + b"\n" for line in lines))


def read(place: str) -> tuple[EmbeddedStore, str]:
    """The newest snapshot of the store at ``place`` in memory, and the hash of its quads.

    Another process reads it from there: the engine starts threads for files, and a fork would not copy them.
    """
    quads = ox.Store()
    program = [sys.executable, "-P", "-m", "communique.server.workers.snapshot", place]
    with subprocess.Popen(program, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as reader:
        assert reader.stdout is not None
        passed = Fingerprint(reader.stdout)
        quads.bulk_load(passed, ox.RdfFormat.N_QUADS)  # type: ignore[arg-type]  # it is read from, no more
    if reader.returncode:
        raise SystemExit(reader.returncode)
    return EmbeddedStore(quads, writable=False), passed.digest()


def main() -> None:
    """``python -m communique.server.workers.snapshot PLACE``."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with open_here(sys.argv[1], read_only=True) as store:
            runs = Runs(sys.stdout.buffer)
            store.dump_to(runs)  # type: ignore[arg-type]  # it is written to, no more
            runs.close()
    except CommuniqueError as error:
        sys.stderr.write(f"communique: {error}\n")
        raise SystemExit(error.exit_code) from None
    except BrokenPipeError:
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
